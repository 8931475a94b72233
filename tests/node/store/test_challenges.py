"""node.store.challenges: made, spent once, gone."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from node.store import Store
from node.store.challenges import CHALLENGE_PREFIX, LIFE

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
MOMENT = timedelta(seconds=1)


async def _made(store: Store, *, at: datetime = AT) -> str:
    async with store.writing() as tx:
        return await tx.challenges.make(instance="default", at=at)


async def _spent(store: Store, challenge: str, *, instance: str = "default", at: datetime = AT) -> bool:
    async with store.writing() as tx:
        return await tx.challenges.spend(challenge, instance=instance, at=at)


async def test_a_challenge_is_spent_once(store: Store) -> None:
    challenge = await _made(store)
    assert challenge.startswith(CHALLENGE_PREFIX)
    assert [await _spent(store, challenge) for _ in range(2)] == [True, False]


async def test_of_many_who_spend_one_at_once_one_succeeds(store: Store) -> None:
    challenge = await _made(store)
    assert sorted(await asyncio.gather(*(_spent(store, challenge) for _ in range(8)))) == [False] * 7 + [True]


async def test_a_challenge_lives_to_its_end_and_no_longer(store: Store) -> None:
    at_the_end, after = await _made(store), await _made(store)
    assert await _spent(store, at_the_end, at=AT + LIFE)
    assert not await _spent(store, after, at=AT + LIFE + MOMENT)


async def test_what_expired_is_swept_when_the_next_one_is_made(store: Store) -> None:
    old = await _made(store)
    await _made(store, at=AT + LIFE + MOMENT)
    assert not await _spent(store, old)


async def test_another_instance_cannot_spend_it(store: Store) -> None:
    challenge = await _made(store)
    assert not await _spent(store, challenge, instance="other")
    assert await _spent(store, challenge)


@pytest.mark.parametrize("text", ["", CHALLENGE_PREFIX, f"{CHALLENGE_PREFIX}invented", "' OR 1=1 --", "%"])
async def test_no_other_text_is_a_challenge(store: Store, text: str) -> None:
    await _made(store)
    assert not await _spent(store, text)

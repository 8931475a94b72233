"""node.store.tokens: tokens by digest, nonces spent once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from node.store import Store
from tests.node.store.conftest import Place

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


async def _token(store: Store, role: str = "operator", label: str = "test") -> str:
    async with store.writing() as tx:
        return await tx.tokens.add_token(label=label, role=role, at=AT, expires=AT + DAY)


async def test_a_token_gives_its_role_until_it_expires(store: Store) -> None:
    token = await _token(store)

    async with store.reading() as tx:
        grant = await tx.tokens.grant_of(token, at=AT)
        later = await tx.tokens.grant_of(token, at=AT + DAY)

    assert grant is not None
    assert (grant.role, grant.actor) == ("operator", "token:1:test")
    assert later is None


async def test_no_other_text_is_a_token(store: Store) -> None:
    token = await _token(store)

    async with store.reading() as tx:
        for text in ("", "tn_", token[:-1], token + "A", token.upper(), token + "\x00", "' OR 1=1 --"):
            assert await tx.tokens.grant_of(text, at=AT) is None


async def test_a_revoked_token_is_refused_at_once(store: Store) -> None:
    token, other = await _token(store, label="lost"), await _token(store)
    async with store.writing() as tx:
        await tx.tokens.revoke_tokens("lost")

    async with store.reading() as tx:
        assert await tx.tokens.grant_of(token, at=AT) is None
        assert await tx.tokens.grant_of(other, at=AT) is not None


async def test_a_nonce_is_spent_once_per_key(store: Store) -> None:
    async with store.writing() as tx:
        first = await tx.tokens.spend_nonce("key-1", "n", expires=AT + DAY, at=AT)
        other_key = await tx.tokens.spend_nonce("key-2", "n", expires=AT + DAY, at=AT)
    async with store.writing() as tx:
        again = await tx.tokens.spend_nonce("key-1", "n", expires=AT + DAY, at=AT)

    assert (first, other_key, again) == (True, True, False)


async def test_a_spent_nonce_survives_a_restart_and_is_forgotten_after_its_time(place: Place) -> None:
    for at, expected in ((AT, True), (AT + DAY, False), (AT + 2 * DAY + timedelta(seconds=1), True)):
        store = await place.open(at)
        async with store.writing() as tx:
            assert await tx.tokens.spend_nonce("key", "n", expires=AT + 2 * DAY, at=at) is expected
        await store.close()

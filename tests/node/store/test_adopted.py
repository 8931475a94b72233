"""node.store.adopted and node.store.own_evidence: what comes back is added, and what is shown counts once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from node.store import IssuedCredential, StatusSlot, Store
from node.store.adopted import Gathered
from node.store.lives import Why
from node.store.own_evidence import EvidenceKind, ShownEvidence
from node.store.statuses import LIST_SIZE
from tests.node.store.conftest import AT

PEER = "did:web:spinner.test"
LOST = StatusSlot(token="a-lost-list", purpose="revocation", index=70_000)
SUSPENDED = replace(LOST, token="another", purpose="suspension", index=3)


async def _credential(store: Store, number: int) -> int:
    row = IssuedCredential(
        instance="default",
        url=f"https://farm.test/credentials/{number}",
        token=str(number),
        digest=f"{number:064x}",
        credential_digest=f"{number:064x}",
        kind="dpp",
        name="",
        issuer="did:web:farm.test",
        subject="",
        valid_from=AT,
        valid_until=None,
        private=False,
        created=AT,
    )
    async with store.writing() as tx:
        return await tx.issued.keep(row, {"vc+jwt": str(number).encode()})


async def _give(store: Store, slot: StatusSlot, credential: int) -> bool:
    async with store.writing() as tx:
        return await tx.adopted.give(slot, instance="default", credential=credential, at=AT)


async def _values(store: Store, token: str) -> dict[int, int]:
    async with store.reading() as tx:
        state = await tx.statuses.state(token)
        assert state is not None
        return state.values


async def test_an_index_belongs_to_the_credential_that_came_back_first_and_its_list_stays_closed(store: Store) -> None:
    first, second = await _credential(store, 1), await _credential(store, 2)

    given = [await _give(store, LOST, credential) for credential in (first, first, second)]
    async with store.writing() as tx:
        fresh = await tx.statuses.reserve(instance="default", purpose="revocation", at=AT)

    assert given == [True, True, False]
    assert fresh.token != LOST.token


async def test_revocations_are_united_and_counted_once(store: Store) -> None:
    await _give(store, LOST, await _credential(store, 1))

    counts = []
    for indexes in ({5, LOST.index}, {5, 6}):
        async with store.writing() as tx:
            counts.append(await tx.adopted.revoke(LOST.token, indexes, instance="default", size=LIST_SIZE, at=AT))

    assert counts == [2, 1]
    assert await _values(store, LOST.token) == {5: 1, 6: 1, LOST.index: 1}
    await store.begin_life(Why.RESTORE, at=AT)
    async with store.reading() as tx:
        assert await tx.adopted.orphans() == 2


async def test_a_suspension_follows_the_newest_list_and_no_older_one(store: Store) -> None:
    await _give(store, SUSPENDED, await _credential(store, 1))

    changed = []
    for hours, values in ((2, {3: 1}), (1, {}), (3, {})):
        async with store.writing() as tx:
            made, now = AT + timedelta(hours=hours), AT + timedelta(days=1)
            changed.append(await tx.adopted.suspend(SUSPENDED.token, values, made=made, at=now))

    assert changed == [1, 0, 1]
    assert await _values(store, SUSPENDED.token) == {}


async def test_what_comes_back_to_a_filled_list_stays_revoked(store: Store) -> None:
    known = await _credential(store, 1)
    await _give(store, LOST, known)
    await store.begin_life(Why.RESTORE, at=AT)
    async with store.writing() as tx:
        await tx.adopted.wish()
    async with store.writing() as tx:
        assert await tx.adopted.wished()
        await tx.adopted.fill(at=AT)
        assert not await tx.adopted.wished()

    await _give(store, replace(LOST, index=9), await _credential(store, 2))

    values = await _values(store, LOST.token)
    assert (len(values), values[9], LOST.index in values) == (LIST_SIZE - 1, 1, False)


async def test_what_came_back_is_told_of_the_present_life_alone(store: Store) -> None:
    gathered = Gathered(peer=PEER, adopted=2, revoked=1, missing=1, complete=True)
    for _ in range(2):
        async with store.writing() as tx:
            await tx.adopted.note(gathered, at=AT)

    async with store.reading() as tx:
        assert await tx.adopted.all() == (replace(gathered, adopted=4, revoked=2),)
    await store.begin_life(Why.RESTORE, at=AT)
    async with store.reading() as tx:
        assert await tx.adopted.all() == ()


async def test_a_doubt_counts_once_and_ends_with_its_life_or_when_it_is_cleared(store: Store) -> None:
    shown = ShownEvidence(kind=EvidenceKind.INSTANCE, epoch="other", shown_by="its name", noted=AT, seq=3)
    life = await store.epoch()

    async with store.writing() as tx:
        fresh = [await tx.evidence.note(shown, life=life) for _ in range(2)]
        stopping, furthest = await tx.evidence.stopping(), await tx.evidence.furthest("other")
        cleared = [await tx.evidence.clear(EvidenceKind.INSTANCE, life=life, at=AT) for _ in range(2)]
        over = await tx.evidence.stopping()
        again = await tx.evidence.note(shown, life=life)
    await store.begin_life(Why.TAKEOVER, at=AT)

    assert (fresh, stopping, furthest) == ([True, False], shown, 3)
    assert (cleared, over, again) == ([True, False], None, True)
    async with store.reading() as tx:
        assert await tx.evidence.stopping() is None

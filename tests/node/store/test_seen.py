"""node.store.seen: what was judged is found again by its digest, in one question, as it was kept."""

from __future__ import annotations

from typing import TypeAlias

import pytest
from sqlalchemy import event

from credentials.encoding.document import Sha256, sha256_hex
from credentials.verdict import Verdict
from credentials.verify import Reading, check, judge, read
from node.store import Store
from node.store.seen import AT_ONCE, Seen
from tests.corpus.making import to_bytes
from tests.credentials.verify.world import AT, MILL_KEY, did_document, evidence, proofed, signed

Judged: TypeAlias = tuple[Reading, Verdict]


def judged(raw: bytes, *, good: bool = True) -> Judged:
    given = evidence() if good else evidence(document=did_document(key=MILL_KEY))
    reading = check(read(raw, None), given)
    return reading.light(), judge(reading, given, at=AT)


async def keep(store: Store, *known: Judged) -> None:
    async with store.writing() as tx:
        await tx.seen.keep(known)


async def test_what_was_kept_is_found_by_its_digest_and_nothing_else_is(store: Store) -> None:
    token, proof = judged(signed()), judged(to_bytes(proofed()))
    await keep(store, token, proof)
    async with store.reading() as tx:
        kept = await tx.seen.of([token[0].digest, proof[0].digest, sha256_hex(b"another")])
        assert kept == {token[0].digest: token[0], proof[0].digest: proof[0]}


async def test_many_digests_are_one_query(store: Store) -> None:
    queries: list[str] = []
    async with store.reading() as tx:
        connection = (await tx.session.connection()).sync_connection
        assert connection is not None
        event.listen(connection, "before_cursor_execute", lambda *given: queries.append(given[2]))
        assert await tx.seen.of([sha256_hex(str(number).encode()) for number in range(AT_ONCE)]) == {}
    assert len(queries) == 1


async def test_more_digests_than_one_query_takes_are_refused(store: Store) -> None:
    async with store.reading() as tx:
        with pytest.raises(ValueError, match="at most"):
            await tx.seen.of([Sha256(f"{number:064x}") for number in range(AT_ONCE + 1)])


async def test_nothing_asked_and_nothing_kept_is_nothing(store: Store) -> None:
    await keep(store)
    async with store.reading() as tx:
        assert await tx.seen.of([]) == {}


async def test_a_later_verdict_takes_the_place_of_the_earlier(store: Store) -> None:
    before, after = judged(signed(), good=False), judged(signed())
    assert before[0] != after[0]
    await keep(store, before)
    await keep(store, after)
    async with store.reading() as tx:
        assert await tx.seen.of([after[0].digest]) == {after[0].digest: after[0]}


async def test_what_another_release_kept_is_read_again(store: Store) -> None:
    known = judged(signed())
    async with store.writing() as tx:
        await Seen(tx.session, release="another").keep([known])
    async with store.reading() as tx:
        assert await tx.seen.of([known[0].digest]) == {}

"""Two requests at the same moment: whoever is overtaken begins again, and nobody outside sees it."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event as sqlalchemy_event

from credentials.encoding.document import sha256_hex
from credentials.encoding.multibase import digest_multibase
from credentials.status.status_lists import StatusOffer
from node.conformance.profile import Addresses, contexts_of, instances
from node.conformance.vc_api_issuing import VcApiIssuing
from node.federation.message_signatures import Caller
from node.federation.messages import EventType, ExchangeEvent, encode_batch
from node.flows.exchange.receipts import ReceiptKey
from node.flows.exchange.receiving import Receiving
from node.flows.exchange.storing import _arrived
from node.flows.identity.own_documents import OwnDocuments
from node.flows.verifying.verifying import Verifying
from node.keyring import PeerKey
from node.store import KnownPeer, Store
from node.store.store import DATABASE
from node.wire.own_store import OwnStore
from node.wire.source import Source
from tests.node.crowd.member import DRAFT
from tests.node.issuer import AT, Issuer, open_issuer
from tests.node.store.postgres import blocks, own_schema

PEER = "did:web:farm.test"
CALLER = Caller(did=PEER, key_id=f"{PEER}#auth-1", nonce="n", created=AT)


@asynccontextmanager
async def _workers(folder: Path, url: str = "", count: int = 1) -> AsyncIterator[list[Issuer]]:
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(open_issuer(folder / "spinner", url=url)) for _ in range(count)]


def _receiving(issuer: Issuer, *, source: Source | None = None) -> Receiving:
    """``source`` is where credentials are had; by default nowhere."""
    own = OwnDocuments(issuer.publishing)
    return Receiving(
        identity=issuer.identity,
        store=issuer.store,
        verifying=Verifying(source=own),
        source=source or own,
        receipt_key=ReceiptKey(PeerKey(issuer.keyring)),
    )


def _events(*numbers: int) -> list[ExchangeEvent]:
    url = "https://farm.test/credentials/x"
    data = {"credential": url, "credentialDigest": digest_multibase(b"nothing"), "kind": "dpp"}
    return [
        ExchangeEvent(
            id=f"e{number}",
            source=PEER,
            type=EventType.PUBLISHED,
            subject=url,
            time=AT,
            dest="did:web:spinner.test",
            epoch="e",
            seq=number,
            data=data,
        )
        for number in numbers
    ]


async def _meets_farm(store: Store) -> None:
    async with store.writing() as tx:
        await tx.peers.add(KnownPeer(did=PEER), at=AT)


async def test_a_batch_that_finds_the_file_locked_is_taken_in_when_it_is_free(tmp_path: Path) -> None:
    async with _workers(tmp_path) as (spinner,):
        await _meets_farm(spinner.store)
        async with spinner.store.writing() as tx:  # the one connection that writes: it waits for nobody from now on
            await (await tx.session.connection()).exec_driver_sql("PRAGMA busy_timeout = 0")
        other = sqlite3.connect(tmp_path / "spinner" / DATABASE, isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        refusals: list[str] = []

        def refused(context: sqlalchemy_event.Events[Any]) -> None:
            refusals.append(str(context.original_exception))  # type: ignore[attr-defined]
            if len(refusals) == 2:
                other.execute("ROLLBACK")

        sqlalchemy_event.listen(spinner.store._database.writer.sync_engine, "handle_error", refused)
        receipt = json.loads(await _receiving(spinner).take_in(CALLER, encode_batch(_events(1, 2)), at=AT))
        other.close()

    assert refusals == ["database is locked"] * 2
    assert (receipt["ackSeq"], receipt["results"]) == (2, {"e1": {"status": "accepted"}, "e2": {"status": "accepted"}})


async def test_two_batches_that_wait_for_each_other_are_both_taken_in(tmp_path: Path) -> None:
    async with own_schema() as url, _workers(tmp_path, url, 2) as (one, other):
        await _meets_farm(one.store)
        first, second = (_arrived(item, CALLER) for item in _events(1, 2))
        async with other.store.writing() as tx:
            # the one who finds out that both wait is the one who is refused: it must not be this transaction
            await (await tx.session.connection()).exec_driver_sql("SET LOCAL deadlock_timeout = '60s'")
            await tx.inbox.store(second, at=AT)
            taking = asyncio.create_task(_receiving(one).take_in(CALLER, encode_batch(_events(1, 2)), at=AT))
            await blocks(tx, taking)
            await tx.inbox.store(first, at=AT)
        receipt = json.loads(await taking)

    assert {name: result["status"] for name, result in receipt["results"].items()} == dict.fromkeys(
        ("e1", "e2"), "duplicate"
    )
    assert receipt["ackSeq"] == 2


async def test_a_name_that_is_taken_at_the_same_moment_leaves_an_address_of_ours(tmp_path: Path) -> None:
    name = "https://caller.test/credentials/1"
    draft = {key: value for key, value in DRAFT.items() if key != "issuer"}
    async with own_schema() as url, _workers(tmp_path, url, 2) as (one, other):
        plain = _plain(one)
        did = plain._identity.did
        earlier = (await plain.issue({**draft, "issuer": did}, at=AT)).credential
        taken = replace(earlier, url=name, token="another", digest=sha256_hex(b"another"))
        async with other.store.writing() as tx:
            await tx.issued.keep(taken, {})
            issuing = asyncio.create_task(plain.issue({**draft, "id": name, "issuer": did}, at=AT))
            await blocks(tx, issuing)
        issued = (await issuing).credential

    assert issued.url == plain._identity.credential_url(issued.token)


async def _told_of_itself(issuer: Issuer) -> None:
    """An event about a credential of its own arrives from the farm: its bytes are in the store."""
    issuance = await issuer.issuing.issue(DRAFT, at=AT)
    (event,) = _events(1)
    url, digest = issuance.credential.url, digest_multibase(issuance.forms["vc+jwt"])
    told = replace(event, subject=url, data={**event.data, "credential": url, "credentialDigest": digest})
    await _receiving(issuer).take_in(CALLER, encode_batch([told]), at=AT)


async def _outcome(store: Store) -> tuple[str, list[str]]:
    """The state of the event, and what the audit log says that came of events."""
    async with store.reading() as tx:
        state, _ = await tx.inbox.outcome(PEER, "e1") or ("", "")
        lines = [line.action for line in await tx.audit.latest()]
    return state, [action for action in lines if action in ("credential.receive", "event.refused")]


async def test_a_slow_worker_takes_back_nothing_that_another_one_has_settled(tmp_path: Path) -> None:
    async with _workers(tmp_path) as (spinner,):
        await _meets_farm(spinner.store)
        await _told_of_itself(spinner)
        slow, quick = _receiving(spinner), _receiving(spinner, source=OwnStore(spinner.store))
        claimed = await slow._claimed(AT)
        assert await quick.work(AT) == 0, "the slow one holds it"
        assert await quick.work(AT + timedelta(minutes=6)) == 1

        await slow._look_at_all(claimed[PEER], AT)  # it finds nothing, and would look again later

        assert await _outcome(spinner.store) == ("kept", ["credential.receive"])


async def test_two_workers_that_keep_the_same_at_the_same_moment_keep_it_once(tmp_path: Path) -> None:
    async with own_schema() as url, _workers(tmp_path, url, 2) as (one, other):
        await _meets_farm(one.store)
        await _told_of_itself(one)
        slow = _receiving(one, source=OwnStore(one.store))
        (claimed,) = (await slow._claimed(AT))[PEER]
        async with other.store.writing() as tx:
            assert await tx.inbox.settle(claimed, state="kept", result="accepted")
            keeping = asyncio.create_task(slow._look_at_all([claimed], AT))
            await blocks(tx, keeping)
        await keeping

        assert await _outcome(one.store) == ("kept", [])


def _plain(issuer: Issuer) -> VcApiIssuing:
    addresses = Addresses(plain="http://127.0.0.1:1", secure="https://127.0.0.1:1")
    made = instances(issuer.store, addresses=addresses, contexts=contexts_of(None))
    return next(one.issuing for one in made if one.row.name == "status")


async def test_a_suspension_and_its_end_at_the_same_moment_leave_the_one_that_came_last(tmp_path: Path) -> None:
    offers = (StatusOffer(purpose="suspension"),)
    async with own_schema() as url, AsyncExitStack() as stack:
        one, other = [
            await stack.enter_async_context(open_issuer(tmp_path / "spinner", url=url, offers=offers)) for _ in range(2)
        ]
        credential = (await one.issuing.issue(DRAFT, at=AT)).credential
        async with one.store.writing() as tx:
            slot = await tx.statuses.slot_of(credential.url, "suspension")
            assert await tx.statuses.set(slot, 1, at=AT)
            ending = asyncio.create_task(
                other.issuing.set_status(credential.url, purpose="suspension", value=0, at=AT + timedelta(seconds=1))
            )
            await blocks(tx, ending)
            assert not ending.done(), "it saw a suspension that was not there yet, or its absence"
        assert await ending
        async with one.store.reading() as tx:
            state = await tx.statuses.state(slot.token)

    assert state is not None
    assert (state.values, state.head.version) == ({}, 2)

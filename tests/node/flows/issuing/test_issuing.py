"""node.flows.issuing.issuing: a draft becomes a published credential, or nothing happens at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import SQLModel

from credentials.encoding.document import sha256_hex
from credentials.encoding.multibase import digest_multibase
from credentials.envelopes.opening import Secured
from credentials.errors import Problem
from credentials.evidence import Evidence, Found, Need, NeedKind
from credentials.verify import Reading, Role, judge, read
from credentials.verify.steps import untold
from node.errors import Conflict, DraftNotIssuable, SelfCheckFailed, StoreProblem
from node.flows.verifying.judging import Judge, Marks
from node.flows.verifying.work import Resources
from node.store import Store
from tests.node.issuer import AT, Issuer, draft, open_issuer

PLAIN = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiableCredential"],
    "issuer": "did:web:spinner.test",
    "credentialSubject": {"id": "did:web:farm.test"},
}


@pytest.fixture
async def spinner(tmp_path: Path) -> AsyncIterator[Issuer]:
    async with open_issuer(tmp_path / "spinner") as issuer:
        yield issuer


async def _rows(store: Store) -> dict[str, int]:
    """How many rows each table has; the counter of a status list is not a row."""
    async with store.reading() as tx:
        connection = await tx.session.connection()
        return {
            table.name: (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            for table in SQLModel.metadata.sorted_tables
        }


@pytest.mark.parametrize("key", ["spinner-facility", "yarn-passport", "yarn-shipment"])
@pytest.mark.parametrize("form", ["vc+jwt", "vc"])
async def test_what_is_issued_verifies_for_everybody_else(spinner: Issuer, key: str, form: str) -> None:
    issuance = await spinner.issuing.issue(draft(key), at=AT)

    document = await spinner.publishing.did_document_bytes()
    found = Found(body=document, media_type="application/did+json", source="", at=AT)
    evidence = Evidence({Need(NeedKind.DID_DOCUMENT, spinner.identity.did): found})
    verdict = judge(read(issuance.forms[form], f"application/{form}"), evidence, at=AT)

    assert verdict.require().id == issuance.credential.url
    assert verdict.credential_digest == issuance.credential.credential_digest


async def test_both_forms_hold_the_same_credential(spinner: Issuer) -> None:
    issuance = await spinner.issuing.issue(draft(), at=AT)

    assert set(issuance.forms) == {"vc+jwt", "vc"}
    assert issuance.credential.digest == sha256_hex(issuance.forms["vc+jwt"])


async def test_the_id_is_an_address_that_cannot_be_guessed(spinner: Issuer) -> None:
    urls = {(await spinner.issuing.issue(draft(), at=AT)).credential.url for _ in range(3)}

    assert len(urls) == 3
    assert all(
        url.startswith("https://spinner.test/credentials/") and len(url.rpartition("/")[2]) == 22 for url in urls
    )


async def test_one_issue_writes_row_bodies_status_audit_and_event(spinner: Issuer) -> None:
    before = await _rows(spinner.store)

    await spinner.issuing.issue(draft(), at=AT)

    after = await _rows(spinner.store)
    changed = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert changed == {
        "credential": 1,
        "body": 2,
        "status_list": 1,
        "status_entry": 1,
        "identifier_link": 1,
        "audit": 1,
        "outbox_event": 1,
    }


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"id": "https://spinner.test/credentials/mine"}, "/id"),
        ({"proof": {"type": "DataIntegrityProof"}}, "/proof"),
        ({"credentialStatus": {"type": "BitstringStatusListEntry"}}, "/credentialStatus"),
        ({"issuer": "did:web:farm.test"}, "/issuer"),
        ({"issuer": {"id": "did:web:farm.test", "name": "Farm"}}, "/issuer"),
        ({"issuer": ["did:web:spinner.test"]}, "/issuer"),
    ],
)
async def test_what_only_the_node_sets_is_refused_and_nothing_is_kept(
    spinner: Issuer, change: dict[str, Any], pointer: str
) -> None:
    before = await _rows(spinner.store)

    with pytest.raises(DraftNotIssuable) as refusal:
        await spinner.issuing.issue({**draft(), **change}, at=AT)

    assert pointer in {problem.pointer for problem in refusal.value.problems}
    assert await _rows(spinner.store) == before


@pytest.mark.parametrize("member", ["@context", "type", "credentialSubject", "name"])
async def test_a_draft_without_a_needed_member_is_refused_and_nothing_is_kept(spinner: Issuer, member: str) -> None:
    before = await _rows(spinner.store)
    without = {key: value for key, value in draft().items() if key != member}

    with pytest.raises(DraftNotIssuable):
        await spinner.issuing.issue(without, at=AT)

    assert await _rows(spinner.store) == before


async def test_a_draft_with_a_term_nobody_defines_is_refused(spinner: Issuer) -> None:
    with pytest.raises(DraftNotIssuable) as refusal:
        await spinner.issuing.issue({**PLAIN, "mood": "good"}, at=AT)

    assert [problem.pointer for problem in refusal.value.problems] == ["/mood"]


async def test_a_dry_run_shows_the_credential_and_changes_nothing(spinner: Issuer) -> None:
    before = await _rows(spinner.store)

    document = spinner.issuing.check(draft(), at=AT)

    assert document["credentialStatus"]["type"] == "BitstringStatusListEntry"
    assert await _rows(spinner.store) == before


async def test_issuer_and_dates_are_filled_in_when_the_draft_is_silent(spinner: Issuer) -> None:
    silent = {key: value for key, value in draft().items() if key not in ("issuer", "validFrom", "validUntil")}

    document = spinner.issuing.check(silent, at=AT)

    assert document["issuer"]["id"] == "did:web:spinner.test"
    assert document["validFrom"] == "2026-06-01T12:00:00Z"


async def test_the_draft_itself_is_not_touched(spinner: Issuer) -> None:
    given = draft()

    await spinner.issuing.issue(given, at=AT)

    assert given == draft()


async def test_a_credential_that_is_not_untp_has_its_index_as_text(spinner: Issuer) -> None:
    issuance = await spinner.issuing.issue(PLAIN, at=AT)
    untp = spinner.issuing.check(draft(), at=AT)

    assert issuance.credential.kind == "VerifiableCredential"
    assert isinstance(spinner.issuing.check(PLAIN, at=AT)["credentialStatus"]["statusListIndex"], str)
    assert isinstance(untp["credentialStatus"]["statusListIndex"], int)


async def test_the_same_key_and_draft_issue_once(spinner: Issuer) -> None:
    first = await spinner.issuing.issue(draft(), at=AT, idempotency_key="k")
    rows = await _rows(spinner.store)
    second = await spinner.issuing.issue(draft(), at=AT + timedelta(hours=1), idempotency_key="k")

    assert (first.repeated, second.repeated) == (False, True)
    assert second == replace(first, repeated=True)
    assert await _rows(spinner.store) == rows


async def test_the_same_key_with_another_draft_is_a_conflict(spinner: Issuer) -> None:
    await spinner.issuing.issue(draft(), at=AT, idempotency_key="k")

    with pytest.raises(Conflict):
        await spinner.issuing.issue({**draft(), "name": "Another"}, at=AT, idempotency_key="k")
    with pytest.raises(Conflict):
        await spinner.issuing.issue(draft(), at=AT, private=True, idempotency_key="k")


async def test_twenty_requests_at_once_with_one_key_have_one_effect(spinner: Issuer) -> None:
    answers = await asyncio.gather(*(spinner.issuing.issue(draft(), at=AT, idempotency_key="k") for _ in range(20)))

    assert len({answer.credential.url for answer in answers}) == 1
    assert sum(not answer.repeated for answer in answers) == 1
    assert (await _rows(spinner.store))["credential"] == 1


async def test_requests_at_once_without_a_key_never_share_a_status_index(spinner: Issuer) -> None:
    await asyncio.gather(*(spinner.issuing.issue(draft(), at=AT) for _ in range(8)))

    rows = await _rows(spinner.store)
    assert (rows["credential"], rows["status_entry"]) == (8, 8)
    async with spinner.store.reading() as tx:
        assert await tx.consistency.orphans() == ()


class Faulty(Judge):
    """Judges bytes in which the last signature character was changed, as a faulty signer would leave them."""

    def read(
        self, raw: bytes, media_type: str | None, role: Role, resources: Resources, *, secured: Secured | None = None
    ) -> Reading:
        changed = raw[:-2] + (b"A" if raw[-2:-1] != b"A" else b"B") + raw[-1:]
        return super().read(changed, media_type, role, resources)


async def test_a_signer_that_signs_wrongly_releases_nothing(spinner: Issuer, tmp_path: Path) -> None:
    async with open_issuer(tmp_path / "faulty", judge=Faulty(), forms=("vc+jwt",)) as issuer:
        before = await _rows(issuer.store)
        with pytest.raises(SelfCheckFailed):
            await issuer.issuing.issue(draft(), at=AT)

        after = await _rows(issuer.store)
        spent = {"status_list": 0, "status_entry": 0}  # an index in vain
        assert after | spent == before | spent


class Undecided(Judge):
    """Cannot tell whether a proof holds."""

    def check(self, readings: Sequence[Reading], evidence: Evidence, resources: Resources) -> tuple[Marks, ...]:
        check = untold("proof", Problem(code="CANON_LIMIT", detail="Too much work."))
        return tuple(
            tuple(replace(mark, check=check) for mark in marks if mark)
            for marks in super().check(readings, evidence, resources)
        )


async def test_a_judge_that_cannot_tell_releases_nothing(tmp_path: Path) -> None:
    async with open_issuer(tmp_path / "undecided", judge=Undecided()) as issuer:
        with pytest.raises(SelfCheckFailed, match="Too much work"):
            await issuer.issuing.issue(draft(), at=AT)

        assert (await _rows(issuer.store))["credential"] == 0


async def test_a_clock_that_fell_behind_signs_nothing(spinner: Issuer) -> None:
    await spinner.issuing.issue(draft(), at=AT)
    await spinner.issuing.issue(draft(), at=AT - timedelta(seconds=59))

    with pytest.raises(Conflict) as refusal:
        await spinner.issuing.issue(draft(), at=AT - timedelta(seconds=61))

    assert refusal.value.problem.code == "CLOCK_BEHIND"


async def test_peers_are_told_where_the_credential_is_and_whom_it_mentions(spinner: Issuer) -> None:
    issuance = await spinner.issuing.issue(draft("yarn-passport"), at=AT)

    async with spinner.store.reading() as tx:
        (event,) = await tx.outbox.unshared()
    assert event.subject == event.data["credential"] == issuance.credential.url
    assert event.data["credentialDigest"] == digest_multibase(issuance.forms["vc+jwt"])
    assert "did:web:spinner.test" not in event.data["mentions"]
    assert not event.private


async def test_a_private_credential_travels_as_itself_to_its_audience_only(spinner: Issuer) -> None:
    buyer = "did:web:buyer.test"

    issuance = await spinner.issuing.issue(draft("yarn-passport"), at=AT, private=True, audience=[buyer])

    async with spinner.store.reading() as tx:
        (event,) = await tx.outbox.unshared()
        links = await tx.links.of("https://spinner.test/lots/yarn-2026-y")
    assert event.private
    assert event.data["mentions"] == [buyer]
    assert event.data["envelope"].encode() == issuance.forms["vc+jwt"]
    assert links == ()


async def test_a_change_of_status_is_told_to_those_who_heard_of_the_credential(spinner: Issuer) -> None:
    issuance = await spinner.issuing.issue(draft("yarn-passport"), at=AT)
    await spinner.issuing.set_status(issuance.credential.url, purpose="revocation", value=1, at=AT)

    async with spinner.store.reading() as tx:
        issued, changed = await tx.outbox.unshared()
        lines = await tx.audit.latest(limit=1)
    assert changed.data["mentions"] == issued.data["mentions"]
    assert (changed.data["statusPurpose"], changed.data["value"]) == ("revocation", 1)
    assert (lines[0].action, lines[0].object) == ("status.revocation", issuance.credential.url)


async def _pages(store: Store, *, more: int) -> None:
    """Let the file grow by ``more`` pages only, as a disk that is nearly full does; pages in it may still be free."""
    async with store.writing() as tx:
        connection = await tx.session.connection()
        used = (await connection.exec_driver_sql("PRAGMA page_count")).scalar_one()
        await connection.exec_driver_sql(f"PRAGMA max_page_count = {used + more}")


async def _issues(issuer: Issuer, number: int) -> None:
    for _ in range(number):
        await issuer.issuing.issue(draft(), at=AT)


async def test_a_full_disk_loses_nothing_and_needs_no_restart(spinner: Issuer) -> None:
    kept = await spinner.issuing.issue(draft(), at=AT)
    await _pages(spinner.store, more=1)

    with pytest.raises(StoreProblem) as refusal:
        await _issues(spinner, 100)

    assert refusal.value.problem.code == "STORE_FULL"
    async with spinner.store.reading() as tx:
        assert await tx.issued.body(kept.credential.token, "vc+jwt") == kept.forms["vc+jwt"]
        assert (await tx.consistency.orphans(), await tx.consistency.file_faults()) == ((), ())
    await _pages(spinner.store, more=1000)
    assert (await spinner.issuing.issue(draft(), at=AT)).credential.url != kept.credential.url

"""node.flows.identity.publishing and own: what a node says about itself, always as its store stands."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from credentials.encoding.document import parse_document
from credentials.evidence import Absent, Evidence, Found, Need, NeedKind
from credentials.keys.controller import parse_controller_document
from credentials.status.bitstring import decode_list
from credentials.verdict import Outcome
from credentials.verify import check, judge, needs, read
from node.errors import NotHeld
from node.flows.identity.own_documents import OwnDocuments
from node.store import StoredLink
from tests.credentials.status.bits import bit_at
from tests.node.issuer import AT, Issuer, draft, open_issuer


@pytest.fixture
async def spinner(tmp_path: Path) -> AsyncIterator[Issuer]:
    async with open_issuer(tmp_path / "spinner") as issuer:
        yield issuer


async def _slot(spinner: Issuer, url: str) -> tuple[str, int]:
    async with spinner.store.reading() as tx:
        slot = await tx.statuses.slot_of(url, "revocation")
    return slot.token, slot.index


async def test_the_did_document_is_one_others_accept(spinner: Issuer) -> None:
    document = parse_controller_document(await spinner.publishing.did_document_bytes(), id=spinner.identity.did)

    for entry in spinner.keyring.entries:
        method = document.method_for(f"{spinner.identity.did}#{entry.name}", entry.purpose)
        assert method.key == entry.public_key
    assert [service.types for service in document.services] == [("linkset",), ("TraceNode",)]


async def test_a_key_serves_its_own_purpose_only(spinner: Issuer) -> None:
    document = await spinner.publishing.did_document()

    assert document["assertionMethod"] == ["did:web:spinner.test#cred-1", "did:web:spinner.test#cred-1-jwk"]
    assert document["authentication"] == ["did:web:spinner.test#auth-1"]


async def test_an_anchor_that_a_register_gave_us_is_a_service(spinner: Issuer) -> None:
    link = StoredLink(
        identifier=spinner.identity.did,
        relation="dia",
        href="https://register.test/credentials/x",
        title="Anchor",
        type="application/vc+jwt",
    )
    async with spinner.store.writing() as tx:
        await tx.links.add([link], at=AT)

    document = parse_controller_document(await spinner.publishing.did_document_bytes(), id=spinner.identity.did)

    assert document.services_of("dia")[0].endpoints == ("https://register.test/credentials/x",)


@pytest.mark.parametrize("form", ["vc+jwt", "vc"])
@pytest.mark.w3c("A5.3")
async def test_a_status_list_is_a_credential_that_verifies(spinner: Issuer, form: str) -> None:
    token, _ = await _slot(spinner, (await spinner.issuing.issue(draft(), at=AT)).credential.url)
    document = await spinner.publishing.did_document_bytes()
    found = Found(body=document, media_type="application/did+json", source="", at=AT)

    raw = await spinner.publishing.status_list(token, form=form, at=AT)

    evidence = Evidence({Need(NeedKind.DID_DOCUMENT, spinner.identity.did): found})
    verdict = judge(read(raw, f"application/{form}"), evidence, at=AT)
    assert verdict.require().id == f"https://spinner.test/status/{token}"


async def test_a_revocation_is_in_the_next_list_although_the_last_one_is_still_fresh(spinner: Issuer) -> None:
    url = (await spinner.issuing.issue(draft(), at=AT)).credential.url
    token, index = await _slot(spinner, url)
    before = await spinner.publishing.status_list(token, form="vc", at=AT)

    await spinner.issuing.set_status(url, purpose="revocation", value=1, at=AT)

    after = await spinner.publishing.status_list(token, form="vc", at=AT)
    bits = [decode_list(parse_document(raw).value["credentialSubject"]["encodedList"]) for raw in (before, after)]
    assert [bit_at(item, index) for item in bits] == [0, 1]
    assert sum(byte.bit_count() for byte in bits[1]) == 1


async def test_a_list_is_signed_once_while_it_is_fresh_and_anew_afterwards(spinner: Issuer) -> None:
    token, _ = await _slot(spinner, (await spinner.issuing.issue(draft(), at=AT)).credential.url)

    first = await spinner.publishing.status_list(token, at=AT)
    soon = await spinner.publishing.status_list(token, at=AT + timedelta(seconds=299))
    later = await spinner.publishing.status_list(token, at=AT + timedelta(seconds=300))
    earlier = await spinner.publishing.status_list(token, at=AT - timedelta(seconds=1))

    assert soon == first
    assert len({first, later, earlier}) == 3


async def test_a_list_that_does_not_exist_is_not_held(spinner: Issuer) -> None:
    with pytest.raises(NotHeld):
        await spinner.publishing.status_list("nowhere", at=AT)


async def test_a_node_answers_its_own_needs_without_a_network(spinner: Issuer) -> None:
    issuance = await spinner.issuing.issue(draft(), at=AT)
    own, evidence = OwnDocuments(spinner.publishing), Evidence()
    raw = issuance.forms["vc+jwt"]

    while wanted := needs(check(read(raw, "application/vc+jwt"), evidence), evidence):
        evidence = evidence.with_answers(await own.answer(wanted, at=AT))

    verdict = judge(read(raw, "application/vc+jwt"), evidence, at=AT)
    assert verdict.outcome is Outcome.PASSED
    assert [status.value for status in verdict.status] == [0]


async def test_what_others_publish_is_not_ours(spinner: Issuer) -> None:
    foreign = frozenset(
        {
            Need(NeedKind.DID_DOCUMENT, "did:web:farm.test"),
            Need(NeedKind.STATUS_LIST, "https://farm.test/status/x"),
            Need(NeedKind.STATUS_LIST, "https://spinner.test/status/nowhere"),
            Need(NeedKind.CREDENTIAL, "https://spinner.test/credentials/x"),
        }
    )

    answers = await OwnDocuments(spinner.publishing).answer(foreign, at=AT)

    assert set(answers) == foreign
    assert all(isinstance(answer, Absent) for answer in answers.values())

"""node.flows.naming: from everything a credential names, a link leads to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from node.demo.season import season
from node.flows.naming import links_of, named_identifiers
from tests.node.issuer import AT, Issuer, draft, open_issuer

STEPS = {step.key: step for step in season(AT, ())}
HREF = "https://spinner.test/credentials/x"


@pytest.fixture
async def spinner(tmp_path: Path) -> AsyncIterator[Issuer]:
    async with open_issuer(tmp_path / "spinner") as issuer:
        yield issuer


@pytest.mark.parametrize(
    ("key", "relation", "named"),
    [
        ("yarn-passport", "dpp", {"https://spinner.test/lots/yarn-2026-y"}),
        ("spinner-facility", "dfr", {"https://spinner.test/facilities/mill"}),
        ("spinner-business", "dia", {"did:web:spinner.test"}),
    ],
)
def test_a_credential_is_linked_from_its_subject(key: str, relation: str, named: set[str]) -> None:
    document = STEPS[key].draft({})

    links = links_of(document, href=HREF, media_type="application/vc+jwt", digest="ab" * 32)

    assert {link.relation for link in links} == {relation}
    assert named <= {link.identifier for link in links}
    assert {link.href for link in links} == {HREF}


def test_an_event_is_linked_from_every_lot_it_names_and_from_itself() -> None:
    document = STEPS["yarn-shipment"].draft({})
    event = document["credentialSubject"][0]

    names = named_identifiers(document)

    lots = {portion["product"]["id"] for portion in event["movedProduct"]}
    assert set(names) == {event["id"], *lots}


def test_an_attestation_is_linked_from_what_it_assesses() -> None:
    document = STEPS["farm-cotton-attestation"].draft({})
    subject = document["credentialSubject"]

    names = set(named_identifiers(document))

    for assessment in subject["conformityAssessment"]:
        assert {item["product"]["id"] for item in assessment.get("assessedProduct", ())} <= names
    assert subject["id"] in names


def test_spellings_of_one_identifier_are_one_link() -> None:
    document = draft("yarn-shipment")
    event = document["credentialSubject"][0]
    twice = [event["movedProduct"][0], event["movedProduct"][0]]
    spelled = {**twice[1], "product": {**twice[1]["product"], "id": "HTTPS://Spinner.TEST:443/lots/yarn-2026-y/"}}
    twice[0] = {**twice[0], "product": {**twice[0]["product"], "id": "https://spinner.test/lots/yarn-2026-y"}}
    document["credentialSubject"] = [{**event, "movedProduct": [twice[0], spelled]}]

    links = links_of(document, href=HREF, media_type="application/vc+jwt", digest="ab" * 32)

    assert [link.identifier for link in links if "lots" in link.identifier] == ["https://spinner.test/lots/yarn-2026-y"]


def test_a_credential_of_no_known_kind_names_nothing() -> None:
    document = {"type": ["VerifiableCredential"], "credentialSubject": {"id": "https://spinner.test/lots/1"}}

    assert named_identifiers(document) == ()
    assert links_of(document, href=HREF, media_type="application/vc", digest="ab" * 32) == ()


async def test_a_newer_passport_takes_the_place_of_the_older_one(spinner: Issuer) -> None:
    old = await spinner.issuing.issue(draft("yarn-passport"), at=AT)
    new = await spinner.issuing.issue(draft("yarn-passport"), at=AT)

    async with spinner.store.reading() as tx:
        links = await tx.links.of("https://spinner.test/lots/yarn-2026-y")

    assert [(link.href, link.preferred, link.superseded) for link in links] == [
        (new.credential.url, True, False),
        (old.credential.url, False, True),
    ]


async def test_a_newer_event_hides_no_older_one(spinner: Issuer) -> None:
    for key in ("yarn-shipment", "yarn-second-shipment"):
        await spinner.issuing.issue(draft(key), at=AT)

    async with spinner.store.reading() as tx:
        links = await tx.links.of("https://spinner.test/lots/yarn-2026-y")

    assert [link.superseded for link in links if link.relation == "dte"] == [False, False]

"""node.flows.naming: from everything a credential names, a link leads to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from credentials.evidence import Absent, Found, Need, NeedKind
from credentials.trust.trust_lists import TrustList
from credentials.verdict import VerifiedCredential
from node.demo.season import season
from node.flows.naming import links_of
from node.wire.own_store import OwnStore
from tests.credentials.provenance.signing import hold
from tests.credentials.untp import clean
from tests.node.flows.test_overtaken import _receiving as receiving_of
from tests.node.issuer import AT, Issuer, draft, open_issuer

STEPS = {step.key: step for step in season(AT, ())}
CLASS = "https://id.gs1.org/01/09506000134352"
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
    assert {link.identifier for link in links} == named
    assert {link.href for link in links} == {HREF}


def test_a_class_leads_to_none_of_its_lots_by_itself() -> None:
    document = STEPS["yarn-passport"].draft({})
    product = {**document["credentialSubject"], "id": CLASS, "batchNumber": "Y"}
    document = {**document, "credentialSubject": product}

    links = links_of(document, href=HREF, media_type="application/vc+jwt", digest="ab" * 32)

    preferred = {link.identifier: link.preferred for link in links}
    assert preferred == {CLASS: False, f"{CLASS}/10/Y": True}


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


async def test_a_newer_passport_of_a_lot_hides_no_other_lot_of_its_class(spinner: Issuer) -> None:
    other, old, new = [await issued(spinner, id=CLASS, batchNumber=batch) for batch in ("OTHER", "Y", "Y")]

    async with spinner.store.reading() as tx:
        of_class, of_lot = await tx.links.of(CLASS), await tx.links.of(f"{CLASS}/10/Y")

    assert {link.href: link.superseded for link in of_class} == {other: False, old: True, new: False}
    assert {link.href: link.superseded for link in of_lot} == {old: True, new: False}


async def test_a_newer_passport_of_a_class_hides_none_of_its_lots(spinner: Issuer) -> None:
    old, lot = await issued(spinner, id=CLASS), await issued(spinner, id=CLASS, batchNumber="Y")
    new = await issued(spinner, id=CLASS)

    async with spinner.store.reading() as tx:
        links = await tx.links.of(CLASS)

    assert {link.href: link.superseded for link in links} == {old: True, lot: False, new: False}


async def issued(spinner: Issuer, **product: str) -> str:
    """The URL of a fresh passport of a product with this id and these numbers."""
    drafted = draft("yarn-passport")
    yarn = {name: part for name, part in drafted["credentialSubject"].items() if name != "batchNumber"}
    granularity = "batch" if "batchNumber" in product else "model"
    drafted["credentialSubject"] = yarn | {"modelNumber": "N30", "idGranularity": granularity} | product
    return (await spinner.issuing.issue(drafted, at=AT)).credential.url


async def test_an_alias_of_one_facility_hides_no_record_of_the_facility_it_names(spinner: Issuer) -> None:
    own, claiming = draft("spinner-facility"), draft("spinner-facility")
    named = own["credentialSubject"]["id"]
    reference = {"type": ["Facility"], "id": named, "name": "The mill"}
    claiming["credentialSubject"] |= {"id": f"{named}-2", "facilityAlsoKnownAs": [reference]}
    record = await spinner.issuing.issue(own, at=AT)
    await spinner.issuing.issue(claiming, at=AT)

    async with spinner.store.reading() as tx:
        links = await tx.links.of(named)

    assert {link.href: link.superseded for link in links if link.preferred} == {record.credential.url: False}


@pytest.mark.parametrize(
    ("product", "names"),
    [
        ({"id": "https://spinner.test/lots/7"}, {"https://spinner.test/lots/7"}),
        ({"id": "https://spinner.test/01/09506000134352", "batchNumber": "Y"}, {CLASS, f"{CLASS}/10/Y"}),
        ({"id": "https://spinner.test/01/09506000134352/10/Y"}, {f"{CLASS}/10/Y"}),
        ({"id": f"{CLASS}/10/Y"}, set()),
        ({"id": "https://weaver.test/lots/7"}, set()),
    ],
)
async def test_a_partners_attestation_is_listed_under_whatever_is_on_our_host(
    spinner: Issuer, product: dict[str, str], names: set[str]
) -> None:
    document = clean.attestation()
    assessed = document["credentialSubject"]["conformityAssessment"][0]
    assessed["assessedProduct"] = [{"product": {"type": ["Product"], "name": "Yarn", **product}}]
    (held,) = hold({"it": document}, at=AT, trust=TrustList()).credentials
    assert isinstance(held, VerifiedCredential)
    found = Found(body=b"", media_type="application/vc+jwt", source=held.id, at=AT)

    links = receiving_of(spinner)._links_to_us(held, found, private=False)

    assert {link.identifier for link in links} == names
    assert not any(link.preferred for link in links)


async def test_a_partners_document_under_an_id_that_is_not_its_issuers_is_listed_nowhere(spinner: Issuer) -> None:
    document = clean.attestation() | {"id": "https://weaver.test/credentials/certificate"}
    product = {"type": ["Product"], "name": "Yarn", "id": "https://spinner.test/lots/7"}
    document["credentialSubject"]["conformityAssessment"][0]["assessedProduct"] = [{"product": product}]
    (held,) = hold({"it": document}, at=AT, trust=TrustList()).credentials
    assert isinstance(held, VerifiedCredential)
    found = Found(body=b"", media_type="application/vc+jwt", source=held.id, at=AT)

    assert receiving_of(spinner)._links_to_us(held, found, private=False) == []


async def test_what_was_handed_over_under_anothers_address_is_beside_the_answer_and_never_the_answer(
    spinner: Issuer,
) -> None:
    need = Need(NeedKind.CREDENTIAL, "https://weaver.test/credentials/certificate")
    held = hold({"it": clean.attestation() | {"id": need.id}}, at=AT, trust=TrustList()).credentials[0]
    assert isinstance(held, VerifiedCredential)
    async with spinner.store.writing() as tx:
        await tx.received.accept(held, held.document.raw, media_type="application/vc+jwt", source="did:web:peer.test")

    of_own = (await OwnStore(spinner.store).answer(frozenset({need}), at=AT))[need]
    of_strangers = (await OwnStore(spinner.store, private=False).answer(frozenset({need}), at=AT))[need]

    assert isinstance(of_own, Absent)
    assert [(one.body, one.served, one.source) for one in of_own.also] == [
        (held.document.raw, False, "did:web:peer.test")
    ]
    assert isinstance(of_strangers, Absent)
    assert of_strangers.also == ()


async def test_a_newer_event_hides_no_older_one(spinner: Issuer) -> None:
    for key in ("yarn-shipment", "yarn-second-shipment"):
        await spinner.issuing.issue(draft(key), at=AT)

    async with spinner.store.reading() as tx:
        links = await tx.links.of("https://spinner.test/lots/yarn-2026-y")

    assert [link.superseded for link in links if link.relation == "dte"] == [False, False]

"""What a credential is about: what it is found by, and nothing that it merely mentions."""

from __future__ import annotations

from typing import Any

import pytest

from credentials.identifiers.about import about
from tests.credentials.untp import clean

CLASS = "https://id.gs1.org/01/09506000134352"
LOT = f"{CLASS}/10/Y7"
ITEM = f"{CLASS}/10/Y7/21/1"
SERIAL = f"{CLASS}/21/1"


def names(document: dict[str, Any]) -> set[str]:
    """The identifiers alone."""
    return {name.identifier for name in about(document)}


def subjects(document: dict[str, Any]) -> set[str]:
    """Those of the very subject."""
    return {name.identifier for name in about(document) if name.is_subject}


def passport(**product: str) -> dict[str, Any]:
    """A passport of a product with this id and these numbers only."""
    document = clean.passport()
    for number in ("batchNumber", "itemNumber"):
        document["credentialSubject"].pop(number, None)
    document["credentialSubject"] |= product
    return document


def shipment(**product: str) -> dict[str, Any]:
    """A move of a product with this id and these numbers only."""
    document = clean.move()
    document["credentialSubject"][0]["movedProduct"][0]["product"] = {"type": ["Product"], "name": "Yarn", **product}
    return document


@pytest.mark.parametrize(
    ("kind", "relation", "expected"),
    [
        ("passport", "dpp", {clean.YARN_BATCH}),
        ("facility record", "dfr", {clean.MILL}),
        ("anchor", "dia", {clean.SPINNER}),
        ("attestation", "dcc", {"https://fibre-audit.example/certificates/44", clean.YARN_BATCH}),
        ("make", "dte", {"https://bursa-yarns.example/events/spin-7", clean.COTTON_BATCH, clean.YARN_BATCH}),
        ("move", "dte", {"https://bursa-yarns.example/events/ship-11", clean.COTTON_BATCH}),
        ("modify", "dte", {"https://bursa-yarns.example/events/inspect-7", clean.YARN_BATCH}),
    ],
)
def test_a_credential_is_about_its_subject_and_not_about_what_it_mentions(
    kind: str, relation: str, expected: set[str]
) -> None:
    found = about(clean.CLEAN[kind]())
    assert {name.identifier for name in found} == expected
    assert {name.relation for name in found} == {relation}


def test_an_attestation_is_about_all_that_it_assesses_and_not_about_whom_it_was_issued_to() -> None:
    document = clean.attestation()
    document["credentialSubject"]["conformityAssessment"][0] |= {
        "assessedFacility": [{"facility": {"type": ["Facility"], "id": clean.FIELD, "name": "Field 2"}}],
        "assessedOrganisation": clean.party(clean.FARM, "Ndola Cotton"),
    }
    assert names(document) >= {clean.YARN_BATCH, clean.FIELD, clean.FARM}
    assert clean.SPINNER not in names(document)


def test_a_facility_is_found_by_its_other_names_which_are_not_its_own() -> None:
    document = clean.facility_record()
    also = {"type": ["Facility"], "id": "HTTPS://Register.example/plants/4/", "name": "Plant 4"}
    document["credentialSubject"]["facilityAlsoKnownAs"] = [also]
    assert names(document) == {clean.MILL, "https://register.example/plants/4"}
    assert subjects(document) == {clean.MILL}


@pytest.mark.parametrize(
    ("product", "expected", "own"),
    [
        ({"id": "09506000134352"}, {CLASS}, {CLASS}),
        ({"id": "09506000134352", "batchNumber": "Y7"}, {CLASS, LOT}, {LOT}),
        ({"id": CLASS, "batchNumber": "Y7", "itemNumber": "1"}, {CLASS, ITEM, SERIAL}, {ITEM, SERIAL}),
        ({"id": SERIAL, "batchNumber": "Y7"}, {ITEM, SERIAL}, {ITEM, SERIAL}),
        ({"id": "(01)09506000134352(10)Y7"}, {LOT}, {LOT}),
        ({"id": "https://yarns.example/01/09506000134352/10/Y7"}, {LOT}, {LOT}),
        ({"id": "https://yarns.example/lots/7", "batchNumber": "Y7"},) + ({"https://yarns.example/lots/7"},) * 2,
        ({"id": CLASS, "batchNumber": "a number that no label could bear"},) + ({CLASS},) * 2,
    ],
)
def test_a_passport_is_found_by_its_id_and_by_the_digital_link_of_its_lot(
    product: dict[str, str], expected: set[str], own: set[str]
) -> None:
    document = passport(**product)
    assert names(document) == expected
    assert subjects(document) == own


def test_an_event_of_an_item_is_found_by_its_batch_too() -> None:
    assert {ITEM, SERIAL, LOT} <= names(shipment(id=ITEM))
    assert {CLASS, ITEM, SERIAL, LOT} <= names(shipment(id=CLASS, batchNumber="Y7", itemNumber="1"))


def test_spellings_of_one_identifier_are_one_name_and_the_first_is_kept() -> None:
    document = clean.move()
    event = document["credentialSubject"][0]
    event["movedProduct"] = [
        clean.portion(id, batch="", kilograms=1, disposition="") for id in (f"{LOT}?17=270101", LOT)
    ]
    (_, name) = about(document)
    assert (name.given, name.identifier) == (f"{LOT}?17=270101", LOT)


@pytest.mark.parametrize(
    "id", ["https://yarns.example/p/01/09506000134352/", "https://yarns.example/p/01/09506000134352/21/1"]
)
def test_a_digital_link_made_of_id_and_number_stays_on_the_host_of_the_id(id: str) -> None:
    names = {name.identifier: name.given for name in about(passport(id=id, batchNumber="Y7", itemNumber="1"))}
    assert names[ITEM] == "https://yarns.example/p/01/09506000134352/10/Y7/21/1"


def test_a_passport_of_another_version_is_found_by_its_product_and_takes_nobodys_place() -> None:
    older = ["https://www.w3.org/ns/credentials/v2", "https://test.uncefact.org/vocabulary/untp/dpp/0.6.1/"]
    subject = {"type": ["ProductPassport"], "product": {"type": ["Product"], "id": clean.YARN_BATCH}}
    document = clean.passport() | {"@context": older, "credentialSubject": subject}
    assert names(document) == {clean.YARN_BATCH}
    assert subjects(document) == set()
    assert names(clean.passport() | {"credentialSubject": subject}) == set()


def test_what_cannot_be_canonical_is_known_by_its_own_spelling() -> None:
    assert names(passport(id="no address at all")) == {"no address at all"}


@pytest.mark.parametrize(
    "document",
    [
        {"type": ["VerifiableCredential"], "credentialSubject": {"id": clean.YARN_BATCH}},
        clean.passport() | {"credentialSubject": [clean.passport()["credentialSubject"]] * 2},
        clean.passport() | {"credentialSubject": {"name": "nameless"}},
        clean.passport() | {"credentialSubject": "a text"},
        clean.attestation() | {"credentialSubject": []},
    ],
    ids=["no kind", "two products", "no id", "a text", "nothing"],
)
def test_what_no_lens_reads_is_about_nothing(document: dict[str, Any]) -> None:
    assert about(document) == ()

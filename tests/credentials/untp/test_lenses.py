"""Each lens reads its clean credential, points to what it read, and reads nothing from nothing."""

from __future__ import annotations

import dataclasses
import pickle
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from credentials.untp.anchor import read_registered_identity
from credentials.untp.conformity import read_attestation
from credentials.untp.events import Make, Modify, Move, event_type_of, read_events
from credentials.untp.facility import read_facility_record
from credentials.untp.issuer import read_issuer
from credentials.untp.kinds import kind_of
from credentials.untp.passport import read_passport
from tests.credentials.untp.clean import (
    CLEAN,
    COTTON_BATCH,
    FIELD,
    MILL,
    SPINNER,
    YARN_BATCH,
    anchor,
    attestation,
    facility_record,
    make,
    modify,
    move,
    passport,
)
from tests.shared import needs_shared, untp_samples

READERS: dict[str, Callable[[Any], Any]] = {
    "dpp": read_passport,
    "dcc": read_attestation,
    "dfr": read_facility_record,
    "dia": read_registered_identity,
    "dte": read_events,
}


def _at(document: Any, pointer: str) -> Any:
    for token in pointer.split("/")[1:]:
        document = document[int(token)] if isinstance(document, list) else document[token]
    return document


def _pointers(value: Any) -> Iterator[str]:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            child = getattr(value, field.name)
            if field.name == "pointer":
                yield child
            else:
                yield from _pointers(child)
    elif isinstance(value, tuple):
        for child in value:
            yield from _pointers(child)


def _lens(document: Any) -> Any:
    kind = kind_of(document)
    assert kind is not None
    return READERS[kind.short](document)


def test_a_passport_is_read() -> None:
    product = read_passport(passport())

    assert product is not None
    assert (product.id, product.batch_number) == (YARN_BATCH, "lot-7")
    assert product.country_of_production == "TR"
    assert product.produced_at is not None
    assert product.produced_at.id == MILL
    assert [material.mass_fraction for material in product.materials] == [Decimal("0.99"), Decimal("0.01")]
    assert product.dimensions is not None
    assert product.dimensions.weight is not None
    assert (product.dimensions.weight.value, product.dimensions.weight.unit) == (Decimal(900), "KGM")
    assert product.related_parties[0].role == "manufacturer"


def test_a_claim_is_read_with_its_evidence() -> None:
    product = read_passport(passport())

    assert product is not None
    (claim,) = product.claims
    (performance,) = claim.performance
    assert claim.criteria[0].id == "https://fibre-scheme.example/criteria/carbon/2"
    assert performance.metric is not None
    assert performance.metric.id is not None
    assert performance.metric.id.endswith("/product-carbon-footprint")
    assert performance.measure is not None
    assert performance.measure.value == Decimal("3.4")
    assert claim.evidence[0].url == "https://fibre-audit.example/dcc/44"
    assert claim.claim_date is not None
    assert claim.claim_date.isoformat() == "2025-09-01T00:00:00+00:00"


def test_an_attestation_is_read() -> None:
    found = read_attestation(attestation())

    assert found is not None
    (assessment,) = found.assessments
    assert found.issued_to is not None
    assert found.issued_to.id == SPINNER
    assert assessment.conformance is True
    assert [product.id for product in assessment.products] == [YARN_BATCH]
    assert assessment.topics[0].name == "Greenhouse Gas Emissions"


def test_a_conformance_that_is_no_truth_value_is_no_statement() -> None:
    document = attestation()
    document["credentialSubject"]["conformityAssessment"][0]["conformance"] = "true"

    found = read_attestation(document)

    assert found is not None
    assert found.assessments[0].conformance is None


def test_a_facility_is_read() -> None:
    record = read_facility_record(facility_record())

    assert record is not None
    assert (record.id, record.country_of_operation, record.address_country) == (MILL, "TR", "TR")
    assert record.location is not None
    assert record.location.point is not None
    assert record.location.point.latitude == Decimal("40.19")
    assert len(record.location.boundary) == 4


def test_coordinates_off_this_earth_are_none() -> None:
    document = facility_record()
    document["credentialSubject"]["locationInformation"]["geoLocation"] = {"latitude": 91, "longitude": -181}

    record = read_facility_record(document)

    assert record is not None
    assert record.location is not None
    assert record.location.point is not None
    assert (record.location.point.latitude, record.location.point.longitude) == (None, None)


def test_an_anchor_is_read() -> None:
    identity = read_registered_identity(anchor())

    assert identity is not None
    assert (identity.id, identity.registered_id, identity.register_type) == (SPINNER, "TR-100", "business")
    assert identity.id_scheme is not None
    assert identity.id_scheme.id == "https://register.example"


def test_the_three_kinds_of_events_are_told_apart() -> None:
    (spun,), (shipped,), (inspected,) = read_events(make()), read_events(move()), read_events(modify())

    assert isinstance(spun, Make)
    assert isinstance(shipped, Move)
    assert isinstance(inspected, Modify)
    assert [portion.product and portion.product.id for portion in spun.inputs + spun.outputs] == [
        COTTON_BATCH,
        YARN_BATCH,
    ]
    assert shipped.origin is not None
    assert shipped.origin.id == FIELD
    assert shipped.consignment_id == "urn:carrier:example:WB-11"
    assert inspected.facility is not None
    assert [len(shipped.moved), len(inspected.modified)] == [1, 1]


def test_an_event_without_type_is_known_by_its_members() -> None:
    document = make()
    del document["credentialSubject"][0]["type"]

    (event,) = read_events(document)

    assert isinstance(event, Make)


@pytest.mark.parametrize(
    "value",
    [{}, {"type": ["MakeEvent", "MoveEvent"]}, {"movedProduct": [], "inputProduct": []}, {"type": "LifecycleEvent"}],
)
def test_an_event_that_does_not_say_which_it_is_has_no_kind(value: dict[str, Any]) -> None:
    assert event_type_of(value) is None
    assert read_events({"credentialSubject": [value]}) == ()


def test_an_issuer_is_read_in_both_forms() -> None:
    full, bare = read_issuer(passport()), read_issuer({"issuer": SPINNER})

    assert (full.id, full.name, bare.id, bare.name) == (SPINNER, "Bursa Yarns", SPINNER, None)
    assert full.also_known_as[0].registered_id == "TR-100"
    assert full.also_known_as[0].id_scheme == "https://register.example"


@pytest.mark.parametrize("name", CLEAN)
def test_every_pointer_leads_to_what_was_read(name: str) -> None:
    document = CLEAN[name]()

    pointers = list(_pointers(_lens(document)))

    assert pointers
    assert all(isinstance(_at(document, pointer), dict) for pointer in pointers)


@pytest.mark.parametrize("name", CLEAN)
def test_lenses_survive_a_worker_process(name: str) -> None:
    lens = _lens(CLEAN[name]())

    assert pickle.loads(pickle.dumps(lens)) == lens


@needs_shared
def test_every_pointer_into_the_official_samples_leads_somewhere() -> None:
    for document in untp_samples().values():
        assert all(_at(document, pointer) is not None for pointer in _pointers(_lens(document)))


@pytest.mark.parametrize("reader", READERS.values())
@pytest.mark.parametrize("document", [{}, {"credentialSubject": None}, {"credentialSubject": [1]}])
def test_a_credential_without_subject_reads_as_nothing(reader: Callable[[Any], Any], document: Any) -> None:
    assert reader(document) in (None, ())


@pytest.mark.parametrize("reader", READERS.values())
def test_an_empty_subject_reads_as_unknown(reader: Callable[[Any], Any]) -> None:
    lens = reader({"credentialSubject": {}})

    assert lens == () or {getattr(lens, field.name) for field in dataclasses.fields(lens)} <= {
        None,
        (),
        "/credentialSubject",
    }

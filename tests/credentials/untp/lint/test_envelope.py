"""Lint of the envelope and of identifiers, beyond the probes."""

from __future__ import annotations

from typing import Any

import pytest

from credentials.encoding.iri import is_absolute_iri, is_did
from credentials.untp.lint import lint
from tests.credentials.untp.clean import attestation, facility_record, passport


def _rules(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [(found.rule, found.pointer) for found in lint(document)]


def test_a_type_without_verifiable_credential_is_found() -> None:
    document = passport()
    document["type"] = ["DigitalProductPassport"]

    assert _rules(document) == [("VCP-02", "/type")]


def test_a_credential_of_two_untp_types_is_found() -> None:
    document = passport()
    document["type"].append("DigitalFacilityRecord")

    assert _rules(document) == [("VCP-02", "/type")]


@pytest.mark.parametrize("key", ["id", "name", "validFrom"])
def test_a_missing_envelope_member_is_found(key: str) -> None:
    document = passport()
    del document[key]

    assert _rules(document) == [("VCP-03", f"/{key}")]


@pytest.mark.parametrize("key", ["type", "name"])
def test_an_issuer_without_its_members_is_found(key: str) -> None:
    document = passport()
    del document["issuer"][key]

    assert _rules(document) == [("VCP-04", f"/issuer/{key}")]


def test_an_issuer_written_as_text_has_neither_name_nor_type() -> None:
    document = passport()
    document["issuer"] = "did:web:bursa-yarns.example"

    assert {rule for rule, _ in _rules(document)} == {"VCP-04"}


def test_a_vc_wrapper_claim_is_found() -> None:
    document = passport()
    document["vc"] = {}

    assert _rules(document) == [("VCP-05", "/vc")]


def test_a_subject_that_does_not_name_its_untp_class_is_found() -> None:
    document = facility_record()
    document["credentialSubject"]["type"] = ["Farm"]

    assert _rules(document) == [("VOC-03", "/credentialSubject/type")]


def test_an_attestation_whose_id_is_a_bare_number_is_found() -> None:
    document = attestation()
    document["credentialSubject"]["id"] = "44"

    assert _rules(document) == [("DCC-08", "/credentialSubject/id")]


def test_a_facility_without_registration_is_advised() -> None:
    document = facility_record()
    del document["credentialSubject"]["registeredId"]

    findings = lint(document)

    assert [(found.rule, found.severity) for found in findings] == [("DFR-01", "warn")]


def test_a_model_that_carries_a_batch_number_is_advised() -> None:
    document = passport()
    document["credentialSubject"]["idGranularity"] = "model"

    findings = lint(document)

    assert [(found.rule, found.severity, found.pointer) for found in findings] == [
        ("DPP-01", "warn", "/credentialSubject/batchNumber")
    ]


def test_characteristics_are_free_of_unit_codes() -> None:
    document = passport()
    document["credentialSubject"]["characteristics"] = {"twist": {"value": 900, "unit": "turns/m"}}

    assert _rules(document) == []


@pytest.mark.parametrize(
    "did", ["did:web:a.example", "did:web:a.example%3A8443:x", "did:key:z6Mk", "did:web:a.example:12345"]
)
def test_a_did_is_a_did(did: str) -> None:
    assert is_did(did)


@pytest.mark.parametrize(
    "text",
    [
        "did:web:samplecompany.com/123456789",
        "did:web:",
        "did:Web:a",
        "DID:web:a",
        "https://a.example",
        "did:web:a#k",
        " did:web:a",
        None,
    ],
)
def test_what_is_more_or_less_than_a_did_is_not_one(text: str | None) -> None:
    assert not is_did(text)


@pytest.mark.parametrize("text", ["https://a.example/x", "urn:gtr:a:1", "did:web:a"])
def test_an_absolute_uri_is_one(text: str) -> None:
    assert is_absolute_iri(text)


@pytest.mark.parametrize("text", ["44", "/x", "https://a b", "", "https://x\n", None])
def test_a_relative_or_broken_uri_is_none(text: str | None) -> None:
    assert not is_absolute_iri(text)

"""Lint of the envelope and of identifiers, beyond the probes."""

from __future__ import annotations

from typing import Any

import pytest

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

"""The strict schema of a UNTP credential, told as problems with pointer, cause and cure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from contexts.schemas import credential_types
from credentials.schemas.untp import MOST_PROBLEMS, check_schema
from tests.contexts.full_documents import full_credential

PASSPORT = "DigitalProductPassport"


def only(document: Any) -> tuple[str, str, str]:
    (problem,) = check_schema(document)
    assert problem.code == "SCHEMA"
    return problem.pointer, problem.detail, problem.fix


@pytest.mark.parametrize("name", credential_types())
def test_a_full_credential_conforms(name: str) -> None:
    assert check_schema(full_credential(name)) == ()


CASES: list[tuple[str, Callable[[Any], Any], str, str, str]] = [
    ("a missing member", lambda d: d.pop("name"), "", "The member 'name' is missing.", "Add 'name'."),
    (
        "a wrong JSON type",
        lambda d: d["credentialSubject"].update(name=7),
        "/credentialSubject/name",
        "The value is not of JSON type string.",
        "Write it as string.",
    ),
    (
        "an unheard member in a closed class",
        lambda d: d["credentialSubject"]["countryOfProduction"].update({"a/b": 1}),
        "/credentialSubject/countryOfProduction/a~1b",
        "The member 'a/b' may not stand here: its class is closed.",
        "Remove it, or check its spelling.",
    ),
    (
        "a code outside its list",
        lambda d: d["credentialSubject"].update(idGranularity="pallet"),
        "/credentialSubject/idGranularity",
        "The value is not in the code list.",
        "Use one of: batch, item, model.",
    ),
    (
        "a required list without entries",
        lambda d: d["credentialSubject"].update(productCategory=[]),
        "/credentialSubject/productCategory",
        "The list has fewer than 1 entries.",
        "Give at least 1.",
    ),
    (
        "a date that is none",
        lambda d: d["credentialSubject"].update(productionDate="31.12.2026"),
        "/credentialSubject/productionDate",
        "The value is not a date.",
        "Write a date, YYYY-MM-DD.",
    ),
    (
        "a moment without zone",
        lambda d: d.update(validFrom="2026-03-01T09:00:00"),
        "/validFrom",
        "The value is not a moment with zone.",
        "Write a moment with zone, for example 2026-03-01T09:00:00Z.",
    ),
    (
        "a relative URI",
        lambda d: d.update(id="passport/1"),
        "/id",
        "The value is not an absolute URI.",
        "Write an absolute URI, for example https://example.com/x or did:web:example.com.",
    ),
    (
        "an issuer that is no DID",
        lambda d: d["issuer"].update(id="https://issuer.example"),
        "/issuer/id",
        "The text does not match ^did:[a-z0-9]+:[^\\s]+$.",
        "Use a DID, for example did:web:example.com.",
    ),
    (
        "a fraction above one",
        lambda d: d["credentialSubject"]["materialProvenance"][0].update(massFraction=1.5),
        "/credentialSubject/materialProvenance/0/massFraction",
        "The number is greater than 1.",
        "Correct the number, or the unit it is given in.",
    ),
    (
        "a type without its parents",
        lambda d: d["issuer"].update(type=["Company"]),
        "/issuer/type",
        "The list does not hold 'CredentialIssuer'.",
        "Add 'CredentialIssuer'; types name their parents too.",
    ),
    (
        "a performance that says nothing",
        lambda d: d["credentialSubject"]["performanceClaim"][0].update(claimedPerformance=[{}]),
        "/credentialSubject/performanceClaim/0/claimedPerformance/0",
        "None of measure or score is given.",
        "Add measure or score.",
    ),
    (
        "a negative status index",
        lambda d: d["credentialStatus"].update(statusListIndex=-1),
        "/credentialStatus/statusListIndex",
        "The number is less than 0.",
        "Correct the number, or the unit it is given in.",
    ),
    (
        "a status index that is no number",
        lambda d: d["credentialStatus"].update(statusListIndex="07"),
        "/credentialStatus/statusListIndex",
        "The text does not match ^(?:0|[1-9][0-9]*)$.",
        "Write the index as an integer or as decimal digits without leading zeros.",
    ),
    (
        "another first context",
        lambda d: d["@context"].__setitem__(0, "https://www.w3.org/2018/credentials/v1"),
        "/@context/0",
        "The value is not 'https://www.w3.org/ns/credentials/v2'.",
        "Write 'https://www.w3.org/ns/credentials/v2'.",
    ),
    (
        "a context named twice",
        lambda d: d["@context"].append(d["@context"][1]),
        "/@context",
        "The list holds an entry twice.",
        "Remove the repetition.",
    ),
]


@pytest.mark.parametrize(
    ("change", "pointer", "detail", "fix"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_a_departure_is_one_problem_with_pointer_cause_and_cure(
    change: Callable[[Any], Any], pointer: str, detail: str, fix: str
) -> None:
    document = full_credential(PASSPORT)

    change(document)

    assert only(document) == (pointer, detail, fix)


def test_an_event_of_no_known_kind_is_told_the_three() -> None:
    document = full_credential("DigitalTraceabilityEvent")
    document["credentialSubject"][0]["type"] = ["LifecycleEvent"]

    assert only(document)[1] == "The list does not hold exactly one of MakeEvent, MoveEvent, ModifyEvent."


def test_all_problems_of_a_document_are_told_in_one_go_and_in_order() -> None:
    document = full_credential(PASSPORT)
    del document["name"], document["credentialSubject"]["name"]
    document["validFrom"] = "yesterday"

    assert [problem.pointer for problem in check_schema(document)] == ["", "/credentialSubject", "/validFrom"]


def test_a_hopeless_document_ends_in_a_bounded_list() -> None:
    document = full_credential(PASSPORT)
    document["credentialSubject"]["performanceClaim"] = [{}] * 500

    assert len(check_schema(document)) == MOST_PROBLEMS


def test_another_version_of_untp_is_said_to_have_no_schema() -> None:
    document = full_credential(PASSPORT)
    document["@context"][1] = "https://test.uncefact.org/vocabulary/untp/dpp/0.6.1/"

    assert only(document) == (
        "/@context",
        "There is no schema for DigitalProductPassport in UNTP 0.6.1.",
        "Use the UNTP 0.7.0 context.",
    )


@pytest.mark.parametrize("types", [["VerifiableCredential"], [], None, "VerifiableCredential", 7])
def test_a_credential_that_names_the_untp_context_and_no_type_of_its_own_is_a_problem(types: Any) -> None:
    document = {**full_credential(PASSPORT), "type": types}

    assert only(document)[0] == "/type"


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"type": ["VerifiableCredential"]},
        {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential", "TrustList"]},
        {"@context": ["https://vocabulary.uncefact.org/untp/0.7.0/context/"], "type": ["TrustList"]},
        {"@context": "https://www.w3.org/ns/credentials/v2", "type": "BitstringStatusListCredential"},
        {"@context": [7, None, {}], "type": [7, None, {}]},
    ],
)
def test_a_document_of_no_untp_type_is_not_judged(document: Any) -> None:
    assert check_schema(document) == ()


@pytest.mark.parametrize("context", [None, [], "x", {"@vocab": "x:"}, [{"a": "b"}]])
def test_a_untp_type_without_the_untp_context_is_a_problem(context: Any) -> None:
    problems = check_schema({**full_credential(PASSPORT), "@context": context})

    assert problems
    assert all(problem.pointer.startswith("/@context") for problem in problems)


@pytest.mark.parametrize("value", [None, 7, "x", [], {}, [[]], {"type": 7}, [{"type": {}}]])
def test_a_subject_of_any_shape_ends_in_problems_and_never_in_a_crash(value: Any) -> None:
    for name in credential_types():
        problems = check_schema({**full_credential(name), "credentialSubject": value})

        assert problems
        assert all(problem.detail and problem.fix for problem in problems)

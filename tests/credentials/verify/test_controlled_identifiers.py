"""From the URL of a verification method to its key: each failure under the word of Controlled Identifiers."""

from __future__ import annotations

from typing import Any

import pytest

from credentials.errors import Problem
from credentials.issue import secure_as_jwt
from credentials.keys.codecs import to_multikey
from credentials.verdict import Outcome
from tests.corpus.making import credential
from tests.credentials.verify.world import FARM, KEY, MILL, did_document, evidence, judged, proofed, signed

pytestmark = pytest.mark.w3c("A6.1")


def _problem(raw: Any, document: Any = None) -> Problem:
    verdict = judged(raw, evidence(document=document or did_document()))
    (problem,) = {check.problem for check in verdict.checks if check.outcome is Outcome.FAILED}
    assert problem is not None
    return problem


def _named(problem: Problem) -> str:
    assert problem.type == f"https://w3id.org/security#{problem.name}"
    return problem.name


@pytest.mark.parametrize("method", ["cred-1", "#cred-1", "https://", FARM, f"{FARM}#", "did:web:farm.test#a b"])
def test_a_key_named_by_no_usable_url(method: str) -> None:
    proof = {**proofed()["proof"], "verificationMethod": method}

    assert _named(_problem({**proofed(), "proof": proof})) == "INVALID_VERIFICATION_METHOD_URL"


def test_a_document_of_somebody_else() -> None:
    assert _named(_problem(signed(), did_document(MILL))) == "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID"


@pytest.mark.parametrize(
    "change",
    [{"verificationMethod": {}}, {"assertionMethod": ["cred-1"]}, {"controller": {}}, {"alsoKnownAs": [1]}],
    ids=str,
)
def test_a_document_that_does_not_conform(change: dict[str, Any]) -> None:
    assert _named(_problem(signed(), {**did_document(), **change})) == "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT"


@pytest.mark.parametrize(
    "change",
    [
        {"id": "#cred-1"},
        {"id": None},
        {"controller": MILL},
        {"controller": None},
        {"secretKeyMultibase": "z"},
        {"publicKeyMultibase": to_multikey(KEY.public_key)},
    ],
    ids=str,
)
def test_a_verification_method_that_does_not_conform(change: dict[str, Any]) -> None:
    document = did_document()
    jwk = next(method for method in document["verificationMethod"] if method["type"] == "JsonWebKey")
    other = {**jwk, **change}
    if "publicKeyMultibase" in change:
        other["publicKeyMultibase"] = to_multikey(_other_key())
    methods = [other if method is jwk else method for method in document["verificationMethod"]]

    assert _named(_problem(signed(), {**document, "verificationMethod": methods})) == "INVALID_VERIFICATION_METHOD"


def _other_key():  # type: ignore[no-untyped-def]
    from tests.credentials.verify.world import MILL_KEY

    return MILL_KEY.public_key


def test_a_method_that_the_document_does_not_list() -> None:
    raw = secure_as_jwt(credential(issuer=FARM), signer=KEY, verification_method=f"{FARM}#cred-9")

    assert _named(_problem(raw)) == "INVALID_VERIFICATION_METHOD"


def test_a_method_that_is_listed_for_something_else() -> None:
    document = did_document(purposes=("authentication",))
    raw = secure_as_jwt(credential(issuer=FARM), signer=KEY, verification_method=f"{FARM}#cred-1")

    problem = _problem(raw, document)

    assert _named(problem) == "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"
    assert problem.code == "KEY_NOT_AUTHORIZED"


def test_a_method_embedded_in_its_relationship_counts_for_that_one_only() -> None:
    document = did_document()
    jwk = next(method for method in document["verificationMethod"] if method["type"] == "JsonWebKey")
    embedded = {"@context": document["@context"], "id": FARM, "assertionMethod": [jwk]}

    assert judged(signed(), evidence(document=embedded)).outcome is Outcome.PASSED
    moved = {"@context": document["@context"], "id": FARM, "authentication": [jwk]}
    assert _named(_problem(signed(), moved)) == "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"

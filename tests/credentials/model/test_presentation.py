"""The model rules on a presentation of ours."""

from __future__ import annotations

from typing import Any

import pytest

from contexts.library import standard_library
from credentials.model.presentation import check_presentation

BASE = "https://www.w3.org/ns/credentials/v2"
HOLDER = "did:web:farm.example"


def _credential(**members: Any) -> dict[str, Any]:
    return {
        "@context": [BASE],
        "type": ["VerifiableCredential"],
        "issuer": HOLDER,
        "credentialSubject": {"id": "urn:x:1"},
        **members,
    }


def _presentation(**members: Any) -> dict[str, Any]:
    return {
        "@context": [BASE],
        "type": ["VerifiablePresentation"],
        "holder": HOLDER,
        "verifiableCredential": [_credential()],
        **members,
    }


def _pointers(document: dict[str, Any]) -> list[str]:
    return [problem.pointer for problem in check_presentation(document, contexts=standard_library())]


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"holder": {"id": HOLDER}},
        {"verifiableCredential": []},
        {"verifiableCredential": _credential()},
        {"verifiableCredential": [_credential(issuer="did:web:else.example", proof={"type": "DataIntegrityProof"})]},
        {
            "verifiableCredential": [
                {"@context": BASE, "type": "EnvelopedVerifiableCredential", "id": "data:application/vc+jwt,e.e.e"}
            ]
        },
    ],
)
@pytest.mark.w3c("A1.12")
def test_a_good_presentation_conforms(members: dict[str, Any]) -> None:
    assert _pointers(_presentation(**members)) == []


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"@context": []}, "/@context"),
        ({"type": "VerifiableCredential"}, "/type"),
        ({"type": ["VerifiablePresentation", "Undefined"]}, "/type/1"),
        ({"id": "foo"}, "/id"),
        ({"holder": "farm"}, "/holder"),
        ({"holder": {}}, "/holder/id"),
        ({"holder": None}, "/holder"),
        ({"proof": {}}, "/proof/type"),
        ({"proof": []}, "/proof"),
        ({"termsOfUse": []}, "/termsOfUse"),
        ({"verifiableCredential": ["eyJ.e30.c2ln"]}, "/verifiableCredential/0"),
        ({"verifiableCredential": [_credential(type=[])]}, "/verifiableCredential/0/type"),
        ({"verifiableCredential": [_credential(id="x")]}, "/verifiableCredential/0/id"),
        ({"verifiableCredential": [_credential(issuer="did:web:else.example")]}, "/verifiableCredential/0/issuer"),
    ],
)
@pytest.mark.w3c("A1.12", "A1.3", "A1.4")
def test_a_bad_presentation_is_named(members: dict[str, Any], pointer: str) -> None:
    assert pointer in _pointers(_presentation(**members))


@pytest.mark.w3c("A1.13")
def test_an_enveloped_presentation_is_checked_as_an_envelope() -> None:
    document = {"@context": BASE, "type": "EnvelopedVerifiablePresentation", "id": "data:application/vp+jwt,e.e.e"}

    assert _pointers(document) == []
    assert _pointers({**document, "id": "urn:x:1"}) == ["/id"]

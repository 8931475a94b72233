"""A presentation answers a request when what it shows holds and is what was asked for; nothing less counts."""

from __future__ import annotations

from typing import Any

import pytest

from contexts.library import standard_library
from credentials.errors import MalformedInput
from credentials.evidence import Evidence
from credentials.issue import secure_as_jwt
from credentials.proofs.data_integrity import add_proof
from credentials.proofs.proof_options import ProofOptions
from credentials.proofs.suites import SUITES
from credentials.verify.presentation import PresentationVerdict
from credentials.verify.requests import read_request, unanswered
from tests.corpus.envelopes import in_cose, in_json
from tests.corpus.making import (
    AT,
    CREATED,
    ISSUER,
    KEY,
    METHOD,
    OTHER,
    OTHER_KEY,
    OTHER_METHOD,
    V2,
    credential,
    embedded,
    to_bytes,
)
from tests.credentials.verify.world import presented

pytestmark = pytest.mark.w3c("A7.6")

ASKED = {"challenge": "c-1", "domain": "buyer.test"}
DID_AUTH = {"type": "DIDAuthentication"}


def _shown(*held: Any, **changes: Any) -> PresentationVerdict:
    document = {
        "@context": [V2],
        "type": ["VerifiablePresentation"],
        "holder": OTHER,
        "verifiableCredential": list(held),
        **changes,
    }
    signed = add_proof(
        {name: item for name, item in document.items() if item is not None},
        ProofOptions(verification_method=OTHER_METHOD, created=CREATED, proof_purpose="authentication", **ASKED),
        suite=SUITES["eddsa-jcs-2022"],
        signer=OTHER_KEY,
        contexts=standard_library(),
    )
    return presented(to_bytes(signed), "application/vp", Evidence(), at=AT, **ASKED)


def _open(verdict: PresentationVerdict, *queries: dict[str, Any]) -> list[str]:
    """The pointers of the queries that ``verdict`` leaves open."""
    return [problem.pointer for problem in unanswered(read_request({"query": list(queries), **ASKED}), verdict)]


def _like(example: dict[str, Any] | None = None, **accepted: Any) -> dict[str, Any]:
    return {"type": "QueryByExample", "credentialQuery": {"example": example or {}, **accepted}}


SEALED = in_json(secure_as_jwt(credential(), signer=KEY, verification_method=METHOD))
IN_COSE = in_json(in_cose(credential(), signer=KEY, verification_method=METHOD))


@pytest.mark.parametrize(
    ("query", "answered"),
    [
        (_like(), True),
        (_like({"type": "VerifiableCredential"}), True),
        (_like({"type": ["DigitalProductPassport"]}), False),
        (_like({"credentialSubject": {"name": "Cotton lot 1"}}), True),
        (_like({"credentialSubject": {"name": ""}}), True),
        (_like({"credentialSubject": {"name": "Cotton lot 2"}}), False),
        (_like({"credentialSubject": {"color": ""}}), False),
        (_like({"@context": [V2]}), True),
        (_like({"@context": ["https://other.test/v1"]}), False),
        (_like(acceptedIssuers=[{"issuer": ISSUER}]), True),
        (_like(acceptedIssuers=[ISSUER, OTHER]), True),
        (_like(acceptedIssuers=[{"id": OTHER}]), False),
        (_like(acceptedCryptosuites=["eddsa-rdfc-2022"]), True),
        (_like(acceptedCryptosuites=[{"cryptosuite": "eddsa-jcs-2022"}]), True),
        (_like(acceptedCryptosuites=["ecdsa-sd-2023"]), False),
        (_like(acceptedEnvelopes=["application/vc+jwt"]), False),
        (_like(acceptedCryptosuites=["ecdsa-sd-2023"], acceptedEnvelopes=["application/vc+jwt"]), False),
    ],
    ids=lambda value: str(value)[:90],
)
def test_a_credential_answers_what_it_is_like_and_how_it_is_secured(query: dict[str, Any], answered: bool) -> None:
    verdict = _shown(embedded(("eddsa-jcs-2022", "eddsa-rdfc-2022")))

    assert _open(verdict, query) == ([] if answered else ["/query/0/credentialQuery"])


@pytest.mark.parametrize(("held", "media_type"), [(SEALED, "application/vc+jwt"), (IN_COSE, "application/vc+cose")])
def test_an_envelope_answers_for_its_own_media_type_only(held: dict[str, Any], media_type: str) -> None:
    verdict = _shown(held)

    assert _open(verdict, _like(acceptedEnvelopes=[{"mediaType": media_type}])) == []
    assert _open(verdict, _like(acceptedEnvelopes=["application/vc+sd-jwt"])) != []
    assert _open(verdict, _like(acceptedCryptosuites=["eddsa-jcs-2022"])) != []


def test_a_credential_that_does_not_hold_answers_nothing() -> None:
    spoilt = {**embedded(), "name": "Changed"}

    assert _open(_shown(spoilt), _like()) != []
    assert _open(_shown(spoilt, embedded()), _like()) == []


def test_every_query_of_a_group_is_answered_and_one_group_is_enough() -> None:
    verdict = _shown(embedded())
    missing = _like({"type": "DigitalProductPassport"})

    assert _open(verdict, _like(), missing) == ["/query/1/credentialQuery"]
    assert _open(verdict, {**missing, "group": "a"}, {**_like(), "group": "b"}) == []
    assert _open(verdict, {**missing, "group": "a"}, {**_like(), "group": "a"}) == ["/query/0/credentialQuery"]


@pytest.mark.w3c("A7.5", "A7.6")
@pytest.mark.parametrize(
    ("query", "answered"),
    [
        (DID_AUTH, True),
        ({**DID_AUTH, "acceptedMethods": [{"method": "key"}]}, True),
        ({**DID_AUTH, "acceptedMethods": [{"method": "web"}]}, False),
        ({**DID_AUTH, "acceptedCryptosuites": [{"cryptosuite": "eddsa-jcs-2022"}]}, True),
        ({**DID_AUTH, "acceptedCryptosuites": ["ecdsa-jcs-2019"]}, False),
    ],
    ids=str,
)
def test_a_holder_who_signed_for_it_answers_an_authentication(query: dict[str, Any], answered: bool) -> None:
    assert _open(_shown(), query) == ([] if answered else ["/query/0"])


@pytest.mark.w3c("A7.5", "A7.6")
def test_a_presentation_without_holder_or_for_another_challenge_authenticates_nobody() -> None:
    assert _open(_shown(holder=None), DID_AUTH) == ["/query/0"]
    other = read_request({"query": [DID_AUTH], "challenge": "c-2", "domain": "buyer.test"})
    stranger = _shown(holder=ISSUER)
    assert unanswered(other, stranger)
    assert _open(stranger, DID_AUTH) == ["/query/0"]


@pytest.mark.parametrize(
    ("request_", "pointer"),
    [
        ({}, "/query"),
        ({"query": []}, "/query"),
        ({"query": [5]}, "/query/0"),
        ({"query": [{}]}, "/query/0/type"),
        ({"query": [{"type": "AuthorizationCapabilityQuery"}]}, "/query/0/type"),
        ({"query": [{"type": "DIDAuthentication", "nonce": "x"}], **ASKED}, "/query/0/nonce"),
        ({"query": [DID_AUTH]}, "/challenge"),
        ({"query": [DID_AUTH], "challenge": "c"}, "/challenge"),
        ({"query": [_like()], "challenge": 5}, "/challenge"),
        ({"query": [_like()], "purpose": "x"}, "/purpose"),
        ({"query": [{"type": "QueryByExample", "credentialQuery": "x"}]}, "/query/0/credentialQuery"),
        ({"query": [{"type": "QueryByExample"}]}, "/query/0/credentialQuery"),
        ({"query": [_like(acceptedIssuers="did:web:a.test")]}, "/query/0/credentialQuery/acceptedIssuers"),
        ({"query": [_like(acceptedIssuers=[[5]])]}, "/query/0/credentialQuery/acceptedIssuers"),
        ({"query": [_like(acceptedEnvelopes=["application/jwt"])]}, "/query/0/credentialQuery/acceptedEnvelopes"),
        ({"query": [_like(trustFramework="x")]}, "/query/0/credentialQuery/trustFramework"),
        ({"query": [_like()] * 51}, "/query"),
    ],
    ids=lambda value: str(value)[:80],
)
def test_a_request_that_is_not_understood_is_refused_and_asks_for_nothing_less(
    request_: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(MalformedInput) as refused:
        read_request(request_)
    assert refused.value.problem.pointer == pointer

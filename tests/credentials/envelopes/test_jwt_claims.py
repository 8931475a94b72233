"""JWT claims repeat a credential or stay away."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from credentials.envelopes.jwt_claims import JwtTimes, agreed_times
from credentials.errors import CredentialsError
from tests.corpus.making import ISSUER, credential

START, END = "2024-01-01T00:00:00Z", "2025-01-01T00:00:00.500Z"


def test_a_payload_without_claims_states_no_times() -> None:
    assert agreed_times(credential()) == JwtTimes()


def test_claims_that_repeat_the_credential_are_accepted() -> None:
    payload = {
        **credential(validFrom=START, validUntil=END),
        "iss": ISSUER,
        "sub": "https://id.farm.test/lot/1",
        "jti": credential()["id"],
        "nbf": 1_704_067_200,
        "exp": 1_735_689_600,
        "iat": 1_704_067_200.9,
    }

    times = agreed_times(payload)

    assert times.issued_at == times.not_before == datetime(2024, 1, 1, tzinfo=UTC)
    assert times.expires == datetime(2025, 1, 1, tzinfo=UTC)


def test_times_that_differ_from_the_credentials_dates_are_the_tokens_own() -> None:
    times = agreed_times({**credential(validFrom=START, validUntil=END), "nbf": 1_710_000_000, "exp": 1_720_000_000})

    assert times == JwtTimes(
        not_before=datetime.fromtimestamp(1_710_000_000, UTC), expires=datetime.fromtimestamp(1_720_000_000, UTC)
    )


def test_the_issuer_may_be_an_object() -> None:
    assert agreed_times({**credential(issuer={"id": ISSUER}), "iss": ISSUER}) == JwtTimes()


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": ISSUER + "x"},
        {"iss": None},
        {"sub": "x"},
        {"jti": "x"},
        {"nbf": "1704067200"},
        {"nbf": -1},
        {"iat": 10**15},
        {"iat": None},
        {"iat": True},
        {"exp": {}},
    ],
)
@pytest.mark.w3c("A4.2")
def test_a_claim_that_contradicts_or_is_no_claim_is_refused(claims: dict[str, object]) -> None:
    with pytest.raises(CredentialsError) as caught:
        agreed_times({**credential(), **claims})

    assert caught.value.problem.pointer == f"/{next(iter(claims))}"


def test_a_subject_claim_over_several_subjects_is_refused() -> None:
    with pytest.raises(CredentialsError):
        agreed_times({**credential(credentialSubject=[{"id": "urn:a:1"}, {"id": "urn:a:2"}]), "sub": "urn:a:1"})

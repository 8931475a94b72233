"""SD-JWT VC of the IETF: type, issuer and times are stated openly, and the keys are those of its issuer's address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from credentials.envelopes.key_binding import ExpectedBinding, bind, confirmation
from credentials.envelopes.sd_jwt_vc import (
    check_sd_jwt_vc,
    issuer_keys,
    metadata_url,
    open_sd_jwt_vc,
)
from credentials.envelopes.sd_jwt_writing import write_sd_jwt
from credentials.errors import CredentialsError, IdentifierProblem, KeyProblem, ProofProblem
from credentials.keys.algorithms import SigningKey
from credentials.keys.codecs import to_jwk
from tests.corpus.making import AT, KEY, OTHER_KEY, to_bytes

pytestmark = pytest.mark.w3c("A4.6")

ISSUER = "https://registry.test/companies"
HOLDER = SigningKey.generate()
NOW = int(AT.timestamp())
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "vct": "https://registry.test/types/company",
    "nbf": NOW - 60,
    "exp": NOW + 3600,
    "cnf": confirmation(HOLDER.public_key),
    "name": "Example Mill",
}
JWK = {**to_jwk(KEY.public_key), "kid": "k-1"}


def _raw(header: dict[str, Any] | None = None, selective: tuple[str, ...] = ("/name",), **changes: Any) -> bytes:
    claims = {name: item for name, item in {**CLAIMS, **changes}.items() if item is not None}
    return write_sd_jwt({"typ": "dc+sd-jwt", "kid": "k-1", **(header or {})}, claims, selective, signer=KEY)


def test_one_that_is_good_is_good() -> None:
    credential = open_sd_jwt_vc(_raw())

    check_sd_jwt_vc(credential, (JWK,), at=AT)

    assert (credential.issuer, credential.type, credential.claims["name"]) == (ISSUER, CLAIMS["vct"], "Example Mill")


@pytest.mark.parametrize("header", [{"typ": "vc+sd-jwt"}, {"typ": "JWT"}, {"x5c": ["AA"]}, {"jwk": JWK}], ids=str)
def test_another_type_and_keys_that_it_brings_along_are_refused(header: dict[str, Any]) -> None:
    with pytest.raises(ProofProblem):
        open_sd_jwt_vc(_raw(header))


@pytest.mark.parametrize("changes", [{"vct": None}, {"vct": 5}, {"vct": ""}, {"iss": None}, {"iss": ["x"]}], ids=str)
def test_one_that_does_not_say_what_it_is_or_whose_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ProofProblem):
        open_sd_jwt_vc(_raw(**changes))


@pytest.mark.parametrize(
    ("moment", "code"),
    [(AT - timedelta(minutes=3), "NOT_YET_VALID"), (AT + timedelta(hours=2), "EXPIRED")],
)
def test_before_and_after_its_time_it_is_refused_by_name(moment: Any, code: str) -> None:
    with pytest.raises(ProofProblem) as refused:
        check_sd_jwt_vc(open_sd_jwt_vc(_raw()), (JWK,), at=moment)
    assert refused.value.problem.code == code


@pytest.mark.parametrize(
    ("issuer", "url"),
    [
        ("https://registry.test", "https://registry.test/.well-known/jwt-vc-issuer"),
        ("https://registry.test/", "https://registry.test/.well-known/jwt-vc-issuer"),
        ("https://registry.test/a/b", "https://registry.test/.well-known/jwt-vc-issuer/a/b"),
        ("https://registry.test:8443/a", "https://registry.test:8443/.well-known/jwt-vc-issuer/a"),
    ],
)
def test_the_metadata_are_at_the_well_known_place_before_the_path(issuer: str, url: str) -> None:
    assert metadata_url(issuer) == url


@pytest.mark.parametrize(
    "issuer",
    [
        "http://registry.test",
        "did:web:registry.test",
        "https://",
        "https://u@registry.test",
        "https://registry.test?x",
        "https://registry.test#x",
        "https://registry.test\\@evil.test",
        "https://registry.test/\r\n",
        "https://[::1",
        "",
    ],
)
def test_an_issuer_that_is_no_plain_https_address_is_refused(issuer: str) -> None:
    with pytest.raises(IdentifierProblem):
        metadata_url(issuer)


def test_keys_are_listed_or_are_at_an_address() -> None:
    listed = {"issuer": ISSUER, "jwks": {"keys": [JWK]}}
    elsewhere = {"issuer": ISSUER, "jwks_uri": "https://registry.test/keys"}

    assert issuer_keys(to_bytes(listed), issuer=ISSUER) == (JWK,)
    assert issuer_keys(to_bytes(elsewhere), issuer=ISSUER) == "https://registry.test/keys"


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.test", "jwks": {"keys": [JWK]}},
        {"jwks": {"keys": [JWK]}},
        {"issuer": ISSUER},
        {"issuer": ISSUER, "jwks": {"keys": [JWK]}, "jwks_uri": "https://registry.test/keys"},
        {"issuer": ISSUER, "jwks": {"keys": []}},
        {"issuer": ISSUER, "jwks": [JWK]},
        {"issuer": ISSUER, "jwks": {"keys": [JWK] * 65}},
        {"issuer": ISSUER, "jwks_uri": "http://registry.test/keys"},
    ],
)
def test_metadata_of_another_issuer_or_without_keys_are_refused(metadata: dict[str, Any]) -> None:
    with pytest.raises(KeyProblem):
        issuer_keys(to_bytes(metadata), issuer=ISSUER)


@pytest.mark.parametrize(
    "keys",
    [
        ({**to_jwk(OTHER_KEY.public_key), "kid": "k-1"},),
        ({**JWK, "kid": "k-2"},),
        (JWK, JWK),
        ({**JWK, "d": "AAAA"},),
        (),
    ],
    ids=["another key", "another name", "one name twice", "a private key", "none"],
)
def test_only_the_one_key_that_the_issuer_lists_under_its_name_counts(keys: tuple[dict[str, Any], ...]) -> None:
    with pytest.raises(CredentialsError):
        check_sd_jwt_vc(open_sd_jwt_vc(_raw()), keys, at=AT)


def test_key_binding_is_checked_when_it_is_wanted() -> None:
    wanted = ExpectedBinding(audience="https://buyer.test", nonce="n", at=AT)
    bound = bind(_raw(), signer=HOLDER, audience=wanted.audience, nonce=wanted.nonce, at=AT)

    check_sd_jwt_vc(open_sd_jwt_vc(bound), (JWK,), at=AT, binding=wanted)
    with pytest.raises(ProofProblem, match="missing"):
        check_sd_jwt_vc(open_sd_jwt_vc(_raw()), (JWK,), at=AT, binding=wanted)

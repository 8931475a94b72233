"""did:jwk stands for its own document; what is not one public signing key is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.did.jwk import jwk_document
from credentials.did.methods import local_document, resolution_url
from credentials.did.syntax import parse_did
from credentials.encoding.multibase import encode_base64url
from credentials.errors import CredentialsError, IdentifierProblem, KeyProblem, Unsupported
from credentials.issue import secure_as_jwt
from credentials.keys.algorithms import KeyKind, SigningKey
from credentials.keys.codecs import to_jwk
from credentials.keys.controller import parse_controller_document
from credentials.verdict import Outcome
from tests.corpus.envelopes import did_of_jwk
from tests.corpus.making import KEY, P256_KEY, credential
from tests.credentials.did.test_key import P384_KEY
from tests.credentials.verify.world import judged

KEYS = [KEY, P256_KEY, P384_KEY]
# The example of the did:jwk method's text (P-256).
PUBLISHED = (
    "did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgyVjAiLCJ5Ijoi"
    "X0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9"
)

pytestmark = pytest.mark.w3c("A6.1")


def _did(jwk: object) -> str:
    return "did:jwk:" + encode_base64url(json.dumps(jwk).encode())


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.kind.value)
def test_the_document_lists_the_key_as_a_json_web_key(key: SigningKey) -> None:
    did = did_of_jwk(key.public_key)

    document = parse_controller_document(json.dumps(local_document(did)).encode(), id=did)

    for purpose in ("assertionMethod", "authentication"):
        method = document.method_for(f"{did}#0", purpose)
        assert (method.type, method.key) == ("JsonWebKey", key.public_key)
    assert resolution_url(did) is None


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.kind.value)
def test_a_token_of_a_did_jwk_is_judged_without_any_look_up(key: SigningKey) -> None:
    did = did_of_jwk(key.public_key)
    raw = secure_as_jwt(credential(issuer=did), signer=key, verification_method=f"{did}#0")

    assert judged(raw).outcome is Outcome.PASSED


def test_the_method_text_s_example_resolves() -> None:
    (method,) = local_document(PUBLISHED)["verificationMethod"]  # type: ignore[misc, index]

    assert method["id"] == PUBLISHED + "#0"
    assert method["publicKeyJwk"]["crv"] == "P-256"
    assert did_of_jwk(_key_of(PUBLISHED)) == PUBLISHED


def _key_of(did: str):  # type: ignore[no-untyped-def]
    return parse_controller_document(json.dumps(local_document(did)).encode(), id=did).methods[f"{did}#0"].usable()


@pytest.mark.parametrize(
    "change",
    [
        {"d": "AAAA"},
        {"crv": "X25519"},
        {"kty": "EC"},
        {"x": "AAAA"},
        {"x": None},
        {"use": "enc"},
        {"key_ops": ["deriveKey"]},
        {"key_ops": "verify"},
        {"alg": "ES256"},
    ],
    ids=json.dumps,
)
def test_a_jwk_that_is_no_public_signing_key_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(KeyProblem):
        local_document(_did({**to_jwk(KEY.public_key), **change}))


@pytest.mark.parametrize(
    ("change", "name"), [({"crv": "secp256k1"}, "secp256k1"), ({"kty": "RSA", "crv": None}, "RSA")]
)
def test_a_kind_of_others_is_not_supported_and_named(change: dict[str, object], name: str) -> None:
    with pytest.raises(Unsupported, match=name):
        local_document(_did({**to_jwk(KEY.public_key), **change}))


def test_a_key_that_signs_nothing_is_refused_by_its_name() -> None:
    with pytest.raises(KeyProblem, match="X25519"):
        local_document(_did({**to_jwk(KEY.public_key), "crv": "X25519"}))


@pytest.mark.parametrize(
    "specific", ["e30=", "W10", "eyJhIjoxLCJhIjoyfQ", "AA", "x", encode_base64url(b'{"a":"' + b"x" * 700 + b'"}')]
)
def test_what_is_not_canonical_base64url_of_strict_json_is_no_did_jwk(specific: str) -> None:
    with pytest.raises(CredentialsError):
        jwk_document(parse_did("did:jwk:" + specific))


@given(st.text(alphabet="ABCabc019_-.", min_size=1, max_size=60))
def test_random_identifiers_are_answered_with_a_named_problem(specific: str) -> None:
    with pytest.raises((IdentifierProblem, KeyProblem)):
        local_document("did:jwk:" + specific)


def test_a_fragment_other_than_zero_names_no_key() -> None:
    did = did_of_jwk(SigningKey(KeyKind.ED25519, b"\x21" * 32).public_key)
    key = SigningKey(KeyKind.ED25519, b"\x21" * 32)

    raw = secure_as_jwt(credential(issuer=did), signer=key, verification_method=f"{did}#1")

    check = judged(raw).check("key")
    assert check.problem is not None
    assert (check.outcome, check.problem.code) == (Outcome.FAILED, "KEY_NOT_AUTHORIZED")

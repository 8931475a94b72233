"""Compact JWS: read exactly, checked with our keys, and understood by an independent library both ways."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey, OKPKey
from joserfc.jws import JWSRegistry

from credentials.encoding.multibase import encode_base64url
from credentials.envelopes.jose import read_compact, write_compact
from credentials.errors import MalformedInput, ProofProblem, Unsupported
from credentials.keys.algorithms import KeyKind, SigningKey
from credentials.keys.codecs import from_jwk, to_jwk
from tests.corpus.making import HEADER, KEY, P256_KEY, compact
from tests.shared import shared_json, shared_path

P384_KEY = SigningKey(KeyKind.P384, bytes(range(1, 49)))
KEYS = (KEY, P256_KEY, P384_KEY)


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.kind.value)
@pytest.mark.w3c("A4.1")
def test_what_we_sign_verifies_with_an_independent_library(key: SigningKey) -> None:
    raw = write_compact({"kid": "did:web:farm.test#1"}, b"payload", signer=key)

    jwk = to_jwk(key.public_key)
    theirs = OKPKey.import_key(jwk) if jwk["kty"] == "OKP" else ECKey.import_key(jwk)
    registry = JWSRegistry(algorithms=["EdDSA", "ES256", "ES384"])
    assert jws.deserialize_compact(raw, theirs, registry=registry).payload == b"payload"


@pytest.mark.parametrize(("alg", "curve"), [("EdDSA", None), ("Ed25519", None), ("ES256", "P-256"), ("ES384", "P-384")])
def test_what_an_independent_library_signs_verifies_here(alg: str, curve: str | None) -> None:
    theirs = ECKey.generate_key(curve) if curve else OKPKey.generate_key("Ed25519")
    raw = jws.serialize_compact({"alg": alg}, b"payload", theirs, algorithms=[alg]).encode()

    token = read_compact(raw)

    token.verify(from_jwk(theirs.as_dict(private=False)))
    assert token.payload == b"payload"


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.kind.value)
def test_another_key_of_the_same_kind_does_not_verify(key: SigningKey) -> None:
    other = SigningKey(key.kind, bytes(range(2, 2 + len(key.secret))))

    with pytest.raises(ProofProblem):
        read_compact(write_compact({}, b"x", signer=key)).verify(other.public_key)


@pytest.mark.parametrize("alg", ["ES256", "ES384", "EdDSA"])
@pytest.mark.w3c("A4.1")
def test_the_header_never_chooses_the_algorithm(alg: str) -> None:
    for key in KEYS:
        token = read_compact(compact({**HEADER, "alg": alg}, b"{}", key=key))
        if (
            alg in {"ES256": ("P-256"), "ES384": ("P-384"), "EdDSA": ("Ed25519")}
            and key.kind.value
            in {
                "ES256": "P-256",
                "ES384": "P-384",
                "EdDSA": "Ed25519",
            }[alg]
        ):
            token.verify(key.public_key)
        else:
            with pytest.raises(ProofProblem, match="alg"):
                token.verify(key.public_key)


@pytest.mark.parametrize(
    "alg", ["none", "None", "NONE", "HS256", "RS-256", "ES224", "es256k", "", None, 5, ["EdDSA"], {}]
)
def test_an_algorithm_outside_the_list_is_refused_before_any_key_is_looked_for(alg: object) -> None:
    with pytest.raises(ProofProblem) as caught:
        read_compact(compact({**HEADER, "alg": alg}, b"{}"))

    assert caught.value.problem.pointer == "/alg"


@pytest.mark.parametrize("alg", ["RS256", "PS384", "ES256K", "Ed448", "ML-DSA-65"])
def test_an_algorithm_of_others_is_not_supported_rather_than_wrong(alg: str) -> None:
    with pytest.raises(Unsupported) as caught:
        read_compact(compact({**HEADER, "alg": alg}, b"{}"))

    assert (caught.value.problem.code, caught.value.problem.pointer) == ("UNSUPPORTED_ALGORITHM", "/alg")


def test_a_header_that_is_no_object_is_refused() -> None:
    with pytest.raises(MalformedInput):
        read_compact(compact(b"[]", b"{}"))


def test_a_header_over_its_limit_is_refused() -> None:
    with pytest.raises(MalformedInput) as caught:
        read_compact(compact({**HEADER, "x": "y" * 9000}, b"{}"))

    assert caught.value.problem.code == "TOO_LARGE"


def test_non_canonical_base64url_is_refused() -> None:
    head, body, signature = write_compact({}, b"x", signer=KEY).split(b".")
    last = b"B" if signature[-1:] == b"A" else signature[:-1][-1:]

    with pytest.raises((MalformedInput, ProofProblem)):
        read_compact(b".".join((head, body + b"=", signature)))
    with pytest.raises((MalformedInput, ProofProblem)):
        read_compact(b".".join((head, body, signature[:-1] + last))).verify(KEY.public_key)


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_refused_by_name(raw: bytes) -> None:
    with pytest.raises((MalformedInput, ProofProblem)):
        read_compact(raw)


@given(st.binary(max_size=200))
def test_any_payload_comes_back_as_it_went_in(payload: bytes) -> None:
    token = read_compact(write_compact({"kid": "x"}, payload or b"x", signer=KEY))

    token.verify(KEY.public_key)
    assert token.payload == (payload or b"x")


@pytest.mark.parametrize(
    ("name", "method"), [("credential-jose-minimal", "vm-p256"), ("presentation-jose-multiple", "vm-p384")]
)
@pytest.mark.w3c("A4.1")
def test_official_tokens_verify_at_proof_level(name: str, method: str) -> None:
    token = read_compact(shared_path("vectors", "vc-jose-cose", f"{name}.txt").read_bytes().strip())

    token.verify(from_jwk(shared_json("vectors", "vc-jose-cose", f"{method}.json")["publicKeyJwk"]))
    assert json.loads(token.payload)["issuer" if "cred" in name else "holder"].startswith("https://example.issuer")


@pytest.mark.w3c("A4.1")
def test_the_official_bad_signature_does_not_verify() -> None:
    token = read_compact(
        shared_path("vectors", "vc-jose-cose", "credential-jose-bad-signature.txt").read_bytes().strip()
    )
    key = from_jwk(shared_json("vectors", "vc-jose-cose", "vm-ed25519.json")["publicKeyJwk"])

    with pytest.raises(ProofProblem):
        token.verify(key)


def test_segments_are_what_was_signed_and_nothing_else() -> None:
    raw = write_compact({"kid": "x"}, b"{}", signer=KEY)
    head, body, _ = raw.split(b".")

    token = read_compact(raw)

    assert token.signing_input == head + b"." + body
    assert body.decode() == encode_base64url(b"{}")

"""A controller document speaks for its own id only."""

from __future__ import annotations

import json
from typing import Any

import pytest

from credentials.encoding.multibase import encode_base58
from credentials.errors import IdentifierProblem, KeyProblem, Unsupported
from credentials.keys.codecs import to_jwk, to_multikey
from credentials.keys.controller import ControllerDocument, parse_controller_document
from tests.corpus.making import KEY, OTHER_KEY, P256_KEY

DID = "did:web:farm.test"
BASE58 = encode_base58(KEY.public_key.raw)[1:]  # without the letter of multibase


def method(name: str = "k", **changes: Any) -> dict[str, Any]:
    value = {
        "id": f"{DID}#{name}",
        "type": "Multikey",
        "controller": DID,
        "publicKeyMultibase": to_multikey(KEY.public_key),
        **changes,
    }
    return {key: item for key, item in value.items() if item is not None}


def read(*methods: Any, **changes: Any) -> ControllerDocument:
    value = {"id": DID, "verificationMethod": list(methods), "assertionMethod": [f"{DID}#k"], **changes}
    return parse_controller_document(json.dumps(value).encode(), id=DID)


@pytest.mark.parametrize(
    "entry",
    [
        method(),
        method(type="Ed25519VerificationKey2020"),
        method(type="JsonWebKey", publicKeyMultibase=None, publicKeyJwk=to_jwk(KEY.public_key)),
        method(type="JsonWebKey2020", publicKeyMultibase=None, publicKeyJwk={**to_jwk(KEY.public_key), "use": "sig"}),
        method(publicKeyJwk=to_jwk(KEY.public_key)),
    ],
)
def test_every_form_of_one_key_is_the_same_key(entry: dict[str, Any]) -> None:
    assert read(entry).method_for(f"{DID}#k", "assertionMethod").key == KEY.public_key


def test_a_method_may_be_embedded_in_a_relationship_and_counts_for_it_alone() -> None:
    document = read(assertionMethod=[], authentication=[method("embedded")])

    assert document.method_for(f"{DID}#embedded", "authentication").key == KEY.public_key
    with pytest.raises(KeyProblem) as caught:
        document.method_for(f"{DID}#embedded", "assertionMethod")
    assert caught.value.problem.code == "KEY_NOT_AUTHORIZED"


def test_a_key_of_a_kind_we_do_not_use_harms_nobody_until_it_is_used() -> None:
    x25519 = method("enc", publicKeyMultibase="z6LShs9GGnqk85isEBzzshkuVWrVKsRp24GnDuHk8QWkARMW")
    odd = method("odd", type="EcdsaSecp256k1VerificationKey2019")

    rsa = method("rsa", type="JsonWebKey", publicKeyMultibase=None, publicKeyJwk={"kty": "RSA", "n": "AA", "e": "AQAB"})
    listed = [f"{DID}#{name}" for name in ("k", "enc", "odd", "rsa")]

    document = read(method(), x25519, odd, rsa, assertionMethod=listed)

    assert document.method_for(f"{DID}#k", "assertionMethod").key == KEY.public_key
    for name, code in (("enc", "KEY_INVALID"), ("odd", "UNSUPPORTED_KEY"), ("rsa", "UNSUPPORTED_KEY")):
        with pytest.raises(KeyProblem if code == "KEY_INVALID" else Unsupported) as caught:
            document.method_for(f"{DID}#{name}", "assertionMethod")
        assert caught.value.problem.code == code


@pytest.mark.parametrize(
    ("entry", "listed"),
    [
        (method(id="#k"), f"{DID}#k"),
        (method(), "#k"),
        (method(id="#k"), "#k"),
        (method(type="Ed25519VerificationKey2018", publicKeyMultibase=None, publicKeyBase58=BASE58), "#k"),
    ],
)
def test_every_form_in_which_a_key_may_be_written_is_read(entry: dict[str, Any], listed: str) -> None:
    document = read(entry, assertionMethod=[listed])

    assert document.method_for(f"{DID}#k", "assertionMethod").key == KEY.public_key


def test_the_same_method_may_be_embedded_in_two_relationships() -> None:
    document = read(assertionMethod=[method(id="#k")], authentication=[method()])

    for purpose in ("assertionMethod", "authentication"):
        assert document.method_for(f"{DID}#k", purpose).key == KEY.public_key


@pytest.mark.parametrize("controller", ["did:web:other.test", [DID, "did:web:other.test"]])
def test_who_may_change_the_document_does_not_change_whose_keys_they_are(controller: object) -> None:
    assert read(method(), controller=controller).method_for(f"{DID}#k", "assertionMethod").key == KEY.public_key


@pytest.mark.parametrize(
    "other",
    [
        method(id="did:web:other.test#k"),
        method(id=f"{DID}.evil.test#k"),
        method("theirs", controller="did:web:other.test"),
    ],
)
def test_the_method_of_somebody_else_counts_for_nobody_and_spoils_nothing(other: dict[str, Any]) -> None:
    document = read(method(), other, assertionMethod=[f"{DID}#k", other["id"], "did:web:third.test#k"])

    assert document.method_for(f"{DID}#k", "assertionMethod").key == KEY.public_key
    for url in (other["id"], "did:web:third.test#k"):
        with pytest.raises(KeyProblem) as caught:
            document.method_for(url, "assertionMethod")
        assert caught.value.problem.code == "KEY_NOT_AUTHORIZED"


def test_the_document_inside_a_resolution_result_is_read() -> None:
    document = {"id": DID, "verificationMethod": [method()], "assertionMethod": ["#k"]}
    result = {"didDocument": document, "didResolutionMetadata": {"contentType": "application/did+json"}}

    read_from = parse_controller_document(json.dumps(result).encode(), id=DID)

    assert read_from.method_for(f"{DID}#k", "assertionMethod").key == KEY.public_key
    with pytest.raises(IdentifierProblem):
        parse_controller_document(json.dumps(result).encode(), id="did:web:other.test")


def test_a_small_order_key_is_never_usable() -> None:
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}

    with pytest.raises(KeyProblem) as caught:
        read(method(type="JsonWebKey", publicKeyMultibase=None, publicKeyJwk=jwk)).method_for(
            f"{DID}#k", "assertionMethod"
        )

    assert caught.value.problem.code == "KEY_INVALID"


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "did:web:other.test"},
        {"id": None},
        {"controller": 5},
        {"controller": [DID, None]},
        {"verificationMethod": {}},
        {"verificationMethod": [5]},
        {"verificationMethod": [method(), method()]},
        {"verificationMethod": [method(id="#")]},
        {"verificationMethod": [method(id="k")]},
        {"verificationMethod": [method(), method(id="#k")]},
        {"verificationMethod": [method(id=f"{DID}#")]},
        {"verificationMethod": [method(controller="other")]},
        {"verificationMethod": [method(controller=None)]},
        {"verificationMethod": [method(str(n)) for n in range(65)]},
        {"verificationMethod": [method(publicKeyJwk=to_jwk(OTHER_KEY.public_key))]},
        {"verificationMethod": [method(publicKeyJwk={**to_jwk(KEY.public_key), "d": "x"})]},
        {"verificationMethod": [method(publicKeyJwk="x")]},
        {"verificationMethod": [method(secretKeyMultibase="z3u2")]},
        {"verificationMethod": [method(revoked="yesterday")]},
        {"verificationMethod": [method(expires="2026-01-01T00:00:00")]},
        {"authentication": [method(publicKeyMultibase=to_multikey(OTHER_KEY.public_key))]},
        {"authentication": [method(revoked="2026-01-01T00:00:00Z")]},
        {"assertionMethod": ["k"]},
        {"assertionMethod": "k"},
        {"authentication": [method(str(n)) for n in range(40)], "keyAgreement": [method(f"x{n}") for n in range(40)]},
        {"service": "https://farm.test"},
        {"service": [5]},
        {"service": [{"type": "TraceNode"}]},
        {"alsoKnownAs": [5]},
    ],
)
def test_a_document_that_speaks_for_others_or_is_malformed_is_refused_whole(changes: dict[str, Any]) -> None:
    with pytest.raises(IdentifierProblem) as caught:
        read(method(), **changes)

    assert caught.value.problem.code == "DID_DOCUMENT"


@pytest.mark.parametrize("raw", [b"", b"<html>", b"[]", b'{"id":1,"id":2}', b" " * 65_537, b"[" * 40])
def test_bytes_that_are_no_document_are_refused(raw: bytes) -> None:
    with pytest.raises(IdentifierProblem) as caught:
        parse_controller_document(raw, id=DID)

    assert caught.value.problem.code == "DID_DOCUMENT"


@pytest.mark.parametrize("kind", [[], {}, 5, None])
def test_a_type_that_is_no_text_makes_the_method_unusable(kind: object) -> None:
    with pytest.raises(KeyProblem):
        read({**method(), "type": kind}).method_for(f"{DID}#k", "assertionMethod")


@pytest.mark.parametrize(
    "jwk",
    [
        {**to_jwk(KEY.public_key), "use": "enc"},
        {**to_jwk(KEY.public_key), "alg": "HS256"},
        {**to_jwk(P256_KEY.public_key), "alg": "ES384"},
        {**to_jwk(KEY.public_key), "crv": "P-256"},
        {**to_jwk(P256_KEY.public_key), "crv": "P-384"},
        {**to_jwk(P256_KEY.public_key), "y": to_jwk(P256_KEY.public_key)["x"]},
        {"kty": "oct", "alg": "HS256"},
        {},
    ],
)
def test_a_jwk_that_contradicts_itself_is_unusable(jwk: dict[str, Any]) -> None:
    document = read(method(type="JsonWebKey", publicKeyMultibase=None, publicKeyJwk=jwk))

    with pytest.raises(KeyProblem):
        document.method_for(f"{DID}#k", "assertionMethod")


@pytest.mark.parametrize(
    ("endpoint", "texts"),
    [
        ("https://farm.test", ("https://farm.test",)),
        (["https://a.test", "https://b.test"], ("https://a.test", "https://b.test")),
        ({"uri": "https://a.test", "accept": ["x"]}, ("https://a.test",)),
        ([{"uri": "https://a.test"}, "https://b.test", 5], ("https://a.test", "https://b.test")),
        ({}, ()),
    ],
)
def test_every_shape_of_endpoint_is_read(endpoint: object, texts: tuple[str, ...]) -> None:
    document = read(method(), service=[{"id": "#s", "type": ["TraceNode", "X"], "serviceEndpoint": endpoint}])

    assert document.services[0].endpoints == texts
    assert document.services_of("X") == document.services

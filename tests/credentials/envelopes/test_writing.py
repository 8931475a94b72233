"""Envelopes in every algorithm, both ways: credentials, presentations, and credentials inside presentations."""

from __future__ import annotations

from typing import Any

import joserfc.jwk
import pytest
from joserfc import jws

from credentials.did.key import did_of_key, method_of_key
from credentials.encoding.multibase import encode_base64url
from credentials.evidence import Evidence
from credentials.issue import secure_as_jwt
from credentials.keys.algorithms import KeyKind, SigningKey
from credentials.keys.codecs import JWS_ALGORITHMS, to_jwk
from credentials.verdict import Outcome
from credentials.verify import PresentationVerdict, judge, read
from tests.corpus.envelopes import did_of_jwk, in_json, presented_as_jwt
from tests.corpus.making import compact, credential, to_bytes
from tests.credentials.verify.world import AT, presented

KEYS = [SigningKey.generate(kind) for kind in KeyKind]
DOMAIN, CHALLENGE = "https://buyer.test", "c-1"

every_kind = pytest.mark.parametrize("key", KEYS, ids=lambda key: key.kind.value)


def _did(key: SigningKey) -> str:
    """A DID that needs no look-up: did:key, and did:jwk for a kind of key that has no Multikey."""
    return did_of_jwk(key.public_key) if key.kind is KeyKind.P521 else did_of_key(key.public_key)


def _method(key: SigningKey) -> str:
    return f"{_did(key)}#0" if key.kind is KeyKind.P521 else method_of_key(key.public_key)


def _credential(key: SigningKey, **changes: Any) -> bytes:
    draft = credential(issuer=_did(key), **changes)
    return secure_as_jwt(draft, signer=key, verification_method=_method(key))


def _presentation(*held: object, holder: SigningKey, **changes: Any) -> dict[str, Any]:
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": _did(holder),
        "verifiableCredential": list(held),
        **changes,
    }


def _presented(presentation: dict[str, Any], key: SigningKey, **asked: str) -> bytes:
    return presented_as_jwt(presentation, signer=key, verification_method=_method(key), **asked)


def _judged(raw: bytes, **asked: str) -> PresentationVerdict:
    return presented(raw, None, Evidence(), at=AT, **asked)


@pytest.mark.w3c("A4.1", "A4.2")
@every_kind
def test_a_credential_signed_with_any_kind_of_key_passes(key: SigningKey) -> None:
    verdict = judge(read(_credential(key), "application/vc+jwt"), Evidence(), at=AT)

    assert (verdict.outcome, verdict.form) == (Outcome.PASSED, "vc+jwt")


@pytest.mark.w3c("A4.1")
@every_kind
def test_an_independent_library_reads_what_we_sign(key: SigningKey) -> None:
    public = joserfc.jwk.import_key(dict(to_jwk(key.public_key)))

    read = jws.deserialize_compact(_credential(key), public, algorithms=["EdDSA", "ES256", "ES384", "ES512"])

    assert read.headers()["alg"] == JWS_ALGORITHMS[key.kind]
    assert (read.headers()["typ"], read.headers()["cty"]) == ("vc+jwt", "vc")


@pytest.mark.w3c("A1.13", "A4.1", "A4.3")
@every_kind
def test_a_presentation_of_enveloped_credentials_passes_raw_and_enveloped(key: SigningKey) -> None:
    held = [in_json(_credential(issuer)) for issuer in KEYS]
    raw = _presented(_presentation(*held, holder=key), key, domain=DOMAIN, challenge=CHALLENGE)

    for form in (raw, to_bytes(in_json(raw))):
        verdict = _judged(form, domain=DOMAIN, challenge=CHALLENGE)
        assert verdict.outcome is Outcome.PASSED, verdict.checks
        assert (verdict.form, len(verdict.credentials)) == ("vp+jwt", len(KEYS))


@pytest.mark.w3c("A2.7")
@pytest.mark.parametrize(("domain", "challenge"), [("https://other.test", CHALLENGE), (DOMAIN, "c-2")])
def test_a_presentation_for_somebody_else_is_refused(domain: str, challenge: str) -> None:
    raw = _presented(_presentation(holder=KEYS[0]), KEYS[0], domain=DOMAIN, challenge=CHALLENGE)

    assert _judged(raw, domain=domain, challenge=challenge).outcome is Outcome.FAILED


@pytest.mark.w3c("A4.3")
@pytest.mark.parametrize("form", ["an edited payload", "a sibling", "the bare credential", "the token as text"])
def test_what_counts_inside_a_presentation_is_what_its_envelope_covers(form: str) -> None:
    token = _credential(KEYS[0])
    head, _, signature = token.decode().split(".")
    payload = encode_base64url(to_bytes(credential(issuer=_did(KEYS[0]), name="Edited")))
    held: object = {
        "an edited payload": in_json(f"{head}.{payload}.{signature}".encode()),
        "a sibling": {**in_json(token), "credentialSubject": {"name": "Other"}},
        "the bare credential": credential(issuer=_did(KEYS[1])),
        "the token as text": token.decode(),
    }[form]

    verdict = _judged(_presented(_presentation(held, holder=KEYS[0]), KEYS[0]))

    assert verdict.outcome is Outcome.FAILED


@pytest.mark.w3c("A4.1")
@every_kind
def test_a_key_of_one_kind_under_the_algorithm_of_another_is_refused(key: SigningKey) -> None:
    method, did = _method(key), _did(key)
    for alg in ({*JWS_ALGORITHMS.values()} - {JWS_ALGORITHMS[key.kind]}) | {"none", "HS256", "RS256", "es256", ""}:
        header = {"alg": alg, "kid": method, "typ": "vc+jwt", "cty": "vc"}
        raw = compact(header, to_bytes(credential(issuer=did)), key=key)

        expected = Outcome.UNDETERMINED if alg == "RS256" else Outcome.FAILED  # RSA may be good, and is not read here
        assert judge(read(raw, None), Evidence(), at=AT).outcome is expected, alg


@pytest.mark.w3c("A4.5")
def test_an_unknown_header_parameter_is_ignored_and_crit_is_not() -> None:
    key = KEYS[0]
    header = {"alg": "EdDSA", "kid": _method(key), "typ": "vc+jwt", "x-note": "hello"}
    payload = to_bytes(credential(issuer=_did(key)))

    assert judge(read(compact(header, payload, key=key), None), Evidence(), at=AT).outcome is Outcome.PASSED
    critical = {**header, "crit": ["x-note"]}
    assert judge(read(compact(critical, payload, key=key), None), Evidence(), at=AT).outcome is Outcome.FAILED

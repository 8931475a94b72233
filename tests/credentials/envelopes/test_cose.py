"""COSE_Sign1 envelopes: read exactly, the protected header alone counts, and what is signed is the document itself."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.encoding.cbor import Cbor, decode_header, encode_cbor
from credentials.envelopes.cose import ALG, CONTENT_TYPE, CRIT, KID, TAGGED, TYP, read_sign1, write_sign1
from credentials.envelopes.opening import EnvelopedToken, open_secured
from credentials.errors import CredentialsError, MalformedInput, ProofProblem, Unsupported
from credentials.evidence import Evidence
from credentials.keys.algorithms import KeyKind, SigningKey
from credentials.keys.codecs import from_jwk
from credentials.verdict import Outcome, Verdict
from credentials.verify import judge, read
from tests.corpus.envelopes import in_cose, in_json
from tests.corpus.making import AT, KEY, METHOD, OTHER_KEY, credential, to_bytes
from tests.shared import needs_shared, shared_json, shared_path

HEADER: dict[int, Cbor] = {CONTENT_TYPE: "application/vc", KID: METHOD.encode(), TYP: "application/vc+cose"}
#: RFC 8949's own encodings of negative numbers and of a text beside a number.
NEGATIVE = {-1: b"\x20", -10: b"\x29", -100: b"\x38\x63", -1000: b"\x39\x03\xe7"}


def _sealed(header: dict[int, Cbor] | None = None, key: SigningKey = KEY) -> bytes:
    return write_sign1({**HEADER, **(header or {})}, to_bytes(credential()), signer=key)


def _judged(raw: bytes, media_type: str | None = "application/vc+cose") -> Verdict:
    return judge(read(raw, media_type), Evidence(), at=AT)


def _reasons(verdict: Verdict) -> set[str]:
    return {check.problem.code for check in verdict.checks if check.problem}


@pytest.mark.w3c("A4.4")
@pytest.mark.parametrize("media_type", [None, "application/vc+cose"])
def test_a_credential_in_cose_passes_raw_and_in_its_envelope(media_type: str | None) -> None:
    raw = in_cose(credential(), signer=KEY, verification_method=METHOD)

    verdict = _judged(raw, media_type)

    assert (verdict.outcome, verdict.form) == (Outcome.PASSED, "vc+cose")
    assert verdict.document is not None
    assert verdict.document.value == credential()
    assert judge(read(to_bytes(in_json(raw)), "application/vc"), Evidence(), at=AT).outcome is Outcome.PASSED


@pytest.mark.parametrize("kind", KeyKind)
def test_every_kind_of_key_signs_and_no_other_verifies(kind: KeyKind) -> None:
    key = SigningKey.generate(kind)
    sealed = read_sign1(write_sign1({}, b"{}", signer=key))

    sealed.verify(key.public_key)
    for other in KeyKind:
        with pytest.raises(ProofProblem):
            sealed.verify(SigningKey.generate(other).public_key)


@pytest.mark.w3c("A4.4")
@pytest.mark.parametrize(
    "change",
    [
        {CONTENT_TYPE: "application/vp"},
        {CONTENT_TYPE: 50},
        {TYP: "application/vp+cose"},
        {TYP: "application/vc+jwt"},
        {TYP: "application/vc"},
        {TYP: 16},
    ],
    ids=str,
)
def test_another_kind_in_the_header_is_refused(change: dict[int, Cbor]) -> None:
    assert _judged(_sealed(change), None).outcome is Outcome.FAILED
    assert _judged(_sealed()).outcome is Outcome.PASSED


@pytest.mark.w3c("A4.4")
def test_a_header_without_a_type_counts_only_inside_a_media_type_that_says_what_it_is() -> None:
    raw = write_sign1({KID: METHOD.encode()}, to_bytes(credential()), signer=KEY)

    assert _judged(raw).outcome is Outcome.PASSED
    assert _judged(raw, None).outcome is Outcome.FAILED
    assert _judged(raw, "application/vp+cose").outcome is Outcome.FAILED


@pytest.mark.w3c("A4.4", "A4.5")
def test_an_unknown_label_is_ignored_and_crit_is_not() -> None:
    assert _judged(_sealed({-70000: "a note"})).outcome is Outcome.PASSED
    assert _judged(_sealed({-70000: "a note", CRIT: b""})).outcome is Outcome.FAILED


@pytest.mark.parametrize("label", [32, 33, 34, 35])
def test_a_header_that_brings_its_key_along_is_refused(label: int) -> None:
    assert _judged(_sealed({label: b"\x30"})).outcome is Outcome.FAILED


def test_the_key_of_somebody_else_is_refused() -> None:
    assert _judged(_sealed(key=OTHER_KEY)).outcome is Outcome.FAILED


@given(place=st.integers(0, len(_sealed()) - 1), bit=st.integers(0, 7))
def test_one_bit_changed_anywhere_is_refused(place: int, bit: int) -> None:
    raw = bytearray(_sealed())
    raw[place] ^= 1 << bit
    assert _judged(bytes(raw)).outcome is not Outcome.PASSED


def test_what_stands_in_the_unprotected_header_does_not_count() -> None:
    protected = encode_cbor({ALG: -8, CONTENT_TYPE: "application/vc", TYP: "application/vc+cose"})
    payload = to_bytes(credential())
    signature = KEY.sign(encode_cbor(["Signature1", protected, b"", payload]))
    raw = b"\xd2" + encode_cbor([protected, {KID: METHOD.encode()}, payload, signature])

    assert "KEY_NOT_AUTHORIZED" in _reasons(_judged(raw))


@pytest.mark.parametrize(
    "raw",
    [b"", b"\xd2", b"\xd2\x84", b"\xd2\x83\x40\xa0\x40", b"\x84\x40\xa0\xf6\x40", b"\xd2\x84\x41\xa0\xa0\x40\x40\x00"],
    ids=bytes.hex,
)
def test_what_is_no_array_of_four_is_refused(raw: bytes) -> None:
    with pytest.raises(CredentialsError):
        read_sign1(raw)


def test_a_data_url_of_cose_is_base64_and_one_of_a_token_is_not() -> None:
    raw = _sealed()
    whole = in_json(raw)
    bare = {**whole, "id": "data:application/vc+cose," + base64.b64encode(raw).decode()}
    loose = {**whole, "id": str(whole["id"]).rstrip("=") + "\n"}

    assert isinstance(open_secured(to_bytes(whole), None), EnvelopedToken)
    for wrong in (bare, loose):
        with pytest.raises(MalformedInput):
            open_secured(to_bytes(wrong), None)


@pytest.mark.parametrize(("number", "raw"), NEGATIVE.items())
def test_negative_numbers_are_written_and_read_as_published(number: int, raw: bytes) -> None:
    assert encode_cbor({1: number}) == b"\xa1\x01" + raw
    assert decode_header(b"\xa1\x01" + raw) == {1: number}


@pytest.mark.parametrize(
    "raw",
    [
        b"\x40",
        b"\xa1\x01",
        b"\xa2\x01\x26\x01\x26",
        b"\xa1\x41\x00\x00",
        b"\xa1\x01\xf6",
        b"\xbf\xff",
        b"\xa0\x00",
        b"\xa1\x01\xa0",
    ],
    ids=bytes.hex,
)
def test_a_header_that_could_be_read_in_two_ways_is_refused(raw: bytes) -> None:
    with pytest.raises(MalformedInput):
        decode_header(raw)


@given(st.binary(max_size=200))
def test_random_bytes_are_answered_with_a_named_problem(raw: bytes) -> None:
    for start in (b"", b"\xd2\x84", b"\x84\x58"):
        with pytest.raises(CredentialsError):
            open_secured(start + raw, "application/vc+cose")


@needs_shared
@pytest.mark.w3c("A4.4")
def test_the_published_envelope_verifies_with_its_key_and_says_what_it_is() -> None:
    text = shared_path("vectors", "vc-jose-cose", "credential-cose-minimal.txt").read_text().strip()
    sealed = read_sign1(base64.b64decode(text + "=" * (-len(text) % 4)))
    jwk = shared_json("vectors", "vc-jose-cose", "vm-p256.json")["publicKeyJwk"]

    sealed.verify(from_jwk(jwk))

    assert (sealed.header[CONTENT_TYPE], sealed.header[TYP]) == ("application/vc", "application/vc+cose")


@pytest.mark.parametrize("alg", [-257, -37, -47, -49])
def test_an_algorithm_of_others_is_not_supported_rather_than_wrong(alg: int) -> None:
    header = encode_cbor({ALG: alg, TYP: "application/vc+cose", KID: METHOD.encode()})
    raw = TAGGED[:1] + encode_cbor([header, {}, to_bytes(credential()), bytes(64)])

    with pytest.raises(Unsupported) as caught:
        read_sign1(raw)
    assert caught.value.problem.code == "UNSUPPORTED_ALGORITHM"

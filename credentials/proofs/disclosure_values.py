"""The two proof values of selective disclosure, base and derived, as bytes: a header, then CBOR.

The rule: exactly the members that the specification lists, each of its kind and length, nothing more.
Specification: ECDSA Cryptosuites 3.5.2 to 3.5.9 (serialize and parse base and derived proof values).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from credentials.encoding.cbor import Cbor, decode_cbor, encode_cbor
from credentials.encoding.multibase import decode_base64url, encode_base64url
from credentials.errors import CredentialsError, LimitReached, MalformedInput, ProofProblem
from credentials.keys.algorithms import KeyKind, PublicKey
from credentials.keys.codecs import from_multikey_bytes, multikey_bytes

BASE_HEADER: Final = b"\xd9\x5d\x00"
DERIVED_HEADER: Final = b"\xd9\x5d\x01"
VALUE_LIMIT: Final = 65_536  # characters: what every verifier keeps as one text
SIGNATURE_SIZE: Final = 64
SECRET_SIZE: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseValue:
    """What the issuer gives the holder: ``hmac_key`` and ``pointers`` never travel further."""

    signature: bytes
    public_key: PublicKey
    hmac_key: bytes
    signatures: tuple[bytes, ...]
    pointers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedValue:
    """What the holder shows: ``labels`` takes the number n of each canonical label c14nn to its HMAC, 32 bytes."""

    signature: bytes
    public_key: PublicKey
    signatures: tuple[bytes, ...]
    labels: Mapping[int, bytes]
    mandatory: tuple[int, ...]


def write_base(value: BaseValue) -> str:
    """``proofValue`` of a base proof (3.5.2). Raises LimitReached when no document may hold it."""
    key = multikey_bytes(value.public_key)
    return _write(BASE_HEADER, [value.signature, key, value.hmac_key, value.signatures, value.pointers])


def write_derived(value: DerivedValue) -> str:
    """``proofValue`` of a derived proof (3.5.7). Raises LimitReached as :func:`write_base`."""
    key = multikey_bytes(value.public_key)
    return _write(DERIVED_HEADER, [value.signature, key, value.signatures, value.labels, value.mandatory])


def read_base(text: str) -> BaseValue:
    """The members of a base ``proofValue`` (3.5.3).

    Raises:
        ProofProblem: PROOF_VERIFICATION_ERROR for a derived one. MalformedInput: MALFORMED_VALUE_ERROR.
    """
    signature, key, hmac_key, signatures, pointers = _read(text, BASE_HEADER)
    return BaseValue(
        signature=_bytes(signature, SIGNATURE_SIZE),
        public_key=_key(key),
        hmac_key=_bytes(hmac_key, SECRET_SIZE),
        signatures=_signatures(signatures),
        pointers=tuple(_text(pointer) for pointer in _list(pointers)),
    )


def read_derived(text: str) -> DerivedValue:
    """The members of a derived ``proofValue`` (3.5.8).

    Raises:
        ProofProblem: PROOF_VERIFICATION_ERROR for a base one. MalformedInput: MALFORMED_VALUE_ERROR.
    """
    signature, key, signatures, labels, mandatory = _read(text, DERIVED_HEADER)
    if not isinstance(labels, Mapping):
        raise _malformed("The label map is not a map.")
    return DerivedValue(
        signature=_bytes(signature, SIGNATURE_SIZE),
        public_key=_key(key),
        signatures=_signatures(signatures),
        labels={_number(number): _bytes(label, SECRET_SIZE) for number, label in labels.items()},
        mandatory=tuple(_number(index) for index in _list(mandatory)),
    )


def _write(header: bytes, members: list[Cbor]) -> str:
    text = "u" + encode_base64url(header + encode_cbor(members))
    if len(text) > VALUE_LIMIT:
        raise LimitReached(
            f"The proof value would have {len(text)} characters; it may have {VALUE_LIMIT}.",
            fix="Let more of the document be mandatory, or secure it with ecdsa-rdfc-2019.",
        )
    return text


def _read(text: str, header: bytes) -> list[Cbor]:
    raw = decode_base64url(text[1:]) if text[:1] == "u" else b""
    if raw[:3] != header:
        if raw[:3] in (BASE_HEADER, DERIVED_HEADER):
            raise ProofProblem(
                f"This is a {'base' if header == DERIVED_HEADER else 'derived'} proof.",
                pointer="/proofValue",
                fix="Derive a proof from the issuer's base proof, once, and show that one.",
            )
        raise _malformed("It is not multibase base64url with the header of this suite.")
    members = decode_cbor(raw[3:])
    if not isinstance(members, list) or len(members) != 5:
        raise _malformed("It is not an array of five members.")
    return members


def _signatures(value: Cbor) -> tuple[bytes, ...]:
    return tuple(_bytes(signature, SIGNATURE_SIZE) for signature in _list(value))


def _key(value: Cbor) -> PublicKey:
    try:
        key = from_multikey_bytes(_bytes(value, 35))
    except CredentialsError as error:
        raise _malformed("The key for the statements is not a P-256 multikey.") from error
    if key.kind is not KeyKind.P256:
        raise _malformed("The key for the statements is not a P-256 multikey.")
    return key


def _bytes(value: Cbor, size: int) -> bytes:
    if not isinstance(value, bytes) or len(value) != size:
        raise _malformed(f"A member is not {size} bytes.")
    return value


def _list(value: Cbor) -> list[Cbor]:
    if not isinstance(value, list):
        raise _malformed("A member is not an array.")
    return value


def _number(value: Cbor) -> int:
    if not isinstance(value, int):
        raise _malformed("A member is not a number.")
    return value


def _text(value: Cbor) -> str:
    if not isinstance(value, str):
        raise _malformed("A pointer is not a text.")
    return value


def _malformed(detail: str) -> MalformedInput:
    return MalformedInput(
        f"The proof value is malformed: {detail}", pointer="/proofValue", fix="Ask for the credential as it was made."
    )

"""Signing and checking signatures: the one door to ``cryptography`` on this floor.

The algorithm always comes from the key, never from a header. Keys are checked when they enter (points on the
curve, small-order Ed25519 points refused: OpenSSL accepts them, and the identity point "verifies" everything).
Specifications: RFC 8032; RFC 6979; FIPS 186-5; Controlled Identifiers 1.0 section 2.2; docs/requirements.md S51 to S57.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final, Protocol

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from credentials.errors import KeyProblem, ProofProblem


class KeyKind(StrEnum):
    """The key types of this program; the value is the JWK ``crv``. P-521 is for tokens only: no cryptosuite takes
    it.
    """

    ED25519 = "Ed25519"
    P256 = "P-256"
    P384 = "P-384"
    P521 = "P-521"


_CURVES: Final[dict[KeyKind, tuple[ec.EllipticCurve, hashes.HashAlgorithm, int]]] = {
    KeyKind.P256: (ec.SECP256R1(), hashes.SHA256(), 32),
    KeyKind.P384: (ec.SECP384R1(), hashes.SHA384(), 48),
    KeyKind.P521: (ec.SECP521R1(), hashes.SHA512(), 66),
}


def _ecdsa(digest: hashes.HashAlgorithm) -> ec.ECDSA:
    """ECDSA as RFC 6979 has it, so that no signature depends on chance, where the OpenSSL beneath can do that."""
    try:
        return ec.ECDSA(digest, deterministic_signing=True)
    except UnsupportedAlgorithm:
        return ec.ECDSA(digest)


_SIGNING: Final = {kind: _ecdsa(digest) for kind, (_, digest, _) in _CURVES.items()}
#: Bytes of a signature by a key of each kind (r‖s for the P curves).
SIGNATURE_SIZES: Final[dict[KeyKind, int]] = {
    KeyKind.ED25519: 64,
    KeyKind.P256: 64,
    KeyKind.P384: 96,
    KeyKind.P521: 132,
}
_FIELD: Final = 2**255 - 19
_Y8: Final = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD83D3D706A17C7
_SMALL_ORDER_Y: Final = frozenset({0, 1, _FIELD - 1, _Y8, _FIELD - _Y8})


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key: Ed25519 as 32 bytes, the P curves as compressed points (33, 49 and 67 bytes)."""

    kind: KeyKind
    raw: bytes

    def __post_init__(self) -> None:
        """Refuse what must not be used. Raises KeyProblem (KEY_INVALID)."""
        _load(self.kind, self.raw)

    def verify(self, signature: bytes, data: bytes) -> None:
        """Return if ``signature`` (64, 96 or 132 bytes, r‖s for the P curves) is this key's over ``data``.

        Raises:
            ProofProblem: PROOF_VERIFICATION_ERROR.
        """
        key = _load(self.kind, self.raw)
        try:
            if isinstance(key, ed25519.Ed25519PublicKey):
                key.verify(signature, data)
                return
            _, digest, size = _CURVES[self.kind]
            if len(signature) != 2 * size:
                raise ProofProblem(
                    f"The signature has {len(signature)} bytes instead of {2 * size}.",
                    fix="Sign with r‖s, fixed width.",
                )
            r, s = (int.from_bytes(part, "big") for part in (signature[:size], signature[size:]))
            key.verify(encode_dss_signature(r, s), data, ec.ECDSA(digest))
        except (InvalidSignature, ValueError) as error:
            raise ProofProblem(
                "The signature does not match the signed content and key.",
                fix="Ask the issuer for the credential as issued; something was changed after signing.",
            ) from error


class Signer(Protocol):
    """The signer port: bytes to sign in, signature out. The private key may live anywhere."""

    @property
    def public_key(self) -> PublicKey:
        """The key that checks what this signer signs."""
        ...

    def sign(self, data: bytes) -> bytes:
        """The signature over ``data``: 64 bytes (Ed25519, P-256), 96 (P-384) or 132 (P-521)."""
        ...


@dataclass(frozen=True, slots=True, repr=False)
class SigningKey:
    """A private key in memory. Its ``repr`` shows the public half only."""

    kind: KeyKind
    secret: bytes

    @classmethod
    def generate(cls, kind: KeyKind = KeyKind.ED25519) -> SigningKey:
        """A fresh key."""
        if kind is KeyKind.ED25519:
            return cls(kind, ed25519.Ed25519PrivateKey.generate().private_bytes_raw())
        curve, _, size = _CURVES[kind]
        number = ec.generate_private_key(curve).private_numbers().private_value
        return cls(kind, number.to_bytes(size, "big"))

    @property
    def public_key(self) -> PublicKey:
        """The public half."""
        key = self._private()
        if isinstance(key, ed25519.Ed25519PrivateKey):
            return PublicKey(self.kind, key.public_key().public_bytes_raw())
        return PublicKey(self.kind, _compressed(key.public_key()))

    def sign(self, data: bytes) -> bytes:
        """The signature over ``data``."""
        key = self._private()
        if isinstance(key, ed25519.Ed25519PrivateKey):
            return key.sign(data)
        return _sign_with(key, self.kind, data)

    def __repr__(self) -> str:
        return f"SigningKey({self.kind}, public={self.public_key.raw.hex()})"

    def _private(self) -> ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey:
        try:
            if self.kind is KeyKind.ED25519:
                return ed25519.Ed25519PrivateKey.from_private_bytes(self.secret)
            return ec.derive_private_key(int.from_bytes(self.secret, "big"), _CURVES[self.kind][0])
        except ValueError as error:
            raise KeyProblem("The private key is not one of its kind.", fix="Import it again.") from error


class OneTimeKey:
    """A P-256 key that lives as long as this object: loaded once, it signs many times and is never kept.

    ``secret`` is for known answers; without it the key is fresh.
    """

    __slots__ = ("_key", "public_key")

    def __init__(self, secret: bytes | None = None) -> None:
        curve = _CURVES[KeyKind.P256][0]
        self._key = (
            ec.generate_private_key(curve) if secret is None else ec.derive_private_key(int.from_bytes(secret), curve)
        )
        self.public_key = PublicKey(KeyKind.P256, _compressed(self._key.public_key()))

    def sign(self, data: bytes) -> bytes:
        """The signature over ``data``, 64 bytes."""
        return _sign_with(self._key, KeyKind.P256, data)


def fresh_secret(size: int) -> bytes:
    """``size`` bytes that nobody can guess; here and in fresh keys is where this floor asks chance."""
    return secrets.token_bytes(size)


def uncompressed_point(key: PublicKey) -> tuple[bytes, bytes]:
    """The coordinates x and y of a key on a P curve, fixed width (for a JWK)."""
    loaded = _load(key.kind, key.raw)
    if not isinstance(loaded, ec.EllipticCurvePublicKey):
        raise KeyProblem(f"A {key.kind} key has no second coordinate.")
    numbers, size = loaded.public_numbers(), _CURVES[key.kind][2]
    return numbers.x.to_bytes(size, "big"), numbers.y.to_bytes(size, "big")


def point_from_coordinates(kind: KeyKind, x: bytes, y: bytes) -> PublicKey:
    """A key on a P curve from JWK coordinates. Raises KeyProblem when they are not a point of the curve."""
    curve, _, size = _CURVES[kind]
    if len(x) != size or len(y) != size:
        raise KeyProblem(f"A {kind} coordinate has {size} bytes.", fix="Keep leading zero bytes.")
    try:
        key = ec.EllipticCurvePublicNumbers(int.from_bytes(x, "big"), int.from_bytes(y, "big"), curve).public_key()
    except ValueError as error:
        raise KeyProblem("The key is not a point of its curve.", fix="Publish the key again.") from error
    return PublicKey(kind, _compressed(key))


def _compressed(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)


def _sign_with(key: ec.EllipticCurvePrivateKey, kind: KeyKind, data: bytes) -> bytes:
    """r‖s of fixed width."""
    size = _CURVES[kind][2]
    r, s = decode_dss_signature(key.sign(data, _SIGNING[kind]))
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


@lru_cache(maxsize=4096)
def _load(kind: KeyKind, raw: bytes) -> ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey:
    cure = "Publish a fresh key; this one cannot protect anything."
    if kind is KeyKind.ED25519:
        if len(raw) != 32:
            raise KeyProblem(f"An Ed25519 key has 32 bytes, not {len(raw)}.", fix=cure)
        y = int.from_bytes(raw, "little") & ((1 << 255) - 1)
        if y >= _FIELD or y % _FIELD in _SMALL_ORDER_Y:
            raise KeyProblem("The Ed25519 key is a small-order or non-canonical point.", fix=cure)
        return ed25519.Ed25519PublicKey.from_public_bytes(raw)
    curve, _, size = _CURVES[kind]
    if len(raw) != size + 1 or raw[0] not in (2, 3):
        raise KeyProblem(f"A {kind} key is a compressed point of {size + 1} bytes.", fix=cure)
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(curve, raw)
    except ValueError as error:
        raise KeyProblem("The key is not a point of its curve.", fix=cure) from error

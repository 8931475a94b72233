"""Keys are checked when they enter, and signatures by the key's own algorithm."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.errors import KeyProblem, ProofProblem
from credentials.keys.algorithms import KeyKind, PublicKey, SigningKey, point_from_coordinates, uncompressed_point
from tests.corpus.making import KEY, P256_KEY

P384_KEY = SigningKey(KeyKind.P384, bytes(range(1, 49)))
FIELD = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
Y8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD83D3D706A17C7
SMALL = (0, 1, FIELD - 1, Y8, FIELD - Y8)


@pytest.mark.parametrize("key", [KEY, P256_KEY, P384_KEY], ids=lambda key: key.kind.value)
def test_a_signature_is_checked_by_its_key_and_no_other(key: SigningKey) -> None:
    signature = key.sign(b"data")

    key.public_key.verify(signature, b"data")
    for bad in (signature[:-1], signature + b"\0", bytes(len(signature)), signature[::-1]):
        with pytest.raises(ProofProblem):
            key.public_key.verify(bad, b"data")
    with pytest.raises(ProofProblem):
        key.public_key.verify(signature, b"Data")


@pytest.mark.parametrize("y", [*SMALL, FIELD, FIELD + 1, 2**255 - 1])
@pytest.mark.parametrize("sign", [0, 1])
def test_every_encoding_of_a_small_order_or_non_canonical_point_is_refused(y: int, sign: int) -> None:
    with pytest.raises(KeyProblem):
        PublicKey(KeyKind.ED25519, (y | sign << 255).to_bytes(32, "little"))


def test_a_signature_with_s_above_the_order_is_refused() -> None:
    signature = KEY.sign(b"data")
    s = int.from_bytes(signature[32:], "little") + ORDER

    with pytest.raises(ProofProblem):
        KEY.public_key.verify(signature[:32] + s.to_bytes(32, "little"), b"data")


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (KeyKind.ED25519, b""),
        (KeyKind.ED25519, bytes(31)),
        (KeyKind.P256, b"\x04" + b"\x01" * 64),
        (KeyKind.P256, b"\x05" + b"\x01" * 32),
        (KeyKind.P256, b"\x02" + b"\xff" * 32),
        (KeyKind.P256, b"\x00"),
        (KeyKind.P384, b"\x02" + b"\x01" * 32),
    ],
)
def test_what_is_no_point_of_its_curve_is_refused(kind: KeyKind, raw: bytes) -> None:
    with pytest.raises(KeyProblem):
        PublicKey(kind, raw)


@pytest.mark.parametrize("key", [P256_KEY, P384_KEY], ids=lambda key: key.kind.value)
def test_coordinates_come_back_as_the_same_key(key: SigningKey) -> None:
    x, y = uncompressed_point(key.public_key)

    assert point_from_coordinates(key.kind, x, y) == key.public_key
    for bad in ((x, x), (x[1:], y), (x + b"\0", y)):
        with pytest.raises(KeyProblem):
            point_from_coordinates(key.kind, *bad)


def test_an_ed25519_key_has_no_second_coordinate() -> None:
    with pytest.raises(KeyProblem):
        uncompressed_point(KEY.public_key)


def test_a_private_key_is_never_printed() -> None:
    assert KEY.secret.hex() not in repr(KEY)
    assert str(KEY.secret) not in repr(KEY)


def test_public_keys_pickle_for_worker_processes() -> None:
    assert pickle.loads(pickle.dumps(KEY.public_key)) == KEY.public_key


@given(st.binary(max_size=70))
def test_arbitrary_bytes_never_verify(signature: bytes) -> None:
    with pytest.raises(ProofProblem):
        KEY.public_key.verify(signature, b"data")

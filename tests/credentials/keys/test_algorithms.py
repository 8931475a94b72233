"""Keys are checked when they enter, and signatures by the key's own algorithm."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.errors import KeyProblem, ProofProblem
from credentials.keys.algorithms import (
    SIGNATURE_SIZES,
    KeyKind,
    OneTimeKey,
    PublicKey,
    SigningKey,
    fresh_secret,
    point_from_coordinates,
    uncompressed_point,
)
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
@pytest.mark.w3c("A3.7")
def test_every_encoding_of_a_small_order_or_non_canonical_point_is_refused(y: int, sign: int) -> None:
    with pytest.raises(KeyProblem):
        PublicKey(KeyKind.ED25519, (y | sign << 255).to_bytes(32, "little"))


@pytest.mark.w3c("A3.7")
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
@pytest.mark.w3c("A3.7")
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


@pytest.mark.parametrize(
    ("kind", "secret", "signature"),
    [  # RFC 6979 sections A.2.5 and A.2.6, message "sample", each with the hash of its curve
        (
            KeyKind.P256,
            "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
            "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716"
            "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8",
        ),
        (
            KeyKind.P384,
            "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D896D5724E4C70A825F872C9EA60D2EDF5",
            "94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C81A648152E44ACF96E36DD1E80FABE46"
            "99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94FA329C145786E679E7B82C71A38628AC8",
        ),
    ],
)
def test_ecdsa_signatures_do_not_depend_on_chance(kind: KeyKind, secret: str, signature: str) -> None:
    assert SigningKey(kind, bytes.fromhex(secret)).sign(b"sample") == bytes.fromhex(signature)


@pytest.mark.parametrize("key", [KEY, P256_KEY, P384_KEY], ids=lambda key: key.kind.value)
def test_a_signature_has_the_size_of_its_kind(key: SigningKey) -> None:
    assert len(key.sign(b"data")) == SIGNATURE_SIZES[key.kind]


def test_a_one_time_key_signs_like_the_key_it_is_and_is_fresh_unless_given() -> None:
    given = OneTimeKey(P256_KEY.secret)

    assert given.public_key == P256_KEY.public_key
    assert given.sign(b"data") == P256_KEY.sign(b"data")
    assert OneTimeKey().public_key != OneTimeKey().public_key


def test_fresh_secrets_differ() -> None:
    assert len({fresh_secret(32) for _ in range(8)}) == 8

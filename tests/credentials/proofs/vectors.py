"""Reading the W3C's EdDSA vectors: keys, stages, signed documents."""

from __future__ import annotations

from typing import Any

from credentials.encoding.multibase import decode_multibase
from credentials.keys.algorithms import KeyKind, PublicKey, SigningKey
from credentials.keys.codecs import from_multikey
from tests.shared import shared_json, shared_path

_PRIVATE_ED25519 = b"\x80\x26"


def key_pair(pair: dict[str, str]) -> tuple[SigningKey, PublicKey]:
    """A published test key: private and public half."""
    secret = decode_multibase(pair["privateKeyMultibase"])
    assert secret.startswith(_PRIVATE_ED25519)
    return SigningKey(KeyKind.ED25519, secret[2:]), from_multikey(pair["publicKeyMultibase"])


def stage(suite: str, name: str) -> str:
    """An intermediate value of the suite's vector, as text."""
    suffix = {"eddsa-rdfc-2022": "DataInt", "eddsa-jcs-2022": "JCS"}[suite]
    return shared_path("vectors", suite, f"{name}{suffix}.txt").read_bytes().decode("utf-8")


def signed(suite: str) -> Any:
    """The suite's signed document."""
    return shared_json("vectors", suite, {"eddsa-rdfc-2022": "signedDataInt.json"}.get(suite, "signedJCS.json"))


def vector_key() -> tuple[SigningKey, PublicKey]:
    """The key of both suites' vectors."""
    return key_pair(shared_json("vectors", "eddsa-rdfc-2022", "keyPair.json"))

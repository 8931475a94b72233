"""Reading the W3C's EdDSA and ECDSA vectors: keys, stages, signed documents."""

from __future__ import annotations

from typing import Any

from credentials.encoding.multibase import decode_multibase
from credentials.keys.algorithms import KeyKind, PublicKey, SigningKey
from credentials.keys.codecs import from_multikey
from tests.shared import shared_json, shared_path

#: Each suite's folder, what its file names end with, and the file that holds its key.
SOURCES = {
    "eddsa-rdfc-2022": ("eddsa-rdfc-2022", "DataInt", ("eddsa-rdfc-2022", "keyPair.json")),
    "eddsa-jcs-2022": ("eddsa-jcs-2022", "JCS", ("eddsa-rdfc-2022", "keyPair.json")),
    "ecdsa-rdfc-2019": ("ecdsa-rdfc-2019-p256", "ECDSAP256", ("ecdsa-rdfc-2019-p256", "p256KeyPair.json")),
    "ecdsa-jcs-2019": ("ecdsa-jcs-2019-p256", "JCSECDSAP256", ("ecdsa-rdfc-2019-p256", "p256KeyPair.json")),
}
_PRIVATE = {b"\x80\x26": KeyKind.ED25519, b"\x86\x26": KeyKind.P256}


def key_pair(pair: dict[str, str]) -> tuple[SigningKey, PublicKey]:
    """A published test key: private and public half."""
    secret = decode_multibase(pair.get("privateKeyMultibase") or pair["secretKeyMultibase"])
    return SigningKey(_PRIVATE[secret[:2]], secret[2:]), from_multikey(pair["publicKeyMultibase"])


def stage(suite: str, name: str) -> str:
    """An intermediate value of the suite's vector, as text."""
    folder, suffix, _ = SOURCES[suite]
    return shared_path("vectors", folder, f"{name}{suffix}.txt").read_bytes().decode("utf-8")


def signed(suite: str) -> Any:
    """The suite's signed document."""
    folder, suffix, _ = SOURCES[suite]
    return shared_json("vectors", folder, f"signed{suffix}.json")


def proof_config(suite: str) -> Any:
    """The suite's published proof options, with the context they are hashed with."""
    folder, suffix, _ = SOURCES[suite]
    return shared_json("vectors", folder, f"proofConfig{suffix}.json")


def vector_key(suite: str) -> tuple[SigningKey, PublicKey]:
    """The key of the suite's vector."""
    return key_pair(shared_json("vectors", *SOURCES[suite][2]))

"""Private keys at rest, and a signer by name.

Two layers: each private key is sealed with AES-256-GCM under a data key, the data key under a key-encryption key that
comes from a key file or, through Argon2id, from a passphrase. The associated data of each seal names DID, key and
purpose, so that a file moved to another place does not open. One key, one purpose. Files are 0600 and whole.
Python cannot promise to erase memory; clear keys live in this process only and never in a worker.
Specifications: NIST SP 800-38D; RFC 9106; security.md e.3, items 149, 150 and 160.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from credentials.encoding.jcs import canonical_json
from credentials.encoding.multibase import decode_base64url, encode_base64url
from credentials.errors import CredentialsError
from credentials.keys.algorithms import KeyKind, PublicKey, Signer, SigningKey
from credentials.keys.codecs import to_multikey
from node.disk import make_private_folder, read_private, write_private
from node.errors import FolderProblem, KeyringProblem

FOLDER: Final = "keys"
_VAULT: Final = "keyring.json"
_ARGON2ID: Final[Mapping[str, object]] = {"iterations": 3, "lanes": 1, "memory_cost": 65_536}  # 64 MiB, RFC 9106
_DAMAGED: Final = "Restore the key folder from its backup."

#: Fragment of the verification method → the relationship it serves (one key, one purpose).
PURPOSES: Final[Mapping[str, str]] = {"cred-1": "assertionMethod", "auth-1": "authentication"}

#: Multikeys whose private halves are printed in specifications and their test vectors.
PUBLISHED: Final = frozenset(
    {
        "z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw",  # RFC 8032 section 7.1, tests 1 to 3
        "z6MkiaMbhXHNA4eJVCCj8dbzKzTgYDKf6crKgHVHid1F1WCT",
        "z6MkwSD8dBdqcXQzKJZQFPy2hh2izzxskndKCjdmC2dBpfME",
        "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",  # Data Integrity EdDSA, appendix
        "z6MktgKTsu1QhX6QPbyqG6geXdw6FQCZBPq7uQpieWbiQiG7",  # proof sets and chains
        "z6MkhWqdDBPojHA7cprTGTt5yHv5yUi1B8cnXn8ReLumkw6E",
        "z6MkmEq87wkHCYnWnNZkigeDMGTN7oUw1upkhzd77KuXERS1",
        "z6Mkm1S51iPHJvDEkJ9MRtxJmT8Pqo6wHipAFwBAjN83vntT",
        "z6MkwYMhwTvsq376YBAcJHy3vyRWzBgn5vKfVqqDCgm7XVKU",  # did:key method
        "z6Mki9nreZk8rBG3GmpoNv1c235EATnNRQJ71nBuYZ8e1khf",  # VC-JOSE-COSE examples
        "zDnaeoiSHF2r8fVaUotggkLw78cxuvEYztmKyYS5rzW5x28dR",
        "z82Lkx7boSqAirsUQukqSTiMvvjKv4bGv3USEZGjMmDWkQb6yqY74RJxYhQZJFb8gywBZUy",
        "zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP",  # Data Integrity ECDSA, appendix
        "zDnaeTHfhmSaQKBc7CmdL3K7oYg3D6SC7yowe2eBeVd2DH32r",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyEntry:
    """A key as the outside may know it: ``name`` is the fragment of its verification method."""

    name: str
    purpose: str
    public_key: PublicKey


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Unlocking:
    """What opens the keyring: a key file's 32 bytes or a passphrase; its ``repr`` shows nothing."""

    key: bytes = b""
    passphrase: bytes = b""

    @classmethod
    def from_files(cls, *, key_file: Path | None, passphrase_file: Path | None) -> Self:
        """Read the one file that is given. Raises KeyringProblem or FolderProblem."""
        if passphrase_file is not None:
            passphrase = read_private(passphrase_file).strip()
            if len(passphrase) < 12:
                raise KeyringProblem(
                    "The passphrase has fewer than 12 characters.", code="KEYRING_LOCKED", fix="Use a longer one."
                )
            return cls(passphrase=passphrase)
        if key_file is None:
            raise KeyringProblem("No key file is named.", code="KEYRING_LOCKED", fix="Set key_file.")
        return cls(key=_decoded(read_private(key_file).decode("ascii", "replace").strip(), "The key file", size=32))

    def key_for(self, derivation: Mapping[str, object]) -> bytes:
        """The key-encryption key, by the method that the keyring states. Raises KeyringProblem."""
        if derivation.get("method") == "key-file" and self.key:
            return self.key
        if derivation.get("method") == "argon2id" and self.passphrase:
            if any(derivation.get(name) != value for name, value in _ARGON2ID.items()):
                raise KeyringProblem("The keyring asks for other work than this release does.", fix=_DAMAGED)
            salt = _decoded(derivation.get("salt"), "The keyring", size=16)
            return Argon2id(salt=salt, length=32, iterations=3, lanes=1, memory_cost=65_536).derive(self.passphrase)
        raise KeyringProblem(
            f"The keyring is locked by {derivation.get('method')}, and that is not what was given.",
            code="KEYRING_LOCKED",
            fix="Set key_file or passphrase_file as it was when the keyring was made.",
        )


class Keyring:
    """The opened keys of one issuer."""

    def __init__(self, did: str, keys: Mapping[str, SigningKey]) -> None:
        self.did = did
        self._keys = dict(keys)

    @classmethod
    def create(cls, data: Path, *, did: str, unlocking: Unlocking) -> Self:
        """Make a keyring with one fresh Ed25519 key for each purpose. Raises FolderProblem when one is there."""
        folder = data / FOLDER
        make_private_folder(folder)
        if (folder / _VAULT).exists():
            raise FolderProblem("The folder holds a keyring.", code="FOLDER_EXISTS", fix="Choose another folder.")
        derivation: dict[str, object] = {"method": "key-file"}
        if unlocking.passphrase:
            salt = encode_base64url(secrets.token_bytes(16))
            derivation = {"method": "argon2id", "salt": salt, **_ARGON2ID}
        data_key = AESGCM.generate_key(256)
        keys = {name: SigningKey.generate() for name in PURPOSES}
        for name, key in keys.items():
            _write_key(folder, did, name, key, data_key=data_key)
        vault = {"did": did, "derivation": derivation}
        sealed = _seal(unlocking.key_for(derivation), data_key, about=vault)
        write_private(folder / _VAULT, _json({**vault, "data_key": sealed}), replace=False)
        return cls(did, keys)

    @classmethod
    def open(cls, data: Path, *, did: str, unlocking: Unlocking, production: bool) -> Self:
        """Open every key of ``did``.

        Raises:
            FolderProblem: a file is missing or its mode is too wide.
            KeyringProblem: KEYRING_LOCKED, KEYRING_DAMAGED or KEY_PUBLISHED.
        """
        folder = data / FOLDER
        vault = _read(folder / _VAULT)
        if vault.get("did") != did:
            raise KeyringProblem(
                f"The keyring belongs to {str(vault.get('did'))[:120]}, not to {did}.", fix="Check did and --data."
            )
        derivation = vault.get("derivation")
        if not isinstance(derivation, dict):
            raise KeyringProblem("The keyring does not say how it is locked.", fix=_DAMAGED)
        about = {"did": did, "derivation": derivation}
        data_key = _open(unlocking.key_for(derivation), vault.get("data_key"), about=about, what="The keyring")
        keys = {name: _read_key(folder, did, name, data_key=data_key) for name in PURPOSES}
        if production:
            for name, key in keys.items():
                refuse_published(key.public_key, name)
        return cls(did, keys)

    def signer(self, name: str) -> Signer:
        """The signer of key ``name`` (cred-1, auth-1). Raises KeyringProblem (KEY_UNKNOWN)."""
        if name not in self._keys:
            raise KeyringProblem(f"There is no key {name!r}.", code="KEY_UNKNOWN", fix="List the keys.")
        return self._keys[name]

    @property
    def entries(self) -> tuple[KeyEntry, ...]:
        """The public side of every key."""
        return tuple(
            KeyEntry(name=name, purpose=PURPOSES[name], public_key=key.public_key) for name, key in self._keys.items()
        )

    def __repr__(self) -> str:
        return f"Keyring({self.did}, {sorted(self._keys)})"


def refuse_published(key: PublicKey, name: str) -> None:
    """Refuse a key whose private half anyone can read in a document. Raises KeyringProblem (KEY_PUBLISHED)."""
    if to_multikey(key) in PUBLISHED:
        raise KeyringProblem(
            f"The key {name} is a published test key: anyone can sign with it.",
            code="KEY_PUBLISHED",
            fix="Make a fresh keyring with init.",
        )


def new_key_file() -> bytes:
    """The content of a fresh key file."""
    return encode_base64url(secrets.token_bytes(32)).encode("ascii") + b"\n"


def _write_key(folder: Path, did: str, name: str, key: SigningKey, *, data_key: bytes) -> None:
    about = _about(did, name, key.kind, to_multikey(key.public_key))
    content = _json({**about, "sealed": _seal(data_key, key.secret, about=about)})
    write_private(folder / f"{name}.json", content)  # the vault comes last: without it these open nothing


def _read_key(folder: Path, did: str, name: str, *, data_key: bytes) -> SigningKey:
    value = _read(folder / f"{name}.json")
    try:
        kind = KeyKind(str(value.get("kind")))
    except ValueError as error:
        raise KeyringProblem(f"The key {name} is of an unknown kind.", fix=_DAMAGED) from error
    about = _about(did, name, kind, str(value.get("public")))
    key = SigningKey(kind, _open(data_key, value.get("sealed"), about=about, what=f"The key {name}"))
    if to_multikey(key.public_key) != value.get("public"):
        raise KeyringProblem(f"The key {name} does not match its public half.", fix=_DAMAGED)
    return key


def _about(did: str, name: str, kind: KeyKind, public: str) -> dict[str, object]:
    return {"did": did, "id": f"{did}#{name}", "purpose": PURPOSES[name], "kind": kind.value, "public": public}


def _seal(key: bytes, secret: bytes, *, about: Mapping[str, object]) -> str:
    nonce = secrets.token_bytes(12)
    return encode_base64url(nonce + AESGCM(key).encrypt(nonce, secret, canonical_json(about)))


def _open(key: bytes, sealed: object, *, about: Mapping[str, object], what: str) -> bytes:
    raw = _decoded(sealed, what)
    try:
        return AESGCM(key).decrypt(raw[:12], raw[12:], canonical_json(about))
    except (InvalidTag, ValueError) as error:
        raise KeyringProblem(
            f"{what} does not open: another passphrase, key file or issuer, or a changed file.",
            code="KEYRING_LOCKED",
            fix="Give the passphrase or key file it was made with, or restore the key folder from its backup.",
        ) from error


def _read(path: Path) -> dict[str, object]:
    try:
        value = json.loads(read_private(path))
    except ValueError as error:
        raise KeyringProblem(f"{path.name} is damaged or was written by half.", fix=_DAMAGED) from error
    if not isinstance(value, dict):
        raise KeyringProblem(f"{path.name} is damaged.", fix=_DAMAGED)
    return value


def _decoded(text: object, what: str, *, size: int | None = None) -> bytes:
    try:
        raw = decode_base64url(str(text))
    except CredentialsError as error:
        raise KeyringProblem(f"{what} is damaged.", fix=_DAMAGED) from error
    if size is not None and len(raw) != size:
        raise KeyringProblem(f"{what} is damaged: {len(raw)} bytes instead of {size}.", fix=_DAMAGED)
    return raw


def _json(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, indent=1).encode("utf-8") + b"\n"

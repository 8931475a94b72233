"""One key in one file, sealed so that only its own issuer, name and purpose open it.

Two layers: each private key is sealed with AES-256-GCM under a data key, the data key under a key-encryption key that
comes from a key file or, through Argon2id, from a passphrase. The associated data of each seal names DID, key and
purpose, so that a file moved to another place does not open; the key's life is sealed in the same way. Files are 0600
and whole. Python cannot promise to erase memory; clear keys live in the processes that answer for the node, never in
one that only judges documents.
Specifications: NIST SP 800-38D; RFC 9106; docs/threat-model.md#at-rest; docs/requirements.md S150 and S160.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from credentials.encoding.jcs import canonical_json
from credentials.encoding.moments import parse_moment
from credentials.encoding.multibase import decode_base64url, encode_base64url
from credentials.errors import CredentialsError
from credentials.keys.algorithms import KeyKind, PublicKey, SigningKey
from credentials.keys.codecs import from_multikey, to_multikey
from node.disk import locked, read_private, write_private
from node.errors import KeyringProblem

ARGON2ID: Final[Mapping[str, object]] = {"iterations": 3, "lanes": 1, "memory_cost": 65_536}  # 64 MiB, RFC 9106
DAMAGED: Final = "Restore the key folder from its backup."
#: The files of the keys: name, number on the disk and time of each.
Stamp = tuple[tuple[str, int, int], ...]
_TURN: Final = "keyring.lock"
_LIFE: Final = ("since", "expires", "revoked")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyEntry:
    """A key as the outside may know it: ``name`` is the fragment of its verification method, ``purpose`` its use.

    It signs from ``since`` on (None: always did), verifies what was signed before ``expires``, and what was signed
    from ``revoked`` on is not its owner's word. ``kept`` says whether the private half is still here.
    """

    name: str
    purpose: str
    public_key: PublicKey
    since: datetime | None = None
    expires: datetime | None = None
    revoked: datetime | None = None
    kept: bool = True

    def signs_at(self, at: datetime) -> bool:
        """May it sign at ``at``?"""
        begun = self.since is None or self.since <= at
        return self.kept and begun and self.revoked is None and (self.expires is None or at < self.expires)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Unlocking:
    """What opens the keyring: a key file's 32 bytes or a passphrase; its ``repr`` shows nothing."""

    key: bytes = b""
    passphrase: bytes = b""

    def __repr__(self) -> str:
        return "Unlocking(…)"

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
        return cls(key=decoded(read_private(key_file).decode("ascii", "replace").strip(), "The key file", size=32))

    def key_for(self, derivation: Mapping[str, object]) -> bytes:
        """The key-encryption key, by the method that the keyring states. Raises KeyringProblem."""
        if derivation.get("method") == "key-file" and self.key:
            return self.key
        if derivation.get("method") == "argon2id" and self.passphrase:
            if any(derivation.get(name) != value for name, value in ARGON2ID.items()):
                raise KeyringProblem("The keyring asks for other work than this release does.", fix=DAMAGED)
            salt = decoded(derivation.get("salt"), "The keyring", size=16)
            return Argon2id(salt=salt, length=32, iterations=3, lanes=1, memory_cost=65_536).derive(self.passphrase)
        raise KeyringProblem(
            f"The keyring is locked by {derivation.get('method')}, and that is not what was given.",
            code="KEYRING_LOCKED",
            fix="Set key_file or passphrase_file as it was when the keyring was made.",
        )


@dataclass(frozen=True, slots=True, repr=False)
class Vault:
    """Where the keys of ``did`` lie, and the data key that seals them; its ``repr`` shows nothing."""

    folder: Path
    did: str
    data_key: bytes

    def stamp(self) -> Stamp:
        """What changes whenever a key's file does: a file is never changed, but replaced by another one."""
        with os.scandir(self.folder) as found:
            files = [file for file in found if file.name.endswith(".json") and not file.name.startswith(".")]
            about = [(file.name, file.inode(), file.stat().st_mtime_ns) for file in files]
        return tuple(sorted(about))

    @contextmanager
    def in_turn(self) -> Iterator[None]:
        """Wait until no other process of the node changes keys; none does so until this ends."""
        with locked(self.folder / _TURN):
            yield

    def write(self, entry: KeyEntry, key: SigningKey | None) -> None:
        """Write the file of one key; without ``key`` its private half is gone from then on."""
        about = self._about(entry.name, entry.purpose, entry.public_key.kind, to_multikey(entry.public_key))
        life = {name: _exact(moment) for name in _LIFE if (moment := getattr(entry, name)) is not None}
        content: dict[str, object] = dict(about)
        if key is not None:
            content["sealed"] = seal(self.data_key, key.secret, about=about)
        if life or key is None:
            content |= {"life": life, "lifeSeal": seal(self.data_key, b"", about={**about, "life": life})}
        write_private(self.folder / f"{entry.name}.json", as_json(content))

    def read(self, name: str, purpose: str) -> tuple[KeyEntry, SigningKey | None]:
        """One key as it was written. Raises KeyringProblem or FolderProblem."""
        value = read_json(self.folder / f"{name}.json")
        try:
            kind = KeyKind(str(value.get("kind")))
        except ValueError as error:
            raise KeyringProblem(f"The key {name} is of an unknown kind.", fix=DAMAGED) from error
        about, what = self._about(name, purpose, kind, str(value.get("public"))), f"The key {name}"
        if "sealed" not in value and "lifeSeal" not in value:
            raise KeyringProblem(f"{what} is damaged: it holds no key.", fix=DAMAGED)
        key = None
        if "sealed" in value:
            key = SigningKey(kind, unseal(self.data_key, value["sealed"], about=about, what=what))
            if to_multikey(key.public_key) != value.get("public"):
                raise KeyringProblem(f"{what} does not match its public half.", fix=DAMAGED)
        life = self._life(value, about, what)
        entry = KeyEntry(
            name=name,
            purpose=purpose,
            public_key=_public(value, what),
            since=life.get("since"),
            expires=life.get("expires"),
            revoked=life.get("revoked"),
            kept=key is not None,
        )
        return entry, key

    def _life(self, value: Mapping[str, object], about: Mapping[str, object], what: str) -> dict[str, datetime]:
        if "lifeSeal" not in value and "life" not in value:
            return {}
        life = value.get("life")
        unseal(self.data_key, value.get("lifeSeal"), about={**about, "life": life}, what=f"The life of {what[4:]}")
        return {str(name): parse_moment(text) for name, text in life.items()} if isinstance(life, dict) else {}

    def _about(self, name: str, purpose: str, kind: KeyKind, public: str) -> dict[str, object]:
        return {"did": self.did, "id": f"{self.did}#{name}", "purpose": purpose, "kind": kind.value, "public": public}


def _exact(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def new_key_file() -> bytes:
    """The content of a fresh key file."""
    return encode_base64url(secrets.token_bytes(32)).encode("ascii") + b"\n"


def seal(key: bytes, secret: bytes, *, about: Mapping[str, object]) -> str:
    """``secret`` sealed under ``key``, bound to ``about``."""
    nonce = secrets.token_bytes(12)
    return encode_base64url(nonce + AESGCM(key).encrypt(nonce, secret, canonical_json(about)))


def unseal(key: bytes, sealed: object, *, about: Mapping[str, object], what: str) -> bytes:
    """What :func:`seal` sealed. Raises KeyringProblem (KEYRING_LOCKED)."""
    raw = decoded(sealed, what)
    try:
        return AESGCM(key).decrypt(raw[:12], raw[12:], canonical_json(about))
    except (InvalidTag, ValueError) as error:
        raise KeyringProblem(
            f"{what} does not open: another passphrase, key file or issuer, or a changed file.",
            code="KEYRING_LOCKED",
            fix="Give the passphrase or key file it was made with, or restore the key folder from its backup.",
        ) from error


def read_json(path: Path) -> dict[str, object]:
    """One file of the keyring. Raises KeyringProblem or FolderProblem."""
    try:
        value = json.loads(read_private(path))
    except ValueError as error:
        raise KeyringProblem(f"{path.name} is damaged or was written by half.", fix=DAMAGED) from error
    if not isinstance(value, dict):
        raise KeyringProblem(f"{path.name} is damaged.", fix=DAMAGED)
    return value


def as_json(value: Mapping[str, object]) -> bytes:
    """One file of the keyring, to be looked at by people too."""
    return json.dumps(value, indent=1).encode("utf-8") + b"\n"


def decoded(text: object, what: str, *, size: int | None = None) -> bytes:
    """The bytes of base64url ``text``. Raises KeyringProblem."""
    try:
        raw = decode_base64url(str(text))
    except CredentialsError as error:
        raise KeyringProblem(f"{what} is damaged.", fix=DAMAGED) from error
    if size is not None and len(raw) != size:
        raise KeyringProblem(f"{what} is damaged: {len(raw)} bytes instead of {size}.", fix=DAMAGED)
    return raw


def _public(value: Mapping[str, object], what: str) -> PublicKey:
    try:
        return from_multikey(value.get("public"))
    except CredentialsError as error:
        raise KeyringProblem(f"{what} is damaged: its public half is no key.", fix=DAMAGED) from error

"""The opened keys of one issuer: several for each purpose, the newest signs, the older ones verify what they signed.

The rule: one key, one purpose. What lies in the folder holds: processes of one node see each other's changes at once
and make their own in turn. A key is named by purpose and number (cred-1, cred-2, …); its successor is published
before it signs, and what is retired or compromised keeps its public half, so that old credentials stay decidable.
Specifications: Controlled Identifiers 1.0 section 2.2; docs/threat-model.md#at-rest; docs/requirements.md S71 and S151.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Self

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from credentials.encoding.multibase import encode_base64url
from credentials.keys.algorithms import Signer, SigningKey
from node.disk import make_private_folder, write_private
from node.errors import Conflict, FolderProblem, KeyringProblem
from node.keyring.key_files import (
    ARGON2ID,
    DAMAGED,
    KeyEntry,
    Stamp,
    Unlocking,
    Vault,
    as_json,
    read_json,
    seal,
    unseal,
)
from node.keyring.published import refuse_published

FOLDER: Final = "keys"
_VAULT: Final = "keyring.json"
_NAME: Final = re.compile(r"(cred|auth)-([1-9][0-9]{0,5})")

#: First part of a key's name → the relationship that such keys serve.
RELATIONSHIPS: Final[Mapping[str, str]] = {"cred": "assertionMethod", "auth": "authentication"}
#: The keys of a new keyring: fragment of the verification method → relationship.
PURPOSES: Final[Mapping[str, str]] = {f"{word}-1": purpose for word, purpose in RELATIONSHIPS.items()}


class Keyring:
    """The opened keys of one issuer; without a ``vault`` they are in memory only and cannot be changed."""

    def __init__(self, did: str, keys: Mapping[str, SigningKey], *, vault: Vault | None = None) -> None:
        self.did = did
        self._vault = vault
        self._entries = {
            name: KeyEntry(name=name, purpose=_relationship(name), public_key=key.public_key)
            for name, key in keys.items()
        }
        self._keys = dict(keys)
        self._read: Stamp = ()

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
            derivation = {"method": "argon2id", "salt": salt, **ARGON2ID}
        vault = Vault(folder, did, AESGCM.generate_key(256))
        ring = cls(did, {name: SigningKey.generate() for name in PURPOSES}, vault=vault)
        for name, entry in ring._entries.items():
            vault.write(entry, ring._keys[name])  # the vault comes last: without it these open nothing
        about: dict[str, object] = {"did": did, "derivation": derivation}
        sealed = seal(unlocking.key_for(derivation), vault.data_key, about=about)
        write_private(folder / _VAULT, as_json({**about, "data_key": sealed}), replace=False)
        return ring

    @classmethod
    def open(cls, data: Path, *, did: str, unlocking: Unlocking, production: bool) -> Self:
        """Open every key of ``did``.

        Raises:
            FolderProblem: a file is missing or its mode is too wide.
            KeyringProblem: KEYRING_LOCKED, KEYRING_DAMAGED or KEY_PUBLISHED.
        """
        folder = data / FOLDER
        stated = read_json(folder / _VAULT)
        if stated.get("did") != did:
            raise KeyringProblem(
                f"The keyring belongs to {str(stated.get('did'))[:120]}, not to {did}.", fix="Check did and --data."
            )
        derivation = stated.get("derivation")
        if not isinstance(derivation, dict):
            raise KeyringProblem("The keyring does not say how it is locked.", fix=DAMAGED)
        about = {"did": did, "derivation": derivation}
        data_key = unseal(unlocking.key_for(derivation), stated.get("data_key"), about=about, what="The keyring")
        ring = cls(did, {}, vault=Vault(folder, did, data_key))
        ring._refresh()
        if production:
            for entry in ring.entries:
                refuse_published(entry.public_key, entry.name)
        return ring

    def signer(self, name: str) -> Signer:
        """The signer of key ``name`` (cred-1, auth-1). Raises KeyringProblem (KEY_UNKNOWN)."""
        self._refresh()
        if name not in self._keys:
            raise KeyringProblem(f"There is no key {name!r} to sign with.", code="KEY_UNKNOWN", fix="List the keys.")
        return self._keys[name]

    def current(self, word: str, *, at: datetime) -> KeyEntry:
        """The newest key of a purpose (cred or auth) that may sign at ``at``. Raises KeyringProblem (KEY_UNKNOWN)."""
        self._refresh()
        usable = [entry for entry in self._of(word) if entry.signs_at(at)]
        if not usable:
            raise KeyringProblem(
                f"No {word} key may sign at this time.", code="KEY_UNKNOWN", fix="Run keys rotate to make one."
            )
        return usable[-1]

    def rotate(self, word: str, *, at: datetime, wait: timedelta) -> tuple[KeyEntry, KeyEntry]:
        """Publish a new key of a purpose that signs after ``wait``; the one before it, and the new one.

        Private halves whose time is over are destroyed.

        Raises:
            Conflict: the newest key has not begun to sign.
            KeyringProblem: KEY_UNKNOWN, there is no such purpose or no key of it.
        """
        with self._writable().in_turn():
            self._refresh()
            return self._rotate(word, at=at, wait=wait)

    def _rotate(self, word: str, *, at: datetime, wait: timedelta) -> tuple[KeyEntry, KeyEntry]:
        before = self._newest(word)
        begins = _whole_second(at + wait)
        if before.since is not None and before.since > at:
            raise Conflict(
                f"{before.name} is published and signs from {before.since.isoformat()} on.",
                fix="Let it begin before it is replaced.",
            )
        new = self._add(word, since=begins)
        self._retire(at)
        ends = begins if before.revoked is None else before.expires
        return self._change(replace(before, expires=ends)), new

    def compromised(self, name: str, *, since: datetime, at: datetime) -> tuple[KeyEntry, KeyEntry | None]:
        """Mark ``name`` as in foreign hands from ``since`` on; it, and the key that takes its place at once if any.

        Its private half is destroyed. An earlier moment replaces a later one, never the reverse.

        Raises:
            Conflict: ``since`` lies in the future.
            KeyringProblem: KEY_UNKNOWN.
        """
        with self._writable().in_turn():
            self._refresh()
            return self._compromised(name, since=since, at=at)

    def _compromised(self, name: str, *, since: datetime, at: datetime) -> tuple[KeyEntry, KeyEntry | None]:
        if name not in self._entries:
            raise KeyringProblem(f"There is no key {name!r}.", code="KEY_UNKNOWN", fix="List the keys.")
        if since > at:
            raise Conflict("A key is compromised from now on at the latest.", fix="State a moment that has passed.")
        old = self._entries[name]
        word = name.partition("-")[0]
        since = since.replace(microsecond=0)
        revoked = since if old.revoked is None else min(since, old.revoked)
        marked = self._change(replace(old, revoked=revoked, kept=False))
        if any(entry.signs_at(at) for entry in self._of(word)):
            return marked, None
        return marked, self._add(word, since=at)

    @property
    def entries(self) -> tuple[KeyEntry, ...]:
        """The public side of every key, by purpose and number."""
        self._refresh()
        return tuple(self._entries[name] for name in _in_order(self._entries))

    def _refresh(self) -> None:
        """Read the files anew if another process of the node has changed them since: a few microseconds if not."""
        if self._vault is None:
            return
        stamp = self._vault.stamp()
        if stamp == self._read:
            return
        read = [self._vault.read(name, _relationship(name)) for name in _names(self._vault.folder)]
        self._entries, self._keys = {}, {}
        for entry, key in read:
            self._take(entry, key)
        self._read = stamp

    def _take(self, entry: KeyEntry, key: SigningKey | None) -> None:
        self._entries[entry.name] = entry
        if key is not None:
            self._keys[entry.name] = key

    def _of(self, word: str) -> list[KeyEntry]:
        return [entry for entry in self._entries.values() if entry.name.partition("-")[0] == word]

    def _newest(self, word: str) -> KeyEntry:
        entries = self._of(word)
        if not entries:
            raise KeyringProblem(f"There is no key for {word!r}.", code="KEY_UNKNOWN", fix="Use cred or auth.")
        return entries[-1]

    def _add(self, word: str, *, since: datetime) -> KeyEntry:
        number = int(self._newest(word).name.partition("-")[2]) + 1
        key, name = SigningKey.generate(), f"{word}-{number}"
        entry = KeyEntry(name=name, purpose=RELATIONSHIPS[word], public_key=key.public_key, since=since)
        self._writable().write(entry, key)
        self._take(entry, key)
        return entry

    def _change(self, entry: KeyEntry) -> KeyEntry:
        if not entry.kept:
            self._keys.pop(entry.name, None)
        self._writable().write(entry, self._keys.get(entry.name))
        self._entries[entry.name] = entry
        return entry

    def _retire(self, at: datetime) -> None:
        for entry in list(self._entries.values()):
            if entry.kept and entry.expires is not None and entry.expires <= at:
                self._change(replace(entry, kept=False))

    def _writable(self) -> Vault:
        if self._vault is None:
            raise KeyringProblem("These keys are in memory only.", code="KEY_UNKNOWN", fix="Use a node with a folder.")
        return self._vault

    def __repr__(self) -> str:
        return f"Keyring({self.did}, {sorted(self._keys)})"


def _whole_second(at: datetime) -> datetime:
    """Not before ``at``: what is published and signed is written in seconds, and must not overlap."""
    return at if at.microsecond == 0 else at.replace(microsecond=0) + timedelta(seconds=1)


def _names(folder: Path) -> list[str]:
    """The keys of a folder by purpose and number; the first of each purpose must be there."""
    return _in_order({path.stem for path in folder.glob("*.json")} | set(PURPOSES))


def _in_order(names: Iterable[str]) -> list[str]:
    matches = [match for name in names if (match := _NAME.fullmatch(name))]
    words = list(RELATIONSHIPS)
    return [match[0] for match in sorted(matches, key=lambda match: (words.index(match[1]), int(match[2])))]


def _relationship(name: str) -> str:
    return RELATIONSHIPS[name.partition("-")[0]]

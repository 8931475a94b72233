"""Replacing keys: on time, so that nobody notices, or at once, because one is in foreign hands.

    rotate        the new key is published beside the old one, signs once others have had time to see it, and the old
                  one is published with the end of its time, so that what it signed stays good
    compromised   the key is published as revoked from a moment on and its private half destroyed; what it signed
                  later is nobody's word, what it signed earlier cannot be told from a back-dated forgery

The rule: a step and its line in the audit log happen together; key and line name the key, never hold it.
Specifications: Controlled Identifiers 1.0 section 2.2; docs/threat-model.md#at-rest; docs/requirements.md S71 and S151.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from credentials.encoding.document import Json
from credentials.encoding.moments import format_moment
from node.keyring import KeyEntry, Keyring
from node.store import AuditLine, Store, Transaction

#: For how long others may go on using our DID document as they fetched it.
WAIT: Final = timedelta(minutes=5)
LONGEST_WAIT: Final = timedelta(days=30)
_TICK: Final = timedelta(microseconds=1)
_LAST: Final = datetime(9999, 1, 1, tzinfo=UTC)
_FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """The key that ends and the one that begins."""

    before: KeyEntry
    new: KeyEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """A credential that the key signed: ``refused`` by verifiers from now on, or in doubt (undetermined)."""

    url: str
    created: datetime
    refused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Compromise:
    """The marked key, the one that took its place at once (None: another was signing), and what it had signed."""

    key: KeyEntry
    replacement: KeyEntry | None
    affected: tuple[Affected, ...]


class KeyCare:
    """Changes the keys of one node."""

    def __init__(self, *, keyring: Keyring, store: Store) -> None:
        self._keyring = keyring
        self._store = store

    async def rotate(self, word: str, *, at: datetime, wait: timedelta = WAIT, actor: str = "operator") -> Rotation:
        """Put a new key beside the newest of a purpose (cred or auth); it signs after ``wait``.

        Raises:
            Conflict: the last rotation is under way.
            KeyringProblem: KEY_UNKNOWN.
        """
        async with self._store.writing() as tx:
            before, new = self._keyring.rotate(word, at=at, wait=wait)
            await self._note(tx, "key.rotate", new, at=at, actor=actor)
        return Rotation(before=before, new=new)

    async def compromised(self, name: str, *, since: datetime, at: datetime, actor: str = "operator") -> Compromise:
        """Mark the key ``name`` (cred-1, …) as in foreign hands from ``since`` on, and list what it signed.

        Raises:
            Conflict: ``since`` lies in the future.
            KeyringProblem: KEY_UNKNOWN.
        """
        async with self._store.writing() as tx:
            key, replacement = self._keyring.compromised(name, since=since, at=at)
            await self._note(tx, "key.compromised", key, at=at, actor=actor)
            if replacement is not None:
                await self._note(tx, "key.rotate", replacement, at=at, actor=actor)
            affected = await self._signed_by(tx, key, at) if key.purpose == "assertionMethod" else ()
        return Compromise(key=key, replacement=replacement, affected=affected)

    async def _note(self, tx: Transaction, action: str, key: KeyEntry, *, at: datetime, actor: str) -> None:
        line = AuditLine(actor=actor, action=action, object=f"{self._keyring.did}#{key.name}")
        await tx.audit.append(line, at=at)

    async def _signed_by(self, tx: Transaction, key: KeyEntry, at: datetime) -> tuple[Affected, ...]:
        """By the time of issue: a key signs from its ``since`` until the next one of its purpose begins."""
        end = min(self._begins_after(key), key.expires or at, at) + _TICK
        made = await tx.issued.made_between(key.since or _FIRST, end)
        revoked = key.revoked or at
        return tuple(Affected(url=item.url, created=item.created, refused=item.created >= revoked) for item in made)

    def _begins_after(self, key: KeyEntry) -> datetime:
        names: Sequence[KeyEntry] = [entry for entry in self._keyring.entries if entry.purpose == key.purpose]
        later = names[names.index(key) + 1 :]
        return min((entry.since for entry in later if entry.since), default=_LAST)


def rotation_json(rotation: Rotation) -> dict[str, Json]:
    """A rotation as it is told."""
    return {"before": key_json(rotation.before), "new": key_json(rotation.new)}


def compromise_json(compromise: Compromise) -> dict[str, Json]:
    """A compromise as it is told, the credentials oldest first."""
    return {
        "key": key_json(compromise.key),
        "replacement": key_json(compromise.replacement) if compromise.replacement else None,
        "affected": [
            {
                "id": item.url,
                "issued": format_moment(item.created),
                "standing": "refused" if item.refused else "doubtful",
            }
            for item in compromise.affected
        ],
    }


def key_json(key: KeyEntry) -> dict[str, Json]:
    """A key as it is told: its name, its purpose and the ends of its life."""
    return {
        "name": key.name,
        "purpose": key.purpose,
        **{
            word: format_moment(moment)
            for word, moment in (("since", key.since), ("expires", key.expires), ("revoked", key.revoked))
            if moment is not None
        },
    }

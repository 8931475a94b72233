"""Status lists that were verified, kept from one judgement to the next: the same bytes are not checked again.

The rule: what is kept is what bytes, contexts and keys decide and time does not. Every use finds the keys anew in the
evidence of that moment and goes through their lives and the proofs' own times again; with another key, a revoked one
or an expired proof the list is verified in full, so that it is never told more than it would be then. Whether the list
itself is still valid is asked by whoever reads a bit (:func:`credentials.status.entries.read_status`).
performance.md section 8 item 7; security.md items 67, 71 and 95.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from contexts.library import ContextLibrary
from credentials.encoding.document import Sha256, sha256_hex
from credentials.errors import CredentialsError
from credentials.evidence import Evidence
from credentials.keys.algorithms import PublicKey
from credentials.keys.codecs import thumbprint
from credentials.proofs.integrity import check_stated
from credentials.verdict import Outcome, worst
from credentials.verify.binding import keys_of
from credentials.verify.integrity import Integrity, examine
from credentials.verify.roles import Role
from credentials.verify.signatures import Signature

MOST: Final = 64  # lists of one process; a list has at most a few hundred KiB

_Key = tuple[Sha256, str | None, str, Role]


@dataclass(frozen=True, slots=True)
class _Kept:
    """One list that passed, and the thumbprints of the keys with which its signatures held."""

    integrity: Integrity
    keys: tuple[str, ...]


class KeptLists:
    """The lists that one process verified last, at most ``most``; ``checked`` counts those verified in full."""

    def __init__(self, *, most: int = MOST) -> None:
        self._most = most
        self._kept: dict[_Key, _Kept] = {}
        self.checked = 0

    def __len__(self) -> int:
        return len(self._kept)

    def examine(
        self,
        raw: bytes,
        media_type: str | None,
        evidence: Evidence,
        role: Role,
        *,
        at: datetime,
        contexts: ContextLibrary,
    ) -> Integrity:
        """What :func:`credentials.verify.integrity.examine` says of a list, at less cost where it said so before."""
        key = (sha256_hex(raw), media_type, contexts.fingerprint, role)
        kept = self._kept.pop(key, None)
        if kept is None or not _holds(kept, evidence, role, at):
            self.checked += 1
            integrity = examine(raw, media_type, evidence, role, at=at, contexts=contexts)
            if worst(integrity.checks) is not Outcome.PASSED or integrity.document is None:
                return integrity
            kept = _Kept(integrity, tuple(thumbprint(one) for one in _keys(integrity, evidence, role, at)))
        self._kept[key] = kept  # the last one used goes last
        while len(self._kept) > self._most:
            del self._kept[next(iter(self._kept))]
        return kept.integrity


def _holds(kept: _Kept, evidence: Evidence, role: Role, at: datetime) -> bool:
    """Are the keys at ``at`` those that its signatures held with, and may its proofs still be used?"""
    try:
        keys = _keys(kept.integrity, evidence, role, at)
        for signature, key in zip(_signatures(kept.integrity), keys, strict=True):
            if signature.proof is not None:
                check_stated(signature.proof, kind=key.kind, purpose=role.purpose, at=at)
    except CredentialsError:
        return False
    return tuple(thumbprint(key) for key in keys) == kept.keys


def _keys(integrity: Integrity, evidence: Evidence, role: Role, at: datetime) -> list[PublicKey]:
    value = integrity.document.value if integrity.document is not None else {}
    return keys_of(_signatures(integrity), value, evidence, purpose=role.purpose, at=at)


def _signatures(integrity: Integrity) -> tuple[Signature, ...]:
    return (*integrity.signatures, *integrity.previous)

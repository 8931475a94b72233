"""Which of several versions of a credential speaks now, and which are history (PV-CRED-7).

The rule: only the same issuer can replace its own word, about the same subject, with a later ``validFrom``. Versions
that begin at the same moment both stand, so that a disagreement is seen and not decided by chance. Of one credential in
several securing forms, one is read: the one whose bytes have the least digest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from credentials.encoding.document import Sha256
from credentials.identifiers.about import lot_of
from credentials.identifiers.canonical_ids import given_or_canonical
from credentials.trust.standing import issued
from credentials.untp.json_reading import JsonPlace, subjects_of
from credentials.untp.kinds import kind_of
from credentials.untp.values import read_product_reference
from credentials.verdict import VerifiedCredential

_BEGINNING = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Change:
    """What an arrival changes: the credentials that speak from now on, and those that do not speak any more."""

    speaks: tuple[VerifiedCredential, ...] = ()
    silent: tuple[VerifiedCredential, ...] = ()


@dataclass(slots=True)
class _Family:
    """The versions of one word, by credential digest."""

    begins: datetime
    current: dict[Sha256, VerifiedCredential] = field(default_factory=dict)
    older: dict[Sha256, VerifiedCredential] = field(default_factory=dict)


class Versions:
    """Credentials by what they are a version of; the same whatever order they were added in."""

    def __init__(self) -> None:
        self._families: dict[tuple[str, ...], _Family] = {}
        self._kept: dict[Sha256, VerifiedCredential] = {}

    def add(self, credential: VerifiedCredential) -> Change:
        """Take one in."""
        digest, begins = credential.credential_digest, _begins(credential)
        family = self._families.setdefault(_family(credential), _Family(begins))
        held = family.current if begins >= family.begins else family.older
        other = held.get(digest)
        if other is not None and other.object_digest <= credential.object_digest:
            return Change()
        silent = [other] if other is not None and held is family.current else []
        if begins > family.begins:
            silent = list(family.current.values())
            family.older |= family.current
            family.current, family.begins = {}, begins
            held = family.current
        held[digest] = self._kept[digest] = credential
        return Change(speaks=(credential,) if held is family.current else (), silent=tuple(silent))

    def keeps(self, credential: VerifiedCredential) -> bool:
        """Is it the form of its credential that is read?"""
        return self._kept.get(credential.credential_digest) is credential

    def kept(self, credential: VerifiedCredential) -> VerifiedCredential:
        """The form of the same credential that is read."""
        return self._kept[credential.credential_digest]

    @property
    def current(self) -> tuple[VerifiedCredential, ...]:
        """Those that speak now, sorted."""
        return _sorted(one for family in self._families.values() for one in family.current.values())

    @property
    def older(self) -> tuple[VerifiedCredential, ...]:
        """Those that were replaced, sorted."""
        return _sorted(one for family in self._families.values() for one in family.older.values())

    @property
    def superseded(self) -> dict[Sha256, str]:
        """For the digest of each that was replaced the id of what replaced it."""
        return {
            digest: family.current[max(family.current)].id
            for family in self._families.values()
            for digest in family.older
        }


def _family(credential: VerifiedCredential) -> tuple[str, ...]:
    """Issuer, type and subject; a credential of no UNTP kind is replaced only under its own id."""
    kind = kind_of(credential.value)
    if kind is None:
        return (credential.issuer, "", credential.id)
    subjects = subjects_of(credential.value)
    return (credential.issuer, kind.short, *sorted(_subject(kind.short, subject) for subject in subjects))


def _subject(kind: str, subject: JsonPlace) -> str:
    """What the subject is: a batch is not its class, and one member has an entry in each of several registers."""
    parts = [given_or_canonical(subject.text("id") or "")]
    if kind == "dpp":
        lot = lot_of(read_product_reference(subject))
        parts = [lot.id, lot.batch, lot.item]
    if kind == "dia":
        scheme = subject.at("idScheme").text("id") or ""
        parts += [subject.text("registerType") or "", scheme, subject.text("registeredId") or ""]
    return "\n".join(parts)


def _begins(credential: VerifiedCredential) -> datetime:
    return issued(credential) or _BEGINNING  # one without validFrom is the oldest


def _sorted(credentials: Iterator[VerifiedCredential]) -> tuple[VerifiedCredential, ...]:
    return tuple(sorted(credentials, key=lambda one: (one.id, one.credential_digest)))

"""Which of several versions of a credential speaks now, and which are history (PV-CRED-7).

The rule: only the same issuer can replace its own word, about the same subject, with a later ``validFrom``. Versions
that begin at the same moment both stand, so that a disagreement is seen and not decided by chance.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from credentials.identifiers.about import lot_of
from credentials.identifiers.canonical import given_or_canonical
from credentials.trust.standing import issued
from credentials.untp.kinds import kind_of
from credentials.untp.reading import Place, subjects_of
from credentials.untp.values import read_product_reference
from credentials.verdict import VerifiedCredential

_BEGINNING = datetime.min.replace(tzinfo=UTC)


def current_versions(
    credentials: Iterable[VerifiedCredential],
) -> tuple[tuple[VerifiedCredential, ...], tuple[VerifiedCredential, ...], dict[str, str]]:
    """Current credentials, older ones, and for each older one's digest the id of what replaced it; all sorted."""
    once = {one.credential_digest: one for one in sorted(credentials, key=lambda one: one.object_digest, reverse=True)}
    families: dict[tuple[str, ...], list[VerifiedCredential]] = {}
    for one in once.values():
        families.setdefault(_family(one), []).append(one)
    current: list[VerifiedCredential] = []
    older: list[VerifiedCredential] = []
    superseded: dict[str, str] = {}
    for family in families.values():
        newest = max(family, key=lambda one: (_begins(one), one.credential_digest))
        for one in family:
            if _begins(one) == _begins(newest):
                current.append(one)
            else:
                older.append(one)
                superseded[one.credential_digest] = newest.id
    return _sorted(current), _sorted(older), superseded


def _family(credential: VerifiedCredential) -> tuple[str, ...]:
    """Issuer, type and subject; a credential of no UNTP kind is replaced only under its own id."""
    kind = kind_of(credential.value)
    if kind is None:
        return (credential.issuer, "", credential.id)
    subjects = subjects_of(credential.value)
    return (credential.issuer, kind.short, *sorted(_subject(kind.short, subject) for subject in subjects))


def _subject(kind: str, subject: Place) -> str:
    """What the subject is: a batch is not its class, and one member has an entry in each of several registers."""
    parts = [given_or_canonical(subject.text("id") or "")]
    if kind == "dpp":
        lot = lot_of(read_product_reference(subject.value, subject.pointer))
        parts = [lot.id, lot.batch, lot.item]
    if kind == "dia":
        scheme = subject.at("idScheme").text("id") or ""
        parts += [subject.text("registerType") or "", scheme, subject.text("registeredId") or ""]
    return "\n".join(parts)


def _begins(credential: VerifiedCredential) -> datetime:
    return issued(credential) or _BEGINNING  # one without validFrom is the oldest


def _sorted(credentials: Iterable[VerifiedCredential]) -> tuple[VerifiedCredential, ...]:
    return tuple(sorted(credentials, key=lambda one: (one.id, one.credential_digest)))

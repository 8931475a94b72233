"""What the attestations in hand do for one claim: bear out some of its atoms, deny it, or fall short, and why.

The rule: support needs everything at once: another party, in force, same object, a criterion of the claim, conformance
stated, time and claimant (grade 3), and a recognised assessor (grade 4); it is support for what was assessed and for
nothing beside it. A denial counts when it is as well founded. Nothing that was not checked counts as support.
See docs/requirements.md T6, T12, T14 and T22.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from credentials.provenance.case.atoms import Atom, atoms_of, compare
from credentials.provenance.case.case import Case
from credentials.provenance.case.keyed import is_signed_by_its_issuer
from credentials.provenance.case.matching import Match, related_matches
from credentials.provenance.case.resting import unkeyed_word
from credentials.provenance.rules.fitting import borne_out, denials, denied_by, objection, recognised
from credentials.provenance.statements.statement import ClaimStatement
from credentials.trust.standing import Standing, acceptable, status


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """Why an attestation does not do more: ``cause`` as "RULE subject", whom to ask, and its gap class if it is one."""

    cause: str
    gap_class: str
    subject: str
    ask: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """One attestation seen from a claim: the grade it can carry (0 denies, 1 nothing, 3, 4), and which atoms.

    ``falls_short``: a recognised figure or score is on the wrong side of the claimed one, which it does not exclude.
    """

    match: Match
    grade: int
    atoms: frozenset[Atom] = frozenset()
    shortfall: Shortfall | None = None
    falls_short: bool = False

    @property
    def source(self) -> str:
        """The attestation's credential id."""
        return self.match.attestation.source


def supports(case: Case, claim: ClaimStatement) -> tuple[Support, ...]:
    """Every related attestation with what it does for ``claim``, the closest first."""
    found = tuple(_support(case, match) for match in related_matches(case, claim))
    return tuple(replace(one, atoms=_agreed(one, found)) for one in found)


def _agreed(one: Support, found: Sequence[Support]) -> frozenset[Atom]:
    """What an attestation bears out; of several documents under one id only what each of them does."""
    said: dict[str, frozenset[Atom]] = {}
    for other in found:
        credential = other.match.attestation.credential
        if (credential.issuer, credential.id) == (one.match.attestation.issuer, one.source):
            digest = credential.object_digest
            said[digest] = said.get(digest, frozenset()) | other.atoms
    return one.atoms.intersection(*said.values())


def _support(case: Case, match: Match) -> Support:
    attestation = match.attestation
    if not acceptable(status(attestation.credential), case.policy):
        return Support(match=match, grade=1, shortfall=_not_standing(match, status(attestation.credential)))
    denied = denied_by(match)
    if denied is not None:
        grade = 0 if match in denials(case, match.claim) else 1
        detail = f"The attestation {attestation.source} contradicts the claim."
        return Support(match=match, grade=grade, shortfall=short(f"{denied[0]} {match.claim.id}", match, detail))
    objected = objection(case, match)
    if objected is not None:
        return Support(match=match, grade=1, shortfall=short(objected.cause, match, objected.detail))
    if match.assessment.said.conformance is None:
        detail = "The assessment does not say whether it conforms."
        return Support(match=match, grade=1, shortfall=short(f"PV-CLM-4 {match.claim.id}", match, detail))
    return _heard(case, match)


def _heard(case: Case, match: Match) -> Support:
    """What an attestation that says yes is worth, by who made it."""
    found, atoms = recognised(case, match), borne_out(match)
    compared = (compare(one, match.assessment.said, match.criteria) for one in atoms_of(match.claim.said))
    falls_short = any(one.agrees is False for one in compared)
    claimant = "" if is_signed_by_its_issuer(case, match.claim.credential) else match.claim.issuer
    issuer = claimant or unkeyed_word(case, match)
    if found.recognised and issuer:
        detail = f"Whoever supplied the evidence may have signed as {issuer}: its key is neither pinned nor resolved."
        return Support(match=match, grade=3, atoms=atoms, shortfall=short(f"PV-ID-10 {issuer}", match, detail))
    if found.recognised:
        return Support(match=match, grade=4, atoms=atoms, falls_short=falls_short)
    shortfall = Shortfall(
        cause=found.because,
        gap_class="unrecognised-issuer",
        subject=match.attestation.issuer,
        ask=match.attestation.issuer,
        detail=found.detail,
    )
    return Support(match=match, grade=3, atoms=atoms, shortfall=shortfall)


def _not_standing(match: Match, found: Standing) -> Shortfall:
    words = {
        Standing.REVOKED: "has been revoked",
        Standing.SUSPENDED: "is suspended",
        Standing.UNKNOWN: "may have been revoked: its status could not be read",
    }
    source = match.attestation.source
    return Shortfall(
        cause=f"PV-CRED-3 {source}",
        gap_class="revoked" if found is not Standing.UNKNOWN else "stale",
        subject=source,
        ask=match.attestation.issuer,
        detail=f"The attestation {source} {words[found]}.",
    )


def short(cause: str, match: Match, detail: str) -> Shortfall:
    """Why the attestation of ``match`` does not do more."""
    return Shortfall(
        cause=cause,
        gap_class="expired" if cause.startswith("PV-CLM-7") else "",
        subject=match.attestation.source,
        ask=match.attestation.issuer,
        detail=detail,
    )

"""Grades 0 to 5 of a claim, and the one sentence why the next one was not reached.

The rule: the grade is the highest whose conditions all hold. Grade 5 also needs the custody of the claimed property
(PV-COC), which no rule here examines yet: so 5 is never given.
See docs/requirements.md T12.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from credentials.evidence import Need, NeedKind
from credentials.provenance.case.addressed import linked
from credentials.provenance.case.case import Case
from credentials.provenance.case.memoize import memoize_per_case
from credentials.provenance.case.recognition import Use
from credentials.provenance.claims.support import Shortfall, Support, supports, unsupported
from credentials.provenance.statements.statement import ClaimStatement
from credentials.trust.standing import Standing, acceptable, standing, status


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """The grade of one claim: the attestations that carry it or contradict it, and what is missing for the next."""

    grade: int
    carried_by: tuple[Support, ...]
    against: tuple[Support, ...]
    shortfalls: tuple[Shortfall, ...]
    next_grade: str

    @property
    def is_broken(self) -> bool:
        """Does the credential that makes the claim no longer stand?"""
        return self.grade == 0 and not self.against

    @property
    def because(self) -> tuple[str, ...]:
        """Root causes that keep the grade down, as "RULE subject"."""
        return tuple(sorted({one.cause for one in self.shortfalls}))


@memoize_per_case
def grade_of(case: Case, claim: ClaimStatement) -> Grade:
    """The grade of ``claim`` from everything in hand."""
    broken = _carrier(case, claim)
    if broken is not None:
        return _grade(0, (), (), (broken,), broken.detail)
    found = supports(case, claim)
    against = tuple(one for one in found if one.grade == 0)
    best, carried_by = _carried(claim, found)
    shortfalls = tuple(one.shortfall for one in found if one.shortfall is not None)
    if against:
        return _grade(0, carried_by, against, shortfalls, "A recognised attestation contradicts the claim.")
    if best == 4:
        return _grade(4, carried_by, (), (), _WITHOUT_CUSTODY)
    if best == 3:
        return _grade(3, carried_by, (), _of(carried_by), _of(carried_by)[0].detail)
    shortfalls = (*_riding(claim, found), *shortfalls)
    if _documented(case, claim):
        return _grade(2, (), (), shortfalls, "The evidence is a document, not an attestation by another party.")
    why = shortfalls[0].detail if shortfalls else _why_alone(claim)
    return _grade(1, (), (), shortfalls, why)


_WITHOUT_CUSTODY = "Grade 5 also needs proof of custody of the claimed property (PV-COC), which is not examined yet."


def _grade(
    grade: int,
    carried_by: tuple[Support, ...],
    against: tuple[Support, ...],
    shortfalls: tuple[Shortfall, ...],
    next_grade: str,
) -> Grade:
    return Grade(grade=grade, carried_by=carried_by, against=against, shortfalls=shortfalls, next_grade=next_grade)


def _carried(claim: ClaimStatement, found: tuple[Support, ...]) -> tuple[int, tuple[Support, ...]]:
    """The best grade at which each criterion and topic of the claim is supported, and by what; else (1, ())."""
    for least in (4, 3):
        carrying = tuple(one for one in found if one.grade >= least)
        if carrying and unsupported(claim, carrying) == _NOTHING:
            return least, carrying
    return 1, ()


_NOTHING: Final = Use(criteria=frozenset(), topics=frozenset())


def _riding(claim: ClaimStatement, found: tuple[Support, ...]) -> Iterator[Shortfall]:
    """What of the claim rides on attestations that support the rest of it."""
    carrying = [one for one in found if one.grade >= 3]
    missing = unsupported(claim, carrying) if carrying else _NOTHING
    for rule, said, kind in (("PV-CLM-2", missing.criteria, "criteria"), ("PV-CLM-3", missing.topics, "topics")):
        if said:
            detail = f"Of the {kind} it names nobody who counts assessed {', '.join(sorted(said))}."
            yield Shortfall(
                cause=f"{rule} {claim.id}", gap_class="", subject=claim.source, ask=claim.issuer, detail=detail
            )


def _of(found: tuple[Support, ...]) -> tuple[Shortfall, ...]:
    return tuple(one.shortfall for one in found if one.shortfall is not None)


def _carrier(case: Case, claim: ClaimStatement) -> Shortfall | None:
    """What is wrong with the credential that makes the claim; one upstream is read as it stood, so expiry is none."""
    is_asked_about = claim.lot is not None and claim.lot.covers(case.target)
    found = standing(claim.credential, case.asked) if is_asked_about else status(claim.credential)
    if acceptable(found, case.policy):
        return None
    rule, gap_class, words = _STANDINGS[found]
    return Shortfall(
        cause=f"{rule} {claim.source}",
        gap_class=gap_class,
        subject=claim.source,
        ask=claim.issuer,
        detail=f"The credential that makes the claim {words}.",
    )


_STANDINGS: Final = {
    Standing.REVOKED: ("PV-CRED-3", "revoked", "has been revoked"),
    Standing.SUSPENDED: ("PV-CRED-3", "revoked", "is suspended"),
    Standing.UNKNOWN: ("PV-CRED-3", "stale", "may have been revoked: its status could not be read"),
    Standing.EXPIRED: ("PV-CRED-4", "expired", "has expired"),
    Standing.NOT_YET: ("PV-CRED-4", "expired", "is not valid yet"),
}


def _documented(case: Case, claim: ClaimStatement) -> bool:
    """Is one evidence link's document in hand, and no credential (grade 2)? Its digest is PV-CRED-5's question."""
    urls = [link.url for link in claim.said.evidence if link.url and linked(case, link) is None]
    return any(case.evidence.found(Need(NeedKind.FILE, url)) is not None for url in urls)


def _why_alone(claim: ClaimStatement) -> str:
    if claim.said.evidence:
        return f"Its evidence {claim.said.evidence[0].url} is not in hand."
    return "It is self-declared: it names no evidence and nobody attests it."

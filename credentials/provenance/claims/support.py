"""What the attestations in hand do for one claim: back it, contradict it, or fall short, and why.

The rule: support needs everything at once: another party, in force, same object, criterion, topic, outcome, figures,
time and claimant (grade 3), and a recognised assessor (grade 4). A contradiction counts when it is as well founded.
Nothing that was not checked counts as support.
See docs/requirements.md T12, T14 and T6.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from credentials.provenance.case.case import Case
from credentials.provenance.case.criteria import criteria_of, topics_of
from credentials.provenance.case.keyed import is_signed_by_its_issuer
from credentials.provenance.case.matching import Match, Object, is_about_place, related_matches
from credentials.provenance.case.parties import is_third_party
from credentials.provenance.case.recognition import Use, recognition, use_of
from credentials.provenance.case.times import is_assessed_by_then
from credentials.provenance.rules.claim import FITS
from credentials.provenance.rules.rule import RuleOutcome
from credentials.provenance.statements.statement import ClaimStatement
from credentials.trust.standing import Standing, acceptable, status

_GOOD = (RuleOutcome.PASS, RuleOutcome.NOT_APPLICABLE)
#: What a contradiction must share with the claim before it counts.
_SAME = ("PV-CLM-1", "PV-CLM-2")
_AGAINST = ("PV-CLM-4", "PV-CLM-5")


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
    """One attestation seen from a claim: the grade it can carry (0 contradicts, 1 nothing, 3, 4)."""

    match: Match
    grade: int
    shortfall: Shortfall | None = None

    @property
    def source(self) -> str:
        """The attestation's credential id."""
        return self.match.attestation.source


def supports(case: Case, claim: ClaimStatement) -> tuple[Support, ...]:
    """Every related attestation with what it does for ``claim``, the closest first."""
    return tuple(_support(case, match) for match in related_matches(case, claim))


def _support(case: Case, match: Match) -> Support:
    attestation = match.attestation
    if not acceptable(status(attestation.credential), case.policy):
        return Support(match=match, grade=1, shortfall=_not_standing(match, status(attestation.credential)))
    if not is_third_party(case, attestation.issuer, match.claim.issuer):
        detail = "The attestation comes from the claimant itself."
        return Support(match=match, grade=1, shortfall=_short(f"PV-ACC-1 {match.attestation.source}", match, detail))
    if _contradicts(case, match):
        recognised = recognition(case, attestation, match.assessment, _use(match))
        grade = 0 if recognised.recognised else 1
        detail = f"The attestation {attestation.source} contradicts the claim."
        return Support(match=match, grade=grade, shortfall=_short(f"PV-CLM-4 {match.claim.id}", match, detail))
    for rule, fit in FITS.items():
        said = fit(case, match)
        if said.outcome not in _GOOD:
            return Support(match=match, grade=1, shortfall=_short(f"{rule} {match.claim.id}", match, said.detail))
    recognised = recognition(case, attestation, match.assessment, _use(match))
    if recognised.recognised and not is_signed_by_its_issuer(case, match.claim.credential):
        issuer = match.claim.issuer
        detail = f"Whoever supplied the evidence may have signed as {issuer}: its key is neither pinned nor resolved."
        return Support(match=match, grade=3, shortfall=_short(f"PV-ID-10 {issuer}", match, detail))
    if recognised.recognised:
        return Support(match=match, grade=4)
    return Support(
        match=match,
        grade=3,
        shortfall=Shortfall(
            cause=recognised.because,
            gap_class="unrecognised-issuer",
            subject=attestation.issuer,
            ask=attestation.issuer,
            detail=recognised.detail,
        ),
    )


def _use(match: Match) -> Use:
    """The criteria and topics of the claim that the assessment is used for."""
    claimed, assessed = match.claim.said, use_of(match.assessment)
    return Use(
        criteria=criteria_of(claimed.criteria) & assessed.criteria, topics=topics_of(claimed.topics) & assessed.topics
    )


def unsupported(claim: ClaimStatement, found: Iterable[Support]) -> Use:
    """The criteria and topics of ``claim`` that none of ``found`` speaks to: none of them rides on the others."""
    uses = [_use(one.match) for one in found]
    criteria = criteria_of(claim.said.criteria).difference(*(one.criteria for one in uses))
    return Use(criteria=criteria, topics=topics_of(claim.said.topics).difference(*(one.topics for one in uses)))


def _contradicts(case: Case, match: Match) -> bool:
    """Does it say of the same object, by the same criterion, that the claim is not so?"""
    bound = match.object is Object.SAME or (match.inherited and is_about_place(match.claim))
    if not (bound and case.counts(match.attestation) and is_assessed_by_then(case, match.assessment)):
        return False
    if any(FITS[rule](case, match).outcome is not RuleOutcome.PASS for rule in _SAME):
        return False
    return any(FITS[rule](case, match).outcome is RuleOutcome.FAIL for rule in _AGAINST)


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


def _short(cause: str, match: Match, detail: str) -> Shortfall:
    return Shortfall(
        cause=cause,
        gap_class="expired" if cause.startswith("PV-CLM-7") else "",
        subject=match.attestation.source,
        ask=match.attestation.issuer,
        detail=detail,
    )

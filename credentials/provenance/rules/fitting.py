"""Is an attestation heard on a claim, whatever it says: same object and criterion, its time, whom it was issued to?

The rule: a no needs exactly what a yes would: to stand, another party, all of these, and a recognised assessor. Only
what whoever claims can choose or keep back takes nothing from a no: the date of the claim, when the lot was made.
See docs/rules.md PV-CLM-1, 2, 7, 9 and 10; docs/requirements.md T22.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from credentials.provenance.case.atoms import Atom, atoms_of, compare
from credentials.provenance.case.case import Case
from credentials.provenance.case.criteria import assessed_topics, criteria_of, topics_of
from credentials.provenance.case.matching import Match, Object, claimant_names, is_about_place, related_matches
from credentials.provenance.case.memoize import memoize_per_case
from credentials.provenance.case.parties import is_third_party, same_party
from credentials.provenance.case.recognition import Recognition, Use, is_self_assessment, recognition
from credentials.provenance.rules.fit import Fit
from credentials.provenance.rules.rule import RuleOutcome
from credentials.provenance.rules.time_of_use import in_time, in_time_whatever_is_claimed
from credentials.provenance.statements.statement import ClaimStatement
from credentials.trust.standing import acceptable, status

Fitting: TypeAlias = Callable[[Case, Match], Fit]
PASS, FAIL, UNKNOWN, NA = RuleOutcome.PASS, RuleOutcome.FAIL, RuleOutcome.UNKNOWN, RuleOutcome.NOT_APPLICABLE
_NAMES_NOTHING: Final = "DCC-03"


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """Why an attestation is not heard: ``cause`` as "RULE subject"."""

    cause: str
    detail: str


def same_object(case: Case, match: Match) -> Fit:
    """PV-CLM-1."""
    if match.object is Object.SAME:
        return Fit(PASS, "The assessment is about what the claim is about.")
    if match.object is Object.OTHER:
        detail = f"The attestation {match.attestation.source} assesses something else."
        return Fit(FAIL, detail, because=_names_nothing(match))
    if match.object is Object.NAMED_FACILITY:
        detail = "The facility that was assessed does not name its maker, or the other way round: it lends it nothing."
        return Fit(FAIL, detail)
    if is_about_place(match.claim):
        return Fit(PASS, f"Inherited from the {match.object.value} that was assessed.")
    return Fit(FAIL, f"Only the {match.object.value} was assessed; a claim about goods does not inherit that.")


def same_criterion(case: Case, match: Match) -> Fit:
    """PV-CLM-2: one by canonical id or by a crosswalk of the rule pack; topics alone are related evidence."""
    if match.criterion:
        return Fit(PASS, "It was assessed against a criterion the claim names.")
    return Fit(FAIL, "It was assessed against other criteria; an equal topic alone is related evidence only.")


def for_claimant(case: Case, match: Match) -> Fit:
    """PV-CLM-9."""
    issued_to = match.attestation.issued_to
    if not issued_to:
        return Fit(UNKNOWN, "The attestation does not say whom it was issued to.", "not-stated")
    if any(same_party(case, name, issued_to) for name in claimant_names(case, match.claim)):
        return Fit(PASS, "It was issued to the claimant.")
    return Fit(FAIL, f"It was issued to {issued_to}, who is not the claimant, owner or operator.")


def under_conditions(case: Case, match: Match) -> Fit:
    """PV-CLM-10: stated in free text, which no rule can read."""
    if not match.assessment.said.conditions:
        return Fit(NA, "The assessment states no conditions.")
    return Fit(
        UNKNOWN, f"It holds under conditions to be read by people: {match.assessment.said.conditions[0]}", "unsupported"
    )


#: What being heard asks of an assessment, by rule id.
GATES: Final[Mapping[str, Fitting]] = {
    "PV-CLM-1": same_object,
    "PV-CLM-2": same_criterion,
    "PV-CLM-7": in_time,
    "PV-CLM-9": for_claimant,
    "PV-CLM-10": under_conditions,
}
_GATES_OF_A_NO: Final[Mapping[str, Fitting]] = {**GATES, "PV-CLM-7": in_time_whatever_is_claimed}


@memoize_per_case
def objection(case: Case, match: Match, *, to_a_no: bool = False) -> Objection | None:
    """Why the attestation of ``match`` is not heard, its standing and its assessor's recognition left out."""
    attestation = match.attestation
    if not is_third_party(case, attestation.issuer, match.claim.issuer):
        return Objection(cause=f"PV-ACC-1 {attestation.source}", detail="It comes from the claimant itself.")
    if is_self_assessment(attestation):
        detail = "By its own word nobody but the assessed party assessed."
        return Objection(cause=f"PV-ACC-1 {attestation.source}", detail=detail)
    for rule, fit in (_GATES_OF_A_NO if to_a_no else GATES).items():
        said = fit(case, match)
        if said.outcome not in (PASS, NA):
            return Objection(cause=f"{rule} {match.claim.id}", detail=said.detail)
    return None


def recognised(case: Case, match: Match) -> Recognition:
    """Is the assessor recognised for what of the claim the assessment is used for?"""
    claimed, assessed = match.claim.said, match.assessment.said
    used = Use(
        criteria=_used(case, criteria_of(claimed.criteria), criteria_of(assessed.criteria)),
        topics=topics_of(claimed.topics) & assessed_topics(assessed),
    )
    return recognition(case, match.attestation, match.assessment, used)


def _used(case: Case, claimed: frozenset[str], assessed: frozenset[str]) -> frozenset[str]:
    """The criteria that were assessed and are claimed, whatever the claim calls them."""
    return frozenset(one for one in assessed if one in claimed or not claimed.isdisjoint(case.pack.same_as(one)))


@memoize_per_case
def denials(case: Case, claim: ClaimStatement) -> tuple[Match, ...]:
    """The assessments by recognised assessors, heard on ``claim``, which say that it is not so."""
    return tuple(
        match
        for match in related_matches(case, claim)
        if denied_by(match)
        and acceptable(status(match.attestation.credential), case.policy)
        and objection(case, match, to_a_no=True) is None
        and recognised(case, match).recognised
    )


def denied_by(match: Match) -> tuple[str, str] | None:
    """The rule by which the assessment says no, and how; None where it does not."""
    if match.assessment.said.conformance is False:
        return "PV-CLM-4", "The assessment says that it does not conform."
    found = (compare(atom, match.assessment.said, match.criteria) for atom in atoms_of(match.claim.said))
    return next((("PV-CLM-5", one.detail) for one in found if one.excludes), None)


def borne_out(match: Match) -> frozenset[Atom]:
    """What of the claim the assessment bears out."""
    assessed, criteria = match.assessment.said, match.criteria
    return frozenset(one for one in atoms_of(match.claim.said) if compare(one, assessed, criteria).agrees)


def _names_nothing(match: Match) -> tuple[str, ...]:
    """The finding that the attestation names nothing assessed, where that is why it is about something else."""
    attestation, said = match.attestation, match.assessment.said
    if said.products or said.facilities or said.organisation is not None:
        return ()
    lint = attestation.credential.verdict.lint
    return tuple({f"{one.rule} {attestation.source}" for one in lint if one.rule == _NAMES_NOTHING})

"""PV-CLM: does an attestation bear out each claim: same object, criterion, topic, outcome, value, time and party?

The rule: every claim is compared with the assessment that comes closest; a claim nobody assessed is self-declared,
which is a note and no defect (CLM-06). Whether the assessor counts is PV-ACC's question, whether the attestation
stands is PV-CRED's.
See docs/rules.md PV-CLM.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final, TypeAlias

from credentials.evidence import Need, NeedKind
from credentials.identifiers.canonical_ids import given_or_canonical
from credentials.provenance.case.addressed import linked
from credentials.provenance.case.case import Case
from credentials.provenance.case.criteria import criteria_of, topics_of
from credentials.provenance.case.matching import (
    Match,
    Object,
    claimant_names,
    is_about_place,
    related_matches,
)
from credentials.provenance.case.memoize import memoize_per_case
from credentials.provenance.case.parties import same_party, schemes_of
from credentials.provenance.case.performance import compare, metrics_of
from credentials.provenance.rules.fit import Fit
from credentials.provenance.rules.rule import Answer, Rule, RuleOutcome, Severity
from credentials.provenance.rules.time_of_use import in_time
from credentials.provenance.statements.statement import ClaimStatement
from credentials.untp.values import Link

_EVIDENCE: Final = (NeedKind.CREDENTIAL, NeedKind.FILE)
_Fitting: TypeAlias = Callable[[Case, Match], Fit]
PASS, FAIL, UNKNOWN, NA = RuleOutcome.PASS, RuleOutcome.FAIL, RuleOutcome.UNKNOWN, RuleOutcome.NOT_APPLICABLE


def same_object(case: Case, match: Match) -> Fit:
    """PV-CLM-1."""
    if match.object is Object.SAME:
        return Fit(PASS, "The assessment is about what the claim is about.")
    if match.object is Object.OTHER:
        return Fit(FAIL, f"The attestation {match.attestation.source} assesses something else.")
    if match.object is Object.NAMED_FACILITY:
        detail = "The facility that was assessed does not name its maker, or the other way round: it lends it nothing."
        return Fit(FAIL, detail)
    if is_about_place(match.claim):
        return Fit(PASS, f"Inherited from the {match.object.value} that was assessed.")
    return Fit(FAIL, f"Only the {match.object.value} was assessed; a claim about goods does not inherit that.")


def same_criterion(case: Case, match: Match) -> Fit:
    """PV-CLM-2: equality of canonical ids; no crosswalk is known, so topics alone are related evidence only."""
    if match.criterion:
        return Fit(PASS, "It was assessed against a criterion the claim names.")
    return Fit(FAIL, "It was assessed against other criteria; an equal topic alone is related evidence only.")


def same_topic(case: Case, match: Match) -> Fit:
    """PV-CLM-3."""
    if match.topic:
        return Fit(PASS, "Claim and assessment share a topic.")
    if not match.claim.said.topics or not match.assessment.said.topics:
        return Fit(UNKNOWN, "Claim or assessment states no topic.", "not-stated")
    return Fit(FAIL, "Claim and assessment are about different topics.")


def each_criterion(case: Case, match: Match) -> Fit:
    """PV-CLM-2 of the claim as a whole: no criterion rides on another one's assessment."""
    found = same_criterion(case, match)
    assessed = (criteria_of(one.assessment.said.criteria) for one in related_matches(case, match.claim))
    return _nothing_rides(found, criteria_of(match.claim.said.criteria).difference(*assessed))


def each_topic(case: Case, match: Match) -> Fit:
    """PV-CLM-3 of the claim as a whole."""
    found = same_topic(case, match)
    assessed = (topics_of(one.assessment.said.topics) for one in related_matches(case, match.claim))
    return _nothing_rides(found, topics_of(match.claim.said.topics).difference(*assessed))


def _nothing_rides(found: Fit, missing: frozenset[str]) -> Fit:
    if found.outcome is not PASS or not missing:
        return found
    return Fit(UNKNOWN, f"The claim also names what nobody assessed: {', '.join(sorted(missing))}.", "not-found")


def conforms(case: Case, match: Match) -> Fit:
    """PV-CLM-4."""
    if not match.criterion:
        return Fit(NA, "It was not assessed against the claim's criteria.")
    stated = match.assessment.said.conformance
    if stated is None:
        return Fit(UNKNOWN, "The assessment does not say whether it conforms.", "not-stated")
    return Fit(PASS, "It conforms.") if stated else Fit(FAIL, "The assessment says that it does not conform.")


def performs(case: Case, match: Match) -> Fit:
    """PV-CLM-5."""
    if not match.criterion:
        return Fit(NA, "It was not assessed against the claim's criteria.")
    found = compare(match.claim.said.performance, match.assessment.said.performance)
    if found is None:
        return Fit(NA, "The claim states no figure.")
    outcome = UNKNOWN if found.agrees is None else PASS if found.agrees else FAIL
    return Fit(outcome, found.detail, found.reason)


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


def not_reused(case: Case, match: Match) -> Fit:
    """PV-CLM-11: another claim of the same carrier about other metrics leans on the same assessment."""
    assessed, mine = metrics_of(match.assessment.said.performance), metrics_of(match.claim.said.performance)
    for other in case.graph.claims_in(match.claim.credential):
        if other is match.claim:
            continue
        theirs = closest(case, other)
        leans_too = theirs is not None and theirs.criterion and theirs.assessment is match.assessment
        if leans_too and mine - assessed and metrics_of(other.said.performance) & assessed:
            return Fit(FAIL, f"The assessment backs {other.id}; this claim is about other metrics and needs its own.")
    return Fit(PASS, "No other claim leans on this assessment for another metric.")


def judged_claims(case: Case) -> Iterator[ClaimStatement]:
    """The claims of the target and of everything it is made of, and of the places that made it."""
    for passport in case.passports:
        yield from passport.claims
    for record in case.facilities:
        yield from record.claims


def closest(case: Case, claim: ClaimStatement) -> Match | None:
    """The assessment that comes closest to ``claim``; None when nobody assessed anything related."""
    return next(iter(related_matches(case, claim)), None)


#: What grade 3 asks of an assessment, by rule id; PV-CLM-6 and PV-CLM-8 inform and do not decide.
FITS: Final[dict[str, _Fitting]] = {
    "PV-CLM-1": same_object,
    "PV-CLM-2": same_criterion,
    "PV-CLM-3": same_topic,
    "PV-CLM-4": conforms,
    "PV-CLM-5": performs,
    "PV-CLM-7": in_time,
    "PV-CLM-9": for_claimant,
    "PV-CLM-10": under_conditions,
    "PV-CLM-11": not_reused,
}


def _answers(case: Case, *, fit: _Fitting) -> Iterator[Answer]:
    for claim in judged_claims(case):
        match = closest(case, claim)
        if match is None:
            continue
        found = fit(case, match)
        yield Answer(
            subject=claim.id,
            outcome=found.outcome,
            detail=found.detail,
            source=match.attestation.source,
            reason=found.reason,
            because=found.because,
        )


def _required(case: Case) -> Iterator[Answer]:
    """PV-CLM-6: needs the scheme's published criteria, which nothing in hand carries yet; said once per scheme."""
    matches = (closest(case, claim) for claim in judged_claims(case))
    for scheme in sorted({scheme for match in matches if match for scheme in schemes_of(match.attestation)[:1]}):
        yield Answer(
            subject=scheme,
            outcome=UNKNOWN,
            detail="The scheme's catalogue is not in hand: what it requires was not compared with what was assessed.",
            reason="unsupported",
        )


def _linked(case: Case) -> Iterator[Answer]:
    """PV-CLM-8: every evidence link leads to something; a claim without links is noted as such."""
    for claim in judged_claims(case):
        for link in claim.said.evidence:
            yield _evidence(case, claim, link)
        if not claim.said.evidence:
            match = closest(case, claim)
            yield Answer(
                subject=claim.id,
                outcome=UNKNOWN,
                detail="It names no evidence; the attestation was found by search (inferred)."
                if match
                else "It is self-declared: it names no evidence and nobody attests it.",
                reason="not-stated",
                source=claim.source,
                severity=Severity.INFO,
            )


def _evidence(case: Case, claim: ClaimStatement, link: Link) -> Answer:
    url = link.url or ""
    credential = linked(case, link)
    broken = _broken(case).get(given_or_canonical(url))
    looked = [case.evidence.found(Need(kind, url)) for kind in _EVIDENCE]
    answer = partial(Answer, subject=claim.id, source=claim.source)
    if credential is not None:
        return answer(outcome=PASS, detail=f"Linked to {credential.id}.")
    if broken:
        return answer(
            outcome=UNKNOWN,
            detail=f"Its evidence {url} does not verify.",
            reason="not-found",
            pointer=link.pointer,
            because=(f"PV-CRED-1 {broken}",),
        )
    if any(found is not None and found.served for found in looked):
        return answer(outcome=PASS, detail="Linked to a document that is not a credential.")
    return answer(
        outcome=UNKNOWN, detail=f"Its evidence {url} is not in hand.", reason="not-found", pointer=link.pointer
    )


@memoize_per_case
def _broken(case: Case) -> dict[str, str]:
    """The ids of what does not verify, by their canonical form."""
    return {
        given_or_canonical(one.verdict.id): one.verdict.id for one in reversed(case.graph.unusable) if one.verdict.id
    }


def _rule(id: str, asks: str, severity: Severity = Severity.WARN, *, fit: _Fitting | None = None) -> Rule:
    return Rule(id=id, asks=asks, severity=severity, answers=partial(_answers, fit=fit or FITS[id]))


PV_CLM_1 = _rule("PV-CLM-1", "Was the same thing assessed?")
PV_CLM_2 = _rule("PV-CLM-2", "Against each criterion?", fit=each_criterion)
PV_CLM_3 = _rule("PV-CLM-3", "On each topic?", fit=each_topic)
PV_CLM_4 = _rule("PV-CLM-4", "Does it conform?", Severity.BLOCK)
PV_CLM_5 = _rule("PV-CLM-5", "Do the figures agree?")
PV_CLM_6 = Rule(id="PV-CLM-6", asks="Is what the scheme requires met?", severity=Severity.INFO, answers=_required)
PV_CLM_7 = _rule("PV-CLM-7", "Was the attestation in force?")
PV_CLM_8 = Rule(id="PV-CLM-8", asks="Does its evidence link lead anywhere?", severity=Severity.WARN, answers=_linked)
PV_CLM_9 = _rule("PV-CLM-9", "Was it issued to the claimant?")
PV_CLM_10 = _rule("PV-CLM-10", "Do its conditions hold?", Severity.INFO)
PV_CLM_11 = _rule("PV-CLM-11", "Has the claim an assessment of its own?")

RULES: Final = (
    PV_CLM_1,
    PV_CLM_2,
    PV_CLM_3,
    PV_CLM_4,
    PV_CLM_5,
    PV_CLM_6,
    PV_CLM_7,
    PV_CLM_8,
    PV_CLM_9,
    PV_CLM_10,
    PV_CLM_11,
)

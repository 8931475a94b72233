"""PV-CLM: does an attestation bear out each claim: same object, criterion, topic, outcome, value, time and party?

The rule: every claim is compared with the assessment that comes closest; a claim nobody assessed is self-declared,
which is a note and no defect (CLM-06). Whether the assessor counts is PV-ACC's question, whether the attestation
stands is PV-CRED's.
See docs/rules.md PV-CLM.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from credentials.evidence import Need, NeedKind
from credentials.identifiers.canonical_ids import given_or_canonical
from credentials.provenance.case.addressed import linked
from credentials.provenance.case.atoms import Atom, AtomKind, atoms_of, compare
from credentials.provenance.case.case import Case
from credentials.provenance.case.criteria import assessed_topics
from credentials.provenance.case.matching import Match, related_matches
from credentials.provenance.case.memoize import memoize_per_case
from credentials.provenance.case.parties import schemes_of
from credentials.provenance.case.performance import Comparison, impossible, metrics_of
from credentials.provenance.rules.clashing import clashes
from credentials.provenance.rules.fit import Fit
from credentials.provenance.rules.fitting import (
    FAIL,
    NA,
    PASS,
    UNKNOWN,
    Fitting,
    denials,
    denied_by,
    for_claimant,
    same_criterion,
    same_object,
    under_conditions,
)
from credentials.provenance.rules.rule import Answer, Rule, Severity
from credentials.provenance.rules.time_of_use import in_time
from credentials.provenance.statements.statement import ClaimStatement
from credentials.untp.values import Link

_EVIDENCE: Final = (NeedKind.CREDENTIAL, NeedKind.FILE)


def each_criterion(case: Case, match: Match) -> Fit:
    """PV-CLM-2 of the claim as a whole: no criterion rides on another one's assessment."""
    found = same_criterion(case, match)
    return found if found.outcome is not PASS else _each(case, match, AtomKind.CRITERION)


def each_topic(case: Case, match: Match) -> Fit:
    """PV-CLM-3: a topic that is not among those of the assessment is another one."""
    theirs = assessed_topics(match.assessment.said)
    if not match.claim.said.topics or not theirs:
        return Fit(UNKNOWN, "Claim or assessment states no topic.", "not-stated")
    if not match.topic:
        return Fit(FAIL, "Claim and assessment are about different topics.")
    return _each(case, match, AtomKind.TOPIC)


def performs(case: Case, match: Match) -> Fit:
    """PV-CLM-5: each figure and each score."""
    if not match.criterion:
        return Fit(NA, "It was not assessed against the claim's criteria.")
    found = _each(case, match, AtomKind.METRIC, AtomKind.SCORE)
    if found.outcome is UNKNOWN and any(impossible(one) for one in match.claim.said.performance):
        return replace(found, because=(f"PV-QTY-9 {match.claim.id}",))
    if found.outcome is UNKNOWN and not_reused(case, match).outcome is FAIL:
        return replace(found, because=(f"PV-CLM-11 {match.claim.id}",))
    return found


def _each(case: Case, match: Match, *kinds: AtomKind) -> Fit:
    """The worst of what the assessments say of what the claim says, each by the one that comes out best for it."""
    atoms = [one for one in atoms_of(match.claim.said) if one.kind in kinds]
    found = [_best(atom, _papers(case, match)) for atom in atoms]
    worst = min(found, key=_how_good, default=None)
    if worst is None:
        return Fit(NA, "The claim states no figure.")
    outcome = UNKNOWN if worst.agrees is None else PASS if worst.agrees else FAIL
    return Fit(outcome, worst.detail, worst.reason)


def _papers(case: Case, match: Match) -> list[list[list[Match]]]:
    """The assessments by a criterion of the claim, by document, and documents that share an id together."""
    papers: dict[tuple[str, str], dict[str, list[Match]]] = {}
    for one in (each for each in related_matches(case, match.claim) if each.criterion or each is match):
        credential = one.attestation.credential
        documents = papers.setdefault((credential.issuer, credential.id), {})
        documents.setdefault(credential.object_digest, []).append(one)
    return [list(documents.values()) for documents in papers.values()]


def _best(atom: Atom, papers: list[list[list[Match]]]) -> Comparison:
    """The best that is said of an atom; of several documents under one id the worst of them counts."""
    found = [
        [max((compare(atom, one.assessment.said, one.criteria) for one in each), key=_how_good) for each in documents]
        for documents in papers
    ]
    return max((min(each, key=_how_good) for each in found), key=_how_good)


def _how_good(found: Comparison) -> int:
    return (False, None, True).index(found.agrees)


def conforms(case: Case, match: Match) -> Fit:
    """PV-CLM-4."""
    if not match.criterion:
        return Fit(NA, "It was not assessed against the claim's criteria.")
    stated = match.assessment.said.conformance
    if stated is None:
        return Fit(UNKNOWN, "The assessment does not say whether it conforms.", "not-stated")
    return Fit(PASS, "It conforms.") if stated else Fit(FAIL, "The assessment says that it does not conform.")


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


def _answers(case: Case, *, id: str, fit: Fitting) -> Iterator[Answer]:
    for claim in judged_claims(case):
        match = closest(case, claim)
        if match is None:
            continue
        found = _root(case, match, id, fit(case, match))
        yield _answer(match, found, id)
        for other in denials(case, claim):
            rule, detail = denied_by(other) or ("", "")
            if rule == id and (other is not match or found.outcome is not FAIL):
                yield _answer(other, Fit(FAIL, detail), id)
        for clash in clashes(case, claim) if id == "PV-CLM-5" else ():
            yield _answer(clash.one, Fit(FAIL, clash.detail, because=(clash.other.attestation.source,)), id)


def _answer(match: Match, found: Fit, id: str) -> Answer:
    is_open = found.outcome is UNKNOWN and id == "PV-CLM-5"
    return Answer(
        subject=match.claim.id,
        outcome=found.outcome,
        detail=found.detail,
        source=match.attestation.source,
        reason=found.reason,
        because=(*found.because, match.claim.source),
        severity=Severity.WARN if is_open else None,
    )


def _root(case: Case, match: Match, id: str, found: Fit) -> Fit:
    """What an assessment of something else says besides follows from its being about something else."""
    about = same_object(case, match)
    if id == "PV-CLM-1" or found.outcome in (PASS, NA) or about.outcome is not FAIL:
        return found
    return replace(found, because=about.because or (f"PV-CLM-1 {match.claim.id}",))


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


def _rule(id: str, asks: str, fit: Fitting, severity: Severity = Severity.WARN) -> Rule:
    return Rule(id=id, asks=asks, severity=severity, answers=partial(_answers, id=id, fit=fit))


PV_CLM_1 = _rule("PV-CLM-1", "Was the same thing assessed?", same_object)
PV_CLM_2 = _rule("PV-CLM-2", "Against each criterion?", each_criterion)
PV_CLM_3 = _rule("PV-CLM-3", "On each topic?", each_topic)
PV_CLM_4 = _rule("PV-CLM-4", "Does it conform?", conforms, Severity.BLOCK)
PV_CLM_5 = _rule("PV-CLM-5", "Do the figures agree?", performs, Severity.BLOCK)
PV_CLM_6 = Rule(id="PV-CLM-6", asks="Is what the scheme requires met?", severity=Severity.INFO, answers=_required)
PV_CLM_7 = _rule("PV-CLM-7", "Was the attestation in force?", in_time)
PV_CLM_8 = Rule(id="PV-CLM-8", asks="Does its evidence link lead anywhere?", severity=Severity.WARN, answers=_linked)
PV_CLM_9 = _rule("PV-CLM-9", "Was it issued to the claimant?", for_claimant)
PV_CLM_10 = _rule("PV-CLM-10", "Do its conditions hold?", under_conditions, Severity.INFO)
PV_CLM_11 = _rule("PV-CLM-11", "Has the claim an assessment of its own?", not_reused)

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

"""The verdict on a claim: word, grade, interval, why, and what would improve it.

The rule: a claim is VERIFIED only with a grade the policy accepts, however good its interval is. One of the target's
facility is labelled inherited.
See docs/requirements.md T12, T6 and D10; docs/rules.md PV-CLM-1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial, reduce
from typing import Final

from credentials.encoding.timespan import Timespan
from credentials.identifiers.canonical_ids import given_or_canonical
from credentials.provenance.case.case import Case
from credentials.provenance.case.criteria import topics_of
from credentials.provenance.case.memoize import memoize_per_case
from credentials.provenance.case.parties import accreditation_path
from credentials.provenance.case.performance import better_of, metric_of
from credentials.provenance.claims.decision import Facts, decide
from credentials.provenance.claims.disputes import Dispute
from credentials.provenance.claims.grades import Grade, grade_of
from credentials.provenance.claims.headline import attested
from credentials.provenance.claims.intervals import guaranteed, share_of, upstream
from credentials.provenance.claims.support import Support
from credentials.provenance.mass.blending import UNKNOWN, Interval
from credentials.provenance.mass.lifting import Lifting
from credentials.provenance.mass.quantities import exact
from credentials.provenance.report.figures import figures
from credentials.provenance.report.report import ClaimVerdict, Gap, Word
from credentials.provenance.rules.credential import links_to_other_bytes
from credentials.provenance.statements.statement import ClaimStatement
from credentials.untp.claim import Performance

#: The rule that a claim breaks of which its inputs hold less.
ABOVE_INPUTS: Final = "PV-CLM-5"
INHERITED: Final = "inherited from the facility"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What a claim came to: what its inputs say, the facts it was decided by, its word and its interval."""

    above: Interval
    facts: Facts
    word: Word
    interval: Interval


def weighed(case: Case, claim: ClaimStatement, dispute: Dispute) -> Weighed:
    """What is known of the claim and what that comes to; ``dispute`` matters to shares of mass."""
    grade = grade_of(case, claim)
    share = share_of(case, claim)
    above = UNKNOWN if grade.is_broken else above_of(case, claim)
    own = direct(case, claim)
    facts = Facts(
        supported=own.low if own is not None else None,
        refuted=grade.refuted,
        falls_short=bool(grade.against),
        upstream=above if own is None else Interval(above.low, min(above.high, own.high)),
        required=share[1] if share else exact(case.policy.forall_share),
        de_minimis=exact(case.policy.de_minimis),
        disputed=dispute.share if share else Fraction(0),
        unshown=dispute.unshown if share else Fraction(0),
    )
    word, interval = decide(facts)
    return Weighed(above=above, facts=facts, word=word, interval=interval)


def judge_claim(case: Case, claim: ClaimStatement, gaps: tuple[Gap, ...], dispute: Dispute) -> ClaimVerdict:
    """The verdict on one claim; ``gaps`` are the open ends of the chain, ``dispute`` matters to shares of mass."""
    grade, share = grade_of(case, claim), share_of(case, claim)
    found = weighed(case, claim, dispute)
    word, interval = found.word, found.interval
    differing = links_to_other_bytes(case, claim)
    if differing and word in (Word.VERIFIED, Word.PARTIALLY_VERIFIED):
        word = Word.CONTRADICTED
    roots = {f"PV-CRED-5 {url}" for url in differing}
    if word in (Word.REFUTED, Word.CONTRADICTED) and is_above_inputs(case, claim):
        roots.add(f"{ABOVE_INPUTS} {claim.id}")
    return ClaimVerdict(
        id=claim.id,
        type="fraction" if share else "forall",
        subject=claim.about,
        topic=next(iter(sorted(topics_of(claim.said.topics))), ""),
        verdict=word,
        grade=grade.grade,
        value=interval.rounded(),
        gaps=() if word is Word.VERIFIED else (*_own_gaps(grade), *_open_ends(gaps, found.above)),
        because=_because(claim, grade, word, dispute if share else Dispute(), roots),
        name=_name(case, claim),
        statement=figures(claim.said.performance),
        attested=attested(case, claim, grade),
        says=claim.issuer,
        attested_by=tuple(sorted({one.source for one in grade.carried_by})),
        accredited_by=_accredited_by(case, grade),
        next_grade=_why_not_better(grade, word, dispute),
        atoms=tuple(one.told for one in grade.atoms),
    )


def direct(case: Case, claim: ClaimStatement) -> Interval | None:
    """What attestations of an accepted grade say, None where they do not bear out all that is claimed."""
    grade, share = grade_of(case, claim), share_of(case, claim)
    carriers = carriers_of(case, claim)
    if not carriers or grade.borne_out < case.policy.verified_grade:
        return None
    assessed = [one for carrier in carriers for one in carrier.match.assessment.said.performance]
    if share is None:
        return Interval.exactly(Fraction(1)) if claim.said.performance else _of_all(assessed)
    metric, claimed = share
    figures = [(one.measure, better_of(one)) for one in assessed if one.measure and metric_of(one) == metric]
    found = [interval for figure, better in figures if (interval := guaranteed(figure, better)) is not None]
    if not found:
        return None
    own = reduce(Interval.narrowed, found)
    return own if own.low >= claimed or any(better != "higher" for _, better in figures) else None


def carriers_of(case: Case, claim: ClaimStatement) -> tuple[Support, ...]:
    """The attestations of an accepted grade that bear out some of the claim."""
    return tuple(one for one in grade_of(case, claim).carried_by if one.grade >= case.policy.verified_grade)


def _of_all(assessed: Iterable[Performance]) -> Interval | None:
    """What is borne out of a claim without a figure, which is of all of it: not where less than all was assessed."""
    whole = Interval.exactly(Fraction(1))
    found = (guaranteed(one.measure, better_of(one)) for one in assessed if one.measure is not None)
    return whole if all(one is None or one == whole for one in found) else None


def _accredited_by(case: Case, grade: Grade) -> tuple[str, ...]:
    """The roots that the assessors of recognised attestations are walked to, on the day of each assessment."""
    recognised = [one.match for one in grade.carried_by if one.grade == 4]
    dated = [(one.attestation, day) for one in recognised if (day := one.assessment.said.assessment_date) is not None]
    paths = [accreditation_path(case, attestation, Timespan.of(day)) for attestation, day in dated]
    return tuple(sorted({path.root for path in paths if path.anchored}))


def above_of(case: Case, claim: ClaimStatement) -> Interval:
    """What the inputs of what is claimed about say of the claim."""
    lifting = lifting_of(case, claim)
    return lifting.found[claim.lot] if lifting is not None and claim.lot is not None else UNKNOWN


@memoize_per_case
def lifting_of(case: Case, claim: ClaimStatement) -> Lifting | None:
    """How the inputs of what is claimed about come to say something of the claim; None where they do not."""
    return None if claim.lot is None else upstream(case, claim.lot, claim, partial(attested_of, case))


def is_above_inputs(case: Case, claim: ClaimStatement) -> bool:
    """Is more claimed of a share than the inputs can hold, even if all that is unknown of them supports it?"""
    share = share_of(case, claim)
    return share is not None and above_of(case, claim).high < share[1] - exact(case.policy.de_minimis)


def attested_of(case: Case, claim: ClaimStatement) -> Interval | None:
    """What an upstream claim contributes: recognised support, recognised contradiction, or nothing."""
    if links_to_other_bytes(case, claim):
        return None
    grade = grade_of(case, claim)
    share = share_of(case, claim)
    supported = direct(case, claim)
    if grade.clash:
        return Interval(Fraction(0), supported.high if supported is not None else Fraction(1))
    if grade.against:
        claimed = share[1] if share else Fraction(supported is not None)
        return Interval(Fraction(0), claimed)
    return supported


def _own_gaps(grade: Grade) -> tuple[Gap, ...]:
    return tuple(
        sorted(
            Gap(
                gap_class=one.gap_class,
                subject=one.subject,
                mass=None,
                ask=one.ask,
                detail=one.detail,
                retry="later" if one.gap_class == "stale" else "never",
            )
            for one in {(short.gap_class, short.subject): short for short in grade.shortfalls}.values()
            if one.gap_class
        )
    )


def _open_ends(gaps: tuple[Gap, ...], above: Interval) -> tuple[Gap, ...]:
    """The chain's own gaps matter to a claim that the chain supports in part."""
    return gaps if above.low > 0 else ()


def _because(
    claim: ClaimStatement, grade: Grade, word: Word, dispute: Dispute, roots: Iterable[str]
) -> tuple[str, ...]:
    """Root causes, as "RULE subject", why the word is not better."""
    if word is Word.VERIFIED:
        return ()
    causes = {*roots, *grade.because, *dispute.because}
    return tuple(sorted(causes or {f"PV-CLM-8 {claim.id}"}))


def _why_not_better(grade: Grade, word: Word, dispute: Dispute) -> str:
    """One sentence: what is missing for the next grade, or which records contradict each other."""
    if word is Word.CONTRADICTED and not grade.against and dispute.because:
        about = dict.fromkeys(one.partition(" ")[2] for one in dispute.because)
        return f"Records of what it is made of contradict each other: those of {', '.join(about)}."
    return grade.next_grade


def _name(case: Case, claim: ClaimStatement) -> str:
    name = claim.said.name or claim.id
    asked = given_or_canonical(case.question.target) == claim.facility
    return f"{name} ({INHERITED})" if claim.facility and not asked else name

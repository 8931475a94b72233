"""PV-CLM-7: was the attestation in force when it was used, and is the assessment about what there was then?

The rule: what counts is when the thing happened. A certificate of a place, a company or a model was in force when the
lot was made; an assessment of the lot itself is not older than the lot. The date of the claim narrows this and never
moves it: it lies between the making and the moment asked about, and the attestation is in force on it too.
See docs/rules.md PV-CLM-7.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from credentials.encoding.moments import format_moment
from credentials.encoding.timespan import Timespan
from credentials.provenance.case.case import Case
from credentials.provenance.case.matching import Match
from credentials.provenance.case.times import (
    assesses_lot_itself,
    is_assessed_by_then,
    is_model,
    lot_spoken_for,
    making_of,
)
from credentials.provenance.rules.fit import Fit
from credentials.provenance.rules.rule import RuleOutcome
from credentials.trust.standing import Standing, validity

_GOOD = Fit(RuleOutcome.PASS, "The attestation was in force and the assessment is recent enough.")


def in_time(case: Case, match: Match) -> Fit:
    """PV-CLM-7: the first of its questions that has a bad answer."""
    claimed, assessed = match.claim.said.claim_date, match.assessment.said.assessment_date
    if claimed is None or assessed is None:
        return Fit(RuleOutcome.UNKNOWN, "The claim or the assessment has no date.", "not-stated")
    return next(_objections(case, match, claimed, assessed), _GOOD)


def in_time_whatever_is_claimed(case: Case, match: Match) -> Fit:
    """The same of an assessment that says no, of which nothing matters that whoever claims can choose or keep back.

    That is the date of the claim, and when the lot was made where nobody says it.
    """
    assessed = match.assessment.said.assessment_date
    if assessed is None:
        return Fit(RuleOutcome.UNKNOWN, "The assessment has no date.", "not-stated")
    found = (one for part in (_by_then, _about_the_lot) for one in part(case, match, assessed))
    return next((one for one in found if one.outcome is RuleOutcome.FAIL), _GOOD)


def _objections(case: Case, match: Match, claimed: datetime, assessed: datetime) -> Iterator[Fit]:
    if case.asked.certainly_before(Timespan.of(claimed)):
        yield _failed(f"The claim is dated {_day(claimed)}, after the moment asked about.")
    yield from _by_then(case, match, assessed)
    yield from _used_on(case, match, Timespan.of(claimed), assessed, f"{_day(claimed)}, the date of the claim")
    yield from _claimed_of_the_lot(case, match, claimed)
    yield from _about_the_lot(case, match, assessed)


def _by_then(case: Case, match: Match, assessed: datetime) -> Iterator[Fit]:
    """Is the assessment there at the moment asked about?"""
    if not is_assessed_by_then(case, match.assessment):
        yield _failed(f"It was assessed on {_day(assessed)}, after the moment asked about.")
    if validity(match.attestation.credential, case.asked) is Standing.NOT_YET:
        yield _failed(f"The attestation {match.attestation.source} begins after the moment asked about.")


def _claimed_of_the_lot(case: Case, match: Match, claimed: datetime) -> Iterator[Fit]:
    """Is the claim about a lot dated after its making?"""
    making = making_of(case, match.claim.lot) if match.claim.lot is not None else None
    if making is not None and Timespan.of(claimed).certainly_before(making):
        yield _failed(f"The claim is dated {_day(claimed)}, before its lot was made ({_day(making.earliest)}).")


def _about_the_lot(case: Case, match: Match, assessed: datetime) -> Iterator[Fit]:
    """Where the claim speaks for a lot: was there that lot yet, and was the attestation in force when it was made?"""
    lot = lot_spoken_for(case, match.claim)
    making = making_of(case, lot) if lot is not None else None
    if lot is None or (making is None and is_model(case, lot)):
        return
    if making is None:
        yield Fit(RuleOutcome.UNKNOWN, f"Nobody says when {lot} was made.", "not-stated")
        return
    if not assesses_lot_itself(match.assessment, lot):
        yield from _used_on(case, match, making, assessed, f"{_day(making.earliest)}, when the lot was made")
    elif Timespan.of(assessed).certainly_before(making):
        yield _failed(f"It was assessed on {_day(assessed)}, before the lot was made ({_day(making.earliest)}).")


def _used_on(case: Case, match: Match, when: Timespan, assessed: datetime, words: str) -> Iterator[Fit]:
    """Was the attestation in force at ``when``, and the assessment not too old?"""
    found = validity(match.attestation.credential, when)
    if found is not Standing.VALID:
        state = "had expired" if found is Standing.EXPIRED else "was not valid yet"
        yield _failed(f"The attestation {match.attestation.source} {state} on {words}.")
    if when.earliest - Timespan.of(assessed).latest > timedelta(days=case.policy.max_age_days):
        yield _failed(f"The assessment was older than {case.policy.max_age_days} days on {words}.")


def _failed(detail: str) -> Fit:
    return Fit(RuleOutcome.FAIL, detail)


def _day(at: datetime) -> str:
    return format_moment(at)[:10]

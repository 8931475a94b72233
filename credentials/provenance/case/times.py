"""When lots were made, and what was not there yet at the moment asked about.

The rule: a lot is made when the counted events say, else when its own passport says; where nobody says, nobody knows,
and what depends on it cannot be told. What is dated certainly after the moment asked about is no fact yet.
See docs/rules.md PV-CLM-7 and PV-EVT-1.
"""

from __future__ import annotations

from typing import Final

from credentials.encoding.document import Sha256
from credentials.encoding.timespan import Timespan
from credentials.identifiers.canonical_ids import GS1_ROOT, lot_key
from credentials.identifiers.lots import LotKey
from credentials.provenance.case.case import Case
from credentials.provenance.case.memoize import memoize_per_case
from credentials.provenance.graph.graph import overlap
from credentials.provenance.statements.statement import AssessmentStatement, ClaimStatement
from credentials.untp.values import ProductReference

#: A GS1 key for trade items names a class of them unless a batch or serial number follows.
_GTIN: Final = f"{GS1_ROOT}/01/"


@memoize_per_case
def making_of(case: Case, lot: LotKey) -> Timespan | None:
    """When ``lot`` was first made; None when nobody who counts says."""
    told = [event.at for event in case.graph.makers_of(lot) if event.at is not None and case.counts(event)]
    if not told:
        passports = [one for one in case.graph.passports_of(lot) if one.lot.covers(lot) and case.counts(one)]
        told = [one.said.production_date for one in passports if one.said.production_date is not None]
    return min((Timespan.of(at) for at in told), key=lambda one: (one.earliest, one.latest), default=None)


@memoize_per_case
def uses_of_records(case: Case) -> dict[Sha256, tuple[Timespan, ...]]:
    """When what passports and facility records say was used, by their credential.

    A passport of an input when the input was used up, a record of a place when lots of the case were made there; those
    of what the question is about are used now.
    """
    found: dict[Sha256, list[Timespan]] = {}
    for passport in case.passports:
        if overlap(passport.lot, case.target):
            times = [case.asked]
        else:
            used = [event.at for event, _ in case.graph.uses_of(passport.lot) if event in case.made_by]
            times = [Timespan.of(at) for at in used if at is not None]
        found.setdefault(passport.credential.credential_digest, []).extend(times or [case.asked])
    for record in case.facilities:
        made = [event.at for event in case.made_by if event.facility == record.facility]
        times = [Timespan.of(at) for at in made if at is not None] if record.facility != case.target.id else []
        found.setdefault(record.credential.credential_digest, []).extend(times or [case.asked])
    return {digest: tuple(times) for digest, times in found.items()}


def lot_spoken_for(case: Case, claim: ClaimStatement) -> LotKey | None:
    """The lot that a claim speaks for: its own, or the target where it is the place that made it that claims."""
    if claim.lot is not None or claim.facility == case.target.id:
        return claim.lot
    made_at = {one.facility for one in case.graph.passports_of(case.target)}
    return case.target if claim.facility in made_at else None


def is_model(case: Case, lot: LotKey) -> bool:
    """Does every passport of ``lot`` say that it is a model, which is never made on a day?"""
    stated = {one.said.granularity for one in case.graph.passports_of(lot) if one.lot.covers(lot)}
    return lot.is_class and stated == {"model"}


def assesses_lot_itself(assessment: AssessmentStatement, lot: LotKey) -> bool:
    """Does the assessment name ``lot``, or the batch it is part of, and not only its model?"""
    return any(_names(product, lot) for product in assessment.said.products)


def _names(product: ProductReference, lot: LotKey) -> bool:
    """Read as written: that only one lot of a model is known does not make its certificate one of that lot."""
    key = lot_key(product.id or "", batch=product.batch_number or "", item=product.item_number or "")
    if not key.covers(lot):
        return False
    is_model = product.granularity == "model" or (product.granularity is None and key.id.startswith(_GTIN))
    return not (key.is_class and is_model)


def is_assessed_by_then(case: Case, assessment: AssessmentStatement) -> bool:
    """Can the assessment have been made by the moment asked about?"""
    day = assessment.said.assessment_date
    return day is None or not case.asked.certainly_before(Timespan.of(day))

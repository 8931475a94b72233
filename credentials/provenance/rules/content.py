"""PV-QTY-9: is a claimed share one that can be, and the one that the passport's own materials add up to?

The rule: a share is a percentage of a whole, so nothing above all of it and nothing in pieces. What a passport says of
its materials and what it claims of their recycled part is one figure; a material nobody speaks for may be either.
See docs/rules.md PV-QTY-9; docs/requirements.md T10 and T15.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from contexts.codes.metrics import metric as known_metric
from contexts.codes.units import convert, convertible
from credentials.provenance.case.case import Case
from credentials.provenance.case.performance import metric_of
from credentials.provenance.case.whereabouts import shortfalls_of_lot
from credentials.provenance.mass.quantities import exact
from credentials.provenance.rules.rule import Answer, Rule, RuleOutcome, Severity, about
from credentials.provenance.statements.statement import ClaimStatement, PassportStatement
from credentials.untp.claim import Performance
from credentials.untp.passport import Material
from credentials.untp.values import Measure

PASS, FAIL = RuleOutcome.PASS, RuleOutcome.FAIL
PERCENT: Final = "P1"
RECYCLED: Final = "recycled-content-percentage"
#: Shares are claimed in whole per cent, rounded down.
_ROUNDED: Final = Fraction(1, 100)


def _possible(case: Case) -> Iterator[Answer]:
    for passport in case.passports:
        for claim in passport.claims:
            for performance in claim.said.performance:
                yield _one_figure(claim, performance)
                if metric_of(performance).rpartition("/")[2] == RECYCLED and passport.said.materials:
                    yield from _as_its_materials(case, passport, claim, performance)


def _one_figure(claim: ClaimStatement, performance: Performance) -> Answer:
    measure, pointer = performance.measure, f"{claim.pointer}/claimedPerformance"
    if measure is None or measure.value is None or measure.unit is None:
        return about(claim, RuleOutcome.NOT_APPLICABLE, "No figure is claimed.", pointer)
    stated, name = performance.metric, _name(performance)
    units = stated.units if stated is not None and known_metric(metric_of(performance)) is None else ()
    if units and not any(convertible(measure.unit, unit) for unit in units):
        detail = f"{_said(measure)} is claimed of {name}, which is stated in {', '.join(units)}."
        return about(claim, FAIL, detail, pointer)
    share = convert(measure.value, measure.unit, PERCENT)
    if share is not None and not 0 <= share <= 100 and _is_of_a_whole(performance):
        detail = (
            f"{_said(measure)} is claimed of {name}: no share of a whole is {'more than' if share > 0 else 'below'} "
        )
        return about(claim, FAIL, detail + ("all of it." if share > 0 else "nothing."), pointer)
    return about(claim, PASS, "The claimed figure can be.", pointer)


def _is_of_a_whole(performance: Performance) -> bool:
    """Is the percentage a mean over a whole, by our table or by what its own metric says of itself?"""
    known = known_metric(metric_of(performance))
    stated = performance.metric.aggregation if performance.metric is not None else None
    return (known.aggregation if known is not None else stated) == "weighted-average"


def _as_its_materials(
    case: Case, passport: PassportStatement, claim: ClaimStatement, performance: Performance
) -> Iterator[Answer]:
    measure = performance.measure
    share = convert(measure.value, measure.unit, PERCENT) if measure and measure.value and measure.unit else None
    if share is None:
        return
    low, high = _recycled(passport.said.materials)
    claimed = share / 100
    allowed = _ROUNDED + claimed * exact(case.policy.tolerance)
    differs = not low - allowed <= claimed <= high + allowed
    between = f"{_percent(low)}" if low == high else f"{_percent(low)} to {_percent(high)}"
    detail = f"{_percent(claimed)} recycled content is claimed, and the materials of the same passport are {between}."
    yield about(
        passport,
        FAIL if differs else PASS,
        detail if differs else "What is claimed and what its materials are agree.",
        f"{passport.pointer}/materialProvenance",
        because=(claim.source, *(_beyond_receipt(case, passport) if differs else ())),
        severity=Severity.WARN,
    )


def _beyond_receipt(case: Case, passport: PassportStatement) -> tuple[str, ...]:
    """What went into the target that had not come: then its claim and its materials cannot agree."""
    lots = case.lots if passport.lot.covers(case.target) else ()
    short = (pair for lot in lots for pair in shortfalls_of_lot(case, lot) if pair[0].own)
    return tuple(f"PV-QTY-6 {worst.last[1].id}" for _, worst in short)


def _recycled(materials: tuple[Material, ...]) -> tuple[Fraction, Fraction]:
    """The recycled share of the whole: at least, and at most if all that is not said were recycled."""
    known = [
        (Fraction(one.mass_fraction), Fraction(one.recycled_mass_fraction))
        for one in materials
        if one.mass_fraction is not None and one.recycled_mass_fraction is not None
    ]
    low = sum((part * share for part, share in known), Fraction(0))
    said = sum((part for part, _ in known), Fraction(0))
    return low, low + max(1 - said, Fraction(0))


def _name(performance: Performance) -> str:
    metric = performance.metric
    return (metric.name or metric.id if metric is not None else None) or "a metric without a name"


def _said(measure: Measure) -> str:
    return f"{measure.value} {measure.unit}"


def _percent(share: Fraction) -> str:
    return f"{float(share) * 100:.1f}".removesuffix(".0") + " %"


PV_QTY_9 = Rule(
    id="PV-QTY-9",
    asks="Can a claimed share be, and is it that of its materials?",
    severity=Severity.BLOCK,
    answers=_possible,
)

RULES: Final = (PV_QTY_9,)

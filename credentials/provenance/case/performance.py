"""Comparing claimed with assessed performance: one metric, one unit, the stated tolerances, the better direction.

The rule: values compare within one metric after exact conversion; a claimed value may be worse than the assessed
one, never better (TAX-02). What was not assessed is unknown, not wrong.
See docs/rules.md PV-CLM-5; docs/requirements.md TAX-02.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from contexts.codes.metrics import metric as known_metric
from contexts.codes.units import convert
from credentials.identifiers.canonical_ids import given_or_canonical
from credentials.provenance.report.figures import amount
from credentials.untp.claim import Performance, Score
from credentials.untp.values import Measure

_WORST_FIRST: Final = (False, None, True)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Does the assessed performance bear out the claimed one? None: it could not be told, for ``reason``."""

    agrees: bool | None
    detail: str
    reason: str = ""


def metric_of(performance: Performance) -> str:
    """The metric's IRI, singular and plural spelling as one (TAX-01); "" when none is stated."""
    if performance.metric is None or performance.metric.id is None:
        return ""
    known = known_metric(performance.metric.id)
    return known.iri if known else given_or_canonical(performance.metric.id)


def metrics_of(performances: Iterable[Performance]) -> frozenset[str]:
    """The metrics stated."""
    return frozenset(metric_of(one) for one in performances) - {""}


def compare(claimed: tuple[Performance, ...], assessed: tuple[Performance, ...]) -> Comparison | None:
    """The worst comparison over everything claimed; None when the claim states no figure."""
    found = [_compare_one(one, assessed) for one in claimed if one.measure is not None or one.score is not None]
    return min(found, key=lambda one: _WORST_FIRST.index(one.agrees)) if found else None


def _compare_one(claimed: Performance, assessed: tuple[Performance, ...]) -> Comparison:
    same = [one for one in assessed if metric_of(one) == metric_of(claimed)]
    found = [result for one in same if (result := _against(claimed, one)) is not None]
    if not found:
        name = claimed.metric.name if claimed.metric and claimed.metric.name else "the stated metric"
        return Comparison(None, f"Nothing comparable was assessed for {name}.", "not-stated")
    # Several assessed values of one metric cannot be told apart by id: one that bears the claim out is enough.
    return max(found, key=lambda one: _WORST_FIRST.index(one.agrees))


def _against(claimed: Performance, assessed: Performance) -> Comparison | None:
    if claimed.measure is not None and assessed.measure is not None:
        known = known_metric(metric_of(claimed))
        return _measures(claimed.measure, assessed.measure, known.better if known else "")
    if claimed.score is not None and assessed.score is not None:
        return _scores(claimed.score, assessed.score)
    return None


def _measures(claimed: Measure, assessed: Measure, better: str) -> Comparison:
    if claimed.value is None or assessed.value is None or not claimed.unit or not assessed.unit:
        return Comparison(None, "A figure without value or unit.", "not-stated")
    value = convert(claimed.value, claimed.unit, assessed.unit)
    if value is None:
        return Comparison(None, f"{amount(claimed)} cannot be compared with {amount(assessed)}.", "no-unit-conversion")
    low = Fraction(assessed.value) - Fraction(assessed.lower_tolerance or 0)
    high = Fraction(assessed.value) + Fraction(assessed.upper_tolerance or 0)
    no_better = (better == "higher" and value <= high) or (better == "lower" and value >= low)
    if low <= value <= high or no_better:
        return Comparison(True, "The claimed figure is no better than the assessed one.")
    return Comparison(
        False,
        f"Claimed are {amount(claimed)}, assessed were {amount(assessed)}.",
    )


def _scores(claimed: Score, assessed: Score) -> Comparison:
    if claimed.rank is not None and assessed.rank is not None:
        if claimed.rank >= assessed.rank:
            return Comparison(True, "The claimed score is no better than the assessed one.")
        return Comparison(False, f"The claimed score {claimed.code} ranks better than {assessed.code}.")
    if claimed.code and claimed.code == assessed.code:
        return Comparison(True, "The scores are equal.")
    return Comparison(None, "The scores have no rank to compare.", "not-stated")

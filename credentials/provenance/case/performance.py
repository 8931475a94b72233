"""Comparing a claimed with an assessed figure: one metric, one unit, what is guaranteed, the better direction.

The rule: values compare within one metric after exact conversion, and a metric without an id is no other one. An
assessed figure guarantees so much and no more: at least that where higher is better, at most where lower is, its
tolerance taken off. A claimed one may be worse, never better (TAX-02). What was not assessed is unknown, not wrong; so
is a metric that is claimed without a figure, since any figure would bear it out.
See docs/rules.md PV-CLM-5; docs/requirements.md TAX-02 and T22.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from contexts.codes.metrics import metric as known_metric
from contexts.codes.unit_symbols import symbol
from contexts.codes.units import convert, convertible
from credentials.identifiers.canonical_ids import given_or_canonical
from credentials.provenance.report.figures import amount
from credentials.untp.claim import Performance, Score
from credentials.untp.values import Measure

PERCENT: Final = "P1"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Does the assessed figure bear out the claimed one? None: it could not be told, for ``reason``.

    ``excludes``: the claim cannot be true if the assessed figure is; else it is only more than was found.
    """

    agrees: bool | None
    detail: str
    reason: str = ""
    excludes: bool = False


def metric_of(performance: Performance) -> str:
    """The metric's IRI, singular and plural spelling as one (TAX-01); "" when none is stated."""
    if performance.metric is None or performance.metric.id is None:
        return ""
    known = known_metric(performance.metric.id)
    return known.iri if known else given_or_canonical(performance.metric.id)


def metrics_of(performances: Iterable[Performance]) -> frozenset[str]:
    """The metrics stated."""
    return frozenset(metric_of(one) for one in performances) - {""}


def better_of(assessed: Performance) -> str:
    """Which direction is better: by our table, else by whoever assessed; "" where nobody says."""
    known = known_metric(metric_of(assessed))
    stated = assessed.metric.better if assessed.metric is not None else None
    better = known.better if known else stated
    return better if better in ("higher", "lower") else ""


def impossible(stated: Performance) -> str:
    """Why the figure cannot be one of its metric: its unit, or more than all or less than nothing of a whole; or ""."""
    metric, measure = stated.metric, stated.measure
    if metric is None or measure is None or measure.value is None or measure.unit is None:
        return ""
    known = known_metric(metric_of(stated))
    units = metric.units if known is None else ()
    if units and not any(convertible(measure.unit, unit) for unit in units):
        return f"which is stated in {' or '.join(map(symbol, units))}."
    share = as_share(measure, measure.value)
    is_of_a_whole = (known.aggregation if known is not None else metric.aggregation) == "weighted-average"
    if share is None or 0 <= share <= 1 or not is_of_a_whole:
        return ""
    return "and no share of a whole is more than all of it." if share > 0 else "and no share of it is below nothing."


def compare_figures(claimed: Performance, assessed: tuple[Performance, ...]) -> Comparison:
    """The claimed figure against what was assessed of its metric."""
    metric = metric_of(claimed)
    why = next((text for one in (claimed, *assessed) if (text := impossible(one)) and metric_of(one) == metric), "")
    if why:
        return Comparison(None, f"{amount(claimed.measure)} was stated of the metric, {why}", "not-stated")
    same = [one for one in assessed if metric and metric_of(one) == metric]
    if claimed.measure is None:
        return Comparison(None, "The claim names a metric and no figure of it.", "not-stated")
    against = [one for one in same if one.measure is not None]
    return _best([_measures(claimed.measure, one.measure, better_of(one)) for one in against if one.measure], claimed)


def compare_scores(claimed: Performance, assessed: tuple[Performance, ...]) -> Comparison:
    """The claimed score against those assessed: the same code, of the same metric where one is named."""
    same = [one for one in assessed if one.score is not None and _is_same_matter(claimed, one)]
    return _best([_scores(claimed.score, one.score) for one in same if claimed.score and one.score], claimed)


def _is_same_matter(claimed: Performance, assessed: Performance) -> bool:
    if claimed.metric is None or assessed.metric is None:
        return claimed.metric is assessed.metric
    return metric_of(claimed) != "" and metric_of(claimed) == metric_of(assessed)


def _best(found: list[Comparison], claimed: Performance) -> Comparison:
    """Of several assessed values of one metric one that bears the claim out is enough, if none excludes it."""
    name = claimed.metric.name if claimed.metric and claimed.metric.name else "the stated metric"
    nothing = Comparison(None, f"Nothing comparable was assessed for {name}.", "not-stated")
    order = (False, None, True)
    return max(found, key=lambda one: (one.excludes, order.index(one.agrees)), default=nothing)


def _measures(claimed: Measure, assessed: Measure, better: str) -> Comparison:
    if claimed.value is None or assessed.value is None or not claimed.unit or not assessed.unit:
        return Comparison(None, "A figure without value or unit.", "not-stated")
    value = convert(claimed.value, claimed.unit, assessed.unit)
    if value is None:
        return Comparison(None, f"{amount(claimed)} cannot be compared with {amount(assessed)}.", "no-unit-conversion")
    least, most = guarantee(assessed, better)
    if value == Fraction(assessed.value) and not (assessed.lower_tolerance or assessed.upper_tolerance):
        return Comparison(True, "The claimed figure is the assessed one.")
    if (better == "higher" and least is not None and value <= least) or (
        better == "lower" and most is not None and value >= most
    ):
        return Comparison(True, "The claimed figure is no better than the assessed one.")
    words = f"Claimed are {amount(claimed)}, assessed were {amount(assessed)}."
    excludes = (most is not None and value > most) or (least is not None and value < least)
    if not better and not excludes:
        return Comparison(None, f"{words} Nobody says whether more or less is better.", "not-stated")
    return Comparison(False, words, excludes=excludes)


def guarantee(assessed: Measure, better: str) -> tuple[Fraction | None, Fraction | None]:
    """The least and the most that an assessed figure lets be, in its own unit: None where it does not say.

    What is guaranteed is bound by the figure less its tolerance, the other side only by a tolerance that is stated;
    nothing at all is at most nothing. Where nobody says which direction is better, only tolerances bind.
    """
    if assessed.value is None:
        return None, None
    value = Fraction(assessed.value)
    lower, upper = assessed.lower_tolerance, assessed.upper_tolerance
    least = value - abs(Fraction(lower or 0)) if lower is not None or better == "higher" else None
    most = value + abs(Fraction(upper or 0)) if upper is not None or better == "lower" or value == 0 else None
    return least, most


def as_share(measure: Measure | None, value: Decimal | Fraction | None) -> Fraction | None:
    """``value``, in the unit of ``measure``, as a share of a whole; None where it is no percentage."""
    if measure is None or measure.unit is None or value is None:
        return None
    percent = convert(value, measure.unit, PERCENT)
    return percent / 100 if percent is not None else None


def _scores(claimed: Score, assessed: Score) -> Comparison:
    if claimed.code and claimed.code == assessed.code:
        return Comparison(True, "The score is the assessed one.")
    words = f"The claimed score is {claimed.code}, the assessed one {assessed.code}"
    if claimed.rank is not None and assessed.rank is not None and claimed.rank < assessed.rank:
        return Comparison(False, f"{words}, which ranks lower.")
    return Comparison(None, f"{words}: another code of the scheme.", "not-stated")

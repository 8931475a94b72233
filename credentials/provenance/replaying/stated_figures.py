"""What a statement's own figures come to: masses in kilograms with their tolerance, shares that an assessor guarantees.

The rule: read from the document as docs/derivation.md says, by the tables of units and metrics and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Final, TypeAlias

from contexts.codes import units
from contexts.codes.metrics import metric as known_metric
from contexts.codes.topics import canonical_topic
from credentials.identifiers.canonical_ids import given_or_canonical
from credentials.provenance.replaying.written_steps import Mass
from credentials.provenance.statements.statement import PortionStatement
from credentials.untp.claim import Claim, Performance
from credentials.untp.conformity import Assessment
from credentials.untp.values import Measure, Reference

#: What a claim says: the kind, and the canonical id, "" where there is none.
Atom: TypeAlias = tuple[str, str]
_NONE: Final = Fraction(0)


def in_base(measure: Measure | None, dimension: str) -> Fraction | None:
    """The amount in the base unit of ``dimension``; None when it is of another one, or none."""
    unit = units.unit(measure.unit) if measure is not None and measure.unit else None
    if measure is None or measure.value is None or unit is None or unit.dimension != dimension:
        return None
    return units.to_base(measure.value, unit.code)


def mass_of(portion: PortionStatement, weight: Fraction | None) -> Mass:
    """The mass of a portion, by the ``weight`` of one where it is counted; nothing to no bound where nobody weighed."""
    said = portion.said.quantity
    negative = said is not None and said.value is not None and said.value < 0
    mass, count = in_base(said, "mass"), in_base(said, "count")
    if said is None and portion.lot.is_item:
        count = Fraction(1)
    if mass is None and count is not None and weight is not None:
        mass = count * weight
    if mass is None or negative:
        return _NONE, None
    if said is None or not said.value or not said.unit:
        return mass, mass
    scale = mass / (units.to_base(said.value, said.unit) or mass)
    less, more = (
        abs(units.to_base(bound, said.unit) or _NONE) * scale if bound else _NONE
        for bound in (said.lower_tolerance, said.upper_tolerance)
    )
    return max(mass - less, _NONE), mass + more


def is_counted(portion: PortionStatement) -> bool:
    """Does the portion say pieces, whose weight another statement has to tell?"""
    said = portion.said.quantity
    if said is None:
        return portion.lot.is_item
    return in_base(said, "mass") is None and in_base(said, "count") is not None and (said.value or 0) >= 0


def metric_of(said: Performance) -> str:
    """The metric's IRI, singular and plural spelling as one; "" when none is stated."""
    if said.metric is None or said.metric.id is None:
        return ""
    known = known_metric(said.metric.id)
    return known.iri if known else given_or_canonical(said.metric.id)


def share(measure: Measure | None) -> Fraction | None:
    """A percentage as a share 0..1; None where it is none."""
    if measure is None or measure.value is None or measure.unit is None:
        return None
    percent = units.convert(measure.value, measure.unit, "P1")
    return percent / 100 if percent is not None and 0 <= percent <= 100 else None


def guaranteed_share(said: Performance) -> Fraction | None:
    """The share that an assessed figure guarantees at least; None where it is no share."""
    if said.measure is None or said.measure.unit is None or share(said.measure) is None:
        return None
    least, _ = _guarantee(said)
    percent = units.convert(least, said.measure.unit, "P1") if least is not None else None
    return max(percent / 100, _NONE) if percent is not None else _NONE


def bears_out(claimed: Performance, assessed: Performance) -> bool:
    """Is the claimed figure of the assessed metric no better than what was assessed, or the same?"""
    mine, theirs = claimed.measure, assessed.measure
    if metric_of(claimed) != metric_of(assessed) or not metric_of(claimed) or mine is None or theirs is None:
        return False
    if mine.value is None or theirs.value is None or not mine.unit or not theirs.unit:
        return False
    value, (least, most) = units.convert(mine.value, mine.unit, theirs.unit), _guarantee(assessed)
    if value is None:
        return False
    same = value == Fraction(theirs.value) and not (theirs.lower_tolerance or theirs.upper_tolerance)
    better = _better(assessed)
    at_most = better == "higher" and least is not None and value <= least
    at_least = better == "lower" and most is not None and value >= most
    return same or at_most or at_least


def same_score(claimed: Performance, assessed: Performance) -> bool:
    """Is the assessed score the claimed one, of the same metric where one is named?"""
    if claimed.score is None or assessed.score is None or not claimed.score.code:
        return False
    if (claimed.metric is None) != (assessed.metric is None):
        return False
    same = claimed.metric is None or metric_of(claimed) == metric_of(assessed) != ""
    return same and claimed.score.code == assessed.score.code


def _better(assessed: Performance) -> str:
    known = known_metric(metric_of(assessed))
    stated = assessed.metric.better if assessed.metric is not None else None
    return (known.better if known else stated) or ""


def _guarantee(assessed: Performance) -> tuple[Fraction | None, Fraction | None]:
    """The least and the most that an assessed figure lets be, in its own unit."""
    measure, better = assessed.measure, _better(assessed)
    if measure is None or measure.value is None:
        return None, None
    value, lower, upper = Fraction(measure.value), measure.lower_tolerance, measure.upper_tolerance
    least = value - abs(Fraction(lower or 0)) if lower is not None or better == "higher" else None
    most = value + abs(Fraction(upper or 0)) if upper is not None or better == "lower" or value == 0 else None
    return least, most


# ---- what a claim says


def criteria(said: Iterable[Reference]) -> frozenset[str]:
    """Canonical ids of criteria."""
    return frozenset(given_or_canonical(one.id) for one in said if one.id)


def topics(said: Iterable[Reference]) -> frozenset[str]:
    """Canonical ids of topics."""
    return frozenset(canonical_topic(one.id) or given_or_canonical(one.id) for one in said if one.id)


def assessed_topics(said: Assessment) -> frozenset[str]:
    """What an assessment is about: the topics it states, else those of its criteria."""
    return topics(said.topics) or topics(one for criterion in said.criteria for one in criterion.topics)


def atoms(said: Claim) -> Iterator[Atom]:
    """Everything that a claim says; what has no id, or is not said at all, is borne out by nothing."""
    for kind, stated, ids in (
        ("criterion", said.criteria, criteria(said.criteria)),
        ("topic", said.topics, topics(said.topics)),
    ):
        yield from ((kind, id) for id in sorted(ids))
        if not stated or any(not one.id for one in stated):
            yield (kind, "")
    for one in said.performance:
        if one.measure is not None or one.score is None:
            yield ("metric", metric_of(one))
        if one.score is not None:
            yield ("score", metric_of(one))

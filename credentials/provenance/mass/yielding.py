"""Yields: how much of a class of goods can come out of what went in, by the bands of the rule pack.

The rule: a band goes from classes of goods to classes of goods. An input for which none is stated counts whole, because
all of it may be what came out; so does one that nobody classified. Where an input that the bands do not bound was not
weighed, nothing is bounded. All of it is exact.
See docs/rule-packs.md; docs/rules.md PV-QTY-3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from credentials.identifiers.lots import LotKey
from credentials.provenance.graph.graph import Graph
from credentials.provenance.mass.origins import class_codes, is_waste
from credentials.provenance.mass.quantities import mass_of
from credentials.provenance.packs.rule_pack import Band, RulePack
from credentials.provenance.statements.statement import EventStatement, PortionStatement, Statement

Counts: TypeAlias = Callable[[Statement], bool]
_NONE, _ALL = Fraction(0), Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Yielded:
    """What came out of one class of goods in kilograms, and the ``least`` and ``most`` that can, None: not bounded.

    ``made`` is all that was weighed of ``portions``, ``used`` of what went in; ``whole``: nothing was left unweighed.
    ``bands`` are those that bound it.
    """

    portions: tuple[PortionStatement, ...]
    made: Fraction
    whole: bool
    used: Fraction
    least: Fraction | None
    most: Fraction | None
    bands: tuple[Band, ...]


def classes_of(graph: Graph, lot: LotKey, counts: Counts) -> tuple[str, ...]:
    """The classes of a lot by its passports that count."""
    return tuple(code for one in graph.passports_of(lot) if counts(one) for code in class_codes(one.said.categories))


def yielded(graph: Graph, pack: RulePack, event: EventStatement, counts: Counts) -> tuple[Yielded, ...]:
    """Each class of goods that came out of a make event and that a band of the pack bounds."""
    if not pack.yields:
        return ()
    inputs = [(classes_of(graph, one.lot, counts), mass_of(graph, one)) for one in event.inputs]
    kinds: dict[tuple[Band | None, ...], list[PortionStatement]] = {}
    for portion in event.outputs:
        classes = classes_of(graph, portion.lot, counts)
        if not is_waste(classes):
            kinds.setdefault(tuple(pack.band(of, classes) for of, _ in inputs), []).append(portion)
    masses = [mass for _, mass in inputs]
    return tuple(
        _of_kind(graph, tuple(portions), bands, masses, alone=len(kinds) == 1)
        for bands, portions in kinds.items()
        if any(bands)
    )


def most_used(
    graph: Graph, pack: RulePack, used: LotKey, outputs: Iterable[tuple[LotKey, Fraction | None]], counts: Counts
) -> Fraction | None:
    """The most that can have been used of an input by what came out, at most so much of each lot.

    None where no band bounds it, where goods of another class but waste came out, which it may have become, or where
    nobody weighed them.
    """
    of = classes_of(graph, used, counts)
    found = _NONE
    for lot, most in outputs if of else ():
        classes = classes_of(graph, lot, counts)
        if is_waste(classes):
            continue
        band = pack.band(of, classes)
        if band is None or not band.least or most is None:
            return None
        found += most / band.least
    return found or None


def gains(graph: Graph, pack: RulePack, event: EventStatement, counts: Counts) -> bool:
    """Can what came out weigh more than what went in: by its class, or by a band?"""
    inputs = [classes_of(graph, one.lot, counts) for one in event.inputs]
    outputs = [classes_of(graph, one.lot, counts) for one in event.outputs]
    bands = (pack.band(of, to) for of in inputs for to in outputs)
    return any(pack.takes_up(to) for to in outputs) or any(one is not None and (one.most or _NONE) > 1 for one in bands)


def _of_kind(
    graph: Graph,
    portions: tuple[PortionStatement, ...],
    bands: tuple[Band | None, ...],
    masses: list[Fraction | None],
    *,
    alone: bool,
) -> Yielded:
    made = [mass_of(graph, portion) for portion in portions]
    weighed = [mass for mass in made if mass is not None]
    pairs = list(zip(bands, masses, strict=True))
    rates = [(band.most if band is not None and band.most is not None else _ALL, mass) for band, mass in pairs]
    bounded = any(band is not None and band.most is not None for band, _ in pairs)
    most = [rate * mass for rate, mass in rates if mass is not None]
    # what goes in for several kinds of goods need not have become this one
    least = [band.least * mass for band, mass in pairs if band and band.least and mass is not None] if alone else []
    return Yielded(
        portions=portions,
        made=sum(weighed, _NONE),
        whole=len(weighed) == len(made) and None not in masses,
        used=sum((mass for mass in masses if mass is not None), _NONE),
        least=sum(least, _NONE) if least else None,
        most=sum(most, _NONE) if bounded and len(most) == len(masses) else None,
        bands=tuple(dict.fromkeys(band for band in bands if band is not None)),
    )

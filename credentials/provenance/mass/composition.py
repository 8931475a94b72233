"""Composition: which inputs of a make event are which material of the passport.

The rule: codes decide where both sides use one classification scheme; an input nobody classified could be
any of the materials, so it counts as possible, never as none.
See docs/rules.md PV-QTY-2 and PV-QTY-8.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from credentials.identifiers.lots import LotKey
from credentials.provenance.graph.graph import Graph
from credentials.provenance.statements.statement import EventStatement, PortionStatement
from credentials.untp.passport import Material


def is_made_of(graph: Graph, lot: LotKey, material: Material) -> bool | None:
    """Is the input this material? None when the codes of both cannot be compared."""
    kind = material.type
    passports = graph.passports_of(lot)
    codes = [code for passport in passports for code in passport.said.categories if code.code]
    if kind is None or kind.code is None:
        return None
    comparable = [code for code in codes if code.scheme_id == kind.scheme_id]
    return any(code.code == kind.code for code in comparable) if comparable else None


def documented_share(graph: Graph, event: EventStatement) -> Fraction:
    """The share of an output's mass whose materials, as its passport lists them, are among the inputs."""
    shares = [
        sum((Fraction(one.mass_fraction or 0) for one in passport.said.materials if _appears(graph, event, one)), _ZERO)
        for portion in event.outputs
        for passport in graph.passports_of(portion.lot)[:1]
    ]
    return min(shares, default=_ZERO)


def inputs_for(
    graph: Graph, events: Iterable[EventStatement], material: Material
) -> tuple[list[PortionStatement], list[PortionStatement]]:
    """The inputs that are the material, and those that could be."""
    portions = [portion for event in events for portion in event.inputs]
    found = [(portion, is_made_of(graph, portion.lot, material)) for portion in portions]
    return [one for one, fits in found if fits], [one for one, fits in found if fits is None]


def outputs_for(events: Iterable[EventStatement], lot: LotKey) -> list[PortionStatement]:
    """The outputs that are the lot or a part of it."""
    return [portion for event in events for portion in event.outputs if lot.covers(portion.lot)]


def _appears(graph: Graph, event: EventStatement, material: Material) -> bool:
    return any(is_made_of(graph, portion.lot, material) for portion in event.inputs)


_ZERO = Fraction(0)

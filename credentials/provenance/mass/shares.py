"""Where the mass of a lot comes from: shares of upstream lots, and where the chain is cut or need not be followed.

This is the one way upstream: whatever is asked of the inputs of a lot (its mass, its claims) is asked along it, and
which statements count is given to it. The rule: what is documented is counted, what is not stays *unknown* and is
never spread over the known. A make event whose inputs weigh less than its outputs leaves the difference undocumented.
Shares travel upstream in waves, so that shared suppliers are merged and loops shrink or end at the policy's depth;
nothing here recurses.
See docs/requirements.md T3, T5 and T7.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final, TypeAlias

from credentials.identifiers.lots import LotKey
from credentials.provenance.graph.graph import Graph
from credentials.provenance.mass.quantities import mass_of, total
from credentials.provenance.statements.statement import EventStatement, PassportStatement, Statement
from credentials.provenance.statements.stepwise import STEP, Steps

NEGLIGIBLE: Final = 1_000_000  # a share of less than one in so many is not followed further


class End(StrEnum):
    """How a branch of the chain ends."""

    SPEAKS = "speaks"  # the lot itself says what was asked for: its inputs need not
    ORIGIN = "origin"  # a passport of raw or recovered material: nothing is made of it before
    NO_PRODUCER = "no-producer"  # a passport, but no record of what it was made of
    UNDOCUMENTED = "undocumented"  # nothing is known of the lot, or of a part of a make event's inputs
    UNMEASURED = "unmeasured"  # a documented input whose mass is not known
    LOOP = "loop"  # the material only comes from itself
    BUDGET = "budget"  # the policy's bounds were reached


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Contribution:
    """A part of the target's mass (``share`` 0..1) whose chain ends at ``lot`` for the reason ``end``.

    ``lot`` of an undocumented input is the lot that was made of it, ``event`` the make event's id.
    """

    lot: LotKey
    end: End
    share: Fraction
    event: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """How the mass of a target is made up.

    ``through``: the share of the target's mass that passes through each lot, the target itself at 1.
    ``ends``: where the branches end, summing to 1. ``explained``: documented over implied input mass, None without
    a make event of known masses.
    """

    through: Mapping[LotKey, Fraction]
    ends: tuple[Contribution, ...]
    explained: Fraction | None

    def of(self, *kinds: End) -> Fraction:
        """The share of the target's mass that ends in one of ``kinds``."""
        return sum((one.share for one in self.ends if one.end in kinds), Fraction(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """One step upstream: ``lots`` with their shares, and what is not documented or not measured, summing to 1."""

    event: str
    lots: tuple[tuple[LotKey, Fraction], ...]
    undocumented: Fraction = Fraction(0)
    unmeasured: tuple[LotKey, ...] = ()
    documented: Fraction | None = None  # input mass over output mass, at most 1


Counts: TypeAlias = Callable[[Statement], bool]


class Making:
    """What lots were made of: the make steps of a graph, each worked out once, by the statements that count."""

    def __init__(self, graph: Graph, counts: Counts) -> None:
        self._graph = graph
        self._counts = counts
        self._steps: dict[LotKey, Inputs | None] = {}

    def step(self, lot: LotKey) -> Inputs | None:
        """What ``lot`` was made of, None if unknown; several make events are pooled by what each made of it."""
        if lot not in self._steps:
            makers = [event for event in self._graph.makers_of(lot) if self._counts(event)]
            self._steps[lot] = _pooled([(_made(self._graph, one, lot), _one_event(self._graph, one)) for one in makers])
        return self._steps[lot]

    def end_of(self, lot: LotKey) -> End:
        """How the chain ends at a lot that nothing says the making of."""
        passports = [one for one in self._graph.passports_of(lot) if self._counts(one)]
        if not passports:
            return End.UNDOCUMENTED
        return End.ORIGIN if any(is_origin(passport) for passport in passports) else End.NO_PRODUCER


def contributions(
    making: Making, lot: LotKey, *, speaks: Callable[[LotKey], bool], depth: int, lots: int
) -> Steps[Shares]:
    """The shares of everything that ``lot`` is made of, at most ``depth`` steps up and over ``lots`` lots.

    A branch ends with a lot that ``speaks`` for itself, but for the first, whose inputs are asked.
    """
    walk = _Walk(making, lot, speaks, limit=lots)
    for _ in range(depth):
        if not walk.wave:
            break
        yield from walk.step()
    walk.stop()
    return walk.result()


def _pooled(steps: list[tuple[Fraction | None, Inputs]]) -> Inputs | None:
    if len(steps) <= 1:
        return steps[0][1] if steps else None
    whole = total(weight for weight, _ in steps)
    pool = [(weight / whole if weight and whole else Fraction(1, len(steps)), step) for weight, step in steps]
    merged: dict[LotKey, Fraction] = {}
    for weight, step in pool:
        for key, share in step.lots:
            merged[key] = merged.get(key, Fraction(0)) + weight * share
    known = [(weight, step.documented) for weight, step in pool if step.documented is not None]
    return Inputs(
        event=min(step.event for _, step in steps),
        lots=tuple(sorted(merged.items())),
        undocumented=sum((weight * step.undocumented for weight, step in pool), Fraction(0)),
        unmeasured=tuple(sorted({key for _, step in steps for key in step.unmeasured})),
        documented=sum((weight * part for weight, part in known), Fraction(0)) if known else None,
    )


def is_origin(passport: PassportStatement) -> bool:
    """Is the lot raw or recovered material: is each of its materials the very thing it is sold as?

    Judged by classification codes of one scheme; a passport that names no material is no origin.
    """
    sold_as = {(code.scheme_id, code.code) for code in passport.said.categories if code.code}
    made_of = [(one.type.scheme_id, one.type.code) if one.type else None for one in passport.said.materials]
    return bool(made_of) and all(kind in sold_as for kind in made_of)


def _one_event(graph: Graph, event: EventStatement) -> Inputs:
    output = total(mass_of(graph, portion) for portion in event.outputs)
    amounts: dict[LotKey, Fraction] = {}
    unmeasured: set[LotKey] = set()
    for portion in event.inputs:
        mass = mass_of(graph, portion)
        if mass is None or mass < 0:
            unmeasured.add(portion.lot)
        else:
            amounts[portion.lot] = amounts.get(portion.lot, Fraction(0)) + mass
    measured = sum(amounts.values(), Fraction(0))
    # A surplus of inputs is loss; a lack of inputs is material nobody documents.
    whole = max(measured, output or Fraction(0)) if not unmeasured else max(measured, output or measured * 2)
    if not whole:
        return Inputs(event=event.id, lots=(), undocumented=Fraction(1), unmeasured=tuple(sorted(unmeasured)))
    lots = tuple((key, amount / whole) for key, amount in sorted(amounts.items()))
    return Inputs(
        event=event.id,
        lots=lots,
        undocumented=1 - measured / whole,
        unmeasured=tuple(sorted(unmeasured)),
        documented=min(Fraction(1), measured / output) if output and not unmeasured else None,
    )


def _made(graph: Graph, event: EventStatement, lot: LotKey) -> Fraction | None:
    made = [portion for portion in event.outputs if lot.covers(portion.lot) or portion.lot.covers(lot)]
    return total(mass_of(graph, portion) for portion in made)


class _Walk:
    """Shares on their way upstream, one wave a step."""

    def __init__(self, making: Making, target: LotKey, speaks: Callable[[LotKey], bool], *, limit: int) -> None:
        self._making = making
        self._speaks = speaks
        self._limit = limit
        self.wave: dict[LotKey, Fraction] = {target: Fraction(1)}
        self._through: dict[LotKey, Fraction] = {target: Fraction(1)}
        self._ends: dict[tuple[LotKey, End, str], Fraction] = {}
        self._opened: set[LotKey] = set()
        self._implied = self._documented = Fraction(0)

    def step(self) -> Steps[None]:
        """Move every share of the wave to the inputs of its lot."""
        wave, self.wave = self.wave, {}
        for number, lot in enumerate(sorted(wave), 1):
            self._open(lot, wave[lot])
            if number % STEP == 0:
                yield

    def stop(self) -> None:
        """What is still under way ends here: in a loop when it has come round, else at the budget."""
        for lot in sorted(self.wave):
            self._end(lot, End.LOOP if lot in self._opened else End.BUDGET, self.wave[lot])
        self.wave = {}

    def result(self) -> Shares:
        """The shares found."""
        return Shares(
            through=dict(sorted(self._through.items())),
            ends=tuple(
                sorted(
                    Contribution(lot=lot, end=end, share=share, event=event)
                    for (lot, end, event), share in self._ends.items()
                )
            ),
            explained=self._documented / self._implied if self._implied else None,
        )

    def _open(self, lot: LotKey, share: Fraction) -> None:
        if lot not in self._opened and len(self._opened) >= self._limit:
            self._end(lot, End.BUDGET, share)
            return
        self._opened.add(lot)
        step = self._making.step(lot)
        if step is None:
            self._end(lot, self._making.end_of(lot), share)
            return
        if step.documented is not None:
            self._implied += share
            self._documented += share * step.documented
        for key, part in step.lots:
            self._pass_on(key, share * part)
        if step.undocumented:
            end = End.UNMEASURED if step.unmeasured else End.UNDOCUMENTED
            self._end(lot, end, share * step.undocumented, step.event)

    def _pass_on(self, lot: LotKey, share: Fraction) -> None:
        if self._speaks(lot):
            self._end(lot, End.SPEAKS, share)
            return
        if share.numerator * NEGLIGIBLE < share.denominator:
            self._end(lot, End.LOOP if lot in self._opened else End.BUDGET, share)
            return
        self.wave[lot] = self.wave.get(lot, Fraction(0)) + share
        through = self._through.get(lot, Fraction(0)) + share
        self._through[lot] = through if through.numerator <= through.denominator else Fraction(1)

    def _end(self, lot: LotKey, end: End, share: Fraction, event: str = "") -> None:
        key = (lot, end, event)
        self._ends[key] = self._ends.get(key, Fraction(0)) + share

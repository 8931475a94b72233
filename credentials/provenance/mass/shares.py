"""Where the mass of a lot comes from: shares of upstream lots, and where the chain is cut or need not be followed.

This is the one way upstream: whatever is asked of the inputs of a lot (its mass, its claims) is asked along it, and
which statements count is given to it. The rule: what is documented is counted, what is not stays *unknown* and is
never spread over the known. A make event whose inputs weigh less than its outputs leaves the difference undocumented;
an input that nobody weighed leaves open as much as it can weigh.
Shares travel upstream in waves, so that shared suppliers are merged and loops shrink or end at the policy's depth;
nothing here recurses.
See docs/requirements.md T3, T5 and T7.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Final, TypeAlias

from credentials.identifiers.lots import LotKey
from credentials.provenance.graph.graph import Graph
from credentials.provenance.graph.successors import is_said_in, words_beside
from credentials.provenance.mass.making import Mixture, mixture
from credentials.provenance.mass.origins import Origins
from credentials.provenance.mass.yielding import Counts
from credentials.provenance.packs.rule_pack import RulePack
from credentials.provenance.statements.kept import keeping
from credentials.provenance.statements.statement import EventStatement
from credentials.provenance.statements.stepwise import STEP, Steps

NEGLIGIBLE: Final = 1_000_000  # a share of less than one in so many is not followed further


class End(StrEnum):
    """How a branch of the chain ends."""

    SPEAKS = "speaks"  # the lot itself says what was asked for: its inputs need not
    ORIGIN = "origin"  # a passport of raw or recovered material: nothing is made of it before
    NO_PRODUCER = "no-producer"  # a passport, but no record of what it was made of
    UNDOCUMENTED = "undocumented"  # nothing is known of the lot, or of a part of a make event's inputs
    UNMEASURED = "unmeasured"  # inputs that nobody weighed, as heavy as they can be
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

    ``through``: the share of the target's mass that passes through each lot at most, the target itself at 1.
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
    """One step upstream: each input lot with the share that it surely has and the most that it can have.

    The sure shares, what is ``undocumented`` and what is ``unweighed`` are all of it. ``documented``: input mass over
    output mass, at most 1. ``mixtures`` are the make events themselves.
    """

    event: str
    lots: tuple[tuple[LotKey, Fraction, Fraction], ...]
    undocumented: Fraction
    unweighed: Fraction
    documented: Fraction | None
    mixtures: tuple[Mixture, ...]


class Making:
    """What lots were made of: the make steps of a graph, by the statements that count.

    Each is worked out once, and again only when something arrives that it was read from.
    """

    def __init__(self, graph: Graph, counts: Counts, pack: RulePack) -> None:
        self._graph = graph
        self._counts = counts
        self._pack = pack
        self._origins = Origins(graph, counts, pack)
        self.kept = graph.kept

    @keeping
    def step(self, lot: LotKey) -> Inputs | None:
        """What ``lot`` was made of, None if unknown; several make events are pooled by what each made of it.

        It is unknown where a teller signed two documents under one id that differ in the event.
        """
        makers = [] if self.is_origin(lot) else self._makers_of(lot)
        made = tuple(mixture(self._graph, event, lot, self._counts, self._pack) for event in makers)
        known = made and not any(self._is_taken_back(event) for event in makers)
        return _inputs(made) if known else None

    def _is_taken_back(self, event: EventStatement) -> bool:
        """Is there another document under the same id that does not tell the event, or that cannot be used?"""
        others = words_beside(self._graph, event.credential)
        return any(not (is_said_in(one, event) and self._counts(replace(event, credential=one))) for one in others)

    def _makers_of(self, lot: LotKey) -> list[EventStatement]:
        return [event for event in self._graph.makers_of(lot) if self._counts(event)]

    @keeping
    def end_of(self, lot: LotKey) -> End:
        """How the chain ends at a lot that nothing says the making of."""
        if not any(self._counts(one) for one in self._graph.passports_of(lot)):
            return End.UNDOCUMENTED
        return End.ORIGIN if self.is_origin(lot) else End.NO_PRODUCER

    @keeping
    def is_origin(self, lot: LotKey) -> bool:
        """Is the lot declared to be made of nothing before it?"""
        makers = self._makers_of(lot)
        return self._origins.has(lot, makers) and not any(self._is_taken_back(event) for event in makers)


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


def _inputs(mixtures: tuple[Mixture, ...]) -> Inputs:
    """The step of a lot that was made by these events, weighed by what came out of each.

    Where nobody knows which made more, nothing of it is sure.
    """
    made = [one.made.stated for one in mixtures]
    whole = sum((mass for mass in made if mass), _NONE)
    weights = (
        [_ALL] if len(made) == 1 else [mass / whole if mass and whole and None not in made else _NONE for mass in made]
    )
    shares: dict[LotKey, tuple[Fraction, Fraction]] = {}
    for weight, one in zip(weights, mixtures, strict=True):
        for lot, (sure, most) in one.shares().items():
            before = shares.get(lot, (_NONE, _NONE))
            shares[lot] = (before[0] + weight * sure, min(before[1] + (weight or _ALL) * most, _ALL))
    undocumented = sum((weight * one.lacking for weight, one in zip(weights, mixtures, strict=True)), _NONE)
    known = [
        (weight, one.documented) for weight, one in zip(weights, mixtures, strict=True) if one.documented is not None
    ]
    return Inputs(
        event=min(one.event for one in mixtures),
        lots=tuple((lot, sure, most) for lot, (sure, most) in sorted(shares.items())),
        undocumented=undocumented,
        unweighed=_ALL - undocumented - sum((sure for sure, _ in shares.values()), _NONE),
        documented=sum((weight * part for weight, part in known), _NONE) if known else None,
        mixtures=mixtures,
    )


class _Walk:
    """Shares on their way upstream, one wave a step."""

    def __init__(self, making: Making, target: LotKey, speaks: Callable[[LotKey], bool], *, limit: int) -> None:
        self._making = making
        self._speaks = speaks
        self._limit = limit
        self.wave: dict[LotKey, _Share] = {target: (_ALL, _ALL)}
        self._through: dict[LotKey, Fraction] = {target: _ALL}
        self._ends: dict[tuple[LotKey, End, str], Fraction] = {}
        self._opened: set[LotKey] = set()
        self._implied = self._documented = _NONE

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
            self._end(lot, End.LOOP if lot in self._opened else End.BUDGET, self.wave[lot][0])
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

    def _open(self, lot: LotKey, share: _Share) -> None:
        sure, most = share
        if lot not in self._opened and len(self._opened) >= self._limit:
            self._end(lot, End.BUDGET, sure)
            return
        self._opened.add(lot)
        step = self._making.step(lot)
        if step is None:
            self._end(lot, self._making.end_of(lot), sure)
            return
        if step.documented is not None:
            self._implied += sure
            self._documented += sure * step.documented
        for key, part, at_most in step.lots:
            passed = sure * part
            self._pass_on(key, (passed, passed if most == sure and at_most == part else most * at_most))
        self._end(lot, End.UNDOCUMENTED, sure * step.undocumented, step.event)
        self._end(lot, End.UNMEASURED, sure * step.unweighed, step.event)

    def _pass_on(self, lot: LotKey, share: _Share) -> None:
        sure, most = share
        if self._speaks(lot):
            self._end(lot, End.SPEAKS, sure)
            return
        if most.numerator * NEGLIGIBLE < most.denominator:
            self._end(lot, End.LOOP if lot in self._opened else End.BUDGET, sure)
            return
        before = self.wave.get(lot, (_NONE, _NONE))
        both = before[0] + sure
        self.wave[lot] = (both, both if most == sure and before[0] == before[1] else min(before[1] + most, _ALL))
        self._through[lot] = min(self._through.get(lot, _NONE) + most, _ALL)

    def _end(self, lot: LotKey, end: End, share: Fraction, event: str = "") -> None:
        if share:
            key = (lot, end, event)
            self._ends[key] = self._ends.get(key, _NONE) + share


#: The share of the target that a lot surely is, and the most that it can be.
_Share: TypeAlias = tuple[Fraction, Fraction]
_NONE, _ALL = Fraction(0), Fraction(1)

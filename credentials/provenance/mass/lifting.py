"""Lifting: what a lot has of something, by what is said of the lots it is made of.

The rule: a lot of which something exact is said is not asked further; where a bound is open, its inputs may close it.
Every lot is worked out once, inputs before what is made of them. In a circle the bounds are narrowed round by round
from between nothing and all, so they hold after any number of rounds; rounding is always outward.
See docs/requirements.md T5 and T6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Final, TypeAlias

from credentials.identifiers.lots import LotKey
from credentials.provenance.graph.loops import components
from credentials.provenance.mass.blending import UNKNOWN, Interval
from credentials.provenance.mass.making import pooled
from credentials.provenance.mass.shares import Inputs, Making

#: What is said of a lot itself, None where nobody says anything.
Said: TypeAlias = Callable[[LotKey], Interval | None]
#: How often the bounds in a circle are narrowed at most.
ROUNDS: Final = 100
_DIGITS: Final = 10**12


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifting:
    """What was worked out for each lot that was asked: what it has (``found``), and what its inputs say of it.

    ``steps``: what each was made of. ``circles``: the lots by circle, each after everything that it is made of.
    """

    steps: Mapping[LotKey, Inputs | None]
    circles: tuple[tuple[LotKey, ...], ...]
    found: Mapping[LotKey, Interval]
    above: Mapping[LotKey, Interval]

    def goes_round(self, circle: tuple[LotKey, ...]) -> bool:
        """Is any of these lots made of itself?"""
        step = self.steps.get(circle[0])
        return len(circle) > 1 or (step is not None and any(key == circle[0] for key, _, _ in step.lots))


def lifted(making: Making, lot: LotKey, said: Said, *, depth: int, lots: int) -> Lifting:
    """What the inputs of ``lot`` say of it, at most ``depth`` steps up and over ``lots`` lots."""
    steps = _reached(making, lot, said, depth=depth, lots=lots)
    inputs = {key: [one for one, _, _ in step.lots] if step is not None else [] for key, step in steps.items()}
    found: dict[LotKey, Interval] = {}
    from_inputs: dict[LotKey, Interval] = {}
    circles = tuple(tuple(circle) for circle in components(inputs))
    lifting = Lifting(steps=steps, circles=circles, found=found, above=from_inputs)

    def value(key: LotKey) -> Interval:
        own = said(key) if key != lot else None
        step = steps.get(key)
        if step is None or (own is not None and own.is_exact):
            return own or UNKNOWN
        above = pooled((one, one.of(lambda input: found.get(input, UNKNOWN))) for one in step.mixtures)
        from_inputs[key] = above
        return above if own is None else own.narrowed(above)

    for circle in circles:
        if not lifting.goes_round(circle):
            found[circle[0]] = value(circle[0])
            continue
        for _ in range(ROUNDS):
            before = {key: found.get(key) for key in circle}
            found |= {key: _outward(value(key)) for key in circle}
            if before == {key: found[key] for key in circle}:
                break
    return lifting


def _reached(making: Making, lot: LotKey, said: Said, *, depth: int, lots: int) -> dict[LotKey, Inputs | None]:
    """Each lot that is asked, with its step; those beyond the bounds are left out.

    A lot that is wholly so by what is said of it is asked last: its inputs add nothing but other witnesses.
    """
    steps: dict[LotKey, Inputs | None] = {}
    whole: dict[LotKey, int] = {}

    def ask(wave: Iterable[LotKey], *, at: int, witnesses: bool) -> list[LotKey]:
        following: dict[LotKey, None] = {}
        for key in wave:
            own = said(key) if key != lot else None
            if len(steps) >= lots:
                break
            if own is not None and own.is_exact and own.low == 1 and not witnesses:
                whole.setdefault(key, at)
            closed = own is not None and own.is_exact and not (witnesses and own.low == 1)
            step = steps[key] = None if closed else making.step(key)
            following |= dict.fromkeys(one for one, _, _ in step.lots) if step is not None else {}
        return [key for key in following if key not in steps]

    wave = [lot]
    for level in range(depth):
        wave = ask(wave, at=level, witnesses=False)
    by_level: dict[int, list[LotKey]] = {}
    for key, level in whole.items():
        by_level.setdefault(level, []).append(key)
    wave = []
    for level in range(depth):
        wave = ask([*by_level.get(level, ()), *wave], at=level, witnesses=True)
    return steps


def _outward(value: Interval) -> Interval:
    low = Fraction(floor(value.low * _DIGITS), _DIGITS)
    return Interval(low, Fraction(ceil(value.high * _DIGITS), _DIGITS))

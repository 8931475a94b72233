"""Lifting: what a lot has of something, by what is said of the lots it is made of.

The rule: a lot of which something exact is said is not asked further; where a bound is open, its inputs may close it.
Every lot is worked out once, inputs before what is made of them. In a circle the bounds are narrowed round by round
from between nothing and all, so they hold after any number of rounds; rounding is always outward.
See docs/requirements.md T5 and T6.
"""

from __future__ import annotations

from collections.abc import Callable
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
_ROUNDS: Final = 100
_DIGITS: Final = 10**12


def lifted(making: Making, lot: LotKey, said: Said, *, depth: int, lots: int) -> Interval:
    """What the inputs of ``lot`` say of it, at most ``depth`` steps up and over ``lots`` lots."""
    steps = _reached(making, lot, said, depth=depth, lots=lots)
    inputs = {key: [one for one, _, _ in step.lots] if step is not None else [] for key, step in steps.items()}
    found: dict[LotKey, Interval] = {}

    def value(key: LotKey) -> Interval:
        own = said(key) if key != lot else None
        step = steps.get(key)
        if step is None or (own is not None and own.is_exact):
            return own or UNKNOWN
        above = pooled((one, one.of(lambda input: found.get(input, UNKNOWN))) for one in step.mixtures)
        return above if own is None else own.narrowed(above)

    for circle in components(inputs):
        first = circle[0]
        if len(circle) == 1 and first not in inputs.get(first, ()):
            found[first] = value(first)
            continue
        for _ in range(_ROUNDS):
            before = {key: found.get(key) for key in circle}
            found |= {key: _outward(value(key)) for key in circle}
            if before == {key: found[key] for key in circle}:
                break
    return found[lot]


def _reached(making: Making, lot: LotKey, said: Said, *, depth: int, lots: int) -> dict[LotKey, Inputs | None]:
    """Each lot that is asked, with its step; those beyond the bounds are left out."""
    steps: dict[LotKey, Inputs | None] = {}
    wave = [lot]
    for _ in range(depth):
        following: dict[LotKey, None] = {}
        for key in wave:
            own = said(key) if key != lot else None
            if len(steps) >= lots:
                break
            step = steps[key] = None if own is not None and own.is_exact else making.step(key)
            following |= dict.fromkeys(one for one, _, _ in step.lots) if step is not None else {}
        wave = [key for key in following if key not in steps]
    return steps


def _outward(value: Interval) -> Interval:
    low = Fraction(floor(value.low * _DIGITS), _DIGITS)
    return Interval(low, Fraction(ceil(value.high * _DIGITS), _DIGITS))

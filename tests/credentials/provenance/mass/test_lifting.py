"""Shares in circles: lots that are made of themselves hold what comes in from outside, and never more."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import cast

import pytest

from credentials.identifiers.lots import LotKey
from credentials.provenance.mass.blending import UNWEIGHED, Amount, Interval
from credentials.provenance.mass.lifting import lifted
from credentials.provenance.mass.making import Mixture
from credentials.provenance.mass.shares import Inputs, Making

Recipe = dict[LotKey, dict[LotKey, int]]
_NONE = Fraction(0)


def lot(name: object) -> LotKey:
    return LotKey(f"https://loop.test/lots/{name}", str(name))


class Recipes:
    """What lots are made of; ``bags`` are inputs that nobody weighed."""

    def __init__(self, made: Recipe, bags: frozenset[tuple[LotKey, LotKey]] = frozenset()) -> None:
        self._made = made
        self._bags = bags

    def step(self, key: LotKey) -> Inputs | None:
        if key not in self._made:
            return None
        inputs = {
            one: UNWEIGHED if (key, one) in self._bags else Amount.exactly(Fraction(mass))
            for one, mass in self._made[key].items()
        }
        mixture = Mixture(event="", inputs=inputs, undocumented=_NONE, missing=_NONE, made=UNWEIGHED, documented=None)
        lots = tuple((one, _NONE, Fraction(1)) for one in inputs)
        return Inputs(
            event="", lots=lots, undocumented=_NONE, unweighed=Fraction(1), documented=None, mixtures=(mixture,)
        )


def shares(
    made: Recipe, attested: dict[LotKey, Fraction], *, bags: frozenset[tuple[LotKey, LotKey]] = frozenset()
) -> Interval:
    """What the target ``lot(0)`` has, where the shares of some lots are attested exactly."""
    making = cast(Making, Recipes(made, bags))
    said = {key: Interval.exactly(share) for key, share in attested.items()}
    return lifted(making, lot(0), said.get, depth=64, lots=1000).found[lot(0)]


def test_a_circle_with_virgin_inflow_holds_nothing_recycled() -> None:
    made = {lot(0): {lot(0): 90, lot("new"): 10}}

    found = shares(made, {lot("new"): Fraction(0)})

    assert found.low == 0
    assert found.high < Fraction(1, 10_000)


def test_a_circle_that_nothing_comes_into_is_unknown() -> None:
    assert shares({lot(0): {lot(1): 1}, lot(1): {lot(0): 1}}, {}) == Interval(Fraction(0), Fraction(1))


def _world(seed: int) -> tuple[Recipe, dict[LotKey, Fraction], dict[LotKey, Fraction]]:
    """Lots in circles, some raw: what they are made of, the raw ones' shares, and every true share."""
    chance = Random(seed)
    circle = [lot(number) for number in range(chance.randint(1, 6))]
    raw = {lot(f"raw-{number}"): Fraction(chance.randint(0, 1)) for number in range(3)}
    made: Recipe = {}
    for number, key in enumerate(circle):
        others = {one: chance.randint(1, 9) for one in chance.sample(circle, chance.randint(0, len(circle)))}
        following = circle[(number + 1) % len(circle)]
        made[key] = others | {following: chance.randint(1, 9), chance.choice(list(raw)): chance.randint(1, 9)}
    truth = dict(raw) | dict.fromkeys(circle, Fraction(0))
    return made, raw, _solved(made, truth, circle)


def _solved(made: Recipe, truth: dict[LotKey, Fraction], circle: list[LotKey]) -> dict[LotKey, Fraction]:
    """The one solution of the mixing equations, by elimination."""
    rows = []
    for key in circle:
        whole = sum(made[key].values())
        row = [Fraction(int(key == one)) - Fraction(made[key].get(one, 0), whole) for one in circle]
        known = sum((Fraction(mass, whole) * truth[one] for one, mass in made[key].items() if one not in circle), _NONE)
        rows.append([*row, known])
    for number in range(len(rows)):
        pivot = next(one for one in range(number, len(rows)) if rows[one][number])
        rows[number], rows[pivot] = rows[pivot], rows[number]
        rows[number] = [value / rows[number][number] for value in rows[number]]
        for other, row in enumerate(rows):
            if other != number:
                rows[other] = [mine - row[number] * his for mine, his in zip(row, rows[number], strict=True)]
    return truth | {key: rows[number][-1] for number, key in enumerate(circle)}


_WORLDS = [pytest.param(range(0, 200, 5), id="40"), pytest.param(range(200), id="200", marks=pytest.mark.slow)]


@pytest.mark.parametrize("seeds", _WORLDS)
def test_in_worlds_of_circles_the_truth_is_inside_and_nothing_exceeds_all(seeds: range) -> None:
    for seed in seeds:
        made, raw, truth = _world(seed)
        found = shares(made, raw)
        assert 0 <= found.low <= truth[lot(0)] <= found.high <= 1, seed
        assert found.high - found.low < Fraction(1, 1000), seed


@pytest.mark.parametrize("seeds", _WORLDS)
def test_in_circles_with_unweighed_inputs_the_truth_is_inside_too(seeds: range) -> None:
    for seed in seeds:
        made, raw, truth = _world(seed)
        edges = [(key, one) for key, inputs in made.items() for one in inputs]
        bags = frozenset(Random(seed).sample(edges, min(2, len(edges))))
        found = shares(made, raw, bags=bags)
        assert 0 <= found.low <= truth[lot(0)] <= found.high <= 1, seed


@pytest.mark.parametrize(("depth", "low"), [(1, "1/2"), (2, "1/2"), (3, "1")])
def test_what_lies_beyond_the_depth_of_the_policy_is_unknown(depth: int, low: str) -> None:
    made = {lot(0): {lot(1): 1, lot(2): 1}, lot(2): {lot(3): 1}, lot(3): {lot(1): 1}}
    said = {lot(1): Interval.exactly(Fraction(1))}

    found = lifted(cast(Making, Recipes(made)), lot(0), said.get, depth=depth, lots=1000).found[lot(0)]

    assert found == Interval(Fraction(low), Fraction(1))

"""What is left of a claim without certain parties: the same by the quick way as step by step, and never more."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from itertools import combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.provenance.derivation.arithmetic import NONE, ROUNDS, round_down, value_of
from credentials.provenance.derivation.doubting import Evaluation
from credentials.provenance.derivation.step import FACTS, Derivation, StepRule
from credentials.provenance.derivation.unless import holds_unless, proof, rests
from tests.credentials.provenance.derivation.drawn import PARTIES, Drawn

SEEDS = st.integers(0, 10**9)
HOST = "did:web:host.test"
ALL = (*PARTIES, HOST)


def signs(liars: Collection[str], party: str) -> bool:
    return party in liars or (HOST in liars and party.startswith(f"{HOST}:"))


def step_by_step(derivation: Derivation, liars: Collection[str]) -> list[Any]:
    """Every step worked out in its order, again and again until what goes round does not move."""
    steps = derivation.steps
    again: dict[int, Any] = {number: NONE for number, step in enumerate(steps) if step.rule is StepRule.AGAIN}

    def all_of_them() -> list[Any]:
        values: list[Any] = []
        for number, step in enumerate(steps):
            if step.rule is StepRule.AGAIN:
                values.append(again[number])
            elif step.rule in (StepRule.LACKING, StepRule.AGAINST):
                values.append(step.value)
            else:
                believed = step.rule not in FACTS or not signs(liars, step.party)
                values.append(value_of(step, [values[one] for one in step.after], believed=believed))
        return values

    for _ in range(ROUNDS * 5):
        values = all_of_them()
        rounded = {number: round_down(values[steps[number].after[0]]) for number in again}
        if rounded == again:
            break
        again = rounded
    return values


def last(derivation: Derivation) -> int:
    return derivation.roots[0][1]


def left(evaluation: Evaluation, root: int, liars: Collection[str]) -> Fraction:
    share: Fraction = evaluation.value(root, evaluation.without(liars))
    return share


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.sets(st.sampled_from(ALL), max_size=4))
def test_what_is_left_is_what_step_by_step_is_left(seed: int, liars: set[str]) -> None:
    derivation = Drawn(seed).derivation()
    evaluation = Evaluation(derivation)

    changed = evaluation.without(liars)

    expected = step_by_step(derivation, liars)
    goes_round = any(step.rule is StepRule.AGAIN for step in derivation.steps)
    found = [evaluation.value(number, changed) for number in range(len(derivation.steps))]
    if not goes_round:  # circles within circles settle in another number of rounds
        assert found == expected
    assert abs(found[last(derivation)] - expected[last(derivation)]) < Fraction(1, 10**9)


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.sets(st.sampled_from(ALL), max_size=3), st.sampled_from(ALL))
def test_one_more_liar_never_proves_more(seed: int, liars: set[str], one: str) -> None:
    derivation = Drawn(seed).derivation()
    evaluation = Evaluation(derivation)

    assert left(evaluation, last(derivation), {*liars, one}) <= left(evaluation, last(derivation), liars)


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_whoever_is_in_no_proof_takes_nothing_away(seed: int) -> None:
    derivation = Drawn(seed).derivation()
    evaluation, root = Evaluation(derivation), last(derivation)

    strangers = set(ALL) - proof(evaluation, root, {})

    assert left(evaluation, root, strangers) == derivation.steps[root].value


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_who_would_have_to_lie_is_what_trying_every_set_finds(seed: int) -> None:
    derivation = Drawn(seed).derivation()
    evaluation, root = Evaluation(derivation), last(derivation)
    claimed: Any = derivation.steps[root].value
    if not claimed:
        assert holds_unless(evaluation, root, claimed) is None
        return
    breaking = [
        frozenset(some)
        for size in range(1, 4)
        for some in combinations(sorted(evaluation.parties), size)
        if left(evaluation, root, some) < claimed
    ]
    least = {one for one in breaking if not any(other < one for other in breaking)}

    found = holds_unless(evaluation, root, claimed)

    assert found is not None
    told = {frozenset(one) for one in found.sets}
    assert told == least if found.complete else told <= least
    assert {one for one in least if len(one) == 1} <= told
    assert found.at_least <= min((len(one) for one in least), default=len(ALL))


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_what_rests_on_somebody_is_what_goes_with_it(seed: int) -> None:
    derivation = Drawn(seed).derivation()
    evaluation, root = Evaluation(derivation), last(derivation)
    whole: Any = derivation.steps[root].value

    lost = {party: whole - left(evaluation, root, [party]) for party in evaluation.parties}

    found = {one.party: one.share for one in rests(evaluation, root)}
    assert found == {party: round(float(share), 6) for party, share in lost.items() if share > 0}

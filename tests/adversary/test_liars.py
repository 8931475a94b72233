"""The report says who would have to lie: its derivation is the lower bound, and whoever lied is named by it."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import pytest

from credentials.provenance.derivation.derivation_json import read_derivation
from credentials.provenance.derivation.doubting import Evaluation
from node.cli.report_text import lines_of
from tests.adversary.judging import Answer, ask
from tests.adversary.lies import lying
from tests.adversary.matters import Matter
from tests.adversary.moves import MOVES
from tests.adversary.programs import draw
from tests.adversary.templates import TEMPLATES, honest
from tests.adversary.world import World

_ROUNDED = Fraction(1, 10**6)


def lows(answer: Answer) -> list[tuple[Any, Fraction]]:
    """Each claim with what its derivation comes to."""
    steps = read_derivation(answer.report).steps
    return [
        (claim, Fraction(0) if claim["derivation"] is None else Fraction(str(steps[claim["derivation"]].value)))
        for claim in answer.claims
    ]


def differences(answer: Answer) -> list[str]:
    """The claims whose lower bound is not what their derivation comes to."""
    return [
        f"{claim['name']}: {float(low)} is derived, {claim['value'][0]} is reported"
        for claim, low in lows(answer)
        if abs(low - Fraction(claim["value"][0])) > _ROUNDED
    ]


def unused(answer: Answer) -> set[int]:
    """The steps that nothing follows from."""
    derivation = read_derivation(answer.report)
    used = {one for step in derivation.steps for one in step.after} | {root for _, root in derivation.roots}
    return set(range(len(derivation.steps))) - used


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_the_derivation_comes_to_the_lower_bound(template: str) -> None:
    answer = ask(honest(template, lots=8, seed=2))

    assert differences(answer) == []
    assert unused(answer) == set()
    assert all(claim["derivation"] is not None for claim in answer.claims)


@pytest.mark.parametrize("seed", range(4))
def test_after_any_moves_the_derivation_comes_to_the_lower_bound(seed: int) -> None:
    program = draw(seed, templates=sorted(TEMPLATES), moves=sorted(MOVES))

    assert differences(program.answer) == []
    assert unused(program.answer) == set()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4, 150))
def test_after_many_moves_the_derivation_comes_to_the_lower_bound(seed: int) -> None:
    program = draw(seed, templates=sorted(TEMPLATES), moves=sorted(MOVES))

    assert differences(program.answer) == []
    assert unused(program.answer) == set()


# ---- who lied is named


def too_much(world: World, answer: Answer, liars: frozenset[str]) -> list[str]:
    """The shares of which more is left without the liars' word than is true."""
    derivation = read_derivation(answer.report)
    evaluation, matter = Evaluation(derivation), world.chain.template.matter
    changed = evaluation.without(liars)
    left = {place: evaluation.value(root, changed) for place, root in derivation.roots}
    return [
        f"{claim['name']}: {float(left[place]):%} without {sorted(liars)}, {float(truth):g} % is true"
        for place, claim in enumerate(answer.claims)
        if claim["type"] == "fraction"
        and place in left
        and (truth := _truth(world, claim["subject"], matter)) is not None
        and left[place] > truth / 100
    ]


def _truth(world: World, subject: str, matter: Matter) -> Fraction | None:
    return world.is_true(subject, matter.criterion)


def after_lies(seed: int, *, uncertified: bool) -> tuple[World, Answer, frozenset[str]]:
    """A world in which some lie; where the target is not certified, what is proven rests on its makers too."""
    chance = Random(seed)
    world = honest(chance.choice(sorted(TEMPLATES)), lots=chance.randint(4, 12), seed=chance.randrange(3))
    if uncertified:
        world = world.without("certificate:target")
    world, liars = lying(world, chance, lies=chance.randint(1, 3))
    return world, ask(world), liars


@pytest.mark.parametrize("seed", range(5))
def test_whatever_is_proven_without_the_liars_is_true(seed: int) -> None:
    world, answer, liars = after_lies(seed, uncertified=seed % 2 == 0)

    assert too_much(world, answer, liars) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5, 150))
def test_whatever_is_proven_without_the_liars_is_true_in_many_worlds(seed: int) -> None:
    world, answer, liars = after_lies(seed, uncertified=seed % 2 == 0)

    assert too_much(world, answer, liars) == []


def test_some_lies_prove_what_is_not_true() -> None:
    lied = [after_lies(seed, uncertified=True) for seed in range(0, 10, 2)]

    assert any(too_much(world, answer, frozenset()) for world, answer, _ in lied)


def test_the_command_says_in_a_sentence_who_would_have_to_lie() -> None:
    report = ask(honest("cotton", lots=8, seed=2)).report

    lines = "\n".join(lines_of(report))

    assert "False only if Clear Assurance (did:web:assurer.test) lies, as Accreditation Board" in lines

"""Who would have to lie is told exactly: every set of parties tried, documents left out, and the other way round."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from credentials.provenance.derivation.derivation_json import read_derivation
from credentials.provenance.derivation.doubting import Evaluation
from tests.adversary import tightness
from tests.adversary.judging import ask
from tests.adversary.moves import MOVES
from tests.adversary.programs import draw
from tests.adversary.templates import TEMPLATES, honest


def test_the_sets_that_are_told_are_those_that_break_a_claim() -> None:
    assert list(tightness.faults(range(6))) == []


def test_a_set_that_is_left_out_is_found_to_be() -> None:
    world, answer, _ = tightness.drawn(0)
    claims = [one | {"holdsUnless": one["holdsUnless"] and one["holdsUnless"] | {"sets": []}} for one in answer.claims]
    silent = replace(answer, report={**answer.report, "claims": claims})
    assert any("told" in one for one in tightness.loose(world, silent))


def test_a_document_that_no_step_names_is_found_to_matter() -> None:
    world = honest("cotton", lots=3, seed=1).without("certificate:target")
    answer = ask(world)
    nameless = {**answer.report, "derivation": {"documents": [], "steps": []}}
    found = (tightness.unnamed(world, replace(answer, report=nameless), Random(seed)) for seed in range(5))
    assert any(one for each in found for one in each)


def test_who_says_which_material_an_input_is_would_have_to_lie_too() -> None:
    """The thread is bounded by its share in the shirt's passport, so by who says that it is thread."""
    world = honest("thread", lots=10, seed=6).without("certificate:target")
    answer = ask(world)
    evaluation = Evaluation(read_derivation(answer.report))
    claim = next(one for one in answer.claims if one["type"] == "fraction")
    maker = world.draft("passport:pieces")["issuer"]["id"]
    assert claim["value"][0] > 0
    assert evaluation.value(claim["derivation"], evaluation.without([maker])) == 0
    assert [maker] in claim["holdsUnless"]["sets"]


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_it_is_so_in_many_worlds(part: int) -> None:
    assert list(tightness.faults(range(100 + part * 30, 130 + part * 30))) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(60))
def test_after_any_moves_the_sets_that_are_told_are_those_that_break_a_claim(seed: int) -> None:
    program = draw(seed, templates=sorted(TEMPLATES), moves=sorted(MOVES))
    assert list(tightness.loose(program.played[0], program.answer)) == []

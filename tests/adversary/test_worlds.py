"""Honest worlds: what they know to be true, and that the judge finds exactly that."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.adversary.judging import ask
from tests.adversary.matters import ORGANIC
from tests.adversary.properties import truths_outside, weaknesses
from tests.adversary.templates import COMPLETE, TEMPLATES, honest

_SIZES = (3, 5, 12, 30)


@pytest.mark.parametrize("lots", _SIZES)
@pytest.mark.parametrize("template", COMPLETE)
def test_a_complete_honest_world_is_verified_exactly_and_without_a_finding(template: str, lots: int) -> None:
    world = honest(template, lots=lots, seed=lots)
    assert list(weaknesses(world, ask(world))) == []


@pytest.mark.parametrize("lots", _SIZES)
def test_where_sewing_thread_is_not_weighed_no_more_is_open_than_the_thread(lots: int) -> None:
    world = honest("thread", lots=lots, seed=1)
    assert 0 < world.open_mass < Fraction(1, 40)
    assert list(weaknesses(world, ask(world))) == []


@pytest.mark.parametrize("lots", _SIZES)
@pytest.mark.parametrize("template", COMPLETE)
def test_the_truth_of_an_honest_world_is_inside_every_interval(template: str, lots: int) -> None:
    world = honest(template, lots=lots, seed=lots)
    assert list(truths_outside(world, ask(world))) == []


@pytest.mark.parametrize("lots", _SIZES)
def test_the_truth_is_inside_where_sewing_thread_is_not_weighed(lots: int) -> None:
    world = honest("thread", lots=lots, seed=1)
    assert list(truths_outside(world, ask(world))) == []


@pytest.mark.parametrize("template", TEMPLATES)
def test_what_is_made_has_the_shares_of_what_it_is_made_of(template: str) -> None:
    chain = honest(template, lots=12, seed=3).chain
    for lot in chain.lots.values():
        if lot.inputs and not lot.key.startswith("raw-"):  # what is recovered counts as recovered, whatever it was
            used = sum((use.kilograms for use in lot.inputs), Fraction(0))
            meant = sum((use.kilograms * chain.lots[use.lot].share for use in lot.inputs), Fraction(0))
            assert lot.share == meant / used


@pytest.mark.parametrize("template", TEMPLATES)
def test_nothing_is_made_of_more_than_there_is(template: str) -> None:
    chain = honest(template, lots=40, seed=2).chain
    for lot in chain.lots.values():
        spent = [use.kilograms for other in chain.lots.values() for use in other.inputs if use.lot == lot.key]
        used = sum((use.kilograms for use in lot.inputs), Fraction(0))
        left = lot.waste[2] if lot.waste else Fraction(0)
        assert sum(spent, Fraction(0)) <= lot.kilograms
        assert lot.is_raw or lot.kilograms + left <= used


def test_the_same_seed_gives_the_same_bytes() -> None:
    first, second = honest("coffee", lots=9, seed=4), honest.__wrapped__("coffee", lots=9, seed=4)
    assert [raw for _, _, raw in first.signed()] == [raw for _, _, raw in second.signed()]


def test_another_seed_gives_another_truth() -> None:
    shares = {honest("cotton", lots=9, seed=seed).chain.target.share for seed in range(5)}
    assert len(shares) > 3


def test_a_world_has_about_as_many_lots_as_were_asked_for() -> None:
    for lots in (3, 20, 300):
        assert len(honest("cotton", lots=lots, seed=1).chain.lots) == lots


def test_what_is_true_is_found_in_any_spelling_of_the_lot() -> None:
    world = honest("coffee", lots=3, seed=1)
    elsewhere = world.target.replace(world.chain.target.owner.host, "id.gs1.org")
    assert world.is_true(elsewhere, ORGANIC.criterion) == world.chain.target.share * 100


@pytest.mark.slow
@pytest.mark.parametrize("lots", [100, 200, 300])
@pytest.mark.parametrize("template", COMPLETE)
def test_a_large_honest_world_is_verified_exactly_and_without_a_finding(template: str, lots: int) -> None:
    world = honest.__wrapped__(template, lots=lots, seed=lots)
    answer = ask(world)
    assert [*weaknesses(world, answer), *truths_outside(world, answer)] == []

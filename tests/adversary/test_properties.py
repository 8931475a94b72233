"""The properties themselves: what is true of a claim, and that each property can fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from tests.adversary import documents
from tests.adversary.judging import Answer, ask
from tests.adversary.matters import CHILD_LABOUR, FOOTPRINT, RECYCLED, WAGES, Matter
from tests.adversary.parties import Json
from tests.adversary.properties import defamations, false_proofs, is_true, truths_outside, weaknesses
from tests.adversary.templates import honest
from tests.adversary.world import World

WORLD = honest("battery", lots=3)


def _claim(matter: Matter) -> Json:
    claims = WORLD.draft("passport:target")["credentialSubject"]["performanceClaim"]
    return next(claim for claim in claims if claim["id"].endswith(f"/{matter.key}"))


def _figure(value: int, matter: Matter) -> Callable[[Json], None]:
    return lambda claim: claim.update(claimedPerformance=[documents.performance(matter, Fraction(value))])


def _told(**claims: str) -> Answer:
    """The honest answer with another word for some claims."""
    answer = ask(WORLD)
    changed = [{**one, "verdict": claims.get(one["id"].rpartition("/")[2], one["verdict"])} for one in answer.claims]
    return Answer({**answer.report, "claims": changed}, 3 if claims else answer.exit)


@pytest.mark.parametrize("matter", [RECYCLED, FOOTPRINT, WAGES])
def test_what_honest_parties_claim_is_true(matter: Matter) -> None:
    assert is_true(WORLD, WORLD.target, _claim(matter))


@pytest.mark.parametrize(
    ("matter", "change"),
    [
        (RECYCLED, _figure(100, RECYCLED)),
        (FOOTPRINT, _figure(100, FOOTPRINT)),
        (WAGES, lambda claim: claim["referenceCriteria"].append(documents.criterion(CHILD_LABOUR))),
        (WAGES, lambda claim: claim["conformityTopic"].append(documents.topic(CHILD_LABOUR))),
        (WAGES, lambda claim: claim["claimedPerformance"][0].update(score={"code": "AAA"})),
        (WAGES, lambda claim: claim["claimedPerformance"].append(documents.performance(FOOTPRINT, Fraction(900)))),
        (WAGES, lambda claim: claim["claimedPerformance"][0]["measure"].update(unit="KGM")),
    ],
    ids=["more recycled", "less carbon", "another criterion", "another topic", "a score", "another figure", "a unit"],
)
def test_a_claim_that_says_one_thing_more_is_not_true(matter: Matter, change: Callable[[Json], None]) -> None:
    claim = _claim(matter)
    change(claim)
    assert not is_true(WORLD, WORLD.target, claim)


def test_a_claim_that_says_less_is_true() -> None:
    fewer, heavier = _claim(RECYCLED), _claim(FOOTPRINT)
    _figure(1, RECYCLED)(fewer)
    _figure(1000, FOOTPRINT)(heavier)
    assert is_true(WORLD, WORLD.target, fewer)
    assert is_true(WORLD, WORLD.target, heavier)


def test_a_claim_about_goods_nobody_knows_is_not_true() -> None:
    assert not is_true(WORLD, "https://elsewhere.test/lots/1", _claim(WAGES))


def test_a_false_claim_is_no_false_proof_until_it_is_verified() -> None:
    lied = WORLD.with_truth(WORLD.target, WAGES.criterion, None)
    assert [text for text in false_proofs(lied, _told()) if "Living wages" in text]
    assert list(false_proofs(lied, _told(wages="UNVERIFIABLE"))) == []


@pytest.mark.parametrize("part", ["word", "claims", "findings", "gaps", "coverage", "explained"])
def test_any_part_that_strangers_change_is_told(part: str) -> None:
    answer = ask(WORLD)
    changed = Answer({**answer.report, part: "changed"}, answer.exit)
    assert list(defamations(answer, changed)) == [f"With what strangers say, {part} is another one."]


def test_notes_and_inputs_are_not_what_is_decided() -> None:
    answer = ask(WORLD)
    assert list(defamations(answer, Answer({**answer.report, "notes": ["more"], "inputs": []}, answer.exit))) == []


def test_an_exit_code_that_strangers_change_is_told() -> None:
    answer = ask(WORLD)
    assert list(defamations(answer, Answer(answer.report, 3))) == ["With what strangers say, exit is another one."]


@pytest.mark.parametrize("name", ["certificate:works", "making:target", "anchor:auditor", "accreditation:assurer"])
def test_a_world_in_which_something_is_missing_is_not_complete(name: str) -> None:
    world = WORLD.without(name)
    assert list(weaknesses(world, ask(world)))


def test_a_truth_outside_its_interval_is_told() -> None:
    other: World = replace(WORLD, truth={key: figure / 2 for key, figure in WORLD.truth.items()})
    assert list(truths_outside(other, ask(WORLD)))
    assert list(truths_outside(WORLD, ask(WORLD))) == []

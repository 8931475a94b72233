"""A second program goes through every derivation: it accepts each that the judge wrote, and no mutant of one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random
from typing import Any, Final

import pytest

from credentials.errors import CredentialsError
from credentials.provenance.packs.pack_file import core_pack
from credentials.provenance.replaying.replayed import replayed
from credentials.provenance.replaying.written_steps import DerivationRefused
from tests.adversary.controls import CONTROLS, Control
from tests.adversary.judging import ask
from tests.adversary.mutants import mutants
from tests.adversary.programs import Program
from tests.adversary.properties import false_proofs
from tests.adversary.replaying import again, drawn, refusals
from tests.adversary.templates import TEMPLATES, honest
from tests.adversary.world import World


def accepted_mutants(seeds: range) -> list[str]:
    """The mutants that the second program takes for a derivation."""
    found = []
    for seed in seeds:
        world, answer = drawn(seed)
        if not answer.report["derivation"]["steps"]:
            continue
        for name, mutant in mutants(answer.report, Random(seed)):
            try:
                again(mutant, world)
            except DerivationRefused:
                continue
            if not is_as_right(answer.report, mutant):
                found.append(f"{seed}: {name}")
    return found


def is_as_right(report: Mapping[str, Any], mutant: Mapping[str, Any]) -> bool:
    """Is the mutant another derivation of the same? All of several ways to one share show it as well as any of them."""
    pairs = zip(report["derivation"]["steps"], mutant["derivation"]["steps"], strict=False)
    one, other = next((one, other) for one, other in pairs if one != other)
    return {one["rule"], other["rule"]} == {"any", "all"} and one["from"] == other["from"]


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_each_claim_of_an_honest_world_is_shown_again(template: str) -> None:
    world = honest(template, lots=6, seed=5)
    answer = ask(world)
    found = again(answer.report, world)
    assert found.shown == tuple(claim["id"] for claim in answer.claims)
    assert found.without == ()


def test_what_is_shown_after_any_moves_is_shown_again() -> None:
    assert list(refusals(range(1, 16, 2))) == []


def test_no_mutant_of_a_derivation_is_one() -> None:
    assert accepted_mutants(range(3)) == []


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_what_is_shown_in_many_worlds_is_shown_again(part: int) -> None:
    assert list(refusals(range(1_000 + part, 1_400, 4))) == []


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_no_mutant_of_many_derivations_is_one(part: int) -> None:
    assert accepted_mutants(range(part * 50, part * 50 + 50)) == []


#: Rules of the judge that the second program holds to as well. The others are about what counts against a claim, status
#: lists and keys, which it does not look at, and says so.
_BOTH_HOLD: Final = frozenset(
    {
        "made there",
        "place",
        "assessing",
        "accrediting",
        "independence",
        "issued to",
        "one life",
        "assessed figures",
        "conjunction",
        "scores",
        "self-assessment",
    }
)


@pytest.mark.parametrize("control", [one for one in CONTROLS if one.rule in _BOTH_HOLD], ids=lambda one: one.program)
def test_what_a_judge_proves_without_a_rule_is_refused(control: Control) -> None:
    world = Program.parse(control.program).played[0]
    with pytest.MonkeyPatch.context() as patch:
        control.patch(patch)
        answer = ask(world)
    if not any(false_proofs(world, answer)):
        pytest.skip("Without the rule nothing false is proven here, something true is not.")
    with pytest.raises(DerivationRefused):
        again(answer.report, world)


# ---- genuine documents of something else


def _forged(change: Callable[[dict[str, Any]], None]) -> Callable[[], tuple[World, dict[str, Any]]]:
    def made() -> tuple[World, dict[str, Any]]:
        world = honest("cotton", lots=5, seed=3)
        report: dict[str, Any] = json.loads(ask(world).text)
        change(report)
        return world, report

    return made


def _claim_of(report: dict[str, Any], key: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in report["claims"] if one["id"].endswith(f"/{key}"))
    return found


def _another_metric(report: dict[str, Any]) -> None:
    wages, organic = _claim_of(report, "wages"), _claim_of(report, "organic")
    organic |= {name: wages[name] for name in ("derivation", "value", "holdsUnless", "rests")}


def _another_claim(report: dict[str, Any]) -> None:
    wages, training = _claim_of(report, "wages"), _claim_of(report, "training")
    wages |= {name: training[name] for name in ("derivation", "value", "holdsUnless", "rests")}


def _another_figure(report: dict[str, Any]) -> None:
    _claim_of(report, "organic")["statement"] = "100 % “Organic content”"


def _another_subject(report: dict[str, Any]) -> None:
    _claim_of(report, "organic")["subject"] += "-of-somebody"


def _without_the_poor_input(report: dict[str, Any]) -> None:
    """A mixture of which only the best input is told: its share would be the lot's."""
    steps = report["derivation"]["steps"]
    for step in steps:
        if step["rule"] == "mix" and len(step["from"]) > 3:
            made, *parts, lacking = step["from"]
            best = max(parts, key=lambda part: float(_number(steps[part]["value"][2])))
            step["from"], step["value"] = [made, best, lacking], steps[best]["value"][2]


def _number(text: str) -> float:
    whole, _, part = text.partition("/")
    return int(whole) / int(part or 1)


def _everything_by_nothing(report: dict[str, Any]) -> None:
    """All steps gone: the word stands alone."""
    report["derivation"] = {"documents": [], "steps": []}
    for claim in report["claims"]:
        claim["derivation"] = None


def _another_target(report: dict[str, Any]) -> None:
    report["target"] += "-of-somebody"


def _a_better_word(report: dict[str, Any]) -> None:
    _claim_of(report, "wages")["verdict"] = "UNVERIFIABLE"


def _nobody_would_have_to_lie(report: dict[str, Any]) -> None:
    _claim_of(report, "organic")["holdsUnless"] = None


def _more_than_would_have_to(report: dict[str, Any]) -> None:
    sets = _claim_of(report, "organic")["holdsUnless"]["sets"]
    sets.append([*sets[0], "did:web:auditor.test"])


@pytest.mark.parametrize(
    "forge",
    [
        _nobody_would_have_to_lie,
        _more_than_would_have_to,
        _another_metric,
        _another_claim,
        _another_figure,
        _another_subject,
        _another_target,
        _a_better_word,
        _without_the_poor_input,
    ],
)
def test_genuine_documents_of_something_else_show_nothing(forge: Callable[[dict[str, Any]], None]) -> None:
    world, report = _forged(forge)()
    with pytest.raises(DerivationRefused):
        again(report, world)


def test_nobody_on_whom_a_share_rests_is_left_out() -> None:
    world, answer = next(found for found in map(drawn, range(200)) if any(one["rests"] for one in found[1].claims))
    report = json.loads(answer.text)
    claim = next(one for one in report["claims"] if one["rests"])
    left_out = claim["rests"].pop()
    with pytest.raises(DerivationRefused, match=left_out["party"]):
        again(report, world)


@pytest.mark.parametrize("word", ["VERIFIED", "REFUTED", "CONTRADICTED", "INVALID", "GOOD", None])
def test_a_whole_has_no_word_that_its_claims_do_not_have(word: str | None) -> None:
    world, report = _forged(_a_better_word)()
    report["word"] = word
    with pytest.raises(DerivationRefused, match="do not add up"):
        again(report, world)


def test_a_good_word_without_a_derivation_is_told() -> None:
    world, report = _forged(_everything_by_nothing)()
    found = again(report, world)
    assert found.shown == ()
    assert found.without == tuple(claim["id"] for claim in report["claims"])


def test_a_document_that_is_not_in_hand_is_named() -> None:
    world = honest("cotton", lots=5, seed=3)
    report = ask(world).report
    with pytest.raises(DerivationRefused, match="is not in hand"):
        again(report, world.without("making:target"))


def test_an_accreditation_by_nobody_on_the_list_shows_nothing() -> None:
    world = honest("cotton", lots=5, seed=3)
    report = ask(world).report
    entries = [one for one in world.trust["entries"] if "accreditation" not in one["roles"]]
    unlisted = replace(world, trust={"entries": entries})
    with pytest.raises(DerivationRefused, match="trust list"):
        again(report, unlisted)


_AT = "2026-06-01T12:00:00Z"
_SHAPES: list[Any] = [
    None,
    [],
    {"documents": [], "steps": {}},
    {"documents": ["x"], "steps": []},
    {"documents": [], "steps": [None]},
    {"documents": [], "steps": [{"rule": "any", "from": [], "party": "", "say": "", "value": "1"}]},
    {"documents": [], "steps": [{"rule": "sum", "from": [0], "party": "", "say": "", "value": ["0", "0"]}]},
    {"documents": [], "steps": [{"rule": "sum", "from": [-1], "party": "", "say": "", "value": ["0", "0"]}]},
    {"documents": [], "steps": [{"rule": "sum", "from": [True], "party": "", "say": "", "value": ["0", "0"]}]},
    {"documents": [], "steps": [{"rule": "sum", "from": [], "party": "", "say": "", "value": ["9" * 9_999, None]}]},
    {"documents": [], "steps": [{"rule": "sum", "from": [], "party": "", "say": "", "value": ["NaN", "0"]}]},
    {"documents": [], "steps": [{"rule": "sum", "from": [], "party": "", "say": "", "value": ["2/4", "1"]}]},
    {"documents": [], "steps": [{"rule": "sum", "from": [], "party": "", "say": "", "value": ["2", "1"]}]},
    {"documents": [], "steps": [{"rule": "sum", "from": [], "party": "", "say": "", "value": ["-1", "1"]}]},
    {"documents": [], "steps": [{"rule": "again", "from": [0], "party": "", "say": "", "value": "0"}]},
    {"documents": [], "steps": [{"rule": "again", "from": [7], "party": "", "say": "", "value": "0"}]},
    {"documents": [], "steps": [{"rule": "key", "from": [], "party": "did:web:a.test", "say": "", "value": 1}]},
]


@pytest.mark.parametrize("derivation", _SHAPES, ids=range(len(_SHAPES)))
def test_what_is_no_derivation_is_refused_by_name(derivation: Any) -> None:
    with pytest.raises(CredentialsError) as refusal:
        replayed({"at": _AT, "claims": [], "derivation": derivation}, {}, pack=core_pack())
    assert refusal.value.problem.code == "DERIVATION_REFUSED"
    assert refusal.value.problem.pointer.startswith("/derivation")


@pytest.mark.parametrize(
    "claims", [None, [None], [{"holdsUnless": 3}], [{"holdsUnless": {"sets": [1]}}], [{"rests": [1]}]]
)
def test_claims_of_another_shape_are_refused_by_name(claims: Any) -> None:
    with pytest.raises(DerivationRefused):
        replayed({"at": _AT, "claims": claims, "derivation": {"documents": [], "steps": []}}, {}, pack=core_pack())

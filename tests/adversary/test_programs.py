"""Programs of 1 to 20 moves: a few dozen in every run of the tests, a few hundred where slow tests run too."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import partial
from pathlib import Path
from random import Random
from typing import Final

import pytest

from tests.adversary import __main__
from tests.adversary.judging import ask, ask_folder
from tests.adversary.known import BOTH_SIDES_MISSING, HIDDEN, HIDDEN_BY, KNOWN, is_known
from tests.adversary.moves import HONEST, MOVES, STRANGERS, By
from tests.adversary.programs import ALWAYS, BATCH, FAMILY, Program, Step, breaches, draw, smallest
from tests.adversary.properties import Property
from tests.adversary.running import Batch, run
from tests.adversary.scoreboard import LIES, Scoreboard
from tests.adversary.tally import Tally
from tests.adversary.templates import COMPLETE

#: So many programs are run where slow tests run too, in so many seconds at most, and so many on worlds of 100 to 300.
_PROGRAMS, _SECONDS, _LARGE = 3_000, 460, 20
_JOBS: Final = 2


def _broken(work: Iterable[Batch], *, jobs: int = 1) -> Scoreboard:
    """What came of the programs, all of which must have been run."""
    board = Scoreboard()
    for _, found in run(work, jobs=jobs, seconds=_SECONDS):
        board.add(found)
    return board


def test_it_holds_after_any_moves_but_those_known_to_break_it() -> None:
    board = _broken([Batch(seed=0, number=0, sizes=(3, 6))])
    assert (board.run, board.news) == (BATCH, [])


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_it_holds_after_thousands_of_programs_of_moves() -> None:
    board = _broken((Batch(seed=0, number=10 + number) for number in range(_PROGRAMS // BATCH)), jobs=_JOBS)
    assert (board.run, board.news) == (_PROGRAMS, [])
    assert set(board.applied) == set(MOVES)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_it_holds_after_moves_on_large_worlds() -> None:
    sizes = [(100 + 10 * number, 110 + 10 * number) for number in range(_LARGE)]
    work = [
        Batch(seed=0, number=1_000 + number, sizes=size, programs=1, templates=(COMPLETE[number % len(COMPLETE)],))
        for number, size in enumerate(sizes)
    ]
    board = _broken(work, jobs=_JOBS)
    assert (board.run, board.news) == (_LARGE, [])


@pytest.mark.slow
def test_a_folder_is_judged_alike_under_any_file_names_after_any_moves(tmp_path: Path) -> None:
    for seed in range(3000, 3000 + 6 * FAMILY, FAMILY):
        world, _ = draw(seed, templates=COMPLETE, moves=list(MOVES), sizes=(3, 5)).played
        answers = [
            ask_folder(world, tmp_path / f"{seed}-{times}", order=partial(_shuffled, Random(times)))
            for times in range(2)
        ]
        assert answers[0].text == answers[1].text


def _shuffled(chance: Random, names: list[str]) -> list[str]:
    return chance.sample(names, len(names))


def test_a_program_is_run_again_from_its_text() -> None:
    program = draw(7, templates=COMPLETE, moves=list(MOVES))
    assert Program.parse(str(program)) == program
    assert Program.parse(str(program)).answer.text == program.answer.text


def test_leaving_a_step_out_changes_no_other_step() -> None:
    steps = (Step("stranger-use", 3), Step("extra-topic", 1), Step("stranger-sale", 4))
    program = Program("cotton", 5, 1, steps)
    whole, part = program.played[0], program.only(lambda step: step.move != "extra-topic").played[0]
    assert {name for name in whole.documents if name.startswith("mallory")} == {
        name for name in part.documents if name.startswith("mallory")
    }


def test_a_failing_program_is_told_by_the_fewest_moves_that_fail() -> None:
    steps = tuple(Step(name, 1) for name in ("stranger-use", "extra-topic", "stranger-sale", "stranger-scrap"))
    program = Program("cotton", 3, 1, steps)

    def fails(one: Program) -> bool:
        return {"extra-topic", "stranger-sale"} <= {step.move for step in one.steps}

    assert [step.move for step in smallest(program, fails).steps] == ["extra-topic", "stranger-sale"]


def test_every_stranger_only_adds() -> None:
    for name in STRANGERS:
        program = Program("coffee", 4, 1, (Step(name, 2),))
        before, after = program.first(0).played[0], program.played[0]
        assert {key: after.documents[key] for key in before.documents} == before.documents
        assert {key: after.did_documents[key] for key in before.did_documents} == before.did_documents
        assert (after.target, after.truth, after.trust) == (before.target, before.truth, before.trust)


def test_every_move_applies_to_some_world() -> None:
    for name, move in MOVES.items():
        programs = (Program(template, 4, 1, (Step(name, 1),)) for template in COMPLETE)
        assert any(program.played[1] for program in programs), name
        assert move.by in By
        assert move.story.endswith(".")


def test_everything_known_is_shown_by_a_test_of_its_own() -> None:
    texts = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    for property, moves in KNOWN.items():
        for move in moves:
            assert f'@breaks({property.name}, "{move}")' in texts, (property, move)


def test_honest_moves_change_nothing_that_is_true() -> None:
    for name in HONEST:
        program = Program("coffee", 4, 1, (Step(name, 2),))
        before, after = program.first(0).played[0], program.played[0]
        assert set(after.documents) <= set(before.documents)
        assert (after.did_documents, after.target, after.truth) == (before.did_documents, before.target, before.truth)


def test_programs_of_one_family_differ_in_what_strangers_do_and_in_nothing_else() -> None:
    drawn = [draw(seed, templates=COMPLETE, moves=list(MOVES)) for seed in range(4 * BATCH)]
    families = [drawn[first : first + FAMILY] for first in range(0, len(drawn), FAMILY)]
    alike = [family for family in families if len({program.without_strangers for program in family}) == 1]
    assert len(alike) > len(families) / 2
    assert all(len(set(family)) == FAMILY for family in alike)


@pytest.mark.timeout(300)
def test_the_command_runs_programs_in_processes_and_adds_them_to_a_tally(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tally, board = tmp_path / "tally.json", tmp_path / "board.md"
    asked = ["--worlds", "cotton", "--lots", "3", "--seed", "4", "--tally", str(tally), "--board", str(board)]
    asked += ["--no-controls", "--no-alone"]
    assert __main__.main([*asked, "--programs", "4", "--jobs", "2"]) == 0
    assert __main__.main([*asked, "--programs", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1 : len(MOVES) + 1]] == list(MOVES)
    assert lines[-1].startswith("6 programs")
    assert lines[-1].endswith("beyond what is known: 0")
    found = Tally.read(tally)
    assert (found.board.run, found.batches, found.next(4)) == (6, {4: {0, 1}}, 2)
    assert "6 programs of" in board.read_text()


@pytest.mark.slow
def test_each_lie_alone_is_noticed_or_does_nothing_and_no_stranger_is() -> None:
    board = Scoreboard()
    for template in COMPLETE:
        board.make_alone(template, 4, 1)
    assert (board.news, board.silent.total()) == ([], 0)
    assert not {name for name in STRANGERS if board.noticed[name]}
    recall = {name: board.noticed[name] / board.alone[name] for name in LIES if board.alone[name]}
    assert len(recall) > len(LIES) * 0.9
    assert {name: share for name, share in recall.items() if share < 0.95} == {}


@pytest.mark.parametrize("text", ["cotton/3/1 guest-passport:1", "cotton/3/1 extra-topic:1 stranger-use:2"])
def test_one_program_is_run_by_its_text(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    program = Program.parse(text)
    broken = [str(property) for property in ALWAYS for _ in breaches(program, property)]
    assert __main__.main(["--program", text]) == bool(broken)
    applied, word, *rest = capsys.readouterr().out.splitlines()
    assert applied == f"applied: {' '.join(step.move for step in program.steps)}"
    assert word == f"word: {program.answer.report['word']}, exit {program.answer.exit}"
    assert [line.partition(":")[0] for line in rest] == (broken or ["Nothing breaks."])


#: Programs whose moves broke a property only together, and do not any more.
_MENDED: Final = (
    (Property.NO_DEFAMATION, "coffee/6/0 stranger-decoy:45 status-type-unknown:196"),
    (Property.NO_FALSE_PROOF, "battery/7/2 equivocation:710 token-not-yet:34"),
    (Property.NO_FALSE_PROOF, "battery/8/1 equivocation:823 friend-accreditation:911"),
)


@pytest.mark.parametrize(("property", "program"), _MENDED)
def test_it_holds_after_moves_that_broke_it_together(property: Property, program: str) -> None:
    assert list(breaches(Program.parse(program), property)) == []


@pytest.mark.parametrize("program", HIDDEN)
def test_where_what_shows_a_lie_is_hidden_the_claim_rests_on_an_assessor_who_is_wrong(program: str) -> None:
    whole = Program.parse(program)
    world, matter = whole.played[0], whole.played[0].chain.template.matter
    assert any(breaches(whole, Property.NO_FALSE_PROOF))
    claim = next(one for one in whole.answer.claims if one["id"].endswith(f"/{matter.key}"))
    assert claim["attestedBy"] == [world.id_of("certificate:target")]
    figure = world.draft("certificate:target")["credentialSubject"]["conformityAssessment"][0]["assessedPerformance"][0]
    truth = world.is_true(world.target, matter.criterion)
    assert truth is not None
    assert Fraction(str(figure["measure"]["value"])) > truth


@pytest.mark.parametrize("program", HIDDEN)
def test_what_was_hidden_shows_the_lie(program: str) -> None:
    whole = Program.parse(program)
    hides = {move for step in whole.steps for hiding in HIDDEN_BY.get(step.move, ()) for move in hiding}
    told = whole.only(lambda step: step.move not in hides)
    assert list(breaches(told, Property.NO_FALSE_PROOF)) == []


def test_where_the_other_of_two_certificates_is_hidden_the_claim_is_false_only_if_their_signer_lies() -> None:
    two = Program.parse("cotton/3/5507 equivocation:686").played[0]
    answer = ask(two.without("certificate:works-again"))
    claim = next(one for one in answer.claims if one["id"].endswith("/wages"))
    assert claim["verdict"] == "VERIFIED"
    assert [two.draft("certificate:works")["issuer"]["id"]] in claim["holdsUnless"]["sets"]


@pytest.mark.parametrize(
    "missing",
    [
        "coffee/10/562 withheld-receipt:570 withheld-shipment:999",
        "bottles/8/3716 withheld-receipt:576 withheld-passport:510",
    ],
)
def test_one_side_of_every_consignment_is_enough_for_honest_records_to_agree(missing: str) -> None:
    program = Program.parse(missing)
    sides = frozenset(step.move for step in program.steps)
    assert sides in BOTH_SIDES_MISSING
    assert any(breaches(program, Property.NO_FALSE_REFUSAL))
    for move in sides:
        assert is_known(Property.NO_FALSE_REFUSAL, move, sides)
        assert not is_known(Property.NO_FALSE_REFUSAL, move)
        other_side = program.only(lambda step, left_out=move: step.move != left_out)
        assert not any(breaches(other_side, Property.NO_FALSE_REFUSAL))

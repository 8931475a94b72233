"""Programs of 1 to 20 moves: a few dozen in every run of the tests, a few hundred where slow tests run too."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from random import Random
from typing import Final

import pytest

from tests.adversary import __main__
from tests.adversary.judging import ask_folder
from tests.adversary.known import KNOWN, TOGETHER, is_known
from tests.adversary.moves import HONEST, MOVES, STRANGERS, By
from tests.adversary.programs import ALWAYS, Program, Step, breaches, draw, smallest, told, unexplained
from tests.adversary.properties import Property
from tests.adversary.templates import COMPLETE

_FEW, _MANY = range(24), range(1000, 1240)


def _allowed(property: Property) -> list[str]:
    asked = HONEST if property is Property.TRUTH_INSIDE else MOVES
    return [name for name in MOVES if name in asked and not is_known(property, name)]


def _holds(property: Property, seeds: range, sizes: tuple[int, int]) -> Iterator[str]:
    """What breaks the property in the programs of ``seeds`` that is not known to break it."""
    for seed in seeds:
        program = unexplained(draw(seed, templates=COMPLETE, moves=_allowed(property), sizes=sizes), property)
        if program is not None:
            yield told(program, property)


@pytest.mark.parametrize("property", ALWAYS)
def test_it_holds_after_any_moves_but_those_known_to_break_it(property: Property) -> None:
    assert list(_holds(property, _FEW, (3, 6))) == []


@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.parametrize("property", ALWAYS)
def test_it_holds_after_many_more_moves_on_larger_worlds(property: Property) -> None:
    assert list(_holds(property, _MANY, (3, 12))) == []


@pytest.mark.slow
@pytest.mark.parametrize("template", COMPLETE)
def test_it_holds_after_moves_on_a_large_world(template: str) -> None:
    for property in ALWAYS:
        moves = _allowed(property)
        drawn = draw(2000 + len(template), templates=[template], moves=moves, sizes=(100, 150))
        program = unexplained(drawn, property)
        assert program is None, told(program, property)


@pytest.mark.slow
def test_a_folder_is_judged_alike_under_any_file_names_after_any_moves(tmp_path: Path) -> None:
    for seed in range(3000, 3006):
        moves = _allowed(Property.ANY_FILE_NAMES)
        world, _ = draw(seed, templates=COMPLETE, moves=moves, sizes=(3, 5)).played
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


def test_the_scoreboard_counts_what_was_drawn_and_what_broke(capsys: pytest.CaptureFixture[str]) -> None:
    code = __main__.main(["--moves", "5", "--worlds", "cotton", "--lots", "3"])
    lines = capsys.readouterr().out.splitlines()
    assert code == 0
    assert [line.split()[0] for line in lines[1 : len(MOVES) + 1]] == list(MOVES)
    assert lines[-1].endswith("beyond what is known: 0")


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


@pytest.mark.parametrize(
    ("property", "program"),
    [
        *_MENDED,
        *(
            pytest.param(property, text, marks=pytest.mark.xfail(reason=why, strict=True), id=f"{property}-{move}")
            for property, moves in TOGETHER.items()
            for move, (text, why) in moves.items()
        ),
    ],
)
def test_it_holds_after_moves_that_break_it_together(property: Property, program: str) -> None:
    assert list(breaches(Program.parse(program), property)) == []

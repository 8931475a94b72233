"""Whatever anybody does: every word of the report is explained by what was found, and people can read its sentences."""

from __future__ import annotations

import pytest

from credentials.provenance.claims import grades
from tests.adversary.judging import Answer, ask
from tests.adversary.moves import MOVES
from tests.adversary.programs import Program, Step, draw
from tests.adversary.templates import COMPLETE
from tests.credentials.provenance.report.sentences import faults, sentences, unexplained


def _told(seeds: range, sizes: tuple[int, int]) -> list[tuple[int, Answer]]:
    programs = {seed: draw(seed, templates=COMPLETE, moves=list(MOVES), sizes=sizes) for seed in seeds}
    return [(seed, ask(program.played[0])) for seed, program in programs.items()]


def _obscure(answer: Answer) -> list[str]:
    """What nothing explains, and what nobody can read."""
    names = answer.report["names"]
    return [*unexplained(answer.report), *(bad for said in sentences(answer.report) for bad in faults(said, names))]


def test_after_any_moves_every_word_is_explained_and_every_sentence_can_be_read() -> None:
    assert [(seed, bad) for seed, answer in _told(range(16), (3, 4)) if (bad := _obscure(answer))] == []


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_after_many_more_moves_too() -> None:
    assert [(seed, bad) for seed, answer in _told(range(100, 300), (3, 8)) if (bad := _obscure(answer))] == []


def test_a_reason_that_is_about_other_matters_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def all_of_them(found: tuple[grades.Support, ...]) -> tuple[grades.Shortfall, ...]:
        return tuple(one.shortfall for one in found if one.shortfall is not None)

    monkeypatch.setattr(grades, "_of", all_of_them)

    later = Program(template=COMPLETE[0], lots=4, seed=1, steps=(Step("far-future", 0),))
    assert list(unexplained(ask(later.played[0]).report))

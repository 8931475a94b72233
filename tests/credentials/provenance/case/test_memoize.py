"""Working something out once per case, and not longer than the case lives."""

from __future__ import annotations

import gc
import weakref

from credentials.provenance.case.case import Case
from credentials.provenance.case.memoize import memoize_per_case
from tests.credentials.provenance import twin


def test_the_same_question_of_the_same_case_is_worked_out_once() -> None:
    asked: list[str] = []

    @memoize_per_case
    def length(case: Case, text: str) -> int:
        asked.append(text)
        return len(text)

    one, other = (Case.of(twin.question(), twin.holdings()) for _ in range(2))
    answers = [length(one, "ore"), length(one, "ore"), length(one, "copper"), length(other, "ore")]

    assert answers == [3, 3, 6, 3]
    assert asked == ["ore", "copper", "ore"]


def test_nothing_is_kept_longer_than_the_case() -> None:
    @memoize_per_case
    def target(case: Case) -> str:
        return case.question.target

    case = Case.of(twin.question(), twin.holdings())
    target(case)
    gone = weakref.ref(case)

    del case
    gc.collect()

    assert gone() is None

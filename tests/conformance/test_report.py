"""The page about W3C requirements says what the tests say, and no line goes without a word."""

from __future__ import annotations

import pytest

from tests.conformance.lines import DEVIATIONS, LINES, PARTS
from tests.conformance.report import PAGE, marked_tests, page

pytestmark = pytest.mark.slow  # every test is collected once more, in a process of its own


def test_the_page_is_what_the_tests_make_of_it() -> None:
    assert PAGE.read_text("utf-8") == page(), "run python -m tests.conformance.report"


def test_no_test_names_a_line_that_is_not_there() -> None:
    assert set(marked_tests()) <= {*LINES, *PARTS}


@pytest.mark.timeout(400)  # it collects every test there is
def test_every_line_has_a_test_or_says_why_not() -> None:
    without = {line for line in LINES if line not in marked_tests()}

    assert {line for line in without if not DEVIATIONS.get(line)} == set()


def test_every_deviation_is_of_a_line_and_every_line_of_a_part() -> None:
    assert set(DEVIATIONS) <= set(LINES)
    assert {line.partition(".")[0] for line in LINES} == set(PARTS)

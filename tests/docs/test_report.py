"""docs/reading-a-report.md has every word, grade and member of a report, and none that a report cannot hold."""

from __future__ import annotations

import re

import pytest

from credentials.provenance import REPORT_SCHEMA, Word
from tests.docs.pages import DOCS, table_rows

PAGE = DOCS / "reading-a-report.md"


def names(cell: str) -> list[str]:
    return re.findall(r"`(\w+)`", cell)


def test_every_word_is_explained() -> None:
    assert [row[0] for row in table_rows(PAGE, "## Words")] == [word.value for word in Word]


def test_every_grade_is_explained() -> None:
    grades = REPORT_SCHEMA["$defs"]["claim"]["properties"]["grade"]

    assert [int(row[0]) for row in table_rows(PAGE, "## Grades")] == [*range(grades["minimum"], grades["maximum"] + 1)]


def test_the_members_of_a_report_are_all_listed() -> None:
    listed = [name for row in table_rows(PAGE, "## As JSON") for name in names(row[0])]

    assert sorted(listed) == sorted(REPORT_SCHEMA["properties"])


@pytest.mark.parametrize(
    ("member", "shape"), [("claims", "claim"), ("findings", "finding"), ("gaps", "gap"), ("inputs", "input")]
)
def test_the_members_of_a_part_are_all_listed(member: str, shape: str) -> None:
    (row,) = (row for row in table_rows(PAGE, "## As JSON") if member in names(row[0]))

    assert sorted(names(row[1])) == sorted(REPORT_SCHEMA["$defs"][shape]["properties"])

"""Times as exactly as they were said: a day is fifty hours wide, and comparing has three answers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from credentials.encoding.moments import parse_moment, start_of
from credentials.encoding.timespan import Timespan


def span(text: str) -> Timespan:
    return Timespan.of(start_of(text))


def test_a_day_begins_with_the_first_zone_and_ends_with_the_last() -> None:
    assert span("2026-05-02") == Timespan(parse_moment("2026-05-01T10:00:00Z"), parse_moment("2026-05-03T12:00:00Z"))


def test_midnight_means_the_day_and_any_other_time_the_moment() -> None:
    assert span("2026-05-02T00:00:00Z") == span("2026-05-02")
    assert span("2026-05-02T00:00:01Z").earliest == span("2026-05-02T00:00:01Z").latest


@pytest.mark.parametrize(
    ("one", "other", "before"),
    [
        ("2026-05-02T08:00:00Z", "2026-05-02T09:00:00Z", True),
        ("2026-05-02T09:00:00Z", "2026-05-02T08:00:00Z", False),
        ("2026-05-02T08:00:00Z", "2026-05-02T08:00:00Z", False),
        ("2026-05-02", "2026-05-02", None),
        ("2026-05-02", "2026-05-03", None),
        ("2026-05-02", "2026-05-05", True),
        ("2026-05-05", "2026-05-02", False),
        ("2026-05-02", "2026-05-03T12:00:00Z", None),
        ("2026-05-02", "2026-05-03T12:00:01Z", True),
        ("2026-05-01T10:00:00Z", "2026-05-02", None),
        ("2026-05-01T09:59:59Z", "2026-05-02", True),
    ],
)
def test_what_came_first_is_certain_impossible_or_cannot_be_told(one: str, other: str, before: bool | None) -> None:
    assert span(one).is_before(span(other)) is before


@pytest.mark.parametrize("year", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_there_are_can_be_compared(year: str) -> None:
    assert not span(year).certainly_before(span(year))
    assert span("0001-01-01").certainly_before(Timespan.exactly(datetime(2026, 1, 1, tzinfo=UTC)))

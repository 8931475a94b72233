"""Moments by the strict grammar, always aware and in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.encoding.moments import format_moment, parse_day, parse_moment, start_of
from credentials.errors import MalformedInput


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-31T12:00:00Z", datetime(2026, 1, 31, 12, tzinfo=UTC)),
        ("2026-01-31T12:00:00.5Z", datetime(2026, 1, 31, 12, 0, 0, 500_000, UTC)),
        ("2026-01-31T12:00:00.123456789Z", datetime(2026, 1, 31, 12, 0, 0, 123_456, UTC)),
        ("2026-01-31T12:00:00+05:30", datetime(2026, 1, 31, 6, 30, tzinfo=UTC)),
        ("2026-01-01T00:00:00+14:00", datetime(2025, 12, 31, 10, tzinfo=UTC)),
        ("2026-01-31T24:00:00Z", datetime(2026, 2, 1, tzinfo=UTC)),
        ("2026-01-31T24:00:00.000Z", datetime(2026, 2, 1, tzinfo=UTC)),
        ("2024-02-29T00:00:00-00:00", datetime(2024, 2, 29, tzinfo=UTC)),
    ],
)
def test_a_date_time_stamp_is_one_moment(text: str, moment: datetime) -> None:
    assert parse_moment(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-01", "2024-W01-1", "20240101T000000Z", "2024-01-01T00:00:00", "2024-01-01x00:00:00Z",
        "2024-01-01 00:00:00Z", "2024-01-01T00:00:00,5Z", "2024-01-01T24:00:01Z", "2024-01-01T25:00:00Z",
        "2024-01-01T00:00:60Z", "2024-01-01T00:60:00Z", "0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z",
        "9999-12-31T23:59:59-23:59", "9999-12-31T23:59:59-13:59", "0001-01-01T00:00:00+14:00", "2023-02-29T00:00:00Z",
        "2024-01-01T00:00:00+23:59", "2024-01-01T00:00:00+14:01", "2024-01-01T00:00:00z", "2024-01-01T00:00:00Z\n",
        "2024-01-01T24:00:00.0000009Z",
        " 2024-01-01T00:00:00Z", "２０２４-01-01T00:00:00Z", "2024-01-01T00:00:00.Z", "", None, 5, True, [],
    ],
)  # fmt: skip
def test_anything_else_is_no_moment(text: object) -> None:
    with pytest.raises(MalformedInput) as caught:
        parse_moment(text, pointer="/validFrom")

    assert (caught.value.problem.code, caught.value.problem.pointer) == ("MALFORMED_VALUE_ERROR", "/validFrom")


@given(
    st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1)),
    st.integers(-13 * 60, 13 * 60),
)
def test_what_is_written_is_read_back_in_any_zone(naive: datetime, minutes: int) -> None:
    moment = naive.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))

    assert parse_moment(format_moment(moment)) == moment


def test_a_day_starts_at_midnight_utc() -> None:
    assert start_of("2026-01-31") == datetime(2026, 1, 31, tzinfo=UTC)
    assert start_of("2026-01-31T12:00:00Z") == datetime(2026, 1, 31, 12, tzinfo=UTC)
    assert parse_day("2024-02-29") == date(2024, 2, 29)


@pytest.mark.parametrize("text", ["2023-02-29", "2024-1-1", "20240101", "2024-01-01Z", "2024-W01-1", "", None, 5])
def test_anything_else_is_no_day(text: object) -> None:
    with pytest.raises(MalformedInput):
        parse_day(text)

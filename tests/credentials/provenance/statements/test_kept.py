"""What is kept is worked out again only when something that it was read from has changed."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.provenance.statements.kept import Kept, keeping


class Sheet:
    """Cells of numbers; the sum of a row is read from its cells, the sum of all from the rows."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept
        self._cells: dict[tuple[int, int], int] = {}

    def write(self, row: int, column: int, number: int) -> None:
        self._cells[row, column] = number
        self.kept.changed((row, column))

    def cell(self, row: int, column: int) -> int:
        self.kept.read((row, column))
        return self._cells.get((row, column), 0)

    @keeping
    def row(self, row: int) -> int:
        return sum(self.cell(row, column) for column in range(3))

    @keeping
    def whole(self) -> int:
        return sum(self.row(row) for row in range(3))


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 9))), st.booleans())
def test_law_what_is_kept_is_what_would_be_worked_out_now(writes: list[tuple[int, int, int]], grows: bool) -> None:
    sheet, cells = Sheet(Kept(grows=grows)), dict[tuple[int, int], int]()

    for row, column, number in writes:
        sheet.write(row, column, number)
        cells[row, column] = number
        assert sheet.whole() == sum(cells.values())


def _asked(change: Callable[[Sheet], None], *, grows: bool = True) -> int:
    """How many results are worked out again after ``change`` when the sum of all is asked."""
    sheet = Sheet(Kept(grows=grows))
    sheet.whole()
    before = sheet.kept.worked_out
    change(sheet)
    sheet.whole()
    return sheet.kept.worked_out - before


@pytest.mark.parametrize(
    ("change", "again"),
    [
        (lambda sheet: None, 0),
        (lambda sheet: sheet.write(7, 0, 1), 0),  # no sum was read from there
        (lambda sheet: sheet.write(1, 0, 1), 2),  # its row, and the whole
    ],
)
def test_only_what_was_read_from_a_changed_place_is_worked_out_again(
    change: Callable[[Sheet], None], again: int
) -> None:
    assert _asked(change) == again


def test_where_nothing_was_noted_any_change_lets_go_of_everything() -> None:
    assert _asked(lambda sheet: sheet.write(7, 0, 1), grows=False) == 4


def test_what_is_settled_keeps_what_it_has() -> None:
    assert _asked(lambda sheet: sheet.kept.settle()) == 0


def test_what_is_kept_does_not_travel_to_another_process() -> None:
    kept = Kept(grows=True)
    Sheet(kept).whole()

    assert pickle.loads(pickle.dumps(kept)).worked_out == 0


def test_a_result_that_could_not_be_worked_out_is_not_kept() -> None:
    kept = Kept(grows=True)

    class Broken:
        def __init__(self) -> None:
            self.kept, self.is_broken = kept, True

        @keeping
        def value(self) -> int:
            if self.is_broken:
                raise LookupError
            return 1

    broken = Broken()
    with pytest.raises(LookupError):
        broken.value()
    broken.is_broken = False

    assert broken.value() == 1


def test_what_is_kept_is_asked_for_by_position() -> None:
    with pytest.raises(TypeError):
        Sheet(Kept()).row(row=1)

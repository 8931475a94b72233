"""Tables as companies have them, and as whoever means harm writes them: read in one way, or named with a cure."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import xlsxwriter

from credentials.errors import MalformedInput
from node.flows.importing.csv_file import harmless, read_csv, written
from node.flows.importing.filling import fill
from node.flows.importing.shape import check_header, parse_columns, renamed, shape_of
from node.flows.importing.table import CellProblem, Table
from node.flows.importing.workbook_file import is_workbook, read_workbook

DRAFT: dict[str, Any] = {
    "@context": ["https://example.com/context"],
    "type": ["Passport"],
    "name": "x",
    "subject": {
        "type": ["Product"],
        "gtin": "x",
        "mass": 1,
        "organic": True,
        "parts": [{"type": ["Part"], "code": "x"}],
    },
}
SHAPE = shape_of(DRAFT, constant=False)


def drafts(text: str, decimal: str = "point", **how: str) -> list[dict[str, Any]]:
    found = fill(read_csv(text.encode(), **how), SHAPE, decimal=decimal)
    assert found.problems == ()
    return [one.draft for one in found.drafts]


def problems(table: Table, decimal: str = "point") -> list[CellProblem]:
    return list(fill(table, SHAPE, decimal=decimal).problems)


def workbook(rows: list[list[Any]], **options: Any) -> bytes:
    raw = io.BytesIO()
    with xlsxwriter.Workbook(raw, {"in_memory": True, **options}) as book:
        sheet = book.add_worksheet("Lots")
        text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, place, cell, day)
                elif isinstance(cell, str):
                    sheet.write_string(number, place, cell, text)
                else:
                    sheet.write(number, place, cell)
    return raw.getvalue()


def test_a_row_becomes_a_draft_with_the_types_of_its_shape_and_nothing_that_is_empty() -> None:
    (draft,) = drafts("key,subject.gtin,subject.mass,subject.organic,subject.parts.0.code\n1,009,2.5,yes,\n")
    assert draft == {
        "@context": ["https://example.com/context"],
        "type": ["Passport"],
        "subject": {"type": ["Product"], "gtin": "009", "mass": 2.5, "organic": True},
    }


def test_what_no_column_fills_stays_only_in_the_callers_own_draft() -> None:
    own = shape_of(DRAFT, constant=True)
    (one,) = fill(read_csv(b"key,subject.gtin\n1,7\n"), own, decimal="point").drafts
    assert one.draft["name"] == "x"
    assert one.draft["subject"]["mass"] == 1


def test_own_column_names_lead_to_members() -> None:
    shape = renamed(SHAPE, parse_columns(b'"Mass in kg" = "subject.mass"\n'))
    table = read_csv(b"key,Mass in kg\n1,3\n")
    check_header(table.header, shape)
    assert fill(table, shape, decimal="point").drafts[0].draft["subject"]["mass"] == 3
    with pytest.raises(MalformedInput, match="no member") as refused:
        renamed(SHAPE, {"Mass": "subject.mas"})
    assert refused.value.problem.fix == "Write subject.mass."


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b"key,name\n1,a\n", ("encoding UTF-8", "delimiter comma")),
        ("key;name\n1;ä\n".encode("utf-8-sig"), ("encoding UTF-8 by its byte order mark", "delimiter semicolon")),
        ("key\tname\n1\tä\n".encode("utf-16"), ("encoding UTF-16 by its byte order mark", "delimiter tab")),
        (b"key\n1\n", ("encoding UTF-8", "delimiter comma")),
    ],
)
def test_what_was_found_out_about_a_file_is_said(raw: bytes, found: tuple[str, ...]) -> None:
    assert read_csv(raw).found == found


def test_an_encoding_that_nothing_tells_is_asked_for() -> None:
    raw = "key,name\n1,Färberei\n".encode("windows-1252")
    with pytest.raises(MalformedInput, match="no UTF-8") as refused:
        read_csv(raw)
    assert "--encoding windows-1252" in refused.value.problem.fix
    assert read_csv(raw, encoding="windows-1252").rows[0].cells["name"] == "Färberei"


HOSTILE: dict[str, tuple[Callable[[], Any], str]] = {
    "empty": (lambda: read_csv(b""), "no header"),
    "blank": (lambda: read_csv(b"\n\n"), "no header"),
    "a header alone": (lambda: read_csv(b"key,name\n"), "no rows"),
    "doubled headers": (lambda: read_csv(b"key,name,name\n1,a,b\n"), "Two columns are called"),
    "a column without a name": (lambda: read_csv(b"key,,name\n1,a,b\n"), "has no name"),
    "NUL": (lambda: read_csv(b"key,name\n1,a\x00b\n"), "NUL"),
    "two delimiters": (lambda: read_csv(b"key;a,b\n1;2,3\n"), "more than one delimiter"),
    "an open quote": (lambda: read_csv(b'key,name\n1,"a\n'), "cannot be read"),
    "a cell without end": (lambda: read_csv(b"key,name\n1," + b"a" * 200_000), "cannot be read"),
    "too many bytes": (lambda: read_csv(bytes(50_000_001)), "above 50 MB"),
    "too many rows": (lambda: read_csv(b"key\n" + b"1\n" * 50_001), "50 001 rows"),
    "an encrypted workbook": (lambda: read_workbook(b"\xd0\xcf\x11\xe0" + bytes(600)), "encrypted"),
    "no workbook": (lambda: read_workbook(zipped({"a.txt": b"x"})), "no workbook"),
    "a broken zip": (lambda: read_workbook(b"PK\x03\x04" + bytes(60)), "no workbook"),
    "a workbook with macros": (
        lambda: read_workbook(zipped({"xl/workbook.xml": b"", "xl/vbaProject.bin": b""})),
        "macros",
    ),
    "a zip that inflates": (lambda: read_workbook(zipped({"xl/workbook.xml": bytes(50_000_001)})), "50 MB"),
    "a zip of very many": (lambda: read_workbook(zipped({f"{n}.xml": b"" for n in range(2_001)})), "50 MB"),
    "a sheet that is none": (lambda: read_workbook(zipped({"xl/workbook.xml": b"<x/>"})), "cannot be read"),
}


def zipped(members: dict[str, bytes]) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return raw.getvalue()


@pytest.mark.parametrize(("read", "detail"), HOSTILE.values(), ids=HOSTILE.keys())
def test_what_cannot_be_read_is_named(read: Callable[[], Any], detail: str) -> None:
    with pytest.raises(MalformedInput, match=detail) as refused:
        read()
    assert refused.value.problem.fix


CELLS = {
    "a comma in a number": ("subject.mass", '"1,5"', "comma"),
    "words for a number": ("subject.mass", "heavy", "no number"),
    "an exponent": ("subject.mass", "1e3", "no number"),
    "no truth": ("subject.organic", "maybe", "neither true nor false"),
    "a shortened number": ("subject.gtin", "9.50600E+12", "shortened"),
    "a formula": ("subject.gtin", '"=1+1"', "formula"),
    "an escape": ("subject.gtin", "a\x1bb", "not printed"),
    "no key": ("key", "", "no key"),
}


@pytest.mark.parametrize(("column", "cell", "detail"), CELLS.values(), ids=CELLS.keys())
def test_a_cell_that_cannot_be_is_told_by_row_and_column(column: str, cell: str, detail: str) -> None:
    text = f"key,name\n{cell},a\n" if column == "key" else f"key,{column}\n1,{cell}\n"
    (found,) = problems(read_csv(text.encode()))
    assert (found.row, found.column) == (2, column)
    assert detail in found.detail
    assert found.fix


def test_a_decimal_comma_is_read_where_the_caller_says_so_and_only_that() -> None:
    (draft,) = drafts("key;subject.mass\n1;1,5\n", decimal="comma")
    assert draft["subject"]["mass"] == 1.5
    (found,) = problems(read_csv(b"key;subject.mass\n1;1.5\n"), decimal="comma")
    assert "no number" in found.detail


def test_all_rows_are_told_ragged_ones_and_doubled_keys_too() -> None:
    table = read_csv(b"key,name\n1,a\n1,b\n2,c,d\n3,e\n\n,f\n")
    assert [(one.row, one.column) for one in problems(table)] == [(3, "key"), (4, ""), (7, "key")]
    assert [one.key for one in fill(table, SHAPE, decimal="point").drafts] == ["1", "3"]


def test_a_code_that_the_sheet_holds_as_a_number_is_refused_and_a_number_where_one_belongs_is_not() -> None:
    table = read_workbook(
        workbook([["key", "subject.gtin", "subject.mass"], ["1", 9506000134352, 2.5], ["2", "009", 3]])
    )
    (found,) = problems(table)
    assert (found.row, found.column) == (2, "subject.gtin")
    assert found.fix == "Format the column as text, and enter it anew."
    (draft,) = fill(table, SHAPE, decimal="point").drafts
    assert draft.draft["subject"] == {"type": ["Product"], "gtin": "009", "mass": 3}


@pytest.mark.parametrize("options", [{}, {"date_1904": True}])
def test_a_date_of_the_sheet_is_no_text_whichever_day_it_counts_from(options: dict[str, Any]) -> None:
    (found,) = problems(read_workbook(workbook([["key", "name"], ["1", date(2026, 1, 31)]], **options)))
    assert (found.row, found.column) == (2, "name")


def test_a_formula_counts_as_the_value_that_is_stored_with_it() -> None:
    raw = io.BytesIO()
    with xlsxwriter.Workbook(raw) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["key", "subject.mass"])
        sheet.write_string(1, 0, "1")
        sheet.write_formula(1, 1, "=40+2", None, 7)
    (draft,) = fill(read_workbook(raw.getvalue()), SHAPE, decimal="point").drafts
    assert draft.draft["subject"]["mass"] == 7


def test_a_workbook_is_known_by_its_bytes() -> None:
    assert is_workbook(workbook([["key"], ["1"]]))
    assert is_workbook(b"\xd0\xcf\x11\xe0")
    assert not is_workbook(b"key,name\n")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_that_is_written_begins_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert written([[cell, "plain"]]).lstrip('"').startswith("'")


def test_unknown_columns_and_two_for_one_member_are_refused_with_the_nearest_name() -> None:
    with pytest.raises(MalformedInput, match="No member is filled") as refused:
        check_header(("key", "subject.gtn"), SHAPE)
    assert refused.value.problem.fix == "Write subject.gtin."
    with pytest.raises(MalformedInput, match="No column is called key"):
        check_header(("name",), SHAPE)
    with pytest.raises(MalformedInput, match="Two columns fill"):
        check_header(("key", "GTIN", "subject.gtin"), renamed(SHAPE, {"GTIN": "subject.gtin"}))

"""Reading the first sheet of a workbook (XLSX) by python-calamine; what it inflates to is known before.

The rule: formulas are not evaluated, the values that were stored with them count as what they are; what holds macros,
is encrypted or inflates beyond the limit is refused by its directory alone. Format: ISO/IEC 29500-1.
"""

from __future__ import annotations

import io
import zipfile
from typing import Final

from credentials.errors import MalformedInput
from node.flows.importing.table import MOST_BYTES, Cell, Table, table_of

#: The first bytes of a compound file, as encrypted workbooks and those before 2007 are.
_COMPOUND: Final = b"\xd0\xcf\x11\xe0"
_MOST_MEMBERS: Final = 2_000


def is_workbook(raw: bytes) -> bool:
    """Is it a zip, or an older or encrypted workbook?"""
    return raw.startswith((b"PK\x03\x04", _COMPOUND))


def read_workbook(raw: bytes) -> Table:
    """The table in the first sheet of ``raw``.

    Raises:
        MalformedInput: it is too large, encrypted, holds macros or is no workbook, or nothing here reads workbooks.
    """
    _check_directory(raw)
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError as error:
        raise MalformedInput(
            "Nothing is installed here that reads workbooks.",
            fix="Install tracenode[xlsx], or save the sheet as CSV UTF-8.",
        ) from error
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        name = workbook.sheet_names[0]
        lines: list[list[Cell]] = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, ValueError, IndexError, OSError) as error:
        raise MalformedInput(
            f"The workbook cannot be read: {error}.", fix="Save it anew as XLSX, or as CSV."
        ) from error
    others = len(workbook.sheet_names) - 1
    left = (f"{others} other sheet{'s' if others > 1 else ''} left aside",) if others else ()
    return table_of(lines, (f"workbook, sheet {name!r}", *left))


def _check_directory(raw: bytes) -> None:
    if raw.startswith(_COMPOUND):
        raise MalformedInput(
            "The workbook is encrypted, or of before 2007.", fix="Save it as XLSX without a password, or as CSV UTF-8."
        )
    try:
        members = zipfile.ZipFile(io.BytesIO(raw)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise MalformedInput(f"The file is no workbook: {error}.", fix="Save it anew as XLSX, or as CSV.") from error
    if len(members) > _MOST_MEMBERS or sum(one.file_size for one in members) > MOST_BYTES:
        raise MalformedInput("The workbook inflates to more than 50 MB.", code="TOO_LARGE", fix="Split it.")
    if any(one.filename.lower().endswith("vbaproject.bin") for one in members):
        raise MalformedInput("The workbook holds macros.", fix="Save it as XLSX without macros.")
    if not any(one.filename == "xl/workbook.xml" for one in members):
        raise MalformedInput("The zip holds no workbook.", fix="Save the sheet as XLSX, or as CSV.")

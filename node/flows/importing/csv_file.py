"""Reading a file of separated values: which encoding and delimiter it has is found and said, or asked for.

The rule: a byte order mark tells the encoding, else it is UTF-8 or the caller says what. The delimiter is the one that
the header has; where it has two, the caller says which. Format: RFC 4180, with ``;`` and tabs beside commas.
"""

from __future__ import annotations

import csv
import io
from typing import Final

from credentials.errors import MalformedInput
from node.flows.importing.table import MOST_BYTES, Table, table_of

_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)
ENCODINGS: Final = ("utf-8", "utf-16", "windows-1252")
DELIMITERS: Final = {"comma": ",", "semicolon": ";", "tab": "\t"}


def read_csv(raw: bytes, *, encoding: str | None = None, delimiter: str | None = None) -> Table:
    """The table in ``raw``; ``encoding`` is one of ``ENCODINGS``, ``delimiter`` a name of ``DELIMITERS``.

    Raises:
        MalformedInput: it is too large, no text, or not to be read in one way only.
    """
    if len(raw) > MOST_BYTES:
        raise MalformedInput("The file is above 50 MB.", code="TOO_LARGE", fix="Split it.")
    text, how = _decoded(raw, encoding)
    if "\x00" in text:
        raise MalformedInput("The file holds NUL characters.", fix="Save it as CSV UTF-8.")
    name = delimiter or _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=DELIMITERS[name], strict=True)
    try:
        lines = list(reader)
    except csv.Error as error:
        raise MalformedInput(
            f"Line {reader.line_num} cannot be read: {error}.", fix="Close every double quote, and double those inside."
        ) from error
    return table_of(lines, (f"encoding {how}", f"delimiter {name}"))


def _decoded(raw: bytes, encoding: str | None) -> tuple[str, str]:
    for mark, codec, name in _MARKS:
        if encoding is None and raw.startswith(mark):
            return _as(raw, codec, name), f"{name} by its byte order mark"
    if encoding is not None:
        codec = "utf-8-sig" if encoding == "utf-8" else encoding
        return _as(raw, codec, encoding), encoding
    try:
        return raw.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError as error:
        raise MalformedInput(
            f"The file is no UTF-8: byte {error.start} begins no character of it.",
            fix="Give --encoding windows-1252 if a spreadsheet of western Europe wrote it, or save it as CSV UTF-8.",
        ) from error


def _as(raw: bytes, codec: str, name: str) -> str:
    try:
        return raw.decode(codec)
    except UnicodeError as error:
        raise MalformedInput(f"The file is no {name}: {error}.", fix="Give another --encoding.") from error


def _delimiter(text: str) -> str:
    """The delimiter of the header; a header of one column has none and is read with commas."""
    first = text.split("\n", 1)[0]
    outside = "".join(first.split('"')[::2])  # what stands in quotes delimits nothing
    there = [name for name, sign in DELIMITERS.items() if sign in outside]
    if len(there) > 1:
        raise MalformedInput(
            f"The header holds more than one delimiter: {', '.join(there)}.",
            fix=f"Give --delimiter {there[0]} or --delimiter {there[1]}.",
        )
    return there[0] if there else "comma"


def written(rows: list[list[str]]) -> str:
    """Rows as text with commas, UTF-8; no cell begins with what a spreadsheet takes for a formula."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows([[harmless(one) for one in row] for row in rows])
    return out.getvalue()


def harmless(cell: str) -> str:
    """``cell`` with an apostrophe before what begins a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell

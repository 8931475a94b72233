"""N-Quads: a strict, small reader and writer over terms as text.

The rule: a term is kept as its canonical text, so that canonicalisation works on strings and writing is joining.
The reader refuses what the grammar does not allow; it never repairs.
Specifications: RDF 1.1 N-Quads; RDFC-1.0 section 5.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from credentials.errors import MalformedInput
from credentials.rdf.terms import XSD_STRING, iri_term, literal_term

_LETTER: Final = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff_:"
)
_NAME: Final = f"[{_LETTER}0-9]"
_REST: Final = f"{_LETTER}0-9\u00b7\u0300-\u036f\u203f\u2040-"
_UCHAR: Final = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_IRIREF: Final = rf'<(?:[^\x00-\x20<>"{{}}|^`\\]++|{_UCHAR})*+>'
_BLANK: Final = rf"_:{_NAME}(?:[.{_REST}]*[{_REST}])?"
_QUOTED: Final = rf'"(?:[^"\\\n\r]++|\\[tbnrf"\'\\]|{_UCHAR})*+"'
_LITERAL: Final = rf"{_QUOTED}(?:\^\^{_IRIREF}|@[A-Za-z]+(?:-[A-Za-z0-9]+)*)?"
_SPACE: Final = r"[ \t]*"
_STATEMENT: Final = re.compile(
    rf"{_SPACE}({_IRIREF}|{_BLANK}){_SPACE}({_IRIREF}){_SPACE}({_IRIREF}|{_BLANK}|{_LITERAL})"
    rf"{_SPACE}({_IRIREF}|{_BLANK})?{_SPACE}\.{_SPACE}(?:#.*)?"
)
_EMPTY: Final = re.compile(rf"{_SPACE}(?:#.*)?")
_LINE_END: Final = re.compile(r"\r\n?|\n")
_ESCAPE: Final = re.compile(rf"{_UCHAR}|\\.")
_NAMED_ESCAPES: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_BAD_IRI: Final = re.compile(r'[\x00-\x20<>"{}|^`\\]|^(?![A-Za-z][A-Za-z0-9+.-]*:)')


class Quad(NamedTuple):
    """One statement; every part is canonical N-Quads text, ``graph`` is "" in the default graph."""

    subject: str
    predicate: str
    object: str
    graph: str = ""

    def line(self) -> str:
        """The statement as one line, with its line feed."""
        if self.graph:
            return f"{self.subject} {self.predicate} {self.object} {self.graph} .\n"
        return f"{self.subject} {self.predicate} {self.object} .\n"


def parse_nquads(text: str) -> list[Quad]:
    """The distinct statements of an N-Quads document, in order of appearance.

    Raises:
        MalformedInput: naming the first line that is not a statement.
    """
    quads: dict[Quad, None] = {}
    terms: dict[str | None, str] = {None: ""}  # most terms of a document stand in it several times
    for number, line in enumerate(_LINE_END.split(text), start=1):
        match = _STATEMENT.fullmatch(line)
        if match is not None:
            for part in match.groups():
                if part not in terms:
                    terms[part] = _canonical_term(part, number)
            quads[Quad(*(terms[part] for part in match.groups()))] = None
        elif _EMPTY.fullmatch(line) is None:
            raise _not_a_statement(number)
    return list(quads)


def write_nquads(quads: Iterable[Quad]) -> str:
    """The statements as N-Quads, one line each, in the order given."""
    return "".join(quad.line() for quad in quads)


def _canonical_term(text: str, line: int) -> str:
    if text[0] == "_":
        return text
    if text[0] == "<":
        return iri_term(_iri(text, line))
    end = text.rindex('"')
    value, suffix = _unescape(text[1:end], line), text[end + 1 :]
    if suffix.startswith("@"):
        return literal_term(value, language=suffix[1:])
    return literal_term(value, _iri(suffix[2:], line) if suffix else XSD_STRING)


def _iri(text: str, line: int) -> str:
    iri = _unescape(text[1:-1], line)
    if _BAD_IRI.search(iri):
        raise _not_a_statement(line)
    return iri


def _unescape(text: str, line: int) -> str:
    if "\\" not in text:
        return text
    try:
        value = _ESCAPE.sub(_unescaped, text)
        value.encode("utf-8")  # half a surrogate pair is no character
    except (ValueError, OverflowError) as error:
        raise _not_a_statement(line) from error
    return value


def _unescaped(match: re.Match[str]) -> str:
    letter = match[0][1]
    return chr(int(match[0][2:], 16)) if letter in "uU" else _NAMED_ESCAPES[letter]


def _not_a_statement(line: int) -> MalformedInput:
    return MalformedInput(
        f"Line {line} is not an N-Quads statement.",
        code="PARSING_ERROR",
        fix="Write subject, predicate, object and an optional graph, separated by spaces, and end with a full stop.",
    )

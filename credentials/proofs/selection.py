"""A part of a document by JSON pointers.

The rule: what is selected is itself a document of the same meaning. Every object on the way to what is pointed at
keeps its ``id`` and all of its ``type``, contexts are kept whole, and a pointer that points at nothing is an error.
Specifications: RFC 6901; ECDSA Cryptosuites 3.4.11 to 3.4.13 (JSON pointers, initial selection, select JSON-LD).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from credentials.encoding.document import Json, JsonObject
from credentials.errors import ProofProblem

_ALWAYS: Final = frozenset({"@context", "id", "type"})
_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,8}")
_TOKEN: Final = re.compile(r"(?:[^~]|~[01])*")


class PointerTree(dict[str, "PointerTree"]):
    """The tokens of several pointers, each under the one before it; ``whole`` says that a pointer ends here."""

    whole = False


def select(document: JsonObject, pointers: Iterable[str]) -> dict[str, Json]:
    """The part of ``document`` that ``pointers`` select, members and items in the document's order.

    Raises:
        ProofProblem: PROOF_GENERATION_ERROR, a pointer is malformed or points at nothing.
    """
    return part(document, resolve(document, pointers))


def resolve(document: JsonObject, pointers: Iterable[str]) -> PointerTree:
    """What ``pointers`` want of ``document``. Raises ProofProblem as :func:`select`."""
    wanted = PointerTree()
    for pointer in pointers:
        here = wanted
        for token in _existing(document, pointer):
            here = here.setdefault(token, PointerTree())
        here.whole = True
    return wanted


def part(document: JsonObject, wanted: PointerTree) -> dict[str, Json]:
    """The part of ``document`` that is ``wanted``, which was resolved in one of the same structure."""
    return dict(_part(document, wanted))


def parse_pointer(pointer: str) -> tuple[str, ...]:
    """The reference tokens of a JSON pointer, unescaped.

    Raises:
        ProofProblem: PROOF_GENERATION_ERROR.
    """
    first, *tokens = pointer.split("/")
    if first or not all(_TOKEN.fullmatch(token) for token in tokens):
        raise _refused(f"{pointer[:80]!r} is not a JSON pointer.", "Begin it with / and write / as ~1, ~ as ~0.")
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in tokens)


def _existing(document: JsonObject, pointer: str) -> tuple[str, ...]:
    """The tokens of a pointer that points at something."""
    tokens = parse_pointer(pointer)
    here: Json = document
    for token in tokens:
        if isinstance(here, Mapping) and token in here:
            here = here[token]
        elif isinstance(here, list) and _INDEX.fullmatch(token) and int(token) < len(here):
            here = here[int(token)]
        else:
            raise _refused(f"The pointer {pointer[:80]!r} points at nothing.", "Point at what the document holds.")
    return tokens


def _part(value: Json, wanted: PointerTree) -> Json:
    if wanted.whole:
        return value
    if isinstance(value, list):
        return [_part(value[place], wanted[str(place)]) for place in sorted(map(int, wanted))]
    return {
        key: item if key in _ALWAYS else _part(item, wanted[key])
        for key, item in value.items()
        if key in wanted or key in _ALWAYS
    }


def _refused(detail: str, fix: str) -> ProofProblem:
    return ProofProblem(detail, code="PROOF_GENERATION_ERROR", fix=fix)

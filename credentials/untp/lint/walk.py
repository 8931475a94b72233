"""One walk over every member of a credential, for the checks that look everywhere: codes, dates and names.

Most of what it meets is right, so it only picks out what may be wrong; the checks say what is. What is called in its
loop is called hundreds of times for a document.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from credentials.encoding.document import JsonObject
from credentials.untp.lint.codes import READ, RIGHT, OddText, is_odd
from credentials.untp.lint.spelling import Class, Misspelt, class_of
from credentials.untp.lint.ways import Way

#: Members that hold names of terms and never an object of the vocabulary.
_NAMES: Final = frozenset({"type", "@context"})
#: The member whose object is nobody's vocabulary.
_FREE: Final = "characteristics"
_NO_RANGES: Final[Mapping[str, str]] = MappingProxyType({})


def picked_out(document: JsonObject, name: str, classes: Mapping[str, Class]) -> tuple[list[OddText], list[Misspelt]]:
    """The texts of ``document``, of the class ``name``, that may be wrong, and the objects with unknown members."""
    odd: list[OddText] = []
    misspelt: list[Misspelt] = []
    stack: list[tuple[Any, Way, str | None]] = [(document, None, name if name in classes else None)]
    for item, way, place in stack:  # which grows while it is read
        if type(item) is list:
            for index, child in enumerate(item):
                if type(child) is dict or type(child) is list:
                    stack.append((child, (way, index), place))
            continue
        ranges = _NO_RANGES
        if place is not None:
            known = class_of(item, place, classes) if "type" in item else classes[place]
            ranges = known.ranges
            if not known.ignored and not known.names.issuperset(item):
                misspelt.append((item, known, way))
        for key, child in item.items():
            form = type(child)
            if form is str:
                if key in READ and child not in RIGHT[key] and is_odd(key, child):
                    odd.append((item, key, way))
            elif form is dict:
                if key != _FREE:
                    stack.append((child, (way, key), ranges.get(key)))
            elif form is list and key not in _NAMES:
                stack.append((child, (way, key), ranges.get(key)))
    return odd, misspelt

"""One walk over every member of a credential, for the checks that look everywhere: codes, dates and names.

Most of what it meets is right, so it only picks out what may be wrong; the checks say what is. What is called in its
loop is called hundreds of times for a document.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from contexts.codes.concepts import HOSTS
from credentials.encoding.document import Json, JsonObject
from credentials.untp.lint.codes import READ, RIGHT, OddText, is_odd
from credentials.untp.lint.spelling import Class, Misspelt, class_of
from credentials.untp.lint.ways import Way

#: Members that hold names of terms and never an object of the vocabulary.
_NAMES: Final = frozenset({"type", "@context"})
#: The member whose object is nobody's vocabulary.
_FREE: Final = "characteristics"
_NO_RANGES: Final[Mapping[str, str]] = MappingProxyType({})

#: An object, the way to it, and the class that its place asks for, None where that is none of UNTP's.
_Placed: TypeAlias = tuple[JsonObject, Way, str | None]


def picked_out(document: JsonObject, name: str, classes: Mapping[str, Class]) -> tuple[list[OddText], list[Misspelt]]:
    """The texts of ``document``, of the class ``name``, that may be wrong, and the objects with unknown members."""
    odd: list[OddText] = []
    misspelt: list[Misspelt] = []
    stack: list[_Placed] = [(document, (), name if name in classes else None)]
    for item, way, place in stack:  # which grows while it is read
        stated, ranges = item.get("type"), _NO_RANGES
        if place is not None:
            known = classes[place] if stated is None or stated == [place] else class_of(stated, place, classes)
            names, ranges = known
            if names is not None and not item.keys() <= names:
                misspelt.append((item, names, way))
        for key, child in item.items():
            form = type(child)
            if form is str:
                if key in READ:
                    doubted = child.startswith(HOSTS) if key == "id" else child not in RIGHT[key]
                    if doubted and is_odd(key, child):
                        odd.append((item, key, way))
            elif form is dict:
                if key != _FREE:
                    stack.append((child, (*way, key), ranges.get(key)))
            elif form is list and key not in _NAMES:
                stack += _objects_in(child, (*way, key), ranges.get(key))
    return odd, misspelt


def _objects_in(items: list[Json], way: Way, place: str | None) -> list[_Placed]:
    """The objects of a list, and of lists in it."""
    found: list[_Placed] = []
    for index, item in enumerate(items):
        if type(item) is dict:
            found.append((item, (*way, index), place))
        elif type(item) is list:
            found += _objects_in(item, (*way, index), place)
    return found

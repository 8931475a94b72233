"""What a schema must not do before an operator's node evaluates it: each refusal a row with its reason.

Whoever registers a schema did not always write it, and a schema is a program. So that its work is bounded: no way out
of the file, no recursion, a bounded number of places when every local reference is followed, and only patterns whose
parts cannot repeat each other. See docs/requirements.md S75; VC JSON Schema section 3.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import unquote

from credentials.encoding.document import Json, JsonObject, walk
from credentials.errors import Problem

SIZE_LIMIT: Final = 512 * 1024
PLACES_LIMIT: Final = 20_000
PATTERN_LIMIT: Final = 200
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

#: Keywords that would change what another part of the schema means, or look it up by name.
_REFUSED: Final = ("$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$recursiveAnchor", "$anchor", "$vocabulary")
#: Keyword → how its value holds schemas: one, a list, or a map.
_ONE: Final = (
    "additionalProperties",
    "contains",
    "contentSchema",
    "else",
    "if",
    "items",
    "not",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
)
_LIST: Final = ("allOf", "anyOf", "oneOf", "prefixItems")
_MAP: Final = ("properties", "patternProperties", "dependentSchemas")

_CLASS: Final = r"\[\^?(?:\\[\\dDwWsStnr\[\]^./-]|[^\\\[\]])+\]"
_ATOM: Final = rf"(?:{_CLASS}|\\[dDwWsStnr\\.^$|?*+(){{}}\[\]/-]|[^\\\[\](){{}}|?*+^$])"
_COUNT: Final = r"(?:[?*+]|\{[0-9]{1,4}(?:,[0-9]{0,4})?\})?"
_PLAIN: Final = rf"(?:{_ATOM}{_COUNT})+"
#: Anchors, single characters or classes with a count, and groups of such that are not repeated themselves.
_ALLOWED_PATTERN: Final = re.compile(rf"\^?(?:{_ATOM}{_COUNT}|\((?:\?:)?{_PLAIN}(?:\|{_PLAIN})*\)\??)*\$?")


def lint_schema(schema: JsonObject) -> tuple[Problem, ...]:
    """Everything for which ``schema`` must not be registered; empty when its evaluation is bounded."""
    problems = [*_words(schema), *_patterns(schema)]
    return tuple(problems) if problems else tuple(_places(schema))


def subschemas(schema: Json, pointer: str = "") -> Iterator[tuple[Json, str]]:
    """The schemas directly in ``schema`` that evaluation enters, each with its pointer; local references included."""
    if not isinstance(schema, Mapping):
        return
    for name in _ONE:
        if name in schema:
            yield schema[name], f"{pointer}/{name}"
    for name in _LIST:
        items = schema.get(name)
        yield from ((item, f"{pointer}/{name}") for item in (items if isinstance(items, Sequence) else ()))
    for name in _MAP:
        held = schema.get(name)
        yield from ((item, f"{pointer}/{name}") for item in (held.values() if isinstance(held, Mapping) else ()))


def _words(schema: JsonObject) -> Iterator[Problem]:
    for pointer, item in walk(schema):
        if not isinstance(item, Mapping):
            continue
        for name in _REFUSED:
            if name in item:
                yield _refused(f"The keyword {name} is not evaluated here.", f"{pointer}/{name}", "Use local $ref.")
        if pointer and isinstance(item.get("$id"), str):
            yield _refused("A schema inside has an $id of its own.", f"{pointer}/$id", "Keep one $id, at the top.")
        reference = item.get("$ref")
        if isinstance(reference, str) and not (reference == "#" or reference.startswith("#/")):
            yield _refused(
                f"The reference {reference[:80]!r} leaves the file.", f"{pointer}/$ref", "Copy it into $defs."
            )


def _patterns(schema: JsonObject) -> Iterator[Problem]:
    for pointer, item in walk(schema):
        if not isinstance(item, Mapping):
            continue
        held = item.get("patternProperties")
        stated = [item.get("pattern"), *(held if isinstance(held, Mapping) else ())]
        for pattern in stated:
            if isinstance(pattern, str) and not is_allowed_pattern(pattern):
                yield _refused(
                    f"The pattern {pattern[:80]!r} is not one of those that are evaluated here.",
                    f"{pointer}/pattern",
                    "Use anchors, classes and counts; do not repeat groups.",
                )


def is_allowed_pattern(pattern: str) -> bool:
    """Is the pattern short and of the allowed grammar?"""
    return len(pattern) <= PATTERN_LIMIT and _ALLOWED_PATTERN.fullmatch(pattern) is not None


def _places(schema: JsonObject) -> Iterator[Problem]:
    """Follow every reference as evaluation does: no place twice on one way, and not too many places in all."""
    counted: dict[int, int] = {}

    def count(item: Json, pointer: str, way: tuple[int, ...]) -> int:
        if id(item) in way:
            raise _Recursive(pointer)
        if id(item) not in counted:
            below = (count(part, where, (*way, id(item))) for part, where in _entered(schema, item, pointer))
            counted[id(item)] = 1 + sum(below)
        return counted[id(item)]

    try:
        total = count(schema, "", ())
    except _Recursive as error:
        yield _refused("The schema refers to itself.", str(error), "Write out the levels that are needed.")
        return
    except LookupError as error:
        yield _refused(f"The reference {str(error.args[0])[:80]!r} points at nothing.", "", "Point into $defs.")
        return
    if total > PLACES_LIMIT:
        yield _refused(
            f"The schema has {total} places when its references are followed; the limit is {PLACES_LIMIT}.",
            "",
            "Share less, or split the schema.",
        )


class _Recursive(Exception):
    """A place that is reached from itself."""


def _entered(schema: JsonObject, item: Json, pointer: str) -> Iterator[tuple[Json, str]]:
    yield from subschemas(item, pointer)
    if isinstance(item, Mapping) and isinstance(item.get("$ref"), str):
        yield _target(schema, item["$ref"]), f"{pointer}/$ref"


def _target(schema: JsonObject, reference: str) -> Json:
    here: Json = schema
    for token in unquote(reference).split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        if isinstance(here, Mapping) and name in here:
            here = here[name]
        elif isinstance(here, Sequence) and not isinstance(here, str) and name.isdecimal() and int(name) < len(here):
            here = here[int(name)]
        else:
            raise LookupError(reference)
    return here


def _refused(detail: str, pointer: str, fix: str) -> Problem:
    return Problem(code="SCHEMA", detail=detail, pointer=pointer, fix=fix)

"""The strict side of linksets: nothing leaves that UNTP's linkset schema or RFC 9264 would refuse.

See docs/requirements.md IDR-06 (members of a link object) and IDR-07 (relation names); UNTP 0.7.0, Identity Resolver.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from credentials.encoding.document import Json, JsonObject
from credentials.errors import MalformedInput, Problem
from credentials.untp.json_reading import JsonPlace, place
from credentials.untp.linkset import LinkContext, Linkset, to_json

_WEB: Final = re.compile(r"https?://[a-zA-Z0-9./]\S*")
_RELATION: Final = re.compile(r"[a-z-]+|https?://[a-zA-Z0-9./]+")
_RESERVED: Final = ("anchor", "description", "itemDescription")
_LANGUAGE: Final = re.compile(r"\w{2}|\w{2}-\w{2}", re.ASCII)
_MEDIA_TYPE: Final = re.compile(r"\w+/[-+.\w]+", re.ASCII)
_LISTS: Final = frozenset({"hreflang", "rel", "method", "accessRole", "context"})
_TEXTS: Final = frozenset({"href", "title", "type", "encryptionMethod"})
_FLAGS: Final = frozenset({"fwqs", "public"})


def build_linkset(contexts: Iterable[LinkContext]) -> dict[str, Json]:
    """The JSON of a linkset that anyone may be served.

    Raises:
        MalformedInput: MALFORMED_VALUE_ERROR naming the first thing UNTP's schema would refuse.
    """
    value = to_json(Linkset(contexts=tuple(contexts)))
    for problem in check_linkset(value):
        raise MalformedInput(problem.detail, code=problem.code, pointer=problem.pointer, fix=problem.fix)
    return value


def check_linkset(value: JsonObject) -> tuple[Problem, ...]:
    """What keeps a linkset from being strictly conforming; empty when nothing does."""
    stated = value.get("linkset")
    if set(value) != {"linkset"} or not _is_list_of_objects(stated):
        return (_problem("", "A linkset has the one member 'linkset', a list of objects.", 'Write {"linkset": […]}.'),)
    return tuple(problem for context in place(value).each("linkset") for problem in _check_context(context))


def _check_context(context: JsonPlace) -> Iterator[Problem]:
    anchor = context.text("anchor")
    if anchor is None or not _WEB.fullmatch(anchor):
        yield _problem(
            context.below("anchor"), "The anchor is not an http(s) URL.", "Name the identifier by its resolvable URL."
        )
    for key in context.value:
        if key in _RESERVED:
            if not isinstance(context.value[key], str):
                yield _problem(context.below(key), f"The {key} is not a text.", "Write one text.")
            continue
        if key.startswith(_RESERVED) or not _RELATION.fullmatch(key):
            yield _problem(
                context.below(key),
                f"{key[:80]!r} is not a relation name the linkset schema takes.",
                "Use a lower-case registered name such as 'dpp', or a URL of letters, digits, dots and slashes.",
            )
        if not _is_list_of_objects(context.value[key]):
            yield _problem(context.below(key), "A relation holds no list of link objects.", "Write a list of links.")
        for link in context.each(key):
            yield from _check_link(link)


def _check_link(link: JsonPlace) -> Iterator[Problem]:
    if not _WEB.fullmatch(link.text("href") or ""):
        yield _problem(link.below("href"), "The href is not an http(s) URL.", "Give the target's web address.")
    if not isinstance(link.value.get("title"), str):
        yield _problem(link.below("title"), "The link has no title.", "Give a title a person can read.")
    if "type" in link.value and not _MEDIA_TYPE.fullmatch(link.text("type") or ""):
        yield _problem(link.below("type"), "The type is not a media type.", "Write it like application/vc+jwt.")
    for index, language in enumerate(link.texts("hreflang")):
        if not _LANGUAGE.fullmatch(language):
            yield _problem(
                f"{link.below('hreflang')}/{index}", "The language is neither xx nor xx-XX.", "Write en or pt-BR."
            )
    for key, item in link.value.items():
        if not _has_shape(key, item):
            yield _problem(
                link.below(key),
                f"{key[:80]!r} does not belong in a link, or has the wrong shape.",
                "Use the members of IDR-06 only: lists for hreflang, rel, method, accessRole, context.",
            )


def _is_list_of_objects(item: Json) -> bool:
    return isinstance(item, list) and all(isinstance(entry, Mapping) for entry in item)


def _has_shape(key: str, item: Json) -> bool:
    if key in _LISTS:
        return isinstance(item, list) and all(isinstance(entry, str) for entry in item)
    if key in _TEXTS:
        return isinstance(item, str)
    return key in _FLAGS and isinstance(item, bool)


def _problem(pointer: str, detail: str, fix: str) -> Problem:
    return Problem(code="MALFORMED_VALUE_ERROR", pointer=pointer, detail=detail, fix=fix)

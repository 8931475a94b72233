"""Checks of single members that credentials and presentations share: types, ids, parts with a type, texts, times.

Each yields problems with pointers. VCDM 2.0 sections 4.4 to 4.11; docs/conformance/w3c.md A1.3, A1.4, A1.7, A1.8 and
A1.10.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final

from contexts.library import ContextLibrary
from credentials.encoding.document import Json, JsonObject, as_list
from credentials.encoding.iri import is_iri, is_language_tag
from credentials.encoding.moments import parse_moment
from credentials.errors import MalformedInput, Problem
from credentials.model.context_terms import Terms, extend

_TEXT_MEMBERS: Final = frozenset({"@value", "@language", "@direction"})


def listed(item: Json, pointer: str) -> Iterator[tuple[Json, str]]:
    """Each value of a member that is one value or a list of them, with its pointer."""
    if isinstance(item, (list, tuple)):
        for index, child in enumerate(item):
            yield child, f"{pointer}/{index}"
    else:
        yield item, pointer


def check_types(value: JsonObject, terms: Terms, pointer: str) -> Iterator[Problem]:
    """A1.3: ``type`` is present and every value of it is a term the contexts map, or a URL."""
    stated = value.get("type")
    if "type" not in value or (isinstance(stated, (list, tuple)) and not stated):
        yield malformed(f"{pointer}/type", "The type is missing.", "State what this object is.")
    elif not _are_mapped(stated, terms):
        yield from _unmapped(stated, terms, f"{pointer}/type")


def _are_mapped(stated: Json, terms: Terms) -> bool:
    return all(isinstance(term, str) and terms.maps(term) for term in as_list(stated))


def _unmapped(stated: Json, terms: Terms, pointer: str) -> Iterator[Problem]:
    for term, where in listed(stated, pointer):
        if not isinstance(term, str):
            yield malformed(where, "A type is not a text.", "Name each type by a term or a URL.")
        elif not terms.maps(term):
            yield Problem(
                code="TERM_INVALID",
                pointer=where,
                detail=f"No context maps the type {term[:80]!r} to a URL.",
                fix="Add the context that defines it, or write the type as an absolute URL.",
            )


def check_id(value: JsonObject, pointer: str, *, required: bool = False) -> Iterator[Problem]:
    """A1.4: ``id``, where present, is one URL."""
    where = f"{pointer}/id"
    if "id" not in value:
        if required:
            yield malformed(where, "The id is missing.", "State the id, a URL.")
        return
    yield from check_url(value["id"], where)


def check_url(stated: Json, pointer: str) -> Iterator[Problem]:
    """One absolute URL, judged on the raw text."""
    if not isinstance(stated, str):
        yield malformed(pointer, "The identifier is not one text.", "Write exactly one URL.")
    elif not is_iri(stated):
        yield Problem(
            code="TERM_INVALID",
            pointer=pointer,
            detail=f"{stated[:80]!r} is not an absolute URL.",
            fix="Write a URL with its scheme, without white space.",
        )


def check_party(value: JsonObject, key: str, *, required: bool) -> Iterator[Problem]:
    """A1.5: ``issuer`` or ``holder`` is a URL or an object whose ``id`` is one."""
    pointer = f"/{key}"
    stated = value.get(key)
    if key not in value:
        if required:
            yield malformed(pointer, f"The {key} is missing.", f"State the {key}.")
    elif isinstance(stated, Mapping):
        yield from check_id(stated, pointer, required=True)
        yield from check_texts(stated, pointer)
    else:
        yield from check_url(stated, pointer)


def check_texts(value: JsonObject, pointer: str) -> Iterator[Problem]:
    """A1.7: ``name`` and ``description`` are texts, language value objects, or lists of them."""
    yield from check_not_empty(value, ("name", "description"), pointer)
    for key in ("name", "description"):
        if key in value and not isinstance(value[key], str):
            for item, where in listed(value[key], f"{pointer}/{key}"):
                if not isinstance(item, str) and not _is_language_value(item):
                    yield malformed(
                        where,
                        f"The {key} is neither a text nor a language value.",
                        'Write "…" or {"@value": "…", "@language": "en"}.',
                    )


def check_not_empty(value: JsonObject, keys: Iterable[str], pointer: str) -> Iterator[Problem]:
    """A member that is there holds one value or more; an empty list behind a proof over statements is not signed."""
    for key in keys:
        if value.get(key) == []:
            yield malformed(f"{pointer}/{key}", f"The {key} is an empty list.", f"State one, or leave {key} out.")


def check_parts(
    value: JsonObject,
    key: str,
    terms: Terms,
    *,
    contexts: ContextLibrary,
    scopes: Terms | None = None,
    id_required: bool = False,
) -> Iterator[Problem]:
    """A1.10: each object of ``key`` has a type (and an id, where that is demanded).

    What a type opens (``scopes``) says which context the member opens, and ends at its objects (JSON-LD 1.1 API 5.1.2).
    """
    if key not in value:
        return
    narrowed = terms.copy()
    for scoped in (scopes or terms).scoped(key):
        yield from extend(narrowed, scoped, contexts=contexts, pointer=f"/{key}", override=True)
    for part, where in listed(value[key], f"/{key}"):
        if not isinstance(part, Mapping):
            yield malformed(where, f"{key} holds something that is no object.", "Write an object with a type.")
            continue
        yield from check_types(part, narrowed, where)
        yield from check_id(part, where, required=id_required)


def check_validity(value: JsonObject) -> Iterator[Problem]:
    """A1.8: dateTimeStamps, and validFrom not after validUntil. Whether that is now is not the model's question."""
    moments: dict[str, datetime] = {}
    for key in ("validFrom", "validUntil"):
        if key in value:
            try:
                moments[key] = parse_moment(value[key], pointer=f"/{key}")
            except MalformedInput as error:
                yield error.problem
    if len(moments) == 2 and moments["validFrom"] > moments["validUntil"]:
        yield malformed("/validUntil", "validUntil is before validFrom.", "Set validUntil to a later moment.")


def malformed(pointer: str, detail: str, fix: str) -> Problem:
    """A MALFORMED_VALUE_ERROR."""
    return Problem(code="MALFORMED_VALUE_ERROR", pointer=pointer, detail=detail, fix=fix)


def _is_language_value(item: Json) -> bool:
    if not isinstance(item, Mapping) or not set(item) <= _TEXT_MEMBERS or not isinstance(item.get("@value"), str):
        return False
    language, direction = item.get("@language", "en"), item.get("@direction", "ltr")
    return isinstance(language, str) and is_language_tag(language) and direction in ("ltr", "rtl")

"""Which terms the contexts of a document map to URLs, without expanding the document.

Enough of JSON-LD 1.1 context processing for two questions of the data model: is this ``type`` a mapped term, and does
a context redefine a protected one? URLs are read from the pinned library only. An unpinned one is no problem of the
model, but leaves every type it might map unjudged. JSON-LD 1.1 section 4.1; docs/conformance/w3c.md A1.1 to A1.3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from contexts.library import BASE_CONTEXT, OLDER_BASE_CONTEXT, ContextLibrary, ContextNotPinned
from credentials.encoding.document import Json, JsonObject, as_list
from credentials.encoding.iri import is_iri
from credentials.errors import Problem

_KEPT: Final = 16  # contexts in a list whose terms are kept, all pinned: what strangers write takes no memory


@dataclass(slots=True)
class Terms:
    """The terms in force: name to definition; ``complete`` is False when a context could not be read."""

    definitions: dict[str, JsonObject | None] = field(default_factory=dict)
    protected: set[str] = field(default_factory=set)
    vocabulary: bool = False
    complete: bool = True

    def maps(self, name: str) -> bool:
        """Does ``name`` stand for a URL: a term, a compact IRI, an absolute URL, or anything under a vocabulary?"""
        if name in self.definitions:
            definition = self.definitions[name]
            return definition is not None and not str(definition.get("@id", "")).startswith("@")
        prefix, colon, rest = name.partition(":")
        if colon and not rest.startswith("//") and self.definitions.get(prefix) is not None:
            return True
        return is_iri(name) or (self.vocabulary and _is_word(name)) or not self.complete

    def scoped(self, *names: str) -> Iterator[Json]:
        """The scoped contexts that the definitions of ``names`` carry."""
        for name in names:
            definition = self.definitions.get(name)
            if definition is not None and definition.get("@context") is not None:
                yield definition["@context"]

    def copy(self) -> Terms:
        """An independent copy, to be narrowed by a scoped context."""
        return Terms(dict(self.definitions), set(self.protected), self.vocabulary, self.complete)


def read_terms(stated: Json, *, contexts: ContextLibrary) -> tuple[Terms, tuple[Problem, ...]]:
    """The terms of a top-level ``@context`` and what is wrong with it; others read the same ones: copy, then narrow."""
    short = isinstance(stated, list) and len(stated) <= _KEPT
    if short and all(isinstance(url, str) and contexts.knows(url) for url in stated):
        return _terms_of_urls(tuple(stated), contexts)
    return _read(stated, contexts)


@lru_cache(maxsize=256)
def _terms_of_urls(urls: tuple[str, ...], contexts: ContextLibrary) -> tuple[Terms, tuple[Problem, ...]]:
    """Pinned documents never change, so what a list of their URLs defines is worked out once."""
    return _read(urls, contexts)


def _read(stated: Json, contexts: ContextLibrary) -> tuple[Terms, tuple[Problem, ...]]:
    terms = Terms()
    problems = tuple(_check_list(stated))
    if problems:
        terms.complete = False
        return terms, problems
    return terms, tuple(extend(terms, stated, contexts=contexts, pointer="/@context"))


def extend(
    terms: Terms, stated: Json, *, contexts: ContextLibrary, pointer: str, override: bool = False
) -> Iterator[Problem]:
    """Apply contexts to ``terms`` in order; ``override`` is the licence of property-scoped contexts."""
    for index, entry in enumerate(as_list(stated)):
        where = f"{pointer}/{index}" if isinstance(stated, (list, tuple)) else pointer
        if isinstance(entry, str):
            yield from _extend_by_url(terms, entry, contexts=contexts, pointer=where, override=override)
        elif isinstance(entry, Mapping):
            yield from _define(terms, entry, pointer=where, override=override)


def _extend_by_url(
    terms: Terms, url: str, *, contexts: ContextLibrary, pointer: str, override: bool
) -> Iterator[Problem]:
    try:
        document = _document(contexts, url)
    except ContextNotPinned:
        terms.complete = False  # whether a context is pinned is another check's question
        return
    yield from extend(terms, document.get("@context"), contexts=contexts, pointer=pointer, override=override)


@lru_cache(maxsize=64)
def _document(contexts: ContextLibrary, url: str) -> JsonObject:
    """A pinned document, parsed once; it is only ever read."""
    return contexts.document(url)


def _define(terms: Terms, context: JsonObject, *, pointer: str, override: bool) -> Iterator[Problem]:
    protects = context.get("@protected") is True
    if "@vocab" in context:
        terms.vocabulary = context["@vocab"] is not None
    for name, value in context.items():
        if name.startswith("@"):
            continue
        definition = _definition(value)
        if name in terms.protected and not override and definition != terms.definitions[name]:
            yield Problem(
                code="CONTEXT_NOT_ALLOWED",
                pointer=pointer,
                detail=f"The context redefines the protected term {name[:80]!r}.",
                fix="Choose another name for your own term.",
            )
            continue
        terms.definitions[name] = definition
        if value.get("@protected", protects) if isinstance(value, Mapping) else protects:
            terms.protected.add(name)


def _definition(value: Json) -> JsonObject | None:
    """One form for a definition: an object without ``@protected``, None where the term maps to nothing."""
    if isinstance(value, str):
        return {"@id": value}
    if not isinstance(value, Mapping) or ("@id" in value and value["@id"] is None):
        return None
    return {key: item for key, item in value.items() if key != "@protected"}


def _check_list(stated: Json) -> Iterator[Problem]:
    """A1.1: an ordered list, the base context first, then URLs or objects, none twice."""
    if not isinstance(stated, (list, tuple)) or not stated:
        yield _malformed("/@context", "@context is not a list.", f"Write a list that begins with {BASE_CONTEXT}.")
        return
    if stated[0] == OLDER_BASE_CONTEXT:
        yield Problem(
            code="UNSUPPORTED_FORM",
            pointer="/@context/0",
            detail="The document is by the W3C data model 1.1, which is not read here.",
            fix=f"Begin the list with {BASE_CONTEXT}.",
        )
    elif stated[0] != BASE_CONTEXT:
        yield Problem(
            code="CONTEXT_NOT_ALLOWED",
            pointer="/@context/0",
            detail="The first context is not that of the Verifiable Credentials Data Model 2.0.",
            fix=f"Begin the list with {BASE_CONTEXT}.",
        )
    seen: set[str] = set()
    for index, entry in enumerate(stated):
        if isinstance(entry, Mapping):
            continue
        if not isinstance(entry, str) or not is_iri(entry):
            yield _malformed(f"/@context/{index}", "A context is neither a URL nor an object.", "Name it by its URL.")
        elif entry in seen:
            yield _malformed(f"/@context/{index}", "A context is listed twice.", "List each context once.")
        else:
            seen.add(entry)


def _is_word(name: str) -> bool:
    return bool(name) and ":" not in name and is_iri("https://x.example/" + name)


def _malformed(pointer: str, detail: str, fix: str) -> Problem:
    return Problem(code="MALFORMED_VALUE_ERROR", pointer=pointer, detail=detail, fix=fix)

"""What an operator's own context must not do before it is pinned.

The rule: an extension adds words, it never changes the meaning of a word that a pinned context protects, and it never
lets an undefined word pass. Each refusal is a row of :data:`REFUSALS` with its reason; all are checked, the first found
is raised. See docs/requirements.md S25 to S31, VOC-01, VOC-02 and VOC-06.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

MAX_BYTES: Final = 1 << 20
MAX_DEPTH: Final = 32
_CATCH_ALL: Final = frozenset({"@vocab", "@base", "@language", "@direction", "@import", "@propagate"})
_ALLOWED_KEYWORDS: Final = frozenset({"@version", "@protected"})
_TERM_KEYS: Final = frozenset({"@id", "@type", "@container", "@context", "@protected", "@prefix", "@language"})
_KEYWORD_ALIASES: Final = frozenset({("id", "@id"), ("type", "@type")})
Scope = Mapping[str, Any]


class ContextRefused(ValueError):
    """A context that must not be pinned; ``code`` is CONTEXT_HASH or CONTEXT_NOT_ALLOWED, ``refusal`` a row's name."""

    def __init__(self, detail: str, *, refusal: str, code: str = "CONTEXT_NOT_ALLOWED") -> None:
        super().__init__(detail)
        self.refusal = refusal
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A context on its way in: every scope (the top one first) and the definitions that pinned contexts protect."""

    url: str
    scopes: tuple[Scope, ...]
    protected: Mapping[str, frozenset[tuple[Any, ...]]]
    pinned: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextRule:
    """One row: its ``name``, the ``reason`` it is refused for, and what ``finds`` the offending word (None: fine)."""

    name: str
    reason: str
    finds: Callable[[Candidate], str | None]


def checked_context(url: str, raw: bytes, sha256: str, *, pinned: Mapping[str, Mapping[str, Any]]) -> None:
    """Pass if ``raw`` may be pinned under ``url`` beside ``pinned`` (documents by URL).

    Raises:
        ContextRefused: CONTEXT_HASH when the digest differs, else CONTEXT_NOT_ALLOWED with the refusal's name.
    """
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise ContextRefused(
            f"The file for {url:.200} does not have the stated digest.", refusal="digest", code="CONTEXT_HASH"
        )
    scopes = tuple(_scopes(_parsed(raw)))
    candidate = Candidate(url=url, scopes=scopes, protected=_protected(pinned), pinned=frozenset(pinned))
    for refusal in REFUSALS:
        if (found := refusal.finds(candidate)) is not None:
            raise ContextRefused(f"{found!r:.200}: {refusal.reason}", refusal=refusal.name)


def _parsed(raw: bytes) -> Scope:
    if len(raw) > MAX_BYTES or max(_depths(raw)) > MAX_DEPTH:
        raise ContextRefused("The context is too large or too deep.", refusal="size")
    try:
        value = json.loads(raw.decode("utf-8"), object_pairs_hook=_without_duplicates)
    except ValueError as error:
        raise ContextRefused(f"The context is not strict JSON: {error}", refusal="json") from error
    context = value.get("@context") if isinstance(value, dict) else None
    if not isinstance(context, dict):
        raise ContextRefused('The file is not {"@context": {…}} with one object.', refusal="shape")
    return context


def _depths(raw: bytes) -> Iterator[int]:
    """Nesting, counted on brackets; brackets inside strings only make it stricter."""
    depth = 0
    yield depth
    for byte in raw:
        depth += (byte in b"[{") - (byte in b"]}")
        yield depth


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key appears twice")
    return result


def _scopes(context: Any) -> Iterator[Scope]:
    """The context and every scoped context below it; one that is no object is wrapped to be refused by its row."""
    if not isinstance(context, dict):
        yield {"@context": context}
        return
    yield context
    for definition in context.values():
        if isinstance(definition, dict) and "@context" in definition:
            yield from _scopes(definition["@context"])


def _protected(pinned: Mapping[str, Mapping[str, Any]]) -> Mapping[str, frozenset[tuple[Any, ...]]]:
    """Terms that pinned contexts protect, everywhere or inside a type, each with the meanings they give it."""
    meanings: dict[str, set[tuple[Any, ...]]] = {}
    for document in pinned.values():
        scopes = tuple(_scopes(document["@context"]))
        for scope in scopes:
            for term, definition in scope.items() if scope.get("@protected") else ():
                if not term.startswith("@") and not (
                    isinstance(definition, dict) and definition.get("@protected") is False
                ):
                    meanings.setdefault(term, set()).add(_meaning(definition, {**scopes[0], **scope}))
    return {term: frozenset(found) for term, found in meanings.items()}


def _meaning(definition: Any, context: Scope) -> tuple[Any, ...]:
    """A definition in a form that compares: full IRI, coercion, container and scoped context."""
    parts = definition if isinstance(definition, dict) else {"@id": definition}
    rest = {key: value for key, value in parts.items() if key not in ("@id", "@type", "@protected")}
    return (_full(parts.get("@id"), context), _full(parts.get("@type"), context), json.dumps(rest, sort_keys=True))


def _full(name: Any, context: Scope) -> Any:
    prefix, colon, rest = name.partition(":") if isinstance(name, str) else ("", "", "")
    base = context.get(prefix)
    return base + rest if colon and isinstance(base, str) and not rest.startswith("//") else name


def _bad_url(candidate: Candidate) -> str | None:
    parts = urlsplit(candidate.url)
    plain = candidate.url.isascii() and candidate.url.isprintable() and " " not in candidate.url
    good = plain and parts.scheme == "https" and parts.hostname and parts.netloc == parts.hostname
    return None if good and "?" not in candidate.url and "#" not in candidate.url else candidate.url


def _already_pinned(candidate: Candidate) -> str | None:
    return candidate.url if candidate.url in candidate.pinned else None


def _redefinition(candidate: Candidate) -> str | None:
    return next(
        (
            term
            for scope in candidate.scopes
            for term, definition in scope.items()
            if term in candidate.protected
            and _meaning(definition, {**candidate.scopes[0], **scope}) not in candidate.protected[term]
        ),
        None,
    )


def _catch_all(candidate: Candidate) -> str | None:
    return next((key for scope in candidate.scopes for key in scope if key in _CATCH_ALL), None)


def _other_keyword(candidate: Candidate) -> str | None:
    return next(
        (
            key
            for scope in candidate.scopes
            for key in scope
            if key.startswith("@") and key not in _CATCH_ALL | _ALLOWED_KEYWORDS
        ),
        None,
    )


def _hidden_meaning(candidate: Candidate) -> str | None:
    return next((term for term, definition in _definitions(candidate) if not _plain(term, definition)), None)


def _plain(term: str, definition: Any) -> bool:
    """A term that stands for a full IRI or the usual alias, written with the ordinary keys of a definition."""
    if isinstance(definition, str):
        return ":" in definition or (term, definition) in _KEYWORD_ALIASES
    if not isinstance(definition, dict) or definition.keys() - _TERM_KEYS:
        return False
    iri = definition.get("@id")
    return isinstance(iri, str) and (":" in iri or (term, iri) in _KEYWORD_ALIASES)


def _definitions(candidate: Candidate) -> Iterator[tuple[str, Any]]:
    return (item for scope in candidate.scopes for item in scope.items() if not item[0].startswith("@"))


def _unprotected(candidate: Candidate) -> str | None:
    if candidate.scopes[0].get("@protected") is not True:
        return candidate.url
    given = ((term, definition) for term, definition in _definitions(candidate) if isinstance(definition, dict))
    return next((term for term, definition in given if definition.get("@protected", True) is not True), None)


REFUSALS: Final[tuple[ContextRule, ...]] = (
    ContextRule(
        name="url", reason="a context is named by an https URL without user, port, query or fragment", finds=_bad_url
    ),
    ContextRule(
        name="pinned", reason="this URL is pinned already; a changed context needs a new URL", finds=_already_pinned
    ),
    ContextRule(name="catch-all", reason="it would give a meaning to words that nobody defined", finds=_catch_all),
    ContextRule(
        name="keyword", reason="it would load, reset or reshape a context from the outside", finds=_other_keyword
    ),
    ContextRule(
        name="redefinition", reason="a pinned context protects this term with another meaning", finds=_redefinition
    ),
    ContextRule(
        name="hidden",
        reason="a term must stand for one full IRI; null, aliases and reverse terms hide data",
        finds=_hidden_meaning,
    ),
    ContextRule(
        name="unprotected",
        reason="an extension protects its own terms, or the next one could redefine them",
        finds=_unprotected,
    ),
)

"""What may stand in a JSON-LD document before any JSON-LD processor sees it.

The rule: what a processor would drop, resolve, strip or fetch is refused on the raw document. Contexts are a list
of pinned URLs at the top; no keywords but those of value objects; no nulls; ids are absolute IRIs; arrays and
nesting are bounded (docs/requirements.md S13, S16 to S26 and S34). Empty arrays pass, because official UNTP samples
hold them.
Specifications: JSON-LD 1.1 sections 3 and 9; VC Data Integrity section 2.4.1 (validating contexts).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Final

from contexts.library import ContextLibrary
from credentials.encoding.document import SAFE_INTEGER, Json, JsonObject, escape_pointer
from credentials.encoding.iri import is_iri, is_language_tag
from credentials.errors import ContextProblem, LimitReached, MalformedInput, Unsupported

MAX_ARRAY: Final = 1000
MAX_DEPTH: Final = 32
MAX_SCALARS: Final = 6000  # each makes a statement, but for ids: a document near the statement limit may pass
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
# A presentation carries whole credentials, and a JCS proof a copy of the contexts: both name pinned URLs again.
_EMBEDDED: Final = re.compile(r"(?:/verifiableCredential(?:/[0-9]+)?)?(?:/proof(?:/[0-9]+)?)?")
_VALUE_KEYS: Final = frozenset({"@value", "@language"})


def check_document(document: JsonObject, *, contexts: ContextLibrary, inline_contexts: bool = False) -> None:
    """Return if ``document`` may be handed to a JSON-LD processor; ``inline_contexts`` is for test vectors only.

    Raises:
        ContextProblem: CONTEXT_NOT_ALLOWED, TERM_INVALID or DATA_LOSS_DETECTION_ERROR, with a pointer.
        LimitReached: CANON_LIMIT for long arrays. MalformedInput: JSON_TOO_DEEP. Unsupported: UNSUPPORTED_CONTEXT.
    """
    if not inline_contexts and "@context" not in document:
        raise _not_allowed("The document has no @context.", "")
    for pointer, value in _objects(document):
        if "@context" in value and not inline_contexts:
            if _EMBEDDED.fullmatch(pointer) is None:
                raise _not_allowed("A context stands below the top of the document.", f"{pointer}/@context")
            check_contexts(value["@context"], contexts, f"{pointer}/@context")
        _check_members(value, pointer)


def check_part(value: Json, depth: int) -> None:
    """Return if ``value``, ``depth`` levels down, may stand in a document as it is (a JSON literal).

    Raises:
        ContextProblem, LimitReached, MalformedInput: as :func:`check_document`, with pointers of no use.
    """
    for pointer, item in _objects([value], depth):
        if "@context" in item:
            raise _not_allowed("A context stands below the top of the document.", f"{pointer}/@context")
        _check_members(item, pointer)


def _objects(document: Json, level: int = 1) -> Iterator[tuple[str, JsonObject]]:
    """Every object outside ``@context`` with its pointer; nulls, long arrays and deep nesting end the walk."""
    stack: list[tuple[str, Json, int]] = [("", document, level)]
    scalars = 0
    while stack:
        pointer, value, depth = stack.pop()
        if depth > MAX_DEPTH:
            raise MalformedInput(
                f"The document nests deeper than {MAX_DEPTH} levels.",
                code="JSON_TOO_DEEP",
                fix="Flatten it: refer to objects by id instead of nesting them.",
            )
        if isinstance(value, Mapping):
            yield pointer, value
            children = ((f"{pointer}/{escape_pointer(key)}", value[key]) for key in value if key != "@context")
        else:
            _check_length(value, pointer)
            children = ((f"{pointer}/{index}", item) for index, item in enumerate(value))
        for where, child in children:
            if isinstance(child, (Mapping, list, tuple)):
                stack.append((where, child, depth + 1))
                continue
            scalars += 1
            _check_scalar(child, where)
        if scalars > MAX_SCALARS:
            raise LimitReached(f"The document holds more than {MAX_SCALARS} values.", fix="Split the document.")


def _check_scalar(value: Json, pointer: str) -> None:
    """Whatever one reader would drop or round (JSON_TEXT and JSON_NUMBER_RANGE as the strict reader has them)."""
    if value is None:
        raise _lost("A null is dropped when the document is read as JSON-LD.", pointer, "Leave the member out.")
    if isinstance(value, str):
        if not value.isascii() and _SURROGATE.search(value):
            raise MalformedInput(
                "A text holds half of a surrogate pair.", code="JSON_TEXT", pointer=pointer, fix="Remove the character."
            )
    elif not _is_exact(value):
        raise MalformedInput(
            "The number cannot be kept exactly.",
            code="JSON_NUMBER_RANGE",
            pointer=pointer,
            fix="Round it to at most 15 significant digits.",
        )


def _is_exact(number: float) -> bool:
    if isinstance(number, int):
        return abs(number) <= SAFE_INTEGER
    return math.isfinite(number) and float(f"{number:.15E}") == number


def _check_length(items: Json, pointer: str) -> None:
    if len(items) > MAX_ARRAY:
        raise LimitReached(
            f"An array holds {len(items)} items; the limit is {MAX_ARRAY}.",
            pointer=pointer,
            fix="Split the document, or secure it as a JWT.",
        )


def check_contexts(stated: Json, contexts: ContextLibrary, pointer: str) -> None:
    """Return if ``stated`` is a list of pinned URLs, none twice. Raises ContextProblem, or Unsupported for a URL."""
    listed = [stated] if isinstance(stated, str) else stated
    if not isinstance(listed, list) or not listed:
        raise _not_allowed("The context is not a list of URLs.", pointer)
    again = next((index for index, url in enumerate(listed) if url in listed[:index]), None)
    if again is not None:
        raise _not_allowed("A context is listed twice.", f"{pointer}/{again}")
    for index, url in enumerate(listed):
        where = pointer if listed is not stated else f"{pointer}/{index}"
        if not isinstance(url, (str, Mapping)):
            raise _not_allowed("The context is neither a URL nor an object.", where)
        if isinstance(url, Mapping) or not contexts.knows(url):
            what = "a context that is written inline" if isinstance(url, Mapping) else f"the context {url[:120]!r}"
            raise Unsupported(
                f"The words of {what} are not known here.",
                code="UNSUPPORTED_CONTEXT",
                pointer=where,
                fix="Ask for it in a version that README lists, or have the operator register the context.",
            )


def _check_members(value: JsonObject, pointer: str) -> None:
    if "@value" in value or "@language" in value or "@direction" in value:
        _check_value_object(value, pointer)
        return
    for key in value:
        if key.startswith(("@", "_:")) and key != "@context":
            raise _invalid(
                f"The member {key[:40]!r} is not allowed in a secured document.", f"{pointer}/{escape_pointer(key)}"
            )
        if not (key.isascii() and key.isprintable()):
            raise _invalid("The name of a member is not plain ASCII.", pointer)
    identifier = value.get("id")
    if isinstance(identifier, str) and not is_iri(identifier):
        raise _invalid(f"The id {identifier[:80]!r} is not an absolute IRI.", f"{pointer}/id")


def _check_value_object(value: JsonObject, pointer: str) -> None:
    if "@direction" in value:
        raise _lost("@direction is lost in RDF.", f"{pointer}/@direction", "Leave @direction out.")
    for key in value:
        if key not in _VALUE_KEYS:
            raise _invalid(f"A value object may not hold {key[:40]!r}.", f"{pointer}/{escape_pointer(key)}")
    if "@value" not in value:
        raise _lost("A language without a value is dropped.", pointer, "Add @value.")
    if not isinstance(value["@value"], (str, bool, int, float)):
        raise _invalid("@value is not text, a number or a boolean.", f"{pointer}/@value")
    if "@language" in value:
        language = value["@language"]
        if not isinstance(language, str) or not is_language_tag(language):
            raise _invalid(f"{str(language)[:40]!r} is not a language tag.", f"{pointer}/@language")


def _not_allowed(detail: str, pointer: str) -> ContextProblem:
    return ContextProblem(
        detail,
        code="CONTEXT_NOT_ALLOWED",
        pointer=pointer,
        fix="List only contexts that this node pins, by their exact URLs, at the top of the document.",
    )


def _invalid(detail: str, pointer: str) -> ContextProblem:
    return ContextProblem(detail, code="TERM_INVALID", pointer=pointer, fix="Use terms and absolute IRIs only.")


def _lost(detail: str, pointer: str, fix: str) -> ContextProblem:
    return ContextProblem(detail, code="DATA_LOSS_DETECTION_ERROR", pointer=pointer, fix=fix)

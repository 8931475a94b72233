"""The contexts of a document: each pinned, in order, at the top, and nowhere else.

A context that is unknown, inline or below the top could give signed words another meaning.
Specifications: VCDM 2.0 section 4.3; VC Data Integrity section 2.4.1; security.md items 25, 26 and 28.
"""

from __future__ import annotations

from collections.abc import Mapping

from contexts.library import ContextLibrary, UnsafeTestContexts
from credentials.encoding.document import JsonObject, walk_objects
from credentials.envelopes.opening import BASE_CONTEXT
from credentials.errors import ContextProblem, Unsupported


def check_contexts(value: JsonObject, contexts: ContextLibrary, *, only_at_top: bool = False) -> None:
    """Refuse contexts that are not pinned, repeated, out of place or inline (security.md items 25, 26 and 28).

    With :class:`UnsafeTestContexts` inline contexts pass; production never has one. ``only_at_top`` is what the caller
    knows already, which spares the search.

    Raises:
        ContextProblem: CONTEXT_NOT_ALLOWED. Unsupported: UNSUPPORTED_CONTEXT, a URL whose words are not known here.
    """
    listed = value.get("@context")
    if not isinstance(listed, list) or listed[:1] != [BASE_CONTEXT]:
        raise _refused("The first context is not that of VCDM 2.0.", "/@context", f"Begin with {BASE_CONTEXT}.")
    lenient = isinstance(contexts, UnsafeTestContexts)  # test vectors bring contexts of their own (design, Settled 5)
    for index, url in enumerate(listed):
        if lenient and isinstance(url, Mapping):
            continue
        if not isinstance(url, str):
            raise _refused("A context is written inline.", f"/@context/{index}", "Name it by its published URL.")
        if not contexts.knows(url):
            raise Unsupported(
                f"The words of the context {url[:120]!r} are not known here.",
                code="UNSUPPORTED_CONTEXT",
                pointer=f"/@context/{index}",
                fix="Ask for it in a version that README lists, or have the operator register the context.",
            )
    if lenient:
        return
    if len(set(listed)) != len(listed):
        raise _refused("A context is listed twice.", "/@context", "List each context once.")
    for pointer, item in () if only_at_top else walk_objects(value):
        if pointer and "@context" in item:
            raise _refused("A context stands below the top level.", f"{pointer}/@context", "Move it to the top.")


def _refused(detail: str, pointer: str, fix: str) -> ContextProblem:
    return ContextProblem(detail, code="CONTEXT_NOT_ALLOWED", pointer=pointer, fix=fix)

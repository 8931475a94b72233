"""The contexts of a document: each pinned, in order, at the top, and nowhere else.

A context that is unknown, inline or below the top could give signed words another meaning.
Specifications: VCDM 2.0 section 4.3; VC Data Integrity section 2.4.1; docs/requirements.md S25, S26 and S28.
"""

from __future__ import annotations

from collections.abc import Mapping

from contexts.library import BASE_CONTEXT, OLDER_BASE_CONTEXT, ContextLibrary, UnsafeTestContexts
from credentials.encoding.document import JsonObject, walk_objects
from credentials.errors import ContextProblem, Unsupported
from credentials.rdf.guard import check_contexts as check_listed


def check_contexts(value: JsonObject, contexts: ContextLibrary, *, only_at_top: bool = False) -> None:
    """Refuse contexts that are not pinned, repeated, out of place or inline (docs/requirements.md S25, S26 and S28).

    With :class:`UnsafeTestContexts` inline contexts pass; production never has one. ``only_at_top`` is what the caller
    knows already, which spares the search.

    Raises:
        ContextProblem: CONTEXT_NOT_ALLOWED.
        Unsupported: UNSUPPORTED_CONTEXT, a URL whose words are not known here; UNSUPPORTED_FORM, data model 1.1.
    """
    listed = value.get("@context")
    first = listed[:1] if isinstance(listed, list) else [listed]
    if first == [OLDER_BASE_CONTEXT]:
        detail = "It is by the W3C data model 1.1, which is not read here."
        raise Unsupported(detail, pointer="/@context", fix=f"Begin with {BASE_CONTEXT}.")
    if not isinstance(listed, list) or first != [BASE_CONTEXT]:
        raise _refused("The first context is not that of VCDM 2.0.", "/@context", f"Begin with {BASE_CONTEXT}.")
    if isinstance(contexts, UnsafeTestContexts):  # as test vectors do: docs/requirements.md D5
        listed = [url for url in listed if not isinstance(url, Mapping)]
    elif not only_at_top:
        _refuse_misplaced(value)
    check_listed(listed, contexts, "/@context")


def _refuse_misplaced(value: JsonObject) -> None:
    for pointer, item in walk_objects(value):
        if pointer and "@context" in item and not pointer.startswith("/@context/"):
            raise _refused("A context stands below the top level.", f"{pointer}/@context", "Move it to the top.")


def _refused(detail: str, pointer: str, fix: str) -> ContextProblem:
    return ContextProblem(detail, code="CONTEXT_NOT_ALLOWED", pointer=pointer, fix=fix)

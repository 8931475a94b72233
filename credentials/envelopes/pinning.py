"""The contexts of a document: each pinned, in order, at the top, and nowhere else.

A context that is unknown, inline or below the top could give signed words another meaning.
Specifications: VCDM 2.0 section 4.3; VC Data Integrity section 2.4.1; docs/requirements.md S25, S26 and S28.
"""

from __future__ import annotations

from collections.abc import Mapping

from contexts.library import ContextLibrary, UnsafeTestContexts
from credentials.encoding.document import Json, JsonObject, walk_objects
from credentials.envelopes.opening import BASE_CONTEXT
from credentials.errors import ContextProblem, CredentialsError, Unsupported
from credentials.model.context_terms import OLDER_BASE_CONTEXT


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
    lenient = isinstance(contexts, UnsafeTestContexts)  # as test vectors do: docs/requirements.md D5
    if not lenient:
        _refuse_misplaced(value, listed, only_at_top=only_at_top)
    for index, url in enumerate(listed):
        if not (isinstance(url, str) and contexts.knows(url)) and not (lenient and isinstance(url, Mapping)):
            raise _unknown(url, f"/@context/{index}")


def _refuse_misplaced(value: JsonObject, listed: list[Json], *, only_at_top: bool) -> None:
    urls = [url for url in listed if isinstance(url, str)]
    if len(set(urls)) != len(urls):
        raise _refused("A context is listed twice.", "/@context", "List each context once.")
    for pointer, item in () if only_at_top else walk_objects(value):
        if pointer and "@context" in item and not pointer.startswith("/@context/"):
            raise _refused("A context stands below the top level.", f"{pointer}/@context", "Move it to the top.")


def _unknown(stated: Json, pointer: str) -> CredentialsError:
    if not isinstance(stated, (str, Mapping)):
        return _refused("A context is neither a URL nor an object.", pointer, "Name it by its published URL.")
    what = f"the context {stated[:120]!r}" if isinstance(stated, str) else "a context that is written inline"
    return Unsupported(
        f"The words of {what} are not known here.",
        code="UNSUPPORTED_CONTEXT",
        pointer=pointer,
        fix="Ask for it in a version that README lists, or have the operator register the context.",
    )


def _refused(detail: str, pointer: str, fix: str) -> ContextProblem:
    return ContextProblem(detail, code="CONTEXT_NOT_ALLOWED", pointer=pointer, fix=fix)

"""PyLD as the processor behind both engines: its silences made loud, its contexts remembered, its ways out closed.

The rule: what PyLD would drop, coin or resolve in silence is refused here, key by key; no document is loaded but from
the library handed in. The one door to PyLD: whoever wants statements asks :mod:`credentials.rdf.jsonld`.
Specifications: JSON-LD 1.1 API sections 4, 5.1 and 5.2; VC Data Integrity section 4.2 (data loss is an error).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from threading import Lock
from typing import Any, Final

from pyld import jsonld
from pyld.context_resolver import ContextResolver

from contexts.library import ContextLibrary
from credentials.encoding.document import Json, JsonObject
from credentials.encoding.iri import is_iri
from credentials.errors import ContextProblem, LimitReached
from credentials.rdf.compiler import Compiler
from credentials.rdf.refusal import SENTINEL, Refusal, TakesLonger, refuse_ambiguous

_REMEMBERED: Final = 2048  # processed contexts; the types of a document choose which, so the number is bounded
_LIBRARIES: Final = 8
_SCHEMES: Final = frozenset({"urn", "did", "tag"})  # of IRIs without //
MAX_CONTEXTS: Final = 2000  # processed anew for one document; the largest official sample needs 512 in a fresh process
QUICK_CONTEXTS: Final = 32  # the same where only what is quick is done: a few milliseconds


class PyldProcessor(jsonld.JsonLdProcessor):  # type: ignore[misc]
    """PyLD's processor with its silences made loud and, unless ``remember`` is false, its contexts remembered."""

    def __init__(self, contexts: ContextLibrary, *, remember: bool = True) -> None:
        super().__init__(on_property_dropped=self._dropped)
        self.contexts = contexts
        self.remember = remember
        self.loader = _loader(contexts)
        self.resolver = ContextResolver({}, self.loader)
        self.memo: dict[tuple[Any, ...], tuple[Any, Any, Any]] = {}
        self.in_context = 0
        self.lock = Lock()
        self.term_iris: dict[int, tuple[frozenset[str], Any]] = {}
        self.compiler: Compiler | None = None
        self.begin()

    def begin(self, *, quick_only: bool = False) -> None:
        """A document begins; with ``quick_only`` it may not have many contexts processed anew, or TakesLonger."""
        self.made = 0
        self.quick_only = quick_only

    def _options(self) -> dict[str, Any]:
        return {
            "base": SENTINEL,
            "documentLoader": self.loader,
            "contextResolver": self.resolver,
            "processingMode": "json-ld-1.1",
        }

    def _one_at_a_time(self, work: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """Call PyLD; contexts and what was refused belong to one document at a time."""
        try:
            with self.lock:
                return work(*args, **options)
        except jsonld.JsonLdError as error:
            raise ContextProblem(
                f"Not JSON-LD: {_cause(error)}", code="TERM_INVALID", fix="Compare the document with its contexts."
            ) from error
        except (LookupError, TypeError, AttributeError, ValueError) as error:  # PyLD's own, at odd contexts
            raise ContextProblem(
                f"Its contexts cannot be read as JSON-LD ({type(error).__name__}).",
                code="TERM_INVALID",
                fix="Use published contexts, or write each definition as JSON-LD 1.1 section 9.15 has it.",
            ) from error

    def expanded(self, document: JsonObject) -> list[dict[str, Json]]:
        """The expanded form of ``document``. Raises Refusal, ContextProblem."""
        return list(self._one_at_a_time(self.expand, dict(document), self._options()))

    def initial(self) -> Any:
        """The active context before any document's own."""
        return self._get_initial_context(self._options())

    def process(self, active: Any, local: Any) -> Any:
        """``active`` with a property-scoped context applied, which may redefine protected terms."""
        return self._one_at_a_time(self._process_context, active, local, self._options(), override_protected=True)

    def enter(self, active: Any, element: JsonObject) -> tuple[Any, str | None, Any]:
        """Inside ``element``: the active context, the member that states types, and the context they are read in."""
        entered: tuple[Any, str | None, Any] = self._one_at_a_time(
            self._prepare_nested_context, active, element, self._options()
        )
        return entered

    def refuse_undefined(self, active: Any, element: JsonObject, types: Any) -> None:
        """Return if every member and every type of ``element`` is defined."""
        self._refuse_undefined(active, element, type_ctx=types)

    def key(self, active: Any, name: str) -> Any:
        """What a member's name stands for: an IRI, a keyword, or nothing."""
        return self._one_at_a_time(self._expand_iri, active, name, vocab=True)

    def iri(self, active: Any, value: str) -> str:
        """The IRI of a text that is a term, or an IRI written out which no term stands for."""
        return str(self._one_at_a_time(self._expand_iri, active, value, base=SENTINEL, vocab=True))

    def _process_context(
        self,
        active_ctx: Any,
        local_ctx: Any,
        options: Any,
        override_protected: bool = False,
        propagate: bool = True,
        validate_scoped: bool = True,
        cycles: Any = None,
    ) -> Any:
        rest = (override_protected, propagate, validate_scoped)
        if cycles or not self.remember:
            return self._process(active_ctx, local_ctx, options, *rest, cycles)
        urls = isinstance(local_ctx, list) and all(isinstance(item, str) for item in local_ctx)
        local = tuple(local_ctx) if urls else id(local_ctx)
        key = (id(active_ctx), local, *rest)
        known = self.memo.get(key)
        if known is None:
            if len(self.memo) >= _REMEMBERED:
                self.memo.clear()
            self.made += 1
            if self.quick_only and self.made > QUICK_CONTEXTS and not self.in_context:
                raise TakesLonger
            if self.made > MAX_CONTEXTS and not self.in_context:  # below, PyLD would make another error of it
                raise LimitReached("The document mixes too many types.", fix="Split the document.")
            made = self._process(active_ctx, local_ctx, options, *rest, cycles)
            known = self.memo[key] = (made, active_ctx, local_ctx)  # the ids in the key stay taken
        return known[0]

    def _process(self, *args: Any) -> Any:
        self.in_context += 1
        try:
            return super()._process_context(*args)
        finally:
            self.in_context -= 1

    def _expand(self, active_ctx: Any, active_property: Any, element: Any, options: Any, **kw: Any) -> Any:
        if isinstance(element, list) and not kw.get("inside_list") and any(isinstance(item, list) for item in element):
            container = self.get_context_value(active_ctx, active_property, "@container") or ()
            if "@list" not in container:
                raise Refusal.lost("A list within a list is flattened.", element)
        return super()._expand(active_ctx, active_property, element, options, **kw)

    def _expand_object(
        self, active_ctx: Any, active_property: Any, expanded: Any, element: Any, *args: Any, **kw: Any
    ) -> None:
        self._refuse_undefined(active_ctx, element, type_ctx=args[4] if len(args) > 4 else kw["type_scoped_ctx"])
        super()._expand_object(active_ctx, active_property, expanded, element, *args, **kw)

    def _refuse_undefined(self, active_ctx: Any, element: Any, type_ctx: Any) -> None:
        """Every key and type needs a term, an IRI of its own, or a ``@vocab`` that gives it one which no term has."""
        for key, value in element.items():
            mapping = active_ctx["mappings"].get(key)
            if mapping is None:
                if (
                    not key.startswith("@")
                    and not self._coined(active_ctx, key)
                    and not self._spelt_out(active_ctx, key)
                ):
                    raise Refusal.undefined(key, element)
            elif mapping["@id"] == "@type":
                for name in value if isinstance(value, list) else [value]:
                    if not isinstance(name, str) or not self._named(type_ctx, name):
                        raise Refusal(f"The type {str(name)[:80]!r} has no definition in the contexts.", name)

    def _named(self, active_ctx: Any, name: str) -> bool:
        return ":" in name or name in active_ctx["mappings"] or self._coined(active_ctx, name)

    def _coined(self, active_ctx: Any, name: str) -> bool:
        """Does ``@vocab`` coin an IRI for ``name``? Not for a term mapped to null, nor as a term's second spelling."""
        if ":" in name or name in active_ctx["mappings"] or "@vocab" not in active_ctx:
            return False
        return active_ctx["@vocab"] + name not in self._term_iris(active_ctx)

    def _spelt_out(self, active_ctx: Any, name: str) -> bool:
        """Is ``name`` an absolute IRI that stands for itself, and for which no term stands (JSON-LD 1.1 section 3.2)?

        One like ``gs1:size`` more likely lacks the context that defines its prefix.
        """
        scheme, _, rest = name.partition(":")
        if not (rest.startswith("//") or scheme in _SCHEMES) or not is_iri(name):
            return False
        if self._expand_iri(active_ctx, name, vocab=True) != name:
            return False
        return not self._has_shorter(active_ctx, name)

    def _has_shorter(self, active_ctx: Any, iri: str) -> bool:
        """Would a term, or the rest of the IRI behind ``@vocab``, mean the same?"""
        vocabulary = active_ctx.get("@vocab")
        return iri in self._term_iris(active_ctx) or (bool(vocabulary) and iri.startswith(vocabulary))

    def _term_iris(self, active_ctx: Any) -> frozenset[str]:
        known = self.term_iris.get(id(active_ctx))
        if known is None:
            if len(self.term_iris) >= _REMEMBERED:
                self.term_iris.clear()
            iris = frozenset(mapping["@id"] for mapping in active_ctx["mappings"].values() if mapping)
            known = self.term_iris[id(active_ctx)] = (iris, active_ctx)  # the id in the key stays taken
        return known[0]

    def _expand_iri(
        self,
        active_ctx: Any,
        value: Any,
        base: Any = None,
        vocab: bool = False,
        local_ctx: Any = None,
        defined: Any = None,
    ) -> Any:
        iri = super()._expand_iri(active_ctx, value, base, vocab, local_ctx, defined)
        if base is not None and not self.in_context and isinstance(value, str):  # a value of the document, not a key
            refuse_ambiguous(value, iri, vocab=vocab)
            if vocab and iri == value and self._has_shorter(active_ctx, value):
                raise Refusal(f"{value[:80]!r} has a term in the contexts.", value, fix="Use the term, not its IRI.")
        return iri

    def _dropped(self, key: object) -> None:
        raise Refusal.undefined(str(key), None)


def _loader(contexts: ContextLibrary) -> Callable[[str, Any], dict[str, Any]]:
    """A document loader that knows the library and nothing else; ``static`` lets PyLD keep what it read."""

    def load(url: str, _options: Any) -> dict[str, Any]:
        document = contexts.document(url)  # a fresh copy: PyLD rewrites what it loads
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": url,
            "document": document,
            "tag": "static",
        }

    return load


@lru_cache(maxsize=_LIBRARIES)
def processor_of(contexts: ContextLibrary) -> PyldProcessor:
    """The processor that remembers the contexts of this library; libraries are equal when their documents are."""
    return PyldProcessor(contexts)


def _cause(error: jsonld.JsonLdError) -> str:
    """The innermost sentence of PyLD's chain of errors."""
    inner: BaseException = error
    while isinstance(inner.__cause__, jsonld.JsonLdError):
        inner = inner.__cause__
    return str(inner.args[0] if inner.args else inner)[:200]

"""The one door to JSON-LD: a document in, N-Quads out, always in safe mode.

The rule: everything in the document ends up in the N-Quads, or the document is refused. The guard looks at the raw
document; the processor below then refuses every key without a term, every type without a definition and every
value that does not expand to exactly one absolute IRI; the statements are made and checked by us.
Contexts come from the library handed in, are processed once and remembered; nothing is ever fetched. Two engines give
the same statements: the compiled one, whose tables are made from contexts that PyLD has processed, and PyLD itself.
The compiled one only ever accepts; what it does not, for whatever reason, goes to PyLD, which decides and is counted.
Specifications: JSON-LD 1.1 API sections 5 and 8; VC Data Integrity section 4.2 (data loss is an error).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from threading import Lock
from typing import Any, Final, Literal, TypeAlias

from pyld import jsonld
from pyld.context_resolver import ContextResolver

from contexts.library import ContextLibrary, UnsafeTestContexts
from credentials.encoding.document import Json, JsonObject
from credentials.errors import ContextProblem, LimitReached
from credentials.rdf.canonical import MAX_STATEMENTS
from credentials.rdf.compiler import Compiler, Unsupported
from credentials.rdf.expander import expand
from credentials.rdf.guard import check_document
from credentials.rdf.nquads import Quad, write_nquads
from credentials.rdf.refusal import SENTINEL, Refusal, refuse_ambiguous
from credentials.rdf.statements import Statements

_REMEMBERED: Final = 2048  # processed contexts; the types of a document choose which, so the number is bounded
_LIBRARIES: Final = 8
MAX_CONTEXTS: Final = 2000  # processed anew for one document; the largest official sample needs 512 in a fresh process
CONTEXTS_AT_ONCE: Final = 32  # the same while somebody waits (:func:`at_once`): a few milliseconds
Engine: TypeAlias = Literal["compiled", "pyld"]
_counts: Final = {"compiled": 0, "fallback": 0}
_preferred: list[Engine] = ["compiled"]
_at_once: Final = [False]


class TakesLonger(Exception):
    """Within :func:`at_once`: a document that is for PyLD, or takes tables that are not made yet. Nothing is wrong."""


@contextmanager
def at_once() -> Iterator[None]:
    """Inside, only what is quick is done, because this process has others waiting.

    A document that takes more raises :class:`TakesLonger`, to be done elsewhere; what was made of the tables for it
    stays, so that a kind of document that keeps coming is quick after a few of them.
    """
    _at_once[0] = True
    try:
        yield
    finally:
        _at_once[0] = False


def to_nquads(document: JsonObject, *, contexts: ContextLibrary, engine: Engine | None = None) -> str:
    """The RDF dataset of ``document`` as N-Quads, blank nodes labelled in no particular way.

    Raises:
        ContextProblem: CONTEXT_NOT_ALLOWED, TERM_INVALID or DATA_LOSS_DETECTION_ERROR, with a pointer where known.
        LimitReached: CANON_LIMIT. MalformedInput: JSON_TOO_DEEP, JSON_NUMBER_RANGE, JSON_TEXT.
    """
    return write_nquads(to_quads(document, contexts=contexts, engine=engine))


def prefer_engine(engine: Engine) -> None:
    """Which engine this process uses where the caller names none; an operator's decision, made once at the start."""
    _preferred[0] = engine


def to_quads(document: JsonObject, *, contexts: ContextLibrary, engine: Engine | None = None) -> list[Quad]:
    """The distinct statements of ``document``; see :func:`to_nquads` for what is raised."""
    if (engine or _preferred[0]) == "pyld":
        if _at_once[0]:
            raise TakesLonger
        return _by_pyld(document, contexts)
    try:
        return _count("compiled", compiled_quads(document, contexts=contexts))
    except Unsupported:
        if _at_once[0]:
            raise TakesLonger from None
        return _count("fallback", _by_pyld(document, contexts))


def compiled_quads(document: JsonObject, *, contexts: ContextLibrary) -> list[Quad]:
    """What the compiled engine alone makes of ``document``.

    Raises:
        Unsupported: it leaves the document to PyLD.
    """
    processor = _processor_of(contexts)
    compiler = processor.compiler
    processor.made = 0
    if compiler is None or compiler.full:
        compiler = processor.compiler = Compiler(processor)
    return expand(document, compiler, contexts, base=SENTINEL)


def engine_counts() -> Mapping[str, int]:
    """How many documents of this process were ``compiled``, and how many took the ``fallback``."""
    return dict(_counts)


def _count(way: str, quads: list[Quad]) -> list[Quad]:
    _counts[way] += 1
    return quads


def _by_pyld(document: JsonObject, contexts: ContextLibrary) -> list[Quad]:
    lenient = isinstance(contexts, UnsafeTestContexts)
    check_document(document, contexts=contexts, inline_contexts=lenient)
    processor = _Processor(contexts, remember=False) if lenient else _processor_of(contexts)
    processor.made = 0
    try:
        quads = list(islice(Statements(SENTINEL).of(processor.expanded(document)), MAX_STATEMENTS + 1))
    except Refusal as refusal:
        raise refusal.located_in(document) from None
    if len(quads) > MAX_STATEMENTS:
        raise LimitReached(f"The document makes more than {MAX_STATEMENTS} statements.", fix="Split the document.")
    return list(dict.fromkeys(quads))


class _Processor(jsonld.JsonLdProcessor):  # type: ignore[misc]
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
        self.made = 0  # contexts processed anew since a document began

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
            if _at_once[0] and self.made > CONTEXTS_AT_ONCE and not self.in_context:
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
        """Every key and every type needs a term, or else a ``@vocab`` that gives it an IRI which no term has."""
        for key, value in element.items():
            mapping = active_ctx["mappings"].get(key)
            if mapping is None:
                if not key.startswith("@") and not self._coined(active_ctx, key):
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
def _processor_of(contexts: ContextLibrary) -> _Processor:
    """The processor that remembers the contexts of this library; libraries are equal when their documents are."""
    return _Processor(contexts)


def _cause(error: jsonld.JsonLdError) -> str:
    """The innermost sentence of PyLD's chain of errors."""
    inner: BaseException = error
    while isinstance(inner.__cause__, jsonld.JsonLdError):
        inner = inner.__cause__
    return str(inner.args[0] if inner.args else inner)[:200]

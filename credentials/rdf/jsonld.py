"""The one door to JSON-LD: a document in, N-Quads out, always in safe mode.

The rule: everything in the document ends up in the N-Quads, or the document is refused. The guard looks at the raw
document; the processor then refuses every key without a term, every type without a definition and every
value that does not expand to exactly one absolute IRI; the statements are made and checked by us.
Contexts come from the library handed in, are processed once and remembered; nothing is ever fetched. Two engines give
the same statements: the compiled one, whose tables are made from contexts that PyLD has processed, and PyLD itself.
The compiled one only ever accepts; what it does not, for whatever reason, goes to PyLD, which decides. Which
engine, and whether only what is quick is done, the library handed in says (:class:`contexts.library.Processing`).
Specifications: JSON-LD 1.1 API sections 5 and 8; VC Data Integrity section 4.2 (data loss is an error).
"""

from __future__ import annotations

from itertools import islice

from contexts.library import ContextLibrary, UnsafeTestContexts
from credentials.encoding.document import JsonObject
from credentials.errors import LimitReached
from credentials.rdf.canonical import MAX_STATEMENTS
from credentials.rdf.compiler import Compiler, Uncompilable
from credentials.rdf.expander import expand
from credentials.rdf.guard import check_document
from credentials.rdf.nquads import Quad, write_nquads
from credentials.rdf.processor import PyldProcessor, processor_of
from credentials.rdf.refusal import SENTINEL, Refusal, TakesLonger
from credentials.rdf.statements import StatementBuilder


def to_nquads(document: JsonObject, *, contexts: ContextLibrary) -> str:
    """The RDF dataset of ``document`` as N-Quads, blank nodes labelled in no particular way.

    Raises:
        ContextProblem: CONTEXT_NOT_ALLOWED, TERM_INVALID or DATA_LOSS_DETECTION_ERROR, with a pointer where known.
        LimitReached: CANON_LIMIT. MalformedInput: JSON_TOO_DEEP, JSON_NUMBER_RANGE, JSON_TEXT.
        TakesLonger: the library's processing is for what is quick, and this is not.
    """
    return write_nquads(to_quads(document, contexts=contexts))


def to_quads(document: JsonObject, *, contexts: ContextLibrary) -> list[Quad]:
    """The distinct statements of ``document``; see :func:`to_nquads` for what is raised."""
    if contexts.processing.engine == "compiled":
        try:
            return compiled_quads(document, contexts=contexts)
        except Uncompilable:
            pass
    if contexts.processing.quick_only:
        raise TakesLonger
    return _by_pyld(document, contexts)


def compiled_quads(document: JsonObject, *, contexts: ContextLibrary) -> list[Quad]:
    """What the compiled engine alone makes of ``document``.

    Raises:
        Unsupported: it leaves the document to PyLD. TakesLonger: as :func:`to_nquads`.
    """
    processor = processor_of(contexts)
    compiler = processor.compiler
    processor.begin(quick_only=contexts.processing.quick_only)
    if compiler is None or compiler.full:
        compiler = processor.compiler = Compiler(processor)
    return expand(document, compiler, contexts, base=SENTINEL)


def _by_pyld(document: JsonObject, contexts: ContextLibrary) -> list[Quad]:
    lenient = isinstance(contexts, UnsafeTestContexts)
    check_document(document, contexts=contexts, inline_contexts=lenient)
    processor = PyldProcessor(contexts, remember=False) if lenient else processor_of(contexts)
    processor.begin()
    try:
        quads = list(islice(StatementBuilder(SENTINEL).of(processor.expanded(document)), MAX_STATEMENTS + 1))
    except Refusal as refusal:
        raise refusal.located_in(document) from None
    if not quads:
        raise Refusal.lost("The document says nothing.", document).located_in(document)
    if len(quads) > MAX_STATEMENTS:
        raise LimitReached(f"The document makes more than {MAX_STATEMENTS} statements.", fix="Split the document.")
    return list(dict.fromkeys(quads))

"""The compiled engine makes the statements that PyLD makes, or leaves the document to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contexts.library import ContextLibrary, Engine, Pinned, Processing, standard_library
from credentials.errors import CredentialsError, LimitReached
from credentials.rdf import compiler, processor, shadow
from credentials.rdf.canonical import canonicalize_quads
from credentials.rdf.compiler import Uncompilable
from credentials.rdf.guard import MAX_ARRAY, MAX_DEPTH
from credentials.rdf.jsonld import compiled_quads, to_nquads, to_quads
from credentials.rdf.nquads import Quad
from credentials.rdf.shadow import shadow_check
from tests.credentials.rdf.documents import Author
from tests.credentials.rdf.libraries import CREDENTIALS, EXAMPLES, UNTP, published_library, vector_contexts
from tests.credentials.rdf.test_jsonld import ATTACKS, LOSSY, credential, subject
from tests.shared import SHARED, needs_shared, untp_samples

LIBRARY = standard_library()
LISTS = [[CREDENTIALS], *([CREDENTIALS, url] for url in sorted(LIBRARY.urls - {CREDENTIALS}))]
SEEDS = {UNTP: 80}  # its scoped contexts take PyLD longest
OWN = "https://own.example/v1"


def own_library(context: dict[str, Any]) -> ContextLibrary:
    """The standard library and one context of a test's own."""
    document = json.dumps({"@context": context}).encode()
    return ContextLibrary([*LIBRARY.pinned, Pinned(url=OWN, sha256="", document=document)])


def canonical(document: dict[str, Any], library: ContextLibrary, engine: Engine) -> str:
    return canonicalize_quads(to_quads(document, contexts=library.processed(Processing(engine=engine))))


def outcome(document: dict[str, Any], library: ContextLibrary, engine: Engine) -> tuple[str, str]:
    try:
        return "accepted", canonical(document, library, engine)
    except CredentialsError as error:
        return error.problem.code, error.problem.pointer


@needs_shared
@pytest.mark.parametrize("name", sorted(untp_samples()) if SHARED.is_dir() else [])
@pytest.mark.parametrize("library", [LIBRARY, "published"], ids=["ours", "published"])
def test_every_official_sample_is_compiled_to_what_pyld_makes_of_it(name: str, library: Any) -> None:
    contexts = published_library() if library == "published" else library
    document = untp_samples()[name]

    if name in LOSSY:
        with pytest.raises(Uncompilable):
            compiled_quads(document, contexts=contexts)
        return
    assert canonicalize_quads(compiled_quads(document, contexts=contexts)) == canonical(document, contexts, "pyld")


@needs_shared
def test_every_published_document_has_one_outcome_whichever_engine_reads_it() -> None:
    examples = json.dumps(vector_contexts().document(EXAMPLES)).encode()
    library = ContextLibrary([*LIBRARY.pinned, Pinned(url=EXAMPLES, sha256="", document=examples)])
    accepted = 0
    for path in _json_files():
        document = json.loads(path.read_text("utf-8"))
        if isinstance(document, dict) and "@context" in document:
            ours = outcome(document, library, "compiled")
            assert ours == outcome(document, library, "pyld"), path
            accepted += ours[0] == "accepted"
    assert accepted > 50


def _json_files() -> list[Path]:
    return [path for folder in ("untp", "vectors") for path in sorted((SHARED / folder).rglob("*.json"))]


@pytest.mark.parametrize(("code", "pointer", "document"), ATTACKS)
def test_the_compiled_engine_accepts_no_attack_and_both_refuse_it_alike(code: str, pointer: str, document: Any) -> None:
    with pytest.raises(Uncompilable):
        compiled_quads(document, contexts=LIBRARY)
    assert outcome(document, LIBRARY, "compiled") == outcome(document, LIBRARY, "pyld") == (code, pointer)


@pytest.mark.parametrize("urls", LISTS, ids=lambda urls: urls[-1])
def test_random_documents_over_every_pinned_context_say_the_same_to_both(urls: list[str]) -> None:
    author, compiled = Author(LIBRARY, urls), 0
    for seed in range(SEEDS.get(urls[-1], 150)):
        document = author.document(seed)
        assert shadow_check(document, contexts=LIBRARY) is None, (seed, document)
        compiled += _is_compiled(document)
    assert compiled > 30


@pytest.mark.slow
@pytest.mark.parametrize("urls", LISTS, ids=lambda urls: urls[-1])
def test_thousands_of_random_documents_say_the_same_to_both(urls: list[str]) -> None:
    author = Author(LIBRARY, urls)
    for seed in range(10_000, 10_600):
        document = author.document(seed)
        assert shadow_check(document, contexts=LIBRARY) is None, (seed, document)


def _is_compiled(document: dict[str, Any]) -> bool:
    try:
        compiled_quads(document, contexts=LIBRARY)
    except Uncompilable:
        return False
    return True


def _deep(levels: int) -> dict[str, Any]:
    """A credential of ``levels`` levels, the types of its innermost object included."""
    inner: dict[str, Any] = {"id": "urn:x:end", "type": ["VerifiableCredential"]}
    for _ in range(levels - 3):
        inner = {"type": "VerifiableCredential", "credentialSubject": inner}
    return credential(credentialSubject=inner)


@pytest.mark.parametrize(
    ("within", "beyond"),
    [
        (subject(name=["x"] * MAX_ARRAY), subject(name=["x"] * (MAX_ARRAY + 1))),
        (_deep(MAX_DEPTH), _deep(MAX_DEPTH + 1)),
    ],
)
def test_limits_are_the_guard_s_own(within: dict[str, Any], beyond: dict[str, Any]) -> None:
    assert outcome(within, LIBRARY, "pyld")[0] == "accepted"
    assert _is_compiled(within)
    assert outcome(beyond, LIBRARY, "pyld")[0] != "accepted"
    assert not _is_compiled(beyond)


@pytest.mark.parametrize(
    ("definition", "value"),
    [
        ({"@id": "urn:x:p", "@container": "@language"}, {"en": "x"}),
        ({"@id": "urn:x:p", "@container": "@index", "@index": "urn:x:i"}, {"a": {"name": "x"}}),
        ({"@id": "urn:x:p", "@container": "@id"}, {"urn:x:a": {"name": "x"}}),
        ({"@id": "urn:x:p", "@container": "@type"}, {"urn:x:T": {"name": "x"}}),
        ({"@reverse": "urn:x:p"}, {"id": "urn:x:a"}),
        ("@nest", {"name": "x"}),
    ],
)
def test_what_the_tables_have_no_column_for_falls_back_to_pyld(definition: Any, value: Any) -> None:
    library = own_library({"own": definition})
    document = credential(**{"@context": [CREDENTIALS, OWN], "own": value})

    with pytest.raises(Uncompilable):
        compiled_quads(document, contexts=library)
    assert canonical(document, library, "compiled") == canonical(document, library, "pyld")


@pytest.mark.parametrize(
    ("definition", "value"),
    [
        ({"@id": "urn:x:p", "@container": "@list"}, ["a", 1, {"id": "urn:x:a"}]),
        ({"@id": "urn:x:p", "@container": "@list"}, [[1, 2], [3, 4], []]),
        ({"@id": "urn:x:p", "@container": "@list"}, []),
        ({"@id": "urn:x:p", "@container": "@set"}, ["a", "b"]),
        ({"@id": "urn:x:p", "@container": "@graph"}, [{"name": "x"}, {"id": "urn:x:a", "name": "y"}]),
        ({"@id": "urn:x:p", "@type": "@json"}, {"b": [1, {"a": "ü"}], "a": 1e-7}),
        ({"@id": "urn:x:p", "@type": "http://www.w3.org/2001/XMLSchema#double"}, [1, 2.5, 1e-7]),
        ({"@id": "urn:x:p", "@type": "@none", "@language": "de"}, ["Wolle", {"@value": "wool", "@language": "en"}]),
        ({"@id": "urn:x:p", "@type": "@vocab", "@context": {"@vocab": "urn:x:v#"}}, ["coined", "urn:x:a"]),
        ({"@id": "urn:x:p", "@context": {"@propagate": False, "inner": "urn:x:i"}}, {"inner": {"name": "x"}}),
    ],
)
def test_containers_coercions_and_scopes_are_compiled(definition: Any, value: Any) -> None:
    library = own_library({"own": definition})
    document = credential(**{"@context": [CREDENTIALS, OWN], "own": value})

    ours = outcome(document, library, "compiled")

    assert ours == outcome(document, library, "pyld")
    assert ours[0] == "accepted"
    assert canonicalize_quads(compiled_quads(document, contexts=library)) == ours[1]


@pytest.mark.parametrize("engine", ["compiled", "pyld"])
@pytest.mark.parametrize("bare", ["urn:x:a", {"id": "urn:x:a"}, {"id": "urn:x:a", "name": []}, {}])
def test_an_object_in_a_graph_of_its_own_that_says_nothing_is_refused(bare: Any, engine: Any) -> None:
    """Its id would stand in no statement, so another could stand in its place under the same proof."""
    presented = {"type": "VerifiablePresentation", "verifiableCredential": bare}

    assert outcome(credential(credentialSubject=presented), LIBRARY, engine)[0] == "DATA_LOSS_DETECTION_ERROR"


@pytest.mark.parametrize("engine", ["compiled", "pyld"])
@pytest.mark.parametrize("said", [{}, {"id": "urn:x:a"}, {"name": []}])
def test_a_document_that_says_nothing_is_refused(said: Any, engine: Any) -> None:
    document = {"@context": [CREDENTIALS, UNTP], **said}

    assert outcome(document, LIBRARY, engine) == ("DATA_LOSS_DETECTION_ERROR", "")


@pytest.mark.parametrize("engine", ["compiled", "pyld"])
@pytest.mark.parametrize(("datatype", "number"), [("http://www.w3.org/2001/XMLSchema#double", -0.0), (None, 3e-9)])
def test_a_number_that_others_read_as_zero_is_refused_where_it_stands(datatype: Any, number: Any, engine: Any) -> None:
    library = own_library({"own": {"@id": "urn:x:p"} | ({"@type": datatype} if datatype else {})})
    document = credential(**{"@context": [CREDENTIALS, OWN], "own": [7, number]})

    assert outcome(document, library, engine) == ("JSON_NUMBER_RANGE", "/own/1")


def test_a_value_object_under_another_name_is_left_to_pyld() -> None:
    own = {
        "value": "@value",
        "kind": "@type",
        "Own": {"@id": "urn:x:Own", "@context": {"value": {"@id": "urn:x:value", "@protected": False}}},
        "own": "urn:x:own",
    }
    library = own_library(own)
    document = {"@context": [OWN], "kind": "Own", "own": {"value": "x"}}

    with pytest.raises(Uncompilable):
        compiled_quads(document, contexts=library)
    assert outcome(document, library, "compiled") == outcome(document, library, "pyld")


def test_a_full_compiler_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiler, "MAX_TABLES", 40)
    library = own_library({"own": "urn:x:own"})
    author = Author(library, [CREDENTIALS, UNTP])
    for seed in range(25):
        assert shadow_check(author.document(seed), contexts=library) is None
        assert (held := processor.processor_of(library).compiler) is not None
        assert held.tables < 1000


@pytest.mark.parametrize("engine", ["compiled", "pyld"])
def test_a_document_that_mixes_types_without_end_is_refused(engine: Any) -> None:
    types = range(processor.MAX_CONTEXTS + 1)
    library = own_library(
        {f"T{index}": {"@id": f"urn:x:T{index}", "@context": {"own": "urn:x:own"}} for index in types}
    )
    subjects = [{"type": [f"T{index}" for index in types[start : start + 3]], "own": "x"} for start in types[::3]]

    with pytest.raises(LimitReached, match="mixes too many types"):
        to_quads(
            credential(**{"@context": [CREDENTIALS, OWN], "credentialSubject": subjects}),
            contexts=library.processed(Processing(engine=engine)),
        )


def test_the_engine_can_be_chosen() -> None:
    assert canonical(credential(), LIBRARY, "compiled") == canonical(credential(), LIBRARY, "pyld")
    assert to_nquads(credential(), contexts=LIBRARY.processed(Processing(engine="pyld")))


@pytest.mark.parametrize(
    "change", [lambda quads: quads[1:], lambda quads: [*quads, Quad("<urn:x:s>", "<urn:x:p>", '""')]]
)
def test_a_shadow_check_tells_a_statement_too_few_or_too_many(change: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = change(compiled_quads(credential(), contexts=LIBRARY))
    monkeypatch.setattr(shadow, "compiled_quads", lambda document, contexts: wrong)

    difference = shadow_check(credential(), contexts=LIBRARY)

    assert difference is not None
    assert difference.compiled != difference.pyld


def test_a_shadow_check_tells_what_only_the_compiled_engine_accepts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shadow, "compiled_quads", lambda document, contexts: [])
    difference = shadow_check(credential(zz="x"), contexts=LIBRARY)
    assert difference is not None
    assert difference.pyld == "DATA_LOSS_DETECTION_ERROR"


def test_a_shadow_check_is_silent_on_what_was_left_to_pyld() -> None:
    assert shadow_check(credential(zz="x"), contexts=LIBRARY) is None
    assert shadow_check(credential(), contexts=LIBRARY) is None

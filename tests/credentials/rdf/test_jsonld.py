"""The door to JSON-LD: everything that is said is in the N-Quads, or the document is refused with code and pointer."""

from __future__ import annotations

import copy
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contexts.library import ContextLibrary, Engine, Processing, standard_library
from credentials.encoding.document import walk
from credentials.errors import ContextProblem, CredentialsError, LimitReached, MalformedInput
from credentials.rdf.jsonld import to_nquads
from tests.credentials.rdf.libraries import CREDENTIALS, UNTP, published_library, pyld_canonical, vector_contexts
from tests.credentials.rdf.texts import canonicalize
from tests.shared import needs_shared, untp_samples

#: Official samples that are not JSON-LD without loss, with what is refused in them.
LOSSY = {"DigitalIdentityAnchor_instance.json": "/renderTemplate2024/mediaQuery"}


def credential(**members: Any) -> dict[str, Any]:
    """A small credential of our own making, for attacks."""
    return {
        "@context": [CREDENTIALS],
        "id": "urn:uuid:1b8a0f6e-0001-4000-8000-000000000001",
        "type": ["VerifiableCredential"],
        "issuer": {"id": "did:web:mill.example", "name": "Mill"},
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": "urn:x:subject", "name": "Yarn"},
        **members,
    }


def refusal(document: dict[str, Any], library: ContextLibrary | None = None) -> CredentialsError:
    with pytest.raises(CredentialsError) as caught:
        to_nquads(document, contexts=library or standard_library())
    assert caught.value.problem.fix
    return caught.value


def subject(**members: Any) -> dict[str, Any]:
    return credential(credentialSubject={"id": "urn:x:subject", **members})


def _samples() -> list[str]:
    try:
        return list(untp_samples())
    except BaseException:
        return []


@needs_shared
@pytest.mark.parametrize("name", _samples())
def test_an_official_sample_reads_as_pyld_reads_it_from_the_published_contexts(name: str) -> None:
    document = untp_samples()[name]
    if name in LOSSY:
        problem = refusal(document).problem
        assert (problem.code, problem.pointer) == ("DATA_LOSS_DETECTION_ERROR", LOSSY[name])
        return
    expected = pyld_canonical(document, published_library())
    assert canonicalize(to_nquads(document, contexts=standard_library())) == expected
    assert canonicalize(to_nquads(document, contexts=published_library())) == expected


def test_a_small_credential_reads_the_same_each_time() -> None:
    first = to_nquads(credential(), contexts=standard_library())
    assert first.count("\n") == 6
    assert to_nquads(credential(), contexts=standard_library()) == first


@pytest.mark.parametrize(
    "name",
    ["https://trade.test/vocabulary#twist", "urn:x:twist", "https://trade.test/a,b?c=d", "tag:trade.test,2026:twist"],
)
@pytest.mark.parametrize(
    "value", ["Z", 12, True, {"id": "urn:x:other"}, ["Z", "S"], {"@value": "Z", "@language": "en"}]
)
def test_a_member_named_by_an_absolute_iri_is_said_under_it(name: str, value: Any) -> None:
    for document in (subject(**{name: value}), credential(**{name: value})):
        said = to_nquads(document, contexts=standard_library())
        assert f"<{name}>" in said
        assert canonicalize(said) == canonicalize(
            to_nquads(document, contexts=standard_library().processed(Processing(engine="pyld")))
        )


@pytest.mark.parametrize(
    "name",
    [
        "https://schema.org/name",  # has a term
        "https://www.w3.org/2018/credentials#issuer",
        "schema:twist",  # lacks its context
        "https://",
        "https:twist",
        "relative/twist",
        "https://trade.test/a b",
        "_:twist",
    ],
)
def test_a_member_named_by_less_or_by_a_second_spelling_is_refused(name: str) -> None:
    assert refusal(credential(**{name: "x"})).problem.code in {"DATA_LOSS_DETECTION_ERROR", "TERM_INVALID"}


VCDM = "https://www.w3.org/2018/credentials#"
KEYWORDS = [
    *["@graph", "@included", "@reverse", "@index", "@nest", "@set", "@list"],
    *["@base", "@import", "@vocab", "@id", "@type", "@none", "@unknown"],
]

ATTACKS: list[Any] = [
    # S16, S18 and S19: identifiers
    ("TERM_INVALID", "/id", credential(id="urn:x:1 ")),
    ("TERM_INVALID", "/id", credential(id="\turn:x:1")),
    ("TERM_INVALID", "/id", credential(id="urn:x:1\u2003")),
    ("TERM_INVALID", "/id", credential(id="foo")),
    ("TERM_INVALID", "/id", credential(id="")),
    ("TERM_INVALID", "/id", credential(id="//host/x")),
    ("TERM_INVALID", "/id", credential(id="HTTPS:x")),
    ("TERM_INVALID", "/issuer", credential(issuer="did:web:mill.example ")),
    ("TERM_INVALID", "/issuer", credential(issuer="mill")),
    ("TERM_INVALID", "/credentialSubject/1/id", credential(credentialSubject=[{"id": "urn:x:s"}, {"id": "urn:x y"}])),
    ("TERM_INVALID", "/id", credential(id="https://relative.invalid/x")),
    # S20: types
    ("TERM_INVALID", "/type/1", credential(type=["VerifiableCredential", "Undefined"])),
    ("TERM_INVALID", "/type/1", credential(type=["VerifiableCredential", "Bogus Type"])),
    ("TERM_INVALID", "/type/1", credential(type=["VerifiableCredential", "VerifiableCredential "])),
    ("TERM_INVALID", "/type/1", credential(type=["VerifiableCredential", f"{VCDM}VerifiableCredential"])),
    # S21: languages
    ("TERM_INVALID", "/name/@language", credential(name={"@value": "x", "@language": "en x"})),
    ("TERM_INVALID", "/name/@language", credential(name={"@value": "x", "@language": 'en" .\n<urn:a> <urn:b> "'})),
    ("TERM_INVALID", "/name/@language", credential(name={"@value": "x", "@language": "en\n"})),
    ("DATA_LOSS_DETECTION_ERROR", "/name", credential(name={"@language": "en"})),
    # S22: characters in IRIs
    *[("TERM_INVALID", "/id", credential(id=f"urn:x:{character}")) for character in '<>"{}\\^`\x01\u202e\u2066'],
    # S17 and S23: what would be dropped
    ("DATA_LOSS_DETECTION_ERROR", "/zz", credential(zz="x")),
    ("DATA_LOSS_DETECTION_ERROR", "/credentialSubject/zz", subject(zz={"id": "urn:x:y"})),
    ("DATA_LOSS_DETECTION_ERROR", "/name", credential(name=None)),
    ("DATA_LOSS_DETECTION_ERROR", "/credentialSubject/name/1", subject(name=["a", None])),
    ("DATA_LOSS_DETECTION_ERROR", "/name/@direction", credential(name={"@value": "x", "@direction": "rtl"})),
    # S41: structure that RDF has no word for
    ("DATA_LOSS_DETECTION_ERROR", "/credentialSubject/name", subject(name=[["a", "b"], ["c"]])),
    # S5 to S9 and S39: what the strict reader refuses is refused here again
    ("JSON_NUMBER_RANGE", "/name", credential(name=2**53 + 1)),
    ("JSON_NUMBER_RANGE", "/name", credential(name=0.1 + 0.2)),
    ("JSON_NUMBER_RANGE", "/name/0", credential(name=[float("nan")])),
    ("JSON_NUMBER_RANGE", "/name/@value", credential(name={"@value": float("inf")})),
    ("JSON_TEXT", "/name", credential(name="\ud800")),
    # second spellings of a term
    ("DATA_LOSS_DETECTION_ERROR", "/https:~1~1schema.org~1name", credential(**{"https://schema.org/name": "x"})),
    # S24: keywords
    *[
        ("TERM_INVALID", f"/credentialSubject/{keyword}", subject(**{keyword: [{"id": "urn:x:y"}]}))
        for keyword in KEYWORDS
    ],
    ("TERM_INVALID", "/name/@type", credential(name={"@value": "x", "@type": "urn:x:t"})),
    ("TERM_INVALID", "/name/@value", credential(name={"@value": ["x"]})),
    # S25, S26, S28 and S30: contexts
    ("UNSUPPORTED_CONTEXT", "/@context/1", credential(**{"@context": [CREDENTIALS, {"name": "urn:x:alias"}]})),
    ("UNSUPPORTED_CONTEXT", "/@context/1", credential(**{"@context": [CREDENTIALS, {"name": None}]})),
    ("CONTEXT_NOT_ALLOWED", "/@context/1", credential(**{"@context": [CREDENTIALS, None]})),
    ("CONTEXT_NOT_ALLOWED", "/@context", credential(**{"@context": {"@vocab": "urn:x:"}})),
    ("CONTEXT_NOT_ALLOWED", "/@context", credential(**{"@context": None})),
    ("CONTEXT_NOT_ALLOWED", "/@context", credential(**{"@context": []})),
    ("CONTEXT_NOT_ALLOWED", "/credentialSubject/@context", subject(**{"@context": [CREDENTIALS]})),
    ("CONTEXT_NOT_ALLOWED", "/credentialSubject/@context", subject(**{"@context": {}})),
    ("CONTEXT_NOT_ALLOWED", "/@context/1", credential(**{"@context": [CREDENTIALS, CREDENTIALS]})),
    *[
        ("UNSUPPORTED_CONTEXT", "/@context/1", credential(**{"@context": [CREDENTIALS, url]}))
        for url in (
            "https://unknown.example/v1",
            CREDENTIALS + "?",
            CREDENTIALS + "#",
            CREDENTIALS.upper(),
            CREDENTIALS.replace("https", "http"),
            f"{CREDENTIALS} ",
        )
    ],
    ("CONTEXT_NOT_ALLOWED", "", {"id": "urn:x:1"}),
    # S34: blank nodes
    ("TERM_INVALID", "/id", credential(id="_:b0")),
    ("TERM_INVALID", "/credentialSubject/id", credential(credentialSubject={"id": "_:c14n0"})),
    ("TERM_INVALID", "/credentialSubject/_:p", subject(**{"_:p": "x"})),
    ("TERM_INVALID", "/issuer", credential(issuer="_:b0")),
    # S12: keys
    ("TERM_INVALID", "", credential(**{"nam\u00e9": "x"})),
]


@pytest.mark.parametrize(("code", "pointer", "document"), ATTACKS)
@pytest.mark.w3c("A2.3", "A2.9")
def test_an_attack_is_refused_with_code_and_pointer(code: str, pointer: str, document: dict[str, Any]) -> None:
    problem = refusal(document).problem
    assert (problem.code, problem.pointer) == (code, pointer)


def test_five_hundred_contexts_are_refused_before_anything_is_loaded() -> None:
    document = subject(
        relatedResource=[{"@context": f"https://x.example/{index}", "id": f"urn:x:{index}"} for index in range(500)]
    )
    assert refusal(document).problem.code == "CONTEXT_NOT_ALLOWED"


def test_arrays_up_to_the_limit_pass_and_one_more_is_refused() -> None:
    names = [f"name {index}" for index in range(1001)]
    assert to_nquads(subject(name=names[:-1]), contexts=standard_library()).count("urn:x:subject> <https") == 1000
    error = refusal(subject(name=names))
    assert isinstance(error, LimitReached)
    assert error.problem.pointer == "/credentialSubject/name"


def test_deep_nesting_is_refused() -> None:
    deep: dict[str, Any] = {"id": "urn:x:end"}
    for _ in range(40):
        deep = {"credentialSubject": deep}
    assert isinstance(refusal(credential(credentialSubject=deep)), MalformedInput)


def test_empty_arrays_are_tolerated_and_say_nothing() -> None:
    with_empty = to_nquads(subject(name=[]), contexts=standard_library())
    assert with_empty == to_nquads(subject(), contexts=standard_library())


def test_language_tags_are_kept_in_lower_case() -> None:
    upper = to_nquads(credential(name={"@value": "x", "@language": "EN"}), contexts=standard_library())
    assert '"x"@en' in upper


@pytest.mark.parametrize("text", ["\x01", "\x0b", "\x7f", "😀", "\u2028", "\\", '"', "\n", "\t"])
def test_any_character_of_a_text_survives(text: str) -> None:
    from credentials.rdf.nquads import parse_nquads
    from credentials.rdf.terms import literal_term

    quads = parse_nquads(to_nquads(subject(name=f"a{text}b"), contexts=standard_library()))
    assert literal_term(f"a{text}b") in {quad.object for quad in quads}


def test_a_presentation_may_carry_credentials_with_their_own_pinned_contexts() -> None:
    presentation = {
        "@context": [CREDENTIALS],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [credential()],
    }
    assert "_:" in to_nquads(presentation, contexts=standard_library())
    presentation["verifiableCredential"] = [credential(**{"@context": [CREDENTIALS, {"name": "urn:x:alias"}]})]
    assert refusal(presentation).problem.pointer == "/verifiableCredential/0/@context/1"


def test_two_libraries_do_not_share_their_terms() -> None:
    url = "https://own.example/v1"

    def library(iri: str) -> ContextLibrary:
        from contexts.library import Pinned

        document = f'{{"@context": {{"own": {{"@id": "{iri}"}}}}}}'.encode()
        return ContextLibrary([*standard_library().pinned, Pinned(url=url, sha256="", document=document)])

    document = credential(**{"@context": [CREDENTIALS, url], "own": "x"})
    assert "<urn:x:one>" in to_nquads(document, contexts=library("urn:x:one"))
    assert "<urn:x:two>" in to_nquads(document, contexts=library("urn:x:two"))
    assert refusal(document).problem.code == "UNSUPPORTED_CONTEXT"


@needs_shared
@pytest.mark.w3c("A2.9")
def test_inline_contexts_open_only_for_test_contexts() -> None:
    document = credential(**{"@context": [CREDENTIALS, {"@vocab": "urn:x:vocab#"}]}, own="x")
    assert "urn:x:vocab#own" in to_nquads(document, contexts=vector_contexts())
    assert refusal(document).problem.code == "UNSUPPORTED_CONTEXT"


@needs_shared
@pytest.mark.parametrize(
    "context",
    [
        {"@vocab": None},
        {"@vocab": 5},
        {"@base": None},
        {"@version": "1"},
        {"own": {"@id": 5}},
        {"own": {"@id": "urn:x:y", "@container": 5}},
        {"own": {"@id": "urn:x:y", "@context": {"@vocab": None}}},
        {"own": []},
        {"@import": 5},
    ],
)
def test_contexts_at_which_the_library_stumbles_are_problems(context: dict[str, Any]) -> None:
    document = credential(**{"@context": [CREDENTIALS, context]}, own={"name": "x"})
    engines: tuple[Engine, ...] = ("compiled", "pyld")
    for engine in engines:
        with suppress(CredentialsError):
            to_nquads(document, contexts=vector_contexts().processed(Processing(engine=engine)))


_BAD_ID = st.text(st.characters(exclude_categories=["Cs"]), max_size=6).filter(lambda t: any(c.isspace() for c in t))


@given(_BAD_ID)
@settings(max_examples=50, deadline=None)
def test_an_id_with_white_space_never_passes(text: str) -> None:
    for document in (credential(id=f"urn:x:{text}"), credential(issuer=f"urn:x:{text}")):
        assert refusal(document).problem.code == "TERM_INVALID"


_KEYS = ["id", "type", "name", "@value", "@language", "issuer", "zz"]
_JSON: st.SearchStrategy[Any] = st.recursive(
    st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "type", "name", "@value", "@language", "issuer", "zz"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@given(_JSON, st.sampled_from(["id", "type", "issuer", "credentialSubject", "name", "validFrom", "credentialStatus"]))
@settings(max_examples=150, deadline=None)
def test_nothing_but_named_problems_comes_out(value: Any, key: str) -> None:
    try:
        assert isinstance(to_nquads(credential(**{key: value}), contexts=standard_library()), str)
    except CredentialsError as error:
        assert error.problem.code in {"TERM_INVALID", "DATA_LOSS_DETECTION_ERROR", "CANON_LIMIT", "JSON_NUMBER_RANGE"}  # noqa: PT017


def _with(document: dict[str, Any], pointer: str, change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    changed = copy.deepcopy(document)
    target: Any = changed
    for token in pointer.split("/")[1:]:
        target = target[int(token)] if isinstance(target, list) else target[token]
    change(target)
    return changed


@needs_shared
def test_a_member_added_to_any_object_of_a_sample_is_refused_or_signed() -> None:
    document = untp_samples()["DigitalTraceabilityEvent_instance.json"]
    before = canonicalize(to_nquads(document, contexts=standard_library()))
    for pointer in [where for where, value in walk(document) if isinstance(value, dict)]:
        added = _with(document, pointer, lambda target: target.__setitem__("zz", "x"))
        try:
            assert canonicalize(to_nquads(added, contexts=standard_library())) != before
        except ContextProblem as error:
            assert error.problem.code == "DATA_LOSS_DETECTION_ERROR"  # noqa: PT017 - one of two good ends


@needs_shared
def test_a_measure_written_as_text_is_refused_where_it_stands() -> None:
    document = untp_samples()["DigitalProductPassport_instance.json"]
    place = "/credentialSubject/performanceClaim/0/claimedPerformance/0/measure"
    as_text = _with(document, place, lambda target: target.__setitem__("value", "17.25"))
    problem = refusal(as_text).problem
    assert (problem.code, problem.pointer) == ("TERM_INVALID", f"{place}/value")


@needs_shared
def test_a_type_said_twice_is_said_once() -> None:
    document = untp_samples()["DigitalProductPassport_instance.json"]
    claim = "/credentialSubject/performanceClaim/0"
    twice = _with(document, claim, lambda target: target.__setitem__("type", target["type"] * 2))
    expected = canonicalize(to_nquads(document, contexts=standard_library()))
    assert canonicalize(to_nquads(twice, contexts=standard_library())) == expected


@needs_shared
def test_the_contexts_of_an_unknown_version_are_refused() -> None:
    document = credential(**{"@context": [CREDENTIALS, UNTP.replace("0.7.0", "0.6.0")]})
    assert refusal(document).problem.pointer == "/@context/1"

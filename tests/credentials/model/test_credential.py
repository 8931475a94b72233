"""The model rules on one credential of ours, broken one member at a time."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.library import standard_library
from credentials.encoding.multibase import encode_base58
from credentials.errors import ContextProblem
from credentials.model.credential import check_model
from credentials.rdf.jsonld import to_nquads
from tests.credentials.untp.clean import CLEAN
from tests.shared import needs_shared, untp_samples

BASE = "https://www.w3.org/ns/credentials/v2"


def _small(**members: Any) -> dict[str, Any]:
    return {
        "@context": [BASE],
        "type": ["VerifiableCredential"],
        "issuer": "did:web:farm.example",
        "credentialSubject": {"id": "urn:x:1"},
        **members,
    }


def _found(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [(problem.code, problem.pointer) for problem in check_model(document, contexts=standard_library())]


@pytest.mark.parametrize("name", CLEAN)
def test_our_clean_untp_credentials_conform(name: str) -> None:
    assert _found(CLEAN[name]()) == []


@needs_shared
def test_the_official_untp_samples_conform() -> None:
    assert {name: _found(document) for name, document in untp_samples().items() if _found(document)} == {}


@pytest.mark.parametrize(
    ("members", "code", "pointer"),
    [
        ({"@context": BASE}, "MALFORMED_VALUE_ERROR", "/@context"),
        ({"@context": []}, "MALFORMED_VALUE_ERROR", "/@context"),
        ({"@context": [BASE, 7]}, "MALFORMED_VALUE_ERROR", "/@context/1"),
        ({"@context": [BASE, BASE]}, "MALFORMED_VALUE_ERROR", "/@context/1"),
        ({"@context": ["https://www.w3.org/2018/credentials/v1"]}, "UNSUPPORTED_FORM", "/@context/0"),
        ({"@context": ["https://www.w3.org/ns/credentials/v3"]}, "CONTEXT_NOT_ALLOWED", "/@context/0"),
        ({"@context": [BASE, "no url"]}, "MALFORMED_VALUE_ERROR", "/@context/1"),
        ({"@context": [BASE, {"VerifiableCredential": "urn:evil:x"}]}, "CONTEXT_NOT_ALLOWED", "/@context/1"),
        ({"@context": [BASE, {"id": None}]}, "CONTEXT_NOT_ALLOWED", "/@context/1"),
        ({"type": ["VerifiableCredential", "Undefined"]}, "TERM_INVALID", "/type/1"),
        ({"type": ["VerifiableCredential", "type"]}, "TERM_INVALID", "/type/1"),
        ({"type": ["VerifiableCredential", 7]}, "MALFORMED_VALUE_ERROR", "/type/1"),
        ({"type": "JsonSchemaCredential"}, "MALFORMED_VALUE_ERROR", "/type"),
        ({"id": None}, "MALFORMED_VALUE_ERROR", "/id"),
        ({"id": ["urn:a:1", "urn:a:2"]}, "MALFORMED_VALUE_ERROR", "/id"),
        ({"id": "plain"}, "TERM_INVALID", "/id"),
        ({"id": "https://x.example/1 "}, "TERM_INVALID", "/id"),
        ({"issuer": None}, "MALFORMED_VALUE_ERROR", "/issuer"),
        ({"issuer": {}}, "MALFORMED_VALUE_ERROR", "/issuer/id"),
        ({"issuer": {"id": None}}, "MALFORMED_VALUE_ERROR", "/issuer/id"),
        ({"issuer": {"id": "did:web:a", "name": {"@value": "A", "x": 1}}}, "MALFORMED_VALUE_ERROR", "/issuer/name"),
        ({"credentialSubject": {}}, "MALFORMED_VALUE_ERROR", "/credentialSubject"),
        ({"credentialSubject": []}, "MALFORMED_VALUE_ERROR", "/credentialSubject"),
        ({"credentialSubject": [{"id": "urn:x:1"}, {}]}, "MALFORMED_VALUE_ERROR", "/credentialSubject/1"),
        ({"credentialSubject": "did:web:a"}, "MALFORMED_VALUE_ERROR", "/credentialSubject"),
        ({"credentialSubject": {"id": "foo"}}, "TERM_INVALID", "/credentialSubject/id"),
        ({"name": 7}, "MALFORMED_VALUE_ERROR", "/name"),
        ({"name": ["a", {"@value": 1}]}, "MALFORMED_VALUE_ERROR", "/name/1"),
        ({"description": {"@value": "a", "@language": "e n"}}, "MALFORMED_VALUE_ERROR", "/description"),
        ({"description": {"@value": "a", "@direction": "up"}}, "MALFORMED_VALUE_ERROR", "/description"),
        ({"validFrom": "2025-01-01T00:00:00"}, "MALFORMED_VALUE_ERROR", "/validFrom"),
        ({"validUntil": None}, "MALFORMED_VALUE_ERROR", "/validUntil"),
        (
            {"validFrom": "2025-01-01T00:00:00Z", "validUntil": "2025-01-01T00:30:00+01:00"},
            "MALFORMED_VALUE_ERROR",
            "/validUntil",
        ),
        ({"evidence": [{"id": "urn:e:1"}]}, "MALFORMED_VALUE_ERROR", "/evidence/0/type"),
        ({"evidence": "urn:e:1"}, "MALFORMED_VALUE_ERROR", "/evidence"),
        ({"termsOfUse": {"type": "Unheard"}}, "TERM_INVALID", "/termsOfUse/type"),
        ({"refreshService": {"id": "urn:r:1"}}, "MALFORMED_VALUE_ERROR", "/refreshService/type"),
        ({"proof": {"created": "2025-01-01T00:00:00Z"}}, "MALFORMED_VALUE_ERROR", "/proof/type"),
        ({"credentialSchema": {"type": "JsonSchema"}}, "MALFORMED_VALUE_ERROR", "/credentialSchema/id"),
        ({"credentialSchema": {"type": "JsonSchema", "id": "s"}}, "TERM_INVALID", "/credentialSchema/id"),
        ({"credentialStatus": {"type": "BitstringStatusListEntry", "id": "s"}}, "TERM_INVALID", "/credentialStatus/id"),
    ],
)
@pytest.mark.w3c("A1.1", "A1.3", "A1.4", "A1.5", "A1.6", "A1.7", "A1.8", "A1.10")
def test_one_broken_member_is_one_named_problem(members: dict[str, Any], code: str, pointer: str) -> None:
    assert (code, pointer) in _found(_small(**members))


@pytest.mark.parametrize(
    "key",
    [
        *["evidence", "credentialStatus", "credentialSchema", "relatedResource", "termsOfUse", "refreshService"],
        *["name", "description", "proof"],
    ],
)
@pytest.mark.w3c("A1.7", "A1.10", "A1.11")
def test_a_member_that_is_there_holds_something(key: str) -> None:
    assert _found(_small(**{key: []})) == [("MALFORMED_VALUE_ERROR", f"/{key}")]


@pytest.mark.parametrize(
    ("term", "known"),
    [
        ("JsonSchema", True),
        ("BitstringStatusListEntry", True),
        ("https://trade.test/Audit", True),
        ("evidence", False),  # words of the credential's own type end where another object begins
        ("validFrom", False),
        ("Audit", False),
    ],
)
@pytest.mark.w3c("A1.3", "A1.10")
def test_a_type_inside_a_credential_is_read_as_the_proof_over_statements_reads_it(term: str, known: bool) -> None:
    document = {**_small(evidence={"type": term}), "issuer": "did:web:a"}

    assert _found(document) == ([] if known else [("TERM_INVALID", "/evidence/type")])
    if known:
        to_nquads(document, contexts=standard_library())
    else:
        with pytest.raises(ContextProblem):
            to_nquads(document, contexts=standard_library())


@pytest.mark.w3c("A1.5", "A1.7")
def test_the_name_of_an_issuer_is_a_name() -> None:
    issuer = {"id": "did:web:a", "name": []}

    assert _found(_small(issuer=issuer)) == [("MALFORMED_VALUE_ERROR", "/issuer/name")]


@pytest.mark.parametrize(
    "members",
    [
        {"@context": [BASE, {"Own": "urn:own:x"}], "type": ["Own", "VerifiableCredential"]},
        {"@context": [BASE, {"@vocab": "urn:own:"}], "type": ["Anything", "VerifiableCredential"]},
        {"@context": [BASE, {"own": "urn:own:"}], "type": ["own:Thing", "VerifiableCredential"]},
        {"id": "HTTPS://X.example/1"},
        {"issuer": {"id": "did:web:a", "name": {"@value": "A", "@language": "en-GB", "@direction": "ltr"}}},
        {"name": ["a", {"@value": "b"}]},
        {"validFrom": "2999-01-01T00:00:00Z"},
        {"validFrom": "2025-01-01T00:00:00.5Z", "validUntil": "2025-01-01T00:00:00.5Z"},
        {"credentialStatus": {"type": "BitstringStatusListEntry"}},
        {"termsOfUse": {"type": "https://terms.example/T"}},
    ],
)
@pytest.mark.w3c("A1.1", "A1.3", "A1.5", "A1.7", "A1.8", "A1.10")
def test_what_the_model_allows_is_allowed(members: dict[str, Any]) -> None:
    assert _found(_small(**members)) == []


@pytest.mark.w3c("A1.2")
def test_an_equal_repetition_of_a_protected_term_is_no_redefinition() -> None:
    own = {"@protected": True, "Own": "urn:own:x"}

    assert _found(_small(**{"@context": [BASE, own, {"Own": {"@id": "urn:own:x"}}]})) == []


@pytest.mark.w3c("A1.2")
def test_a_redefined_protected_term_of_our_own_is_refused() -> None:
    own = {"@protected": True, "Own": "urn:own:x"}

    assert _found(_small(**{"@context": [BASE, own, {"Own": "urn:own:y"}]})) == [("CONTEXT_NOT_ALLOWED", "/@context/2")]


def test_types_that_an_unpinned_context_may_map_are_left_unjudged() -> None:
    document = _small(**{"@context": [BASE, "https://contexts.example/x"], "type": ["VerifiableCredential", "Its"]})

    assert _found(document) == []


def _resource(**members: Any) -> dict[str, Any]:
    return {"id": BASE, **members}


def _digest() -> bytes:
    return bytes.fromhex(standard_library().digest(BASE))


@pytest.mark.w3c("A1.11")
def test_a_resource_that_names_the_pinned_bytes_is_accepted() -> None:
    sri = "sha256-" + base64.b64encode(_digest()).decode()
    document = _small(
        relatedResource=[
            _resource(digestSRI=sri, digestMultibase=encode_base58(b"\x12\x20" + _digest()), mediaType="x/y")
        ]
    )

    assert _found(document) == []


@pytest.mark.parametrize(
    ("resources", "code", "pointer"),
    [
        ([_resource(digestSRI="sha384-" + "A" * 64)], "CONTEXT_HASH", "/relatedResource/0/digestSRI"),
        (
            [_resource(digestMultibase=encode_base58(b"\x20\x30" + bytes(48)))],
            "CONTEXT_HASH",
            "/relatedResource/0/digestMultibase",
        ),
        ([_resource(digestSRI="sha256-" + "A" * 42 + "B=")], "MALFORMED_VALUE_ERROR", "/relatedResource/0/digestSRI"),
        (["https://x.example"], "MALFORMED_VALUE_ERROR", "/relatedResource/0"),
        ([{"digestSRI": "sha256-" + "A" * 43 + "="}], "MALFORMED_VALUE_ERROR", "/relatedResource/0/id"),
        ([_resource()], "MALFORMED_VALUE_ERROR", "/relatedResource/0"),
        ([_resource(digestSRI="sha256-AAAA")], "MALFORMED_VALUE_ERROR", "/relatedResource/0/digestSRI"),
        ([_resource(digestSRI="md5-AAAA")], "MALFORMED_VALUE_ERROR", "/relatedResource/0/digestSRI"),
        ([_resource(digestMultibase="x1")], "MALFORMED_VALUE_ERROR", "/relatedResource/0/digestMultibase"),
        ([_resource(digestMultibase="z2")], "MALFORMED_VALUE_ERROR", "/relatedResource/0/digestMultibase"),
        ([_resource(digestSRI="sha256-" + "A" * 43 + "=")], "CONTEXT_HASH", "/relatedResource/0/digestSRI"),
        (
            [_resource(digestMultibase=encode_base58(b"\x12\x20" + bytes(32)))],
            "CONTEXT_HASH",
            "/relatedResource/0/digestMultibase",
        ),
        (
            [
                {"id": "urn:r:1", "digestSRI": "sha256-" + "A" * 43 + "="},
                {"id": "urn:r:1", "digestSRI": "sha256-" + "A" * 43 + "="},
            ],
            "MALFORMED_VALUE_ERROR",
            "/relatedResource/1/id",
        ),
        (
            [{"id": "urn:r:1", "digestSRI": "sha256-" + "A" * 43 + "=", "mediaType": 7}],
            "MALFORMED_VALUE_ERROR",
            "/relatedResource/0/mediaType",
        ),
    ],
)
@pytest.mark.w3c("A1.11")
def test_a_bad_related_resource_is_named(resources: list[Any], code: str, pointer: str) -> None:
    assert _found(_small(relatedResource=resources)) == [(code, pointer)]


@pytest.mark.w3c("A1.13")
def test_an_enveloped_credential_is_checked_as_an_envelope() -> None:
    document = {"@context": BASE, "type": "EnvelopedVerifiableCredential", "id": "data:application/vc+jwt,eyJ.e30.c2ln"}

    assert _found(document) == []


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"@context": "https://x.example"}, "/@context"),
        ({"@context": []}, "/@context"),
        ({"type": ["EnvelopedVerifiableCredential", "VerifiableCredential"]}, "/type"),
        ({"id": "https://x.example/1"}, "/id"),
        ({"id": "data:,x"}, "/id"),
        ({"id": None}, "/id"),
    ],
)
@pytest.mark.w3c("A1.13")
def test_a_bad_envelope_is_named(change: dict[str, Any], pointer: str) -> None:
    document = {
        "@context": [BASE],
        "type": "EnvelopedVerifiableCredential",
        "id": "data:application/vc+jwt,eyJ.e30.c2ln",
        **change,
    }

    assert [found for _, found in _found(document)] == [pointer]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=8), children, max_size=3),
    max_leaves=8,
)
_KEYS = ["@context", "type", "id", "issuer", "credentialSubject", "name", "validFrom", "evidence", "relatedResource"]


@given(members=st.dictionaries(st.sampled_from(_KEYS), _JSON))
def test_whatever_stands_in_a_member_is_judged_and_never_raises(members: dict[str, Any]) -> None:
    document = _small(**members)

    problems = check_model(document, contexts=standard_library())

    assert all(problem.pointer.startswith("/") for problem in problems)


@given(context=st.dictionaries(st.sampled_from(["@vocab", "@protected", "type", "Own", "issuer"]), _JSON))
def test_whatever_stands_in_an_inline_context_never_raises(context: dict[str, Any]) -> None:
    document = _small(**{"@context": [BASE, context], "type": ["VerifiableCredential", "Own"]})

    problems = check_model(document, contexts=standard_library())

    assert all(problem.code in {"CONTEXT_NOT_ALLOWED", "TERM_INVALID"} for problem in problems)


@pytest.mark.w3c("A1.11")
def test_a_longer_digest_of_the_pinned_bytes_is_compared_too() -> None:
    raw = bytes.fromhex(standard_library().digest("https://www.w3.org/ns/credentials/v2", "sha384"))

    assert len(raw) == 48
    assert _found(_small(relatedResource=[_resource(digestSRI="sha384-" + base64.b64encode(raw).decode())])) == []


@pytest.mark.w3c("A2.10")
@pytest.mark.parametrize("key", ["evidence", "termsOfUse", "credentialSchema", "refreshService"])
def test_a_digest_beside_any_id_is_well_formed_and_that_of_a_pinned_context(key: str) -> None:
    pinned = "https://www.w3.org/ns/credentials/v2"
    right = encode_base58(b"\x12\x20" + _digest())
    part = {"id": pinned, "type": "https://x.example/Part"}

    assert _found(_small(**{key: {**part, "digestMultibase": [right]}})) == []
    wrong = encode_base58(b"\x12\x20" + bytes(32))
    assert _found(_small(**{key: {**part, "digestMultibase": [right, wrong]}})) == [
        ("CONTEXT_HASH", f"/{key}/digestMultibase/1")
    ]
    assert _found(_small(**{key: {**part, "digestMultibase": "zzz"}})) == [
        ("MALFORMED_VALUE_ERROR", f"/{key}/digestMultibase")
    ]


@pytest.mark.w3c("A1.7")
def test_a_language_value_may_have_a_direction() -> None:
    text = {"@value": "قطن", "@language": "ar", "@direction": "rtl"}

    assert _found(_small(name=[text, "cotton"], description=text)) == []
    assert _found(_small(name={**text, "@direction": "up"})) == [("MALFORMED_VALUE_ERROR", "/name")]


@pytest.mark.w3c("A1.10")
def test_terms_of_use_evidence_and_refresh_of_any_type_conform() -> None:
    parts = {
        "termsOfUse": {"type": "https://x.example/Terms"},
        "evidence": [{"type": "https://x.example/Check", "id": "urn:e:1"}],
        "refreshService": {"type": "https://x.example/Refresh", "id": "https://x.example/refresh"},
    }

    assert _found(_small(**parts)) == []

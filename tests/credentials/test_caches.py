"""What this floor keeps from one document to the next is found under all that it depends on.

See docs/requirements.md S35 and S72.

Each story puts the same question twice with one thing changed, in both orders, in one process: whoever shared an entry
would give the second asker the first one's answer.
"""

from __future__ import annotations

import gc
import json
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from contexts.library import ContextLibrary, Engine, Pinned, Processing, UnsafeTestContexts, standard_library
from credentials.encoding.document import sha256_hex
from credentials.errors import Unsupported
from credentials.evidence import Evidence
from credentials.model.credential import check_model
from credentials.proofs.configuration import options_as_statements
from credentials.proofs.transforms import as_statements
from credentials.rdf.jsonld import to_nquads
from credentials.schemas import NO_SCHEMAS, SchemaLibrary, check_named_schemas
from credentials.verdict import Outcome
from credentials.verify import CREDENTIAL, UNBOUND, Readings, check, judge, read
from credentials.verify.reading_json import from_text, to_text
from credentials.verify.roles import STATUS_LIST
from credentials.verify.status import read_lists
from tests.corpus.making import V2, credential, to_bytes
from tests.credentials.verify.world import (
    AT,
    MILL_KEY,
    did_document,
    did_need,
    evidence,
    found,
    list_need,
    proofed,
    signed,
    status_list,
    with_status,
)

URL = "https://own.example/v1"
EVERY_ENGINE = pytest.mark.parametrize("engine", ["compiled", "pyld"])


def _library(context: dict[str, Any], kind: type[ContextLibrary] = ContextLibrary) -> ContextLibrary:
    if kind is UnsafeTestContexts:
        return UnsafeTestContexts({URL: {"@context": context}})
    document = json.dumps({"@context": context}, ensure_ascii=False).encode()
    sha256 = sha256_hex(document)
    return ContextLibrary([*standard_library().pinned, Pinned(url=URL, sha256=sha256, document=document)])


@EVERY_ENGINE
@pytest.mark.parametrize("order", list(permutations((0, 1, 0))), ids=str)
def test_one_context_url_means_what_the_library_at_hand_says(engine: Engine, order: tuple[int, ...]) -> None:
    libraries = [_library({"own": {"@id": f"urn:x:{name}"}}) for name in ("one", "two")]
    document = credential(**{"@context": [V2, URL], "own": "x"})

    for index in order:
        told = to_nquads(document, contexts=libraries[index].processed(Processing(engine=engine)))
        assert ("<urn:x:one>" in told, "<urn:x:two>" in told) == (index == 0, index == 1)


@pytest.mark.parametrize("order", list(permutations((0, 1, 0))), ids=str)
def test_the_form_of_a_proofs_options_is_that_of_the_library_at_hand(order: tuple[int, ...]) -> None:
    members = ("DataIntegrityProof", "cryptosuite", "proofPurpose", "created")
    libraries = [
        _library(
            {"type": "@type", "verificationMethod": {"@id": "urn:x:method", "@type": "@id"}}
            | {member: f"urn:x:{name}:{member}" for member in members}
        )
        for name in ("one", "two")
    ]
    options = {
        "@context": [URL],
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-01-31T12:00:00Z",
        "verificationMethod": "did:web:farm.test#key-1",
        "proofPurpose": "assertionMethod",
    }

    for index in order:
        filled = options_as_statements(options, libraries[index], "sha256")
        assert filled == as_statements(options, libraries[index], "sha256")
        assert (b"<urn:x:one:created>" in filled, b"<urn:x:two:created>" in filled) == (index == 0, index == 1)


@EVERY_ENGINE
@pytest.mark.parametrize("lenient_first", [True, False])
def test_a_library_that_lets_inline_contexts_in_opens_no_other_with_the_same_documents(
    engine: Engine, lenient_first: bool
) -> None:
    lenient, strict = _library({"own": "urn:x:own"}, UnsafeTestContexts), _library({"own": "urn:x:own"})
    document = credential(**{"@context": [V2, {"own": "urn:x:inline"}], "own": "x"})
    good = credential(**{"@context": [V2, URL], "own": "x"})

    for library in (lenient, strict) if lenient_first else (strict, lenient):
        assert "<urn:x:own>" in to_nquads(good, contexts=library.processed(Processing(engine=engine)))
        if library is lenient:
            assert "<urn:x:inline>" in to_nquads(document, contexts=library.processed(Processing(engine=engine)))
        else:
            with pytest.raises(Unsupported):
                to_nquads(document, contexts=library.processed(Processing(engine=engine)))
    assert lenient != strict
    assert lenient.fingerprint != strict.fingerprint


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_model_reads_terms_from_the_library_at_hand(order: tuple[int, int]) -> None:
    libraries = [_library({"Own": "urn:x:Own"}), _library({"Other": "urn:x:Other"})]
    document = credential(**{"@context": [V2, URL], "type": ["VerifiableCredential", "Own"]})

    for index in order:
        assert bool(check_model(document, contexts=libraries[index])) is (index == 1)


@pytest.mark.parametrize("order", [(0, 1, 0), (1, 0, 1)], ids=str)
def test_one_schema_url_demands_what_the_library_at_hand_says(order: tuple[int, ...]) -> None:
    url = "https://schemas.example/one"
    libraries = []
    for word in ("name", "absent"):
        schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": url, "required": [word]}
        raw = to_bytes(schema)
        libraries.append(SchemaLibrary().with_registered(url, raw, sha256_hex(raw)))
    document = credential(name="A name", credentialSchema={"id": url, "type": "JsonSchema"})

    for index in order:
        assert bool(check_named_schemas(document, schemas=libraries[index]).broken) is (index == 1)


OTHERS = {
    "another key": did_document(key=MILL_KEY),
    "no key": {**did_document(), "assertionMethod": []},
    "a revoked key": did_document(revoked=AT),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS.keys())
@pytest.mark.parametrize("raw", [signed(), to_bytes(proofed())], ids=["token", "proof"])
def test_one_did_has_the_keys_of_the_document_at_hand(raw: bytes, other: dict[str, Any]) -> None:
    for _ in range(2):
        assert judge(read(raw, None), evidence(), at=AT).outcome is Outcome.PASSED
        assert judge(read(raw, None), evidence(document=other), at=AT).outcome is not Outcome.PASSED


def _given(document: dict[str, Any], bit: int) -> Evidence:
    listed = status_list(revoked=(7,) if bit else ())
    return Evidence({did_need(): found(document), list_need(): found(listed, "application/vc+jwt")})


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS.keys())
def test_what_was_verified_before_follows_the_key_and_the_status_of_now(other: dict[str, Any]) -> None:
    raw, kept = with_status(7), Readings()
    text = to_text(check(read(raw, None), _given(did_document(), 0)))
    reading = from_text(text)
    assert reading is not None

    def now(given: Evidence) -> tuple[Outcome, Outcome]:
        lists = read_lists(reading, given, readings=kept)
        verdict = judge(replace(reading, raw=raw), given, at=AT, lists=lists)
        return verdict.outcome, verdict.status[0].check.outcome

    for _ in range(2):
        assert now(_given(did_document(), 0)) == (Outcome.PASSED, Outcome.PASSED)
        assert now(_given(did_document(), 1)) == (Outcome.PASSED, Outcome.FAILED)
        assert now(_given(other, 0))[0] is not Outcome.PASSED


def test_a_reading_over_other_contexts_is_none() -> None:
    reading = read(signed(), None)
    text = to_text(reading)

    assert from_text(text) == reading.light()
    assert from_text(text.replace(standard_library().fingerprint, _library({}).fingerprint)) is None


def test_a_reading_is_kept_under_its_media_type_role_contexts_and_schemas() -> None:
    raw, kept, given = signed(), Readings(), evidence()
    schema = to_bytes({"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": URL})
    schemas = (NO_SCHEMAS, NO_SCHEMAS.with_registered(URL, schema, sha256_hex(schema)))
    ways = [
        (media_type, {"role": role, "contexts": library, "schemas": known})
        for library in (standard_library(), UnsafeTestContexts({}), _library({"own": "urn:x:own"}))
        for role in (CREDENTIAL, UNBOUND, STATUS_LIST)
        for media_type in (None, "application/vc+jwt")
        for known in schemas
    ]
    for media_type, way in ways:
        assert kept.find(raw, media_type, **way) is None
        reading = check(read(raw, media_type, **way), given, way["contexts"])
        kept.keep(reading)
        assert kept.find(raw, media_type, **way) is reading
    assert len(kept) == len(ways) == 36


LONG: dict[str, Callable[[dict[str, Any], str], None]] = {
    "id": lambda value, text: value.update(id=f"https://mill.example/{text}"),
    "type": lambda value, text: value.update(type=["VerifiableCredential", f"https://mill.example/{text}"]),
    "member": lambda value, text: value.update({f"https://mill.example/{text}": "x"}),
    "context": lambda value, text: value.update({"@context": [V2, f"https://mill.example/{text}"]}),
    "issuer": lambda value, text: value.update(issuer=f"did:web:{text}"),
    "moment": lambda value, text: value.update(validFrom=text),
    "unit": lambda value, text: value["credentialSubject"].update(amount={"value": 1, "unit": text}),
    "purpose": lambda value, text: value["proof"].update(proofPurpose=text),
    "suite": lambda value, text: value["proof"].update(cryptosuite=text),
    "method": lambda value, text: value["proof"].update(verificationMethod=f"did:web:farm.test#{text}"),
    "schema": lambda value, text: value.update(credentialSchema={"id": f"https://a.test/{text}", "type": "JsonSchema"}),
}


@pytest.mark.parametrize("change", LONG.values(), ids=LONG.keys())
def test_what_strangers_write_at_length_is_not_kept(change: Callable[[dict[str, Any], str], None]) -> None:
    size, documents = 50_000, 40

    def judged(number: int) -> None:
        value = proofed(suites=("eddsa-rdfc-2022",))
        change(value, f"{number:05}" + "a" * size)
        judge(read(to_bytes(value), None), evidence(), at=AT)

    judged(0)
    tracemalloc.start()
    try:
        for number in range(1, documents + 1):
            judged(number)
        gc.collect()
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < size * documents / 4

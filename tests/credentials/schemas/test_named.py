"""``credentialSchema``: what is registered is evaluated, what is not is said to be unknown, nothing is fetched."""

from __future__ import annotations

import base64
import hashlib
import json
import pickle
from typing import Any

import pytest

from credentials.encoding.multibase import digest_multibase
from credentials.schemas import NO_SCHEMAS, SchemaLibrary, SchemaRefused, check_named_schemas
from credentials.schemas.linting import SIZE_LIMIT
from credentials.schemas.registry import META_SCHEMA
from credentials.verdict import Outcome
from credentials.verify import judge, read
from tests.credentials.verify.world import AT, evidence, signed
from tests.shared import shared_json, shared_path

URL = "https://schemas.example/lot.json"
SCHEMA: dict[str, Any] = {
    "$id": URL,
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {"credentialSubject": {"required": ["name"], "properties": {"name": {"pattern": "^lot "}}}},
}
CARRIER = "https://schemas.example/credentials/1"

pytestmark = pytest.mark.w3c("A1.10")


def _library(value: Any = SCHEMA, url: str = URL) -> SchemaLibrary:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return NO_SCHEMAS.with_registered(url, raw, hashlib.sha256(raw).hexdigest())


def _carrier(**changes: Any) -> dict[str, Any]:
    return {
        "id": CARRIER,
        "type": ["VerifiableCredential", "JsonSchemaCredential"],
        "issuer": "https://schemas.example",
        "credentialSchema": {"id": META_SCHEMA, "type": "JsonSchema"},
        "credentialSubject": {"id": URL, "type": "JsonSchema", "jsonSchema": SCHEMA},
        **changes,
    }


def _credential(name: str = "lot 7", **entry: Any) -> dict[str, Any]:
    schema = {"id": URL, "type": "JsonSchema", **entry}
    return {"credentialSubject": {"name": name}, "credentialSchema": schema}


def _outcome(document: dict[str, Any], library: SchemaLibrary) -> str:
    named = check_named_schemas(document, schemas=library)
    return "broken" if named.broken else "untold" if named.untold else "conforms"


def test_a_credential_that_conforms_to_what_it_names() -> None:
    assert _outcome(_credential(), _library()) == "conforms"


def test_a_credential_that_breaks_what_it_names_is_told_where() -> None:
    (problem,) = check_named_schemas(_credential("box 7"), schemas=_library()).broken

    assert (problem.code, problem.pointer) == ("SCHEMA", "/credentialSubject/name")
    assert URL in problem.detail


def test_a_schema_that_is_not_registered_is_unknown() -> None:
    assert _outcome(_credential(), NO_SCHEMAS) == "untold"


@pytest.mark.parametrize("kind", ["ShapeExpression", "JsonSchema2023", None, 5])
def test_a_schema_of_another_kind_is_unknown(kind: object) -> None:
    assert _outcome(_credential(type=kind), _library()) == "untold"


def test_a_schema_of_another_dialect_is_kept_and_unknown() -> None:
    older = {**SCHEMA, "$schema": "http://json-schema.org/draft-07/schema#"}

    assert _outcome(_credential(), _library(older)) == "untold"


def test_one_broken_schema_of_several_decides() -> None:
    document = _credential("box")
    document["credentialSchema"] = [
        {"id": "https://schemas.example/other", "type": "JsonSchema"},
        document["credentialSchema"],
    ]

    named = check_named_schemas(document, schemas=_library())

    assert (len(named.broken), len(named.untold)) == (1, 1)


def test_a_schema_that_a_credential_carries() -> None:
    library = _library(_carrier(), CARRIER)
    entry = {"id": CARRIER, "type": "JsonSchemaCredential"}

    assert _outcome(_credential(**entry), library) == "conforms"
    assert _outcome(_credential("box", **entry), library) == "broken"
    assert _outcome(_credential(id=CARRIER), library) == "broken"


@pytest.mark.w3c("A1.11")
@pytest.mark.parametrize("right", [True, False])
def test_a_digest_beside_the_schema_is_recomputed(right: bool) -> None:
    raw = json.dumps(SCHEMA).encode()
    bound = raw if right else raw + b" "
    sri = "sha384-" + base64.b64encode(hashlib.sha384(bound).digest()).decode()

    for entry in ({"digestSRI": sri}, {"digestMultibase": digest_multibase(bound)}):
        assert _outcome(_credential(**entry), _library(raw)) == ("conforms" if right else "broken")


REFUSED: dict[str, Any] = {
    "another $id": {**SCHEMA, "$id": "https://schemas.example/x"},
    "no $id": {name: item for name, item in SCHEMA.items() if name != "$id"},
    "no $schema": {name: item for name, item in SCHEMA.items() if name != "$schema"},
    "not a schema": {**SCHEMA, "type": "colour"},
    "a remote reference": {**SCHEMA, "$ref": "http://127.0.0.1/x"},
    "a bad pattern": {**SCHEMA, "pattern": "^(a+)+$"},
    "repeated member": b'{"$id":"x","$id":"x"}',
    "too large": json.dumps({**SCHEMA, "description": ["x" * 1000] * 600}).encode(),
    "not JSON": b"<schema/>",
    "a list": b"[]",
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_must_not_be_registered_is_refused(name: str) -> None:
    with pytest.raises(SchemaRefused) as refused:
        _library(REFUSED[name])

    assert refused.value.problem.code == "SCHEMA"
    assert refused.value.problem.fix


def test_the_size_limit_is_half_a_megabyte() -> None:
    assert SIZE_LIMIT == 512 * 1024


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "https://schemas.example/credentials/2"},
        {"credentialSchema": {"id": URL, "type": "JsonSchema"}},
        {"credentialSchema": None},
        {"credentialSubject": {"jsonSchema": SCHEMA}},
        {"credentialSubject": {"type": "Schema", "jsonSchema": SCHEMA}},
        {"credentialSubject": {"type": "JsonSchema"}},
        {"credentialSubject": {"type": "JsonSchema", "jsonSchema": {**SCHEMA, "$id": "not-a-url"}}},
        {"credentialSubject": {"type": "JsonSchema", "jsonSchema": {**SCHEMA, "$ref": "https://x.example/"}}},
    ],
    ids=str,
)
def test_a_carrier_that_is_not_what_it_must_be_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(SchemaRefused):
        _library(_carrier(**changes), CARRIER)


def test_a_file_that_changed_by_one_byte_is_refused() -> None:
    raw = json.dumps(SCHEMA).encode()

    with pytest.raises(SchemaRefused):
        NO_SCHEMAS.with_registered(URL, raw + b"\n", hashlib.sha256(raw).hexdigest())


def test_a_library_travels_to_a_worker_process() -> None:
    assert pickle.loads(pickle.dumps(_library())) == _library()


@pytest.mark.parametrize(
    ("library", "name", "expected"),
    [
        (_library(), "lot 1", Outcome.PASSED),
        (_library(), "box 1", Outcome.FAILED),
        (NO_SCHEMAS, "lot 1", Outcome.UNDETERMINED),
    ],
)
def test_the_verdict_says_which_of_three_it_was(library: SchemaLibrary, name: str, expected: Outcome) -> None:
    raw = signed(**_credential(name))

    verdict = judge(read(raw, None, schemas=library), evidence(), at=AT)

    assert verdict.schema.outcome is expected
    assert verdict.intact


# Which credential and schema go together, and the outcome, is the W3C suite's own table for JsonSchema.
SUITE = [
    (1, 1, "conforms"),
    *((1, schema, "refused") for schema in (2, 3, 4, 5, 6)),
    (1, 7, "untold"),
    (2, 1, "untold"),
]


@pytest.mark.parametrize(("credential", "schema", "expected"), SUITE)
def test_the_published_cases_are_judged_as_their_suite_says(credential: int, schema: int, expected: str) -> None:
    document = shared_json("vectors", "vc-json-schema", f"{credential}-credential.json")
    raw = shared_path("vectors", "vc-json-schema", f"{schema}-schema.json").read_bytes()
    try:
        library = _library(raw, document["credentialSchema"]["id"])
    except SchemaRefused:
        assert expected == "refused"
    else:
        assert _outcome(document, library) == expected


def test_the_published_schema_that_the_credential_breaks() -> None:
    document = shared_json("vectors", "vc-json-schema", "1-credential.json")
    raw = shared_path("vectors", "vc-json-schema", "6-schema.json").read_bytes()
    url = "https://example.com/schemas/first-name.json"
    document["credentialSchema"]["id"] = url

    assert _outcome(document, _library(raw, url)) == "broken"

"""The schemas that an operator registered by file and digest: all that ``credentialSchema`` can mean here.

The rule: frozen and looked up by exact URL; a file is bound by its SHA-256, linted, and never replaced by what a
network says. VC JSON Schema sections 2 to 4; docs/requirements.md S74 and S75.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from credentials.encoding.document import JsonObject, Limits, parse_document
from credentials.encoding.iri import is_iri
from credentials.errors import CredentialsError
from credentials.schemas.evaluation import is_schema
from credentials.schemas.linting import DIALECT, SIZE_LIMIT, lint_schema

#: What a credential that carries a schema names as its own schema (VC JSON Schema section 2.2).
META_SCHEMA: Final = "https://www.w3.org/2022/credentials/v2/json-schema-credential-schema.json"
KINDS: Final = ("JsonSchema", "JsonSchemaCredential")
_LIMITS: Final = Limits(size=SIZE_LIMIT, depth=64)


class SchemaRefused(CredentialsError):
    """SCHEMA: a file that must not be registered, or that is no schema."""

    default_code = "SCHEMA"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """One registered file: its URL, its bytes, their SHA-256 (hexadecimal), and the schema in it."""

    url: str
    raw: bytes
    sha256: str
    kind: str
    schema: JsonObject


class SchemaLibrary:
    """A frozen set of schemas by exact URL; it pickles."""

    __slots__ = ("_known",)

    def __init__(self, known: Iterable[Registered] = ()) -> None:
        self._known: Mapping[str, Registered] = {item.url: item for item in known}

    def find(self, url: str) -> Registered | None:
        """What is registered under ``url``, character by character."""
        return self._known.get(url)

    def with_registered(self, url: str, raw: bytes, sha256: str) -> SchemaLibrary:
        """A new library that also knows the file ``raw`` under ``url``.

        Raises:
            SchemaRefused: its digest differs, it is too large, it is no schema, or the lint refuses it.
        """
        return SchemaLibrary([*self._known.values(), registered(url, raw, sha256)])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SchemaLibrary) and self._digests() == other._digests()

    def __hash__(self) -> int:
        return hash(self._digests())

    def _digests(self) -> frozenset[tuple[str, str]]:
        return frozenset((item.url, item.sha256) for item in self._known.values())


#: What a node knows whose operator registered nothing.
NO_SCHEMAS: Final = SchemaLibrary()


def registered(url: str, raw: bytes, sha256: str) -> Registered:
    """The file as an entry of a library. Raises SchemaRefused."""
    if hashlib.sha256(raw).hexdigest() != sha256.lower():
        raise SchemaRefused("The file's SHA-256 is not the one stated.", fix="Compare the file with its publisher's.")
    if len(raw) > SIZE_LIMIT:
        raise SchemaRefused(f"The file has {len(raw)} bytes; the limit is {SIZE_LIMIT}.", fix="Split the schema.")
    try:
        document = parse_document(raw, limits=_LIMITS).value
    except CredentialsError as error:
        problem = error.problem
        raise SchemaRefused(problem.detail, pointer=problem.pointer, fix=problem.fix) from error
    kind, schema = _schema_in(document, url)
    refuse_unfit(schema)
    return Registered(url=url, raw=raw, sha256=sha256.lower(), kind=kind, schema=schema)


def refuse_unfit(schema: JsonObject) -> None:
    """Refuse a schema that is none, or whose evaluation is not bounded. Raises SchemaRefused with its first problem."""
    name = schema.get("$id")
    if not isinstance(name, str) or not is_iri(name):
        raise SchemaRefused("The schema's $id is not a URL.", pointer="/$id", fix="State the schema's URL as $id.")
    if "$schema" not in schema:
        raise SchemaRefused("The schema does not say its dialect.", pointer="/$schema", fix=f"Add {DIALECT}.")
    if schema["$schema"] != DIALECT:
        return  # kept as it is: whoever asks is told that its dialect is not evaluated here
    for problem in lint_schema(schema):
        raise SchemaRefused(problem.detail, pointer=problem.pointer, fix=problem.fix)
    if not is_schema(schema):
        raise SchemaRefused("The file is no JSON Schema 2020-12.", fix="Check it against the dialect's meta-schema.")


def _schema_in(document: JsonObject, url: str) -> tuple[str, JsonObject]:
    """The schema itself, or the one that a credential carries (VC JSON Schema sections 2.1 and 2.2)."""
    types = document.get("type")
    if not isinstance(types, list) or "JsonSchemaCredential" not in types:
        if document.get("$id", url) != url:
            raise SchemaRefused("The schema's $id is another URL.", pointer="/$id", fix="Register it under its $id.")
        return KINDS[0], document
    subject, own = document.get("credentialSubject"), document.get("credentialSchema")
    if document.get("id") != url:
        raise SchemaRefused("The credential's id is another URL.", pointer="/id", fix="Register it under its id.")
    if not isinstance(own, dict) or own.get("id") != META_SCHEMA or own.get("type") != "JsonSchema":
        raise SchemaRefused(
            "The credential does not name the schema of such credentials.",
            pointer="/credentialSchema",
            fix=f"Name {META_SCHEMA}.",
        )
    schema = subject.get("jsonSchema") if isinstance(subject, dict) else None
    if not isinstance(subject, dict) or subject.get("type") != "JsonSchema" or not isinstance(schema, dict):
        raise SchemaRefused(
            "The subject is no JsonSchema with its jsonSchema.",
            pointer="/credentialSubject",
            fix="Write type JsonSchema and the schema as jsonSchema.",
        )
    return KINDS[1], schema

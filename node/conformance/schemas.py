"""Schemas as the VC JSON Schema suite asks about them: a schema file and a credential in, one result out.

The rule: the file is the whole registry, under the URL by which the credential names it; a dialect that is not
evaluated here is indeterminate, and everything else that keeps the schema from holding is a failure.
VC JSON Schema sections 2, 3.1 and 4.2.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from credentials.encoding.document import JsonObject, parse_document
from credentials.errors import CredentialsError
from credentials.schemas import SchemaLibrary, check_named_schemas
from credentials.schemas.registry import registered
from node.conformance.results import Result, SuiteOutcome


def validate(schema: bytes, credential: bytes, kind: str) -> Result:
    """Does the credential conform to the schema file, a ``JsonSchema`` or a ``JsonSchemaCredential`` by ``kind``?"""
    try:
        document = parse_document(credential).value
        named = _named(document)
        if named.get("type") != kind:
            return Result(SuiteOutcome.FAILURE, f"credentialSchema is not of type {kind}.")
        known = registered(str(named.get("id")), schema, hashlib.sha256(schema).hexdigest())
    except CredentialsError as error:
        return Result(SuiteOutcome.FAILURE, error.problem.detail)
    if known.kind != kind:
        return Result(SuiteOutcome.FAILURE, f"The file holds a {known.kind}.")
    found = check_named_schemas(document, schemas=SchemaLibrary([known]))
    if found.broken:
        return Result(SuiteOutcome.FAILURE, found.broken[0].detail)
    return Result(SuiteOutcome.INDETERMINATE, found.untold[0].detail) if found.untold else Result(SuiteOutcome.SUCCESS)


def _named(document: JsonObject) -> JsonObject:
    stated = document.get("credentialSchema")
    return stated if isinstance(stated, Mapping) else {}

"""Evaluating JSON Schema 2020-12: the one door to ``jsonschema_rs``.

The rule: nothing is ever loaded because a schema or a document refers to it, formats are asserted, and patterns run on
the engine whose time is linear in the text. See docs/requirements.md S74 to S76.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema_rs import Draft202012Validator, RegexOptions, ValidationError
from jsonschema_rs import meta as _meta

from credentials.encoding.document import Json, JsonObject

__all__ = ["ValidationError", "Validator", "compiled", "errors_of", "is_schema"]

Validator = Draft202012Validator


def compiled(schema: Mapping[str, Any]) -> Validator:
    """``schema`` ready for use. Raises ValueError when it is no JSON Schema 2020-12."""
    return Draft202012Validator(
        dict(schema), validate_formats=True, retriever=_refuse, pattern_options=RegexOptions(size_limit=1 << 20)
    )


def errors_of(validator: Validator, document: JsonObject) -> Iterator[ValidationError]:
    """Every way in which ``document`` breaks the schema."""
    return validator.iter_errors(dict(document))


def is_schema(value: JsonObject) -> bool:
    """Is ``value`` a schema by the meta-schema of 2020-12?"""
    return _meta.is_valid(dict(value))


def _refuse(uri: str) -> Json:
    raise LookupError(f"{uri!r:.200} is not loaded: a schema never leaves this process")

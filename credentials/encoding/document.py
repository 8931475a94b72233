"""An immutable JSON document exactly as received: the bytes and their SHA-256 are the truth, ``value`` is only read.

What lets it in: :mod:`credentials.encoding.strict`; what mostly spares its time: :mod:`credentials.encoding.quick`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import NewType

from credentials.encoding.json_values import (
    DEFAULT_LIMITS,
    SAFE_INTEGER,
    Json,
    JsonObject,
    Limits,
    as_list,
    compact_json,
    escape_pointer,
    types_of,
    walk,
    walk_objects,
)
from credentials.encoding.quick import UNSURE, read_quickly
from credentials.encoding.strict import read_strictly
from credentials.errors import MalformedInput

Sha256 = NewType("Sha256", str)  # lower-case hexadecimal, 64 characters
__all__ = [  # the rooms above know JSON by this one module
    "DEFAULT_LIMITS",
    "SAFE_INTEGER",
    "Document",
    "Json",
    "JsonObject",
    "Limits",
    "Sha256",
    "as_list",
    "compact_json",
    "escape_pointer",
    "parse_document",
    "parse_json",
    "sha256_hex",
    "types_of",
    "walk",
    "walk_objects",
]


@dataclass(frozen=True, slots=True)
class Document:
    """A JSON object as received: ``raw`` bytes and the parsed ``value`` (do not change it)."""

    raw: bytes
    value: JsonObject


def sha256_hex(raw: bytes) -> Sha256:
    """SHA-256 of ``raw``, lower-case hexadecimal."""
    return Sha256(hashlib.sha256(raw).hexdigest())


def parse_document(raw: bytes, *, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read one JSON object strictly.

    Raises:
        MalformedInput: TOO_LARGE, JSON_TEXT, JSON_TOO_DEEP, JSON_INVALID, JSON_DUPLICATE_KEY, JSON_NUMBER_RANGE.
    """
    value = parse_json(raw, limits=limits)
    if not isinstance(value, dict):
        raise MalformedInput(
            "The document is not a JSON object.", code="JSON_INVALID", fix="Send one JSON object, {…}."
        )
    return Document(raw, value)


def parse_json(raw: bytes, *, limits: Limits = DEFAULT_LIMITS) -> Json:
    """Read any JSON value strictly; see :func:`parse_document` for what is refused."""
    if len(raw) > limits.size:
        raise MalformedInput(
            f"The document has {len(raw)} bytes; the limit is {limits.size}.",
            code="TOO_LARGE",
            fix="Link large attachments by URL and digest instead of embedding them.",
        )
    value = read_quickly(raw, limits)
    return read_strictly(raw, limits) if value is UNSURE else value

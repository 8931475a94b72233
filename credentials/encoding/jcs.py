"""JSON Canonicalization Scheme (RFC 8785): one door to the library, one error for what it refuses."""

from __future__ import annotations

from collections.abc import Mapping

import rfc8785

from credentials.encoding.document import Json
from credentials.errors import MalformedInput


def canonical_json(value: Json) -> bytes:
    """The RFC 8785 form of ``value`` as UTF-8 bytes.

    Raises:
        MalformedInput: JSON_NUMBER_RANGE or JSON_TEXT for what has no canonical form.
    """
    try:
        return rfc8785.dumps(dict(value) if isinstance(value, Mapping) else value)
    except rfc8785.CanonicalizationError as error:
        raise MalformedInput(str(error), code="JSON_NUMBER_RANGE", fix="Use numbers within ±(2^53−1).") from error

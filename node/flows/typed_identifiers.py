"""An identifier as somebody typed or scanned it: the one check of it for pages, labels and the resolver."""

from __future__ import annotations

from typing import Final

from credentials.errors import CredentialsError, MalformedInput
from credentials.identifiers.canonical_ids import canonical_id

LONGEST: Final = 1024


def typed_identifier(text: str, *, pointer: str) -> str:
    """``text`` as it is, if it can be an identifier.

    Raises:
        MalformedInput: with ``pointer``, and ID_INVALID or ID_CHECK_DIGIT where that is what is wrong.
    """
    if len(text) > LONGEST:
        raise MalformedInput("The identifier is too long.", pointer=pointer, fix="Check what was typed.")
    try:
        canonical_id(text)
    except CredentialsError as error:
        problem = error.problem
        raise MalformedInput(problem.detail, code=problem.code, pointer=pointer, fix=problem.fix) from error
    return text

"""Enveloped credentials and presentations: an object that carries its secured form in a ``data:`` URL.

VCDM 2.0 sections 4.12.1 and 4.12.2; docs/conformance/w3c.md A1.13.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from contexts.library import BASE_CONTEXT
from credentials.encoding.document import JsonObject, types_of
from credentials.errors import Problem
from credentials.model.members import malformed

ENVELOPED_CREDENTIAL: Final = "EnvelopedVerifiableCredential"
ENVELOPED_PRESENTATION: Final = "EnvelopedVerifiablePresentation"

_DATA_URL: Final = re.compile(r"data:[a-z]+/[A-Za-z0-9.+-]+(?:;[A-Za-z0-9=.+-]+)*,[^\s]+")


def is_enveloped(document: JsonObject, kind: str = ENVELOPED_CREDENTIAL) -> bool:
    """Does the document say it is an enveloped credential (or presentation, by ``kind``)?"""
    return kind in types_of(document)


def check_enveloped(document: JsonObject, kind: str = ENVELOPED_CREDENTIAL) -> Iterator[Problem]:
    """What keeps an enveloped object from being one: context, type, data URL."""
    stated = document.get("@context")
    first = stated[0] if isinstance(stated, (list, tuple)) and stated else stated
    if first != BASE_CONTEXT:
        yield Problem(
            code="CONTEXT_NOT_ALLOWED",
            pointer="/@context",
            detail="The envelope does not name the base context.",
            fix=f"Set @context to {BASE_CONTEXT}.",
        )
    if types_of(document) != (kind,):
        yield malformed("/type", f"The envelope's type is not {kind} alone.", f"Set type to {kind}.")
    name = document.get("id")
    if not isinstance(name, str) or _DATA_URL.fullmatch(name) is None:
        yield malformed(
            "/id", "The envelope's id is not a data URL.", "Write data:application/vc+jwt, and the secured credential."
        )

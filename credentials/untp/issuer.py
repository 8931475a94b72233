"""The issuer of a credential as a lens: its DID, its name, and the registrations it says are its own.

See docs/rules.md VCP-04. ``also_known_as`` is a hint until a trusted anchor proves it (PV-MRG-4).
"""

from __future__ import annotations

from dataclasses import dataclass

from credentials.encoding.document import JsonObject
from credentials.untp.json_reading import place
from credentials.untp.values import PartyReference, read_party


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Who issued a credential; ``also_known_as`` carries registered ids with their schemes."""

    id: str | None
    name: str | None
    also_known_as: tuple[PartyReference, ...]


def read_issuer(document: JsonObject) -> Issuer:
    """The issuer of any credential, written as an object or as its id alone."""
    value = document.get("issuer")
    if isinstance(value, str):
        return Issuer(id=value or None, name=None, also_known_as=())
    here = place(value, "/issuer")
    return Issuer(
        id=here.text("id"),
        name=here.text("name"),
        also_known_as=here.many("issuerAlsoKnownAs", read_party),
    )

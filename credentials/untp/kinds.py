"""The five UNTP credential types, one row each, by version.

To support a further UNTP version add its number and context URL to ``CONTEXTS``; a type keeps its row. Only the
exact context URL of a version counts (docs/requirements.md VCP-01).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from credentials.encoding.document import JsonObject, as_list, types_of

#: UNTP version → the URL of its JSON-LD context.
CONTEXTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "0.7.0": "https://vocabulary.uncefact.org/untp/0.7.0/context/",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialType:
    """One UNTP credential type: its ``type`` term and short name, the ``type`` terms of its subject, one or many."""

    name: str
    short: str
    subject_types: tuple[str, ...]
    many_subjects: bool = False


PASSPORT: Final = CredentialType(name="DigitalProductPassport", short="dpp", subject_types=("Product",))
CONFORMITY: Final = CredentialType(
    name="DigitalConformityCredential", short="dcc", subject_types=("ConformityAttestation",)
)
FACILITY: Final = CredentialType(name="DigitalFacilityRecord", short="dfr", subject_types=("Facility",))
ANCHOR: Final = CredentialType(name="DigitalIdentityAnchor", short="dia", subject_types=("RegisteredIdentity",))
EVENT: Final = CredentialType(
    name="DigitalTraceabilityEvent",
    short="dte",
    subject_types=("MakeEvent", "MoveEvent", "ModifyEvent"),
    many_subjects=True,
)

#: Every credential type, by its ``type`` term.
TYPES: Final[Mapping[str, CredentialType]] = MappingProxyType(
    {kind.name: kind for kind in (PASSPORT, CONFORMITY, FACILITY, ANCHOR, EVENT)}
)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a document says it is: a UNTP credential type in one version (``version`` is None when no context says)."""

    type: CredentialType
    version: str | None

    @property
    def short(self) -> str:
        """dpp, dcc, dfr, dia or dte."""
        return self.type.short


def kind_of(document: JsonObject) -> Kind | None:
    """The UNTP kind of a credential; None when its ``type`` names none of the five, or more than one."""
    named = [TYPES[term] for term in types_of(document) if term in TYPES]
    return Kind(named[0], _version_of(document)) if len(named) == 1 else None


def _version_of(document: JsonObject) -> str | None:
    contexts = as_list(document.get("@context"))
    return next((version for version, url in CONTEXTS.items() if url in contexts), None)

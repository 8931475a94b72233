"""The digital identity anchor (DIA) as a lens: a register says that a DID belongs to an entry of it.

UNTP 0.7.0, Digital Identity Anchor.
"""

from __future__ import annotations

from dataclasses import dataclass

from credentials.encoding.document import JsonObject
from credentials.untp.json_reading import only_subject_of
from credentials.untp.values import Reference, read_reference


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredIdentity:
    """The register's entry for the DID ``id``; ``scopes`` are the URIs of ``registrationScope``."""

    id: str | None
    registered_id: str | None
    registered_name: str | None
    public_information: str | None
    id_scheme: Reference | None
    register_type: str | None
    scopes: tuple[str, ...]
    pointer: str


def read_registered_identity(document: JsonObject) -> RegisteredIdentity | None:
    """The registered identity of an anchor; None unless the credential has exactly one subject."""
    subject = only_subject_of(document)
    if subject is None:
        return None
    return RegisteredIdentity(
        id=subject.text("id"),
        registered_id=subject.text("registeredId"),
        registered_name=subject.text("registeredName"),
        public_information=subject.text("publicInformation"),
        id_scheme=subject.one("idScheme", read_reference),
        register_type=subject.text("registerType"),
        scopes=subject.texts("registrationScope"),
        pointer=subject.pointer,
    )

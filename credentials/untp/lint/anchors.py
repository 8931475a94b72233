"""Lint of identity anchors: the member is a DID, the scope of the registration is stated.

DIA-05, DIA-09; probes 18 and 19.
"""

from __future__ import annotations

from collections.abc import Iterator

from credentials.encoding.document import JsonObject
from credentials.encoding.iri import is_did, is_iri
from credentials.untp.anchor import read_registered_identity
from credentials.untp.finding import LintFinding
from credentials.untp.lint.rules import ERROR, WARN, finding


def check_anchor(document: JsonObject) -> Iterator[LintFinding]:
    """Every check of an anchor's registered identity."""
    identity = read_registered_identity(document)
    if identity is None:
        return
    if not is_did(identity.id):
        yield finding(
            "DIA-09",
            f"{identity.pointer}/id",
            f"{(identity.id or '')[:120]!r} is not a DID.",
            "Anchor the member's DID itself, without path or query.",
        )
    accredits = identity.register_type == "accreditation"
    if not identity.scopes:
        yield finding(
            "DIA-05",
            f"{identity.pointer}/registrationScope",
            "The anchor does not say what the registration covers.",
            "List the URIs of what the member may do.",
            severity=ERROR if accredits else WARN,
        )
    for index, scope in enumerate(identity.scopes):
        if not is_iri(scope):
            yield finding(
                "DIA-05",
                f"{identity.pointer}/registrationScope/{index}",
                f"The scope {scope[:120]!r} is not a URI.",
                "Name each scope by URI.",
            )

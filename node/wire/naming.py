"""Which identifiers a credential speaks about, and the link from each of them to it.

The rule: an identifier is known under its canonical form, so that every spelling finds it. Design README, Settled 12
and 13: attestations are found by what they assess, events by each lot they name, anchors by the DID they anchor.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from credentials.encoding.document import JsonObject, walk
from credentials.untp.kinds import kind_of, type_terms
from credentials.untp.linkset import Target

VC_JWT: Final = "application/vc+jwt"
VC_JSON: Final = "application/vc"
_OTHER_RELATION: Final = "describedby"  # IANA's word for a document about something


def identifiers_named(credential: JsonObject) -> tuple[str, ...]:
    """Every identifier that the subjects of ``credential`` name, canonical, sorted, each once."""
    from credentials.identifiers.canonical import (
        given_or_canonical,  # a large room: only when links are asked for
    )

    return tuple(sorted({given_or_canonical(text) for text in _subject_ids(credential)}))


def link_to(credential: JsonObject, href: str, media_type: str) -> Target:
    """The link to ``credential`` at ``href``, under the relation of its kind (``dpp``, ``dcc``, …)."""
    kind = kind_of(credential)
    name = credential.get("name")
    terms = [term for term in type_terms(credential) if term != "VerifiableCredential"]
    title = name if isinstance(name, str) else next(iter(terms), "Credential")
    return Target(relation=kind.short if kind else _OTHER_RELATION, href=href, title=title, type=media_type)


def _subject_ids(credential: JsonObject) -> Iterator[str]:
    for pointer, value in walk(credential.get("credentialSubject", {})):
        if pointer.endswith("/id") and isinstance(value, str) and ":" in value:
            yield value

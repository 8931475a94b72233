"""How credentials are listed under what they are about: media types, titles, and what is asked for one name.

The rule: an identifier is known under its canonical form, so that every spelling finds it, and whoever asks for an
item is told of its lot and its class too (docs/requirements.md IDR-04). Network, folder and own store look the same
things up.
"""

from __future__ import annotations

from typing import Final

from credentials.encoding.document import JsonObject, types_of

VC_JWT: Final = "application/vc+jwt"
VC_JSON: Final = "application/vc"


def looked_up(identifier: str) -> tuple[str, ...]:
    """The canonical names whose links answer for ``identifier``, the finest first."""
    # A slow start: only when links are asked for.
    from credentials.identifiers.canonical_ids import coarser, given_or_canonical

    return tuple(dict.fromkeys(given_or_canonical(name) for name in (identifier, *coarser(identifier))))


def title_of(credential: JsonObject) -> str:
    """What a link to ``credential`` is called: its name, else its type."""
    name = credential.get("name")
    terms = [term for term in types_of(credential) if term != "VerifiableCredential"]
    return name if isinstance(name, str) and name else next(iter(terms), "Credential")

"""What holds credentials without being one: a list, an answer of a VC API, a DID resolution result: one level down.

The rule: one level and no more, and only what says nothing itself: what has a type, contexts or a proof is judged as
it stands. What is found is judged like any other document, so nothing is believed because of where it lay.
Specifications: VC API (VCALM) section 3; DID Resolution section 4.
"""

from __future__ import annotations

from typing import Final

from credentials.encoding.document import Json, as_list, compact_json, parse_json
from credentials.errors import MalformedInput

MEMBERS: Final = ("verifiableCredential", "verifiablePresentation", "credential", "presentation", "vc", "vp", "jwt")
_OWN: Final = frozenset({"type", "@context", "proof"})


def held_documents(raw: bytes) -> tuple[bytes, ...]:
    """The documents that ``raw`` holds one level down, in order; empty where it is a document itself, or unreadable."""
    if raw.lstrip(b" \t\r\n")[:1] not in (b"{", b"["):
        return ()
    try:
        return held_in(parse_json(raw))
    except MalformedInput:
        return ()  # whoever reads it says what is wrong


def held_in(value: Json) -> tuple[bytes, ...]:
    """The same for JSON that was parsed already."""
    if isinstance(value, dict):
        members = ("didDocument",) if "didDocument" in value and "id" not in value else MEMBERS
        if members is MEMBERS and _OWN & value.keys():
            return ()
        value = as_list(next((value[name] for name in members if name in value), []))
    if not all(isinstance(item, (str, dict)) for item in value):
        return ()
    return tuple(item.encode("utf-8") if isinstance(item, str) else compact_json(item) for item in value)

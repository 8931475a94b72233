"""DIDs and DID URLs as text, by the grammar of DID 1.0 section 3 and with lengths that bound every later step."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from credentials.errors import IdentifierProblem

DID_LIMIT: Final = 1024
DID_URL_LIMIT: Final = 2048
_DID: Final = re.compile(
    r"did:(?P<method>[a-z0-9]{1,32}):(?P<specific>(?:(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})*:)*(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})+)"
)
_TAIL: Final = re.compile(
    r"(?P<path>(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*)*)"
    r"(?:\?(?P<query>(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*))?"
    r"(?:#(?P<fragment>(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*))?"
)


@dataclass(frozen=True, slots=True)
class Did:
    """A decentralised identifier taken apart: ``did:method:specific``."""

    method: str
    specific: str

    def __str__(self) -> str:
        return f"did:{self.method}:{self.specific}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DidUrl:
    """A DID with path, query and fragment ("" when absent)."""

    did: Did
    path: str = ""
    query: str = ""
    fragment: str = ""


def parse_did(text: object, *, pointer: str = "") -> Did:
    """Read a DID.

    Raises:
        IdentifierProblem: DID_INVALID.
    """
    did = _did(text) if isinstance(text, str) and len(text) <= DID_LIMIT else None
    if did is None:
        raise IdentifierProblem(
            f"{str(text)[:80]!r} is not a DID.", pointer=pointer, fix="Write it like did:web:example.org."
        )
    return did


@lru_cache(maxsize=4096)  # the checks of one document read the same few DIDs again and again
def _did(text: str) -> Did | None:
    match = _DID.fullmatch(text)
    return Did(match["method"], match["specific"]) if match else None


@lru_cache(maxsize=4096)
def _did_url(text: str) -> DidUrl | None:
    head = re.split(r"[/?#]", text, maxsplit=1)[0]
    did, tail = _did(head) if len(head) <= DID_LIMIT else None, _TAIL.fullmatch(text, len(head))
    if did is None or tail is None:
        return None
    return DidUrl(did=did, path=tail["path"], query=tail["query"] or "", fragment=tail["fragment"] or "")


def parse_did_url(text: object, *, pointer: str = "") -> DidUrl:
    """Read an absolute DID URL. Raises IdentifierProblem (DID_INVALID)."""
    url = _did_url(text) if isinstance(text, str) and len(text) <= DID_URL_LIMIT else None
    if url is None:
        raise IdentifierProblem(
            f"{str(text)[:80]!r} is not a DID URL.", pointer=pointer, fix="Write it like did:web:example.org#key-1."
        )
    return url

"""Why something is fetched, and so how much, how long, how far and as what: one row per purpose.

The rule: a fetch without a purpose does not exist, and contexts or schemas have none. See
docs/threat-model.md#going-out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from credentials.evidence import NeedKind

_KIB: Final = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """Bounds of one kind of fetch: bytes, seconds in all, same-origin redirects, and the media types taken."""

    name: str
    max_bytes: int
    seconds: float
    redirects: int
    media_types: tuple[str, ...]  # in order of preference: also what Accept says; empty takes anything


_SECURED: Final = ("application/vc+jwt", "application/vc", "application/ld+json", "application/json")

DID_DOCUMENT: Final = Purpose(
    name="did document",
    max_bytes=64 * _KIB,
    seconds=5,
    redirects=0,
    media_types=("application/did+json", "application/did+ld+json", "application/did", "application/json"),
)
STATUS_LIST: Final = Purpose(name="status list", max_bytes=2048 * _KIB, seconds=10, redirects=1, media_types=_SECURED)
CREDENTIAL: Final = Purpose(name="credential", max_bytes=1024 * _KIB, seconds=10, redirects=2, media_types=_SECURED)
LINKSET: Final = Purpose(
    name="linkset",
    max_bytes=1024 * _KIB,
    seconds=10,
    redirects=2,
    media_types=("application/linkset+json", "application/json"),
)
CATALOGUE: Final = Purpose(
    name="scheme catalogue",
    max_bytes=1024 * _KIB,
    seconds=10,
    redirects=2,
    media_types=("application/ld+json", "application/json"),
)
FILE: Final = Purpose(name="evidence file", max_bytes=1024 * _KIB, seconds=10, redirects=2, media_types=())
DELIVERY: Final = Purpose(
    name="delivery",
    max_bytes=64 * _KIB,
    seconds=15,
    redirects=0,
    media_types=("application/json", "application/problem+json"),
)
GATHERING: Final = Purpose(
    name="page of what a peer holds",
    max_bytes=8192 * _KIB,
    seconds=30,
    redirects=0,
    media_types=("application/json",),
)

OF_NEED: Final = {
    NeedKind.DID_DOCUMENT: DID_DOCUMENT,
    NeedKind.STATUS_LIST: STATUS_LIST,
    NeedKind.CREDENTIAL: CREDENTIAL,
    NeedKind.LINKSET: LINKSET,
    NeedKind.CATALOGUE: CATALOGUE,
    NeedKind.FILE: FILE,
}

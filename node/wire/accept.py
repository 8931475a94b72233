"""What a caller would rather have, read from its ``Accept`` header.

The rule: the most specific range decides, and a page for people is only for who says so: a caller that likes a form
for machines as much gets that one. RFC 9110 section 12.5.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

HTML: Final = "text/html"
_LONGEST: Final = 2048
_OF_BROWSERS: Final = frozenset({"application/xhtml+xml", "application/xml", "application/signed-exchange"})


def wishes_of(accept: str) -> Mapping[str, float]:
    """Media range → weight from 0 to 1."""
    wishes: dict[str, float] = {}
    for part in accept[:_LONGEST].split(","):
        media_range, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = next((item[2:] for item in parameters if item.startswith("q=")), "1")
        try:
            wishes[media_range] = min(1.0, max(0.0, float(weight)))
        except ValueError:
            wishes[media_range] = 0.0
    return wishes


def liking(media_type: str, wishes: Mapping[str, float]) -> float:
    """The weight of the most specific range that matches."""
    for media_range in (media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
        if media_range in wishes:
            return wishes[media_range]
    return 0.0


def prefers_zip(accept: str) -> bool:
    """Does the caller name a zip, and like it better than JSON?"""
    wishes = wishes_of(accept)
    return wishes.get("application/zip", 0.0) > wishes.get("application/json", 0.0)


def prefers_page(accept: str) -> bool:
    """Does the caller name HTML, and like no form for machines that it names as well?"""
    wishes = wishes_of(accept)
    stated = max((wishes.get(media_range, 0.0) for media_range in (HTML, "text/*")), default=0.0)
    others = (
        weight
        for media_range, weight in wishes.items()
        if media_range.startswith("application/") and media_range not in _OF_BROWSERS
    )
    return stated > max(others, default=0.0)

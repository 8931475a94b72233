"""Which representation a caller wants (RFC 9110 section 12.5.1), and answers that carry their digest as ETag.

The rule: the default comes first in the offer and wins every tie; a caller without a wish gets it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from aiohttp import web

from node.api.problems import RequestProblem


def choose(request: web.Request, offered: Sequence[str]) -> str:
    """The offered media type that ``Accept`` likes best.

    Raises:
        RequestProblem: NOT_ACCEPTABLE when it likes none.
    """
    wishes = _wishes(",".join(request.headers.getall("Accept", ["*/*"])))
    best = max(offered, key=lambda media_type: _liking(media_type, wishes))  # max keeps the first of equals
    if _liking(best, wishes) <= 0:
        raise RequestProblem(
            "None of the offered forms is acceptable.", code="NOT_ACCEPTABLE", fix=f"Accept {' or '.join(offered)}."
        )
    return best


def tagged(request: web.Request, body: bytes, media_type: str, *, max_age: int) -> web.Response:
    """``body`` with its SHA-256 as ETag and open to every origin; 304 when the caller has it already."""
    tag = f'"{hashlib.sha256(body).hexdigest()}"'
    headers = {
        "ETag": tag,
        "Vary": "Accept",
        "Cache-Control": f"public, max-age={max_age}",
        "Access-Control-Allow-Origin": "*",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    held = {item.strip().removeprefix("W/") for item in request.headers.get("If-None-Match", "").split(",")}
    if tag in held or "*" in held:
        return web.Response(status=304, headers=headers)
    return web.Response(body=body, content_type=media_type, headers=headers)


def _wishes(accept: str) -> dict[str, float]:
    wishes: dict[str, float] = {}
    for part in accept[:2048].split(","):
        media_range, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = next((item[2:] for item in parameters if item.startswith("q=")), "1")
        try:
            wishes[media_range] = min(1.0, max(0.0, float(weight)))
        except ValueError:
            wishes[media_range] = 0.0
    return wishes


def _liking(media_type: str, wishes: dict[str, float]) -> float:
    """The weight of the most specific range that matches."""
    for media_range in (media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
        if media_range in wishes:
            return wishes[media_range]
    return 0.0

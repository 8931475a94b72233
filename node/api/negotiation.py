"""Which representation a caller wants (RFC 9110 section 12.5.1), and answers that carry their digest as ETag.

The rule: the default comes first in the offer and wins every tie; a caller without a wish gets it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from aiohttp import web

from node.api.problems import RequestProblem
from node.wire.accept import liking, wishes_of


def choose(request: web.Request, offered: Sequence[str]) -> str:
    """The offered media type that ``Accept`` likes best.

    Raises:
        RequestProblem: NOT_ACCEPTABLE when it likes none.
    """
    wishes = wishes_of(",".join(request.headers.getall("Accept", ["*/*"])))
    best = max(offered, key=lambda media_type: liking(media_type, wishes))  # max keeps the first of equals
    if liking(best, wishes) <= 0:
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

"""What peers may ask us about themselves: what they told us, the heads that they signed, and what we hold of theirs.

The rule: a peer is shown what it signed and told itself, and nothing of anybody else; everything carries its signature,
or a head that does covers it. See docs/federation.md#heads and docs/federation.md#gathering-back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from aiohttp import web

from credentials.encoding.multibase import encode_base64url
from credentials.errors import MalformedInput
from node.api.bodies import query_of
from node.api.inbox import asked_by_peer
from node.running import NODE

MOST: Final = 500
#: Bytes of what one page shows, beyond which it ends; a single document may be longer.
_PAGE: Final = 1 << 20
_CREDENTIALS, _LISTS = "credentials", "lists"


async def told(request: web.Request) -> web.Response:
    """200 with the lives of the peer that we know of, its newest head first, and a page of what it told in one."""
    caller = await asked_by_peer(request)
    asked = query_of(request)
    epoch, after, limit = asked.get("epoch", ""), _number(asked, "after"), min(_number(asked, "limit", MOST), MOST)
    async with request.app[NODE].store.reading() as tx:
        heads = await tx.heard.heads(caller.did)
        facts = await tx.heard.told(caller.did, epoch, after=after, limit=limit) if epoch and limit else ()
    page = list(_fitting((seq, len(raw), {"seq": seq, "event": json.loads(raw)}) for seq, raw in facts))
    lives = [{"epoch": head.epoch, "previous": head.previous, "head": head.raw} for head in heads]
    body: dict[str, Any] = {"heads": lives, "events": [item for _, item in page]}
    if page and (len(page) < len(facts) or len(facts) == limit):
        body["next"] = page[-1][0]
    return web.json_response(body)


async def held(request: web.Request) -> web.Response:
    """200 with a page of the peer's own credentials and status lists that are kept here, each as it was issued.

    Credentials come first; ``next`` says where the page ended, and is left out behind the last one.
    """
    caller = await asked_by_peer(request)
    kind, after = _place(query_of(request).get("after", ""))
    async with request.app[NODE].store.reading() as tx:
        found: list[tuple[int, str, bytes]]
        if kind == _CREDENTIALS:
            credentials = await tx.received.of_issuer(caller.did, after=after, limit=MOST)
            found = [(number, one.media_type, one.raw) for number, one in credentials]
        else:
            lists = await tx.seen_lists.of_issuer(caller.did, after=after, limit=MOST)
            found = [(number, one.media_type, one.raw) for number, one in lists]
    page = list(_fitting((number, len(raw), _document(media_type, raw)) for number, media_type, raw in found))
    body: dict[str, Any] = {kind: [item for _, item in page]}
    if len(page) < len(found) or len(found) == MOST:
        body["next"] = f"{kind} {page[-1][0]}"
    elif kind == _CREDENTIALS:
        body["next"] = f"{_LISTS} 0"
    return web.json_response(body)


def _document(media_type: str, raw: bytes) -> dict[str, str]:
    return {"mediaType": media_type, "raw": encode_base64url(raw)}


def _fitting(items: Iterable[tuple[int, int, dict[str, Any]]]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Numbers and items, until their sizes fill a page; one at least."""
    room = _PAGE
    for number, size, item in items:
        if room < size and room < _PAGE:
            return
        room -= size
        yield number, item


def _number(asked: dict[str, str], name: str, otherwise: int = 0) -> int:
    text = asked.get(name, str(otherwise))
    if not (text.isascii() and text.isdigit() and len(text) <= 16):
        raise MalformedInput(f"{name} is a whole number.", pointer=f"/{name}", fix="Use the next of that page.")
    return int(text)


def _place(text: str) -> tuple[str, int]:
    kind, _, number = (text or f"{_CREDENTIALS} 0").partition(" ")
    if kind not in (_CREDENTIALS, _LISTS):
        raise MalformedInput("This is not where a page ended.", pointer="/after", fix="Use the next of that page.")
    return kind, _number({"after": number}, "after")

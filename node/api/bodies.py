"""What a caller sent, read once, bounded and strictly: nothing reaches a handler that two parsers could read apart.

The rule: bytes, seconds and content type first, then the strict JSON reader; unknown members are refused, not
ignored. See docs/requirements.md S105, S110 and S1 to S16.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Final

from aiohttp import web

from credentials.encoding.document import DEFAULT_LIMITS, JsonObject, Limits, parse_document
from credentials.errors import MalformedInput
from node.api.problems import RequestProblem
from node.running import NODE

_SECONDS: Final = 30.0
_OPTIONS_UNKNOWN: Final = "UNKNOWN_OPTION_PROVIDED"


async def read_body(request: web.Request, *, limit: int = 0) -> bytes:
    """The body's bytes, at most ``limit``, or what the settings say. Raises RequestProblem: TOO_LARGE or TOO_SLOW."""
    limit = limit or request.app[NODE].budgets.body
    if (request.content_length or 0) > limit:
        raise _too_large(limit)
    received = bytearray()
    try:
        async with asyncio.timeout(_SECONDS):
            async for chunk in request.content.iter_chunked(65_536):
                received += chunk
                if len(received) > limit:
                    raise _too_large(limit)
    except TimeoutError as error:
        raise RequestProblem(
            f"The body did not arrive within {_SECONDS:.0f} seconds.", code="TOO_SLOW", fix="Send it in one go."
        ) from error
    return bytes(received)


async def read_json(request: web.Request, members: Iterable[str], *, required: Iterable[str] = ()) -> JsonObject:
    """The body as a JSON object with no other than these ``members``.

    Raises:
        RequestProblem: CONTENT_TYPE, TOO_LARGE, TOO_SLOW.
        MalformedInput: JSON_* or MALFORMED_VALUE_ERROR with a pointer.
    """
    if request.content_type != "application/json" and not request.content_type.endswith("+json"):
        raise RequestProblem(
            "The body is not declared as JSON.", code="CONTENT_TYPE", fix="Send Content-Type: application/json."
        )
    raw = await read_body(request)
    # A token travels inside as one long text, so the text limit here is the body's.
    limits = Limits(size=len(raw), depth=DEFAULT_LIMITS.depth + 2, text=max(len(raw), 1))
    value = parse_document(raw, limits=limits).value
    only_members(value, members)
    for name in required:
        if name not in value:
            raise MalformedInput(f"The member {name!r} is missing.", pointer=f"/{name}", fix=f"Send {name}.")
    return value


def query_of(request: web.Request) -> dict[str, str]:
    """What the address asks after its question mark, each name once. Raises MalformedInput."""
    for name in request.query:
        if len(request.query.getall(name)) > 1:
            raise MalformedInput(f"{name[:60]} is asked twice.", pointer=f"/{name[:60]}", fix="Ask it once.")
    return dict(request.query)


def only_members(value: Mapping[str, object], members: Iterable[str], *, pointer: str = "", code: str = "") -> None:
    """Refuse a member that is not understood. Raises MalformedInput."""
    known = sorted(members)
    for name in value:
        if name not in known:
            raise MalformedInput(
                f"The member {name[:60]!r} is not understood here.",
                code=code or None,
                pointer=f"{pointer}/{name[:60]}",
                fix=f"Use only: {', '.join(known)}.",
            )


def options_of(value: JsonObject, known: Iterable[str]) -> JsonObject:
    """The ``options`` of a VC API request. Raises MalformedInput: UNKNOWN_OPTION_PROVIDED."""
    options = value.get("options", {})
    if not isinstance(options, Mapping):
        raise MalformedInput("options is not an object.", pointer="/options", fix="Send an object or leave it out.")
    only_members(options, known, pointer="/options", code=_OPTIONS_UNKNOWN)
    return options


def object_of(value: JsonObject, name: str) -> JsonObject:
    """The member ``name``, an object. Raises MalformedInput."""
    item = value.get(name)
    if not isinstance(item, dict):
        raise MalformedInput(f"{name} is not an object.", pointer=f"/{name}", fix=f"Send {name} as a JSON object.")
    return item


def text_of(value: JsonObject, name: str, *, pointer: str = "") -> str:
    """The non-empty text member ``name``. Raises MalformedInput."""
    text = value.get(name)
    if not isinstance(text, str) or not text.strip() or len(text) > 2048:
        raise MalformedInput(
            f"{name} is not a text of 1 to 2048 characters.", pointer=f"{pointer}/{name}", fix="Send a text."
        )
    return text


def texts_of(value: JsonObject, name: str, *, pointer: str = "") -> tuple[str, ...]:
    """The member ``name`` as a list of texts, empty when absent. Raises MalformedInput."""
    items = value.get(name, [])
    if not isinstance(items, list) or len(items) > 1000 or not all(isinstance(item, str) for item in items):
        raise MalformedInput(f"{name} is not a list of texts.", pointer=f"{pointer}/{name}", fix="Send a list.")
    return tuple(items)


def flag_of(value: JsonObject, name: str, *, pointer: str = "", default: bool = False) -> bool:
    """The boolean member ``name``. Raises MalformedInput."""
    flag = value.get(name, default)
    if not isinstance(flag, bool):
        raise MalformedInput(
            f"{name} is neither true nor false.", pointer=f"{pointer}/{name}", fix="Send true or false."
        )
    return flag


def _too_large(limit: int) -> RequestProblem:
    return RequestProblem(f"The body is larger than {limit} bytes.", code="TOO_LARGE", fix="Send less in one request.")

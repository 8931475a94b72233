"""What people hand to a page to be checked: a text that they paste, or a file, read once, bounded and kept nowhere.

A form is application/x-www-form-urlencoded (HTML, 4.10.21.7), one with a file multipart/form-data (RFC 7578).
"""

from __future__ import annotations

import asyncio
from typing import Final
from urllib.parse import parse_qs

from aiohttp import BodyPartReader, web

from credentials.errors import MalformedInput

#: The largest file that a page takes; larger ones are for the command.
MOST_BYTES: Final = 8_000_000
_SECONDS: Final = 30.0
_PARTS: Final = 4


async def handed_over(request: web.Request, name: str) -> bytes:
    """The field ``name`` of a form, or its file, without white space around; empty where neither is there.

    Raises:
        MalformedInput: it is no such form, both are there, it is too large, or it took too long.
    """
    try:
        async with asyncio.timeout(_SECONDS):
            if request.content_type == "application/x-www-form-urlencoded":
                text = (await request.read()).decode("ascii")
                return parse_qs(text, max_num_fields=8, keep_blank_values=True).get(name, [""])[0].strip().encode()
            if request.content_type == "multipart/form-data":
                return await _of_parts(request, name)
    except TimeoutError as error:
        raise MalformedInput("The form took too long to arrive.", code="TOO_SLOW", fix="Send it again.") from error
    except ValueError as error:
        raise MalformedInput("The form cannot be read.", pointer=f"/{name}", fix="Use the page.") from error
    raise MalformedInput("This is no form.", code="CONTENT_TYPE", fix="Use the page, or POST /credentials/verify.")


async def _of_parts(request: web.Request, name: str) -> bytes:
    found, count = b"", 0
    async for part in await request.multipart():
        count += 1
        if count > _PARTS or not isinstance(part, BodyPartReader):
            raise ValueError("more parts than the page has")
        body = await _bounded(part)
        if part.name in (name, "file") and body.strip():
            if found:
                raise MalformedInput(
                    "A text and a file were handed over, and only one can be judged.",
                    pointer="/file",
                    fix="Empty the text, or choose no file.",
                )
            found = body
    return found if found.startswith(b"PK") else found.strip()


async def _bounded(part: BodyPartReader) -> bytes:
    body = bytearray()
    while chunk := await part.read_chunk():
        body += chunk
        if len(body) > MOST_BYTES:
            raise MalformedInput(
                f"The file is above {MOST_BYTES // 1_000_000} MB.",
                code="TOO_LARGE",
                pointer="/file",
                fix="Check it by the command: tracenode verify-bundle, tracenode verify.",
            )
    return bytes(body)

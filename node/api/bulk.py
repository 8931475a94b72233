"""Very many credentials in one request: a line in, a line out, in the same order.

The rule: NDJSON both ways (node.flows.verifying.bulk_lines). Lines, their number and the pause between them are
bounded; what ends a request early is its last line. Answers come a chunk at a time and must be read while lines are
sent.
See docs/requirements.md D17 and D15.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Final

from aiohttp import web

from node.api import caller_sources
from node.api.problems import RequestProblem, problem_json
from node.errors import NodeError
from node.flows.verifying.bulk import Bulk, Item
from node.flows.verifying.bulk_lines import MEDIA_TYPE, as_line, item_of, line_of
from node.running import NODE

_ACCEPTED: Final = frozenset({MEDIA_TYPE, "application/ndjson", "application/jsonl"})
MOST_LINES: Final = 100_000
_PAUSE: Final = 30.0  # seconds without a byte


async def verify_many(request: web.Request) -> web.StreamResponse:
    """200 with one line of verdict for every line of credential."""
    if request.content_type not in _ACCEPTED:
        raise RequestProblem(
            "The body is not declared as NDJSON.", code="CONTENT_TYPE", fix=f"Send Content-Type: {MEDIA_TYPE}."
        )
    node = request.app[NODE]
    bulk = Bulk(source=caller_sources.source_for(request), judging=node.judging, at=node.clock(), store=node.store)
    response = web.StreamResponse(headers={"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store"})
    await response.prepare(request)
    lines = _Lines(request, node.budgets.body)
    try:
        async with aclosing(bulk.verify(lines.items())) as verdicts:
            async for judged in verdicts:
                await response.write(line_of(judged))
    except NodeError as error:
        lines.ended = error
    if lines.ended is not None:
        problem = problem_json(lines.ended.problem, node=node.identity.public_url)
        await response.write(as_line({"problem": problem}))
    await response.write_eof()
    return response


class _Lines:
    """The lines of a body as they arrive; ``ended`` says why it was not read to its end."""

    def __init__(self, request: web.Request, limit: int) -> None:
        self._request, self._limit = request, limit
        self.ended: NodeError | None = None

    async def items(self) -> AsyncIterator[Item]:
        """Every line that is not empty, named by its number from 1."""
        number = 0
        try:
            async for line in self._split():
                number += 1
                if number > MOST_LINES:
                    self.ended = _too_large(f"The body has more than {MOST_LINES} lines.")
                    return
                if line:
                    yield item_of(str(number), line)
        except RequestProblem as error:
            self.ended = error

    async def _split(self) -> AsyncIterator[bytes]:
        held = bytearray()
        async for chunk in self._chunks():
            held += chunk
            *lines, rest = held.split(b"\n")
            for line in lines:
                yield bytes(line.strip())
            held = bytearray(rest)
            if len(held) > self._limit:
                raise _too_large(f"A line is longer than {self._limit} bytes.")
        yield bytes(held.strip())

    async def _chunks(self) -> AsyncIterator[bytes]:
        while True:
            try:
                async with asyncio.timeout(_PAUSE):
                    chunk = await self._request.content.readany()
            except TimeoutError as error:
                raise RequestProblem(
                    f"Nothing arrived for {_PAUSE:.0f} seconds.", code="TOO_SLOW", fix="Send the rest apart."
                ) from error
            if not chunk:
                return
            yield chunk


def _too_large(detail: str) -> RequestProblem:
    return RequestProblem(detail, code="TOO_LARGE", fix="Send what is left in another request.")

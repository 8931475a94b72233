"""The place where pages for people join the addresses for machines: one URL, HTML when a browser asks.

The rule: this room knows that pages exist and not what is on them; whoever composes the node puts them here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from aiohttp import web

from credentials.errors import Problem
from node.store import IssuedCredential


class Pages(Protocol):
    """What a credential's address shows in a browser."""

    async def credential(self, request: web.Request, credential: IssuedCredential) -> web.StreamResponse:
        """The page of a published credential."""

    def problem(self, status: int, problems: Sequence[Problem]) -> web.Response:
        """The page of a request that ended in ``problems``, the first one the main one."""


PAGES: Final[web.AppKey[Pages]] = web.AppKey("pages", Pages)

"""The place where the page of an identifier joins its address: HTML when a browser asks.

The rule: this room knows that a page exists and not what is on it; whoever composes the node puts it here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from aiohttp import web

from node.store import StoredLink


class IdentifierPages(Protocol):
    """What an identifier's address shows in a browser."""

    async def identifier(
        self, request: web.Request, identifier: str, contexts: Sequence[tuple[str, Sequence[StoredLink]]]
    ) -> web.StreamResponse:
        """The page of an identifier with the public links of each context, the finest first."""


PAGES: Final[web.AppKey[IdentifierPages]] = web.AppKey("identifier-pages", IdentifierPages)

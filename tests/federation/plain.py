"""A plain UNTP participant: a few static answers under its own name and TLS, and no node behind them.

It knows nothing of peers, events or inboxes: a DID document, a linkset for each identifier, credentials, a status list.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from node.config import load_settings
from node.demo.companies import Company
from node.demo.offline import OfflineSeason
from node.serving.listeners import tls_of
from tests.federation.network import AT, Network

JWT = "application/vc+jwt"


@dataclass
class Plain:
    """What a company serves: path → (media type, bytes); and the paths it was asked for."""

    answers: dict[str, tuple[str, bytes]]
    heard: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        """Exactly what was put there."""
        self.heard.append(request.path)
        if request.path not in self.answers:
            return web.Response(status=404)
        media_type, body = self.answers[request.path]
        return web.Response(body=body, content_type=media_type)


@asynccontextmanager
async def plain_peer(
    network: Network, company: Company, answers: Mapping[str, tuple[str, bytes]]
) -> AsyncIterator[Plain]:
    """Serve ``answers`` under the name of ``company``, which is idle in ``network``."""
    plain = Plain(dict(answers))
    settings = load_settings(network.demo.members[company.key].data, environment={})
    app = web.Application()
    app.router.add_get("/{path:.*}", plain.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    host, _, port = settings.listen.rpartition(":")
    await web.TCPSite(runner, host, int(port), ssl_context=tls_of(settings), reuse_address=True).start()
    try:
        yield plain
    finally:
        await runner.cleanup()


def season_of(company: Company, folder: Path) -> dict[str, tuple[str, bytes]]:
    """What ``company`` has to serve after a season that it played without any node, with keys of its own."""
    issued = OfflineSeason(folder=folder, at=AT, planted=()).write()
    answers = {
        "/.well-known/did.json": ("application/did+json", (folder / f"did-{company.key}.json").read_bytes()),
        "/status/1": (JWT, (folder / f"status-{company.key}.jwt").read_bytes()),
    }
    for number, (key, one) in enumerate(issued.items()):
        if one.id.startswith(company.url("")):
            path = one.id.removeprefix(company.url("").rstrip("/"))
            answers[path] = (JWT, (folder / f"{number:02}-{key}.jwt").read_bytes())
    return answers


def linkset(anchor: str, relation: str, *hrefs: str) -> tuple[str, bytes]:
    """An RFC 9264 linkset with one context, written by hand."""
    targets = [{"href": href, "type": JWT, "title": "Passport"} for href in hrefs]
    body = {"linkset": [{"anchor": anchor, f"https://test.uncefact.org/voc/untp/{relation}": targets}]}
    return "application/linkset+json", json.dumps(body).encode()

"""Serving the conformance profile: a node that lives for one run, on loopback, without tokens or budgets.

The rule: it listens on 127.0.0.1 only, answers only who comes from there and calls it by a loopback name, keeps
everything in a folder that goes with it, and asks nobody for anything. No setting opens any of this to the network.
See docs/conformance/w3c.md C2; docs/requirements.md D5 and D7.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import ssl
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from aiohttp import web

from contexts.library import ContextLibrary
from node.api import caller_sources, did_resolution, health, instances, vc_api, vc_verify
from node.api.listener import PatientRunner
from node.api.problems import Handler, RequestProblem, problems_middleware
from node.app import machine_clock, open_node
from node.config import load_settings
from node.conformance import handlers, profile
from node.demo.certificates import Authority
from node.errors import SettingsProblem
from node.flows.issuing.instances import by_name
from node.initialization import initialize
from node.running import NODE, Budgets, Clock, RunningNode
from node.wire.budget import Pace

HOST: Final = "127.0.0.1"
_NAMES: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})
_LARGEST: Final = 10 << 20  # VCALM's recommended limit (docs/conformance/w3c.md A7.4)
_CONNECTIONS: Final = 1000  # one client may be a whole suite
_ROOT: Final = "/instances/{instance}"
_SETTINGS: Final = {"name": "Conformance", "public_url": "https://conformance.invalid", "production": "false"}

ROUTES: Final = (
    web.post(f"{_ROOT}/credentials/issue", handlers.issue),
    web.post(f"{_ROOT}/credentials/verify", handlers.verify),
    web.post(f"{_ROOT}/credentials/status", handlers.set_status),
    web.post(f"{_ROOT}/credentials/derive", vc_api.derive),
    web.post(f"{_ROOT}/presentations/verify", handlers.verify_presentation),
    web.get(f"{_ROOT}/credentials/{{id}}", handlers.show_credential),
    web.delete(f"{_ROOT}/credentials/{{id}}", handlers.delete_credential),
    web.post(f"{_ROOT}/presentations", handlers.create_presentation),
    web.get(f"{_ROOT}/presentations", handlers.list_presentations),
    web.get(f"{_ROOT}/presentations/{{id}}", handlers.show_presentation),
    web.delete(f"{_ROOT}/presentations/{{id}}", handlers.delete_presentation),
    web.post(f"{_ROOT}/challenges", vc_verify.make_challenge),
    web.post(f"{_ROOT}/status-lists", instances.open_status_list),
    web.get(f"{_ROOT}/status-lists/{{token}}", instances.show_status_list),
    web.get("/instances", instances.list_instances),
    web.get("/status/{token}", instances.show_status_list),
    web.get("/1.0/identifiers/{did:.*}", did_resolution.resolve),
    web.get("/health/live", health.live),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """A served profile: where it is, and its node."""

    addresses: profile.Addresses
    node: RunningNode


@asynccontextmanager
async def serving(
    *, port: int, tls_port: int | None, contexts: ContextLibrary, clock: Clock = machine_clock
) -> AsyncIterator[Serving]:
    """The profile on ``port``, and with TLS on ``tls_port`` where one is given; port 0 takes a free one.

    Raises:
        SettingsProblem: nothing can listen there.
    """
    with tempfile.TemporaryDirectory(prefix="tracenode-conformance-") as place:
        folder = Path(place) / "data"
        await initialize(folder, _SETTINGS)
        async with open_node(load_settings(folder, environment={}), clock=clock) as base:
            plain, secure = _bound(port), _bound(tls_port) if tls_port is not None else None
            addresses = _addresses(plain, secure)
            made = profile.instances(base.store, addresses=addresses, contexts=contexts)
            node = replace(base, instances=by_name(one.instance for one in made), budgets=Budgets(body=_LARGEST))
            runner = PatientRunner(
                application(node, made), per_address=_CONNECTIONS, access_log=None, shutdown_timeout=1.0
            )
            await runner.setup()
            try:
                await web.SockSite(runner, plain).start()
                if secure is not None:
                    await web.SockSite(runner, secure, ssl_context=_tls(Path(place), clock)).start()
                yield Serving(addresses=addresses, node=node)
            finally:
                await runner.cleanup()


async def serve(
    *, port: int, tls_port: int | None, contexts: ContextLibrary, ready: Callable[[profile.Addresses], None]
) -> None:
    """Serve the profile until SIGTERM or SIGINT; ``ready`` is told the addresses once it listens."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with serving(port=port, tls_port=tls_port, contexts=contexts) as served:
        ready(served.addresses)
        await stop.wait()


def application(node: RunningNode, made: Iterable[profile.SuiteInstance]) -> web.Application:
    """The web application of the profile: its routes are open, which is why only loopback reaches them."""
    app = web.Application(client_max_size=_LARGEST, middlewares=[problems_middleware, loopback_middleware])
    app[NODE] = node
    app[handlers.INSTANCES] = {one.row.name: one for one in made}
    app[caller_sources.PACE] = Pace()
    app.add_routes(ROUTES)
    return app


@web.middleware
async def loopback_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Only who is on this machine, and only under a name that no other site can point here."""
    host = request.headers.get("Host", "").lower()
    name, _, port = host.rpartition(":")
    peer = request.transport.get_extra_info("peername") if request.transport is not None else None
    if not (isinstance(peer, tuple) and ip_address(peer[0]).is_loopback):
        raise RequestProblem("The conformance profile answers on loopback only.", code="WRONG_HOST")
    if (name if name and port.isdigit() else host) not in _NAMES:
        raise RequestProblem("The conformance profile has loopback names only.", code="WRONG_HOST", fix=f"Use {HOST}.")
    return await handler(request)


def _bound(port: int) -> socket.socket:
    """A socket of loopback, bound before anything is made of its address. Raises SettingsProblem."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((HOST, port))
    except OSError as error:
        made.close()
        raise SettingsProblem(
            f"Nothing can listen on {HOST}:{port}: {error.strerror}.", pointer="/port", fix="Choose another port."
        ) from error
    return made


def _addresses(plain: socket.socket, secure: socket.socket | None) -> profile.Addresses:
    address = f"http://{HOST}:{plain.getsockname()[1]}"
    tls = f"https://{HOST}:{secure.getsockname()[1]}" if secure is not None else address
    return profile.Addresses(plain=address, secure=tls)


def _tls(folder: Path, clock: Clock) -> ssl.SSLContext:
    """A throw-away certificate; who runs the suites tells them not to check it (docs/conformance/w3c.md C2.1)."""
    at = clock()
    pair = Authority.create(folder / "tls", at=at).certify("localhost", at=at)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(pair.certificate, pair.key)
    return context

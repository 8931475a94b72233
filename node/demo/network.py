"""The running network: every company's node as a process of its own, with its own files, names, TLS and DID.

Nodes find each other by host name under a throw-away authority (``dev_hosts``, ``dev_ca``); the demo itself speaks
to each node as that company's staff would, over the node's loopback listener with the node's own token.
"""

from __future__ import annotations

import asyncio
import json
import random
import socket
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Self

from node.client.running_node import RunningApi
from node.config import SETTINGS_FILE, settings_file
from node.demo.certificates import Authority
from node.demo.companies import Company
from node.demo.launcher import Launcher
from node.disk import RunNote, write_private
from node.faults import marker
from node.initialization import initialize

_PORTS: Final = range(20_000, 32_768)  # below the ports of outgoing connections (net.ipv4.ip_local_port_range)
_PORT_TRIES: Final = 2_000


@dataclass(slots=True)
class CompanyNode:
    """One company's node: where its files are, and how to reach it while it runs."""

    company: Company
    data: Path
    note: RunNote | None = None

    @property
    def api(self) -> RunningApi:
        """The node's own API. Raises LookupError while it does not run."""
        if self.note is None:
            raise LookupError(f"{self.company.name} is not running")
        return RunningApi(self.note)


@dataclass(slots=True)
class DemoNetwork:
    """Companies, their nodes, and the launcher they run from."""

    folder: Path
    members: dict[str, CompanyNode]
    launcher: Launcher = field(default_factory=Launcher)

    @classmethod
    async def create(
        cls, folder: Path, companies: Sequence[Company], *, at: datetime, trust: dict[str, Any] | None = None
    ) -> Self:
        """Make every company's data folder below ``folder``; nothing runs yet. ``trust`` becomes each one's list."""
        authority = Authority.create(folder / "authority", at=at)
        free = _free_addresses(2 * len(companies))  # all at once: what was free a moment ago may be given again
        addresses = dict(zip(companies, free, strict=False))
        plain = free[len(companies) :]
        hosts = ",".join(f"{company.host}={address}" for company, address in addresses.items())
        network = cls(folder, {})
        for company, plain_address in zip(companies, plain, strict=True):
            pair = authority.certify(company.host, at=at)
            data = folder / company.key
            stated = {
                "name": company.name,
                "public_url": f"https://{company.host}",
                "listen": addresses[company],
                "plain_listen": plain_address,
                "tls_certificate": str(pair.certificate),
                "tls_key": str(pair.key),
                "production": "false",
                "dev_hosts": hosts,
                "dev_ca": str(authority.certificate),
                "public_per_minute": "10000",
                "peer_per_minute": "10000",
            }
            if trust is not None:
                stated["trust_list"] = "trust.json"
            await initialize(data, stated)
            if trust is not None:
                (data / "trust.json").write_text(json.dumps(trust, indent=1), "utf-8")
            network.members[company.key] = CompanyNode(company, data)
        return network

    async def start(self, *companies: Company) -> None:
        """Start the nodes of ``companies`` (all of them when none is named)."""
        chosen = companies or tuple(member.company for member in self.members.values())
        await asyncio.gather(*(self._start(self.members[company.key]) for company in chosen))

    async def stop(self, company: Company) -> None:
        """Stop one node in order."""
        member = self.members[company.key]
        await self.launcher.stop(member.data)
        member.note = None

    def kill(self, company: Company) -> None:
        """End one node as a power cut would; whoever asks it meanwhile gets no answer."""
        member = self.members[company.key]
        self.launcher.kill(member.data)
        member.note = None

    def runs(self, company: Company) -> bool:
        """Does this company's node run? It may have ended by itself at a named point."""
        return self.launcher.is_running(self.members[company.key].data)

    def arm(self, company: Company, point: str) -> None:
        """Let the node die at the named point ``point`` (node.faults) once it has been started again."""
        data = self.members[company.key].data
        stated = tomllib.loads((data / SETTINGS_FILE).read_text("utf-8")) | {"dev_kill_at": point}
        write_private(data / SETTINGS_FILE, settings_file(stated, data=data).encode("utf-8"))
        marker(data, point).unlink(missing_ok=True)

    def disarm(self, company: Company, point: str) -> bool:
        """Let the node pass ``point`` from now on; False when it died there already."""
        mark = marker(self.members[company.key].data, point)
        died = mark.exists()
        mark.touch(mode=0o600)
        return not died

    async def close(self) -> None:
        """Stop every node."""
        await self.launcher.stop_all()

    async def ask(
        self,
        company: Company,
        method: str,
        path: str,
        body: object = None,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Ask one company's node as its operator; the JSON of the answer."""
        api = self.members[company.key].api
        return await asyncio.to_thread(api.ask, method, path, body, headers=headers)

    async def _start(self, member: CompanyNode) -> None:
        member.note = await self.launcher.start(member.data)


def free_ports(count: int) -> list[int]:
    """``count`` loopback ports that are free now; they are held until all are known.

    None is of the range from which systems give ports to outgoing connections: there, the very requests that nodes
    send each other would now and then take the port of a node that is about to start.
    """
    held: list[socket.socket] = []
    try:
        for port in random.sample(_PORTS, _PORT_TRIES):
            with suppress(OSError):
                held.append(socket.create_server(("127.0.0.1", port)))
            if len(held) == count:
                return [item.getsockname()[1] for item in held]
    finally:
        for item in held:
            item.close()
    raise OSError(f"{count} free ports were not found on this machine")


def _free_addresses(count: int) -> list[str]:
    return [f"127.0.0.1:{port}" for port in free_ports(count)]

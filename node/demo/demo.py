"""The whole demo: start the network, run the season, let the buyer ask, compare with what was planted."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from credentials.encoding.moments import format_moment
from node.demo import defects
from node.demo.companies import BUYER, CERTIFIER, COMPANIES, SMALLHOLDER
from node.demo.network import DemoNetwork
from node.demo.offline import trust_list
from node.demo.season import season, target
from node.demo.season_run import SeasonRun


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoResult:
    """What the demo came to; ``to_json`` is the contract of ``demo --json``."""

    nodes: tuple[dict[str, Any], ...]
    report: dict[str, Any]
    credentials: dict[str, str]
    expected: tuple[dict[str, str], ...]

    @property
    def found(self) -> list[dict[str, str]]:
        """Rule and subject of every finding."""
        return [{"rule": item["rule"], "subject": item["subject"]} for item in self.report["findings"]]

    @property
    def ok(self) -> bool:
        """Was exactly what was planted found, each once?"""
        return sorted(map(_key, self.found)) == sorted(map(_key, self.expected))

    def to_json(self) -> dict[str, Any]:
        """``{"nodes","credentials","claims","findings","expected","ok"}`` and the report's other members."""
        return {
            "nodes": list(self.nodes),
            "credentials": [{"name": name, "id": url} for name, url in sorted(self.credentials.items())],
            "claims": self.report["claims"],
            "findings": self.report["findings"],
            "expected": list(self.expected),
            "ok": self.ok,
            "report": self.report,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """One run: what is planted, when, and who is told what happens."""

    at: datetime
    planted: Collection[str] = defects.NAMES
    say: Callable[[str], None] = field(default=lambda _: None)

    async def run(
        self, folder: Path, disturb: Callable[[DemoNetwork, SeasonRun], Any] | None = None
    ) -> tuple[DemoNetwork, DemoResult]:
        """Run the season in ``folder``; the network still runs afterwards, whoever asked closes it.

        ``disturb`` makes an asynchronous context in which the season runs: it may kill and restart nodes.
        """
        network = await DemoNetwork.create(folder, COMPANIES, at=self.at, trust=trust_list())
        try:
            return network, await self._run_season(network, disturb)
        except BaseException:
            await network.close()
            raise

    async def _run_season(
        self, network: DemoNetwork, disturb: Callable[[DemoNetwork, SeasonRun], Any] | None
    ) -> DemoResult:
        await network.start()
        self.say(f"{len(network.members)} nodes run, each with its own files, keys, name and TLS")
        season_run = SeasonRun(network, self.say)
        steps = season(self.at, self.planted)
        async with disturb(network, season_run) if disturb is not None else nullcontext():
            await season_run.introduce(steps)
            await season_run.issue(steps)
            if defects.REVOKED_ATTESTATION in self.planted:
                await season_run.revoke(CERTIFIER, "wages-attestation")
            await season_run.until_all_have_heard(COMPANIES)
        self.say(f"{len(steps)} credentials issued, published and exchanged")
        if defects.SUPPLIER_OFFLINE in self.planted:
            await network.stop(SMALLHOLDER)
            self.say(f"{SMALLHOLDER.name} went silent")
        report = await season_run.trace(BUYER, target(), at=format_moment(self.at))
        ids = {key: issued.id for key, issued in season_run.issued.items()}
        return DemoResult(
            nodes=_nodes(network),
            report=report,
            credentials=ids,
            expected=tuple(defects.expected_findings(self.planted, ids)),
        )


def temporary_folder() -> Path:
    """A fresh private folder for one run."""
    return Path(tempfile.mkdtemp(prefix="tracenode-demo-"))


def _nodes(network: DemoNetwork) -> tuple[dict[str, Any], ...]:
    return tuple(
        {
            "name": member.company.name,
            "role": member.company.role,
            "did": member.company.did,
            "url": member.note.plain if member.note else "",
            "running": member.note is not None,
        }
        for member in network.members.values()
    )


def _key(finding: dict[str, str]) -> tuple[str, str]:
    return finding["rule"], finding["subject"]

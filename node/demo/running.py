"""The demo from beginning to end: make the world, play the season, let the buyer ask, compare with what was planted."""

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
from node.demo.cast import BUYER, CAST, CERTIFIER, SMALLHOLDER
from node.demo.playing import Play
from node.demo.rehearsal import trust_list
from node.demo.season import season, target
from node.demo.world import World


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

    async def run(self, folder: Path, disturb: Callable[[World, Play], Any] | None = None) -> tuple[World, DemoResult]:
        """Play the season in ``folder``; the world still runs afterwards, whoever asked closes it.

        ``disturb`` makes an asynchronous context in which the season is played: it may kill and restart nodes.
        """
        world = await World.create(folder, CAST, at=self.at, trust=trust_list())
        try:
            return world, await self._play(world, disturb)
        except BaseException:
            await world.close()
            raise

    async def _play(self, world: World, disturb: Callable[[World, Play], Any] | None) -> DemoResult:
        await world.start()
        self.say(f"{len(world.members)} nodes run, each with its own files, keys, name and TLS")
        play = Play(world, self.say)
        steps = season(self.at, self.planted)
        async with disturb(world, play) if disturb is not None else nullcontext():
            await play.introduce(steps)
            await play.issue(steps)
            if defects.REVOKED_ATTESTATION in self.planted:
                await play.revoke(CERTIFIER, "wages-attestation")
            await play.until_all_have_heard(CAST)
        self.say(f"{len(steps)} credentials issued, published and exchanged")
        if defects.SUPPLIER_OFFLINE in self.planted:
            await world.stop(SMALLHOLDER)
            self.say(f"{SMALLHOLDER.name} went silent")
        report = await play.trace(BUYER, target(), at=format_moment(self.at))
        ids = {key: issued.id for key, issued in play.issued.items()}
        return DemoResult(
            nodes=_nodes(world),
            report=report,
            credentials=ids,
            expected=tuple(defects.expected_findings(self.planted, ids)),
        )


def temporary_folder() -> Path:
    """A fresh private folder for one run."""
    return Path(tempfile.mkdtemp(prefix="tracenode-demo-"))


def _nodes(world: World) -> tuple[dict[str, Any], ...]:
    return tuple(
        {
            "name": member.company.name,
            "role": member.company.role,
            "did": member.company.did,
            "url": member.note.plain if member.note else "",
            "running": member.note is not None,
        }
        for member in world.members.values()
    )


def _key(finding: dict[str, str]) -> tuple[str, str]:
    return finding["rule"], finding["subject"]

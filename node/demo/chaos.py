"""Disturbing the demo: nodes are killed and restarted while the season runs, and the verdict must end the same.

The rule: a disturbance is planned by its seed before it begins, bounded, and told. ``chaos(seed)`` kills nodes at
random moments and lets some of them die again at a named point; ``kill_at(point)`` lets one node die at exactly that
point. Both are contexts around the season for ``Demo.run(folder, disturb=…)``. See docs/requirements.md S139 to S141.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from node.demo.companies import BRAND, CERTIFIER, COMPANIES, FARM, SPINNER, Company
from node.demo.network import DemoNetwork
from node.demo.season_run import SeasonRun
from node.faults import KILL_POINTS

Disturbance = Callable[[DemoNetwork, SeasonRun], AbstractAsyncContextManager[None]]

#: Every named point, and the company whose node surely comes by it while the season runs.
DISTURBANCES: Final[Mapping[str, Company]] = MappingProxyType(
    {
        "issue.before-commit": SPINNER,
        "issue.after-commit": SPINNER,
        "share.after-claim": CERTIFIER,
        "deliver.after-answer": FARM,
        "inbox.after-store": SPINNER,
        "gathered.before-commit": SPINNER,
        "gathered.after-commit": BRAND,
        "receive.before-keep": BRAND,
    }
)
_KILLS: Final = (8, 12)
_PAUSES: Final = (0.2, 0.9)  # seconds between kills
_DOWN: Final = (0.0, 0.4)  # seconds that a killed node stays away
_ARMED: Final = 0.4  # share of the kills after which the node is armed with a named point
_LOOK: Final = 0.05  # seconds between looks for a node that ended by itself
_STARTS: Final = 3  # a node may die once more while it starts: of the point it is armed with


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """One kill: after ``pause`` seconds, for ``down`` seconds; ``point`` names where the node is to die next."""

    company: Company
    pause: float
    down: float
    point: str = ""


def plan(seed: int) -> tuple[Kill, ...]:
    """The kills of one run of chaos; the same for the same ``seed``."""
    choice = random.Random(seed)  # noqa: S311 - repeatable on purpose
    return tuple(
        Kill(
            company=choice.choice(COMPANIES),
            pause=choice.uniform(*_PAUSES),
            down=choice.uniform(*_DOWN),
            point=choice.choice(tuple(KILL_POINTS)) if choice.random() < _ARMED else "",
        )
        for _ in range(choice.randint(*_KILLS))
    )


def disturbance(seed: int | None, point: str | None) -> Disturbance | None:
    """What the options of the command ask for: ``kill_at(point)``, ``chaos(seed)``, or nothing.

    Raises:
        LookupError: there is no such point.
    """
    if point is not None:
        return kill_at(point)
    return chaos(seed) if seed is not None else None


def chaos(seed: int) -> Disturbance:
    """Kills and restarts as planned by ``seed``."""

    @asynccontextmanager
    async def disturbed(network: DemoNetwork, season_run: SeasonRun) -> AsyncIterator[None]:
        kills = plan(seed)
        season_run.say(f"chaos with seed {seed}: {len(kills)} kills are planned")
        async with _Ward(network, season_run).at_work() as ward:
            killing = asyncio.create_task(ward.kill_all(kills))
            try:
                yield
            finally:
                killing.cancel()
                await asyncio.gather(killing, return_exceptions=True)
        season_run.say(f"{ward.deaths} times a node died and came back")

    return disturbed


def kill_at(point: str) -> Disturbance:
    """One node dies at the named point ``point`` and is started again; leaving without that raises LookupError."""
    company = DISTURBANCES.get(point)
    if company is None:
        raise LookupError(f"{point} is no named point; there are {', '.join(DISTURBANCES)}")

    @asynccontextmanager
    async def disturbed(network: DemoNetwork, season_run: SeasonRun) -> AsyncIterator[None]:
        season_run.say(f"the node of {company.name} is to die where {KILL_POINTS[point]}")
        async with _Ward(network, season_run).at_work() as ward:
            ward.kill(Kill(company=company, pause=0, down=0, point=point))
            yield
        if (company.key, point) in ward.passed:
            raise LookupError(f"the node of {company.name} never came by {point}")

    return disturbed


@dataclass(slots=True)
class _Ward:
    """Kills nodes, and brings back whoever is gone and whose time away is over; ``passed``: armed in vain."""

    network: DemoNetwork
    season_run: SeasonRun
    deaths: int = 0
    passed: set[tuple[str, str]] = field(default_factory=set)
    _away: dict[str, float] = field(default_factory=dict)
    _armed: set[tuple[Company, str]] = field(default_factory=set)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[_Ward]:
        """Watch over the nodes; at the end nobody is armed and everybody runs."""
        over = asyncio.Event()
        watching = asyncio.create_task(self._watch(over))
        try:
            yield self
        finally:
            over.set()
            await watching
            self.passed = {(who.key, point) for who, point in self._armed if self.network.disarm(who, point)}
            await asyncio.sleep(_LOOK)
            self._away.clear()
            await self._bring_back()

    async def kill_all(self, kills: tuple[Kill, ...]) -> None:
        """One kill after the other, each after its pause."""
        for kill in kills:
            await asyncio.sleep(kill.pause)
            self.kill(kill)

    def kill(self, kill: Kill) -> None:
        """Kill a node and arm it; one that is gone already is let be."""
        company = kill.company
        if not self.network.runs(company) or self.network.members[company.key].note is None:
            return
        self.network.kill(company)
        self.season_run.say(
            f"killed the node of {company.name}" + (f", to die again at {kill.point}" if kill.point else "")
        )
        self._away[company.key] = asyncio.get_running_loop().time() + kill.down
        if kill.point:
            self.network.arm(company, kill.point)
            self._armed.add((company, kill.point))

    async def _watch(self, over: asyncio.Event) -> None:
        while not over.is_set():
            await self._bring_back()
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK):
                    await over.wait()

    async def _bring_back(self) -> None:
        now = asyncio.get_running_loop().time()
        gone = [company for company in COMPANIES if not self.network.runs(company)]
        await asyncio.gather(*(self._start(who) for who in gone if self._away.get(who.key, 0.0) <= now))

    async def _start(self, company: Company) -> None:
        for _ in range(_STARTS):
            self.deaths += 1
            with suppress(RuntimeError):  # it came by its point again before it listened
                await self.network.start(company)
                self.season_run.say(f"the node of {company.name} is back")
                return
        raise RuntimeError(f"the node of {company.name} does not come back")

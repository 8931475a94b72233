"""Running the season: every company's staff does the work, over the node's own interface, until all have heard.

The rule: an answer that got lost is asked for again with the same idempotency key, so that a node that is killed in
the middle of anything changes nothing about the season.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from node.client.running_node import Refused
from node.demo.companies import ACCREDITOR, CERTIFIER, FIELDCHECK, GREENSEAL, REGISTER, Company
from node.demo.network import DemoNetwork
from node.demo.season_steps import IssuedReference, Step
from node.errors import FolderProblem

_TRIES: Final = 120
_PAUSE: Final = 0.25  # seconds between tries and between looks
_HEARD: Final = 90.0  # seconds after which the exchange must have come to rest

_TRACED: Final = 60.0  # seconds after which a trace must be done
#: What a node says while it, or a peer of it, is between two lives (a token is good for one life).
_PASSING: Final = ("PEER_UNREACHABLE", "NOT_AUTHENTICATED")

Say = Callable[[str], None]


@dataclass(slots=True)
class SeasonRun:
    """One run of a season in ``network``; ``say`` is told what happens."""

    network: DemoNetwork
    say: Say
    issued: dict[str, IssuedReference] = field(default_factory=dict)

    async def introduce(self, steps: Sequence[Step]) -> None:
        """Put into each other's peer books all who will exchange something."""
        pairs = {frozenset((step.issuer, other)) for step in steps for other in step.about}
        work = [
            self._retry(peer, "POST", "/peers", {"did": other.did, "policy": {"share": _share(peer)}})
            for pair in pairs
            for peer, other in _both_ways(pair)
        ]
        await asyncio.gather(*work)
        self.say(f"{len(pairs)} pairs of companies have each other in their peer books")

    async def issue(self, steps: Sequence[Step]) -> Mapping[str, IssuedReference]:
        """Issue every step's credential as soon as what it relies on is there; companies work side by side."""
        waiting = list(steps)
        while waiting:
            ready = [(step, draft) for step in waiting if (draft := _draft(step, self.issued)) is not None]
            if not ready:
                raise LookupError(f"the season cannot go on: {[step.key for step in waiting]}")
            await asyncio.gather(*(self._issue(step, draft) for step, draft in ready))
            done = {step.key for step, _ in ready}
            waiting = [step for step in waiting if step.key not in done]
        return self.issued

    async def revoke(self, company: Company, key: str) -> None:
        """The company revokes the credential it issued under ``key``."""
        body = {
            "credentialId": self.issued[key].id,
            "credentialStatus": {"type": "BitstringStatusListEntry", "statusPurpose": "revocation"},
            "status": True,
        }
        await self._retry(company, "POST", "/credentials/status", body)
        self.say(f"{company.name} revoked {key}")

    async def until_all_have_heard(self, companies: Collection[Company]) -> None:
        """Wait until nothing is on its way between ``companies`` any more.

        Raises:
            TimeoutError: something is stuck.
        """
        async with asyncio.timeout(_HEARD):
            while not await self._at_rest(companies):  # noqa: ASYNC110 - other processes cannot set our events
                await asyncio.sleep(_PAUSE)
        self.say("every node has heard what it was to hear")

    async def trace(self, asker: Company, identifier: str, *, at: str) -> Any:
        """The report on ``identifier`` by the node of ``asker``, however long it takes it.

        Raises:
            TimeoutError: there is none in time.
        """
        answer = await self._retry(asker, "POST", "/traces", {"identifier": identifier, "at": at})
        async with asyncio.timeout(_TRACED):
            while "location" in answer:  # 202: it is still at work
                await asyncio.sleep(_PAUSE)
                answer = await self._retry(asker, "GET", answer["location"])
        return answer

    async def _issue(self, step: Step, draft: dict[str, Any]) -> None:
        answer = await self._retry(
            step.issuer, "POST", "/credentials/issue", {"credential": draft}, {"Idempotency-Key": f'"{step.key}"'}
        )
        self.issued[step.key] = IssuedReference(id=answer["id"], digest=answer["digestMultibase"])

    async def _at_rest(self, companies: Iterable[Company]) -> bool:
        """First nothing is on its way, then nothing waits: in this order nothing can slip through between two looks."""
        on_their_way = await self._states(companies)
        if any(state["unshared"] or state["deliveries"].get("pending") for state in on_their_way):
            return False
        return not any(state["arrived"].get("stored") for state in await self._states(companies))

    async def _states(self, companies: Iterable[Company]) -> list[Any]:
        return await asyncio.gather(*(self._retry(company, "GET", "/exchange") for company in companies))

    async def _retry(
        self, company: Company, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> Any:
        """Ask until the node answers: it may be starting again."""
        for attempt in range(_TRIES):
            try:
                return await self.network.ask(company, method, path, body, headers=headers)
            except (FolderProblem, LookupError):
                if attempt == _TRIES - 1:
                    raise
            except Refused as refusal:
                if attempt == _TRIES - 1 or refusal.problem.code not in _PASSING:
                    raise
            await asyncio.sleep(_PAUSE)
        raise AssertionError("unreachable")


def _draft(step: Step, issued: Mapping[str, IssuedReference]) -> dict[str, Any] | None:
    """The step's draft, or None while something it relies on is not issued yet."""
    try:
        return step.draft(issued)
    except KeyError:
        return None


def _both_ways(pair: frozenset[Company]) -> list[tuple[Company, Company]]:
    one, other = sorted(pair, key=lambda company: company.key)
    return [(one, other), (other, one)]


def _share(company: Company) -> str:
    """Traders tell partners all that is public; registers and certifiers tell those whom a credential is about."""
    return "mentioning" if company in (REGISTER, ACCREDITOR, CERTIFIER, FIELDCHECK, GREENSEAL) else "all"

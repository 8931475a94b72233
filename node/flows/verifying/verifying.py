"""Verifying: say what is needed, gather it, and judge when nothing is missing any more.

The rule: gathering decides nothing and judging fetches nothing. Every way in (posted, delivered, fetched, from a
file) goes through here. Many are verified in step, so that what they share is asked for once and in one order.
house.md §6.5; security.md I2, item 118.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from credentials.errors import LimitReached
from credentials.evidence import Evidence, Need
from credentials.verdict import Verdict
from node.flows.verifying.judging import Judging
from node.wire.source import Learns, Source

_ROUNDS: Final = 8  # a status list has needs of its own; nothing honest goes deeper than three


@dataclass(frozen=True, slots=True, kw_only=True)
class Verifying:
    """Verifies credentials with what ``source`` finds; ``judging`` says what it needs to know, and decides."""

    source: Source
    judging: Judging = field(default_factory=Judging)

    async def verify(self, raw: bytes, media_type: str | None, *, at: datetime) -> tuple[Verdict, Evidence]:
        """The verdict on ``raw`` at ``at``, and everything that was looked up for it."""
        verdicts, evidence = await self.verify_all([(raw, media_type)], at=at)
        return verdicts[0], evidence

    async def verify_all(
        self, documents: Sequence[tuple[bytes, str | None]], *, at: datetime, evidence: Evidence | None = None
    ) -> tuple[tuple[Verdict, ...], Evidence]:
        """The verdicts on ``documents`` (bytes, media type), and ``evidence`` with all that was looked up for them."""
        known = evidence or Evidence()
        own = [Evidence() for _ in documents]
        for _ in range(_ROUNDS):
            wanted: set[Need] = set()
            for index, (raw, media_type) in enumerate(documents):
                own[index], missing = await self._drawn(raw, media_type, own[index], known)
                wanted |= missing
            if not wanted:
                break
            known = known.with_answers(await self.source.answer(frozenset(wanted), at=at))
        judge = self.judging.verdict
        judged = (judge(raw, media_type, own[index], at) for index, (raw, media_type) in enumerate(documents))
        verdicts = tuple(await asyncio.gather(*judged))
        if isinstance(self.source, Learns):
            await self.source.learn((status for verdict in verdicts for status in verdict.status), at=at)
        return verdicts, known

    async def _drawn(
        self, raw: bytes, media_type: str | None, own: Evidence, known: Evidence
    ) -> tuple[Evidence, frozenset[Need]]:
        """``own`` with what ``known`` already answers, and what is missing from both.

        Each document gets only the evidence that it asked for, so that little travels to a worker process. Looking may
        take a signature check, so it is bounded like judging; of what takes too long nothing more is asked.
        """
        for _ in range(_ROUNDS):
            try:
                wanted = await self.judging.needs(raw, media_type, own)
            except LimitReached:
                break
            at_hand = {need: answer for need in wanted if (answer := known.get(need)) is not None}
            if not at_hand:
                return own, wanted
            own = own.with_answers(at_hand)
        return own, frozenset()

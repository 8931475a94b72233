"""Verifying: read once, say what is needed, gather it, and judge when nothing is missing any more.

The rule: gathering decides nothing and judging fetches nothing. Every way in (posted, delivered, fetched, from a
file) goes through here. Many are verified in step, so that what they share is asked for once and in one order.
docs/architecture.md, "The one loop: needs, gather, judge".
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from credentials.evidence import Evidence, Need
from credentials.verdict import Verdict
from credentials.verify import Reading, needs
from node.flows.verifying.judging import Judging, not_opened
from node.wire.source import Learns, Opens, Source

_ROUNDS: Final = 8  # a status list has needs of its own; nothing honest goes deeper than three


@dataclass(slots=True)
class _Open:
    """One document under way: its reading, and only that evidence which it asked for."""

    reading: Reading
    evidence: Evidence = field(default_factory=Evidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verifying:
    """Verifies credentials with what ``source`` finds; ``judging`` reads, checks and decides."""

    source: Source
    judging: Judging = field(default_factory=Judging)

    async def verify(self, raw: bytes, media_type: str | None, *, at: datetime) -> tuple[Verdict, Evidence]:
        """The verdict on ``raw`` at ``at``, and everything that was looked up for it."""
        verdicts, evidence = await self.verify_all([(raw, media_type)], at=at)
        return verdicts[0], evidence

    async def verify_all(
        self,
        documents: Sequence[tuple[bytes, str | None]],
        *,
        at: datetime,
        until: datetime | None = None,
        evidence: Evidence | None = None,
    ) -> tuple[tuple[Verdict, ...], Evidence]:
        """The verdicts on ``documents`` (bytes, media type), and ``evidence`` with all that was looked up for them.

        Status lists made ``until`` then answer, None for ``at``.
        """
        known, judging = evidence or Evidence(), self.judging
        distinct = tuple(dict.fromkeys(documents))
        opened = self.source.opened if isinstance(self.source, Opens) else not_opened
        readings = await asyncio.gather(*(judging.read(raw, kind, opened=opened) for raw, kind in distinct))
        under_way = [_Open(reading) for reading in readings]
        unsettled = under_way  # what needs nothing any more is not asked again
        for _ in range(_ROUNDS):
            missing = await asyncio.gather(*(self._drawn(one, known) for one in unsettled))
            unsettled = [one for one, needed in zip(unsettled, missing, strict=True) if needed]
            if not unsettled:
                break
            wanted = frozenset[Need]().union(*missing)
            known = known.with_answers(await self.source.answer(wanted, at=at))
        lists = await judging.lists(sorted({need for one in under_way for need in one.evidence}), known, opened=opened)
        judged = (judging.judged(one.reading, one.evidence, at, lists, known=until) for one in under_way)
        verdicts = dict(zip(distinct, judged, strict=True))
        if isinstance(self.source, Learns):
            statuses = (status for verdict in verdicts.values() for status in verdict.status)
            await self.source.learn(statuses, known, at=at)
        return tuple(verdicts[document] for document in documents), known

    async def _drawn(self, one: _Open, known: Evidence) -> frozenset[Need]:
        """What is missing for ``one`` after what ``known`` already answers was drawn from there."""
        while True:
            one.reading = await self.judging.check(one.reading, one.evidence)
            wanted = needs(one.reading, one.evidence)
            at_hand = known.only(wanted)
            if not at_hand.answers:
                return wanted
            one.evidence = one.evidence.with_answers(at_hand.answers)

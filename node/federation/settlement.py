"""What became of a batch: how far it is settled, what of it never will be taken, and how long the rest waits.

The rule: only a known word promises anything. A status that we do not know, and a rejection that asks for a later try,
are no acknowledgement: the stream stops before that event, and nothing is skipped that nobody refused.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from node.federation.client import Meaning, PeerAnswer
from node.federation.messages import EventStatus
from node.store.streams import Delivery, Stream

PAUSES: Final = (2, 10, 60, 300, 900, 3600)  # seconds, by number of failures; the last one for all later ones
PARKED_PAUSE: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What came of a batch: settled up to ``acked``, some of it ``refused`` (place → why), the rest waits for why."""

    acked: int
    refused: dict[int, str] = field(default_factory=dict)
    waits: str = ""


def settlement_of(stream: Stream, batch: Sequence[Delivery], answer: PeerAnswer) -> Settlement:
    """How far a batch is settled: up to the first event that the peer neither has nor will never take."""
    if answer.meaning is Meaning.NEVER:
        return Settlement(acked=batch[-1].seq, refused={item.seq: answer.detail for item in batch})
    if answer.meaning is not Meaning.STORED:
        return Settlement(acked=stream.acked, waits=answer.detail or "The peer did not answer.")
    acked, refused = stream.acked, dict[int, str]()
    for item in batch:
        result = answer.results[item.event.id]
        problem = result.get("problem")
        status = result.get("status")
        later = isinstance(problem, Mapping) and problem.get("retry") == "later"
        if status == EventStatus.REJECTED and not later:
            refused[item.seq] = str(problem or "The peer rejected it and does not say why.")
        elif status not in (EventStatus.ACCEPTED, EventStatus.DUPLICATE):
            return Settlement(
                acked=acked, refused=refused, waits=f"The peer's receipt promises nothing: {result!s:.500}"
            )
        acked = item.seq
    return Settlement(acked=acked, refused=refused)


def pause_after(stream: Stream, answer: PeerAnswer) -> timedelta:
    """Full jitter over a growing bound; what the peer asked for is the least."""
    if answer.meaning is Meaning.PARKED:
        return PARKED_PAUSE
    bound = PAUSES[min(stream.fails, len(PAUSES) - 1)]
    jitter = bound * (0.5 + random.random() / 2)  # noqa: S311 - spreads load, protects nothing
    return timedelta(seconds=max(jitter, answer.retry_after))

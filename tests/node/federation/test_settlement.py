"""node.federation.settlement: a receipt acknowledges what it plainly says and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from node.federation.client import Meaning, PeerAnswer
from node.federation.settlement import settlement_of
from node.store import OutboxEvent
from node.store.streams import Delivery, Stream

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
STREAM = Stream(peer="did:web:b.test", acked=4, fails=0, lease="x", epoch="e")
GOOD = {"status": "accepted"}
NEVER = {"status": "rejected", "problem": {"code": "EQUIVOCATION", "retry": "never"}}
LATER = {"status": "rejected", "problem": {"code": "BUSY", "retry": "later"}}


def _batch(count: int) -> list[Delivery]:
    return [
        Delivery(
            peer=STREAM.peer,
            seq=STREAM.acked + 1 + number,
            epoch=STREAM.epoch,
            place=STREAM.acked + 1 + number,
            event=OutboxEvent(id=f"e{number}", source="s", type="t", subject="s", time=AT, data={}),
        )
        for number in range(count)
    ]


def _answer(*results: Any) -> PeerAnswer:
    return PeerAnswer(meaning=Meaning.STORED, results={f"e{number}": result for number, result in enumerate(results)})


def test_what_is_accepted_or_a_duplicate_is_settled() -> None:
    settled = settlement_of(STREAM, _batch(2), _answer(GOOD, {"status": "duplicate"}))

    assert (settled.acked, settled.refused, settled.waits) == (6, {}, "")


def test_a_rejection_for_ever_is_shown_and_the_stream_goes_on() -> None:
    settled = settlement_of(STREAM, _batch(3), _answer(GOOD, NEVER, GOOD))

    assert settled.acked == 7
    assert list(settled.refused) == [6]
    assert "EQUIVOCATION" in settled.refused[6]


@pytest.mark.parametrize("word", [LATER, {"status": "queued"}, {}, {"status": None}])
def test_a_later_try_or_an_unknown_word_acknowledges_nothing_behind_it_either(word: Any) -> None:
    settled = settlement_of(STREAM, _batch(3), _answer(GOOD, word, GOOD))

    assert settled.acked == 5
    assert settled.refused == {}
    assert settled.waits

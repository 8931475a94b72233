"""node.store.stream_positions: what of a stream is here, told by a head and a few runs."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from node.store.stream_positions import MOST_RUNS, StreamPositions

_SEQS = st.lists(st.integers(1, 80), max_size=120)


def _head(seqs: set[int]) -> int:
    """The same by counting: as far as it goes without a gap."""
    head = 0
    while head + 1 in seqs:
        head += 1
    return head


@given(batches=st.lists(_SEQS, max_size=8))
def test_the_head_is_as_far_as_one_can_count(batches: list[list[int]]) -> None:
    here = StreamPositions()
    for batch in batches:
        here = StreamPositions.of_text(here.head, here.text).with_positions(batch)

    seqs = {seq for batch in batches for seq in batch}
    assert here.head == _head(seqs)
    beyond = {seq for first, last in here.beyond for seq in range(first, last + 1)}
    assert beyond == {seq for seq in seqs if seq > here.head}


@given(seqs=_SEQS, seed=st.integers())
def test_the_order_of_arrival_does_not_matter(seqs: list[int], seed: int) -> None:
    one_by_one = StreamPositions()
    for seq in random.Random(seed).sample(seqs, len(seqs)):
        one_by_one = one_by_one.with_positions([seq])

    assert one_by_one == StreamPositions().with_positions(seqs)


def test_gaps_without_end_are_forgotten_from_the_far_side_and_never_raise_the_head() -> None:
    here = StreamPositions()
    for seq in range(2, 2000, 2):
        here = here.with_positions([seq])
    assert (here.head, len(here.beyond)) == (0, MOST_RUNS)

    closed = here.with_positions(range(1, 2 * MOST_RUNS, 2))

    assert closed == StreamPositions(head=2 * MOST_RUNS)

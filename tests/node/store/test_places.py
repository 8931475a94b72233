"""node.store.places: what of a stream is here, told by a head and a few runs."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from node.store.places import MOST_RUNS, Places

_SEQS = st.lists(st.integers(1, 80), max_size=120)


def _head(seqs: set[int]) -> int:
    """The same by counting: as far as it goes without a gap."""
    head = 0
    while head + 1 in seqs:
        head += 1
    return head


@given(batches=st.lists(_SEQS, max_size=8))
def test_the_head_is_as_far_as_one_can_count(batches: list[list[int]]) -> None:
    here = Places()
    for batch in batches:
        here = Places.of_text(here.head, here.text).with_places(batch)

    seqs = {seq for batch in batches for seq in batch}
    assert here.head == _head(seqs)
    beyond = {seq for first, last in here.beyond for seq in range(first, last + 1)}
    assert beyond == {seq for seq in seqs if seq > here.head}


@given(seqs=_SEQS, seed=st.integers())
def test_the_order_of_arrival_does_not_matter(seqs: list[int], seed: int) -> None:
    one_by_one = Places()
    for seq in random.Random(seed).sample(seqs, len(seqs)):
        one_by_one = one_by_one.with_places([seq])

    assert one_by_one == Places().with_places(seqs)


def test_gaps_without_end_are_forgotten_from_the_far_side_and_never_raise_the_head() -> None:
    here = Places()
    for seq in range(2, 2000, 2):
        here = here.with_places([seq])
    assert (here.head, len(here.beyond)) == (0, MOST_RUNS)

    closed = here.with_places(range(1, 2 * MOST_RUNS, 2))

    assert closed == Places(head=2 * MOST_RUNS)

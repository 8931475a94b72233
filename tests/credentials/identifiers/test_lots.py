"""Lot keys: one id is not one lot, and a missing number is filled in only when it can be only one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from credentials.identifiers.lots import LotKey, Lots

CLASS = LotKey("https://a.example/p")
ONE, TWO = LotKey(CLASS.id, "1"), LotKey(CLASS.id, "2")
ITEM = LotKey(CLASS.id, "1", "x")
keys = st.builds(LotKey, st.sampled_from(["p", "q"]), st.sampled_from(["", "1", "2"]), st.sampled_from(["", "x", "y"]))


def test_two_batches_of_one_id_are_two_lots() -> None:
    assert not ONE.covers(TWO)
    assert CLASS.covers(ONE)
    assert CLASS.covers(TWO)


def test_a_class_with_one_known_lot_is_that_lot() -> None:
    assert Lots.of([CLASS, ONE]).complete(CLASS) == ONE


def test_a_class_with_two_known_lots_stays_the_class_and_is_ambiguous() -> None:
    lots = Lots.of([CLASS, ONE, TWO])

    assert lots.complete(CLASS) == CLASS
    assert lots.is_ambiguous(CLASS)


def test_a_batch_is_not_taken_for_the_one_item_known_of_it() -> None:
    assert Lots.of([ONE, ITEM]).complete(ONE) == ONE


def test_an_item_without_its_batch_is_the_known_item() -> None:
    assert Lots.of([ITEM]).complete(LotKey(CLASS.id, "", "x")) == ITEM


def test_a_batch_and_its_one_item_leave_the_class_at_the_item() -> None:
    assert Lots.of([ONE, ITEM]).complete(CLASS) == ITEM


def test_an_unknown_lot_stays_as_it_is() -> None:
    assert Lots.of([ONE]).complete(LotKey("https://b.example/q")) == LotKey("https://b.example/q")


@given(st.lists(keys), keys)
def test_law_completing_never_leaves_what_is_covered_and_is_stable(known: list[LotKey], key: LotKey) -> None:
    lots = Lots.of(known)
    done = lots.complete(key)

    assert key.covers(done)
    assert lots.complete(done) == done


@given(st.lists(keys), st.randoms())
def test_law_the_order_of_keys_never_matters(known: list[LotKey], chance) -> None:  # type: ignore[no-untyped-def]
    shuffled = list(known)
    chance.shuffle(shuffled)

    assert Lots.of(known) == Lots.of(shuffled)

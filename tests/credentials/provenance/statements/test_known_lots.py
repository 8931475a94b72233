"""The lots that are known: a missing number is filled in only when it can be only one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from credentials.identifiers.lots import LotKey
from credentials.provenance.statements.known_lots import KnownLots

CLASS = LotKey("https://a.example/p")
ONE, TWO = LotKey(CLASS.id, "1"), LotKey(CLASS.id, "2")
ITEM = LotKey(CLASS.id, "1", "x")
keys = st.builds(LotKey, st.sampled_from(["p", "q"]), st.sampled_from(["", "1", "2"]), st.sampled_from(["", "x", "y"]))


def test_a_class_with_one_known_lot_is_that_lot() -> None:
    assert KnownLots([CLASS, ONE]).complete(CLASS) == ONE


def test_a_class_with_two_known_lots_stays_the_class_and_is_ambiguous() -> None:
    lots = KnownLots([CLASS, ONE, TWO])

    assert lots.complete(CLASS) == CLASS
    assert lots.is_ambiguous(CLASS)


def test_a_batch_is_not_taken_for_the_one_item_known_of_it() -> None:
    assert KnownLots([ONE, ITEM]).complete(ONE) == ONE


def test_an_item_without_its_batch_is_the_known_item() -> None:
    assert KnownLots([ITEM]).complete(LotKey(CLASS.id, "", "x")) == ITEM


def test_a_batch_and_its_one_item_leave_the_class_at_the_item() -> None:
    assert KnownLots([ONE, ITEM]).complete(CLASS) == ITEM


def test_an_unknown_lot_stays_as_it_is() -> None:
    assert KnownLots([ONE]).complete(LotKey("https://b.example/q")) == LotKey("https://b.example/q")


@given(st.lists(keys), keys)
def test_law_completing_never_leaves_what_is_covered_and_is_stable(known: list[LotKey], key: LotKey) -> None:
    lots = KnownLots(known)
    done = lots.complete(key)

    assert key.covers(done)
    assert lots.complete(done) == done


@given(st.lists(keys), st.randoms())
def test_law_the_order_of_keys_never_matters(known: list[LotKey], chance) -> None:  # type: ignore[no-untyped-def]
    shuffled = list(known)
    chance.shuffle(shuffled)

    one, other = KnownLots(known), KnownLots(shuffled)
    assert [(one.complete(key), one.is_ambiguous(key)) for key in known] == [
        (other.complete(key), other.is_ambiguous(key)) for key in known
    ]


@given(st.lists(keys, min_size=1), st.data())
def test_law_a_key_that_is_dropped_was_never_there(known: list[LotKey], data: st.DataObject) -> None:
    gone = data.draw(st.sets(st.sampled_from(range(len(known)))))
    lots = KnownLots(known)
    for index in gone:
        lots.complete(known[index])
        lots.drop(known[index])
    left = KnownLots(key for index, key in enumerate(known) if index not in gone)

    assert [lots.complete(key) for key in known] == [left.complete(key) for key in known]

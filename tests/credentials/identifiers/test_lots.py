"""Lot keys: one id is not one lot."""

from __future__ import annotations

from credentials.identifiers.lots import LotKey

CLASS = LotKey("https://a.example/p")
ONE, TWO = LotKey(CLASS.id, "1"), LotKey(CLASS.id, "2")


def test_two_batches_of_one_id_are_two_lots() -> None:
    assert not ONE.covers(TWO)
    assert CLASS.covers(ONE)
    assert CLASS.covers(TWO)

"""Two documents of one issuer and id: what they tell of goods counts at the worse of both, whichever came later."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from fractions import Fraction

import pytest

from credentials.identifiers.lots import LotKey
from credentials.provenance.case.case import Case
from credentials.provenance.case.whereabouts import (
    balance_of_lot,
    shortfalls_of_lot,
    transfers_of_lot,
    was_made_at,
)
from credentials.provenance.mass.quantities import unit_mass
from credentials.provenance.mass.tellings import Words
from tests.credentials.provenance import twin
from tests.credentials.provenance.asking import roots
from tests.credentials.provenance.rules.mutations import subject
from tests.credentials.provenance.signing import Draft

CATHODE, GRAPHITE = LotKey(twin.CATHODE, "K-31"), LotKey(twin.GRAPHITE, "G-2")
LATER, AT_ONCE, EARLIER = "2026-05-20T00:00:00Z", "", "2025-12-01T00:00:00Z"
WHENEVER = pytest.mark.parametrize("when", [LATER, AT_ONCE, EARLIER], ids=["later", "at-once", "earlier"])


def twice(name: str, change: Callable[[Draft], object], when: str) -> dict[str, Draft]:
    """The consistent world in which ``name`` was signed once more under its id, changed."""
    drafts = twin.drafts()
    other = deepcopy(drafts[name])
    other["validFrom"] = when or other["validFrom"]
    change(other)
    return drafts | {"other": other}


def case(drafts: dict[str, Draft]) -> Case:
    return Case.of(twin.question(), twin.holdings(drafts))


def moves(kilograms: float) -> Callable[[Draft], object]:
    def change(draft: Draft) -> None:
        draft["credentialSubject"][0]["movedProduct"][0]["quantity"]["value"] = kilograms

    return change


def another_event(draft: Draft) -> None:
    """The same document tells of another shipment instead."""
    event = draft["credentialSubject"][0]
    event |= {"id": event["id"] + "-b", "consignmentId": "urn:carrier:slow-boats:b"}


def left(drafts: dict[str, Draft]) -> Fraction:
    balance = balance_of_lot(case(drafts), CATHODE)
    assert balance is not None
    return balance.left


@WHENEVER
@pytest.mark.parametrize("other", [17_000, 9_000])
def test_of_a_shipment_that_is_told_twice_the_larger_amount_left(other: float, when: str) -> None:
    assert left(twice("cathode-shipped", moves(other), when)) == max(other, 12_000)


@WHENEVER
def test_a_lot_sold_beyond_itself_in_one_of_two_words_is_oversold(when: str) -> None:
    found = roots(twin.holdings(twice("cathode-shipped", moves(19_000), when)))

    assert ("PV-QTY-5", twin.CATHODE) in found
    assert ("PV-MRG-6", "https://coastsmelter.test/credentials/shipped-sea-3") in found


@WHENEVER
def test_a_shipment_that_only_one_of_two_words_tells_left(when: str) -> None:
    assert left(twice("cathode-shipped", another_event, when)) == 24_000


@WHENEVER
@pytest.mark.parametrize(("other", "came"), [(20, 20), (70, 62)])
def test_of_a_receipt_that_is_told_twice_the_smaller_amount_came(other: float, came: float, when: str) -> None:
    drafts = twice("graphite-received", moves(other), when)
    del drafts["graphite-shipped"]
    subject(drafts, "graphite-received")["movedProduct"][0]["quantity"]["value"] = 62

    short = shortfalls_of_lot(case(drafts), GRAPHITE)

    assert [worst.came for _, worst in short] == ([Fraction(20)] if came < 62 else [])


@WHENEVER
def test_a_receipt_that_one_of_two_words_does_not_tell_shows_nothing(when: str) -> None:
    drafts = twice("graphite-received", another_event, when)
    del drafts["graphite-shipped"]

    assert transfers_of_lot(case(drafts), GRAPHITE) == ()


@WHENEVER
def test_what_the_sender_tells_twice_came_by_the_smaller_figure(when: str) -> None:
    drafts = twice("graphite-shipped", moves(50), when)
    del drafts["graphite-received"]

    ((_, worst),) = shortfalls_of_lot(case(drafts), GRAPHITE)

    assert (worst.came, worst.spent) == (50, 62)


@WHENEVER
@pytest.mark.parametrize("other", [11_990, 20])
def test_of_a_use_that_is_told_twice_the_larger_amount_was_used(other: float, when: str) -> None:
    def change(draft: Draft) -> None:
        draft["credentialSubject"][0]["inputProduct"][0]["quantity"]["value"] = other

    balance = balance_of_lot(case(twice("battery-made", change, when)), CATHODE)

    assert balance is not None
    assert balance.used == max(other, 42)


@WHENEVER
def test_the_weight_that_two_passports_of_one_id_state_differently_is_unknown(when: str) -> None:
    def change(draft: Draft) -> None:
        draft["credentialSubject"]["dimensions"]["weight"]["value"] = 12.5

    assert unit_mass(case(twin.drafts()).graph, CATHODE) == 125
    assert unit_mass(case(twice("cathode-passport", change, when)).graph, CATHODE) is None


@WHENEVER
def test_a_lot_is_an_origin_only_where_both_passports_of_one_id_say_so(when: str) -> None:
    def change(draft: Draft) -> None:
        draft["credentialSubject"]["productCategory"][0]["code"] = "46420"

    assert case(twin.drafts()).making.is_origin(GRAPHITE)
    assert not case(twice("graphite-passport", change, when)).making.is_origin(GRAPHITE)


@WHENEVER
def test_a_place_lends_nothing_to_a_lot_that_two_passports_of_one_id_make_elsewhere(when: str) -> None:
    def change(draft: Draft) -> None:
        draft["credentialSubject"]["producedAtFacility"]["id"] = twin.WORKS

    assert was_made_at(case(twin.drafts()), GRAPHITE, twin.PIT)
    assert not was_made_at(case(twice("graphite-passport", change, when)), GRAPHITE, twin.PIT)


def test_a_document_that_replaces_another_one_is_no_second_word() -> None:
    drafts = twice("cathode-shipped", moves(9_000), LATER)
    drafts["cathode-shipped"]["validUntil"] = "2026-05-01T00:00:00Z"

    assert left(drafts) == 9_000


def test_a_stranger_who_uses_the_id_changes_no_amount() -> None:
    drafts = twice("cathode-shipped", moves(17_000), LATER)
    drafts["other"]["issuer"] = {"type": ["CredentialIssuer"], "id": "did:web:mallory.test", "name": "Mallory"}

    assert left(drafts) == 12_000


def test_without_this_rule_the_word_that_came_later_would_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Words, "_beside", lambda *_: ())

    assert left(twice("cathode-shipped", moves(9_000), LATER)) == 9_000

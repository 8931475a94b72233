"""Shares of mass: what is documented counts, what is not stays open, and circles end."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from fractions import Fraction
from itertools import pairwise

import pytest

from credentials.identifiers.lots import LotKey
from credentials.provenance.case.case import Case
from credentials.provenance.graph.graph import Graph
from credentials.provenance.mass.shares import End, Making, Shares, contributions
from credentials.provenance.packs.pack_file import core_pack
from credentials.provenance.statements.stepwise import finished
from tests.credentials.provenance import twin
from tests.credentials.provenance.asking import with_status
from tests.credentials.provenance.signing import Draft


def lot(name: str) -> str:
    """The id of a lot of these little worlds."""
    return f"https://cellworks.test/lots/{name}"


def world(made: dict[str, tuple[int, dict[str, int]]], *, raw: Iterable[str] = "") -> Graph:
    """A graph of make events: ``made`` maps a lot to its kilograms and inputs; ``raw`` lots have origin passports."""
    drafts: dict[str, Draft] = {}
    template = twin.drafts()
    for name, (kilograms, inputs) in made.items():
        draft = deepcopy(template["battery-made"])
        draft["id"] = f"https://cellworks.test/credentials/made-{name}"
        event = draft["credentialSubject"][0]
        event["id"] = f"https://cellworks.test/events/made-{name}"
        event["inputProduct"] = [_portion(one, mass) for one, mass in inputs.items()]
        event["outputProduct"] = [_portion(name, kilograms)]
        drafts[name] = draft
    for name in raw:
        draft = deepcopy(template["graphite-passport"])
        draft["id"] = f"https://cellworks.test/credentials/passport-{name}"
        draft["issuer"] = deepcopy(template["battery-made"]["issuer"])
        draft["credentialSubject"] |= {"id": lot(name), "batchNumber": name}
        draft["credentialSubject"]["producedAtFacility"]["id"] = PIT
        drafts[f"passport-{name}"] = draft
    drafts["pit"] = _pit(template)
    return Graph(twin.holdings(drafts).credentials)


PIT = "https://cellworks.test/facilities/pit"


def _pit(template: dict[str, Draft]) -> Draft:
    """The record of the place where raw lots come from."""
    draft = deepcopy(template["facility-northpit.test"])
    draft["id"] = "https://cellworks.test/credentials/pit"
    draft["issuer"] = deepcopy(template["battery-made"]["issuer"])
    draft["credentialSubject"]["id"] = PIT
    return draft


def _portion(name: str, kilograms: int) -> dict[str, object]:
    product = {"type": ["Product"], "id": lot(name), "name": name, "batchNumber": name, "idGranularity": "batch"}
    return {"product": product, "quantity": {"value": kilograms, "unit": "KGM"}, "disposition": "new"}


def shares(graph: Graph, name: str, *, depth: int = 64, lots: int = 100) -> Shares:
    """The shares of a lot, every statement counted."""
    making = Making(graph, counts=lambda _: True, pack=core_pack())
    return finished(contributions(making, LotKey(lot(name), name), speaks=lambda _: False, depth=depth, lots=lots))


def through(found: Shares, name: str) -> Fraction:
    """The share of mass that passes through a lot."""
    return found.through.get(LotKey(lot(name), name), Fraction(0))


def test_inputs_share_the_mass_by_what_they_weigh() -> None:
    found = shares(world({"z": (100, {"a": 30, "b": 70})}, raw="ab"), "z")

    assert (through(found, "a"), through(found, "b")) == (Fraction(3, 10), Fraction(7, 10))
    assert found.of(End.ORIGIN) == 1


def test_loss_is_borne_by_all_inputs_alike() -> None:
    found = shares(world({"z": (80, {"a": 30, "b": 70})}, raw="ab"), "z")

    assert through(found, "a") == Fraction(3, 10)
    assert found.explained == 1


def test_what_no_input_documents_stays_open_and_is_never_spread_over_the_known() -> None:
    found = shares(world({"z": (100, {"a": 20})}, raw="a"), "z")

    assert (through(found, "a"), found.of(End.ORIGIN), found.of(End.UNDOCUMENTED)) == (
        Fraction(1, 5),
        Fraction(1, 5),
        Fraction(4, 5),
    )
    assert found.explained == Fraction(1, 5)


def test_a_supplier_of_two_inputs_is_met_once_with_both_shares() -> None:
    diamond = {"z": (100, {"m": 50, "n": 50}), "m": (50, {"a": 50}), "n": (50, {"a": 25, "b": 25})}

    found = shares(world(diamond, raw="ab"), "z")

    assert (through(found, "a"), through(found, "b")) == (Fraction(3, 4), Fraction(1, 4))


def test_a_lot_nobody_knows_ends_undocumented() -> None:
    found = shares(world({"z": (100, {"a": 100})}), "z")

    assert [(one.lot.batch, one.end) for one in found.ends] == [("a", End.UNDOCUMENTED)]


def test_two_make_events_of_one_lot_are_pooled_by_what_each_made() -> None:
    drafts = twin.drafts()
    second = deepcopy(drafts["cathode-made"])
    second["id"] += "-2"
    event = second["credentialSubject"][0]
    event["id"] += "-2"
    event["outputProduct"][0]["quantity"]["value"] = 6_000
    event["inputProduct"][0]["product"] |= {"id": "https://northpit.test/lots/concentrate-8", "batchNumber": "C-8"}
    case = Case.of(twin.question(target=twin.CATHODE), twin.holdings(drafts | {"second": second}))

    found = case.shares

    assert found.through[LotKey("https://northpit.test/lots/concentrate-8", "C-8")] == Fraction(1, 4)


def test_a_loop_with_an_inflow_shrinks_and_ends_at_its_origin() -> None:
    found = shares(world({"z": (100, {"y": 100}), "y": (100, {"z": 50, "a": 50})}, raw="a"), "z")

    assert float(found.of(End.ORIGIN)) == pytest.approx(1, abs=1e-5)
    assert sum(one.share for one in found.ends) == 1


def test_a_loop_without_an_inflow_ends_as_a_loop_and_does_not_hang() -> None:
    found = shares(world({"z": (100, {"y": 100}), "y": (100, {"z": 100})}, raw="a"), "z")

    assert found.of(End.LOOP) == 1


def test_the_depth_of_the_policy_ends_a_chain_honestly() -> None:
    chain = {name: (100, {following: 100}) for name, following in zip("zyxwv", "yxwva", strict=True)}

    found = shares(world(chain, raw="a"), "z", depth=3)

    assert [(one.lot.batch, one.end, one.share) for one in found.ends] == [("w", End.BUDGET, 1)]


def test_the_number_of_lots_ends_a_chain_honestly() -> None:
    found = shares(world({"z": (100, {"a": 50, "b": 50})}, raw="ab"), "z", lots=2)

    assert (found.of(End.ORIGIN), found.of(End.BUDGET)) == (Fraction(1, 2), Fraction(1, 2))


def test_a_revoked_make_event_documents_nothing() -> None:
    drafts = twin.drafts()
    answers = with_status(drafts, "battery-made")

    case = Case.of(twin.question(), twin.holdings(drafts, answers=answers))

    assert [one.end for one in case.shares.ends] == [End.NO_PRODUCER]


def test_a_chain_ends_with_a_lot_that_speaks_for_itself_and_its_inputs_are_not_asked() -> None:
    graph = world({"z": (100, {"y": 40, "x": 60}), "y": (40, {"a": 40})}, raw="ax")
    making = Making(graph, counts=lambda _: True, pack=core_pack())
    y = LotKey(lot("y"), "y")

    found = finished(contributions(making, LotKey(lot("z"), "z"), speaks=lambda one: one == y, depth=64, lots=100))

    assert (found.of(End.SPEAKS), found.of(End.ORIGIN), through(found, "a")) == (Fraction(2, 5), Fraction(3, 5), 0)


def test_a_chain_of_any_length_is_no_matter_of_recursion() -> None:
    names = [f"n{number}" for number in range(40)]
    chain = {one: (100, {other: 100}) for one, other in pairwise(names)}

    found = shares(world(chain, raw=()), names[0])

    assert found.ends[0].lot.batch == names[-1]


def test_a_passport_of_something_made_is_no_origin() -> None:
    drafts = twin.drafts()
    del drafts["cathode-made"]

    case = Case.of(twin.question(), twin.holdings(drafts))

    assert (LotKey(twin.CATHODE, "K-31"), End.NO_PRODUCER) in {(one.lot, one.end) for one in case.shares.ends}


def test_an_input_counted_in_pieces_weighs_what_its_passport_says() -> None:
    drafts = twin.drafts()
    pieces = drafts["battery-made"]["credentialSubject"][0]["inputProduct"][0]
    pieces["quantity"] = {"value": 1, "unit": "C62"}  # one cathode plate of 125 kg, beside 62 kg of graphite

    case = Case.of(twin.question(), twin.holdings(drafts))

    assert case.shares.through[LotKey(twin.CATHODE, "K-31")] == Fraction(125, 187)


def test_an_input_that_nobody_weighed_leaves_open_what_the_passport_says_it_can_be() -> None:
    drafts = twin.drafts()
    drafts["battery-made"]["credentialSubject"][0]["inputProduct"][1]["quantity"] = {"value": 3, "unit": "C62"}

    case = Case.of(twin.question(), twin.holdings(drafts))

    assert case.shares.of(End.UNMEASURED) == Fraction(7, 10)  # 0.6 is stated: less than 0.7 of it, by its digits

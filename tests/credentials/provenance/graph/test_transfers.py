"""Transfers and places: one shipment told by two sides is one shipment, and the world is round."""

from __future__ import annotations

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.identifiers.lots import LotKey
from credentials.provenance.graph.graph import Graph
from credentials.provenance.graph.places import Point, distance_km, point_of
from credentials.provenance.graph.transfers import origins_of, whereabouts_of
from credentials.provenance.mass.balance import Balance, balance_of
from tests.credentials.provenance import twin
from tests.credentials.provenance.signing import Draft

CATHODE = LotKey(twin.CATHODE, "K-31")
points = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


def graph(drafts: dict[str, Draft] | None = None) -> Graph:
    """The graph of the consistent world, or of changed drafts."""
    return Graph(twin.holdings(drafts).credentials)


def balance(graph: Graph, lot: LotKey = CATHODE) -> Balance | None:
    """The balance of a lot by everything that is told of it."""
    used = (*graph.uses_of(lot), *graph.modifications_of(lot))
    return balance_of(graph, lot, lambda _: True, transfers=whereabouts_of(graph, lot).transfers, used=used)


def made(graph: Graph) -> tuple[float, float, float]:
    """Made, left and used up of the cathode lot, in kilograms."""
    found = balance(graph)
    assert found is not None
    return float(found.made), float(found.left), float(found.used)


def test_both_sides_of_a_consignment_are_one_transfer() -> None:
    (transfer,) = whereabouts_of(graph(), CATHODE).transfers

    assert (transfer.origin, transfer.destination) == (twin.WORKS, twin.FACTORY)
    assert (len(transfer.sent), len(transfer.received)) == (1, 1)
    assert transfer.departed is not None
    assert transfer.arrived is not None
    assert transfer.departed < transfer.arrived


def test_two_consignments_are_two_transfers() -> None:
    drafts = twin.drafts()
    for name in ("cathode-shipped", "cathode-received"):
        second = deepcopy(drafts[name])
        second["id"] += "-again"
        event = second["credentialSubject"][0]
        event |= {"id": event["id"] + "-again", "consignmentId": "urn:carrier:slow-boats:sea-4"}
        drafts[name + "-again"] = second

    assert len(whereabouts_of(graph(drafts), CATHODE).transfers) == 2


def test_without_a_consignment_id_each_event_stands_alone() -> None:
    drafts = twin.drafts()
    for name in ("cathode-shipped", "cathode-received"):
        del drafts[name]["credentialSubject"][0]["consignmentId"]

    assert len(whereabouts_of(graph(drafts), CATHODE).transfers) == 2


def test_the_receiving_side_is_known_by_who_tells_it_when_its_activity_does_not_say() -> None:
    drafts = twin.drafts()
    drafts["cathode-received"]["credentialSubject"][0]["activityType"]["code"] = "transporting"

    (transfer,) = whereabouts_of(graph(drafts), CATHODE).transfers

    assert [event.issuer for event, _ in transfer.received] == [twin.MAKER]


def test_a_lot_comes_from_where_it_was_made_or_where_its_passport_says() -> None:
    assert origins_of(graph(), CATHODE) == {twin.WORKS}
    assert origins_of(graph(), LotKey(twin.GRAPHITE, "G-2")) == {twin.PIT}
    assert origins_of(graph(), LotKey("https://nobody.test/x")) == frozenset()


def test_a_shipment_counts_once_and_use_at_its_destination_is_not_counted_again() -> None:
    assert made(graph()) == (18_000, 12_000, 42)


def returned(kilograms: float) -> dict[str, Draft]:
    """The factory sends so much of the cathode back."""
    drafts = twin.drafts()
    back = deepcopy(drafts["cathode-received"])
    back["id"] += "-back"
    event = back["credentialSubject"][0]
    event["activityType"] = drafts["cathode-shipped"]["credentialSubject"][0]["activityType"]
    consignor, consignee = event["relatedParty"]
    event["relatedParty"] = [{**consignor, "role": "consignee"}, {**consignee, "role": "consignor"}]
    event |= {"id": event["id"] + "-back", "consignmentId": "urn:carrier:slow-boats:back"}
    event["fromFacility"], event["toFacility"] = event["toFacility"], event["fromFacility"]
    event["movedProduct"][0]["quantity"]["value"] = kilograms
    return drafts | {"back": back}


def test_a_return_gives_back_what_it_brings() -> None:
    assert made(graph(returned(2_000))) == (18_000, 10_000, 42)


def test_of_a_return_that_both_sides_tell_the_smaller_amount_came_back() -> None:
    drafts = returned(2_000)
    taken = deepcopy(drafts["back"])
    taken |= {"id": "https://coastsmelter.test/credentials/back", "issuer": deepcopy(drafts["cathode-made"]["issuer"])}
    event = taken["credentialSubject"][0]
    event["id"] = "https://coastsmelter.test/events/back"
    event["activityType"] = drafts["cathode-received"]["credentialSubject"][0]["activityType"]
    event["movedProduct"][0]["quantity"]["value"] = 500

    assert made(graph(drafts | {"taken": taken})) == (18_000, 11_500, 42)


def test_what_cannot_be_compared_leaves_a_balance_of_lower_bounds() -> None:
    drafts = twin.drafts()
    drafts["cathode-shipped"]["credentialSubject"][0]["movedProduct"][0]["quantity"]["unit"] = "MTQ"

    found = balance(graph(drafts))

    assert found is not None
    assert (found.left, found.used, found.complete) == (0, 42, False)


def test_a_lot_made_and_returned_in_different_dimensions_has_no_balance() -> None:
    drafts = twin.drafts()
    drafts["cathode-made"]["credentialSubject"][0]["outputProduct"][0]["quantity"]["unit"] = "ZZ9"

    assert balance(graph(drafts)) is None


def test_a_lot_that_nobody_made_has_no_balance() -> None:
    assert balance(graph(), LotKey(twin.GRAPHITE, "G-2")) is None


@pytest.mark.parametrize(
    ("one", "other", "kilometres"),
    [
        (Point(0, 0), Point(0, 90), 10_007.6),
        (Point(90, 0), Point(-90, 0), 20_015.1),
        (Point(51.4779, 0), Point(51.4779, 0), 0),
        (Point(0, 179.5), Point(0, -179.5), 111.2),
    ],
)
def test_distances_are_great_circles(one: Point, other: Point, kilometres: float) -> None:
    assert distance_km(one, other) == pytest.approx(kilometres, abs=0.1)


def test_a_facility_without_coordinates_has_no_point() -> None:
    drafts = twin.drafts()
    drafts["facility-cellworks.test"]["credentialSubject"]["locationInformation"] = {
        "plusCode": "https://plus.codes/9F4F0000+"
    }

    assert point_of(graph(drafts).facility_records(twin.FACTORY)) is None
    assert point_of(graph().facility_records(twin.FACTORY)) == Point(51.3, 10.2)


@given(points, points)
def test_law_distance_is_symmetric_and_bounded(one: Point, other: Point) -> None:
    there = distance_km(one, other)

    assert there == pytest.approx(distance_km(other, one), abs=1e-6)
    assert 0 <= there <= 20_016


def test_who_does_not_hold_a_lot_does_not_send_it() -> None:
    drafts = twin.drafts()
    drafts["cathode-shipped"]["issuer"] = deepcopy(drafts["footprint-attestation"]["issuer"])

    (transfer,) = whereabouts_of(graph(drafts), CATHODE).transfers

    assert (transfer.sent, len(transfer.received)) == ((), 1)
    assert made(graph(drafts)) == (18_000, 0, 42)


def test_who_operates_no_end_of_it_and_is_not_named_does_not_receive_it() -> None:
    drafts = twin.drafts()
    drafts["cathode-received"]["issuer"] = deepcopy(drafts["footprint-attestation"]["issuer"])

    (transfer,) = whereabouts_of(graph(drafts), CATHODE).transfers

    assert (len(transfer.sent), transfer.received) == (1, ())


def test_the_consignee_sends_on_what_it_was_sent() -> None:
    drafts = twin.drafts()
    del drafts["cathode-received"]
    on = deepcopy(drafts["cathode-shipped"])
    on |= {"id": on["id"] + "-on", "issuer": deepcopy(drafts["battery-made"]["issuer"])}
    event = on["credentialSubject"][0]
    event |= {"id": "https://cellworks.test/events/on", "consignmentId": "urn:carrier:slow-boats:on"}
    event["fromFacility"], event["toFacility"] = event["toFacility"], {**event["fromFacility"], "id": twin.PIT}
    consignor, consignee = event["relatedParty"]
    event["relatedParty"] = [{**consignee, "role": "consignor"}, {**consignor, "role": "consignee"}]

    assert {one.destination for one in whereabouts_of(graph(drafts | {"on": on}), CATHODE).transfers} == {
        twin.FACTORY,
        twin.PIT,
    }

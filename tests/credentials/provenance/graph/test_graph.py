"""The graph: the same whatever the order, one version of each word, someone else's word beside and not instead."""

from __future__ import annotations

import random
from copy import deepcopy

import pytest

from credentials.identifiers.canonical_ids import lot_key
from credentials.identifiers.lots import LotKey
from credentials.provenance.graph.graph import Graph
from credentials.provenance.graph.transfers import whereabouts_of
from tests.credentials.provenance import twin
from tests.credentials.provenance.signing import Draft

BATTERY = LotKey(twin.BATTERY, "P-1", "0001")
CATHODE = LotKey(twin.CATHODE, "K-31")


def copied(draft: Draft, id: str) -> Draft:
    """A draft under another id."""
    return deepcopy(draft) | {"id": id}


@pytest.mark.parametrize("seed", range(3))
def test_the_graph_does_not_depend_on_the_order_of_arrival(seed: int) -> None:
    held = twin.holdings()
    shuffled = list(held.credentials)
    random.Random(seed).shuffle(shuffled)

    one, other = Graph(held.credentials), Graph(shuffled)

    assert [event.order for event, _ in one.moves_of(CATHODE)] == [event.order for event, _ in other.moves_of(CATHODE)]
    assert [each.order for each in one.passports] == [each.order for each in other.passports]
    assert [each.id for each in one.credentials] == [each.id for each in other.credentials]


def test_the_target_is_completed_from_the_one_known_item() -> None:
    assert Graph(twin.holdings().credentials).lot_named(twin.BATTERY) == BATTERY


def test_a_lot_finds_its_making_its_uses_its_moves_and_its_passport() -> None:
    graph = Graph(twin.holdings().credentials)

    assert [event.id for event in graph.makers_of(CATHODE)] == ["https://coastsmelter.test/events/make-cathode-31"]
    assert [event.id for event, _ in graph.uses_of(CATHODE)] == ["https://cellworks.test/events/make-pack-0001"]
    assert len(graph.moves_of(CATHODE)) == 2
    assert [one.id for one in graph.passports_of(CATHODE)] == [twin.CATHODE]


def test_assessments_are_found_by_lot_by_facility_and_not_by_others() -> None:
    graph = Graph(twin.holdings().credentials)

    assert len(graph.assessments_of_lot(BATTERY)) == 1
    assert len(graph.assessments_of(twin.PIT)) == 1
    assert graph.assessments_of_lot(CATHODE) == ()
    assert graph.assessments_of(twin.WORKS) == ()


def test_a_newer_word_of_the_same_issuer_replaces_the_older_one() -> None:
    drafts = twin.drafts()
    newer = copied(drafts["battery-passport"], "https://cellworks.test/credentials/battery-v2")
    newer["validFrom"] = "2026-05-10T00:00:00Z"

    graph = Graph(twin.holdings(drafts | {"newer": newer}).credentials)

    assert [one.source for one in graph.passports_of(BATTERY)] == [newer["id"]]
    assert list(graph.superseded.values()) == [newer["id"]]
    assert [one.id for one in graph.older] == [drafts["battery-passport"]["id"]]


def test_a_newer_word_of_somebody_else_replaces_nothing() -> None:
    drafts = twin.drafts()
    other = copied(drafts["battery-passport"], "https://assurer.test/credentials/battery")
    other |= {"issuer": deepcopy(drafts["footprint-attestation"]["issuer"]), "validFrom": "2026-05-10T00:00:00Z"}

    graph = Graph(twin.holdings(drafts | {"other": other}).credentials)

    assert graph.superseded == {}
    assert len(graph.passports) == len(Graph(twin.holdings().credentials).passports) + 1


def test_what_another_says_about_a_product_is_kept_but_its_own_issuer_speaks() -> None:
    drafts = twin.drafts()
    rumour = copied(drafts["battery-passport"], "https://assurer.test/credentials/battery")
    rumour["issuer"] = deepcopy(drafts["footprint-attestation"]["issuer"])

    graph = Graph(twin.holdings(drafts | {"rumour": rumour}).credentials)

    assert {one.issuer for one in graph.passports_of(BATTERY)} == {twin.MAKER}
    assert twin.CERTIFIER in {one.issuer for one in graph.passports}


def test_where_only_others_speak_nobody_is_heard() -> None:
    drafts = twin.drafts()
    rumour = copied(drafts.pop("battery-passport"), "https://assurer.test/credentials/battery")
    rumour["issuer"] = deepcopy(drafts["footprint-attestation"]["issuer"])

    graph = Graph(twin.holdings(drafts | {"rumour": rumour}).credentials)

    assert graph.passports_of(BATTERY) == ()
    assert {one.issuer for one in graph.all_passports_of(BATTERY)} == {twin.CERTIFIER}


def test_an_event_told_twice_happened_once() -> None:
    drafts = twin.drafts()
    again = copied(drafts["cathode-shipped"], "https://cellworks.test/credentials/copy")
    again["issuer"] = deepcopy(drafts["battery-made"]["issuer"])

    graph = Graph(twin.holdings(drafts | {"again": again}).credentials)

    (transfer,) = whereabouts_of(graph, CATHODE).transfers
    assert [event.issuer for event, _ in transfer.sent] == [twin.SMELTER]
    assert {event.issuer for event in graph.tellings_of(transfer.event)} == {twin.SMELTER, twin.MAKER}


def test_two_anchors_of_one_member_in_two_registers_both_stand() -> None:
    graph = Graph(twin.holdings().credentials)

    assert {one.said.register_type for one in graph.anchors_of(twin.CERTIFIER)} == {"business", "accreditation"}


def test_aliases_join_facilities_only_when_both_sides_say_so() -> None:
    alias = "https://plants.cellworks.test/9"
    drafts = twin.drafts()
    record = drafts["facility-cellworks.test"]
    record["credentialSubject"]["facilityAlsoKnownAs"] = [{"type": ["Facility"], "id": alias, "name": "Plant 9"}]
    other = copied(record, "https://cellworks.test/credentials/plant-9")
    other["credentialSubject"] |= {"id": alias, "facilityAlsoKnownAs": []}

    one_sided = Graph(twin.holdings(drafts | {"other": deepcopy(other)}).credentials)
    other["credentialSubject"]["facilityAlsoKnownAs"] = [{"type": ["Facility"], "id": twin.FACTORY, "name": "Works"}]
    mutual = Graph(twin.holdings(drafts | {"other": other}).credentials)

    assert not one_sided.same_facility(twin.FACTORY, alias)
    assert mutual.same_facility(twin.FACTORY, alias)


def test_a_credential_is_found_by_any_spelling_of_its_address() -> None:
    graph = Graph(twin.holdings().credentials)

    assert graph.credentials_at("HTTPS://cellworks.test:443/credentials/battery")
    assert graph.credentials_at("https://cellworks.test/credentials/nothing") == ()


def test_a_class_reference_meets_the_one_batch_that_is_known() -> None:
    drafts = twin.drafts()
    del drafts["cathode-shipped"]["credentialSubject"][0]["movedProduct"][0]["product"]["batchNumber"]

    graph = Graph(twin.holdings(drafts).credentials)

    assert len(graph.moves_of(lot_key(twin.CATHODE, batch="K-31"))) == 2

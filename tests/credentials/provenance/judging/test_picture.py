"""The picture: every lot, maker, place, attestation and gap once, with a word that says how well it is borne out."""

from __future__ import annotations

from typing import Any

from credentials.provenance import Case, Holdings, judge
from tests.credentials.provenance import twin
from tests.credentials.provenance.asking import with_status

CERTIFICATE = "https://assurer.test/credentials/footprint-certificate"


def chain(holdings: Holdings) -> tuple[dict[str, Any], list[tuple[str, str, str]]]:
    drawn = judge(Case.of(twin.question(), holdings)).chain
    words = {one["id"]: one for one in drawn["vertices"]}
    return words, [(one["from"], one["to"], one["kind"]) for one in drawn["links"]]


def test_everything_of_a_consistent_chain_is_verified() -> None:
    vertices, _ = chain(twin.holdings())

    assert {one["word"] for one in vertices.values()} == {"VERIFIED"}
    assert {one["kind"] for one in vertices.values()} == {"product", "event", "facility", "attestation", "party"}


def test_every_link_joins_two_vertices() -> None:
    vertices, links = chain(twin.holdings())

    assert links
    assert {end for start, stop, _ in links for end in (start, stop)} <= set(vertices)


def test_who_vouches_for_an_assessor_is_drawn_if_the_trust_list_names_it_and_nobody_else() -> None:
    _, links = chain(twin.holdings())
    assert (twin.ACCREDITOR, twin.CERTIFIER, "accredits") in links

    stranger, drafts = "did:web:stranger.test", twin.drafts()
    drafts["accreditation"]["issuer"]["id"] = stranger
    vertices, links = chain(twin.holdings(drafts))
    assert "accredits" not in {kind for _, _, kind in links}
    assert stranger not in vertices


def test_an_input_leads_through_its_event_to_the_product() -> None:
    vertices, links = chain(twin.holdings())
    cathode = next(id for id in vertices if id.startswith(twin.CATHODE))
    battery = next(id for id in vertices if id.startswith(twin.BATTERY))
    event = "https://cellworks.test/events/make-pack-0001"

    assert {(cathode, event, "input"), (event, battery, "output")} <= set(links)


def test_a_revoked_attestation_proves_nothing_and_an_assessor_without_recognition_unverifiable() -> None:
    drafts = twin.drafts()
    answers = with_status(drafts, "footprint-attestation")
    del drafts["accreditation"]

    vertices, _ = chain(twin.holdings(drafts, answers=answers))

    assert vertices[CERTIFICATE]["word"] == "UNVERIFIABLE"
    assert vertices[twin.CERTIFIER]["word"] == "UNVERIFIABLE"


def test_a_missing_supplier_is_drawn_as_a_gap_before_what_it_supplied() -> None:
    drafts = twin.drafts()
    for name in ("graphite-passport", "graphite-shipped", "graphite-received"):
        del drafts[name]

    vertices, links = chain(twin.holdings(drafts))

    (gap,) = [one for one in vertices.values() if one["kind"] == "gap"]
    assert gap["word"] == "UNVERIFIABLE"
    (target,) = [stop for start, stop, kind in links if start == gap["id"] and kind == "missing"]
    assert target.startswith(twin.GRAPHITE)


def test_a_move_is_drawn_only_when_something_is_wrong_with_it() -> None:
    drafts = twin.drafts()
    drafts["cathode-received"]["credentialSubject"][0]["eventDate"] = "2026-02-26T08:00:00Z"

    calm, _ = chain(twin.holdings())
    hasty, _ = chain(twin.holdings(drafts))

    assert len(hasty) > len(calm)

"""Lint of events, beyond the probes."""

from __future__ import annotations

from typing import Any

import pytest

from credentials.issue import check_draft
from credentials.untp.lint import lint
from tests.credentials.untp.clean import make, modify, move


def _rules(document: dict[str, Any]) -> list[tuple[str, str]]:
    return [(found.rule, found.pointer) for found in lint(document)]


def test_a_serialised_item_needs_no_quantity() -> None:
    document = modify()
    portion = document["credentialSubject"][0]["modifiedProduct"][0]
    portion["product"].update(idGranularity="item", itemNumber="1")
    del portion["quantity"]

    assert _rules(document) == []


def test_an_event_that_is_make_and_move_at_once_is_found() -> None:
    document = make()
    document["credentialSubject"][0]["type"] = ["MakeEvent", "MoveEvent", "LifecycleEvent"]

    assert _rules(document) == [("VOC-03", "/credentialSubject/0/type")]


def test_an_event_without_its_parent_class_is_found() -> None:
    document = move()
    document["credentialSubject"][0]["type"] = ["MoveEvent"]

    assert _rules(document) == [("VOC-03", "/credentialSubject/0/type")]


@pytest.mark.parametrize(
    ("build", "member", "rule"),
    [(make, "outputProduct", "DTE-02"), (move, "movedProduct", "DTE-03"), (modify, "modifiedProduct", "DTE-04")],
)
def test_an_event_about_nothing_is_found(build: Any, member: str, rule: str) -> None:
    document = build()
    document["credentialSubject"][0][member] = []

    assert _rules(document) == [(rule, f"/credentialSubject/0/{member}")]


def test_a_harvest_has_no_inputs_and_that_is_fine() -> None:
    document = make()
    document["credentialSubject"][0]["inputProduct"] = []

    assert _rules(document) == []


def test_a_harvest_is_issued_with_a_list_of_inputs_that_is_stated_and_empty() -> None:
    document = make()
    event = document["credentialSubject"][0]
    event["inputProduct"] = []
    assert check_draft(document) == ()

    del event["inputProduct"]

    assert check_draft(document) != ()


def test_mass_in_and_energy_out_do_not_compare() -> None:
    document = make()
    document["credentialSubject"][0]["outputProduct"][0]["quantity"]["unit"] = "KWH"

    assert _rules(document) == [("DTE-12", "/credentialSubject/0/outputProduct")]


def test_kilograms_in_and_pieces_out_may_compare() -> None:
    document = make()
    document["credentialSubject"][0]["outputProduct"][0]["quantity"]["unit"] = "H87"

    assert _rules(document) == []


def test_a_batch_without_number_in_an_event_is_found() -> None:
    document = move()
    del document["credentialSubject"][0]["movedProduct"][0]["product"]["batchNumber"]

    assert _rules(document) == [("DPP-01", "/credentialSubject/0/movedProduct/0/product/batchNumber")]


def test_an_event_date_without_zone_is_found() -> None:
    document = move()
    document["credentialSubject"][0]["eventDate"] = "2025-07-01T08:00:00"

    assert _rules(document) == [("DTE-01", "/credentialSubject/0/eventDate")]

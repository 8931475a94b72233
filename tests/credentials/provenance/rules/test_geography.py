"""PV-GEO: a place is where its record says, and a material comes from where it was made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.credentials.provenance import twin
from tests.credentials.provenance.asking import complaints, notes, roots
from tests.credentials.provenance.rules.mutations import Drafts, subject

Location = dict[str, Any]
AT_PLACE = "/credentialSubject/locationInformation"
TOKYO = "8Q7XMQ00+"  # some 80 km from the works
Change = Callable[[Location], None]


def located(change: Change) -> Drafts:
    """The consistent chain with another location of the works."""
    drafts = twin.drafts()
    change(subject(drafts, "facility-coastsmelter.test")["locationInformation"])
    return drafts


def ring(*points: tuple[float, float]) -> list[dict[str, float]]:
    return [{"latitude": north, "longitude": east} for north, east in points]


def boundary(*points: tuple[float, float]) -> Change:
    return lambda said: said.update(geoBoundary=ring(*points))


def code(text: str) -> Change:
    return lambda said: said.update(plusCode=f"https://plus.codes/{text}")


@pytest.mark.parametrize(
    ("change", "member", "word"),
    [
        (boundary((35.49, 138.99), (35.51, 139.01)), "geoBoundary", "no closed ring"),
        (
            boundary((35.49, 138.99), (35.51, 139.01), (35.51, 138.99), (35.49, 139.01), (35.49, 138.99)),
            "geoBoundary",
            "crosses itself",
        ),
        (boundary((35.5, 139.0), (35.5, 139.1), (35.5, 139.2), (35.5, 139.0)), "geoBoundary", "encloses nothing"),
        (boundary((10, 100), (10, 160), (60, 160), (60, 100), (10, 100)), "geoBoundary", "which no facility does"),
        (
            boundary((36.4, 139.0), (36.4, 139.1), (36.5, 139.1), (36.4, 139.0)),
            "geoBoundary",
            "km from the",
        ),
        (code(TOKYO), "plusCode", "69 km from the boundary"),
        (code("8Q7XG222+2"), "plusCode", "is no plus code"),
        (lambda said: said["geoLocation"].update(latitude=36.5), "geoLocation", "110 km from the boundary"),
    ],
)
def test_what_cannot_be_one_place_is_found_where_it_stands(change: Change, member: str, word: str) -> None:
    (one,) = complaints("PV-GEO-1", twin.holdings(located(change)))

    assert (one.subject, one.pointer, one.outcome) == (twin.WORKS, f"{AT_PLACE}/{member}", "fail")
    assert word in one.detail


def _other_way_round(said: Location) -> None:
    said["geoBoundary"].reverse()


def _gate_outside(said: Location) -> None:
    said["geoLocation"]["latitude"] = 35.53


def _coarse(said: Location) -> None:
    said["geoLocation"] = {"latitude": 36, "longitude": 139}


def _large_cell(said: Location) -> None:
    said["plusCode"] = "https://plus.codes/8Q000000%2B"


def _code_alone(said: Location) -> None:
    del said["geoLocation"], said["geoBoundary"]


@pytest.mark.parametrize("change", [_other_way_round, _gate_outside, _coarse, _large_cell, _code_alone])
def test_what_can_be_one_place_is_quiet(change: Change) -> None:
    assert complaints("PV-GEO-1", twin.holdings(located(change))) == []


def test_a_ring_across_the_antimeridian_encloses_what_lies_between() -> None:
    def on_an_island(said: Location) -> None:
        said["geoBoundary"] = ring((-17, 179.9), (-17, -179.9), (-16.9, -179.9), (-16.9, 179.9), (-17, 179.9))
        said["geoLocation"] = {"latitude": -16.95, "longitude": -179.99}
        del said["plusCode"]

    assert complaints("PV-GEO-1", twin.holdings(located(on_an_island))) == []


@pytest.mark.parametrize("text", ["G222+22", "https://what3words.test/filled.count.soap"])
def test_a_code_that_is_not_read_here_is_no_fault(text: str) -> None:
    held = twin.holdings(
        located(lambda said: said.update(plusCode=text if "//" in text else f"https://plus.codes/{text}"))
    )

    assert complaints("PV-GEO-1", held) == []
    assert [one.reason for one in notes("PV-GEO-1", held)] == ["unsupported"]


def test_more_points_than_are_compared_are_no_fault() -> None:
    def many(said: Location) -> None:
        north = [(35.49 + 0.02 * step / 400, 139.01) for step in range(400)]
        south = [(35.51 - 0.02 * step / 400, 138.99) for step in range(400)]
        said["geoBoundary"] = ring(*north, *south, north[0])

    held = twin.holdings(located(many))

    assert complaints("PV-GEO-1", held) == []
    assert [one.reason for one in notes("PV-GEO-1", held)] == ["unsupported"]


def test_what_is_in_another_country_is_one_root() -> None:
    def in_brazil(said: Location) -> None:
        said["geoLocation"] = {"latitude": -15.8, "longitude": -47.9}

    assert {rule for rule, _ in roots(twin.holdings(located(in_brazil)))} == {"PV-FAC-4"}


def test_an_open_ring_is_told_by_the_lint_and_not_again() -> None:
    held = twin.holdings(located(boundary((35.49, 138.99), (35.51, 139.01))))

    assert {rule for rule, _ in roots(held)} == {"DFR-03"}


def test_a_material_from_a_country_where_nothing_of_it_was_made_is_found() -> None:
    drafts = twin.drafts()
    subject(drafts, "battery-passport")["materialProvenance"][1]["originCountry"] = {"countryCode": "NO"}

    (one,) = complaints("PV-GEO-4", twin.holdings(drafts))

    assert (one.subject, one.pointer) == (twin.BATTERY, "/credentialSubject/materialProvenance/1/originCountry")
    assert "Norway" in one.detail
    assert "Zambia" in one.detail


def test_the_origin_of_a_material_may_be_where_its_ore_was_dug() -> None:
    drafts = twin.drafts()
    subject(drafts, "battery-passport")["materialProvenance"][0]["originCountry"] = {"countryCode": "ZM"}

    assert complaints("PV-GEO-4", twin.holdings(drafts)) == []


def test_where_not_all_is_known_an_origin_is_not_called_wrong() -> None:
    drafts = twin.drafts()
    subject(drafts, "battery-passport")["materialProvenance"][0]["originCountry"] = {"countryCode": "CL"}
    del drafts["cathode-made"]
    held = twin.holdings(drafts)

    assert complaints("PV-GEO-4", held) == []
    assert [one.subject for one in notes("PV-GEO-4", held)] == [twin.BATTERY]

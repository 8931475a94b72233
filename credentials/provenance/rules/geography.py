"""PV-GEO: can a facility be where its record says, and does a material come from where its maker's inputs were made?

The rule: a boundary is a ring that encloses something, and boundary, coordinates and plus code are one place. Where two
of three agree the third is found fault with; what cannot be read is unknown. A place is not pointed at more exactly
than its coordinates are stated.
See docs/rules.md PV-GEO; docs/decisions/0036-places-and-figures-of-places.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from contexts.codes.bounding_boxes import may_lie_in
from contexts.codes.countries import COUNTRIES
from contexts.codes.plus_codes import Cell, cell_of, code_in, is_short
from credentials.identifiers.lots import LotKey
from credentials.provenance.case.case import Case
from credentials.provenance.case.memoize import memoize_per_case
from credentials.provenance.graph.places import Point, distance_km, point_in
from credentials.provenance.graph.rings import area_km2, crosses_itself, distance_to_ring_km
from credentials.provenance.mass.composition import inputs_for
from credentials.provenance.missing.gaps import mass_gaps
from credentials.provenance.report.figures import number
from credentials.provenance.report.names import quoted
from credentials.provenance.rules.rule import Answer, Rule, RuleOutcome, Severity, about
from credentials.provenance.statements.statement import FacilityStatement, PassportStatement
from credentials.untp.facility import Coordinate, is_closed
from credentials.untp.passport import Material

PASS, FAIL, UNKNOWN = RuleOutcome.PASS, RuleOutcome.FAIL, RuleOutcome.UNKNOWN
NEAR_KM: Final = 5.0  # a gate, an office or the middle of a site is not further from its boundary
LARGEST_KM2: Final = 100_000.0  # four times the largest farm or mine there is
SMALLEST_KM2: Final = 1e-6  # a square metre
_DEGREE_KM: Final = 111.2
_LOCATION: Final = "locationInformation"
_POINT, _BOUNDARY, _CODE = "geoLocation", "geoBoundary", "plusCode"
_NAMES: Final = {_POINT: "the coordinates", _BOUNDARY: "the boundary", _CODE: "the plus code"}
_VERBS: Final = {_POINT: "are", _BOUNDARY: "is", _CODE: "is"}
_HOST: Final = "plus.codes/"


@dataclass(frozen=True, slots=True)
class _Somewhere:
    """One way in which a record says where a place is: corners of a point, ring or cell, exact to ``slack`` km."""

    member: str
    said: str
    corners: tuple[Point, ...]
    slack: float

    def away(self, other: _Somewhere) -> float:
        """The distance in kilometres; 0 where one lies in the other."""
        return min(
            *(_distance(corner, other.corners) for corner in self.corners),
            *(_distance(corner, self.corners) for corner in other.corners),
        )

    def is_far_from(self, other: _Somewhere) -> bool:
        """Is it further away than both are exact, and a site wide?"""
        return self.away(other) > NEAR_KM + self.slack + other.slack


def _valid(case: Case) -> Iterator[Answer]:
    for record in case.facilities:
        location = record.said.location
        if location is None:
            continue
        point, ring, cell = point_in(record), _ring(location.boundary), _cell(location.plus_code)
        if location.boundary:
            yield _boundary(record, location.boundary, ring)
        if location.plus_code and cell is None:
            yield _unread(record, location.plus_code)
        found = []
        if point is not None and location.point is not None:
            stated = f" {location.point.latitude}, {location.point.longitude}"
            found.append(_Somewhere(_POINT, stated, (point,), _slack(location.point)))
        if ring and area_km2(ring):
            found.append(_Somewhere(_BOUNDARY, "", ring, _slack(*location.boundary)))
        if cell is not None:
            found.append(_Somewhere(_CODE, f" {code_in(location.plus_code or '')}", _corners(cell), 0.0))
        yield from _one_place(record, found)


def _boundary(record: FacilityStatement, stated: Sequence[Coordinate], ring: tuple[Point, ...]) -> Answer:
    pointer = f"{record.pointer}/{_LOCATION}/{_BOUNDARY}"
    if not is_closed(stated):
        detail = f"The boundary of {len(stated)} points encloses nothing: it is no closed ring."
        return about(record, FAIL, detail, pointer, because=(f"DFR-03 {record.source}",))
    if not ring:
        detail = "The boundary has a point that is none on earth."
        return about(record, UNKNOWN, detail, pointer, reason="not-stated")
    crossing, area = crosses_itself(ring), area_km2(ring)
    if crossing:
        return about(record, FAIL, "The boundary crosses itself.", pointer)
    if not SMALLEST_KM2 <= area <= LARGEST_KM2:
        size = f"{number(Decimal(area))} km²" if area > LARGEST_KM2 else "nothing"
        return about(record, FAIL, f"The boundary encloses {size}, which no facility does.", pointer)
    if crossing is None:
        detail = "The boundary has more points than are compared."
        return about(record, UNKNOWN, detail, pointer, reason="unsupported", severity=Severity.INFO)
    return about(record, PASS, "The boundary is a ring.", pointer)


def _unread(record: FacilityStatement, stated: str) -> Answer:
    """A short code means something only near a place that it does not name; another address is read by others."""
    pointer, code = f"{record.pointer}/{_LOCATION}/{_CODE}", code_in(stated)
    if _HOST in stated.lower() and not is_short(code):
        return about(record, FAIL, f"{quoted(code) or 'What is given'} is no plus code.", pointer)
    detail = "The plus code is a short one or is told at its address alone; which place it means was not read."
    return about(record, UNKNOWN, detail, pointer, reason="unsupported", severity=Severity.INFO)


def _one_place(record: FacilityStatement, found: Sequence[_Somewhere]) -> Iterator[Answer]:
    """Each of what is said lies near another one; of two that differ the coordinates are believed."""
    apart = [
        one for one in found if len(found) > 1 and all(one.is_far_from(other) for other in found if other is not one)
    ]
    for one in apart[1:] if len(apart) == len(found) else apart:
        other = min((each for each in found if each is not one), key=one.away)
        detail = (
            f"{_NAMES[one.member].capitalize()}{one.said} {_VERBS[one.member]} "
            f"{round(one.away(other))} km from {_NAMES[other.member]}{other.said}."
        )
        wrong = (f"PV-FAC-4 {record.id}",) if _is_in_another_country(record) else ()
        yield about(record, FAIL, detail, f"{record.pointer}/{_LOCATION}/{one.member}", because=wrong)
    if found and not apart:
        yield about(record, PASS, "All that it says of where it is means one place.", f"{record.pointer}/{_LOCATION}")


def _is_in_another_country(record: FacilityStatement) -> bool:
    """Do the coordinates lie outside the country that is stated?"""
    country, point = record.said.country_of_operation, point_in(record)
    return country is not None and point is not None and may_lie_in(country, point.latitude, point.longitude) is False


def _distance(point: Point, corners: tuple[Point, ...]) -> float:
    return distance_km(point, corners[0]) if len(corners) == 1 else distance_to_ring_km(point, corners)


def _ring(boundary: Sequence[Coordinate]) -> tuple[Point, ...]:
    """The points of a closed boundary; none where it is not closed or one cannot be read."""
    points = tuple(
        Point(float(one.latitude), float(one.longitude))
        for one in boundary
        if one.latitude is not None and one.longitude is not None
    )
    return points if is_closed(boundary) and len(points) == len(boundary) else ()


def _cell(plus_code: str | None) -> Cell | None:
    return cell_of(code_in(plus_code)) if plus_code else None


def _corners(cell: Cell) -> tuple[Point, ...]:
    south_west, north_east = Point(cell.south, cell.west), Point(cell.north, cell.east)
    return (south_west, Point(cell.south, cell.east), north_east, Point(cell.north, cell.west), south_west)


def _slack(*stated: Coordinate) -> float:
    """How far, in kilometres, rounding to the digits that are stated can move a point."""
    digits = [_exponent(degrees) for one in stated for degrees in (one.latitude, one.longitude) if degrees is not None]
    return _DEGREE_KM * 10.0 ** min(digits, default=0)


def _exponent(degrees: Decimal) -> int:
    exponent = degrees.as_tuple().exponent
    return min(exponent, 0) if isinstance(exponent, int) else 0


# ---- PV-GEO-4: from where


def _comes_from(case: Case) -> Iterator[Answer]:
    for passport in case.passports:
        events = [event for event in case.graph.makers_of(passport.lot) if case.counts(event)]
        for material in passport.said.materials:
            if material.origin_country is None:
                continue
            sure, possible = inputs_for(case.graph, events, material)
            made_in = [_countries(case, portion.lot) for portion in sure]
            if sure and not possible and all(made_in):
                yield _from_there(case, passport, material, frozenset[str]().union(*made_in))


def _from_there(case: Case, passport: PassportStatement, material: Material, made_in: frozenset[str]) -> Answer:
    """An origin is where the input was made, or where something further up was."""
    pointer = f"{material.pointer}/originCountry"
    stated = material.origin_country or ""
    if stated in made_in or stated in _countries_of_chain(case):
        return about(passport, PASS, "What it is made of comes from where it says.", pointer)
    known = ", ".join(COUNTRIES.get(one, one) for one in sorted(made_in))
    said = COUNTRIES.get(stated) or quoted(stated) or "a country that is none"
    detail = f"{quoted(material.name or '') or 'A material'} comes from {said} by the passport; it was made in {known}."
    if mass_gaps(case):
        detail += " What lies further up is not all known."
        return about(passport, UNKNOWN, detail, pointer, reason="not-found", severity=Severity.INFO)
    return about(passport, FAIL, detail, pointer)


@memoize_per_case
def _countries_of_chain(case: Case) -> frozenset[str]:
    return frozenset().union(*(_countries(case, lot) for lot in case.lots))


@memoize_per_case
def _countries(case: Case, lot: LotKey) -> frozenset[str]:
    """Where a lot was made, by the records of the places that its passports and make events name."""
    places = {one.facility for one in case.graph.passports_of(lot)}
    places |= {one.facility for one in case.graph.makers_of(lot)}
    records = (record for place in sorted(places) for record in case.records_of(place))
    return frozenset(country for record in records if (country := record.said.country_of_operation) is not None)


PV_GEO_1 = Rule(
    id="PV-GEO-1", asks="Does all it says of where it is mean one place?", severity=Severity.WARN, answers=_valid
)
PV_GEO_4 = Rule(
    id="PV-GEO-4", asks="Do materials come from where inputs were made?", severity=Severity.WARN, answers=_comes_from
)

RULES: Final = (PV_GEO_1, PV_GEO_4)

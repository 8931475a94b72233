"""Places: how far apart two facilities are, and whether a point can be in a country.

The rule: a distance is the great circle between the coordinates that facility records state; without both points
it is unknown, never zero.
See docs/rules.md PV-EVT-3 and PV-FAC-4; docs/requirements.md D14.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from typing import Final

from credentials.provenance.statements.statement import FacilityStatement

EARTH_RADIUS_KM: Final = 6371.0088  # mean radius of the GRS 80 ellipsoid


@dataclass(frozen=True, slots=True)
class Point:
    """Degrees north and east."""

    latitude: float
    longitude: float


def point_in(record: FacilityStatement) -> Point | None:
    """The point a record states; None without both coordinates."""
    location = record.said.location
    point = location.point if location is not None else None
    if point is None or point.latitude is None or point.longitude is None:
        return None
    return Point(float(point.latitude), float(point.longitude))


def point_of(records: Iterable[FacilityStatement]) -> Point | None:
    """Where a facility is, by the first of its records that says."""
    points = (point_in(record) for record in records)
    return next((point for point in points if point is not None), None)


def distance_km(one: Point, other: Point) -> float:
    """Great-circle distance in kilometres (haversine)."""
    north, east = radians(other.latitude - one.latitude), radians(other.longitude - one.longitude)
    chord = sin(north / 2) ** 2 + cos(radians(one.latitude)) * cos(radians(other.latitude)) * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, chord)))

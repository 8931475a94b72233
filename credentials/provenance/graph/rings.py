"""Rings: what a boundary of points encloses, whether it crosses itself, and how far a point is from it.

The rule: within the size of a holding the earth is flat enough, so a ring is measured in kilometres on the plane that
touches it at its first point; it may run either way and across the antimeridian. Work is bounded by the number of
points, since a boundary is anybody's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import cos, hypot, radians
from typing import Final, TypeAlias

from credentials.provenance.graph.places import EARTH_RADIUS_KM, Point, distance_km

#: Kilometres east and north of the first point.
Place: TypeAlias = tuple[float, float]
_MOST: Final = 500  # points of which each side is compared with each other one
_FLAT_KM: Final = 100.0  # beyond it the great circle to the nearest corner


def area_km2(ring: Sequence[Point]) -> float:
    """What a closed ring encloses, in square kilometres, whichever way it runs."""
    flat = _flat(ring, ring[0])
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(flat))) / 2


def crosses_itself(ring: Sequence[Point]) -> bool | None:
    """Do two sides of a closed ring cross? None where it has more points than are compared; touching is no crossing."""
    if len(ring) > _MOST:
        return None
    sides = list(pairwise(_flat(ring, ring[0])))
    return any(_cross(one, other) for at, one in enumerate(sides) for other in sides[at + 2 :])


def distance_to_ring_km(point: Point, ring: Sequence[Point]) -> float:
    """How far a point is from what a closed ring encloses, in kilometres; 0 inside."""
    sides = list(pairwise(_flat(ring, point)))
    if _encloses(sides):
        return 0.0
    away = min(_away(*side) for side in sides)
    return away if away < _FLAT_KM else min(distance_km(point, corner) for corner in ring)


def _flat(ring: Sequence[Point], origin: Point) -> list[Place]:
    """The points as kilometres east and north of ``origin``."""
    degree = radians(1) * EARTH_RADIUS_KM
    wide = degree * cos(radians(origin.latitude))
    return [
        (((one.longitude - origin.longitude + 180) % 360 - 180) * wide, (one.latitude - origin.latitude) * degree)
        for one in ring
    ]


def _cross(one: tuple[Place, Place], other: tuple[Place, Place]) -> bool:
    (a, b), (c, d) = one, other
    return _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0


def _turn(a: Place, b: Place, c: Place) -> int:
    """Left 1, right -1, straight on 0."""
    area = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (area > 0) - (area < 0)


def _encloses(sides: Sequence[tuple[Place, Place]]) -> bool:
    """Is the origin inside: does a ray to the east leave an odd number of times?"""
    return sum(1 for x in _crossings(sides) if x > 0) % 2 == 1


def _crossings(sides: Sequence[tuple[Place, Place]]) -> Iterator[float]:
    for (x1, y1), (x2, y2) in sides:
        if (y1 > 0) is not (y2 > 0):
            yield x1 - y1 * (x2 - x1) / (y2 - y1)


def _away(one: Place, other: Place) -> float:
    """How far the origin is from a side."""
    (x, y), (east, north) = one, (other[0] - one[0], other[1] - one[1])
    length = east * east + north * north
    along = min(max(-(x * east + y * north) / length, 0.0), 1.0) if length else 0.0
    return hypot(x + along * east, y + along * north)

"""Lint of facility records: a place on the map, a process, a registration.

DFR-01 to DFR-03; probes 20 and 21. What a ring encloses and where a plus code lies is asked of a chain (PV-GEO-1).
"""

from __future__ import annotations

from collections.abc import Iterator

from credentials.encoding.document import JsonObject
from credentials.encoding.iri import is_iri
from credentials.untp.facility import Location, is_closed, read_location
from credentials.untp.finding import LintFinding
from credentials.untp.json_reading import JsonPlace
from credentials.untp.lint.claims import check_claims
from credentials.untp.lint.products import check_materials
from credentials.untp.lint.rules import finding
from credentials.untp.lint.ways import Way, objects, one, only_subject, pointer_of, text, way_to


def check_facility(document: JsonObject) -> Iterator[LintFinding]:
    """Every check of a facility record."""
    found = only_subject(document)
    if found is None:
        return
    record, way = found
    yield from _registration(record, way)
    if not objects(record, "processCategory"):
        yield finding(
            "DFR-02",
            pointer_of(way, "processCategory"),
            "The facility has no process category.",
            "Classify what is done there, for example by UN CPC code.",
        )
    location = JsonPlace(record, pointer_of(way)).one("locationInformation", read_location)
    yield from _location(location, pointer_of(way, "locationInformation"))
    usage = one(record, "materialUsage")
    if usage is not None:
        yield from check_materials(usage[1], way_to(way, "materialUsage", usage[0]), "materialConsumed")
    yield from check_claims(record, way)


def _registration(record: JsonObject, way: Way) -> Iterator[LintFinding]:
    scheme = one(record, "idScheme")
    stated = {"registeredId": text(record, "registeredId"), "idScheme": text(scheme[1], "id") if scheme else None}
    for key, value in stated.items():
        if value is None:
            yield finding(
                "DFR-01",
                pointer_of(way, key),
                f"The facility has no {key}, so no register can be asked about it.",
                "State the facility's registered id and the scheme it belongs to.",
            )


def _location(location: Location | None, pointer: str) -> Iterator[LintFinding]:
    if location is None or not (location.plus_code or location.point or location.boundary):
        yield finding(
            "DFR-03",
            pointer,
            "The facility's location says nothing.",
            "Give a plus code, a point, or a boundary.",
        )
        return
    if location.plus_code is not None and not is_iri(location.plus_code):
        yield finding(
            "DFR-03", f"{pointer}/plusCode", "The plus code is not a URI.", "Write it like https://plus.codes/…"
        )
    if location.boundary and not is_closed(location.boundary):
        yield finding(
            "DFR-03",
            f"{pointer}/geoBoundary",
            f"The boundary of {len(location.boundary)} points is not a closed ring.",
            "List at least four points, the last equal to the first.",
        )

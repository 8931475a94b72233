"""Lint of codes and dates wherever they stand: units, countries, moments, and the spelling of taxonomy IRIs.

CLM-04, TAX-01, country codes by ISO 3166-1 and dates by ISO 8601; probes 9, 10 and 12. ``characteristics`` are
free and passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import chain
from types import MappingProxyType
from typing import Final

from contexts.codes.countries import is_country
from contexts.codes.metrics import canonical_metric
from contexts.codes.topics import canonical_topic
from contexts.codes.units import unit
from credentials.encoding.document import Json, JsonObject, walk_objects
from credentials.untp.finding import LintFinding
from credentials.untp.kinds import CredentialType
from credentials.untp.lint.rules import finding
from credentials.untp.reading import Place

#: Date member → the requirement that names it.
_DATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "claimDate": "CLM-01",
        "startDate": "CLM-01",
        "endDate": "CLM-01",
        "productionDate": "DPP-02",
        "expiryDate": "DPP-02",
        "assessmentDate": "DCC-04",
        "registeredDate": "DIA-09",
    }
)
_MOMENTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "validFrom": "VCP-03",
        "validUntil": "VCP-03",
        "eventDate": "DTE-01",
    }
)

_TIMES: Final = _DATES.keys() | _MOMENTS.keys()

_CODED: Final = _TIMES | {"unit", "countryCode"}

#: Where countries are required; elsewhere they describe a party (DPP-08).
_COUNTRIES: Final[Mapping[str, str]] = MappingProxyType({"dpp": "DPP-02", "dfr": "DFR-02"})


def check_codes(document: JsonObject, kind: CredentialType) -> Iterator[LintFinding]:
    """Every code and date of a UNTP credential."""
    if not _is_suspect(document):
        return
    objects = [Place(value, pointer) for pointer, value in walk_objects(document) if _is_ours(pointer)]
    objects.sort(key=lambda here: here.pointer)
    for here in objects:
        if not _CODED.isdisjoint(here.value):
            yield from _unit(here)
            yield from _country(here, _COUNTRIES.get(kind.short, "DPP-08"))
            yield from _dates(here)
    yield from _spelling(objects)


def _is_suspect(document: JsonObject) -> bool:
    """Could there be a finding at all? Asked without pointers, of every object: most documents end here."""
    stack: list[Json] = [document]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            stack.extend([child for child in item.values() if isinstance(child, (dict, list))])
            iri = item.get("id")
            if isinstance(iri, str) and _canonical(iri) not in (None, iri):
                return True
            if not _CODED.isdisjoint(item):
                here = Place(item, "")
                if any(chain(_unit(here), _country(here, "DPP-08"), _dates(here))):
                    return True
        elif isinstance(item, list):
            stack.extend(item)
    return False


def _is_ours(pointer: str) -> bool:
    return "/characteristics" not in pointer and not pointer.startswith("/proof")


def _unit(here: Place) -> Iterator[LintFinding]:
    code = here.value.get("unit")
    if isinstance(code, str) and unit(code) is None:
        yield finding(
            "CLM-04",
            here.below("unit"),
            f"{code[:40]!r} is not a unit code we know of UN/ECE Recommendation 20.",
            "Use its code, for example KGM for kilogram.",
        )


def _country(here: Place, rule: str) -> Iterator[LintFinding]:
    code = here.value.get("countryCode")
    if isinstance(code, str) and not is_country(code):
        yield finding(
            rule,
            here.below("countryCode"),
            f"{code[:40]!r} is not an ISO 3166-1 alpha-2 code.",
            "Use two capital letters, for example ZM.",
        )


def _dates(here: Place) -> Iterator[LintFinding]:
    for key in _TIMES & here.value.keys():
        text = here.value[key]
        if not isinstance(text, str):
            continue  # the schema's finding
        if key in _MOMENTS and (here.moment(key) is None or len(text) == 10):
            yield finding(
                _MOMENTS[key],
                here.below(key),
                f"{text[:60]!r} is no date-time with a zone.",
                "Write it like 2026-01-31T12:00:00Z.",
            )
        elif key in _DATES and here.moment(key) is None:
            yield finding(_DATES[key], here.below(key), f"{text[:60]!r} is no date.", "Write it like 2026-01-31.")


@lru_cache(maxsize=4096)
def _canonical(iri: str) -> str | None:
    return canonical_topic(iri) or canonical_metric(iri)


def _spelling(objects: list[Place]) -> Iterator[LintFinding]:
    """TAX-01, once a document: the first IRI that is not the taxonomy's own spelling, and how many there are."""
    odd = [
        (here, canonical)
        for here in objects
        if isinstance(iri := here.value.get("id"), str)
        and (canonical := _canonical(iri)) is not None
        and canonical != iri
    ]
    if odd:
        here, canonical = odd[0]
        yield finding(
            "TAX-01",
            here.below("id"),
            f"{len(odd)} topic or metric IRIs are not spelt as the taxonomy spells them.",
            f"Write {canonical}.",
        )

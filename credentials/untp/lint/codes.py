"""Lint of codes and dates wherever they stand: units, countries, moments, and the spelling of taxonomy IRIs.

CLM-04, TAX-01, country codes by ISO 3166-1 and dates by ISO 8601; probes 9, 10 and 12. ``characteristics`` are
free and passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from types import MappingProxyType
from typing import Final, TypeAlias

from contexts.codes.countries import is_country
from contexts.codes.metrics import canonical_metric
from contexts.codes.topics import canonical_topic
from contexts.codes.units import unit
from credentials.encoding.document import Json, JsonObject, escape_pointer
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

#: Members of an object, letters of a code: more are not worth remembering, and would fill the memory.
_USUAL: Final = 64
_LONGEST: Final = 256  # letters of an IRI of the taxonomies

#: Where countries are required; elsewhere they describe a party (DPP-08).
_COUNTRIES: Final[Mapping[str, str]] = MappingProxyType({"dpp": "DPP-02", "dfr": "DFR-02"})


def check_codes(document: JsonObject, kind: CredentialType) -> Iterator[LintFinding]:
    """Every code and date of a UNTP credential."""
    odd: list[tuple[str, str]] = []
    for value, above in _suspects(document):
        here = Place(value, _pointer(above))
        if not _is_ours(here.pointer):
            continue
        if _coded_of(value):
            yield from _unit(here)
            yield from _country(here, _COUNTRIES.get(kind.short, "DPP-08"))
            yield from _dates(here)
        canonical = _respelt(value)
        if canonical is not None:
            odd.append((here.below("id"), canonical))
    yield from _spelling(sorted(odd))


#: The way down to a value: the key or index of each step, the last one first.
_Way: TypeAlias = tuple["_Way | None", str | int] | None


def _suspects(document: JsonObject) -> Iterator[tuple[JsonObject, _Way]]:
    """Every object with something in it that may be found fault with, and the way to it."""
    stack: list[tuple[JsonObject, _Way]] = [(document, None)]
    while stack:
        item, way = stack.pop()
        if _respelt(item) is not None or any(_is_wrong(key, item[key]) for key in _coded_of(item)):
            yield item, way
        for key, child in item.items():
            if type(child) is dict:
                stack.append((child, (way, key)))
            elif type(child) is list:
                stack.extend(_objects_in(child, (way, key)))


def _objects_in(items: list[Json], way: _Way) -> Iterator[tuple[JsonObject, _Way]]:
    for index, child in enumerate(items):
        if type(child) is dict:
            yield child, (way, index)
        elif type(child) is list:
            yield from _objects_in(child, (way, index))


def _coded_of(item: JsonObject) -> Iterable[str]:
    """Its members that hold codes or dates."""
    return _coded_among(tuple(item)) if len(item) <= _USUAL else _CODED & item.keys()


@lru_cache(maxsize=1024)  # objects of one class have the same few members
def _coded_among(members: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(key for key in members if key in _CODED)


def _is_wrong(key: str, value: Json) -> bool:
    if type(value) is not str:
        return False  # the schema's finding
    return _is_wrong_text(key, value) if len(value) <= _USUAL else True


@lru_cache(maxsize=4096)  # the same few units, countries and dates stand in every document
def _is_wrong_text(key: str, text: str) -> bool:
    here = Place({key: text}, "")
    return any(chain(_unit(here), _country(here, "DPP-08"), _dates(here)))


def _pointer(way: _Way) -> str:
    """Only a suspect needs its pointer written out."""
    steps = []
    while way is not None:
        way, step = way
        steps.append(f"/{escape_pointer(str(step))}")
    return "".join(reversed(steps))


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


def _respelt(item: JsonObject) -> str | None:
    """The taxonomy's own spelling of an object's id, where that is another."""
    iri = item.get("id")
    canonical = _canonical(iri) if type(iri) is str and len(iri) <= _LONGEST else None
    return None if canonical == iri else canonical


def _spelling(odd: Sequence[tuple[str, str]]) -> Iterator[LintFinding]:
    """TAX-01, once a document: the first IRI that is not the taxonomy's own spelling, and how many there are."""
    if odd:
        pointer, canonical = odd[0]
        yield finding(
            "TAX-01",
            pointer,
            f"{len(odd)} topic or metric IRIs are not spelt as the taxonomy spells them.",
            f"Write {canonical}.",
        )

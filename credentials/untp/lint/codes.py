"""Lint of codes and dates wherever they stand: units, countries, moments, and the spelling of taxonomy IRIs.

CLM-04, TAX-01, country codes by ISO 3166-1 and dates by ISO 8601; probes 9, 10 and 12. ``characteristics`` are
free and passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Final, TypeAlias

from contexts.codes.countries import COUNTRIES, is_country
from contexts.codes.metrics import canonical_metric
from contexts.codes.topics import canonical_topic
from contexts.codes.units import UNITS, unit
from credentials.encoding.document import JsonObject
from credentials.encoding.moments import is_moment
from credentials.untp.finding import LintFinding
from credentials.untp.json_reading import JsonPlace
from credentials.untp.kinds import CredentialType
from credentials.untp.lint.rules import finding
from credentials.untp.lint.ways import Way, pointer_of

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

#: Members whose text is a code, a date, or an IRI that a taxonomy may spell otherwise.
READ: Final = frozenset(_TIMES | {"unit", "countryCode", "id"})
#: What is right there, where that is a list.
RIGHT: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(READ, frozenset[str]()),
    "unit": frozenset(UNITS),
    "countryCode": frozenset(COUNTRIES),
}

#: An object, the member of it whose text may be wrong, and the way to the object.
OddText: TypeAlias = tuple[JsonObject, str, Way]

_USUAL: Final = 64  # letters of a code: a longer one is not worth remembering, and would fill the memory
_LONGEST: Final = 256  # letters of an IRI of the taxonomies

#: Where countries are required; elsewhere they describe a party (DPP-08).
_COUNTRIES: Final[Mapping[str, str]] = MappingProxyType({"dpp": "DPP-02", "dfr": "DFR-02"})


def check_codes(odd_texts: Iterable[OddText], kind: CredentialType) -> Iterator[LintFinding]:
    """Every code and date of a UNTP credential, by the members of it that may be found fault with."""
    odd: list[tuple[str, str]] = []
    for value, key, way in odd_texts:
        pointer, text = pointer_of(way, key), value[key]
        if "/characteristics" in pointer or pointer.startswith("/proof"):
            continue
        if key == "id":
            odd.append((pointer, _canonical(text) or ""))
        elif (fault := _fault(key, text)) is not None:
            rule, detail, fix = fault
            yield finding(_COUNTRIES.get(kind.short, rule) if key == "countryCode" else rule, pointer, detail, fix)
    yield from _spelling(odd)


def is_odd(key: str, text: str) -> bool:
    """Does a code, a date or an ``id`` on the vocabulary's host say something else than it should?

    Whatever the object around it.
    """
    if key == "id":
        return len(text) <= _LONGEST and _canonical(text) not in (None, text)
    return len(text) > _USUAL or _is_wrong(key, text)


@lru_cache(maxsize=4096)  # the same few units, countries and dates stand in every document
def _is_wrong(key: str, text: str) -> bool:
    return _fault(key, text) is not None


def _fault(key: str, text: str) -> tuple[str, str, str] | None:
    """The rule that a code or a date breaks, the cause and the cure; None where it breaks none."""
    if key == "unit":
        right, rule, fix = unit(text) is not None, "CLM-04", "Use its code, for example KGM for kilogram."
        detail = f"{text[:40]!r} is not a unit code we know of UN/ECE Recommendation 20."
    elif key == "countryCode":
        right, rule, fix = is_country(text), "DPP-08", "Use two capital letters, for example ZM."
        detail = f"{text[:40]!r} is not an ISO 3166-1 alpha-2 code."
    elif key in _MOMENTS:
        right, rule, fix = is_moment(text), _MOMENTS[key], "Write it like 2026-01-31T12:00:00Z."
        detail = f"{text[:60]!r} is no date-time with a zone."
    else:
        right, rule, fix = JsonPlace({key: text}, "").moment(key) is not None, _DATES[key], "Write it like 2026-01-31."
        detail = f"{text[:60]!r} is no date."
    return None if right else (rule, detail, fix)


@lru_cache(maxsize=4096)  # of IRIs on the vocabulary's host: the same few stand in every document
def _canonical(iri: str) -> str | None:
    return canonical_topic(iri) or canonical_metric(iri)


def _spelling(odd: Sequence[tuple[str, str]]) -> Iterator[LintFinding]:
    """TAX-01, once a document: the first IRI that is not the taxonomy's own spelling, and how many there are."""
    if odd:
        pointer, canonical = min(odd)
        yield finding(
            "TAX-01",
            pointer,
            f"{len(odd)} topic or metric IRIs are not spelt as the taxonomy spells them.",
            f"Write {canonical}.",
        )

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

from contexts.codes.countries import COUNTRIES, is_country
from contexts.codes.metrics import canonical_metric
from contexts.codes.topics import canonical_topic
from contexts.codes.units import UNITS, unit
from credentials.encoding.document import JsonObject
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
        pointer = pointer_of(way)
        if not _is_ours(pointer):
            continue
        if key == "id":
            odd.append((f"{pointer}/id", _canonical(value[key]) or ""))
        elif key == "unit":
            yield from _unit(JsonPlace(value, pointer))
        elif key == "countryCode":
            yield from _country(JsonPlace(value, pointer), _COUNTRIES.get(kind.short, "DPP-08"))
        else:
            yield from _date(JsonPlace(value, pointer), key)
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
    here = JsonPlace({key: text}, "")
    return any(chain(_unit(here), _country(here, "DPP-08"), _date(here, key)))


def _is_ours(pointer: str) -> bool:
    return "/characteristics" not in pointer and not pointer.startswith("/proof")


def _unit(here: JsonPlace) -> Iterator[LintFinding]:
    code = here.value.get("unit")
    if isinstance(code, str) and unit(code) is None:
        yield finding(
            "CLM-04",
            here.below("unit"),
            f"{code[:40]!r} is not a unit code we know of UN/ECE Recommendation 20.",
            "Use its code, for example KGM for kilogram.",
        )


def _country(here: JsonPlace, rule: str) -> Iterator[LintFinding]:
    code = here.value.get("countryCode")
    if isinstance(code, str) and not is_country(code):
        yield finding(
            rule,
            here.below("countryCode"),
            f"{code[:40]!r} is not an ISO 3166-1 alpha-2 code.",
            "Use two capital letters, for example ZM.",
        )


def _date(here: JsonPlace, key: str) -> Iterator[LintFinding]:
    text = str(here.value[key])
    if key in _MOMENTS and (here.moment(key) is None or len(text) == 10):
        yield finding(
            _MOMENTS[key],
            here.below(key),
            f"{text[:60]!r} is no date-time with a zone.",
            "Write it like 2026-01-31T12:00:00Z.",
        )
    elif key in _DATES and here.moment(key) is None:
        yield finding(_DATES[key], here.below(key), f"{text[:60]!r} is no date.", "Write it like 2026-01-31.")


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

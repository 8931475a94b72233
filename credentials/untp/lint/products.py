"""Lint of products: identifiers of the right grain, categories, and materials that add up.

DPP-01 to DPP-03; probes 5 to 8. Events name products too, so the grain check serves both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from credentials.encoding.document import Json, JsonObject
from credentials.untp.finding import LintFinding
from credentials.untp.json_reading import to_decimal
from credentials.untp.lint.claims import check_claims
from credentials.untp.lint.rules import WARN, finding
from credentials.untp.lint.ways import Way, objects, one, only_subject, pointer_of, text, way_to

#: How far the mass fractions of one thing may exceed 1: rounding, not more.
FRACTION_TOLERANCE: Final = Decimal("0.001")

#: Granularity → the member that must carry the number, and the members finer than it.
_NUMBERS: Final = {
    "model": ("modelNumber", ("batchNumber", "itemNumber")),
    "batch": ("batchNumber", ("itemNumber",)),
    "item": ("itemNumber", ()),
}


def check_passport(document: JsonObject) -> Iterator[LintFinding]:
    """Every check of a passport's product."""
    found = only_subject(document)
    if found is None:
        return
    product, way = found
    yield from check_grain(product, way, whole=True)
    if not objects(product, "productCategory"):
        yield finding(
            "DPP-02",
            pointer_of(way, "productCategory"),
            "The product has no category.",
            "Classify it, for example by UN CPC or HS code.",
        )
    yield from check_materials(product, way, "materialProvenance")
    packaging = one(product, "packaging")
    if packaging is not None:
        inside = way_to(way, "packaging", packaging[0])
        yield from check_materials(packaging[1], inside, "materialUsed")
        yield from check_claims(packaging[1], inside)
    yield from check_claims(product, way)


def check_grain(product: JsonObject, way: Way, *, whole: bool = False) -> Iterator[LintFinding]:
    """DPP-01: model, batch and item ids each carry their number, and none finer than themselves.

    ``whole`` is a Product, of which a model number is expected too; else it is a reference to one.
    """
    granularity = text(product, "idGranularity")
    if granularity not in _NUMBERS:
        return  # the schema's finding
    needed, finer = _NUMBERS[granularity]
    if text(product, needed) is None and (whole or needed != "modelNumber"):
        yield finding(
            "DPP-01",
            pointer_of(way, needed),
            f"An identifier of granularity {granularity} needs {needed}.",
            f"State {needed}, or correct idGranularity.",
        )
    for member in finer:
        if text(product, member) is not None:
            yield finding(
                "DPP-01",
                pointer_of(way, member),
                f"The granularity is {granularity}, but {member} is given: one id for two different things.",
                "Give the batch or item its own id and granularity.",
                severity=WARN,
            )


def check_materials(holder: JsonObject, way: Way, key: str) -> Iterator[LintFinding]:
    """DPP-03: fractions add up to at most 1, hazards come with safety information."""
    materials = objects(holder, key)
    total = _total([fraction for _, material in materials if (fraction := material.get("massFraction")) is not None])
    if total > 1 + FRACTION_TOLERANCE:
        yield finding(
            "DPP-03",
            pointer_of(way, key),
            f"The mass fractions add up to {total.normalize():f}, more than the whole.",
            "Correct the fractions so that they add up to at most 1.",
        )
    for index, material in materials:
        if material.get("hazardous") is True:
            sheet = one(material, "materialSafetyInformation")
            if sheet is None or text(sheet[1], "linkURL") is None:
                yield finding(
                    "DPP-03",
                    pointer_of(way, key, index, "materialSafetyInformation"),
                    "A hazardous material comes without safety information.",
                    "Link its safety data sheet in materialSafetyInformation.",
                )


def _total(fractions: Sequence[Json]) -> Decimal:
    """Their exact sum; 0 where they are plainly no more than the whole, which doubles show as well."""
    plain = [fraction for fraction in fractions if type(fraction) is float or type(fraction) is int]
    if len(plain) == len(fractions) and all(0 <= fraction <= 1 for fraction in plain) and sum(plain) <= 1:
        return Decimal(0)
    return sum((to_decimal(fraction) or Decimal(0) for fraction in fractions), Decimal(0))

"""Lint of products: identifiers of the right grain, categories, and materials that add up.

DPP-01 to DPP-03; probes 5 to 8. Events name products too, so the grain check serves both.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from credentials.encoding.document import JsonObject
from credentials.untp.finding import LintFinding
from credentials.untp.lint.claims import check_claim
from credentials.untp.lint.rules import WARN, finding
from credentials.untp.reading import Place, only_subject_of

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
    product = only_subject_of(document)
    if product is None:
        return
    yield from check_grain(product, whole=True)
    if not product.each("productCategory"):
        yield finding(
            "DPP-02",
            product.below("productCategory"),
            "The product has no category.",
            "Classify it, for example by UN CPC or HS code.",
        )
    yield from check_materials(product, "materialProvenance")
    packaging = product.at("packaging")
    yield from check_materials(packaging, "materialUsed")
    for claim in (*packaging.each("performanceClaim"), *product.each("performanceClaim")):
        yield from check_claim(claim)


def check_grain(product: Place, *, whole: bool = False) -> Iterator[LintFinding]:
    """DPP-01: model, batch and item ids each carry their number, and none finer than themselves.

    ``whole`` is a Product, of which a model number is expected too; else it is a reference to one.
    """
    granularity = product.text("idGranularity")
    if granularity not in _NUMBERS:
        return  # the schema's finding
    needed, finer = _NUMBERS[granularity]
    if product.text(needed) is None and (whole or needed != "modelNumber"):
        yield finding(
            "DPP-01",
            product.below(needed),
            f"An identifier of granularity {granularity} needs {needed}.",
            f"State {needed}, or correct idGranularity.",
        )
    for member in finer:
        if product.text(member) is not None:
            yield finding(
                "DPP-01",
                product.below(member),
                f"The granularity is {granularity}, but {member} is given: one id for two different things.",
                "Give the batch or item its own id and granularity.",
                severity=WARN,
            )


def check_materials(holder: Place, key: str) -> Iterator[LintFinding]:
    """DPP-03: fractions add up to at most 1, hazards come with safety information."""
    materials = holder.each(key)
    total = sum((material.number("massFraction") or Decimal(0) for material in materials), Decimal(0))
    if total > 1 + FRACTION_TOLERANCE:
        yield finding(
            "DPP-03",
            holder.below(key),
            f"The mass fractions add up to {total.normalize():f}, more than the whole.",
            "Correct the fractions so that they add up to at most 1.",
        )
    for material in materials:
        if material.flag("hazardous") and material.at("materialSafetyInformation").text("linkURL") is None:
            yield finding(
                "DPP-03",
                material.below("materialSafetyInformation"),
                "A hazardous material comes without safety information.",
                "Link its safety data sheet in materialSafetyInformation.",
            )

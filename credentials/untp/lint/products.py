"""Lint of products: identifiers of the right grain, categories, and materials that add up.

DPP-01 to DPP-03; probes 5 to 8. Events name products too, so the grain check serves both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from credentials.encoding.document import JsonObject
from credentials.untp.finding import LintFinding
from credentials.untp.lint.claims import check_claim
from credentials.untp.lint.rules import WARN, finding
from credentials.untp.passport import Material, Product, read_passport
from credentials.untp.values import ProductReference

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
    product = read_passport(document)
    if product is None:
        return
    yield from check_grain(product)
    if not product.categories:
        yield finding(
            "DPP-02",
            f"{product.pointer}/productCategory",
            "The product has no category.",
            "Classify it, for example by UN CPC or HS code.",
        )
    yield from check_materials(product.materials, f"{product.pointer}/materialProvenance")
    if product.packaging is not None:
        yield from check_materials(product.packaging.materials, f"{product.packaging.pointer}/materialUsed")
        for claim in product.packaging.claims:
            yield from check_claim(claim)
    for claim in product.claims:
        yield from check_claim(claim)


def check_grain(product: Product | ProductReference) -> Iterator[LintFinding]:
    """DPP-01: model, batch and item ids each carry their number, and none finer than themselves."""
    if product.granularity not in _NUMBERS:
        return  # the schema's finding
    needed, finer = _NUMBERS[product.granularity]
    numbers = {
        "modelNumber": product.model_number,
        "batchNumber": product.batch_number,
        "itemNumber": product.item_number,
    }
    is_passport = isinstance(product, Product)
    if numbers[needed] is None and (is_passport or needed != "modelNumber"):
        yield finding(
            "DPP-01",
            f"{product.pointer}/{needed}",
            f"An identifier of granularity {product.granularity} needs {needed}.",
            f"State {needed}, or correct idGranularity.",
        )
    for member in finer:
        if numbers[member] is not None:
            yield finding(
                "DPP-01",
                f"{product.pointer}/{member}",
                f"The granularity is {product.granularity}, but {member} is given: one id for two different things.",
                "Give the batch or item its own id and granularity.",
                severity=WARN,
            )


def check_materials(materials: Sequence[Material], pointer: str) -> Iterator[LintFinding]:
    """DPP-03: fractions add up to at most 1, hazards come with safety information."""
    total = sum((material.mass_fraction or Decimal(0) for material in materials), Decimal(0))
    if total > 1 + FRACTION_TOLERANCE:
        yield finding(
            "DPP-03",
            pointer,
            f"The mass fractions add up to {total.normalize():f}, more than the whole.",
            "Correct the fractions so that they add up to at most 1.",
        )
    for material in materials:
        if material.hazardous and (material.safety_information is None or material.safety_information.url is None):
            yield finding(
                "DPP-03",
                f"{material.pointer}/materialSafetyInformation",
                "A hazardous material comes without safety information.",
                "Link its safety data sheet in materialSafetyInformation.",
            )

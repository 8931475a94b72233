"""UNTP's performance metrics: 10 groups, 69 metrics, each with its unit, its better direction and how it adds up.

Facts of the UNTP performance metrics vocabulary 0.1.0, read from the file published with UNTP 0.7.0; a metric's
notation is its place in this table. Singular and plural IRIs are one concept (TAX-01); values compare only within
one metric (TAX-02). The list writes the withdrawn Rec 20 code ``MK`` and means milligram per kilogram. UNTP 0.7.0,
vocabularies untp-topics and untp-metrics.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from contexts.codes.concepts import label_of, slug_in

NAMESPACE: Final = "https://vocabulary.uncefact.org/performance-metrics/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One metric: ``unit`` is a Rec 20 code, ``better`` lower, higher or context-dependent."""

    slug: str
    label: str
    notation: str
    group: str
    unit: str
    better: str
    aggregation: str

    @property
    def iri(self) -> str:
        """The vocabulary's own IRI."""
        return NAMESPACE + self.slug


def canonical_metric(iri: str) -> str | None:
    """The plural IRI of a UNTP metric, however it was spelt; None when it is none of ours."""
    found = metric(iri)
    return found.iri if found else None


def metric(iri: str) -> Metric | None:
    """The metric an IRI names; a metric group is not a metric."""
    slug = slug_in(iri, "performance-metric")
    return METRICS.get(slug) if slug else None


def is_metric_iri(iri: str) -> bool:
    """Does this IRI claim to be one of UNTP's metrics (known or not)?"""
    return slug_in(iri, "performance-metric") is not None


_LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "scope-1-ghg-emissions": "Scope 1 GHG Emissions",
        "scope-2-ghg-emissions": "Scope 2 GHG Emissions",
        "total-ghg-emissions": "Total GHG Emissions",
        "ghg-emissions-intensity": "GHG Emissions Intensity",
        "ghg-reduction-progress": "GHG Reduction Target Progress",
        "onsite-renewable-generation": "On-site Renewable Generation",
        "non-renewable-energy-consumption": "Non-Renewable Energy Consumption",
        "waste-and-circularity": "Waste and Circularity",
        "waste-to-landfill": "Waste to Landfill",
        "reuse-remanufacturing-rate": "Reuse and Remanufacturing Rate",
        "biodiversity-and-land-use": "Biodiversity and Land Use",
        "deforestation-free-sourcing": "Deforestation-Free Sourcing",
        "sox-emissions": "SOx Emissions",
        "nox-emissions": "NOx Emissions",
        "voc-emissions": "VOC Emissions",
        "substances-of-concern": "Substances of Concern",
        "ozone-depleting-emissions": "Ozone-Depleting Substance Emissions",
        "lost-time-injury-rate": "Lost Time Injury Frequency Rate",
        "women-in-management": "Women in Management",
        "training-hours-per-employee": "Training Hours per Employee",
        "anti-corruption-training-coverage": "Anti-Corruption Training Coverage",
        "esg-disclosure-score": "ESG Disclosure Score",
        "product-safety-and-quality": "Product Safety and Quality",
        "food-safety-and-quality": "Food Safety and Quality",
    }
)

#: Group, then one line a metric: slug, unit, better direction, aggregation.
_GROUPS: Final[tuple[tuple[str, str], ...]] = (
    (
        "greenhouse-gas-emissions",
        """
        scope-1-ghg-emissions TNE lower sum
        scope-2-ghg-emissions TNE lower sum
        scope-3-upstream-emissions TNE lower sum
        scope-3-downstream-emissions TNE lower sum
        total-ghg-emissions TNE lower sum
        ghg-emissions-intensity KGM lower weighted-average
        product-carbon-footprint KGM lower weighted-average
        biogenic-emissions TNE lower sum
        ghg-reduction-progress P1 higher latest
        """,
    ),
    (
        "energy",
        """
        total-energy-consumption MWH lower sum
        renewable-energy-percentage P1 higher weighted-average
        energy-intensity MWH lower weighted-average
        onsite-renewable-generation MWH higher sum
        non-renewable-energy-consumption MWH lower sum
        """,
    ),
    (
        "water",
        """
        total-water-withdrawal MTQ lower sum
        water-consumption MTQ lower sum
        water-recycling-rate P1 higher weighted-average
        water-discharge MTQ lower sum
        water-intensity LTR lower weighted-average
        water-stress-area-withdrawal MTQ lower sum
        """,
    ),
    (
        "waste-and-circularity",
        """
        total-waste-generated TNE lower sum
        hazardous-waste-generated TNE lower sum
        waste-diversion-rate P1 higher weighted-average
        recycled-content-percentage P1 higher weighted-average
        recyclability-rate P1 higher weighted-average
        material-recovery-rate P1 higher weighted-average
        waste-to-landfill TNE lower sum
        product-durability-index ANN higher average
        reuse-remanufacturing-rate P1 higher weighted-average
        """,
    ),
    (
        "biodiversity-and-land-use",
        """
        deforestation-free-sourcing P1 higher weighted-average
        land-use-change HAR lower sum
        biodiversity-impact-score C62 lower average
        protected-area-impact HAR lower sum
        """,
    ),
    (
        "pollution",
        """
        sox-emissions TNE lower sum
        nox-emissions TNE lower sum
        voc-emissions TNE lower sum
        particulate-matter-emissions TNE lower sum
        substances-of-concern KGM lower sum
        ozone-depleting-emissions KGM lower sum
        """,
    ),
    (
        "workforce",
        """
        living-wage-coverage P1 higher weighted-average
        lost-time-injury-rate C62 lower average
        gender-pay-gap P1 lower weighted-average
        women-in-management P1 higher weighted-average
        training-hours-per-employee HUR higher average
        collective-bargaining-coverage P1 higher weighted-average
        employee-turnover-rate P1 lower average
        child-labor-incidents C62 lower count
        forced-labor-incidents C62 lower count
        workforce-diversity-ratio P1 higher weighted-average
        """,
    ),
    (
        "governance",
        """
        anti-corruption-training-coverage P1 higher weighted-average
        supplier-due-diligence-coverage P1 higher weighted-average
        esg-disclosure-score P1 higher latest
        grievance-response-rate P1 higher average
        """,
    ),
    (
        "product-safety-and-quality",
        """
        mechanical-strength MPA higher minimum
        impact-resistance JOU higher minimum
        thermal-performance C62 higher weighted-average
        fire-resistance-rating MIN higher minimum
        electrical-safety-rating C62 higher minimum
        flammability-rating C62 higher minimum
        chemical-substance-concentration MK lower maximum
        noise-emission-level C62 lower maximum
        """,
    ),
    (
        "food-safety-and-quality",
        """
        microbiological-count C62 lower maximum
        chemical-contaminant-level MK lower maximum
        pesticide-residue-level MK lower maximum
        veterinary-drug-residue-level MK lower maximum
        food-additive-level MK lower maximum
        nutritional-content GRM context-dependent average
        allergen-presence MK lower maximum
        shelf-life-duration DAY higher minimum
        """,
    ),
)


def _rows() -> dict[str, Metric]:
    rows: dict[str, Metric] = {}
    for place, (group, members) in enumerate(_GROUPS, start=1):
        for index, line in enumerate(members.strip().splitlines(), start=1):
            slug, unit, better, aggregation = line.split()
            rows[slug] = Metric(
                slug=slug,
                label=label_of(slug, _LABELS),
                notation=f"{place:02}.{index:02}",
                group=group,
                unit=unit,
                better=better,
                aggregation=aggregation,
            )
    return rows


#: Every metric by slug, in the vocabulary's order.
METRICS: Final[Mapping[str, Metric]] = MappingProxyType(_rows())

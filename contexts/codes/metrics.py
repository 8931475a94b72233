"""UNTP's performance metrics: 10 groups, 69 metrics, each with its unit, better direction, kind and how it adds up.

Facts of the UNTP performance metrics vocabulary 0.1.0, read from the file published with UNTP 0.7.0; a metric's
notation is its place in this table. Singular and plural IRIs are one concept (TAX-01); values compare only within
one metric (TAX-02). The list writes the withdrawn Rec 20 code ``MK`` and means milligram per kilogram. UNTP 0.7.0,
vocabularies untp-topics and untp-metrics.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from contexts.codes.concepts import label_of, slug_in

NAMESPACE: Final = "https://vocabulary.uncefact.org/performance-metrics/"


class MetricKind(StrEnum):
    """What a figure is a figure of, which decides what can be made of the figures of inputs."""

    SHARE_OF_MASS = "share-of-mass"  # so much of the mass: that of a mixture is the mean by mass
    PER_MASS = "per-mass"  # so much in a kilogram
    TOTAL = "total"  # an amount of a period or a whole
    EXTREME = "extreme"  # the least or the most that was measured
    OF_A_PLACE = "of-a-place"
    OF_A_COMPANY = "of-a-company"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One metric: ``unit`` is a Rec 20 code, ``better`` lower, higher or context-dependent.

    ``kind`` is our reading of the definition: the vocabulary does not say it.
    """

    slug: str
    label: str
    notation: str
    group: str
    unit: str
    better: str
    aggregation: str
    kind: MetricKind

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

#: Group, then one line a metric: slug, unit, better direction, aggregation, kind.
_GROUPS: Final[tuple[tuple[str, str], ...]] = (
    (
        "greenhouse-gas-emissions",
        """
        scope-1-ghg-emissions TNE lower sum total
        scope-2-ghg-emissions TNE lower sum total
        scope-3-upstream-emissions TNE lower sum total
        scope-3-downstream-emissions TNE lower sum total
        total-ghg-emissions TNE lower sum total
        ghg-emissions-intensity KGM lower weighted-average other
        product-carbon-footprint KGM lower weighted-average other
        biogenic-emissions TNE lower sum total
        ghg-reduction-progress P1 higher latest of-a-company
        """,
    ),
    (
        "energy",
        """
        total-energy-consumption MWH lower sum total
        renewable-energy-percentage P1 higher weighted-average of-a-place
        energy-intensity MWH lower weighted-average other
        onsite-renewable-generation MWH higher sum total
        non-renewable-energy-consumption MWH lower sum total
        """,
    ),
    (
        "water",
        """
        total-water-withdrawal MTQ lower sum total
        water-consumption MTQ lower sum total
        water-recycling-rate P1 higher weighted-average of-a-place
        water-discharge MTQ lower sum total
        water-intensity LTR lower weighted-average other
        water-stress-area-withdrawal MTQ lower sum total
        """,
    ),
    (
        "waste-and-circularity",
        """
        total-waste-generated TNE lower sum total
        hazardous-waste-generated TNE lower sum total
        waste-diversion-rate P1 higher weighted-average of-a-place
        recycled-content-percentage P1 higher weighted-average share-of-mass
        recyclability-rate P1 higher weighted-average other
        material-recovery-rate P1 higher weighted-average other
        waste-to-landfill TNE lower sum total
        product-durability-index ANN higher average other
        reuse-remanufacturing-rate P1 higher weighted-average other
        """,
    ),
    (
        "biodiversity-and-land-use",
        """
        deforestation-free-sourcing P1 higher weighted-average share-of-mass
        land-use-change HAR lower sum total
        biodiversity-impact-score C62 lower average of-a-place
        protected-area-impact HAR lower sum total
        """,
    ),
    (
        "pollution",
        """
        sox-emissions TNE lower sum total
        nox-emissions TNE lower sum total
        voc-emissions TNE lower sum total
        particulate-matter-emissions TNE lower sum total
        substances-of-concern KGM lower sum total
        ozone-depleting-emissions KGM lower sum total
        """,
    ),
    (
        "workforce",
        """
        living-wage-coverage P1 higher weighted-average of-a-company
        lost-time-injury-rate C62 lower average of-a-place
        gender-pay-gap P1 lower weighted-average of-a-company
        women-in-management P1 higher weighted-average of-a-company
        training-hours-per-employee HUR higher average of-a-company
        collective-bargaining-coverage P1 higher weighted-average of-a-company
        employee-turnover-rate P1 lower average of-a-company
        child-labor-incidents C62 lower count of-a-company
        forced-labor-incidents C62 lower count of-a-company
        workforce-diversity-ratio P1 higher weighted-average of-a-company
        """,
    ),
    (
        "governance",
        """
        anti-corruption-training-coverage P1 higher weighted-average of-a-company
        supplier-due-diligence-coverage P1 higher weighted-average of-a-company
        esg-disclosure-score P1 higher latest of-a-company
        grievance-response-rate P1 higher average of-a-company
        """,
    ),
    (
        "product-safety-and-quality",
        """
        mechanical-strength MPA higher minimum extreme
        impact-resistance JOU higher minimum extreme
        thermal-performance C62 higher weighted-average other
        fire-resistance-rating MIN higher minimum extreme
        electrical-safety-rating C62 higher minimum extreme
        flammability-rating C62 higher minimum extreme
        chemical-substance-concentration MK lower maximum extreme
        noise-emission-level C62 lower maximum extreme
        """,
    ),
    (
        "food-safety-and-quality",
        """
        microbiological-count C62 lower maximum extreme
        chemical-contaminant-level MK lower maximum extreme
        pesticide-residue-level MK lower maximum extreme
        veterinary-drug-residue-level MK lower maximum extreme
        food-additive-level MK lower maximum extreme
        nutritional-content GRM context-dependent average per-mass
        allergen-presence MK lower maximum extreme
        shelf-life-duration DAY higher minimum extreme
        """,
    ),
)


def _rows() -> dict[str, Metric]:
    rows: dict[str, Metric] = {}
    for place, (group, members) in enumerate(_GROUPS, start=1):
        for index, line in enumerate(members.strip().splitlines(), start=1):
            slug, unit, better, aggregation, kind = line.split()
            rows[slug] = Metric(
                slug=slug,
                label=label_of(slug, _LABELS),
                notation=f"{place:02}.{index:02}",
                group=group,
                unit=unit,
                better=better,
                aggregation=aggregation,
                kind=MetricKind(kind),
            )
    return rows


#: Every metric by slug, in the vocabulary's order.
METRICS: Final[Mapping[str, Metric]] = MappingProxyType(_rows())

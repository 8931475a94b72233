"""UNTP's conformity topics: 11 groups, 90 topics, and the two spellings of their IRIs.

Facts (slugs, labels, order) of the UNTP conformity topic classification 0.2.0, read from the vocabulary published
with UNTP 0.7.0; a topic's notation is its place in this table. Samples write the singular ``conformity-topic/``,
the taxonomy the plural: both are one concept and we write the plural (TAX-01). UNTP 0.7.0, vocabularies untp-topics and
untp-metrics.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from contexts.codes.concepts import label_of, slug_in

NAMESPACE: Final = "https://vocabulary.uncefact.org/conformity-topics/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One topic or topic group: ``group`` is the slug of its group, None for a group itself."""

    slug: str
    label: str
    notation: str
    group: str | None

    @property
    def iri(self) -> str:
        """The taxonomy's own IRI."""
        return NAMESPACE + self.slug


def canonical_topic(iri: str) -> str | None:
    """The plural IRI of a UNTP topic or group, however it was spelt; None when it is none of ours."""
    found = topic(iri)
    return found.iri if found else None


def topic(iri: str) -> Topic | None:
    """The topic or group an IRI names."""
    slug = slug_in(iri, "conformity-topic")
    return TOPICS.get(slug) if slug else None


_LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "human-equity-and-welfare": "Human Equity and Welfare",
        "rights-and-equality": "Rights and Equality",
        "anti-corruption-measures": "Anti-Corruption Measures",
        "ip-protection": "Intellectual Property Protection",
        "end-of-life-management": "End-of-Life Management",
        "health-and-safety": "Health and Safety Assurance",
        "trade-and-market-access": "Trade and Market Access",
        "import-export-controls": "Import and Export Controls",
        "rules-of-origin": "Rules of Origin",
        "tariff-and-duty-compliance": "Tariff and Duty Compliance",
        "metrology-and-measurement": "Metrology and Measurement",
        "testing-and-certification": "Testing and Certification",
        "sanitary-and-phytosanitary": "Sanitary and Phytosanitary Measures",
        "information-security": "Information Security and Digital Trust",
        "data-protection-and-privacy": "Data Protection and Privacy",
        "digital-identity-and-trust": "Digital Identity and Trust",
        "incident-response": "Incident Response and Recovery",
        "system-integrity": "System Integrity and Availability",
        "encryption-and-data-security": "Encryption and Data Security",
        "audit-and-accountability": "Audit Trail and Accountability",
    }
)

_GROUPS: Final[tuple[tuple[str, str], ...]] = (
    (
        "ecological-resilience",
        """
        greenhouse-gas-emissions renewable-energy-use water-conservation waste-minimization
        ecosystem-preservation forest-conservation recycled-material-integration sustainable-product-design
        chemical-safety air-quality-management
        """,
    ),
    (
        "human-equity-and-welfare",
        """
        rights-and-equality decent-work-conditions workplace-safety community-empowerment
        worker-representation forced-labor-elimination youth-protection gender-equity
        """,
    ),
    (
        "ethical-governance",
        """
        anti-corruption-measures open-reporting legal-compliance responsible-procurement
        stakeholder-inclusion data-privacy ip-protection competitive-fairness
        """,
    ),
    (
        "product-integrity",
        """
        product-safety-standards quality-performance substance-control product-longevity standards-adherence
        supply-chain-traceability consumer-information end-of-life-management
        """,
    ),
    (
        "circular-value-chains",
        """
        ethical-material-sourcing supplier-sustainability resource-circularity energy-optimization
        supply-chain-labor-rights origin-tracking supplier-development supply-chain-risk-reduction
        """,
    ),
    (
        "economic-sustainability",
        """
        business-resilience sustainable-investment green-innovation employment-opportunities
        regional-economic-growth resource-efficiency economic-risk-management supply-network-strength
        """,
    ),
    (
        "health-and-safety",
        """
        workplace-hazard-control emergency-readiness exposure-management living-conditions healthcare-access
        wellbeing-support nutrition-standards ergonomic-design
        """,
    ),
    (
        "systemic-sustainability",
        """
        sustainability-policies risk-identification outcome-tracking capacity-building process-enhancement
        feedback-channels compliance-verification transparent-communication
        """,
    ),
    (
        "trade-and-market-access",
        """
        import-export-controls customs-classification rules-of-origin sanctions-compliance
        market-authorization trade-documentation tariff-and-duty-compliance mutual-recognition
        """,
    ),
    (
        "technical-conformity",
        """
        technical-regulations voluntary-standards metrology-and-measurement testing-and-certification
        sanitary-and-phytosanitary interoperability-standards accessibility-requirements
        performance-specifications
        """,
    ),
    (
        "information-security",
        """
        data-protection-and-privacy cybersecurity-controls digital-identity-and-trust access-management
        incident-response system-integrity encryption-and-data-security audit-and-accountability
        """,
    ),
)


def _rows() -> dict[str, Topic]:
    rows: dict[str, Topic] = {}
    for place, (group, members) in enumerate(_GROUPS, start=1):
        rows[group] = Topic(slug=group, label=label_of(group, _LABELS), notation=f"{place:02}", group=None)
        for index, slug in enumerate(members.split(), start=1):
            rows[slug] = Topic(slug=slug, label=label_of(slug, _LABELS), notation=f"{place:02}.{index:02}", group=group)
    return rows


#: Every topic and group by slug, in the taxonomy's order.
TOPICS: Final[Mapping[str, Topic]] = MappingProxyType(_rows())

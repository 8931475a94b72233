"""What can be claimed: a criterion of a scheme, its topic, its metric, and which direction is better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tests.adversary.parties import ACCREDITOR

TOPICS: Final = "https://vocabulary.uncefact.org/conformity-topics/"
METRICS: Final = "https://vocabulary.uncefact.org/performance-metrics/"
CONTENT_SCHEME: Final = ACCREDITOR.url("schemes/content")
WORK_SCHEME: Final = ACCREDITOR.url("schemes/work")


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One thing that can be true of a lot, a place or a company to a degree: ``unit`` P1 is per cent."""

    key: str
    name: str
    scheme: str
    topic: str
    metric: str
    unit: str = "P1"
    better: str = "higher"

    @property
    def criterion(self) -> str:
        """The IRI of its criterion."""
        return f"{self.scheme}/criteria/{self.key}"


ORGANIC: Final = Matter(
    key="organic",
    name="Organic content",
    scheme=CONTENT_SCHEME,
    topic="ethical-material-sourcing",
    metric=f"{CONTENT_SCHEME}/metrics/organic-content-percentage",
)
RECYCLED: Final = Matter(
    key="recycled",
    name="Recycled content",
    scheme=CONTENT_SCHEME,
    topic="recycled-material-integration",
    metric=f"{METRICS}recycled-content-percentage",
)
FOOTPRINT: Final = Matter(
    key="footprint",
    name="Carbon footprint",
    scheme=CONTENT_SCHEME,
    topic="greenhouse-gas-emissions",
    metric=f"{METRICS}product-carbon-footprint",
    unit="KGM",
    better="lower",
)
CUSTODY: Final = Matter(
    key="custody",
    name="Chain of custody of the site",
    scheme=CONTENT_SCHEME,
    topic="ethical-material-sourcing",
    metric=f"{METRICS}supplier-due-diligence-coverage",
)
WAGES: Final = Matter(
    key="wages",
    name="Living wages",
    scheme=WORK_SCHEME,
    topic="decent-work-conditions",
    metric=f"{METRICS}living-wage-coverage",
)
TRAINING: Final = Matter(
    key="training",
    name="Anti-corruption training",
    scheme=WORK_SCHEME,
    topic="anti-corruption-measures",
    metric=f"{METRICS}anti-corruption-training-coverage",
)
#: Nobody in any honest world assesses it.
CHILD_LABOUR: Final = Matter(
    key="no-child-labour",
    name="Free of child labour",
    scheme=WORK_SCHEME,
    topic="rights-and-equality",
    metric=f"{WORK_SCHEME}/metrics/child-labour-free-sites",
)

BY_CRITERION: Final[Mapping[str, Matter]] = {
    one.criterion: one for one in (ORGANIC, RECYCLED, FOOTPRINT, CUSTODY, WAGES, TRAINING)
}

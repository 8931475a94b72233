"""A rule pack: what rules know of trades and schemes that no document in hand says, as one value with a digest.

The rule: figures, classes and crosswalks are data with a source, never code, so that a report can name the pack it was
made with and an operator can add to it. What a pack does not state is unknown: no band, no crosswalk, no kind.
Codes of goods are those of the Central Product Classification; a code stands for all that begin with it.
See docs/rule-packs.md; docs/requirements.md T23.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from contexts.codes.metrics import MetricKind
from credentials.encoding.document import Json, Sha256, sha256_hex
from credentials.encoding.jcs import canonical_json

#: Classification schemes, as `scheme_id` has them, and codes of each.
Activities: TypeAlias = tuple[tuple[str, tuple[str, ...]], ...]


def scheme_id(stated: str) -> str:
    """A classification scheme's id as activities are compared by it, whatever its spelling."""
    text = stated.strip().casefold()
    return text.removeprefix("https://").removeprefix("http://").rstrip("/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Primary:
    """Classes of goods that nothing was made into before, and the activities that bring them about."""

    classes: tuple[str, ...]
    activities: Activities
    source: str

    def to_json(self) -> dict[str, Json]:
        """As in a pack's file."""
        activities = {scheme: list(codes) for scheme, codes in self.activities}
        return {"classes": list(self.classes), "activities": activities, "source": self.source}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """Classes of goods that take up what nobody tells of as an input, as water and air."""

    classes: tuple[str, ...]
    source: str

    def to_json(self) -> dict[str, Json]:
        """As in a pack's file."""
        return {"classes": list(self.classes), "source": self.source}


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """How much of goods ``to`` comes of goods ``of``, by mass: at least ``least``, at most ``most`` (None: unknown)."""

    name: str
    of: tuple[str, ...]
    to: tuple[str, ...]
    least: Fraction | None
    most: Fraction | None
    source: str

    def to_json(self) -> dict[str, Json]:
        """As in a pack's file."""
        stated: dict[str, Json] = {"name": self.name, "from": list(self.of), "to": list(self.to)}
        stated |= {"least": float(self.least)} if self.least is not None else {}
        stated |= {"most": float(self.most)} if self.most is not None else {}
        return stated | {"source": self.source}


@dataclass(frozen=True, slots=True, kw_only=True)
class Crosswalk:
    """What criteria (canonical ids) have to do with each other.

    ``same``: each of them is the other. ``within``: a scope that has ``within`` has ``criteria`` too.
    """

    criteria: tuple[str, ...]
    same: bool
    within: str
    source: str

    def to_json(self) -> dict[str, Json]:
        """As in a pack's file."""
        related: dict[str, Json] = {"same": list(self.criteria)} if self.same else {"criteria": list(self.criteria)}
        return related | ({"within": self.within} if self.within else {}) | {"source": self.source}


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricMeaning:
    """What figures of the metric ``id`` (canonical) are figures of."""

    id: str
    kind: MetricKind
    source: str

    def to_json(self) -> dict[str, Json]:
        """As in a pack's file."""
        return {"id": self.id, "kind": self.kind.value, "source": self.source}


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePack:
    """Everything that a pack states; of several rows about one thing the first that fits is meant."""

    name: str
    version: str
    primary: tuple[Primary, ...] = ()
    gains: tuple[Gain, ...] = ()
    yields: tuple[Band, ...] = ()
    crosswalks: tuple[Crosswalk, ...] = ()
    metrics: tuple[MetricMeaning, ...] = ()
    raw: bytes = field(default=b"", compare=False, repr=False)  # the file that it was read from

    def is_primary(self, code: str) -> bool:
        """Is the class one that nothing was made into before?"""
        return any(code.startswith(one.classes) for one in self.primary)

    def is_primary_activity(self, codes: Collection[str], scheme: str, activity: str) -> bool:
        """Does the ``activity`` of a ``scheme`` bring about goods of the primary ones among ``codes``?"""
        return any(
            listed == scheme_id(scheme) and activity.startswith(names)
            for one in self.primary
            if any(code.startswith(one.classes) for code in codes)
            for listed, names in one.activities
        )

    def takes_up(self, codes: Collection[str]) -> bool:
        """Are they goods that take up what nobody tells of as an input?"""
        return any(code.startswith(one.classes) for one in self.gains for code in codes)

    def band(self, of: Collection[str], to: Collection[str]) -> Band | None:
        """How much goods of the classes ``of`` make of goods of the classes ``to``; None where nothing is stated."""
        return next(
            (
                one
                for one in self.yields
                if any(code.startswith(one.of) for code in of) and any(code.startswith(one.to) for code in to)
            ),
            None,
        )

    def same_as(self, criterion: str) -> frozenset[str]:
        """The criterion, and what is the same as it under another id."""
        found = {criterion}
        for one in self.crosswalks:
            if one.same and criterion in one.criteria:
                found.update(one.criteria)
        return frozenset(found)

    def within(self, criterion: str) -> frozenset[str]:
        """The schemes and criteria that a crosswalk says the criterion is part of."""
        return frozenset(one.within for one in self.crosswalks if one.within and criterion in one.criteria)

    def kind_of(self, metric: str) -> MetricKind | None:
        """What figures of a metric are figures of; None where nothing is stated."""
        return next((one.kind for one in self.metrics if one.id == metric), None)

    def to_json(self) -> dict[str, Json]:
        """The pack as a file states it, every member present."""
        return {
            "name": self.name,
            "version": self.version,
            "primary": [one.to_json() for one in self.primary],
            "gains": [one.to_json() for one in self.gains],
            "yields": [one.to_json() for one in self.yields],
            "crosswalks": [one.to_json() for one in self.crosswalks],
            "metrics": [one.to_json() for one in self.metrics],
        }

    @property
    def digest(self) -> Sha256:
        """SHA-256 of the canonical JSON."""
        return sha256_hex(canonical_json(self.to_json()))

"""Nothing that a claim says rides on the rest of it: with any of the comparisons gone, a false claim is VERIFIED.

The comparison is replaced in the test; the program has no switch for it.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Final

import pytest

from contexts.codes.metrics import METRICS, MetricKind
from credentials.identifiers.canonical_ids import lot_key
from credentials.provenance.case import metric_kinds
from credentials.provenance.claims import weighing
from credentials.provenance.mass.blending import Interval
from tests.adversary.judging import ask
from tests.adversary.matters import RECYCLED
from tests.adversary.parties import Json
from tests.adversary.templates import honest
from tests.adversary.world import World

_ROUNDED: Final = 1e-6  # the report states six digits


def _lowest(world: World) -> float:
    """The lower bound of the target's claim on the share."""
    return next(float(one["value"][0]) for one in ask(world).claims if one["id"].endswith(f"/{RECYCLED.key}"))


def test_only_shares_of_mass_are_lifted_by_mass(monkeypatch: pytest.MonkeyPatch) -> None:
    world = honest("bottles", lots=3).without("certificate:target")
    assert _lowest(world) > 0

    other = replace(METRICS["recycled-content-percentage"], kind=MetricKind.OF_A_COMPANY)
    monkeypatch.setattr(metric_kinds, "known_metric", lambda iri: other)

    assert _lowest(world) == 0


def test_a_share_by_the_word_of_the_claimant_alone_is_none() -> None:
    world = honest("cotton", lots=3).without("certificate:target")
    assert {one["type"] for one in ask(world).claims if one["id"].endswith("/organic")} == {"fraction"}

    def says_nothing(certificate: Json) -> None:
        for found in certificate["credentialSubject"]["conformityAssessment"]:
            for figure in found["assessedPerformance"]:
                figure["metric"].pop("aggregationMethod", None)

    for name in [name for name in world.documents if name.startswith("certificate:")]:
        world = world.edited(name, says_nothing)

    found = next(one for one in ask(world).claims if one["id"].endswith("/organic"))
    assert (found["type"], found["verdict"], found["value"]) == ("forall", "UNVERIFIABLE", [0, 1])


def _unfigured(passport: Json) -> None:
    for one in passport["credentialSubject"].get("performanceClaim", ()):
        one.pop("claimedPerformance", None)


def test_claims_without_a_figure_are_lifted_past_no_figure_that_was_assessed(monkeypatch: pytest.MonkeyPatch) -> None:
    world = honest("cotton", lots=3).without("certificate:target")
    truth = world.truth[lot_key(world.target).id, world.chain.template.matter.criterion] / 100
    for name in [name for name in world.documents if name.startswith("passport:")]:
        world = world.edited(name, _unfigured)
    low, high = next(one["value"] for one in ask(world).claims if one["id"].endswith("/organic"))
    assert low - _ROUNDED <= truth <= high

    monkeypatch.setattr(weighing, "_of_all", lambda assessed: Interval.exactly(Fraction(1)))

    assert next(one["value"][0] for one in ask(world).claims if one["id"].endswith("/organic")) > truth + _ROUNDED

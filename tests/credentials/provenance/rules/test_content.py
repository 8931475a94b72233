"""PV-QTY-9: a claimed share can be, and it is the recycled share of the materials in the same passport."""

from __future__ import annotations

from typing import Any

import pytest

from tests.credentials.provenance import twin
from tests.credentials.provenance.asking import complaints, roots
from tests.credentials.provenance.rules.mutations import Drafts, subject

RECYCLED = f"{twin.METRICS}recycled-content-percentage"
OWN: dict[str, Any] = {
    "id": f"{twin.SCHEME}/metrics/fair-content",
    "aggregationMethod": "weighted-average",
    "allowedUnit": ["P1"],
}


def claiming(value: float, unit: str = "P1", *, recycled: tuple[Any, Any] = (0.5, 0), **metric: Any) -> Drafts:
    """The battery claims a figure of a metric; its materials are 40 % and 60 % of it, so much of each recycled."""
    drafts = twin.drafts()
    passport = subject(drafts, "battery-passport")
    named = {"type": ["PerformanceMetric"], "name": "Recycled content", "id": RECYCLED} | metric
    passport["performanceClaim"][0]["claimedPerformance"] = [
        {"metric": named, "measure": {"value": value, "unit": unit}}
    ]
    subject(drafts, "cathode-passport")["materialProvenance"][0]["recycledMassFraction"] = 0.5
    for material, share in zip(passport["materialProvenance"], recycled, strict=True):
        material["recycledMassFraction"] = share
        if share is None:
            del material["recycledMassFraction"]
    return drafts


def found(drafts: Drafts) -> list[tuple[str, str]]:
    """The subjects that the rule finds fault with, and what it says."""
    return [(one.subject, one.detail) for one in complaints("PV-QTY-9", twin.holdings(drafts))]


@pytest.mark.parametrize(
    ("claimed", "recycled"), [(20, (0.5, 0)), (20.9, (0.5, 0)), (5, (0.5, 0)), (60, (0.5, None)), (80, (0.5, 1))]
)
def test_no_more_is_claimed_to_be_recycled_than_the_materials_are_within_a_percentage_point(
    claimed: float, recycled: tuple[Any, Any]
) -> None:
    assert found(claiming(claimed, recycled=recycled)) == []


@pytest.mark.parametrize(
    ("claimed", "recycled", "materials"), [(40, (0.5, 0), 20), (22, (0.5, 0), 20), (90, (0.5, None), 80)]
)
def test_a_passport_does_not_claim_more_to_be_recycled_than_its_materials_are(
    claimed: float, recycled: tuple[Any, Any], materials: int
) -> None:
    ((about, said),) = found(claiming(claimed, recycled=recycled))

    assert about == twin.BATTERY
    assert said == f"{claimed} % recycled content is claimed; by its materials the same passport has {materials} %."


@pytest.mark.parametrize("value", [-1, 101, 560])
def test_no_share_of_a_whole_is_more_than_all_or_less_than_nothing(value: float) -> None:
    ((about, said),) = found(claiming(value, **OWN))

    assert about == twin.FOOTPRINT_CLAIM
    assert f"{value} % is claimed of “Recycled content”" in said


def test_pieces_are_no_share() -> None:
    ((about, said),) = found(claiming(56, "C62", **OWN))

    assert about == twin.FOOTPRINT_CLAIM
    assert said == "56 pieces is claimed of “Recycled content”, which is stated in %."


def test_progress_may_be_more_than_all_of_it() -> None:
    assert found(claiming(120, **(OWN | {"aggregationMethod": "latest"}))) == []


def test_what_was_used_beyond_what_came_explains_the_difference() -> None:
    drafts = claiming(40)
    for name in ("cathode-shipped", "cathode-received"):
        subject(drafts, name)["movedProduct"][0]["quantity"]["value"] = 20

    assert "PV-QTY-9" not in {rule for rule, _ in roots(twin.holdings(drafts))}
    assert "PV-QTY-9" in {rule for rule, _ in roots(twin.holdings(claiming(40)))}


def test_no_more_of_a_material_is_recycled_than_what_went_into_its_making() -> None:
    ((about, said),) = found(claiming(5, recycled=(0.9, 0)))

    assert about == twin.BATTERY
    assert said == "Copper cathode: 36 kg of it are recycled by the passport, 21 kg went into its making."


def test_a_recycler_makes_recycled_things_of_new_ones() -> None:
    drafts = claiming(5, recycled=(0.9, 0))
    subject(drafts, "battery-passport")["relatedParty"][0]["role"] = "recycler"

    assert found(drafts) == []


def test_what_is_made_of_waste_may_be_recycled_whatever_the_waste_was() -> None:
    drafts = claiming(5, recycled=(0.9, 0))
    for name in ("cathode-passport", "battery-passport"):
        passport = subject(drafts, name)
        passport["materialProvenance"][0]["materialType"]["code"] = "39362"
    subject(drafts, "cathode-passport")["productCategory"][0]["code"] = "39362"

    assert found(drafts) == []


def _scrap_in_the_cathode(drafts: Drafts) -> Drafts:
    materials = subject(drafts, "cathode-passport")["materialProvenance"]
    scrap = {"code": "39362", "name": "Copper scrap"}
    materials[0]["massFraction"] = 0.88
    materials.append(materials[0] | {"massFraction": 0.12, "recycledMassFraction": 1, "name": "scrap"})
    materials[1]["materialType"] = materials[0]["materialType"] | scrap
    return drafts


def test_what_is_recycled_in_it_went_into_it() -> None:
    ((about, said),) = found(_scrap_in_the_cathode(twin.drafts()))

    assert about == twin.CATHODE
    assert said == "12 % of it are recycled scrap by the passport, and no input of its making is that."


def test_an_input_that_may_be_recycled_is_where_it_came_from() -> None:
    drafts = _scrap_in_the_cathode(twin.drafts())
    del subject(drafts, "concentrate-passport")["materialProvenance"][0]["recycledMassFraction"]

    assert found(drafts) == []

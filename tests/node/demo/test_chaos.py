"""node.demo.chaos: a disturbance is planned by its seed, bounded, and says what it does not know."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.demo.chaos import DISTURBANCES, disturbance, kill_at, plan
from node.faults import KILL_POINTS


@given(st.integers())
def test_a_plan_is_bounded_and_the_same_for_the_same_seed(seed: int) -> None:
    kills = plan(seed)

    assert kills == plan(seed)
    assert 8 <= len(kills) <= 12
    assert sum(kill.pause for kill in kills) < 12
    assert all(kill.point in ("", *KILL_POINTS) for kill in kills)


def test_different_seeds_lead_to_different_plans() -> None:
    assert len({plan(seed) for seed in range(20)}) == 20


def test_every_named_point_has_a_company_that_comes_by_it() -> None:
    assert set(DISTURBANCES) == set(KILL_POINTS)


def test_nothing_asked_for_disturbs_nothing() -> None:
    assert disturbance(None, None) is None


def test_a_point_that_is_not_there_is_named_together_with_those_that_are() -> None:
    with pytest.raises(LookupError, match=r"nowhere is no named point.*inbox\.after-store"):
        kill_at("nowhere")
    with pytest.raises(LookupError):
        disturbance(1, "nowhere")

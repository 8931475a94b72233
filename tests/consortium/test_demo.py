"""The whole demo, disturbed: whoever is killed, at whatever moment, the verdict ends the same."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from node.demo.chaos import Disturbance, chaos, kill_at
from node.demo.demo import Demo

_POINTS = (
    "issue.after-commit",
    "share.after-claim",
    "deliver.after-answer",
    "inbox.after-store",
    "gathered.before-commit",
    "gathered.after-commit",
    "receive.before-keep",
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


async def _is_found(folder: Path, disturb: Disturbance) -> None:
    said: list[str] = []
    network, outcome = await Demo(at=datetime.now(UTC), say=said.append).run(folder, disturb)
    await network.close()

    assert outcome.ok, "\n".join([*said, str(outcome.found)])
    verdicts = {claim["id"].rpartition("/")[2]: claim["verdict"] for claim in outcome.report["claims"]}
    assert verdicts == {
        "anti-corruption": "VERIFIED",
        "carbon-footprint": "UNVERIFIABLE",
        "living-wage": "UNVERIFIABLE",
        "organic-content": "VERIFIED",
        "recycled-content": "VERIFIED",
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_nodes_that_are_killed_at_random_change_no_verdict(seed: int, tmp_path: Path) -> None:
    await _is_found(tmp_path, chaos(seed))


@pytest.mark.parametrize("point", _POINTS)
async def test_a_node_that_dies_at_a_named_point_changes_no_verdict(point: str, tmp_path: Path) -> None:
    await _is_found(tmp_path, kill_at(point))

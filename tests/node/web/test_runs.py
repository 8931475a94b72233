from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime

import pytest

from credentials.evidence import Absent, Found, Need
from credentials.provenance import Report
from node.errors import TooMany
from node.flows.tracing import Progress
from node.web.runs import Runs, reports_of
from tests.node.api.nodes import Served


class Silent:
    """A world that takes the question and never answers."""

    async def answer(self, needs: frozenset[Need], *, at: datetime) -> Mapping[Need, Found | Absent]:
        await asyncio.Event().wait()
        return {}


class Broken:
    """A world that breaks."""

    async def answer(self, needs: frozenset[Need], *, at: datetime) -> Mapping[Need, Found | Absent]:
        raise OSError("gone")


async def test_a_trace_under_way_is_told_as_progress_and_charged_once(node: Served) -> None:
    runs, charges = Runs(reports_of(node.node, Silent), patience=0.01), list[int]()
    for _ in range(3):
        assert isinstance(await runs.result("urn:x:1", charge=lambda: charges.append(1)), Progress)
    await runs.close()
    assert charges == [1]


async def test_no_more_than_four_run_at_a_time(node: Served) -> None:
    runs = Runs(reports_of(node.node, Silent), patience=0)
    for number in range(4):
        await runs.result(f"urn:x:{number}", charge=lambda: None)
    with pytest.raises(TooMany):
        await runs.result("urn:x:more", charge=lambda: None)
    await runs.close()


async def test_what_failed_is_asked_again(node: Served) -> None:
    runs, charges = Runs(reports_of(node.node, Broken), patience=5), list[int]()
    for _ in range(2):
        with pytest.raises(OSError, match="gone"):
            await runs.result("urn:x:1", charge=lambda: charges.append(1))
    await runs.close()
    assert charges == [1, 1]


async def test_a_report_is_kept_for_the_next_reader(node: Served) -> None:
    runs, charges = Runs(reports_of(node.node, lambda: node.node.source), patience=5), list[int]()
    first, second = [await runs.result("urn:x:1", charge=lambda: charges.append(1)) for _ in range(2)]
    await runs.close()
    assert isinstance(first, Report)
    assert first is second
    assert charges == [1]


async def test_a_spent_budget_starts_nothing(node: Served) -> None:
    def spent() -> None:
        raise TooMany("The budget is spent.", retry_after=60)

    runs = Runs(reports_of(node.node, Silent), patience=0)
    with pytest.raises(TooMany):
        await runs.result("urn:x:1", charge=spent)
    await runs.close()

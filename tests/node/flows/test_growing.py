"""A trace grows its case: the season in any order is the season at once, and nothing is read or asked twice."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pytest
import pytest_asyncio

from credentials.errors import NotAccepted
from credentials.evidence import Absent, Evidence, Found, Need, NeedKind
from credentials.provenance import Holdings, Question
from credentials.trust import Policy
from credentials.verdict import Unusable
from node.demo.season import target
from node.flows.tracing import Tracing
from node.flows.verifying.verifying import Verifying
from node.wire.folder import Folder
from tests.credentials.provenance.growing import Counted, assert_grows
from tests.node.issuer import AT
from tests.node.season import TRUST, season_folder


@dataclass
class Noted:
    """A folder that notes what it answered, and how often it was asked."""

    folder: Folder
    answers: dict[Need, Found | Absent] = field(default_factory=dict)
    times: dict[Need, int] = field(default_factory=dict)

    async def answer(self, needs: frozenset[Need], *, at: datetime) -> Mapping[Need, Found | Absent]:
        found = await self.folder.answer(needs, at=at)
        self.answers |= found
        self.times |= {need: self.times.get(need, 0) + 1 for need in needs}
        return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def traced() -> Noted:
    """What the season's trace asked for."""
    source = Noted(Folder(season_folder()))
    await Tracing(source=source).trace(target(), at=AT, trust=TRUST, policy=Policy())
    return source


@pytest.mark.parametrize("seed", range(3))
async def test_the_season_grows_into_the_same_case_in_any_order(traced: Noted, seed: int) -> None:
    answers = dict(traced.answers)
    found = [one for need, one in answers.items() if need.kind is NeedKind.CREDENTIAL and isinstance(one, Found)]
    verdicts, evidence = await Verifying(source=traced.folder).verify_all(
        [(one.body, one.media_type) for one in found], at=AT, evidence=Evidence(answers)
    )
    credentials = []
    for verdict in verdicts:
        try:
            credentials.append(verdict.require())
        except NotAccepted:
            credentials.append(Unusable(verdict=verdict))
    held = Holdings(credentials=tuple(credentials), evidence=evidence, trust=TRUST)

    assert_grows(Question(target=target(), at=AT), held, random.Random(seed), every=6)


async def test_a_trace_reads_each_credential_once_and_asks_for_nothing_twice(traced: Noted) -> None:
    counted = Counted()

    await Tracing(source=traced.folder, reader=counted).trace(target(), at=AT, trust=TRUST, policy=Policy())

    assert set(counted.times.values()) == {1}
    assert set(traced.times.values()) == {1}

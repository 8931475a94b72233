"""Tracing the season from one identifier: what was planted is found, the budget holds, order leaves no trace."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest_asyncio
from aiohttp import web

from credentials.evidence import Absent, Found, Need
from credentials.provenance import Report, Word, to_json
from credentials.trust import Policy
from node.demo import defects
from node.demo.cast import CAST
from node.demo.season import target
from node.flows.tracing import Progress, TraceBudget, Tracing
from node.flows.verifying.judging import Judging
from node.flows.verifying.work import Workers
from node.software import SOFTWARE
from node.wire.fetch import Fetcher
from node.wire.folder import Folder
from node.wire.gather import Gather
from tests.node.issuer import AT
from tests.node.plain_peers import PlainPeers
from tests.node.season import TRUST, season_folder, season_ids
from tests.node.wire.hosts import app_host, authority


async def trace(tracing: Tracing, **options: object) -> Report:
    return await tracing.trace(target(), at=AT, trust=TRUST, policy=Policy(), **options)  # type: ignore[arg-type]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def whole() -> Report:
    """The trace of the season with everything planted, made once."""
    return await trace(Tracing(source=Folder(season_folder())))


def found(report: Report) -> set[tuple[str, str]]:
    return {(finding.rule, finding.subject) for finding in report.findings if not finding.because}


async def test_the_trace_finds_exactly_what_was_planted(whole: Report) -> None:
    expected = defects.expected_findings(defects.NAMES, season_ids())
    assert found(whole) == {(item["rule"], item["subject"]) for item in expected}


async def test_a_season_without_defects_has_no_finding() -> None:
    report = await trace(Tracing(source=Folder(season_folder(frozenset()))))
    assert found(report) == set()
    assert report.gaps == ()


@dataclass
class Shuffled:
    """A folder that answers in any order and notes how many needs came at once."""

    folder: Folder
    seed: int
    waves: list[int] = field(default_factory=list)

    async def answer(self, needs: frozenset[Need], *, at: datetime) -> Mapping[Need, Found | Absent]:
        self.waves.append(len(needs))
        answers = list((await self.folder.answer(needs, at=at)).items())
        random.Random(self.seed).shuffle(answers)
        return dict(answers)


async def test_the_order_of_arrival_and_the_size_of_waves_change_no_byte() -> None:
    folder = Folder(season_folder())
    reports = [
        to_json(await trace(Tracing(source=Shuffled(folder, seed), budget=TraceBudget(at_once=size))))
        for seed, size in ((1, 64), (2, 7))
    ]
    assert reports[0] == reports[1]


async def test_a_wave_is_never_larger_than_the_budget_allows() -> None:
    source = Shuffled(Folder(season_folder()), 1)
    steps: list[Progress] = []
    await trace(Tracing(source=source, budget=TraceBudget(at_once=3)), progress=steps.append)
    assert max(source.waves) <= 3 or all(step.waves for step in steps)
    assert [step.waves for step in steps] == list(range(1, len(steps) + 1))
    assert steps[-1].open == 0


async def test_plain_peers_over_tls_lead_to_the_same_verdict_as_the_folder(whole: Report) -> None:
    app = web.Application()
    app.router.add_get("/{path:.*}", PlainPeers(Folder(season_folder())).serve)
    names = tuple(company.host for company in CAST)
    async with app_host(app, name=names[0], also=names[1:]) as host:
        dev_hosts = dict.fromkeys(names, ("127.0.0.1", host.port))
        async with Fetcher(dev_hosts=dev_hosts, dev_ca=authority().pem) as fetcher:
            report = await trace(Tracing(source=Gather(fetcher=fetcher)))
    assert found(report) == found(whole)
    assert [(claim.id, claim.verdict, claim.grade, claim.value) for claim in report.claims] == [
        (claim.id, claim.verdict, claim.grade, claim.value) for claim in whole.claims
    ]


async def test_a_worker_process_reports_like_this_one(whole: Report) -> None:
    workers = Workers(processes=1, seconds=60)
    try:
        folder, nothing_here = Folder(season_folder()), TraceBudget(here=0)
        report = await trace(Tracing(source=folder, judging=Judging(work=workers), budget=nothing_here))
    finally:
        workers.close()
    assert to_json(report) == to_json(whole)


async def test_the_report_says_which_release_judged(whole: Report) -> None:
    assert to_json(whole)["software"] == SOFTWARE


async def test_a_spent_budget_is_a_gap_and_never_a_better_verdict(whole: Report) -> None:
    cut = await trace(Tracing(source=Folder(season_folder()), budget=TraceBudget(lookups=6)))
    assert cut.word is not Word.VERIFIED
    assert len(cut.inputs) < len(whole.inputs)
    assert cut.coverage[0] <= whole.coverage[0]


async def test_nothing_at_all_is_no_claim_and_not_verified(tmp_path: Path) -> None:
    report = await trace(Tracing(source=Folder(tmp_path)))
    assert report.claims == ()
    assert report.word is not Word.VERIFIED


async def test_a_bad_file_in_the_folder_is_an_input_that_is_not_intact(tmp_path: Path) -> None:
    (tmp_path / "bad.jwt").write_bytes(b"a.b.c")
    folder = Folder(tmp_path)
    report = await trace(Tracing(source=folder, arrived=folder.strays(at=AT)))
    assert [one.intact for one in report.inputs] != []
    assert any(finding.rule.startswith("PV-CRED") for finding in report.findings), report.findings


async def test_only_the_claims_that_were_asked_for_are_judged(whole: Report) -> None:
    wanted = whole.claims[0].id
    report = await trace(Tracing(source=Folder(season_folder())), claims=[wanted])
    assert [claim.id for claim in report.claims] == [wanted]

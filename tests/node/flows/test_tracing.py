"""Tracing the season from one identifier: what was planted is found, the budget holds, order leaves no trace."""

from __future__ import annotations

import random
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web

from credentials.evidence import Absent, Found, Need, NeedKind
from credentials.keys.controller import controller_value, parse_controller_document
from credentials.provenance import Report, Word, to_json
from credentials.trust import Policy
from credentials.trust.policy import BOTH_SIDES
from node.demo import defects
from node.demo.companies import COMPANIES, SMALLHOLDER
from node.demo.season import target
from node.flows.tracing import Progress, TraceBudget, Tracing
from node.flows.verifying.judging import Judging
from node.flows.verifying.verifying import Verifying
from node.flows.verifying.work import Workers
from node.software import SOFTWARE
from node.wire.fetch import Fetcher
from node.wire.folder import Folder
from node.wire.gather import Gather
from tests.corpus.making import to_bytes, token
from tests.credentials.verify.world import did_document
from tests.doors import watch
from tests.node.issuer import AT
from tests.node.plain_peers import PlainPeers
from tests.node.season import TRUST, season_folder, season_ids
from tests.node.wire.hosts import app_host, authority


async def trace(tracing: Tracing, **options: object) -> Report:
    asked = {"policy": Policy(), **options}
    return await tracing.trace(target(), at=AT, trust=TRUST, **asked)  # type: ignore[arg-type]


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


async def test_a_trace_over_a_folder_opens_each_document_once_and_checks_few_signatures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = season_folder()
    parse_controller_document.cache_clear()
    controller_value.cache_clear()
    doors = watch(monkeypatch)

    report = await trace(Tracing(source=Folder(folder)))

    assert doors.twice() == {}
    assert len(report.inputs) <= doors.checks <= 50


@dataclass
class Shuffled:
    """A folder that answers in any order and notes what a trace asked for itself, and how much of it at once."""

    folder: Folder
    seed: int
    asked: dict[Need, int] = field(default_factory=dict)

    async def answer(self, needs: frozenset[Need], *, at: datetime) -> Mapping[Need, Found | Absent]:
        of_trace = [need for need in needs if need.kind in (NeedKind.LINKSET, NeedKind.CREDENTIAL, NeedKind.FILE)]
        self.asked |= dict.fromkeys(of_trace, len(needs))
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


async def test_every_receiver_but_one_tells_what_came_so_both_sides_may_be_asked_for(whole: Report) -> None:
    report = await trace(Tracing(source=Folder(season_folder())), policy=Policy(transfers=BOTH_SIDES))
    more = {one.subject: one.rule for one in report.findings if one not in whole.findings}
    assert more == {SMALLHOLDER.url("lots/cotton-2026-s"): "PV-QTY-6"}


async def test_never_more_is_asked_for_at_once_than_the_budget_allows() -> None:
    sizes: list[set[int]] = []
    for at_once in (3, 64):
        source, steps = Shuffled(Folder(season_folder()), 1), list[Progress]()
        await trace(Tracing(source=source, budget=TraceBudget(at_once=at_once)), progress=steps.append)
        assert [step.waves for step in steps] == list(range(1, len(steps) + 1))
        assert (steps[-1].open, steps[-1].lookups) == (0, len(source.asked))
        sizes.append(set(source.asked.values()))
    assert max(sizes[0]) == 3
    assert max(sizes[1]) > 3


@pytest.mark.parametrize("lookups", [150, 20_000])
async def test_a_wave_grows_with_what_was_asked_so_that_large_chains_have_few(lookups: int) -> None:
    steps: list[Progress] = []
    budget = TraceBudget(at_once=1, lookups=lookups)
    await trace(Tracing(source=Folder(season_folder()), budget=budget), progress=steps.append)
    asked = [step.lookups for step in steps]
    bounds = [max(1, so_far // 2, (lookups - so_far) // 8) for so_far in asked]
    assert all(later - so_far <= bound for (so_far, later), bound in zip(pairwise(asked), bounds, strict=False))
    assert len(steps) < steps[-1].lookups / 2


async def test_plain_peers_over_tls_lead_to_the_same_verdict_as_the_folder(whole: Report) -> None:
    app = web.Application()
    app.router.add_get("/{path:.*}", PlainPeers(Folder(season_folder())).serve)
    names = tuple(company.host for company in COMPANIES)
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
        report = await trace(Tracing(source=Folder(season_folder()), judging=Judging(work=workers)))
    finally:
        workers.close()
    assert to_json(report) == to_json(whole)


async def test_the_report_says_which_release_judged(whole: Report) -> None:
    assert to_json(whole)["software"] == SOFTWARE


@pytest.mark.parametrize("budget", [TraceBudget(lookups=6), TraceBudget(waves=2)], ids=["look-ups", "waves"])
async def test_a_spent_budget_is_a_finding_and_never_a_better_verdict(whole: Report, budget: TraceBudget) -> None:
    cut = await trace(Tracing(source=Folder(season_folder()), budget=budget))
    assert cut.word is not Word.VERIFIED
    assert len(cut.inputs) < len(whole.inputs)
    assert cut.coverage[0] <= whole.coverage[0]
    (stopped,) = [finding for finding in cut.findings if finding.rule == "PV-GAP-2"]
    assert (stopped.subject, stopped.outcome, stopped.severity) == (target(), "unknown", "warn")
    assert "% of the mass" in stopped.detail


@pytest.mark.parametrize("lookups", range(1, 60, 3))
async def test_wherever_the_budget_ends_a_trace_it_is_not_verified(lookups: int) -> None:
    flawless = Folder(season_folder(frozenset()))
    cut = await trace(Tracing(source=flawless, budget=TraceBudget(lookups=lookups)))
    steps: list[Progress] = []
    whole = await trace(Tracing(source=flawless), progress=steps.append)
    assert whole.word is Word.VERIFIED
    assert (cut.word is Word.VERIFIED) == (lookups >= steps[-1].lookups)


async def test_nothing_at_all_is_no_claim_and_not_verified(tmp_path: Path) -> None:
    report = await trace(Tracing(source=Folder(tmp_path)))
    assert report.claims == ()
    assert report.word is not Word.VERIFIED


STRAYS = {
    "a cut token": b"a.b.c",
    "a token of something else": b"eyJhbGciOiJub25lIn0.e30.",
    "a picture": b"\x89PNG\r\n",
    "half a document": b'{"type": ["VerifiableCredential"]',
    "no credential": b'{"hello": 1}',
    "a byte order mark": b"\xef\xbb\xbf{}",
}


@pytest.mark.parametrize("name", ["a.jwt", "z.json"])
@pytest.mark.parametrize("raw", STRAYS.values(), ids=STRAYS.keys())
async def test_a_file_that_nothing_asks_for_is_a_note_with_the_reason_that_it_gets_alone(
    tmp_path: Path, raw: bytes, name: str
) -> None:
    (tmp_path / name).write_bytes(raw)
    folder = Folder(tmp_path)
    verdict, _ = await Verifying(source=folder).verify(raw, None, at=AT)
    problem = next(check.problem for check in verdict.checks if check.problem is not None)

    report = await trace(Tracing(source=folder, arrived=folder.strays(at=AT)))

    (note,) = [note for note in report.notes if note.rule == "PV-CRED-1"]
    assert (note.subject, problem.detail in note.detail) == (verdict.object_digest, True)
    assert [(one.id, one.intact, one.code) for one in report.inputs] == [
        (verdict.object_digest, verdict.outcome, problem.code)
    ]
    assert not any(finding.rule.startswith("PV-CRED") for finding in report.findings)


@pytest.mark.parametrize("name", ["0-first", "z-last"])
@pytest.mark.parametrize("broken", [False, True])
async def test_a_strangers_file_under_the_id_of_another_changes_nothing_but_notes_and_inputs(
    tmp_path: Path, whole: Report, name: str, *, broken: bool
) -> None:
    folder = tmp_path / "evidence"
    shutil.copytree(season_folder(), folder)
    decoy = token(id=season_ids()["yarn-passport"])
    (folder / f"{name}.jwt").write_bytes(decoy[:-8] + b"AAAAAAAA" if broken else decoy)

    report = await trace(Tracing(source=Folder(folder)))

    assert len(report.inputs) == len(whole.inputs) + 1
    assert len(report.notes) == len(whole.notes) + 1
    assert replace(report, inputs=whole.inputs, notes=whole.notes) == whole


async def test_two_different_did_documents_decide_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "evidence"
    shutil.copytree(season_folder(), folder)
    (folder / "0-other.json").write_bytes(to_bytes(did_document(COMPANIES[0].did)))

    report = await trace(Tracing(source=Folder(folder)))

    told = [finding for finding in report.findings if finding.rule == "PV-CRED-1" and not finding.because]
    assert told
    assert {finding.outcome for finding in told} == {"unknown"}
    assert all("different DID documents" in finding.detail for finding in told)


async def test_only_the_claims_that_were_asked_for_are_judged(whole: Report) -> None:
    wanted = whole.claims[0].id
    report = await trace(Tracing(source=Folder(season_folder())), claims=[wanted])
    assert [claim.id for claim in report.claims] == [wanted]

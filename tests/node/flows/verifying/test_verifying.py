"""Verifying: gathered until nothing is missing, judged away from the loop, stopped when it takes too long."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import pytest

from credentials.evidence import Absent, Found, Need, NeedKind
from credentials.rdf.refusal import TakesLonger
from credentials.verdict import INTEGRITY_CHECKS, Outcome
from credentials.verify import Reading, check
from node.demo.companies import SPINNER
from node.flows.verifying.judging import Judge, Judging
from node.flows.verifying.verifying import Verifying
from node.flows.verifying.work import Resources, Workers
from node.wire.folder import Folder
from tests.corpus.making import to_bytes
from tests.credentials.verify.world import evidence, proofed
from tests.doors import watch
from tests.node.issuer import AT
from tests.node.season import season_folder, season_ids


@dataclass
class Counting:
    """A folder that notes what it is asked for."""

    folder: Folder
    asked: list[Need] = field(default_factory=list)

    async def answer(self, needs: frozenset[Need], *, at: datetime) -> Mapping[Need, Found | Absent]:
        self.asked += sorted(needs)
        return await self.folder.answer(needs, at=at)


async def passport() -> Found:
    need = Need(NeedKind.CREDENTIAL, season_ids()["yarn-passport"])
    found = (await Folder(season_folder()).answer(frozenset({need}), at=AT))[need]
    assert isinstance(found, Found)
    return found


async def test_everything_is_gathered_once_and_then_judged() -> None:
    source, found = Counting(Folder(season_folder())), await passport()
    verdict, evidence = await Verifying(source=source).verify(found.body, found.media_type, at=AT)
    assert verdict.outcome is Outcome.PASSED
    assert source.asked == [
        Need(NeedKind.DID_DOCUMENT, SPINNER.did),
        Need(NeedKind.STATUS_LIST, SPINNER.url("status/1")),
    ]
    assert set(evidence) == set(source.asked)


async def test_many_that_share_an_issuer_ask_for_it_once_and_the_same_bytes_are_opened_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source, found = Counting(Folder(season_folder())), await passport()
    await source.folder.answer(frozenset({Need(NeedKind.DID_DOCUMENT, SPINNER.did)}), at=AT)
    doors = watch(monkeypatch)
    verdicts, _ = await Verifying(source=source).verify_all([(found.body, found.media_type)] * 20, at=AT)
    assert len(verdicts) == 20
    assert len(source.asked) == 2
    assert (doors.twice(), doors.checks) == ({}, 2)


@pytest.mark.parametrize("raw", [b"", b"{", b"a.b.c", b"[]", b'{"type": "VerifiableCredential"}'])
async def test_bad_bytes_are_judged_and_cause_no_look_up(raw: bytes) -> None:
    source = Counting(Folder(season_folder()))
    verdict, _ = await Verifying(source=source).verify(raw, None, at=AT)
    assert verdict.outcome is not Outcome.PASSED
    assert source.asked == []


async def test_a_changed_body_under_a_kept_signature_fails() -> None:
    found = await passport()
    head, payload, signature = found.body.split(b".")
    other = payload[:-8] + (b"AAAAAAAA" if payload[-8:] != b"AAAAAAAA" else b"BBBBBBBB")
    source = Folder(season_folder())
    verdict, _ = await Verifying(source=source).verify(b".".join((head, other, signature)), None, at=AT)
    assert verdict.outcome is Outcome.FAILED


async def test_a_missing_issuer_is_undetermined_and_not_failed() -> None:
    class Nothing:
        async def answer(self, needs: frozenset[Need], *, at: datetime) -> Mapping[Need, Found | Absent]:
            from credentials.evidence import AbsentReason

            return dict.fromkeys(needs, Absent(reason=AbsentReason.OFFLINE))

    found = await passport()
    verdict, _ = await Verifying(source=Nothing()).verify(found.body, found.media_type, at=AT)
    assert verdict.outcome is Outcome.UNDETERMINED


async def test_a_worker_judges_like_this_process() -> None:
    found, workers = await passport(), Workers(processes=1, seconds=60, small=0)
    try:
        source = Folder(season_folder())
        here, _ = await Verifying(source=source).verify(found.body, found.media_type, at=AT)
        there, _ = await Verifying(source=source, judging=Judging(work=workers)).verify(
            found.body, found.media_type, at=AT
        )
    finally:
        workers.close()
    assert there == here


async def test_a_reading_made_in_a_worker_is_checked_there_later_and_judged_here() -> None:
    workers, raw = Workers(processes=1, seconds=60, small=0), to_bytes(proofed(suites=("eddsa-rdfc-2022",)))
    try:
        there = Judging(work=workers)
        reading = await there.read(raw, None)
        assert (reading.holds, reading) == (False, await Judging().read(raw, None))
        checked = await there.check(reading, evidence())
        assert (checked.holds, checked) == (True, check(reading, evidence()))
        assert await there.read(raw, None) is checked
        assert there.judged(checked, evidence(), AT, {}) == await Judging().verdict(raw, None, evidence(), AT)
    finally:
        workers.close()


def process_unless(parent: int, resources: Resources) -> int:
    """The process that does this, which the process ``parent`` cannot do quickly."""
    if os.getpid() == parent and resources.contexts.processing.quick_only:
        raise TakesLonger
    return os.getpid()


async def test_a_small_document_that_is_not_quick_goes_to_a_worker_and_a_quick_one_stays() -> None:
    here, workers = os.getpid(), Workers(processes=1, seconds=60)
    try:
        assert await workers.read(b"{}", partial(process_unless, 0)) == here
        assert await workers.read(b"{}", partial(process_unless, here)) != here
        assert await workers.read(b"{" + b" " * 20_000 + b"}", partial(process_unless, 0)) != here
    finally:
        workers.close()


class ForEver(Judge):
    """A judge who never comes to an end."""

    def read(self, *_: object, **__: object) -> Reading:  # type: ignore[override]
        while True:
            time.sleep(0.01)


@pytest.mark.slow
async def test_a_document_that_wants_too_much_work_is_undetermined_and_its_worker_ends() -> None:
    workers = Workers(processes=1, seconds=0.2, small=0)
    judging = Judging(work=workers, judge=ForEver())
    try:
        verdict, _ = await Verifying(source=Folder(season_folder()), judging=judging).verify(b"{}", None, at=AT)
    finally:
        workers.close()
    assert verdict.outcome is Outcome.UNDETERMINED
    assert [check.name for check in verdict.checks] == list(INTEGRITY_CHECKS)
    assert {check.problem.code for check in verdict.checks if check.problem} == {"CANON_LIMIT"}

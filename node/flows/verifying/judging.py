"""Judging where the work port does it: each document read once, each signature checked once; a verdict is then cheap.

The rule: no document gets more work than one document gets; one that wants more is undetermined with CANON_LIMIT, and
nothing more is asked for it. docs/architecture.md, Flows, Verify.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TypeAlias

from contexts.library import ContextLibrary
from credentials.envelopes.opening import Secured
from credentials.errors import LimitReached, Problem
from credentials.evidence import Evidence, Need, NeedKind
from credentials.schemas import NO_SCHEMAS, SchemaLibrary
from credentials.verdict import Verdict
from credentials.verify import (
    CREDENTIAL,
    PRESENTATION,
    STATUS_LIST,
    Lists,
    Reading,
    Readings,
    Role,
    check,
    foreseen,
    held,
    is_checked,
    judge,
    read,
)
from credentials.verify.reading import Mark, unread
from credentials.verify.steps import untold
from node.flows.verifying.shadowing import Shadowing
from node.flows.verifying.work import TOO_MUCH_WORK, InProcess, Resources, Work

Marks: TypeAlias = tuple[Mark | None, ...]
#: What somebody opened already, by bytes and media type; None where nobody did.
Opened: TypeAlias = Callable[[bytes, str | None], Secured | None]


def not_opened(raw: bytes, media_type: str | None) -> None:
    """Nobody opened it before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """Who judges: what ``contexts`` (None: those of the process) and schemas it knows, in what role keys count."""

    contexts: ContextLibrary | None = None
    role: Role = CREDENTIAL
    schemas: SchemaLibrary = NO_SCHEMAS

    def read(
        self, raw: bytes, media_type: str | None, role: Role, resources: Resources, *, secured: Secured | None = None
    ) -> Reading:
        """What the bytes alone decide; ``secured`` are the bytes as somebody opened them."""
        contexts = resources.over(self.contexts)
        schemas = self.schemas_for(role)
        return read(raw, media_type, role=role, contexts=contexts, schemas=schemas, secured=secured)

    def check(self, readings: Sequence[Reading], evidence: Evidence, resources: Resources) -> tuple[Marks, ...]:
        """What came of the signatures of ``readings`` under the keys at hand: the documents themselves stay there."""
        contexts = resources.over(self.contexts)
        return tuple(check(reading, evidence, contexts).marks for reading in readings)

    def presented(self, raw: bytes, media_type: str | None, resources: Resources) -> tuple[Reading, ...]:
        """The presentation ``raw``, then the credentials in it, each of them once."""
        presentation = self.read(raw, media_type, PRESENTATION, resources)
        return (
            presentation,
            *(self.read(one, None, self.role, resources) for one in dict.fromkeys(held(presentation))),
        )

    def schemas_for(self, role: Role) -> SchemaLibrary:
        """The schemas that a document of ``role`` is held against."""
        return self.schemas if role.advised else NO_SCHEMAS


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """Has ``judge`` judge where ``work`` is done; ``shadowing`` takes note of each verdict, where it is given.

    ``readings`` holds what was read last, for every judge of a process.
    """

    work: Work = field(default_factory=InProcess)
    judge: Judge = Judge()
    shadowing: Shadowing | None = None
    readings: Readings = field(default_factory=Readings)

    async def read(
        self, raw: bytes, media_type: str | None, role: Role | None = None, *, opened: Opened = not_opened
    ) -> Reading:
        """The reading of ``raw``; one that took too much work says so. What was ``opened`` is not opened again."""
        role, contexts = role or self.judge.role, self.judge.contexts
        schemas = self.judge.schemas_for(role)
        found = self.readings.find(raw, media_type, role=role, contexts=contexts, schemas=schemas)
        if found is not None:
            return found
        secured = opened(raw, media_type)
        try:
            reading = await self.work.read(raw, partial(self.judge.read, raw, media_type, role, secured=secured))
        except LimitReached as error:
            return spent(raw, media_type, role, error.problem)
        self.readings.keep(reading)
        return reading

    async def check(self, reading: Reading, evidence: Evidence) -> Reading:
        """``reading`` with every signature checked whose key is at hand; one that took too much work says so."""
        if is_checked(reading, evidence):
            return reading
        work = partial(self.judge.check, [reading], evidence.only(foreseen(reading)))
        try:
            (marks,) = await self.work.read(reading.raw, work)
        except LimitReached as error:
            return spent(reading.raw, reading.media_type, reading.role, error.problem)
        checked = replace(reading, marks=marks)
        self.readings.keep(checked)
        return checked

    async def lists(
        self, needs: Iterable[Need], evidence: Evidence, *, opened: Opened = not_opened
    ) -> dict[str, tuple[Reading, ...]]:
        """The status lists among ``needs`` that were found, by URL, each read and checked once."""
        lists = {}
        for need in needs:
            found = evidence.found(need) if need.kind is NeedKind.STATUS_LIST else None
            if found is not None:
                readings = []
                for one in (found, *found.also):
                    await asyncio.sleep(0)  # each takes its time, and others wait too
                    reading = await self.status_list(one.body, one.media_type, opened=opened)
                    readings.append(await self.check(reading, evidence))
                lists[need.id] = tuple(readings)
        return lists

    async def status_list(self, raw: bytes, media_type: str | None, *, opened: Opened = not_opened) -> Reading:
        """The reading of a status list."""
        return await self.read(raw, media_type, STATUS_LIST, opened=opened)

    def judged(
        self, reading: Reading, evidence: Evidence, at: datetime, lists: Lists, *, known: datetime | None = None
    ) -> Verdict:
        """The verdict on a checked ``reading`` at ``at``; ``lists`` are its status lists, made up to ``known``."""
        verdict = judge(reading, evidence, at=at, known=known, contexts=self.judge.contexts, lists=lists)
        if self.shadowing is not None:
            self.shadowing.note(verdict)
        return verdict

    async def verdict(self, raw: bytes, media_type: str | None, evidence: Evidence, at: datetime) -> Verdict:
        """The verdict on ``raw`` at ``at``, with what was found already."""
        reading = await self.check(await self.read(raw, media_type), evidence)
        return self.judged(reading, evidence, at, await self.lists(evidence, evidence))


def spent(raw: bytes, media_type: str | None, role: Role, problem: Problem = TOO_MUCH_WORK) -> Reading:
    """The reading of a document that wanted more work than it gets: nothing could be told, for ``problem``."""
    return unread(raw, media_type, untold("parse", problem), role=role)

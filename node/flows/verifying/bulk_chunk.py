"""A chunk of credentials judged in one go, where the work runs: in a worker process.

The rule: what goes in and out pickles and is small. A credential whose evidence is not there yet comes back with what
it needs and with what was already read of it, so that nothing is read twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from credentials.evidence import Evidence, Need
from credentials.verdict import Verdict
from credentials.verify import Lists, Reading, check, judge, needs
from credentials.verify.reading_json import to_text
from node.flows.verifying.judging import Judge
from node.flows.verifying.work import Resources


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One credential: its bytes, and the reading of them where there is one."""

    raw: bytes
    reading: Reading | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkAnswer:
    """What came of a task: the ``needs`` that must be looked up first, and the ``verdict`` when there are none.

    ``reading`` is light once there is a verdict, which has no document either; ``text`` is it as it is kept, written
    where there is time; ``signatures`` counts those that were checked.
    """

    reading: Reading
    needs: frozenset[Need] = frozenset()
    verdict: Verdict | None = None
    text: str = ""
    signatures: int = 0


def judge_chunk(
    tasks: Sequence[Task], evidence: Evidence, lists: Lists, at: datetime, judged_by: Judge, resources: Resources
) -> list[ChunkAnswer]:
    """Judge every task at ``at`` with what was found so far; ``lists`` are the status lists in it, checked."""
    return [_answer(task, evidence, lists, at, judged_by, resources) for task in tasks]


def _answer(
    task: Task, evidence: Evidence, lists: Lists, at: datetime, judged_by: Judge, resources: Resources
) -> ChunkAnswer:
    contexts, known = resources.over(judged_by.contexts), task.reading
    if known is None:
        reading = judged_by.read(task.raw, None, judged_by.role, resources)
    else:
        reading = replace(known, raw=task.raw)
    checked = check(reading, evidence, contexts)
    count = sum(new is not old for new, old in zip(checked.marks, reading.marks, strict=True))
    wanted = needs(checked, evidence)
    if wanted:
        return ChunkAnswer(reading=checked, needs=wanted, signatures=count)
    light = checked.light()
    verdict = judge(light, evidence, at=at, contexts=contexts, lists=lists)
    return ChunkAnswer(reading=light, verdict=verdict, text="" if light == known else to_text(light), signatures=count)

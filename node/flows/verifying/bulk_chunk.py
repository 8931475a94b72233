"""A chunk of credentials judged in one go, where the work runs: in a worker process.

The rule: what goes in and out pickles and is small. A credential whose evidence is not there yet comes back with what
it needs and with what was already read of it, so that nothing is read twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from credentials.evidence import Evidence, Need
from credentials.verdict import Verdict
from credentials.verify.memory import Memory
from credentials.verify.memory_json import to_text
from credentials.verify.recall import Recall
from node.flows.verifying.work import Resources


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One credential: its bytes, and what is known of it."""

    raw: bytes
    memory: Memory | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of a task: the ``needs`` that must be looked up first, and the ``verdict`` when there are none.

    The verdict has no document; ``text`` is the memory beside it as it is kept, written where there is time;
    ``signatures`` counts those that were checked.
    """

    memory: Memory
    needs: frozenset[Need] = frozenset()
    verdict: Verdict | None = None
    text: str = ""
    signatures: int = 0


def judge_chunk(tasks: Sequence[Task], evidence: Evidence, at: datetime, resources: Resources) -> list[Answer]:
    """Judge every task at ``at`` with what was found so far."""
    recall = Recall(evidence, at=at, contexts=resources.contexts, kept=resources.kept)
    return [_answer(recall, task) for task in tasks]


def _answer(recall: Recall, task: Task) -> Answer:
    memory, secured = (task.memory, None) if task.memory is not None else recall.begin(task.raw)
    needs = recall.needs(memory, task.raw)
    if needs:
        return Answer(memory=memory, needs=needs)
    known = recall.judge(memory, task.raw, secured)
    needs = recall.needs(known.memory, task.raw)  # a status list, now that the signature holds
    verdict = None if needs else known.verdict
    text = "" if needs or known.memory == task.memory else to_text(known.memory)
    return Answer(memory=known.memory, needs=needs, verdict=verdict, text=text, signatures=known.signatures)

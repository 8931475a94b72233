"""Verifying a presentation: it and every credential in it, bounded as one, with what all of them need.

The rule: each of them is read once and each signature checked once, however often more must be looked up.
Specification: VCDM 2.0 section 4.13.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

from credentials.encoding.document import sha256_hex
from credentials.evidence import Evidence
from credentials.verify import (
    Asked,
    PresentationVerdict,
    Reading,
    held,
    is_checked,
    judge_presentation,
    needs_presentation,
)
from node.flows.verifying.judging import Judging
from node.wire.source import Source

_SECONDS: Final = 10.0  # for the signatures of up to fifty credentials


async def verify_presentation(
    raw: bytes, media_type: str | None, *, at: datetime, asked: Asked, source: Source, judging: Judging
) -> PresentationVerdict:
    """The verdict on the presentation ``raw`` at ``at``, made for what is ``asked``.

    Raises:
        LimitReached: it wants more work than one presentation gets.
    """
    readings = await judging.work.read(raw, partial(judging.judge.presented, raw, media_type))
    evidence = Evidence()
    while True:
        readings = await _checked(readings, evidence, judging)
        wanted = needs_presentation(readings[0], readings[1:], evidence)
        if not wanted:
            break
        evidence = evidence.with_answers(await source.answer(wanted, at=at))
    lists = await judging.lists(sorted(evidence), evidence)
    verdicts = {one.digest: judging.judged(one, evidence, at, lists) for one in readings[1:]}
    credentials = [verdicts[sha256_hex(one)] for one in held(readings[0])]
    return judge_presentation(readings[0], credentials, evidence, at=at, asked=asked, contexts=judging.judge.contexts)


async def _checked(readings: tuple[Reading, ...], evidence: Evidence, judging: Judging) -> tuple[Reading, ...]:
    if all(is_checked(reading, evidence) for reading in readings):
        return readings
    marks = await judging.work.run(partial(judging.judge.check, readings, evidence), seconds=_SECONDS)
    return tuple(replace(reading, marks=found) for reading, found in zip(readings, marks, strict=True))

"""Deciding in this process, whichever it is: what one judgement worked out serves the next.

The rule: the library keeps nothing by itself; what a process keeps between two judgements is here, bounded, and right
for every moment and every evidence (credentials.verify.kept_lists).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from credentials.evidence import Evidence
from credentials.verdict import Verdict
from credentials.verify import judge
from credentials.verify.kept_lists import KeptLists

#: The status lists that this process verified last.
LISTS: Final = KeptLists()


def decide(raw: bytes, media_type: str | None, evidence: Evidence, *, at: datetime, **more: Any) -> Verdict:
    """The verdict on ``raw``; ``more`` are the further arguments of :func:`credentials.verify.judge`."""
    return judge(raw, media_type, evidence, at=at, kept=LISTS, **more)

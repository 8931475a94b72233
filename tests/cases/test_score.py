"""How many of the small worlds with a known right answer are judged rightly, family by family: a ratchet.

The worlds lie beside the checkout (../shared/cases) and each stands for a kind of fault or of honest oddity. A change
that makes one more answer right raises its number here in the same commit; no number ever gets worse.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any, Final

import pytest

from tests.shared import shared_path

#: By family: at least so many right answers, at most so many false proofs and intervals without the truth.
RIGHT: Final = {"dialects": 18, "documents": 59, "economies": 124, "forgeries": 69}
FALSE_VERIFIED: Final = {"dialects": 0, "documents": 0, "economies": 0, "forgeries": 0}
TRUTH_OUTSIDE: Final = {"dialects": 0, "documents": 0, "economies": 0, "forgeries": 0}


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("family", sorted(RIGHT))
def test_no_fewer_answers_are_right_than_before(family: str) -> None:
    results = _judged(family)
    classes = Counter(kind for one in results for kind in {wrong[0] for wrong in one["wrong"]})

    assert sum(not one["wrong"] for one in results) >= RIGHT[family], [one["name"] for one in results if one["wrong"]]
    assert classes["false-verified"] <= FALSE_VERIFIED[family]
    assert classes["truth-outside"] <= TRUTH_OUTSIDE[family]


def _judged(family: str) -> list[dict[str, Any]]:
    command = Path(sys.executable).with_name("tracenode")
    asked = [sys.executable, shared_path("cases", "run.py"), "--command", command, "--family", family, "--json"]
    answer = subprocess.run(asked, capture_output=True, text=True, timeout=800, check=False)
    results: list[dict[str, Any]] = json.loads(answer.stdout)["results"]
    assert results, answer.stderr
    return results

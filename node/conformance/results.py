"""The answer of a command that a W3C test suite calls: success, failure or indeterminate, and one text."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum


class SuiteOutcome(StrEnum):
    """The suites' own three words."""

    SUCCESS = "success"
    FAILURE = "failure"
    INDETERMINATE = "indeterminate"


@dataclass(frozen=True, slots=True)
class Result:
    """What goes into the output file."""

    outcome: SuiteOutcome
    data: str = ""

    def to_bytes(self) -> bytes:
        """The file as the suites read it."""
        return json.dumps({"result": self.outcome, "data": self.data}, ensure_ascii=False).encode("utf-8") + b"\n"

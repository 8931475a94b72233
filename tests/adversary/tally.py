"""A tally: the counts of all runs so far, in a file, and how far each seed has come."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from tests.adversary.running import Batch
from tests.adversary.scoreboard import Scoreboard


@dataclass(slots=True)
class Tally:
    """``batches``: by seed, the numbers of the batches that were run."""

    board: Scoreboard = field(default_factory=Scoreboard)
    batches: dict[int, set[int]] = field(default_factory=dict)

    def next(self, seed: int) -> int:
        """The first number after all batches of ``seed`` that were run."""
        return max(self.batches.get(seed, ()), default=-1) + 1

    def add(self, batch: Batch, board: Scoreboard) -> None:
        """One more batch was run."""
        self.board.add(board)
        self.batches.setdefault(batch.seed, set()).add(batch.number)

    @classmethod
    def read(cls, path: Path | None) -> Tally:
        """The tally in the file; an empty one where there is none."""
        if path is None or not path.exists():
            return cls()
        value = json.loads(path.read_text())
        batches = {int(seed): set(numbers) for seed, numbers in value["batches"].items()}
        return cls(board=Scoreboard.of_json(value["board"]), batches=batches)

    def write(self, path: Path) -> None:
        """Keeps it in the file."""
        batches = {str(seed): sorted(numbers) for seed, numbers in sorted(self.batches.items())}
        path.write_text(json.dumps({"batches": batches, "board": self.board.to_json()}))

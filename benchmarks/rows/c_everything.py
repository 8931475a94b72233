"""What model, lint, schema and digests add to the check of the proof."""

from __future__ import annotations

from functools import partial

from benchmarks import pipeline
from benchmarks.credential import signed
from benchmarks.row import Measured, Row
from benchmarks.timing import in_turn


def _everything(name: str) -> Measured:
    raw, media_type = signed(name, "eddsa-rdfc-2022")
    proof, everything = in_turn(lambda: pipeline.verify(raw, media_type), lambda: pipeline.judge_all(raw, media_type))
    return Measured(everything / proof, f"{everything:.3f} / {proof:.3f} ms")


ROWS = tuple(
    Row(
        what=f"judge {name}: model, lint, schema, digests",
        against="our own eddsa-rdfc-2022 check of it",
        target=1.3,
        at_most=True,
        measure=partial(_everything, name),
    )
    for name in ("DPP", "DPP, large", "DTE")
)

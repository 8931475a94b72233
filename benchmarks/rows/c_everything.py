"""What model, lint, schema and digests add to the check of the proof, and what all of it takes beside a peer.

The faster the proof is checked, the larger a share the rest becomes; so the rest is also held against PyLD's check of
the proof alone, with the numbers that our own check of the proof alone must reach (docs/decisions/0016).
"""

from __future__ import annotations

from functools import partial

from benchmarks import peer_pyld, pipeline
from benchmarks.credential import named, signed
from benchmarks.row import Measured, Row
from benchmarks.timing import in_turn


def _everything(name: str) -> Measured:
    raw, media_type = signed(name, "eddsa-rdfc-2022")
    proof, everything = in_turn(lambda: pipeline.verify(raw, media_type), lambda: pipeline.judge_all(raw, media_type))
    return Measured(everything / proof, f"{everything:.3f} / {proof:.3f} ms")


def _everything_against_pyld(name: str) -> Measured:
    raw, media_type = signed(name, "eddsa-rdfc-2022")
    everything, theirs = in_turn(lambda: pipeline.judge_all(raw, media_type), lambda: peer_pyld.verify(raw))
    return Measured(theirs / everything, f"{theirs:.2f} / {everything:.3f} ms")


ROWS = (
    *(
        Row(
            what=f"judge {name}: model, lint, schema, digests",
            against="our own eddsa-rdfc-2022 check of it",
            target=1.3,
            at_most=True,
            measure=partial(_everything, name),
        )
        for kind in ("DPP", "DPP, large", "DTE")
        for name in named(kind)
    ),
    *(
        Row(
            what=f"judge {name}: model, lint, schema, digests",
            against="PyLD + cryptography, the proof alone",
            target=target,
            measure=partial(_everything_against_pyld, name),
        )
        for kind, target in (("DPP", 20), ("DTE", 15))
        for name in named(kind)
    ),
)

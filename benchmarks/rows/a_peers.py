"""Verifying UNTP credentials with eddsa-rdfc-2022 against PyLD in this process, and against the npm packages."""

from __future__ import annotations

from functools import partial

from benchmarks import peer_npm, peer_pyld, pipeline
from benchmarks.credential import named, signed
from benchmarks.row import Measured, Row
from benchmarks.timing import in_turn

_FORM = "eddsa-rdfc-2022"


def _against_pyld(name: str) -> Measured:
    raw, media_type = signed(name, _FORM)
    ours, theirs = in_turn(lambda: pipeline.verify(raw, media_type), lambda: peer_pyld.verify(raw))
    return Measured(theirs / ours, f"{theirs:.2f} / {ours:.3f} ms")


def _against_npm(name: str) -> Measured:
    raw, media_type = signed(name, _FORM)
    theirs = peer_npm.milliseconds(raw)
    (ours,) = in_turn(lambda: pipeline.verify(raw, media_type))
    return Measured(theirs / ours, f"{theirs:.1f} / {ours:.3f} ms")


ROWS = (
    *(
        Row(
            what=f"verify {name}, {_FORM}",
            against="PyLD + cryptography, same process",
            target=target,
            measure=partial(_against_pyld, name),
        )
        for kind, target in (("DPP", 20), ("DPP, large", 20), ("DTE", 15))
        for name in named(kind)
    ),
    *(
        Row(
            what=f"verify {name}, {_FORM}",
            against="Digital Bazaar's npm packages",
            target=target,
            measure=partial(_against_npm, name),
        )
        for kind, target in (("DPP", 60), ("DPP, large", 60), ("DTE", 45))
        for name in named(kind)
    ),
)

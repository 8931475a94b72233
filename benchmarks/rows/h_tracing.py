"""How the cost of a trace grows with the chain, and what it takes beside verifying the same credentials alone.

Both worlds are made up, lie in a folder and are traced from the files to the report. The small one is traced before
and after the large one, so that whatever else the machine does falls on both.
"""

from __future__ import annotations

import gc
import tempfile
from functools import cache
from pathlib import Path

from benchmarks.row import Measured, Row
from benchmarks.worlds.tracing import Cost, Packed, cost_alone, cost_of_liars, cost_of_packing, cost_of_trace
from benchmarks.worlds.world import World, make_world

_FEW, _MANY = 1_000, 10_000
_LIARS = 3_000


@cache
def _costs() -> tuple[Cost, Cost, Cost]:
    """The trace of few credentials and of many, and the verification of the many alone."""
    with tempfile.TemporaryDirectory(prefix="tracenode-worlds-") as folder:
        few, many = (make_world(Path(folder) / str(count), count) for count in (_FEW, _MANY))
        before = _traced(few)
        large, alone = _traced(many), cost_alone(many)
        after = _traced(few)
    small = Cost(seconds=before.seconds + after.seconds, credentials=2 * few.credentials)
    return small, large, alone


def _traced(world: World) -> Cost:
    gc.collect()
    return cost_of_trace(world)


def _growth() -> Measured:
    small, large, _ = _costs()
    return Measured(large.each / small.each, f"{large.each:.2f} / {small.each:.2f} ms CPU for each credential")


def _beside_verifying() -> Measured:
    _, large, alone = _costs()
    return Measured(large.seconds / alone.seconds, f"{large.seconds:.1f} / {alone.seconds:.1f} s CPU in all")


def _liars() -> Measured:
    with tempfile.TemporaryDirectory(prefix="tracenode-worlds-") as folder:
        found = cost_of_liars(make_world(Path(folder) / "world", _LIARS))
    return Measured(found.liars / found.judging, f"{found.liars:.2f} / {found.judging:.2f} s CPU")


@cache
def _packed() -> Packed:
    with tempfile.TemporaryDirectory(prefix="tracenode-worlds-") as folder:
        return cost_of_packing(make_world(Path(folder) / "world", _FEW))


def _packing() -> Measured:
    found = _packed()
    return Measured((found.packing - found.trace) / found.trace, f"{found.packing:.2f} - {found.trace:.2f} s CPU")


def _judging_again() -> Measured:
    found = _packed()
    return Measured(found.again / found.trace, f"{found.again:.2f} / {found.trace:.2f} s CPU")


ROWS = (
    Row(
        what=f"trace a folder of {_MANY:,} credentials, CPU for each",
        against=f"a folder of {_FEW:,}",
        target=1.5,
        at_most=True,
        measure=_growth,
    ),
    Row(
        what=f"trace a folder of {_MANY:,} credentials",
        against="verifying the same alone",
        target=4,
        at_most=True,
        measure=_beside_verifying,
    ),
    Row(
        what=f"trace {_LIARS:,} credentials: who would have to lie",
        against="judging the same, that included",
        target=1,
        at_most=True,
        measure=_liars,
    ),
    Row(
        what=f"pack a trace of {_FEW:,} credentials, on top",
        against="tracing them from a folder",
        target=0.5,
        at_most=True,
        measure=_packing,
    ),
    Row(
        what=f"judge a bundle of {_FEW:,} credentials again",
        against="tracing them from a folder",
        target=1.2,
        at_most=True,
        measure=_judging_again,
    ),
)

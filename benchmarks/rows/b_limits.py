"""How near a verification comes to the signature check that it cannot do without."""

from __future__ import annotations

from functools import partial

from benchmarks import pipeline
from benchmarks.credential import named, signed
from benchmarks.row import Measured, Row
from benchmarks.timing import in_turn


def _share(name: str, form: str) -> Measured:
    raw, media_type = signed(name, form)
    ours, limit = in_turn(lambda: pipeline.verify(raw, media_type), pipeline.ed25519_limit())
    return Measured(limit / ours, f"{limit:.3f} of {ours:.3f} ms, {len(raw)} bytes")


ROWS = tuple(
    Row(
        what=f"verify {name}, {form}",
        against="one bare Ed25519 check",
        target=target,
        percent=True,
        measure=partial(_share, name, form),
    )
    for kind, form, target in (
        ("small", "eddsa-rdfc-2022", 0.50),
        ("DPP", "eddsa-jcs-2022", 0.25),
        ("DPP", "vc+jwt", 0.28),
        ("DPP, large", "eddsa-jcs-2022", 0.25),
        ("DPP, large", "vc+jwt", 0.28),
    )
    for name in named(kind)
)

"""What more than one process brings: passports verified over HTTP by two workers against one.

Both nodes run at once and are asked in turn, so that whatever else the machine does falls on both. Every request
carries another of many signed passports and is verified in full: a node keeps no verdict of what it is asked there.
The asker has one thread on the same processors; with as many workers as processors, what it takes is missing.
"""

from __future__ import annotations

import json
import os
import statistics
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache

from benchmarks.credential import AT, KEY, METHOD, draft
from benchmarks.load import load
from benchmarks.row import Measured, NotHere, Row
from benchmarks.serving import Serving, machine_cpu, others_had, serving
from credentials.issue import secure_with_proofs

_FORM = "eddsa-rdfc-2022"
_DIFFERENT = 128
_ROUNDS, _SECONDS, _WARM = 5, 3, 2
_WORKERS = (1, 2)


@dataclass(frozen=True, slots=True)
class _Round:
    """Answers a second, and processor milliseconds that each took: of the node, and of the asker.

    ``others`` is how many processors everything else on the machine had meanwhile.
    """

    rate: float
    cpu: float
    asker: float
    others: float

    @property
    def processors(self) -> float:
        """How many processors the node had: on a machine that does other things, not as many as there are."""
        return self.rate * self.cpu / 1000


@cache
def _passports() -> tuple[bytes, ...]:
    def one(number: int) -> bytes:
        made = {**draft("DPP"), "id": f"https://node.test/passports/{number}", "name": f"Passport {number}"}
        return secure_with_proofs(made, signer=KEY, verification_method=METHOD, created=AT, suites=(_FORM,))

    return tuple(one(number) for number in range(_DIFFERENT))


def _rounds() -> tuple[tuple[_Round, ...], ...]:
    """What was measured of one worker, and of two. Raises NotHere."""
    measured = _measured()
    others = statistics.median(item.others for side in measured for item in side)
    if (reason := others_had(others)) is not None:
        raise reason
    return measured


@cache
def _measured() -> tuple[tuple[_Round, ...], ...]:
    if (os.cpu_count() or 1) < 2:
        raise NotHere("this machine has one processor")
    with ExitStack() as stack:
        nodes = [stack.enter_context(serving(workers)) for workers in _WORKERS]
        for node in nodes:
            answers = [node.post("/credentials/verify", raw, "application/vc") for raw in _passports()[:4]]
            if not all(answer["verified"] for answer in answers):
                raise AssertionError(json.dumps(answers[0])[:500])
            _round(node, _WARM)
        measured = [[_round(node, _SECONDS) for node in nodes] for _ in range(_ROUNDS)]
    return tuple(zip(*measured, strict=True))


def _round(node: Serving, seconds: int) -> _Round:
    before, busy = node.cpu(), machine_cpu()
    done = load(f"{node.address}/credentials/verify", _passports(), "application/vc", seconds=seconds)
    own, all_of_it = node.cpu() - before, machine_cpu() - busy
    others = (all_of_it - own - done.cpu) / done.seconds
    return _Round(done.rate, own * 1000 / done.answers, done.cpu * 1000 / done.answers, others)


def _wall() -> Measured:
    one, two = _rounds()
    ratio = statistics.median(second.rate / first.rate for first, second in zip(one, two, strict=True))
    rates = [statistics.median(item.rate for item in side) for side in (one, two)]
    had = [statistics.median(item.processors for item in side) for side in (one, two)]
    told = f"{rates[1]:.0f} / {rates[0]:.0f} a second with {had[1]:.2f} / {had[0]:.2f} processors"
    asker = statistics.median(item.asker for item in two)
    return Measured(ratio, f"{told}; asking took {asker:.2f} ms CPU each")


def _per_cpu() -> Measured:
    one, two = _rounds()
    ratio = statistics.median(first.cpu / second.cpu for first, second in zip(one, two, strict=True))
    costs = [statistics.median(item.cpu for item in side) for side in (one, two)]
    return Measured(ratio, f"{costs[0]:.2f} / {costs[1]:.2f} ms CPU of the node for each")


ROWS = (
    Row(what="HTTP verify of DPPs, 2 workers", against="1 worker, wall time", target=1.7, measure=_wall),
    Row(what="HTTP verify of DPPs, 2 workers", against="1 worker, a CPU second", target=0.85, measure=_per_cpu),
)

"""What a world costs: the whole trace of its target from the folder, and verifying the same credentials alone."""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from benchmarks.worlds.drafts import AT
from benchmarks.worlds.world import World
from credentials.evidence import Evidence, Found, Need, NeedKind
from credentials.provenance import Report, to_json
from credentials.provenance.derivation.derivation_json import read_derivation
from credentials.provenance.derivation.doubting import Evaluation
from credentials.provenance.derivation.unless import holds_unless
from credentials.provenance.packs.pack_file import core_bytes
from credentials.trust.policy import Budget, Policy
from credentials.verdict import Outcome, worst
from credentials.verify import Readings, check, judge, read, standing
from credentials.verify.status import read_lists
from node.cli.trace import collector_off, trust_of
from node.flows.bundling import TraceRequest, packed, unpacked
from node.flows.tracing import TraceBudget, Tracing
from node.flows.verifying.judging import Judging
from node.flows.verifying.work import InProcess, Resources
from node.wire.folder import Folder

T = TypeVar("T")

_MEDIA_TYPE = "application/vc+jwt"
_BUDGET = TraceBudget(lookups=200_000)
_LOTS = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Seconds of process time for so many credentials."""

    seconds: float
    credentials: int

    @property
    def each(self) -> float:
        """Milliseconds for one credential."""
        return self.seconds * 1000 / self.credentials

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s CPU, {self.each:.2f} ms a credential"


def cost_of_trace(world: World) -> Cost:
    """From the files to the report's JSON, as ``tracenode trace --from`` does it.

    Raises:
        AssertionError: it did not read every credential, or found something wrong with this flawless world.
    """
    start = time.process_time()
    source = Folder(world.folder)
    tracing = Tracing(source=source, budget=_BUDGET, arrived=source.strays(at=AT))
    policy = Policy(budget=Budget(lots=_LOTS))
    work = tracing.trace(world.target, at=AT, trust=trust_of(world.trust), policy=policy)
    with collector_off():
        report = asyncio.run(work)
        to_json(report)
        taken = time.process_time() - start
    _expect(report, world)
    return Cost(seconds=taken, credentials=world.credentials)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Seconds of process time that judging a world took, and that finding again who would have to lie took."""

    judging: float
    liars: float


def cost_of_liars(world: World) -> Judged:
    """Judge the world in hand, then look once more for who would have to lie for each claim not to be so.

    Raises:
        AssertionError: the world is not flawless.
    """
    work = _Timed()
    source = Folder(world.folder)
    tracing = Tracing(source=source, judging=Judging(work=work), budget=_BUDGET, arrived=source.strays(at=AT))
    policy = Policy(budget=Budget(lots=_LOTS))
    with collector_off():
        report = asyncio.run(tracing.trace(world.target, at=AT, trust=trust_of(world.trust), policy=policy))
    _expect(report, world)
    start = time.process_time()
    derivation = read_derivation(to_json(report))
    evaluation = Evaluation(derivation)
    for _, root in derivation.roots:
        holds_unless(evaluation, root, evaluation.value(root, {}))
    return Judged(judging=work.seconds, liars=time.process_time() - start)


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """Seconds of process time: the trace alone, tracing and packing, and judging again from the file."""

    trace: float
    packing: float
    again: float


def cost_of_packing(world: World) -> Packed:
    """Trace the world, trace and pack it, and judge it again from the file; each from bytes to the report's JSON.

    Raises:
        AssertionError: judging again came to other bytes.
    """
    asked = TraceRequest(
        identifier=world.target,
        at=AT,
        known=None,
        claims=None,
        policy=Policy(),
        lookups=_BUDGET.lookups,
        trust=trust_of(world.trust),
        pack=core_bytes(),
    )
    source = Folder(world.folder)
    strays = source.strays(at=AT)
    with collector_off():
        start = time.process_time()
        to_json(asyncio.run(asked.report(source, strays)))
        traced = time.process_time()
        _, raw = asyncio.run(packed(asked, source, strays))
        done = time.process_time()
        bundle = unpacked(raw)
        same = asyncio.run(bundle.again()) == bundle.report
        end = time.process_time()
    if not same:
        raise AssertionError("judging again came to other bytes")
    return Packed(trace=traced - start, packing=done - traced, again=end - done)


class _Timed(InProcess):
    """Work in this process; ``seconds``: what judging took."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds = 0.0

    async def run(self, work: Callable[[Resources], T], *, seconds: float) -> T:
        start = time.process_time()
        found = await super().run(work, seconds=seconds)
        self.seconds += time.process_time() - start
        return found


def cost_alone(world: World) -> Cost:
    """One judgement after the other, with the DID documents of the world at hand and each status list checked once."""
    evidence, documents = _evidence(world), tuple(_credentials(world))
    start = time.process_time()
    readings = Readings()
    with collector_off():
        for raw in documents:
            reading = check(read(raw, _MEDIA_TYPE), evidence)
            lists = read_lists(reading, evidence, readings=readings)
            verdict = judge(reading, evidence, at=AT, lists=lists)
            told = (*verdict.checks, *(one.check for one in verdict.status))
            if standing(verdict) is not Outcome.PASSED or worst(told) is not Outcome.PASSED:
                raise AssertionError([one for one in told if one.outcome is not Outcome.PASSED])
        taken = time.process_time() - start
    return Cost(seconds=taken, credentials=len(documents))


def tell(world: World) -> None:
    """Trace ``world`` in this process, then verify its credentials alone, and print what each took."""
    traced = cost_of_trace(world)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
    print(f"trace: {traced}, peak RSS {peak:.2f} GB", flush=True)
    alone = cost_alone(world)
    print(f"verify alone: {alone}; the trace took {traced.seconds / alone.seconds:.2f} times as much")


def _expect(report: Report, world: World) -> None:
    wrong = [finding.rule for finding in report.findings]
    if len(report.inputs) != world.credentials or report.gaps or wrong or report.word != "VERIFIED":
        told = f"{len(report.inputs)} of {world.credentials} read, {len(report.gaps)} gaps"
        raise AssertionError(f"{report.word}: {told}, {sorted(set(wrong))}")


def _credentials(world: World) -> Iterator[bytes]:
    for path in sorted(world.folder.glob("[0-9]*/*.jwt")):
        yield path.read_bytes()


def _evidence(world: World) -> Evidence:
    found: dict[Need, Found] = {}
    for path in sorted((world.folder / "dids").iterdir()):
        need = Need(NeedKind.DID_DOCUMENT, f"did:web:{path.stem}.test")
        found[need] = Found(body=path.read_bytes(), media_type="application/did+json", source=path.name, at=AT)
    for path in sorted((world.folder / "lists").iterdir()):
        need = Need(NeedKind.STATUS_LIST, f"https://{path.stem}.test/status/1")
        found[need] = Found(body=path.read_bytes(), media_type=_MEDIA_TYPE, source=path.name, at=AT)
    return Evidence(found)

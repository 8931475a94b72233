"""A second opinion on a share of what is judged: drawn, compared elsewhere, told as an alarm, never a verdict."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import structlog

from credentials.encoding.document import JsonObject
from credentials.errors import LimitReached
from credentials.evidence import Evidence
from credentials.rdf.shadow import Difference
from credentials.verdict import Verdict
from credentials.verify import judge, read
from node.flows.verifying.judging import Judging
from node.flows.verifying.shadowing import Shadowing
from node.flows.verifying.work import InProcess, Resources, Workers
from tests.node.issuer import AT, draft


def _verdict() -> Verdict:
    from credentials.encoding.document import compact_json

    return judge(
        read(compact_json({**draft(), "proof": {"type": "DataIntegrityProof"}}), "application/vc"), Evidence(), at=AT
    )


def _shadowing(compare: Callable[[JsonObject, Resources], Difference | None], *, drawn: float = 0.0) -> Shadowing:
    return Shadowing(share=0.5, work=InProcess(), draw=lambda: drawn, compare=compare)


async def test_a_document_that_is_drawn_is_compared_and_agreement_is_silent() -> None:
    shadowing = Shadowing(share=1.0, work=InProcess())
    with structlog.testing.capture_logs() as told:
        shadowing.note(_verdict())
        await shadowing.settled()
    assert (shadowing.compared, shadowing.alarms, told) == (1, 0, [])


async def test_a_difference_is_an_alarm_with_the_digest_of_the_document() -> None:
    shadowing = _shadowing(lambda *_: Difference(compiled="one", pyld="two"))
    verdict = _verdict()
    with structlog.testing.capture_logs() as told:
        shadowing.note(verdict)
        await shadowing.settled()
    assert shadowing.alarms == 1
    assert [(line["log_level"], line["digest"]) for line in told] == [("error", verdict.object_digest)]


async def test_a_document_that_is_not_drawn_is_not_compared() -> None:
    shadowing = _shadowing(lambda *_: None, drawn=0.5)
    shadowing.note(_verdict())
    await shadowing.settled()
    assert shadowing.compared == 0


async def test_what_could_not_be_opened_is_not_compared() -> None:
    shadowing = _shadowing(lambda *_: None)
    shadowing.note(judge(read(b"{", "application/vc"), Evidence(), at=AT))
    await shadowing.settled()
    assert shadowing.compared == 0


async def test_a_comparison_that_takes_too_long_is_no_alarm() -> None:
    def spent(_: JsonObject, __: Resources) -> Difference | None:
        raise LimitReached("Too long.")

    shadowing = _shadowing(spent)
    shadowing.note(_verdict())
    await shadowing.settled()
    assert (shadowing.compared, shadowing.alarms) == (0, 0)


@pytest.mark.slow
async def test_a_node_with_a_share_of_one_compares_in_its_worker_processes() -> None:
    workers = Workers(processes=1)
    shadowing = Shadowing(share=1.0, work=workers)
    try:
        verdict = _verdict()
        judging = Judging(work=workers, shadowing=shadowing)
        await judging.verdict(verdict.document.raw if verdict.document else b"", "application/vc", Evidence(), AT)
        await shadowing.settled()
        assert (shadowing.compared, shadowing.alarms) == (1, 0)
    finally:
        shadowing.close()
        workers.close()

"""The corpus of bad input at the verify and issue doors: no 5xx, nothing kept, nothing fetched."""

from __future__ import annotations

import io

import pytest

from tests.corpus.cases import CASES, Case
from tests.node.api.nodes import Served

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("no_way_out")]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.item}-{case.name}")
async def test_bad_input_at_verify_is_told_and_leaves_nothing(
    served_node: Served, case: Case, no_way_out: list[str]
) -> None:
    before = await served_node.rows()
    headers = {"Content-Type": case.media_type or "application/octet-stream"}
    answer = await served_node.ask("POST", "/credentials/verify", data=io.BytesIO(case.build()), headers=headers)
    assert answer.status in (200, 400, 413, 415), answer.body
    if answer.status == 200:
        assert answer.json["verified"] is False, answer.json
        assert answer.json["problemDetails"], answer.json
    assert no_way_out == []
    assert await served_node.rows() == before


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.item}-{case.name}")
async def test_bad_input_at_issue_is_refused_and_leaves_nothing(
    served_node: Served, case: Case, no_way_out: list[str]
) -> None:
    before = await served_node.rows()
    body = b'{"credential":' + case.build() + b"}"
    answer = await served_node.ask(
        "POST",
        "/credentials/issue",
        token=served_node.token,
        data=io.BytesIO(body),
        headers={"Content-Type": "application/json"},
    )
    assert answer.status in (400, 413), answer.body
    assert answer.json["detail"]
    assert no_way_out == []
    assert await served_node.rows() == before

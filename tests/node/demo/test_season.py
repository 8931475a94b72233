"""The season, written to a folder: what is planted is found, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from credentials.issue import check_draft
from credentials.provenance import to_json
from credentials.trust import Policy, parse_trust_list
from credentials.untp.lint import lint
from node.demo.defects import NAMES, OVERSOLD_LOT, SUPPLIER_OFFLINE, expected_findings
from node.demo.offline import OfflineSeason, pinned_trust_list
from node.demo.season import season, target
from node.demo.season_steps import IssuedReference
from node.flows.tracing import Tracing
from node.wire.folder import Folder

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)


@cache
def _traced(planted: frozenset[str]) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    """The report on the offline season, and the ids of its credentials by name."""
    with TemporaryDirectory() as folder:
        issued = OfflineSeason(Path(folder), AT, planted).write()
        tracing = Tracing(source=Folder(Path(folder)))
        work = tracing.trace(target(), at=AT, trust=parse_trust_list(pinned_trust_list()), policy=Policy())
        return to_json(asyncio.run(work)), {key: one.id for key, one in issued.items()}


def _found(planted: Collection[str]) -> list[dict[str, str]]:
    report, _ = _traced(frozenset(planted))
    return sorted(({"rule": one["rule"], "subject": one["subject"]} for one in report["findings"]), key=str)


def _expected(planted: Collection[str]) -> list[dict[str, str]]:
    _, ids = _traced(frozenset(planted))
    return sorted(expected_findings(planted, ids), key=str)


def test_everything_planted_is_found_and_nothing_else() -> None:
    assert _found(NAMES) == _expected(NAMES)


@pytest.mark.parametrize("left_out", NAMES)
def test_leaving_one_defect_out_takes_exactly_its_finding_away(left_out: str) -> None:
    planted = [name for name in NAMES if name != left_out]

    assert _found(planted) == _expected(planted)
    assert len(_found(planted)) == len(NAMES) - 1


def test_an_honest_season_has_no_findings_and_every_claim_is_verified() -> None:
    report, _ = _traced(frozenset())

    assert report["findings"] == []
    assert {claim["verdict"] for claim in report["claims"]} == {"VERIFIED"}
    assert {claim["grade"] for claim in report["claims"]} == {4}


def test_a_silent_grower_leaves_an_interval_and_a_name_to_ask() -> None:
    report, _ = _traced(frozenset({SUPPLIER_OFFLINE}))

    organic = next(claim for claim in report["claims"] if claim["name"] == "Organic content")
    assert organic["value"] == [0.84, 0.91]
    assert [(gap["mass"], gap["ask"]) for gap in report["gaps"]] == [(0.07, "did:web:smallholder.test")]


def test_a_lot_sold_beyond_itself_lowers_what_is_certain_by_its_surplus_and_no_more() -> None:
    report, _ = _traced(frozenset({OVERSOLD_LOT}))

    organic = next(claim for claim in report["claims"] if claim["name"] == "Organic content")
    assert organic["verdict"] == "VERIFIED"
    assert organic["value"] == [pytest.approx(0.91 - 100 / 4000), 0.91]


def test_every_draft_of_the_season_is_issuable_and_clean() -> None:
    issued: dict[str, IssuedReference] = {}
    for number, step in enumerate(season(AT, NAMES)):
        document = step.draft(issued) | {"id": step.issuer.url(f"credentials/{number}")}
        issued[step.key] = IssuedReference(id=document["id"], digest="zQmXw7AnVvPqVWTrVR1FrTbBwz1oWEsWx9Q1SVDr4tGqGx")

        assert check_draft(document) == (), step.key
        assert lint(document) == (), step.key

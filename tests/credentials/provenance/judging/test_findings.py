"""Findings: each names the documents that show it, so that whoever doubts it can read them."""

from __future__ import annotations

from copy import deepcopy

import pytest

from credentials.provenance import Case, Finding, judge
from tests.credentials.provenance import twin
from tests.credentials.provenance.rules.mutations import OWN_RULES, Mutation, subject
from tests.credentials.provenance.signing import Draft


def sold_twice() -> dict[str, Draft]:
    """The whole cathode lot shipped again, to somebody else, in another document."""
    drafts = twin.drafts()
    again = deepcopy(drafts["cathode-shipped"])
    again["id"] += "-again"
    event = subject({"again": again}, "again")
    event |= {"id": event["id"] + "-again", "consignmentId": "urn:carrier:slow-boats:again"}
    return {**drafts, "cathode-shipped-again": again}


def oversold(drafts: dict[str, Draft]) -> list[Finding]:
    return [one for one in judge(Case.of(twin.question(), twin.holdings(drafts))).findings if one.rule == "PV-QTY-5"]


def test_a_lot_sold_twice_is_shown_by_its_making_and_by_both_sales() -> None:
    drafts = sold_twice()

    (finding,) = oversold(drafts)

    names = ("cathode-made", "cathode-shipped", "cathode-shipped-again")
    assert finding.shown_by == tuple(drafts[name]["id"] for name in names)


def test_a_lot_sold_once_is_no_finding() -> None:
    drafts = sold_twice()
    del drafts["cathode-shipped-again"]

    assert oversold(drafts) == []


@pytest.mark.parametrize("mutation", OWN_RULES, ids=lambda one: f"{one.rule}: {one.story}")
def test_whatever_shows_a_finding_is_among_the_inputs_with_its_digest(mutation: Mutation) -> None:
    drafts = twin.drafts()
    answers = mutation.change(drafts)

    report = judge(Case.of(twin.question(), twin.holdings(drafts, answers=answers)))

    read = {one.id for one in report.inputs}
    assert {id for one in report.findings for id in one.shown_by} <= read
    nothing_to_show = {"PV-GAP-1", "PV-GAP-2", "PV-ID-9", "PV-MRG-2"}
    assert {one.rule for one in report.findings if not one.shown_by} <= nothing_to_show

"""PV-EVT: the order of events is compared as exactly as their times were said, and one fault is one finding."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from tests.credentials.provenance import twin
from tests.credentials.provenance.asking import complaints, findings, roots
from tests.credentials.provenance.rules.mutations import MAKE_BATTERY, MAKE_CATHODE, subject
from tests.credentials.provenance.signing import Draft

CARRIED = {
    "cathode-shipped": "https://coastsmelter.test/events/shipping-sea-3",
    "cathode-received": "https://cellworks.test/events/receiving-sea-3",
}


def complaining(rule: str, drafts: dict[str, Draft]) -> list[tuple[str, str]]:
    return [(one.subject, one.outcome.value) for one in complaints(rule, twin.holdings(drafts))]


@pytest.mark.parametrize(
    ("used", "expected"),
    [
        ("2026-04-02T00:00:00Z", []),  # a day: it may have been used after the afternoon's delivery
        ("2026-04-02T09:00:00Z", [(MAKE_BATTERY, "fail")]),
        ("2026-03-29T00:00:00Z", [(MAKE_BATTERY, "fail")]),
    ],
)
def test_what_came_on_the_day_of_its_use_came_in_time(used: str, expected: list[tuple[str, str]]) -> None:
    drafts = twin.drafts()
    for name in CARRIED:
        subject(drafts, name)["eventDate"] = "2026-04-02T15:00:00Z"
    subject(drafts, "battery-made")["eventDate"] = used

    assert [one for one in complaining("PV-EVT-2", drafts) if one[0] == MAKE_BATTERY] == expected


def test_what_is_sent_before_it_is_made_is_found() -> None:
    drafts = twin.drafts()
    subject(drafts, "cathode-shipped")["eventDate"] = "2026-02-15T08:00:00Z"

    assert complaining("PV-EVT-1", drafts) == [(CARRIED["cathode-shipped"], "fail")]


def test_what_is_sent_on_the_day_of_its_making_is_in_order() -> None:
    drafts = twin.drafts()
    subject(drafts, "cathode-shipped")["eventDate"] = "2026-02-20T00:00:00Z"

    assert complaining("PV-EVT-1", drafts) == []


def test_a_ring_of_makings_is_one_fault_and_the_rest_follows() -> None:
    drafts = twin.drafts()
    event: dict[str, Any] = subject(drafts, "cathode-made")
    event["inputProduct"].append(deepcopy(subject(drafts, "battery-made")["outputProduct"][0]))

    found = [one for one in findings(twin.holdings(drafts)) if one.rule == "PV-EVT-1"]

    assert {one.subject for one in found} == {MAKE_BATTERY, MAKE_CATHODE}
    assert [subject for rule, subject in roots(twin.holdings(drafts)) if rule == "PV-EVT-1"] == [MAKE_CATHODE]

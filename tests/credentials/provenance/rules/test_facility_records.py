"""PV-FAC-5: a record of the place holds on the day of the making; who has no say about the place closes nothing."""

from __future__ import annotations

import pytest

from tests.credentials.provenance import twin
from tests.credentials.provenance.asking import complaints, notes
from tests.credentials.provenance.rules.mutations import MAKE_BATTERY
from tests.credentials.provenance.signing import Draft

RULE = "PV-FAC-5"


def ran_out(day: str) -> dict[str, Draft]:
    drafts = twin.drafts()
    drafts["facility-cellworks.test"]["validUntil"] = day
    return drafts


@pytest.mark.parametrize("day", ["2026-04-20T09:01:00Z", "2026-05-01T00:00:00Z"])
def test_a_record_that_runs_out_after_the_making_holds_for_it(day: str) -> None:
    assert complaints(RULE, twin.holdings(ran_out(day))) == notes(RULE, twin.holdings(ran_out(day))) == []


def test_a_record_that_ran_out_before_is_named() -> None:
    (found,) = complaints(RULE, twin.holdings(ran_out("2026-04-18T00:00:00Z")))
    assert (found.subject, found.outcome) == (MAKE_BATTERY, "unknown")
    assert "had run out" in found.detail


def test_a_making_without_a_date_is_only_noted() -> None:
    drafts = ran_out("2026-04-18T00:00:00Z")
    del drafts["battery-made"]["credentialSubject"][0]["eventDate"]
    assert complaints(RULE, twin.holdings(drafts)) == []
    assert [one.subject for one in notes(RULE, twin.holdings(drafts))] == [MAKE_BATTERY]


def test_a_stranger_s_record_of_the_place_does_not_stand_in_for_it() -> None:
    drafts = ran_out("2026-04-18T00:00:00Z")
    stranger = twin.drafts()["facility-cellworks.test"]
    stranger |= {
        "id": "https://assurer.test/credentials/place",
        "issuer": twin.drafts()["footprint-attestation"]["issuer"],
    }
    assert complaints(RULE, twin.holdings(drafts | {"stranger": stranger})) == complaints(RULE, twin.holdings(drafts))


@pytest.mark.parametrize(
    ("period", "told"), [(("2025-01-01", "2025-12-31"), 1), (("2026-01-01", "2026-12-31"), 0), (("2026-04-01", ""), 0)]
)
def test_what_it_tells_of_materials_is_of_the_time_of_the_making_or_that_is_noted(
    period: tuple[str, str], told: int
) -> None:
    drafts = twin.drafts()
    stated = {name: day for name, day in zip(("startDate", "endDate"), period, strict=True) if day}
    drafts["facility-cellworks.test"]["credentialSubject"]["materialUsage"] = {"applicablePeriod": stated}
    assert complaints(RULE, twin.holdings(drafts)) == []
    assert len(notes(RULE, twin.holdings(drafts))) == told

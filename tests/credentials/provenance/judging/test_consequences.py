"""Every lie once: one root finding, and what only repeats it over the same document says because of what."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from credentials.provenance.judging import consequences
from credentials.provenance.report.report import Finding
from tests.credentials.provenance import twin
from tests.credentials.provenance.asking import findings, roots
from tests.credentials.provenance.rules.mutations import MAKE_CATHODE, Drafts, subject


def _cathode_made_heavier(drafts: Drafts) -> None:
    subject(drafts, "cathode-made")["outputProduct"][0]["quantity"]["value"] = 90_000


def _passport_names_another_place(drafts: Drafts) -> None:
    subject(drafts, "battery-passport")["producedAtFacility"]["id"] = twin.WORKS


def _smelter_in_brazil(drafts: Drafts) -> None:
    point = subject(drafts, "facility-coastsmelter.test")["locationInformation"]["geoLocation"]
    point["latitude"], point["longitude"] = -15.8, -47.9
    subject(drafts, "cathode-received")["eventDate"] = "2026-02-27T08:00:00Z"


def _record_of_the_place_ran_out(drafts: Drafts) -> None:
    drafts["facility-cellworks.test"]["validUntil"] = "2026-04-01T00:00:00Z"


def _fractions_add_up_to_more(drafts: Drafts) -> None:
    materials = subject(drafts, "battery-passport")["materialProvenance"]
    materials[0] |= {"massFraction": 0.7, "mass": {"value": 70, "unit": "KGM"}}


@pytest.mark.parametrize(
    ("lie", "root"),
    [
        (_cathode_made_heavier, ("PV-QTY-2", MAKE_CATHODE)),
        (_passport_names_another_place, ("PV-FAC-1", twin.BATTERY)),
        (_smelter_in_brazil, ("PV-FAC-4", twin.WORKS)),
        (_record_of_the_place_ran_out, ("PV-CRED-4", "https://cellworks.test/credentials/facility")),
    ],
)
def test_one_lie_is_one_root_finding(lie: Callable[[Drafts], None], root: tuple[str, str]) -> None:
    drafts = twin.drafts()
    lie(drafts)

    assert roots(twin.holdings(drafts)) == {root}


def test_what_the_lint_says_the_rule_does_not_say_again() -> None:
    drafts = twin.drafts()
    _fractions_add_up_to_more(drafts)
    found = findings(twin.holdings(drafts))

    (lint,) = [one for one in found if one.rule == "DPP-03"]
    repeated = [one for one in found if one.rule == "PV-QTY-8"]
    assert len(repeated) == 2
    assert {one.because for one in repeated} == {(f"DPP-03 {lint.subject}",)}


def test_without_the_table_each_of_them_is_a_root(monkeypatch: pytest.MonkeyPatch) -> None:
    drafts = twin.drafts()
    _passport_names_another_place(drafts)
    monkeypatch.setattr(consequences, "FOLLOWS", {})

    assert {rule for rule, _ in roots(twin.holdings(drafts))} == {"PV-FAC-1", "PV-FAC-2", "PV-FAC-4"}


def test_what_no_common_document_shows_is_a_lie_of_its_own() -> None:
    root = _finding("PV-QTY-2", "event", "https://one.test")
    near, far = _finding("PV-QTY-8", "near", "https://one.test"), _finding("PV-QTY-8", "far", "https://two.test")

    assert [one.because for one in consequences.rooted([root, near, far])] == [(), ("PV-QTY-2 event",), ()]


def test_what_could_not_be_told_explains_nothing() -> None:
    root = _finding("PV-QTY-2", "event", "https://one.test", outcome="unknown")

    assert all(not one.because for one in consequences.rooted([root, _finding("PV-QTY-8", "lot", "https://one.test")]))


def _finding(rule: str, about: str, shown_by: str, *, outcome: str = "fail") -> Finding:
    return Finding(
        rule=rule,
        subject=about,
        pointer="",
        outcome=outcome,
        severity="block",
        detail="",
        because=(),
        shown_by=(shown_by,),
    )

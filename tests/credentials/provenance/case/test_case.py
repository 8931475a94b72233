"""A case: what a question is about, and what may be relied on for it."""

from __future__ import annotations

from dataclasses import replace

from credentials.identifiers.lots import LotKey
from credentials.provenance import judge
from credentials.provenance.case.case import Case
from credentials.trust.policy import Policy
from tests.credentials.provenance import twin
from tests.credentials.provenance.asking import with_status
from tests.credentials.provenance.walking import Internet, walk_frontier


def made(case: Case) -> set[str]:
    """The make events the case relies on."""
    return {event.id.rpartition("/")[2] for event in case.made_by}


def test_a_case_is_about_the_target_and_all_it_is_made_of() -> None:
    case = Case.of(twin.question(), twin.holdings())

    assert [lot.id for lot in case.lots] == [twin.BATTERY, twin.CATHODE, twin.CONCENTRATE, twin.GRAPHITE]
    assert {record.id for record in case.facilities} == {twin.PIT, twin.WORKS, twin.FACTORY}


def test_a_case_about_an_input_is_not_about_what_is_made_of_it() -> None:
    case = Case.of(twin.question(target=twin.CATHODE), twin.holdings())

    assert [lot.id for lot in case.lots] == [twin.CATHODE, twin.CONCENTRATE]
    assert made(case) == {"make-cathode-31"}


def test_a_revoked_event_is_not_relied_on() -> None:
    drafts = twin.drafts()
    answers = with_status(drafts, "battery-made")

    assert made(Case.of(twin.question(), twin.holdings(drafts, answers=answers))) == set()


def test_an_event_of_unknown_status_is_not_relied_on() -> None:
    drafts = twin.drafts()
    with_status(drafts, "battery-made", value=0, served=False)

    assert made(Case.of(twin.question(), twin.holdings(drafts))) == set()


def test_a_suspended_event_is_relied_on_only_if_the_policy_says_so() -> None:
    drafts = twin.drafts()
    answers = with_status(drafts, "battery-made", purpose="suspension")
    held = twin.holdings(drafts, answers=answers)

    strict, lenient = (
        Case.of(twin.question(), held),
        Case.of(twin.question(policy=replace(Policy(), suspended="warn")), held),
    )

    assert (made(strict), made(lenient)) == (set(), {"make-pack-0001", "make-cathode-31"})


def test_a_batch_can_be_asked_for_by_its_digital_link() -> None:
    case = Case.of(twin.question(target="https://shop.test/01/09506000134352/10/A1/21/7"), twin.holdings())

    assert case.target == LotKey("https://id.gs1.org/01/09506000134352", "A1", "7")


def test_a_facility_can_be_asked_for_and_has_no_open_mass() -> None:
    question = twin.question(target=twin.FACTORY)

    report = judge(Case.of(question, walk_frontier(Internet(twin.drafts()), question)))

    assert [one.id for one in report.inputs if one.kind == "dfr"] == ["https://cellworks.test/credentials/facility"]
    assert (report.gaps, report.findings) == ((), ())

"""The ledger of a place: never below zero at any moment, and what is not known accuses nobody."""

from __future__ import annotations

from copy import deepcopy
from fractions import Fraction

import pytest

from credentials.identifiers.lots import LotKey
from credentials.provenance.case.case import Case
from credentials.provenance.case.whereabouts import shortfalls_of_lot
from credentials.trust.policy import BOTH_SIDES, Policy
from tests.credentials.provenance import twin
from tests.credentials.provenance.asking import findings, roots
from tests.credentials.provenance.rules.mutations import subject
from tests.credentials.provenance.signing import Draft

GRAPHITE = LotKey(twin.GRAPHITE, "G-2")
STANDARD, STRICT = Policy(), Policy(transfers=BOTH_SIDES)


def short(drafts: dict[str, Draft], policy: Policy = STANDARD) -> list[tuple[str, Fraction, Fraction]]:
    """Where the graphite is short: the place, what came and what went, in kilograms."""
    case = Case.of(twin.question(policy=policy), twin.holdings(drafts))
    return [(account.place, worst.came, worst.spent) for account, worst in shortfalls_of_lot(case, GRAPHITE)]


def with_amounts(*, sent: float | None, came: float | None, used: float = 62) -> dict[str, Draft]:
    """The consistent world with other amounts of graphite; None: that side is silent."""
    drafts = twin.drafts()
    for name, amount in (("graphite-shipped", sent), ("graphite-received", came)):
        if amount is None:
            del drafts[name]
        else:
            subject(drafts, name)["movedProduct"][0]["quantity"]["value"] = amount
    subject(drafts, "battery-made")["inputProduct"][1]["quantity"]["value"] = used
    return drafts


@pytest.mark.parametrize(
    ("sent", "came", "short_of"),
    [
        (5_000, 5_000, []),
        (62, 62, []),
        (50, 50, [50]),
        (50, None, [50]),
        (None, 50, [50]),
        (70, 50, [50]),
        (50, 70, [50]),
        (61.8, 61.8, []),
        (None, None, []),
    ],
)
def test_no_more_is_used_than_the_smaller_of_what_both_sides_tell(
    sent: float | None, came: float | None, short_of: list[int]
) -> None:
    assert short(with_amounts(sent=sent, came=came)) == [
        (twin.FACTORY, Fraction(one), Fraction(62)) for one in short_of
    ]


def test_what_comes_later_does_not_cover_what_is_used_before() -> None:
    drafts = with_amounts(sent=50, came=50)
    for name in ("graphite-shipped", "graphite-received"):
        later = deepcopy(drafts[name])
        later["id"] += "-later"
        event = subject({"later": later}, "later")
        event |= {
            "id": f"{event['id']}-later",
            "eventDate": "2026-05-02T08:00:00Z",
            "consignmentId": "urn:carrier:later",
        }
        drafts[f"{name}-later"] = later

    assert short(drafts) == [(twin.FACTORY, Fraction(50), Fraction(62))]


def test_an_undated_receipt_may_have_come_in_time() -> None:
    drafts = with_amounts(sent=62, came=62)
    for name in ("graphite-shipped", "graphite-received"):
        del subject(drafts, name)["eventDate"]

    assert short(drafts) == []


def test_what_came_in_sacks_accuses_nobody() -> None:
    drafts = with_amounts(sent=50, came=50)
    for name in ("graphite-shipped", "graphite-received"):
        subject(drafts, name)["movedProduct"][0]["quantity"]["unit"] = "5B"

    assert short(drafts) == []


def test_who_tells_of_its_own_receipts_contradicts_itself_and_the_sentence_says_what_would_close_it() -> None:
    (finding,) = [one for one in findings(twin.holdings(with_amounts(sent=50, came=50))) if one.rule == "PV-QTY-6"]

    assert (finding.outcome, finding.severity, finding.subject) == ("fail", "block", twin.GRAPHITE)
    assert "used and sent 62 kg" in finding.detail
    assert "50 kg had come: 12 kg too many. A receipt that is missing here would close it." in finding.detail


def test_where_only_others_tell_what_came_the_rest_is_unknown() -> None:
    (finding,) = [one for one in findings(twin.holdings(with_amounts(sent=50, came=None))) if one.rule == "PV-QTY-6"]

    assert (finding.outcome, finding.severity) == ("unknown", "block")


def test_the_surplus_of_one_place_is_the_only_root_finding() -> None:
    assert roots(twin.holdings(with_amounts(sent=50, came=50))) == {("PV-QTY-6", twin.GRAPHITE)}


def test_what_a_buyer_nobody_bought_from_does_with_the_lot_is_no_matter_of_ours() -> None:
    drafts = twin.drafts()
    for name in ("graphite-shipped", "graphite-received"):
        other = deepcopy(drafts[name])
        other["id"] += "-works"
        event = subject({"other": other}, "other")
        event |= {"id": f"{event['id']}-works", "consignmentId": "urn:carrier:works"}
        event["toFacility"] = deepcopy(subject(drafts, "cathode-shipped")["fromFacility"])
        event["relatedParty"][1] = deepcopy(subject(drafts, "cathode-shipped")["relatedParty"][0]) | {
            "role": "consignee"
        }
        event["movedProduct"][0]["quantity"]["value"] = 10
        if name == "graphite-received":
            other["issuer"] = deepcopy(drafts["cathode-shipped"]["issuer"])
        drafts[f"{name}-works"] = other
    used = deepcopy(drafts["cathode-made"])
    used["id"] += "-other"
    event = subject({"used": used}, "used")
    event["id"] += "-other"
    event["inputProduct"] = deepcopy(subject(drafts, "battery-made")["inputProduct"][1:])
    event["outputProduct"][0]["product"] |= {"id": "https://coastsmelter.test/lots/other", "batchNumber": "O-1"}
    drafts["other-made"] = used

    assert short(drafts) == []


def _at_factory(came: int) -> list[tuple[str, Fraction, Fraction]]:
    return [(twin.FACTORY, Fraction(came), Fraction(62))]


@pytest.mark.parametrize(
    ("sent", "came", "shown"), [(62, 62, None), (62, None, 0), (None, 62, 0), (None, None, 0), (62, 50, 50)]
)
def test_by_the_word_of_both_sides_only_what_both_tell_came(
    sent: float | None, came: float | None, shown: int | None
) -> None:
    assert short(with_amounts(sent=sent, came=came), STRICT) == ([] if shown is None else _at_factory(shown))


def test_a_silent_side_is_no_contradiction_however_strict_the_policy() -> None:
    (finding,) = [
        one
        for one in findings(twin.holdings(with_amounts(sent=62, came=None)), policy=STRICT)
        if one.rule == "PV-QTY-6"
    ]

    assert (finding.outcome, finding.severity, finding.because) == ("unknown", "block", ())
    assert "by what sender and receiver both tell 0 kg had come" in finding.detail
    assert "What the silent side tells would close it." in finding.detail


def test_by_the_word_of_both_sides_what_cannot_be_compared_is_not_shown() -> None:
    drafts = with_amounts(sent=62, came=62)
    subject(drafts, "graphite-received")["movedProduct"][0]["quantity"]["unit"] = "5B"

    assert short(drafts) == []
    assert short(drafts, STRICT) == [(twin.FACTORY, Fraction(0), Fraction(0))]


def test_the_world_in_which_everybody_tells_is_whole_however_strict_the_policy() -> None:
    assert findings(twin.holdings(), policy=STRICT) == ()

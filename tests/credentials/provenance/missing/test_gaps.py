"""Gaps: where the chain is cut, by what, how much it leaves open, and whom to ask."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

import pytest

from credentials.evidence import Absent, AbsentReason, Found, Need, NeedKind
from credentials.identifiers.lots import LotKey
from credentials.provenance import Gap
from credentials.provenance.case.case import Case
from credentials.provenance.missing.gaps import coverage, mass_gaps, whom_to_ask
from credentials.trust.policy import Policy
from tests.credentials.provenance import twin
from tests.credentials.provenance.asking import with_status
from tests.credentials.provenance.signing import Draft

GRAPHITE_SHARE = pytest.approx(62 / 104, abs=1e-6)


def gaps(
    drafts: dict[str, Draft], *, answers: dict[Need, Found | Absent] | None = None, **asked: object
) -> tuple[Gap, ...]:
    """The gaps of a trace."""
    return mass_gaps(Case.of(twin.question(**asked), twin.holdings(drafts, answers=answers)))


def test_the_consistent_chain_has_no_gap_and_is_covered_whole() -> None:
    case = Case.of(twin.question(), twin.holdings())

    assert (mass_gaps(case), coverage(case)) == ((), (1, 1))


@pytest.mark.parametrize(
    ("reason", "retry"),
    [
        (AbsentReason.OFFLINE, "later"),
        (AbsentReason.TIMEOUT, "later"),
        (AbsentReason.REFUSED, "after asking for access"),
        (AbsentReason.BUDGET, "with a larger budget"),
        (AbsentReason.WITHDRAWN, "when it is published"),
    ],
)
def test_a_gap_is_of_the_class_that_the_look_up_gave(reason: AbsentReason, retry: str) -> None:
    drafts = twin.drafts()
    del drafts["graphite-passport"]

    (gap,) = gaps(drafts, answers={Need(NeedKind.LINKSET, twin.GRAPHITE): Absent(reason=reason)})

    assert (gap.gap_class, gap.subject, gap.mass, gap.retry) == (reason.value, twin.GRAPHITE, GRAPHITE_SHARE, retry)


def test_a_lot_nobody_looked_up_is_an_unknown_identifier() -> None:
    drafts = twin.drafts()
    del drafts["graphite-passport"]

    assert [gap.gap_class for gap in gaps(drafts)] == ["unknown-identifier"]


def test_a_passport_without_a_record_of_making_is_a_gap_of_its_own_class() -> None:
    drafts = twin.drafts()
    del drafts["cathode-made"]

    (gap,) = gaps(drafts)

    assert (gap.gap_class, gap.subject, gap.ask) == ("no-producer", twin.CATHODE, twin.SMELTER)


def test_a_revoked_make_event_is_a_gap_of_that_class() -> None:
    drafts = twin.drafts()
    answers = dict(with_status(drafts, "cathode-made"))

    assert [(gap.gap_class, gap.subject) for gap in gaps(drafts, answers=answers)] == [("revoked", twin.CATHODE)]


def test_a_passport_that_does_not_verify_is_a_gap_of_that_class() -> None:
    held = twin.holdings(broken=frozenset({"graphite-passport"}))

    (gap,) = mass_gaps(Case.of(twin.question(), held))

    assert (gap.gap_class, gap.subject) == ("invalid-proof", twin.GRAPHITE)


def test_a_passport_in_words_that_are_not_read_here_is_a_gap_of_its_own_class() -> None:
    drafts = twin.drafts()
    drafts["graphite-passport"]["@context"].append("https://trade.test/battery/v9")

    (gap,) = gaps(drafts)

    assert (gap.gap_class, gap.subject) == ("unsupported", twin.GRAPHITE)
    assert "https://trade.test/battery/v9" in gap.detail


def test_undocumented_inputs_are_a_gap_of_what_was_made_of_them() -> None:
    drafts = twin.drafts()
    del drafts["battery-made"]["credentialSubject"][0]["inputProduct"][1]

    (gap,) = gaps(drafts)

    assert (gap.gap_class, gap.subject, gap.mass) == ("no-producer", twin.BATTERY, pytest.approx(0.58))


def test_what_the_policy_calls_negligible_is_no_gap() -> None:
    drafts = twin.drafts()
    del drafts["graphite-passport"]

    assert gaps(drafts, policy=replace(Policy(), de_minimis=0.7)) == ()


def test_the_largest_gap_comes_first() -> None:
    drafts = twin.drafts()
    del drafts["graphite-passport"]
    del drafts["concentrate-passport"]

    assert [gap.subject for gap in gaps(drafts)] == [twin.GRAPHITE, twin.CONCENTRATE]


def test_who_sent_a_lot_is_asked_when_nobody_vouches_for_it() -> None:
    drafts = twin.drafts()
    del drafts["graphite-passport"]

    case = Case.of(twin.question(), twin.holdings(drafts))

    assert whom_to_ask(case, LotKey(twin.GRAPHITE, "G-2")) == twin.MINE


def test_the_host_of_the_name_is_asked_when_nothing_else_is_known() -> None:
    drafts = deepcopy(twin.drafts())
    for name in ("graphite-passport", "graphite-shipped", "graphite-received"):
        del drafts[name]

    case = Case.of(twin.question(), twin.holdings(drafts))

    assert whom_to_ask(case, LotKey(twin.GRAPHITE, "G-2")) == "northpit.test"


@pytest.mark.parametrize(
    ("target", "asked"),
    [
        ("(01)09506000134352(10)AB-1", "id.gs1.org"),
        ("urn:epc:id:sgtin:9506000.013435.55", "id.gs1.org"),
        ("did:web:nobody.test", "nobody.test"),
        ("urn:uuid:0f0c8a6e-5d39-4d7a-8a38-0f6f2f0c9a11", ""),
        ("did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", ""),
        ("batch 7", ""),
    ],
)
def test_nobody_is_asked_by_the_name_of_the_thing_itself(target: str, asked: str) -> None:
    (gap,) = gaps({}, target=target)

    assert gap.ask == asked


def test_a_target_of_which_nothing_is_known_is_one_gap_of_everything() -> None:
    (gap,) = gaps(twin.drafts(), target="https://nobody.test/lots/1")

    assert (gap.subject, gap.mass, gap.ask) == ("https://nobody.test/lots/1", 1.0, "nobody.test")

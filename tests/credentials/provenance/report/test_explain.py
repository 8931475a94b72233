"""The summary sentence: the word, how much is borne out, what is open, who could close it."""

from __future__ import annotations

import pytest

from credentials.evidence import Absent, AbsentReason, Need, NeedKind
from credentials.provenance import Case, judge
from credentials.provenance.report.explain import percent
from tests.credentials.provenance import twin


def test_a_consistent_chain_reads_so() -> None:
    assert judge(Case.of(twin.question(), twin.holdings())).summary == (
        "VERIFIED: 1 of 1 claim verified; 100 % of the mass is traced to its origin; nothing was found wrong."
    )


def test_an_open_end_says_how_much_it_leaves_open_and_who_could_close_it() -> None:
    drafts = twin.drafts()
    for name in ("graphite-passport", "graphite-shipped", "graphite-received"):
        del drafts[name]
    need = Need(NeedKind.LINKSET, twin.GRAPHITE)
    held = twin.holdings(drafts, answers={need: Absent(reason=AbsentReason.OFFLINE)})

    summary = judge(Case.of(twin.question(), held)).summary

    assert "1 end is open (59.6 % of the mass), which northpit.test could close" in summary


def test_what_follows_from_a_cause_is_not_counted_twice() -> None:
    drafts = twin.drafts()
    del drafts["accreditation"]

    summary = judge(Case.of(twin.question(), twin.holdings(drafts))).summary

    assert "0 of 1 claim verified, 1 unverifiable;" in summary
    assert "1 thing was found wrong or could not be told" in summary


def test_an_unknown_target_says_that_no_claim_is_in_hand() -> None:
    summary = judge(Case.of(twin.question(target="https://cellworks.test/packs/none"), twin.holdings())).summary

    assert summary.startswith("UNVERIFIABLE: no claim about it is in hand; 0 % of the mass is traced")


@pytest.mark.parametrize(("share", "text"), [(1, "100 %"), (0.99999, "99.9 %"), (0.07, "7 %"), (0.125, "12.5 %")])
def test_a_share_is_never_rounded_up_to_all_of_it(share: float, text: str) -> None:
    assert percent(share) == text

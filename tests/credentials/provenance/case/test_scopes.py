"""Which criteria are one, and which are within a scope: by the pack or the scheme's own catalogue, by nobody else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from credentials.evidence import Absent, Found, Need, NeedKind
from credentials.provenance import Case, ClaimVerdict, Word, judge, needs
from credentials.provenance.packs.pack_file import parse_pack
from credentials.provenance.packs.rule_pack import RulePack
from tests.credentials.provenance import twin
from tests.credentials.provenance.asking import complaints, findings
from tests.credentials.provenance.signing import Draft, found

ELSEWHERE = "https://fair-metal.test/v2/footprint"
CATALOGUE = Need(NeedKind.CATALOGUE, twin.SCHEME)
LISTED = {"id": twin.SCHEME, "includedProfile": [{"id": f"{twin.SCHEME}/p", "criterion": [{"id": ELSEWHERE}]}]}


def pack(*rows: str) -> RulePack:
    return parse_pack("".join(('name = "own"\nversion = "1"\nextends = "core"\n', *rows)).encode("utf-8"))


SAME = pack(f'[[crosswalks]]\nsame = ["{twin.FOOTPRINT_CRITERION}", "{ELSEWHERE}"]\nsource = "the scheme"\n')
WITHIN = pack(f'[[crosswalks]]\ncriteria = ["{ELSEWHERE}"]\nwithin = "{twin.SCHEME}"\nsource = "the scheme"\n')


def assessed(*criteria: str, claimed: tuple[str, ...] = (twin.FOOTPRINT_CRITERION,)) -> dict[str, Draft]:
    """The footprint was assessed under ``criteria``, and is claimed under others."""
    drafts = twin.drafts()
    assessment = drafts["footprint-attestation"]["credentialSubject"]["conformityAssessment"][0]
    claim = drafts["battery-passport"]["credentialSubject"]["performanceClaim"][0]
    assessment["assessmentCriteria"] = [{"type": ["Criterion"], "id": id, "name": "Footprint"} for id in criteria]
    claim["referenceCriteria"] = [{"type": ["Criterion"], "id": id, "name": "Footprint"} for id in claimed]
    return drafts


def judged(
    drafts: dict[str, Draft], *, served: dict[str, Any] | bytes | Found | None = None, **asked: Any
) -> ClaimVerdict:
    answers: dict[Need, Found | Absent] = {}
    if served is not None:
        answers[CATALOGUE] = served if isinstance(served, Found) else catalogue(served)
    held = twin.holdings(drafts, answers=answers)
    (one,) = judge(Case.of(twin.question(claims=frozenset({twin.FOOTPRINT_CLAIM}), **asked), held)).claims
    return one


def catalogue(value: dict[str, Any] | bytes) -> Found:
    return found(value, media_type="application/ld+json", source=twin.SCHEME, at=twin.AT)


# ---- one criterion under two ids


def test_a_claim_is_borne_out_under_another_id_of_its_criterion() -> None:
    drafts = assessed(ELSEWHERE)
    assert judged(drafts, pack=SAME).verdict is Word.VERIFIED
    assert findings(twin.holdings(drafts), pack=SAME) == ()


def test_the_headline_names_the_criterion_as_the_assessor_does() -> None:
    assert "under “Footprint”" in judged(assessed(ELSEWHERE), pack=SAME).attested


def test_without_a_crosswalk_they_are_two() -> None:
    assert judged(assessed(ELSEWHERE)).verdict is Word.UNVERIFIABLE


def test_what_is_only_within_a_scheme_bears_out_no_other_criterion_of_it() -> None:
    assert judged(assessed(ELSEWHERE), pack=WITHIN).verdict is Word.UNVERIFIABLE


def test_no_second_criterion_rides_on_a_crosswalk() -> None:
    both = (twin.FOOTPRINT_CRITERION, twin.SOURCING_CRITERION)
    assert judged(assessed(ELSEWHERE, claimed=both), pack=SAME).verdict is not Word.VERIFIED


def test_a_no_under_another_id_of_the_criterion_is_heard() -> None:
    drafts = assessed(ELSEWHERE)
    drafts["footprint-attestation"]["credentialSubject"]["conformityAssessment"][0]["conformance"] = False
    assert judged(drafts, pack=SAME).verdict is Word.REFUTED
    assert judged(drafts).verdict is Word.UNVERIFIABLE


# ---- in the scope of the assessor


def test_a_criterion_at_another_address_is_in_no_scope_by_itself() -> None:
    drafts = assessed(ELSEWHERE, claimed=(ELSEWHERE,))
    assert judged(drafts).verdict is Word.UNVERIFIABLE
    assert [one.rule for one in findings(twin.holdings(drafts)) if not one.because] == ["PV-ACC-3"]


def test_the_pack_puts_a_criterion_in_the_scope_of_a_scheme() -> None:
    assert judged(assessed(ELSEWHERE, claimed=(ELSEWHERE,)), pack=WITHIN).verdict is Word.VERIFIED


@pytest.mark.parametrize("listed", [LISTED, {"id": f"{twin.SCHEME}/p", "criterion": [{"id": ELSEWHERE}]}])
def test_the_scheme_s_own_catalogue_puts_a_criterion_in_its_scope(listed: dict[str, Any]) -> None:
    assert judged(assessed(ELSEWHERE, claimed=(ELSEWHERE,)), served=listed).verdict is Word.VERIFIED


@pytest.mark.parametrize(
    "served",
    [
        {"id": "https://other.test/scheme", "criterion": [{"id": ELSEWHERE}]},  # another scheme's
        {"id": twin.SCHEME, "criterion": [{"id": f"{ELSEWHERE}-other"}]},
        {"criterion": [{"id": ELSEWHERE}]},
        {"id": twin.SCHEME, "criterion": {"id": [ELSEWHERE]}, "includedProfile": [ELSEWHERE, {"criterion": 1}]},
        b"<html>Fair Metal</html>",
        b"[]",
    ],
)
def test_what_is_no_catalogue_of_the_scheme_that_lists_it_does_not(served: dict[str, Any] | bytes) -> None:
    assert judged(assessed(ELSEWHERE, claimed=(ELSEWHERE,)), served=served).verdict is Word.UNVERIFIABLE


def test_a_catalogue_that_somebody_hands_over_lists_nothing() -> None:
    handed = replace(catalogue(LISTED), served=False)
    assert judged(assessed(ELSEWHERE, claimed=(ELSEWHERE,)), served=handed).verdict is Word.UNVERIFIABLE


def test_a_claimant_s_word_that_two_criteria_are_one_is_no_crosswalk() -> None:
    both = (ELSEWHERE, twin.FOOTPRINT_CRITERION)
    assert judged(assessed(ELSEWHERE, claimed=both)).verdict is not Word.VERIFIED


# ---- looking it up


def test_a_catalogue_is_looked_up_where_a_criterion_is_not_below_its_scheme() -> None:
    held = twin.holdings(assessed(ELSEWHERE, claimed=(ELSEWHERE,)))
    asked = [one for one in needs(Case.of(twin.question(), held)) if one.kind is NeedKind.CATALOGUE]
    assert asked == [CATALOGUE]


def test_no_catalogue_is_looked_up_where_each_criterion_is_below_its_scheme() -> None:
    asked = {one.kind for one in needs(Case.of(twin.question(), twin.holdings()))}
    assert NeedKind.CATALOGUE not in asked


def test_a_footprint_is_no_complaint_under_either_id() -> None:
    assert complaints("PV-CLM-2", twin.holdings(assessed(ELSEWHERE)), pack=SAME) == []
    assert complaints("PV-ACC-3", twin.holdings(assessed(ELSEWHERE)), pack=SAME) == []

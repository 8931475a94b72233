"""What can come out of what went in, by the bands of a rule pack: more is a finding and is taken off what is proven."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from credentials.provenance import Case, ClaimVerdict, Word, judge
from credentials.provenance.mass.quantities import in_kg
from credentials.provenance.mass.shares import End
from credentials.provenance.packs.pack_file import parse_pack
from credentials.provenance.packs.rule_pack import RulePack
from credentials.provenance.rules.rule import RuleOutcome, Severity
from tests.credentials.provenance import twin
from tests.credentials.provenance.asking import complaints, findings, notes
from tests.credentials.provenance.claims.test_intervals import CLAIM, attested
from tests.credentials.provenance.rules.mutations import MAKE_BATTERY, MAKE_CATHODE
from tests.credentials.provenance.signing import Draft

#: In the consistent chain 18 t of cathode come of 60 t of concentrate.
RULE = "PV-QTY-3"


def bands(*rows: str) -> RulePack:
    head = 'name = "copper"\nversion = "7"\nextends = "core"\n'
    return parse_pack((head + "".join(rows)).encode("utf-8"))


def smelting(limits: str) -> RulePack:
    """A pack in which the concentrate yields so much cathode."""
    return bands(
        f'[[yields]]\nname = "smelting copper"\nfrom = ["141"]\nto = ["41413"]\n{limits}\nsource = "us"\n',
    )


def judged(drafts: dict[str, Draft], pack: RulePack) -> ClaimVerdict:
    (found,) = judge(Case.of(twin.question(claims=frozenset({CLAIM}), pack=pack), twin.holdings(drafts))).claims
    return found


def of_cathode(drafts: dict[str, Draft]) -> dict[str, Any]:
    found: dict[str, Any] = drafts["cathode-made"]["credentialSubject"][0]
    return found


def test_a_yield_within_its_band_is_no_finding() -> None:
    assert findings(twin.holdings(), pack=smelting("least = 0.2\nmost = 0.3")) == ()


def test_more_than_the_process_yields_is_a_contradiction_that_names_the_band_and_the_pack() -> None:
    (found,) = complaints(RULE, twin.holdings(), pack=smelting("most = 0.2"))
    assert (found.subject, found.outcome, found.severity) == (MAKE_CATHODE, RuleOutcome.FAIL, None)
    assert in_kg(Fraction(18_000)) in found.detail
    assert f"at most {in_kg(Fraction(12_000))}" in found.detail
    assert "smelting copper (rule pack copper, version 7)" in found.detail


def test_without_a_band_nothing_is_asked() -> None:
    assert complaints(RULE, twin.holdings(), pack=RulePack(name="none", version="1")) == []


def test_where_the_inputs_may_not_all_be_told_it_cannot_be_told() -> None:
    drafts = twin.drafts()
    del drafts["cathode-passport"]["credentialSubject"]["materialProvenance"]
    (found,) = complaints(RULE, twin.holdings(drafts), pack=smelting("most = 0.2"))
    assert (found.outcome, found.reason) == (RuleOutcome.UNKNOWN, "not-found")


def test_what_nobody_classified_may_be_what_came_out() -> None:
    drafts = twin.drafts()
    for code in drafts["concentrate-passport"]["credentialSubject"]["productCategory"]:
        code["schemeId"] = "https://northpit.test/classes"
    assert complaints(RULE, twin.holdings(drafts), pack=smelting("most = 0.2")) == []


def test_an_input_of_another_class_counts_whole() -> None:
    drafts = twin.drafts()
    scrap = twin.drafts()["battery-made"]["credentialSubject"][0]["inputProduct"][1]
    scrap["quantity"]["value"] = 6_000
    of_cathode(drafts)["inputProduct"].append(scrap)
    assert complaints(RULE, twin.holdings(drafts), pack=smelting("most = 0.2")) == []


def test_far_less_than_the_process_yields_is_odd_and_nobody_s_lie() -> None:
    (found,) = complaints(RULE, twin.holdings(), pack=smelting("least = 0.4"))
    assert (found.outcome, found.severity) == (RuleOutcome.UNKNOWN, Severity.WARN)


def test_far_more_used_than_was_made_is_one_lie_and_the_yield_follows_from_it() -> None:
    drafts = twin.drafts()
    drafts["battery-made"]["credentialSubject"][0]["inputProduct"][0]["quantity"]["value"] = 42_000
    found = {one.rule: one.because for one in findings(twin.holdings(drafts), pack=assembling("least = 0.5"))}
    assert found["PV-QTY-5"] == ()
    assert f"PV-QTY-5 {twin.CATHODE}" in found[RULE]


def test_what_was_not_weighed_is_only_noted() -> None:
    drafts = twin.drafts()
    of_cathode(drafts)["inputProduct"][0]["quantity"] = {"value": 3, "unit": "BG"}
    assert complaints(RULE, twin.holdings(drafts), pack=smelting("most = 0.2")) == []
    assert [one.subject for one in notes(RULE, twin.holdings(drafts), pack=smelting("most = 0.2"))] == [MAKE_CATHODE]


def test_no_tolerance_that_the_maker_states_excuses_a_yield() -> None:
    drafts = twin.drafts()
    of_cathode(drafts)["outputProduct"][0]["quantity"] |= {"upperTolerance": 9_000, "lowerTolerance": 9_000}
    assert [one.outcome for one in complaints(RULE, twin.holdings(drafts), pack=smelting("most = 0.2"))] == ["fail"]


def test_a_stranger_s_word_on_the_class_of_goods_changes_no_yield() -> None:
    pack, drafts = smelting("most = 0.2"), twin.drafts()
    passport = twin.drafts()["concentrate-passport"]
    passport |= {"id": "https://assurer.test/credentials/other", "issuer": drafts["footprint-attestation"]["issuer"]}
    passport["credentialSubject"]["productCategory"][0] |= {"code": "24110", "name": "Spirits"}
    before = findings(twin.holdings(drafts), pack=pack)
    assert findings(twin.holdings(drafts | {"stranger": passport}), pack=pack) == before


def test_more_out_than_in_is_one_lie_and_the_yield_follows_from_it() -> None:
    drafts = twin.drafts()
    of_cathode(drafts)["outputProduct"][0]["quantity"]["value"] = 90_000
    found = {one.rule: one.because for one in findings(twin.holdings(drafts), pack=smelting("most = 0.5"))}
    assert found["PV-QTY-2"] == ()
    assert found[RULE] == (f"PV-QTY-2 {MAKE_CATHODE}",)


def test_inputs_left_out_are_one_gap_and_the_yield_follows_from_it() -> None:
    drafts = twin.drafts()
    of_cathode(drafts)["outputProduct"][0]["quantity"]["value"] = 90_000
    del drafts["cathode-passport"]["credentialSubject"]["materialProvenance"]
    found = {
        one.rule: (one.outcome, one.because) for one in findings(twin.holdings(drafts), pack=smelting("most = 0.5"))
    }
    assert found["PV-QTY-2"] == ("unknown", ())
    assert found[RULE] == ("unknown", (f"PV-QTY-2 {MAKE_CATHODE}",))


def test_goods_that_take_up_water_may_weigh_more_than_what_went_in() -> None:
    drafts = twin.drafts()
    of_cathode(drafts)["outputProduct"][0]["quantity"]["value"] = 90_000
    wet = bands('[[gains]]\nclasses = ["41413"]\nsource = "us"\n')
    assert [one.subject for one in complaints("PV-QTY-2", twin.holdings(drafts))] == [MAKE_CATHODE]
    assert complaints("PV-QTY-2", twin.holdings(drafts), pack=wet) == []
    assert [one.subject for one in notes("PV-QTY-2", twin.holdings(drafts), pack=wet)] == [MAKE_CATHODE]


# ---- what it costs a claim: cathode is 42 of 104 parts of the battery, of which 50 % is attested


def test_only_the_surplus_of_an_impossible_yield_is_taken_off_what_is_proven() -> None:
    found = judged(attested(50), smelting("most = 0.2"))
    assert found.verdict is Word.CONTRADICTED
    assert found.value[0] == pytest.approx(0.5 - 42 / 104 * (1 - 12 / 18), abs=1e-6)
    assert found.because == (f"{RULE} {MAKE_CATHODE}",)


def test_a_surplus_that_could_not_be_told_is_as_little_proven() -> None:
    drafts = attested(50)
    del drafts["cathode-passport"]["credentialSubject"]["materialProvenance"]
    found = judged(drafts, smelting("most = 0.2"))
    assert found.verdict is Word.PARTIALLY_VERIFIED
    assert found.value[0] == pytest.approx(0.5 - 42 / 104 * (1 - 12 / 18), abs=1e-6)


def test_only_the_surplus_of_more_out_than_in_is_taken_off_what_is_proven() -> None:
    drafts = attested(50)
    of_cathode(drafts)["outputProduct"][0]["quantity"]["value"] = 90_000
    found = judged(drafts, smelting("least = 0.1"))
    assert found.verdict is Word.CONTRADICTED
    assert found.value[0] == pytest.approx(0.5 - 42 / 104 * (1 - 60 / 90), abs=1e-6)


def test_what_is_undocumented_already_is_not_taken_off_twice() -> None:
    drafts = attested(50)
    of_cathode(drafts)["outputProduct"][0]["quantity"]["value"] = 90_000
    del drafts["cathode-passport"]["credentialSubject"]["materialProvenance"]
    found = judged(drafts, smelting("most = 0.5"))
    assert found.value[0] == pytest.approx(0.5 - 42 / 104 * (60 - 30) / 90, abs=1e-6)


# ---- what nobody weighed


def in_bags(pack: RulePack) -> Case:
    """The cathode in the battery is in bags, and no passport says how much of the battery it is."""
    drafts = twin.drafts()
    drafts["battery-made"]["credentialSubject"][0]["inputProduct"][0]["quantity"] = {"value": 3, "unit": "BG"}
    del drafts["battery-passport"]["credentialSubject"]["materialProvenance"]
    del drafts["cathode-made"]
    return Case.of(twin.question(pack=pack), twin.holdings(drafts))


def assembling(limits: str) -> RulePack:
    return bands(f'[[yields]]\nname = "assembling"\nfrom = ["414"]\nto = ["464"]\n{limits}\nsource = "us"\n')


def test_what_came_out_bounds_an_input_that_nobody_weighed() -> None:
    unweighed = {least: in_bags(assembling(f"least = {least}")).shares.of(End.UNMEASURED) for least in ("1.0", "0.5")}
    assert unweighed == {"1.0": Fraction(100, 100 + 62), "0.5": Fraction(200, 200 + 62)}


def test_without_a_band_nothing_bounds_an_input_that_nobody_weighed() -> None:
    assert in_bags(assembling("most = 1")).shares.of(End.UNMEASURED) == 1


def test_goods_of_another_class_that_came_out_leave_it_unbounded_too() -> None:
    pack = assembling("least = 1")
    case = in_bags(pack)
    assert MAKE_BATTERY in {one.id for one in case.made_by}
    drafts = twin.drafts()
    made = drafts["battery-made"]["credentialSubject"][0]
    made["inputProduct"][0]["quantity"] = {"value": 3, "unit": "BG"}
    del drafts["battery-passport"]["credentialSubject"]["materialProvenance"], drafts["cathode-made"]
    left = {**made["outputProduct"][0], "product": {"type": ["Product"], "id": "https://cellworks.test/lots/x"}}
    made["outputProduct"].append(left)
    assert Case.of(twin.question(pack=pack), twin.holdings(drafts)).shares.of(End.UNMEASURED) == 1

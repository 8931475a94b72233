"""The whole report: the same in any order, honest about what is missing, and never better for what is hidden."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.encoding.jcs import canonical_json
from credentials.evidence import Absent, AbsentReason, Evidence, Need, NeedKind
from credentials.provenance import Case, Holdings, Report, Word, judge, to_json
from tests.credentials.provenance import twin
from tests.credentials.provenance.asking import with_status
from tests.credentials.provenance.signing import Draft

SUPPORTING = ("footprint-attestation", "accreditation", "anchor-assurer.test", "anchor-cellworks.test", "battery-made")
ORDER = {Word.VERIFIED: 2, Word.PARTIALLY_VERIFIED: 1, Word.UNVERIFIABLE: 0}


def report(drafts: dict[str, Draft] | None = None, **held: Any) -> Report:
    return judge(Case.of(twin.question(), twin.holdings(drafts, **held)))


def defective() -> tuple[dict[str, Draft], Any]:
    """A world with a revoked accreditation, a shortfall in what went in, and a misprinted registration."""
    drafts = twin.drafts()
    answers = with_status(drafts, "accreditation")
    drafts["battery-made"]["credentialSubject"][0]["inputProduct"].pop()
    drafts["battery-passport"]["issuer"]["issuerAlsoKnownAs"][0]["registeredId"] = "B-99"
    return drafts, answers


def without(*names: str) -> Holdings:
    """The consistent chain with some credentials never found."""
    held, drafts = twin.holdings(), twin.drafts()
    ids = {drafts[name]["id"] for name in names}
    return Holdings(
        credentials=tuple(one for one in held.credentials if one.verdict.id not in ids),
        evidence=Evidence({need: answer for need, answer in held.evidence.answers.items() if need.id not in ids}),
        trust=held.trust,
    )


def test_the_consistent_chain_is_verified_without_findings() -> None:
    found = report()

    assert (found.word, found.findings, found.gaps) == (Word.VERIFIED, (), ())
    assert (found.coverage, found.explained) == ((1.0, 1.0), 1.0)


@given(st.randoms(use_true_random=False))
@settings(max_examples=12, deadline=None)
def test_the_report_is_the_same_bytes_in_any_order_of_arrival(random: Any) -> None:
    drafts, answers = defective()
    held = twin.holdings(drafts, answers=answers)
    credentials, evidence = list(held.credentials), list(held.evidence.answers.items())
    random.shuffle(credentials)
    random.shuffle(evidence)
    shuffled = Holdings(credentials=tuple(credentials), evidence=Evidence(dict(evidence)), trust=held.trust)

    first, second = (to_json(judge(Case.of(twin.question(), one))) for one in (held, shuffled))

    assert canonical_json(first) == canonical_json(second)


@given(st.sets(st.sampled_from(SUPPORTING)))
@settings(max_examples=16, deadline=None)
def test_hiding_evidence_never_improves_and_never_refutes(hidden: set[str]) -> None:
    full = report().claims[0]

    less = judge(Case.of(twin.question(), without(*hidden))).claims[0]

    assert less.verdict in ORDER
    assert ORDER[less.verdict] <= ORDER[full.verdict]
    assert less.grade <= full.grade
    assert less.value[0] <= full.value[0]
    assert less.value[1] >= full.value[1]


def test_hiding_the_status_list_of_a_revoked_attestation_gains_nothing() -> None:
    drafts = twin.drafts()
    with_status(drafts, "footprint-attestation", served=False)

    assert report(drafts).claims[0].verdict is Word.UNVERIFIABLE


def test_every_consequence_names_a_finding_that_is_there() -> None:
    drafts, answers = defective()
    found = report(drafts, answers=answers)

    there = {f"{one.rule} {one.subject}" for one in (*found.findings, *found.notes)}
    causes = {cause for one in found.findings for cause in one.because}

    assert causes
    assert causes <= there


def test_a_passport_that_does_not_verify_makes_its_claims_invalid() -> None:
    found = report(broken=frozenset({"battery-passport"}))

    assert found.word is Word.INVALID
    assert [(claim.verdict, claim.grade, claim.value) for claim in found.claims] == [(Word.INVALID, 0, (0.0, 1.0))]
    assert found.claims[0].because == ("PV-CRED-1 https://cellworks.test/credentials/battery",)


def test_a_passport_that_could_not_be_judged_is_not_called_invalid() -> None:
    silence = {Need(NeedKind.DID_DOCUMENT, twin.MAKER): Absent(reason=AbsentReason.OFFLINE)}

    found = report(answers=silence)

    assert found.word is Word.UNVERIFIABLE
    assert [(claim.verdict, claim.grade) for claim in found.claims] == [(Word.UNVERIFIABLE, 0)]


def test_what_is_held_twice_is_listed_once() -> None:
    held = twin.holdings(broken=frozenset({"graphite-received"}))
    twice = Holdings(credentials=(*held.credentials, *held.credentials), evidence=held.evidence, trust=held.trust)

    assert to_json(judge(Case.of(twin.question(), twice))) == to_json(judge(Case.of(twin.question(), held)))


def test_another_passport_of_the_target_still_speaks_when_one_is_broken() -> None:
    drafts = twin.drafts()
    spoiled = {**twin.drafts()["battery-passport"], "id": "https://cellworks.test/credentials/forged"}

    found = report({**drafts, "spoiled": spoiled}, broken=frozenset({"spoiled"}))

    assert found.word is Word.VERIFIED
    assert [(one.rule, one.subject) for one in found.findings] == [("PV-CRED-1", spoiled["id"])]


def test_a_target_nobody_knows_is_unverifiable_and_open() -> None:
    found = judge(Case.of(twin.question(target="https://cellworks.test/packs/unknown"), twin.holdings()))

    assert (found.word, found.claims, found.coverage) == (Word.UNVERIFIABLE, (), (0.0, 1.0))
    assert [gap.subject for gap in found.gaps] == ["https://cellworks.test/packs/unknown"]


def test_only_the_claims_asked_for_are_judged() -> None:
    found = judge(Case.of(twin.question(claims=frozenset({"https://cellworks.test/claims/other"})), twin.holdings()))

    assert found.claims == ()


def test_a_claim_of_the_facility_about_the_place_is_inherited_and_says_so() -> None:
    drafts = twin.drafts()
    about_the_place = {**twin.drafts()["battery-passport"]["credentialSubject"]["performanceClaim"][0]}
    about_the_place["id"] = "https://cellworks.test/claims/factory/wages"
    del about_the_place["evidence"]
    about_the_place["conformityTopic"] = [
        {"type": ["ConformityTopic"], "id": f"{twin.TOPICS}decent-work-conditions", "name": "Decent work"}
    ]
    drafts["facility-cellworks.test"]["credentialSubject"]["performanceClaim"] = [about_the_place]

    inherited = next(claim for claim in report(drafts).claims if claim.id == about_the_place["id"])

    assert inherited.subject == twin.FACTORY
    assert inherited.name.endswith("(inherited from the facility)")


def test_each_input_says_how_it_stood_then_and_how_it_stands_now() -> None:
    drafts = twin.drafts()
    answers = with_status(drafts, "accreditation")
    drafts["footprint-attestation"]["validUntil"] = "2026-05-20T00:00:00Z"

    inputs = {one.id: (one.intact, one.then, one.now) for one in report(drafts, answers=answers).inputs}

    assert inputs[drafts["footprint-attestation"]["id"]] == ("PASSED", "valid", "expired")
    assert inputs[drafts["accreditation"]["id"]] == ("PASSED", "valid", "revoked")


def test_an_unusable_input_carries_the_code_of_its_problem() -> None:
    found = report(broken=frozenset({"cathode-made"}))

    (broken,) = [one for one in found.inputs if one.intact != "PASSED"]
    assert (broken.kind, broken.then, broken.now) == ("dte", "unusable", "unusable")
    assert broken.code


def test_the_policy_and_the_trust_list_are_named_by_digest() -> None:
    found = report()

    assert found.policy["digest"] == twin.question().policy.digest
    assert found.policy["trustList"] == twin.trust().digest

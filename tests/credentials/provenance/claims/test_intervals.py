"""Shares of mass lifted over the graph: supported counts twice, unknown once, refuted never."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest

from credentials.evidence import Absent, Found, Need
from credentials.provenance import Case, ClaimVerdict, Word, judge
from credentials.provenance.claims.intervals import guaranteed
from credentials.provenance.mass.blending import Interval
from credentials.provenance.mass.shares import End
from credentials.trust.policy import BOTH_SIDES, Policy
from credentials.untp.json_reading import JsonPlace
from credentials.untp.values import read_measure
from tests.credentials.provenance import twin
from tests.credentials.provenance.asking import with_status
from tests.credentials.provenance.signing import Draft

METRIC = f"{twin.METRICS}recycled-content-percentage"
CRITERION = f"{twin.SCHEME}/criteria/recycled"
CLAIM = "https://cellworks.test/claims/recycled"
MINED = {"concentrate-passport": twin.CONCENTRATE, "graphite-passport": twin.GRAPHITE}


def claim(id: str, percent: float) -> dict[str, Any]:
    return {
        "type": ["Claim"],
        "id": id,
        "name": "Recycled content",
        "referenceCriteria": [{"type": ["Criterion"], "id": CRITERION, "name": "Recycled"}],
        "claimDate": "2026-05-02",
        "claimedPerformance": [performance(percent)],
        "conformityTopic": [topic()],
    }


def performance(percent: float, **tolerance: float) -> dict[str, Any]:
    metric = {"type": ["PerformanceMetric"], "id": METRIC, "name": "Recycled content percentage"}
    return {"metric": metric, "measure": {"value": percent, "unit": "P1", **tolerance}}


def topic() -> dict[str, Any]:
    return {"type": ["ConformityTopic"], "id": f"{twin.TOPICS}recycled-material-integration", "name": "Recycled"}


def claiming(percent: float, **upstream: float) -> dict[str, Draft]:
    """The battery claims ``percent`` by its own word; mined lots have attested shares."""
    drafts = twin.drafts()
    drafts["battery-passport"]["credentialSubject"]["performanceClaim"] = [claim(CLAIM, percent)]
    del drafts["footprint-attestation"]
    for short, share in upstream.items():
        passport = f"{short}-passport"
        drafts[passport]["credentialSubject"]["performanceClaim"] = [
            claim(f"https://northpit.test/claims/{short}", share)
        ]
        drafts[f"{short}-attestation"] = attestation(short, MINED[passport], drafts[passport], share)
    return drafts


def attestation(short: str, lot: str, passport: Draft, share: float) -> Draft:
    draft = twin.drafts()["footprint-attestation"]
    subject = draft["credentialSubject"]
    draft["id"] = f"https://assurer.test/credentials/{short}"
    subject["id"] = f"https://assurer.test/attestations/{short}"
    subject["issuedToParty"]["id"] = twin.MINE
    batch = passport["credentialSubject"]["batchNumber"]
    subject["conformityAssessment"][0] |= {
        "id": f"https://assurer.test/assessments/{short}",
        "assessmentCriteria": [{"type": ["Criterion"], "id": CRITERION, "name": "Recycled"}],
        "assessedPerformance": [performance(share, upperTolerance=0)],  # so much and no more
        "assessedProduct": [{"product": {"type": ["Product"], "id": lot, "name": short, "batchNumber": batch}}],
        "conformityTopic": [topic()],
    }
    return draft


def verdict(
    drafts: dict[str, Draft], answers: Mapping[Need, Found | Absent] | None = None, policy: Policy | None = None
) -> ClaimVerdict:
    held = twin.holdings(drafts, answers=answers)
    question = twin.question(claims=frozenset({CLAIM}), policy=policy or Policy())
    (found,) = judge(Case.of(question, held)).claims
    return found


@pytest.mark.parametrize(
    ("drafts", "word", "value"),
    [
        # 42 kg of 104 kg come from the concentrate, 62 kg are graphite.
        (claiming(50), Word.UNVERIFIABLE, (0.0, 1.0)),
        (claiming(50, graphite=100), Word.PARTIALLY_VERIFIED, (0.596154, 1.0)),
        (claiming(50, concentrate=100), Word.PARTIALLY_VERIFIED, (0.403846, 1.0)),
        (claiming(50, concentrate=50, graphite=50), Word.PARTIALLY_VERIFIED, (0.5, 0.5)),
        (claiming(50, concentrate=10, graphite=10), Word.REFUTED, (0.1, 0.1)),
        (claiming(90, graphite=50), Word.REFUTED, (0.298077, 0.701923)),
    ],
)
def test_a_share_is_supported_by_what_went_in(drafts: dict[str, Draft], word: Word, value: tuple[float, float]) -> None:
    found = verdict(drafts)

    assert (found.type, found.verdict, found.value) == ("fraction", word, value)


def test_support_from_upstream_alone_does_not_verify() -> None:
    assert verdict(claiming(50, concentrate=100, graphite=100)).grade == 1


def test_a_share_attested_by_nobody_recognised_supports_nothing() -> None:
    drafts = claiming(50, concentrate=50, graphite=50)
    del drafts["accreditation"]

    assert verdict(drafts).value == (0.0, 1.0)


def test_what_is_not_documented_stays_possible() -> None:
    drafts = claiming(50, graphite=100)
    inputs = drafts["battery-made"]["credentialSubject"][0]["inputProduct"]
    drafts["battery-made"]["credentialSubject"][0]["inputProduct"] = inputs[1:]

    assert verdict(drafts).value == (0.62, 1.0)


def test_a_revoked_make_event_lifts_nothing() -> None:
    drafts = claiming(50, concentrate=100, graphite=100)
    assert verdict(drafts).value == (1.0, 1.0)
    answers = with_status(drafts, "battery-made")

    found = verdict(drafts, answers)

    assert (found.verdict, found.value) == (Word.UNVERIFIABLE, (0.0, 1.0))


def test_a_make_event_that_lifts_nothing_further_up_leaves_its_part_open() -> None:
    drafts = claiming(50, concentrate=100, graphite=100)
    answers = with_status(drafts, "cathode-made")

    assert verdict(drafts, answers).value == (0.596154, 1.0)


def test_a_lower_share_upstream_contradicts_an_attested_claim() -> None:
    drafts = claiming(50, concentrate=10, graphite=10)
    passport = drafts["battery-passport"]
    own = attestation("battery", twin.BATTERY, passport, 50)
    own["credentialSubject"]["issuedToParty"]["id"] = twin.MAKER

    found = verdict({**drafts, "own": own})

    assert (found.verdict, found.grade, found.value) == (Word.CONTRADICTED, 4, (0.1, 0.5))


def attested(percent: float) -> dict[str, Draft]:
    """The battery's own share is attested, and so are those of both inputs."""
    drafts = claiming(percent, concentrate=percent, graphite=percent)
    own = attestation("battery", twin.BATTERY, drafts["battery-passport"], percent)
    own["credentialSubject"]["issuedToParty"]["id"] = twin.MAKER
    return {**drafts, "own": own}


def test_an_attested_share_that_the_inputs_bear_out_is_verified() -> None:
    found = verdict(attested(50))

    assert (found.verdict, found.grade, found.value) == (Word.VERIFIED, 4, (0.5, 0.5))


def test_a_share_resting_on_a_lot_sold_beyond_itself_depends_on_which_record_is_believed() -> None:
    drafts = attested(50)
    second = twin.drafts()["graphite-shipped"]
    second["id"] += "-again"
    second["credentialSubject"][0] |= {"id": "https://northpit.test/events/again", "consignmentId": "urn:carrier:x:9"}
    made = twin.drafts()["battery-made"]
    made["id"] = "https://northpit.test/credentials/graphite-made"
    made["issuer"] = second["issuer"]
    made["validFrom"] = "2026-01-12T18:00:00Z"
    portion = second["credentialSubject"][0]["movedProduct"][0]
    made["credentialSubject"][0] |= {
        "id": "https://northpit.test/events/graphite-made",
        "eventDate": "2026-01-12T08:00:00Z",
        "madeAtFacility": second["credentialSubject"][0]["fromFacility"],
        "inputProduct": [],
        "outputProduct": [{**portion, "disposition": "new"}],
    }

    found = verdict({**drafts, "second": second, "made": made})

    assert found.verdict is Word.CONTRADICTED
    assert f"PV-QTY-5 {twin.GRAPHITE}" in found.because
    assert "contradict each other" in found.next_grade


def test_several_figures_in_one_claim_are_no_single_share() -> None:
    drafts = claiming(50)
    stated = drafts["battery-passport"]["credentialSubject"]["performanceClaim"][0]
    stated["claimedPerformance"].append(performance(20))

    assert verdict(drafts).type == "forall"


@pytest.mark.parametrize(
    ("figure", "better", "expected"),
    [
        ({"value": 20}, "higher", ("0.2", "1")),
        ({"value": 20, "lowerTolerance": 5}, "higher", ("0.15", "1")),
        ({"value": 20, "upperTolerance": 5}, "higher", ("0.2", "0.25")),
        ({"value": 0}, "higher", ("0", "0")),
        ({"value": 20}, "lower", ("0", "0.2")),
        ({"value": 20, "upperTolerance": 5}, "lower", ("0", "0.25")),
        ({"value": 20, "lowerTolerance": 5}, "lower", ("0.15", "0.2")),
        ({"value": 20}, "", ("0", "1")),
        ({"value": 20, "lowerTolerance": 5, "upperTolerance": 5}, "", ("0.15", "0.25")),
        ({"value": 20, "lowerTolerance": -5}, "higher", ("0.15", "1")),
    ],
)
def test_an_assessed_figure_guarantees_so_much_and_its_tolerance_is_taken_off(
    figure: dict[str, int], better: str, expected: tuple[str, str]
) -> None:
    measure = read_measure(JsonPlace({"unit": "P1", **figure}, ""))

    assert guaranteed(measure, better) == Interval(*map(Fraction, expected))


def test_a_figure_upstream_is_a_guarantee_of_at_least_so_much() -> None:
    drafts = claiming(50, concentrate=50, graphite=50)
    for short in MINED:
        assessed = drafts[f"{short.removesuffix('-passport')}-attestation"]["credentialSubject"]
        assessed["conformityAssessment"][0]["assessedPerformance"] = [performance(50)]

    assert verdict(drafts).value == (0.5, 1.0)


def test_a_figure_that_its_tolerance_takes_below_the_claim_does_not_verify_it() -> None:
    drafts = attested(50)
    assessed = drafts["own"]["credentialSubject"]["conformityAssessment"][0]
    assessed["assessedPerformance"] = [performance(50, lowerTolerance=10)]

    assert verdict(drafts).verdict is not Word.VERIFIED


@pytest.mark.parametrize("stated", [True, False])
def test_a_claim_above_what_its_inputs_hold_is_a_finding_that_says_so(*, stated: bool) -> None:
    drafts = attested(50)
    for material in drafts["battery-passport"]["credentialSubject"]["materialProvenance"] if not stated else ():
        del material["recycledMassFraction"]
    for short in ("concentrate", "graphite"):
        drafts |= {f"{short}-attestation": claiming(10, concentrate=10, graphite=10)[f"{short}-attestation"]}
        passport = drafts[f"{short}-passport"]["credentialSubject"]["performanceClaim"][0]
        passport["claimedPerformance"] = [performance(10)]
    held = twin.holdings(drafts)

    report = judge(Case.of(twin.question(claims=frozenset({CLAIM})), held))
    (found,) = (one for one in report.findings if one.subject == CLAIM)
    root = (f"PV-QTY-9 {twin.BATTERY}",) if stated else ()  # the passport's own figures show it too

    assert (found.rule, found.outcome, found.severity, found.because) == ("PV-CLM-5", "fail", "block", root)
    assert "50 % recycled content is claimed" in found.detail
    assert "at most 10 %" in found.detail
    assert report.claims[0].because == (f"PV-CLM-5 {CLAIM}",)


def test_a_share_that_hangs_on_an_input_in_bags_is_between_none_and_all_of_it() -> None:
    drafts = claiming(50, concentrate=100, graphite=0)
    drafts["battery-made"]["credentialSubject"][0]["inputProduct"][1]["quantity"] = {"value": 3, "unit": "BG"}
    drafts["battery-passport"]["credentialSubject"]["materialProvenance"][1]["massFraction"] = 0.59
    by_passport = Fraction(60, 100)  # less than 0.60 by its digits

    assert verdict(drafts).value == (float(1 - by_passport), 1.0)


def test_what_was_ever_made_of_an_input_in_bags_bounds_it_before_the_passport_does() -> None:
    drafts = twin.drafts()
    used = drafts["battery-made"]["credentialSubject"][0]["inputProduct"]
    used[0]["quantity"] = {"value": 3, "unit": "BG"}
    made = drafts["cathode-made"]["credentialSubject"][0]["outputProduct"][0]["quantity"]
    made |= {"value": 38, "unit": "KGM"}

    case = Case.of(twin.question(), twin.holdings(drafts))

    assert case.shares.of(End.UNMEASURED) == Fraction(38, 62 + 38)


@pytest.mark.parametrize("silent", ["graphite-shipped", "graphite-received"])
def test_by_the_word_of_both_sides_a_handing_over_that_one_tells_supports_nothing(silent: str) -> None:
    drafts = claiming(50, graphite=100)
    del drafts[silent]

    assert verdict(drafts).value == (0.596154, 1.0)
    assert verdict(drafts, policy=Policy(transfers=BOTH_SIDES)).value == (0.0, 1.0)

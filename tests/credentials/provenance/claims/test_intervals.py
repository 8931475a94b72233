"""Shares of mass lifted over the graph: supported counts twice, unknown once, refuted never."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from credentials.evidence import Absent, Found, Need
from credentials.provenance import Case, ClaimVerdict, Word, judge
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


def performance(percent: float) -> dict[str, Any]:
    metric = {"type": ["PerformanceMetric"], "id": METRIC, "name": "Recycled content percentage"}
    return {"metric": metric, "measure": {"value": percent, "unit": "P1"}}


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
        "assessedPerformance": [performance(share)],
        "assessedProduct": [{"product": {"type": ["Product"], "id": lot, "name": short, "batchNumber": batch}}],
        "conformityTopic": [topic()],
    }
    return draft


def verdict(drafts: dict[str, Draft], answers: Mapping[Need, Found | Absent] | None = None) -> ClaimVerdict:
    held = twin.holdings(drafts, answers=answers)
    (found,) = judge(Case.of(twin.question(claims=frozenset({CLAIM})), held)).claims
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

"""What a scheme's own metric is a figure of: as the pack says, else the recognised assessments, never the claim."""

from __future__ import annotations

from typing import Any

import pytest

from contexts.codes.metrics import MetricKind
from credentials.provenance import Case
from credentials.provenance.case.metric_kinds import kind_of
from credentials.provenance.packs.pack_file import parse_pack
from credentials.provenance.packs.rule_pack import RulePack
from tests.credentials.provenance import twin
from tests.credentials.provenance.claims.test_intervals import METRIC as RECYCLED
from tests.credentials.provenance.claims.test_intervals import claiming
from tests.credentials.provenance.signing import Draft

OWN = f"{twin.SCHEME}/metrics/wild-content"
SHARE = {"aggregationMethod": "weighted-average", "allowedUnit": ["P1"]}


def pack(kind: str, metric: str = OWN) -> RulePack:
    row = f'[[metrics]]\nid = "{metric}"\nkind = "{kind}"\nsource = "us"\n'
    return parse_pack(f'name = "own"\nversion = "1"\nextends = "core"\n{row}'.encode())


def measured(*, claimed: dict[str, Any] | None = None, **assessed: dict[str, Any]) -> dict[str, Draft]:
    """Both mined lots claim so much of the scheme's metric; what their assessments say of it besides."""
    drafts = claiming(50, concentrate=50, graphite=50)
    for short in ("concentrate", "graphite"):
        claim = drafts[f"{short}-passport"]["credentialSubject"]["performanceClaim"][0]
        assessment = drafts[f"{short}-attestation"]["credentialSubject"]["conformityAssessment"][0]
        claim["claimedPerformance"][0]["metric"] |= {"id": OWN, **(claimed or {})}
        assessment["assessedPerformance"][0]["metric"] |= {"id": OWN, **assessed.get(short, {})}
    return drafts


def kind(drafts: dict[str, Draft], metric: str = OWN, **asked: Any) -> MetricKind:
    return kind_of(Case.of(twin.question(**asked), twin.holdings(drafts)), metric)


def test_recognised_assessments_that_all_say_it_is_a_share_of_goods_make_it_one() -> None:
    assert kind(measured(concentrate=SHARE, graphite=SHARE)) is MetricKind.SHARE_OF_MASS


@pytest.mark.parametrize("assessed", [{}, {"concentrate": SHARE}])
def test_where_not_all_say_it_nothing_is_known(assessed: dict[str, dict[str, Any]]) -> None:
    assert kind(measured(**assessed)) is MetricKind.OTHER


def test_what_a_claimant_says_of_a_metric_is_not_heard() -> None:
    assert kind(measured(claimed=SHARE)) is MetricKind.OTHER


def test_an_assessor_nobody_recognises_says_nothing_of_a_metric() -> None:
    drafts = measured(concentrate=SHARE, graphite=SHARE)
    del drafts["accreditation"]
    assert kind(drafts) is MetricKind.OTHER


def test_the_pack_says_what_no_assessment_says() -> None:
    assert kind(measured(), pack=pack("share-of-mass")) is MetricKind.SHARE_OF_MASS


def test_the_pack_of_who_judges_goes_before_what_assessors_say() -> None:
    assert kind(measured(concentrate=SHARE, graphite=SHARE), pack=pack("of-a-place")) is MetricKind.OF_A_PLACE


def test_no_pack_changes_what_the_metrics_of_our_table_mean() -> None:
    assert kind(measured(), RECYCLED, pack=pack("other", RECYCLED)) is MetricKind.SHARE_OF_MASS

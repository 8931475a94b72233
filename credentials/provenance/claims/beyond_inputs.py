"""Claims above what went in: a share of mass of which the inputs hold less, whatever is not known of them.

The rule: the word of such a claim is REFUTED or CONTRADICTED, and a finding says why. Where the passport's own figures
show it too, that is the root.
See docs/rules.md PV-CLM-5; docs/requirements.md T6.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from credentials.identifiers.canonical_ids import lot_key
from credentials.provenance.case.case import Case
from credentials.provenance.claims.asked import claims_of_target
from credentials.provenance.claims.grades import grade_of
from credentials.provenance.claims.intervals import share_of
from credentials.provenance.claims.weighing import ABOVE_INPUTS, above_of, is_above_inputs
from credentials.provenance.report.explain import percent
from credentials.provenance.report.figures import what_of
from credentials.provenance.report.report import Finding

_BY_ITS_OWN_FIGURES: Final = "PV-QTY-9"


def beyond_inputs(case: Case, findings: Iterable[Finding]) -> Iterator[Finding]:
    """A failed finding for each claim of the target that lies above its inputs."""
    shown = [one for one in findings if one.rule == _BY_ITS_OWN_FIGURES and one.outcome == "fail"]
    for claim in claims_of_target(case):
        share = share_of(case, claim)
        if share is None or grade_of(case, claim).is_broken or not is_above_inputs(case, claim):
            continue
        claimed, most = percent(float(share[1])), percent(float(above_of(case, claim).high))
        about = {claim.id, claim.about, lot_key(claim.about).id}
        yield Finding(
            rule=ABOVE_INPUTS,
            subject=claim.id,
            pointer=claim.pointer,
            outcome="fail",
            severity="block",
            detail=f"{claimed} {what_of(share[0])} is claimed of {claim.about}; its inputs hold at most {most}.",
            because=tuple(sorted({f"{one.rule} {one.subject}" for one in shown if one.subject in about})),
            shown_by=(claim.source,),
        )

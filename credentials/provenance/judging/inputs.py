"""The credentials a report rests on: intact or not, how each stood when it was used, how it stands now.

The rule: every credential in hand is listed, the unusable ones too. A status list does not say since when, so
``then`` tells validity at the time of use and ``now`` tells status as well (PV-CRED-4).
See docs/requirements.md T17 and D10.
"""

from __future__ import annotations

from datetime import datetime

from credentials.encoding.moments import format_moment
from credentials.encoding.timespan import Timespan
from credentials.provenance.case.case import Case
from credentials.provenance.case.matching import related_matches
from credentials.provenance.case.parties import anchors_about
from credentials.provenance.report.report import Input
from credentials.trust.standing import issued, standing, validity
from credentials.untp.kinds import kind_of
from credentials.verdict import Outcome, Unusable, VerifiedCredential


def inputs_of_case(case: Case) -> tuple[Input, ...]:
    """Every credential in hand, by id and digest."""
    uses = _uses(case)
    usable = [_usable(case, one, uses) for one in (*case.graph.credentials, *case.graph.older)]
    return tuple(sorted({*usable, *(_unusable(one) for one in (*case.graph.unusable, *case.graph.aside))}))


def _usable(case: Case, credential: VerifiedCredential, uses: dict[str, datetime]) -> Input:
    kind = kind_of(credential.value)
    used = uses.get(credential.credential_digest) or issued(credential) or case.at
    ends = credential.verdict.life.ends
    replaced = credential.credential_digest in case.graph.superseded
    return Input(
        id=credential.id,
        digest=credential.object_digest,
        intact=Outcome.PASSED.value,
        then=validity(credential, Timespan.of(used)).value,
        now="superseded" if replaced else standing(credential, case.asked).value,
        issuer=credential.issuer,
        kind=kind.short if kind is not None else "",
        until=format_moment(ends) if ends is not None else "",
    )


def _unusable(unusable: Unusable) -> Input:
    verdict = unusable.verdict
    problem = next((check.problem for check in verdict.checks if check.outcome is not Outcome.PASSED), None)
    kind = kind_of(verdict.document.value) if verdict.document is not None else None
    return Input(
        id=verdict.id or unusable.source or verdict.object_digest,
        digest=verdict.object_digest,
        intact=verdict.outcome.value,
        then="unusable",
        now="unusable",
        issuer=verdict.issuer or "",
        kind=kind.short if kind is not None else "",
        code=problem.code if problem else "",
    )


def _uses(case: Case) -> dict[str, datetime]:
    """When each attestation and anchor was first relied on: at a claim's date, at an issuer's first credential."""
    uses: dict[str, datetime] = {}
    for claim in case.graph.claims:
        made = claim.said.claim_date
        for match in related_matches(case, claim) if made is not None else ():
            _first(uses, match.attestation.credential, made)
    for credential in case.graph.credentials:
        for anchor in anchors_about(case, credential.issuer):
            _first(uses, anchor.credential, issued(credential))
    return uses


def _first(uses: dict[str, datetime], credential: VerifiedCredential, moment: datetime | None) -> None:
    if moment is not None:
        known = uses.get(credential.credential_digest, moment)
        uses[credential.credential_digest] = min(known, moment)

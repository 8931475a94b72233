"""PV-MRG-6: does an issuer say one thing under one id?

The rule: two documents of one issuer and id are one if their subjects are equal (two forms, a reissue), or if the
earlier one was over or revoked when the later one began. Anything else is two words under one name, and which of them a
link means cannot be told. It is a note where the issuer says nothing else in this chain. See docs/rules.md PV-MRG.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from credentials.provenance.case.case import Case
from credentials.provenance.case.matching import related_matches
from credentials.provenance.case.memoize import memoize_per_case
from credentials.provenance.rules.rule import Answer, Rule, RuleOutcome, Severity
from credentials.provenance.statements.statement import FacilityStatement, PassportStatement
from credentials.trust.standing import Standing, issued, status
from credentials.verdict import VerifiedCredential


def _one_word(case: Case) -> Iterator[Answer]:
    by_name: dict[tuple[str, str], list[VerifiedCredential]] = {}
    for credential in (*case.graph.credentials, *case.graph.older):
        by_name.setdefault((credential.issuer, credential.id), []).append(credential)
    for (issuer, id), versions in by_name.items():
        ordered = sorted(versions, key=lambda one: (str(issued(one) or ""), one.object_digest))
        differing = [pair for pair in pairwise(ordered) if not _agree(*pair)]
        if not differing:
            yield Answer(subject=id, outcome=RuleOutcome.PASS, detail="Its issuer says one thing under it.")
        for earlier, later in differing:
            yield Answer(
                subject=id,
                outcome=RuleOutcome.FAIL,
                detail=f"{issuer} signed two documents with this id that differ:"
                f" {earlier.object_digest} and {later.object_digest}.",
                source=id,
                severity=None if issuer in _speaking(case) else Severity.INFO,
            )


def _agree(earlier: VerifiedCredential, later: VerifiedCredential) -> bool:
    if earlier.value.get("credentialSubject") == later.value.get("credentialSubject"):
        return True
    begins, ended = issued(later), earlier.verdict.life.ends
    if begins is None or issued(earlier) == begins:
        return False
    return status(earlier) is Standing.REVOKED or (ended is not None and ended <= begins)


@memoize_per_case
def _speaking(case: Case) -> frozenset[str]:
    """The issuers of what the chain is made of and what its claims rest on."""
    carriers: tuple[PassportStatement | FacilityStatement, ...] = (*case.passports, *case.facilities)
    matches = (match for one in carriers for claim in one.claims for match in related_matches(case, claim))
    told = {one.issuer for one in carriers} | {event.issuer for event in case.made_by}
    return frozenset(told | {match.attestation.issuer for match in matches})


PV_MRG_6 = Rule(
    id="PV-MRG-6",
    asks="Does its issuer say one thing under one id?",
    severity=Severity.BLOCK,
    answers=_one_word,
)

RULES: Final = (PV_MRG_6,)

"""PV-MRG-6: does an issuer say one thing under one id?

The rule: two documents of one issuer and id are one if their subjects are equal (two forms, a reissue), or if one
replaces the other (credentials.provenance.graph.successors). It is a note where the issuer says nothing else in this
chain. See docs/rules.md PV-MRG.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from credentials.provenance.case.case import Case
from credentials.provenance.case.memoize import memoize_per_case
from credentials.provenance.case.parties import attestations_of_chain
from credentials.provenance.graph.successors import differing
from credentials.provenance.rules.rule import Answer, Rule, RuleOutcome, Severity
from credentials.provenance.statements.statement import FacilityStatement, PassportStatement


def _one_word(case: Case) -> Iterator[Answer]:
    names = {(one.issuer, one.id): None for one in (*case.graph.credentials, *case.graph.older)}
    for issuer, id in names:
        pairs = differing(case.graph, issuer, id)
        if not pairs:
            yield Answer(subject=id, outcome=RuleOutcome.PASS, detail="Its issuer says one thing under it.")
        for earlier, later in pairs:
            yield Answer(
                subject=id,
                outcome=RuleOutcome.FAIL,
                detail=f"{issuer} signed two documents with this id that differ:"
                f" {earlier.object_digest} and {later.object_digest}.",
                source=id,
                severity=None if issuer in _speaking(case) else Severity.INFO,
            )


@memoize_per_case
def _speaking(case: Case) -> frozenset[str]:
    """The issuers of what the chain is made of, and of what is attested about it."""
    carriers: tuple[PassportStatement | FacilityStatement, ...] = (*case.passports, *case.facilities)
    return frozenset(one.issuer for one in (*carriers, *case.made_by, *attestations_of_chain(case)))


PV_MRG_6 = Rule(
    id="PV-MRG-6",
    asks="Does its issuer say one thing under one id?",
    severity=Severity.BLOCK,
    answers=_one_word,
)

RULES: Final = (PV_MRG_6,)

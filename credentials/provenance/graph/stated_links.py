"""Every link that statements make to other documents, with the statement that makes it.

The rule: a link is a promise of bytes; who follows it compares the digest. See docs/requirements.md CLM-05 and DCC-07;
docs/rules.md PV-CRED-5.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from credentials.provenance.statements.statement import (
    AttestationStatement,
    EventStatement,
    FacilityStatement,
    PassportStatement,
    Statement,
)
from credentials.untp.values import Link


def stated_links(statements: Iterable[Statement]) -> Iterator[tuple[Statement, Link]]:
    """The links of ``statements`` and of the claims in them, in their order."""
    for one in statements:
        match one:
            case PassportStatement() | FacilityStatement():
                yield from ((claim, link) for claim in one.claims for link in claim.said.evidence)
                yield from ((one, link) for link in one.said.related_documents)
            case EventStatement():
                yield from ((one, link) for link in one.said.related_documents)
            case AttestationStatement():
                yield from ((one, link) for link in _of_attestation(one))


def _of_attestation(attestation: AttestationStatement) -> Iterator[Link]:
    said = attestation.said
    stated = [said.certificate, said.auditable_evidence, *(one.evidence for one in said.authorisations)]
    stated += [link for one in said.assessments for link in one.evidence]
    yield from (link for link in stated if link is not None)

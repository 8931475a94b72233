"""Every link that statements make to other documents, with the statement that makes it.

The rule: a link is a promise of bytes; who follows it compares the digest. See docs/requirements.md CLM-05 and DCC-07;
docs/rules.md PV-CRED-5.
"""

from __future__ import annotations

from collections.abc import Iterator

from credentials.provenance.graph.graph import Graph
from credentials.provenance.statements.statement import Statement
from credentials.untp.values import Link


def stated_links(graph: Graph) -> Iterator[tuple[Statement, Link]]:
    """Links of claims, passports, facility records, events and attestations, in the graph's order."""
    for claim in graph.claims:
        yield from ((claim, link) for link in claim.said.evidence)
    for passport in graph.passports:
        yield from ((passport, link) for link in passport.said.related_documents)
    for record in graph.facilities:
        yield from ((record, link) for link in record.said.related_documents)
    for event in graph.events:
        yield from ((event, link) for link in event.said.related_documents)
    for attestation in graph.attestations:
        said = attestation.said
        stated = [said.certificate, said.auditable_evidence, *(one.evidence for one in said.authorisations)]
        stated += [link for one in said.assessments for link in one.evidence]
        yield from ((attestation, link) for link in stated if link is not None)

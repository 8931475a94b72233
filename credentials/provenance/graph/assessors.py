"""Assessors who name the owner of a number: the recognised check of an identifier licenses it to who was certified.

The rule: an assessor's word on an identifier counts when the trust list names the assessor, or a body on the list
accredits it directly, for what it assessed, on that day. It speaks for the party that the attestation is issued to, and
only of identifiers it says it verified. A body further down a chain of accreditations names nobody's numbers.
Specification: UNTP 0.7.0, Digital Conformity Credential (idVerifiedByCAB, issuedToParty); docs/rules.md PV-ACC-3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from credentials.encoding.timespan import Timespan
from credentials.identifiers.canonical_ids import given_or_canonical, lot_key
from credentials.provenance.graph.registers import Registers
from credentials.provenance.statements.statement import AnchorStatement, AssessmentStatement, AttestationStatement
from credentials.trust.standing import Standing, status, validity
from credentials.trust.trust_lists import TrustRole

ACCREDITATION: Final = "accreditation"
ACCREDITERS: Final = frozenset({TrustRole.ACCREDITATION, TrustRole.SCHEME_OWNER})


def verifies(assessment: AssessmentStatement, id: str) -> bool:
    """Does the assessment say that its assessor checked whose the canonical ``id`` is?"""
    return any(id in (given_or_canonical(one), lot_key(one).id) for one in assessment.said.verified_ids)


def accreditations_for(
    registers: Registers,
    attestation: AttestationStatement,
    assessment: AssessmentStatement,
    anchors: Iterable[AnchorStatement],
) -> Iterator[tuple[AnchorStatement, ...]]:
    """By what the assessor is believed for ``assessment``: nothing more where it is listed, or one of ``anchors``.

    ``anchors`` are those about the assessor. None where it is not believed.
    """
    day = assessment.said.assessment_date
    schemes = tuple(_schemes(attestation))
    if day is None or status(attestation.credential) is not Standing.VALID:
        return
    if _is_listed(registers, attestation.issuer, schemes):
        yield ()
    for one in anchors:
        if (
            one.said.register_type == ACCREDITATION
            and status(one.credential) is Standing.VALID
            and validity(one.credential, Timespan.of(day)) is Standing.VALID
            and _is_listed(registers, one.issuer, schemes)
            and _covers(one, schemes, assessment)
        ):
            yield (one,)


def _is_listed(registers: Registers, did: str, schemes: tuple[str, ...]) -> bool:
    entries = (
        registers.trust.entries_for(did, roles=ACCREDITERS, when=registers.when, scheme=scheme) for scheme in schemes
    )
    return any(entries)


def _covers(anchor: AnchorStatement, schemes: tuple[str, ...], assessment: AssessmentStatement) -> bool:
    """Is the scheme in the accreditation's scope, or every criterion that was assessed?"""
    scope = {given_or_canonical(uri) for uri in anchor.said.scopes}
    criteria = {given_or_canonical(one.id) for one in assessment.said.criteria if one.id}
    return not scope.isdisjoint(schemes) or (bool(criteria) and criteria <= scope)


def _schemes(attestation: AttestationStatement) -> Iterator[str]:
    for reference in (attestation.said.scheme, attestation.said.profile):
        if reference is not None and reference.id is not None:
            yield given_or_canonical(reference.id)

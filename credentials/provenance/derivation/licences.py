"""Licences: why the word of a party counts, as steps: its key, its say, and for assessors who accredits it.

The rule: a licence is never taken away by who lies; it says beside a verdict as whom somebody vouches for.
"""

from __future__ import annotations

from typing import Final

from credentials.encoding.timespan import Timespan
from credentials.identifiers.lots import LotKey
from credentials.provenance.case.case import Case
from credentials.provenance.case.keyed import is_keyed
from credentials.provenance.case.parties import accreditation_path, accreditations
from credentials.provenance.derivation.recording import Recorder
from credentials.provenance.derivation.step import Said, StepRule
from credentials.provenance.statements.authority import is_own
from credentials.provenance.statements.statement import AssessmentStatement, AttestationStatement, Statement
from credentials.verdict import VerifiedCredential

#: Whose key it is, as far as anybody knows.
KEYED, SUPPLIED = "known", "supplied"
ATTESTING: Final = "attesting"
MAKING: Final = "making"
PRODUCT: Final = "product"
PLACE: Final = "place"


def said(statement: Statement, pointer: str | None = None) -> Said:
    """Where a statement stands, or a part of it."""
    return Said(statement.credential.object_digest, statement.pointer if pointer is None else pointer)


def key_of(case: Case, record: Recorder, credential: VerifiedCredential) -> int:
    """The step that says whether the key is known to be the issuer's."""
    keyed = is_keyed(case, credential.issuer, credential.verdict.verification_method)
    return record.step(StepRule.KEY, value=KEYED if keyed else SUPPLIED, party=credential.issuer)


def making_say(case: Case, record: Recorder, teller: str, lot: LotKey) -> int:
    """Why ``teller`` may say what ``lot`` was made of: it is its own, is given to it, or its passport names it."""
    if is_own(teller, lot.id):
        return record.step(StepRule.SAY, value="address", party=teller, say=f"{MAKING} {lot.id}")
    if case.graph.controls(teller, lot.id):
        given = () if teller in case.trust.holders_of(lot.id) else case.graph.grants(teller, lot.id)[0]
        by = [said(one) for one in given]
        return record.step(StepRule.SAY, *by, value="register", party=teller, say=f"{MAKING} {lot.id}")
    passports = [said(one) for one in case.graph.passports_of(lot)]
    return record.step(StepRule.SAY, *passports, value="named", party=teller, say=f"{MAKING} {lot.id}")


def recognition_of(
    case: Case, record: Recorder, attestation: AttestationStatement, assessment: AssessmentStatement
) -> tuple[int, ...]:
    """The step that accredits the assessor, on those above it up to the trust list; none without a path."""
    day = assessment.said.assessment_date
    path = accreditation_path(case, attestation, Timespan.of(day) if day is not None else None)
    if not path.anchored:
        return ()
    above = record.step(StepRule.LISTED, value="trust list", party=path.root)
    for vouch in reversed(path.steps):
        told = [
            one
            for one in accreditations(case, vouch.subject)
            if (one.issuer, one.source) == (vouch.issuer, vouch.credential)
        ]
        key = key_of(case, record, told[0].credential)
        where = said(told[0])
        above = record.step(
            StepRule.ACCREDITED, where, above, key, value=vouch.subject, party=vouch.issuer, say=ACCREDITING
        )
    return (above,)


ACCREDITING: Final = "accrediting"

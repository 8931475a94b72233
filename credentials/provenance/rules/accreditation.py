"""PV-ACC: is each assessor another party, accredited for what it assessed, on that day, up to a root we believe?

The rule: one missing accreditation is one finding about the assessor; what its attestations lose by it is said of
the claims. An assessor that only assesses itself is not asked for accreditation.
See docs/rules.md PV-ACC; docs/requirements.md T13.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from typing import Final

from credentials.encoding.moments import format_moment
from credentials.encoding.timespan import Timespan
from credentials.identifiers.canonical_ids import given_or_canonical
from credentials.provenance.case.addressed import linked
from credentials.provenance.case.case import Case
from credentials.provenance.case.parties import (
    ACCREDITERS,
    accreditation_path,
    accreditations,
    assessors,
    attestations_of_chain,
    is_third_party,
)
from credentials.provenance.case.recognition import (
    Assurance,
    assurance,
    broken_by,
    in_scope,
    is_self_assessment,
    use_of,
)
from credentials.provenance.mass.shares import End
from credentials.provenance.missing.gaps import vouched
from credentials.provenance.rules.rule import Answer, Rule, RuleOutcome, Severity
from credentials.provenance.statements.statement import AssessmentStatement, AttestationStatement
from credentials.trust.anchors import AnchorPath, Reason
from credentials.trust.standing import Standing, status
from credentials.untp.conformity import Endorsement
from credentials.untp.json_reading import subjects_of

PASS, FAIL, UNKNOWN = RuleOutcome.PASS, RuleOutcome.FAIL, RuleOutcome.UNKNOWN
#: Stated ``assessmentLevel`` by the least assurance that carries it (PV-ACC-8).
_LEVELS: Final = {
    "authority-benchmark": (Assurance.AUTHORITY,),
    "authority-mandate": (Assurance.AUTHORITY,),
    "authority-globalmra": (Assurance.AUTHORITY,),
    "authority-peer": (Assurance.AUTHORITY,),
    "authority-extended-mra": (Assurance.AUTHORITY,),
    "scheme-cab": (Assurance.AUTHORITY, Assurance.SCHEME),
}

#: The same levels for people (UNTP 0.7.0, code list AssessmentLevel).
_LEVEL_WORDS: Final = {
    "authority-benchmark": "benchmarked by an authority",
    "authority-mandate": "under the mandate of an authority",
    "authority-globalmra": "under a worldwide agreement of accreditation authorities",
    "authority-peer": "reviewed by authorities among each other",
    "authority-extended-mra": "under an extended agreement of accreditation authorities",
    "scheme-cab": "by a body that its scheme recognises",
}
#: What there is instead (docs/requirements.md T13).
_CAN_BE_VERIFIED: Final = {
    Assurance.AUTHORITY: "that an authority accredits it can be verified",
    Assurance.SCHEME: "only that its scheme recognises it can be verified",
    Assurance.NONE: "that anybody stands behind the assessor cannot be verified",
}


def _other_party(case: Case) -> Iterator[Answer]:
    for attestation in attestations_of_chain(case):
        pointer = f"{attestation.pointer}/assessorLevel"
        if is_self_assessment(attestation):
            detail = "It says itself that nobody but the assessed party assessed: it bears out nothing."
            yield Answer(
                subject=attestation.source, outcome=FAIL, detail=detail, pointer=pointer, severity=Severity.WARN
            )
        elif is_third_party(case, attestation.issuer, attestation.issued_to):
            yield Answer(subject=attestation.source, outcome=PASS, detail="Assessor and assessed are two parties.")
        elif attestation.said.assessor_level == "3rdParty":
            yield Answer(
                subject=attestation.source,
                outcome=FAIL,
                detail=f"{attestation.source} says a third party assessed, but assessor and assessed are one party.",
                pointer=pointer,
            )


def _accredited(case: Case) -> Iterator[Answer]:
    for did, attestations in assessors(case).items():
        failing = [path for one in attestations if not (path := accreditation_path(case, one, None)).anchored]
        if not failing:
            yield Answer(subject=did, outcome=PASS, detail="It is accredited by a body the trust list names.")
        elif not _beyond_first_step(failing[0]):
            yield Answer(subject=did, outcome=FAIL, detail=_why_not(did, failing[0]), because=_revoked(case, did))


def _why_not(did: str, path: AnchorPath) -> str:
    if path.reason is Reason.NO_ANCHOR:
        return f"No accreditation of {did} was found, so what it attests is not recognised."
    if path.reason is Reason.UNRELIABLE:
        return f"The accreditation of {did} is revoked, suspended or of unknown status."
    return f"{path.root} accredits {did}, but the trust list does not name it for this scheme."


def _revoked(case: Case, did: str) -> tuple[str, ...]:
    anchors = [one for one in accreditations(case, did) if status(one.credential) is not Standing.VALID]
    return tuple(f"PV-CRED-3 {one.source}" for one in anchors)


def _covers(case: Case) -> Iterator[Answer]:
    for _, attestation, path in _accredited_attestations(case):
        outside = [one for one in attestation.assessments if not in_scope(case, attestation, use_of(one), None)]
        stated = bool(path.steps) and not path.steps[0].scope
        pointer = outside[0].pointer if len(outside) not in (0, len(attestation.assessments)) else ""
        yield Answer(
            subject=attestation.source,
            outcome=PASS if not outside else UNKNOWN if stated else FAIL,
            detail=f"The accreditation does not cover {len(outside)} of {len(attestation.assessments)} assessments."
            if outside
            else "The accreditation covers what was assessed.",
            pointer=pointer,
            reason="not-stated" if outside and stated else "",
        )


def _endorsed(case: Case) -> Iterator[Answer]:
    for attestations in assessors(case).values():
        for attestation in attestations:
            path = accreditation_path(case, attestation, None)
            for endorsement in attestation.said.authorisations:
                yield _endorsement(case, path, attestation, endorsement)


def _endorsement(case: Case, path: AnchorPath, attestation: AttestationStatement, endorsement: Endorsement) -> Answer:
    link = endorsement.evidence
    proof = linked(case, link) if link else None
    about = {given_or_canonical(subject.text("id") or "") for subject in subjects_of(proof.value)} if proof else set()
    believed = proof is not None and case.trust.entries_for(proof.issuer, roles=ACCREDITERS, when=case.asked)
    proven = bool(believed and path.did in about)
    return Answer(
        subject=attestation.source,
        outcome=PASS if proven else UNKNOWN,
        detail="The stated endorsement is proven."
        if proven
        else f"The endorsement {endorsement.name or ''!r} is stated, but not proven by a credential.",
        pointer="" if proven else endorsement.pointer,
        reason="" if proven else "not-found",
        because=() if path.anchored else (broken_by(path),),
        severity=Severity.INFO if path.anchored else None,
    )


def _on_the_day(case: Case) -> Iterator[Answer]:
    """One answer per assessor: what it assessed outside its accreditation has one cause, however much it was."""
    dated: dict[str, list[tuple[AssessmentStatement, datetime, bool]]] = {}
    for did, attestation, _path in _accredited_attestations(case):
        for one in attestation.assessments:
            day = one.said.assessment_date
            if day is not None:
                accredited = accreditation_path(case, attestation, Timespan.of(day)).anchored
                dated.setdefault(did, []).append((one, day, accredited))
    for did, found in dated.items():
        late = [(one, day) for one, day, accredited in found if not accredited]
        detail = "The assessor was accredited when it assessed."
        if late:
            first = format_moment(late[0][1])[:10]
            detail = f"{did} was not accredited on {first}, when it assessed ({len(late)} of {len(found)} times)."
        yield Answer(
            subject=did,
            outcome=FAIL if late else PASS,
            detail=detail,
            source=late[0][0].source if late else "",
            pointer=f"{late[0][0].pointer}/assessmentDate" if late else "",
        )


def _withdrawn_since(case: Case) -> Iterator[Answer]:
    for did, attestation, _path in _accredited_attestations(case):
        if not accreditation_path(case, attestation, case.asked).anchored:
            yield Answer(
                subject=did,
                outcome=FAIL,
                detail=f"{did} is accredited no more; what it attested before stays.",
                severity=Severity.INFO,
            )


def _chain(case: Case) -> Iterator[Answer]:
    for did, attestations in assessors(case).items():
        paths = [accreditation_path(case, one, None) for one in attestations]
        failing = [path for path in paths if not path.anchored and _beyond_first_step(path)]
        if failing:
            path = failing[0]
            detail = f"The chain of accreditations from it up to {path.root} does not count: {path.reason.value}."
            yield Answer(subject=did, outcome=FAIL, detail=detail)
        elif all(path.anchored for path in paths):
            yield Answer(subject=did, outcome=PASS, detail=f"Its chain of accreditations ends in {paths[0].root}.")


def _not_overstated(case: Case) -> Iterator[Answer]:
    for attestations in assessors(case).values():
        for attestation in attestations:
            path = accreditation_path(case, attestation, None)
            derived = assurance(case, path)
            stated = attestation.said.assessment_level or ""
            needed = _LEVELS.get(stated)
            if needed is None:
                continue
            fits = derived in needed
            yield Answer(
                subject=attestation.source,
                outcome=PASS if fits else FAIL,
                detail="The stated level of assessment is borne out."
                if fits
                else f"It states an assessment {_LEVEL_WORDS[stated]}; {_CAN_BE_VERIFIED[derived]}.",
                pointer="" if fits else f"{attestation.pointer}/assessmentLevel",
                because=() if fits or path.anchored else (broken_by(path),),
            )


def _accredited_attestations(case: Case) -> Iterator[tuple[str, AttestationStatement, AnchorPath]]:
    """Attestations whose assessor is accredited at all; the others are PV-ACC-2's or PV-ACC-6's."""
    for did, attestations in assessors(case).items():
        for attestation in attestations:
            path = accreditation_path(case, attestation, None)
            if path.anchored:
                yield did, attestation, path


def _beyond_first_step(path: AnchorPath) -> bool:
    """Did the walk go on from the body that accredits it? Then the chain is at fault, not the accreditation."""
    return len(path.steps) > 1


def _on_the_day_and_since(case: Case) -> Iterator[Answer]:
    yield from _on_the_day(case)
    yield from _withdrawn_since(case)


def _and_of_origins(case: Case, *, id: str, answers: Callable[[Case], Iterable[Answer]]) -> Iterator[Answer]:
    """What the rule answers, and a note of whoever would show an origin and is not recognised by this rule."""
    told = set()
    for answer in answers(case):
        told |= {answer.subject} if answer.outcome is not PASS else set()
        yield answer
    origins = [one.lot for one in case.shares.ends if one.end is End.ORIGIN]
    for found in (one for lot in origins for one in vouched(case, lot)):
        rule, _, subject = found.because.partition(" ")
        if rule == id and subject not in told:
            yield Answer(subject=subject, outcome=FAIL, detail=found.detail, severity=Severity.INFO)


def _rule(id: str, asks: str, answers: Callable[[Case], Iterable[Answer]]) -> Rule:
    return Rule(id=id, asks=asks, severity=Severity.WARN, answers=partial(_and_of_origins, id=id, answers=answers))


PV_ACC_1 = Rule(id="PV-ACC-1", asks="Is the assessor another party?", severity=Severity.BLOCK, answers=_other_party)
PV_ACC_2 = _rule("PV-ACC-2", "Is the assessor accredited?", _accredited)
PV_ACC_3 = _rule("PV-ACC-3", "Does its scope cover this?", _covers)
PV_ACC_4 = Rule(id="PV-ACC-4", asks="Is a stated endorsement proven?", severity=Severity.WARN, answers=_endorsed)
PV_ACC_5 = _rule("PV-ACC-5", "Was it accredited that day?", _on_the_day_and_since)
PV_ACC_6 = _rule("PV-ACC-6", "Does the chain end in a root?", _chain)
PV_ACC_8 = Rule(id="PV-ACC-8", asks="Is the level not overstated?", severity=Severity.WARN, answers=_not_overstated)

RULES: Final = (PV_ACC_1, PV_ACC_2, PV_ACC_3, PV_ACC_4, PV_ACC_5, PV_ACC_6, PV_ACC_8)

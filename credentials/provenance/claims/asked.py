"""Which claims a question is about: those of the target's passports, and of its facility those about the place.

The rule: a passport that does not verify makes its claims INVALID where it failed and UNVERIFIABLE where it could not
be judged, and only while no other one speaks for the target. See docs/requirements.md D10; docs/rules.md PV-CLM-1.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from credentials.errors import MalformedInput
from credentials.identifiers.canonical_ids import given_or_canonical, lot_key
from credentials.provenance.case.case import Case
from credentials.provenance.case.criteria import topics_of
from credentials.provenance.case.matching import is_about_place
from credentials.provenance.case.whereabouts import was_made_at
from credentials.provenance.mass.blending import UNKNOWN
from credentials.provenance.report.figures import figures
from credentials.provenance.report.report import ClaimVerdict, Word
from credentials.provenance.statements.statement import ClaimStatement
from credentials.untp.kinds import PASSPORT, kind_of
from credentials.untp.passport import read_passport
from credentials.verdict import Outcome, Unusable

_NAMED: Final = 20


def claims_of_target(case: Case) -> tuple[ClaimStatement, ...]:
    """The claims the question is about, by id; those of the facility only where they are about the place."""
    wanted = case.question.claims
    return tuple(claim for claim in _claims_told(case) if wanted is None or claim.id in wanted)


def check_claims(case: Case) -> None:
    """Return if each claim that is asked for is there, or none is: then the gaps say why.

    Raises:
        MalformedInput: CLAIM_UNKNOWN, naming the claims there are.
    """
    told = sorted({claim.id for claim in _claims_told(case)} | {claim.id for claim in broken_claims(case)})
    strange = sorted((case.question.claims or frozenset()).difference(told))
    if told and strange:
        there = ", ".join(told[:_NAMED]) + (f" and {len(told) - _NAMED} more" if len(told) > _NAMED else "")
        raise MalformedInput(
            f"Nothing that was found claims {strange[0][:160]!r}. The claims there are: {there}.",
            code="CLAIM_UNKNOWN",
            pointer="/claims",
            fix="Ask for one of these, or for all of them by naming none.",
        )


def _claims_told(case: Case) -> tuple[ClaimStatement, ...]:
    passports = [one for one in case.graph.passports_of(case.target) if one.lot.covers(case.target)]
    passports = passports or list(case.graph.passports_of(case.target))
    found = [claim for passport in passports for claim in passport.claims]
    named = given_or_canonical(case.question.target)
    found += [claim for record in case.graph.facility_records(named) for claim in record.claims]
    for facility in sorted({passport.facility for passport in passports} - {""}):
        records = case.graph.facility_records(facility) if was_made_at(case, case.target, facility) else ()
        found += [claim for record in records for claim in record.claims if is_about_place(claim)]
    return tuple(sorted(found, key=lambda claim: (claim.id, claim.order)))


def broken_claims(case: Case) -> tuple[ClaimVerdict, ...]:
    """The claims of a passport of the target that does not verify, when no other one speaks for it.

    INVALID when it failed; UNVERIFIABLE when it could not be judged, because absence never refutes.
    """
    if any(one.lot.covers(case.target) for one in case.graph.passports_of(case.target)):
        return ()
    found = [verdict for unusable in case.graph.unusable for verdict in _unheard(case, unusable)]
    return tuple(sorted(found, key=lambda one: one.id))


def is_broken_target(case: Case) -> bool:
    """Is the target known only from a passport that failed?"""
    speaks = any(one.lot.covers(case.target) for one in case.graph.passports_of(case.target))
    failed = [one for one in case.graph.unusable if one.verdict.outcome is Outcome.FAILED]
    return not speaks and any(_is_about_target(case, one) for one in failed)


def _is_about_target(case: Case, unusable: Unusable) -> bool:
    document = unusable.verdict.document
    kind = kind_of(document.value) if document is not None else None
    said = read_passport(document.value) if document is not None and kind and kind.type is PASSPORT else None
    if said is None or said.id is None:
        return False
    lot = lot_key(said.id, batch=said.batch_number or "", item=said.item_number or "")
    return lot.covers(case.target) or case.target.covers(lot)


def _unheard(case: Case, unusable: Unusable) -> Iterator[ClaimVerdict]:
    document = unusable.verdict.document
    if document is None or not _is_about_target(case, unusable):
        return
    said = read_passport(document.value)
    failed = unusable.verdict.outcome is Outcome.FAILED
    for claim in said.claims if said else ():
        yield ClaimVerdict(
            id=claim.id or f"{unusable.verdict.id}#{claim.pointer}",
            type="forall",
            subject=said.id or "" if said else "",
            topic=next(iter(sorted(topics_of(claim.topics))), ""),
            verdict=Word.INVALID if failed else Word.UNVERIFIABLE,
            grade=0,
            value=UNKNOWN.rounded(),
            gaps=(),
            because=(f"PV-CRED-1 {unusable.verdict.id or unusable.source}",),
            name=claim.name or "",
            statement=figures(claim.performance),
            says=unusable.verdict.issuer or "",
            next_grade="The passport that makes the claim does not verify."
            if failed
            else "The passport that makes the claim could not be judged yet.",
        )

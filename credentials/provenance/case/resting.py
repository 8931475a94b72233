"""On whose word it rests that an assessment reaches a claim, beside claimant, assessor and who accredits it.

The rule: a certificate of a place passes to a lot by the word of the place's record and of who made the lot there, one
of a company by that company's own word that it made the lot, and a licensed number is the claimant's by the word of a
register, or of an assessor and who accredits it. Whoever of these is not keyed may be whoever supplied the evidence,
and then nothing passes (PV-ID-10).
See credentials.provenance.case.keyed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from credentials.provenance.case.case import Case
from credentials.provenance.case.keyed import is_signed_by_its_issuer
from credentials.provenance.case.matching import Match, Object, passport_of
from credentials.provenance.case.memoize import memoize_per_case
from credentials.provenance.case.parties import same_party
from credentials.provenance.statements.authority import is_own
from credentials.provenance.statements.statement import ClaimStatement, Statement


@memoize_per_case
def unkeyed_word(case: Case, match: Match) -> str:
    """Whose word the assessment reaches the claim by, and is not keyed; "" where there is no such party."""
    ways = (_licences(case, match.claim), _each(_of_place(case, match)), _each(_of_company(case, match)))
    unkeyed = ([_unkeyed(case, together) for together in way] for way in ways)
    return next((each[0] for each in unkeyed if each and all(each)), "")


def _each(said: Iterable[Statement]) -> Iterator[tuple[Statement, ...]]:
    """Each of them enough alone."""
    return ((one,) for one in said)


def _unkeyed(case: Case, together: Iterable[Statement]) -> str:
    """The first issuer whose key is not known to be its own."""
    return next((one.issuer for one in together if not is_signed_by_its_issuer(case, one.credential)), "")


def _of_place(case: Case, match: Match) -> tuple[Statement, ...]:
    """The records of the place that its certificate is inherited from."""
    if match.object is not Object.INHERITED_FACILITY:
        return ()
    passport = passport_of(case, match.claim)
    return case.graph.facility_records(passport.facility) if passport is not None else ()


def _of_company(case: Case, match: Match) -> tuple[Statement, ...]:
    """Where a certificate is another company's: what that company tells of having made the lot."""
    to, claim = match.attestation.issued_to, match.claim
    if not to or claim.lot is None or same_party(case, to, claim.issuer):
        return ()
    made = case.graph.makers_of(claim.lot)
    return tuple(event for event in made if case.counts(event) and same_party(case, event.issuer, to))


def _licences(case: Case, claim: ClaimStatement) -> tuple[tuple[Statement, ...], ...]:
    """By what a number that is not the claimant's by its form is the claimant's, each of these enough."""
    if claim.lot is None or is_own(claim.issuer, claim.lot.id) or claim.issuer in case.trust.holders_of(claim.lot.id):
        return ()
    return case.graph.grants(claim.issuer, claim.lot.id)


def licensing(case: Case) -> Iterator[Statement]:
    """What licenses the numbers of the chain."""
    for passport in case.passports:
        for claim in passport.claims:
            yield from (one for together in _licences(case, claim) for one in together)

"""Grades 0 to 5 of a claim, and the one sentence why the next one was not reached.

The rule: the grade is the highest whose conditions all hold, of the worst of what the claim says. Grade 5 also needs
the custody of the claimed property (PV-COC), which no rule here examines yet: so 5 is never given.
See docs/requirements.md T12 and T22.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from credentials.evidence import Need, NeedKind
from credentials.provenance.case.addressed import linked
from credentials.provenance.case.atoms import RULE_OF, Atom, assessed_of, atoms_of
from credentials.provenance.case.case import Case
from credentials.provenance.case.memoize import memoize_per_case
from credentials.provenance.claims.support import Shortfall, Support, short, supports
from credentials.provenance.graph.successors import words_beside
from credentials.provenance.report.report import ClaimPart
from credentials.provenance.rules.clashing import Clash, clashes
from credentials.provenance.statements.statement import ClaimStatement
from credentials.trust.standing import Standing, acceptable, standing, status


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """One atom of a claim: the best grade at which it is borne out (1: by nobody else), and by what."""

    atom: Atom
    grade: int
    by: tuple[str, ...]
    attested: str = ""

    @property
    def told(self) -> ClaimPart:
        """The same for the report."""
        atom = self.atom
        return ClaimPart(
            kind=atom.kind,
            id=atom.id,
            statement=atom.says,
            grade=self.grade,
            attested_by=self.by,
            attested=self.attested,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """The grade of one claim: the attestations that carry it or contradict it, and what is missing for the next.

    ``against`` contradict it, or each other where they ``clash``; ``refuted``: one of them says that it is not so, and
    not only that less was found.
    """

    grade: int
    carried_by: tuple[Support, ...]
    against: tuple[Support, ...]
    shortfalls: tuple[Shortfall, ...]
    next_grade: str
    atoms: tuple[Carried, ...] = ()
    clash: bool = False

    @property
    def borne_out(self) -> int:
        """The grade at which the worst atom is borne out, what contradicts the claim left out."""
        return _worst(self.atoms)

    @property
    def refuted(self) -> bool:
        """Does a recognised attestation say that it is not so?"""
        return any(one.grade == 0 for one in self.against)

    @property
    def is_broken(self) -> bool:
        """Does the credential that makes the claim no longer stand?"""
        return self.grade == 0 and not self.against

    @property
    def because(self) -> tuple[str, ...]:
        """Root causes that keep the grade down, as "RULE subject"."""
        return tuple(sorted({one.cause for one in self.shortfalls}))


@memoize_per_case
def grade_of(case: Case, claim: ClaimStatement) -> Grade:
    """The grade of ``claim`` from everything in hand."""
    broken = _carrier(case, claim)
    if broken is not None:
        return Grade(grade=0, carried_by=(), against=(), shortfalls=(broken,), next_grade=broken.detail)
    clashing = clashes(case, claim)
    found = tuple(_after_clash(one, clashing) for one in supports(case, claim))
    atoms = _carried(claim, found)
    best = _worst(atoms)
    carried_by = tuple(one for one in found if one.grade >= best and one.atoms) if best >= 3 else ()
    against = tuple(one for one in found if one.grade == 0 or (one.falls_short and best < 4) or _is_in(one, clashing))
    shortfalls = (*_riding(claim, found), *_of(found))
    if against:
        why = "Recognised attestations contradict each other." if clashing else _CONTRADICTED
        return Grade(
            grade=0,
            carried_by=carried_by,
            against=against,
            shortfalls=shortfalls,
            next_grade=why,
            atoms=atoms,
            clash=bool(clashing),
        )
    if best == 4:
        return Grade(
            grade=4, carried_by=carried_by, against=(), shortfalls=(), next_grade=_WITHOUT_CUSTODY, atoms=atoms
        )
    if best == 3:
        lacking = _of(carried_by)
        return Grade(
            grade=3, carried_by=carried_by, against=(), shortfalls=lacking, next_grade=lacking[0].detail, atoms=atoms
        )
    shortfalls = shortfalls or tuple(_differing(case, claim))
    grade, why = 1, shortfalls[0].detail if shortfalls else _why_alone(claim)
    if _documented(case, claim):
        grade, why = 2, "The evidence is a document, not an attestation by another party."
    return Grade(grade=grade, carried_by=(), against=(), shortfalls=shortfalls, next_grade=why, atoms=atoms)


def _is_in(one: Support, clashing: Sequence[Clash]) -> bool:
    return any(one.match in (clash.one, clash.other) for clash in clashing)


def _after_clash(one: Support, clashing: Sequence[Clash]) -> Support:
    """The same, with the clash that it is in as what it falls short by."""
    told = next((clash.detail for clash in clashing if one.match in (clash.one, clash.other)), None)
    return one if told is None else replace(one, shortfall=short(f"PV-CLM-5 {one.match.claim.id}", one.match, told))


_CONTRADICTED = "A recognised attestation contradicts the claim."
_WITHOUT_CUSTODY = "Grade 5 also needs proof of custody of the claimed property, which is not examined yet."


def _worst(atoms: Sequence[Carried]) -> int:
    """The grade of a claim: that of what is borne out worst; nothing rides on the rest."""
    return min((one.grade for one in atoms), default=1)


def _carried(claim: ClaimStatement, found: Sequence[Support]) -> tuple[Carried, ...]:
    """Each atom of the claim with what bears it out."""
    return tuple(_carried_atom(atom, [one for one in found if atom in one.atoms]) for atom in atoms_of(claim.said))


def _carried_atom(atom: Atom, found: Sequence[Support]) -> Carried:
    best = max((one.grade for one in found), default=1)
    carrying = [one for one in found if one.grade == best]
    stated = dict.fromkeys(told for one in carrying if (told := assessed_of(atom, one.match.assessment.said)))
    by = tuple(sorted({one.source for one in carrying}))
    return Carried(atom=atom, grade=best, by=by, attested="; ".join(stated))


def _unsupported(claim: ClaimStatement, found: Sequence[Support]) -> tuple[Atom, ...]:
    """What the claim says that none of ``found`` bears out: none of it rides on the rest."""
    said = frozenset[Atom]().union(*(one.atoms for one in found))
    return tuple(one for one in atoms_of(claim.said) if one not in said)


def _riding(claim: ClaimStatement, found: Sequence[Support]) -> Iterator[Shortfall]:
    """What of the claim rides on attestations that support the rest of it."""
    carrying = [one for one in found if one.grade >= 3]
    for atom in _unsupported(claim, carrying) if carrying else ():
        yield Shortfall(
            cause=f"{RULE_OF[atom.kind]} {claim.id}",
            gap_class="",
            subject=claim.source,
            ask=claim.issuer,
            detail=f"Nobody who counts bore out the {atom.kind} it names: {atom.says}.",
        )


def _of(found: Sequence[Support]) -> tuple[Shortfall, ...]:
    """What is missing, of those by a criterion of the claim where there are any: the others are about other matters."""
    nearer = [one for one in found if one.match.criterion] or found
    return tuple(one.shortfall for one in nearer if one.shortfall is not None)


def _carrier(case: Case, claim: ClaimStatement) -> Shortfall | None:
    """What is wrong with the credential that makes the claim; one upstream is read as it stood, so expiry is none."""
    is_asked_about = claim.lot is not None and claim.lot.covers(case.target)
    found = standing(claim.credential, case.asked) if is_asked_about else status(claim.credential)
    if acceptable(found, case.policy):
        return None
    rule, gap_class, words = _STANDINGS[found]
    return Shortfall(
        cause=f"{rule} {claim.source}",
        gap_class=gap_class,
        subject=claim.source,
        ask=claim.issuer,
        detail=f"The credential that makes the claim {words}.",
    )


_STANDINGS: Final = {
    Standing.REVOKED: ("PV-CRED-3", "revoked", "has been revoked"),
    Standing.SUSPENDED: ("PV-CRED-3", "revoked", "is suspended"),
    Standing.UNKNOWN: ("PV-CRED-3", "stale", "may have been revoked: its status could not be read"),
    Standing.EXPIRED: ("PV-CRED-4", "expired", "has expired"),
    Standing.NOT_YET: ("PV-CRED-4", "expired", "is not valid yet"),
}


def _documented(case: Case, claim: ClaimStatement) -> bool:
    """Is one evidence link's document in hand, and no credential (grade 2)? Its digest is PV-CRED-5's question."""
    urls = [link.url for link in claim.said.evidence if link.url and linked(case, link) is None]
    return any(case.evidence.found(Need(NeedKind.FILE, url)) is not None for url in urls)


def _differing(case: Case, claim: ClaimStatement) -> Iterator[Shortfall]:
    """Evidence whose issuer signed other documents under its id, so that nobody knows what it attests."""
    for credential in filter(None, (linked(case, link) for link in claim.said.evidence)):
        if words_beside(case.graph, credential):
            yield Shortfall(
                cause=f"PV-MRG-6 {credential.id}",
                gap_class="",
                subject=credential.id,
                ask=credential.issuer,
                detail=f"Its issuer signed documents that differ under the id of its evidence {credential.id}.",
            )


def _why_alone(claim: ClaimStatement) -> str:
    if claim.said.evidence:
        return f"Its evidence {claim.said.evidence[0].url} is not in hand."
    return "It is self-declared: it names no evidence and nobody attests it."

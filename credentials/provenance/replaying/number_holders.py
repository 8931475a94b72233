"""Whose an identifier is, for whoever replays a derivation: by its form, by the reader's trust list, or by a document.

The rule: an address is its host's. A GS1 key, or an identifier of a register, is whom a register gives it to, or an
assessor that says it checked that; both have to be on the reader's trust list, or be accredited by who is.
Specification: UNTP 0.7.0, Digital Identity Anchor and Digital Conformity Credential (idVerifiedByCAB).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from credentials.identifiers.canonical_ids import given_or_canonical, lot_key
from credentials.identifiers.hosts import domain_of
from credentials.provenance.statements.authority import is_own
from credentials.provenance.statements.statement import AnchorStatement, AttestationStatement
from credentials.trust.trust_lists import TrustList, TrustRole

ROOTS: Final = frozenset({TrustRole.ACCREDITATION, TrustRole.SCHEME_OWNER})
_REGISTRARS: Final = frozenset({TrustRole.REGISTRAR, TrustRole.REGULATOR})
_OF_THINGS: Final = frozenset({"product", "facility", "land"})


class NumberHolders:
    """Who holds which identifier; without a ``trust`` list every register and assessor is believed, which is told."""

    def __init__(self, trust: TrustList | None) -> None:
        self._trust = trust
        self._anchors: list[AnchorStatement] = []
        self._attestations: list[AttestationStatement] = []

    def add(self, statement: object) -> None:
        """A document in hand says so."""
        if isinstance(statement, AnchorStatement):
            self._anchors.append(statement)
        elif isinstance(statement, AttestationStatement):
            self._attestations.append(statement)

    def controls(self, did: str, id: str) -> bool:
        """Does the canonical ``id`` belong to ``did``?"""
        if is_own(did, id) or (self._trust is not None and did in self._trust.holders_of(id)):
            return True
        return any(self._registers(one, did, id) for one in self._anchors) or any(
            self._verified(one, did, id) for one in self._attestations
        )

    def are_grounds(self, told: Sequence[object], did: str, id: str) -> bool:
        """Do these statements, and no other ones beside, give the identifier to ``did``; of none, the trust list?"""
        if not told:
            return self._trust is not None and did in self._trust.holders_of(id)
        first, *vouching = told
        if isinstance(first, AnchorStatement):
            return not vouching and self._registers(first, did, id)
        accredited = all(isinstance(one, AnchorStatement) and one.subject == _assessor_of(first) for one in vouching)
        return isinstance(first, AttestationStatement) and accredited and self._verified(first, did, id)

    def are_apart(self, one: str, other: str) -> bool:
        """Are they two parties? On one host only where listed registers know both by different numbers."""
        if one == other or not domain_of(one) or domain_of(one) != domain_of(other):
            return one != other
        mine, theirs = self._numbers(one), self._numbers(other)
        return bool(mine) and bool(theirs) and mine.isdisjoint(theirs)

    def _numbers(self, did: str) -> frozenset[str]:
        return frozenset(
            one.said.registered_id
            for one in self._anchors
            if one.subject == did
            and one.said.registered_id
            and one.said.register_type == "business"
            and self.is_listed(one.issuer, _REGISTRARS)
        )

    def is_listed(self, did: str, roles: frozenset[TrustRole]) -> bool:
        """Does the trust list name ``did`` in one of these roles?"""
        return self._trust is None or any(one.did == did and one.roles & roles for one in self._trust.entries)

    def _registers(self, anchor: AnchorStatement, did: str, id: str) -> bool:
        things = [text for text in (anchor.said.registered_id, *anchor.said.scopes) if text]
        return (
            anchor.subject == did
            and anchor.said.register_type in _OF_THINGS
            and any(id in (given_or_canonical(text), lot_key(text).id) for text in things)
            and self.is_listed(anchor.issuer, _REGISTRARS)
        )

    def _verified(self, attestation: AttestationStatement, did: str, id: str) -> bool:
        checked = (text for one in attestation.assessments for text in one.said.verified_ids)
        return (
            attestation.issued_to == did != attestation.issuer
            and any(id in (given_or_canonical(text), lot_key(text).id) for text in checked)
            and self._assesses(attestation.issuer)
        )

    def _assesses(self, did: str) -> bool:
        """Is it on the list, or accredited by who is?"""
        return self.is_listed(did, ROOTS) or any(
            one.subject == did and one.said.register_type == "accreditation" and self.is_listed(one.issuer, ROOTS)
            for one in self._anchors
        )


def _assessor_of(told: object) -> str:
    """Who says it; "" for what is no statement."""
    return told.issuer if isinstance(told, AttestationStatement) else ""

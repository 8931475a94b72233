"""Registers: what registers on the trust list say of who is one company, and whose number an identifier is.

The rule: only the anchor of a listed register counts, for what it is listed for, and only while it stands. It licenses
a GS1 key to its member, or names its member for an identifier in the register's own name space.
Specification: UNTP 0.7.0, Digital Identity Anchor (registerType, registrationScope); docs/rules.md PV-ID-3.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from credentials.encoding.timespan import Timespan
from credentials.identifiers.canonical_ids import given_or_canonical, lot_key
from credentials.identifiers.hosts import is_below
from credentials.provenance.statements.authority import is_licensed_number
from credentials.provenance.statements.statement import AnchorStatement
from credentials.trust.standing import Standing, status
from credentials.trust.trust_lists import TrustList, TrustRole

REGISTRARS: Final = frozenset({TrustRole.REGISTRAR, TrustRole.REGULATOR})
#: Registers that say who a party is, and those that say whose a thing is.
IDENTITY: Final = frozenset({"business", "facility", "land", "trademark", "product"})
_OF_THINGS: Final = frozenset({"product", "facility", "land"})


@dataclass(frozen=True, slots=True)
class Registers:
    """The trust list at a moment, or within a time."""

    trust: TrustList
    when: Timespan

    def believes(self, anchor: AnchorStatement) -> bool:
        """Is the anchor's issuer listed as registrar for its scheme and register type (PV-ID-3)?"""
        entries = self.trust.entries_for(
            anchor.issuer,
            roles=REGISTRARS,
            when=self.when,
            scheme=scheme_of(anchor),
            register_type=anchor.said.register_type or "",
        )
        return bool(entries)

    def numbers(self, anchors: Iterable[AnchorStatement]) -> frozenset[tuple[str, str]]:
        """The (scheme, registered id) pairs that listed registers give the subject of ``anchors``."""
        return frozenset(
            (scheme_of(one), one.said.registered_id)
            for one in anchors
            if one.said.registered_id is not None
            and scheme_of(one)
            and one.said.register_type in IDENTITY
            and self._stands(one)
        )

    def keeps(self, id: str) -> bool:
        """Is the canonical ``id`` in the name space of a listed register?"""
        registrars = (entry.did for entry in self.trust.entries if entry.roles & REGISTRARS)
        return any(
            is_below(did, id) for did in registrars if self.trust.entries_for(did, roles=REGISTRARS, when=self.when)
        )

    def license(self, anchors: Iterable[AnchorStatement], id: str) -> bool:
        """Does one of ``anchors`` give the canonical ``id`` to its subject?"""
        return any(
            one.said.register_type in _OF_THINGS
            and (is_licensed_number(id) or is_below(one.issuer, id))
            and any(id in (given_or_canonical(text), lot_key(text).id) for text in _things(one))
            and self._stands(one)
            for one in anchors
        )

    def _stands(self, anchor: AnchorStatement) -> bool:
        return status(anchor.credential) is Standing.VALID and self.believes(anchor)


def scheme_of(anchor: AnchorStatement) -> str:
    """The canonical id of the scheme that an anchor's registered id belongs to; "" when not stated."""
    scheme = anchor.said.id_scheme
    return given_or_canonical(scheme.id) if scheme is not None and scheme.id else ""


def _things(anchor: AnchorStatement) -> tuple[str, ...]:
    return tuple(text for text in (anchor.said.registered_id, *anchor.said.scopes) if text)

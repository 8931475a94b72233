"""Who has a say about what: the one table that decides which statements count (PV-MRG-3).

The rule: a statement is used only for what its author may speak about. Everything else is hearsay: it is kept and
noted and never counted, also where nobody with a say has spoken; then there is a gap. A say is asked for one matter
at a time, so one event may count for one of its lots and not for another.
See docs/requirements.md T21; docs/decisions/0024-who-has-a-say.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol, TypeAlias

from credentials.identifiers.canonical_ids import GS1_ROOT, given_or_canonical
from credentials.identifiers.hosts import is_below
from credentials.identifiers.lots import LotKey
from credentials.provenance.statements.statement import EventStatement, FacilityStatement
from credentials.untp.values import PartyRole

OPERATING: Final = frozenset({"owner", "operator"})
#: Roles in which a passport names who made the product (UNTP 0.7.0, code list PartyRole).
MAKING: Final = frozenset({"manufacturer", "producer", "processor", "remanufacturer", "recycler"})


class SubjectMatter(StrEnum):
    """What a statement can be about."""

    PRODUCT = "a product, lot or item"
    MAKING = "what a lot was made of, how much, when"
    PLACE = "a facility"
    MADE_THERE = "that a lot was made at this place"
    SENDING = "that a lot was handed over"
    RECEIVING = "that a lot was taken in"
    USING = "that a lot was used up or scrapped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """One statement as far as a say goes: who says it (a DID), of which canonical ``id`` or ``lot``, at which place.

    ``holders`` are (party, place) pairs that hold the lot by what is counted so far; ``consignees`` are those whom the
    sender of the same shipment names.
    """

    by: str
    id: str = ""
    lot: LotKey | None = None
    place: str = ""
    holders: frozenset[tuple[str, str]] = frozenset()
    consignees: frozenset[str] = frozenset()


class Known(Protocol):
    """What the table asks of the counted statements in hand."""

    def controls(self, did: str, id: str) -> bool:
        """Does the canonical ``id`` belong to ``did``?"""

    def makers_named(self, lot: LotKey) -> frozenset[str]:
        """Whom the counted passports of the lot name as its makers."""

    def operators_of(self, facility: str) -> frozenset[str]:
        """Whom the counted records of the facility name as owner or operator."""

    def same_facility(self, one: str, other: str) -> bool:
        """Are two canonical ids one facility?"""

    def one_company(self, one: str, other: str) -> bool:
        """Are two ids one party by its registration?"""


HasSay: TypeAlias = Callable[[Known, Saying], bool]


def _controls(known: Known, said: Saying) -> bool:
    return known.controls(said.by, said.id)


def _is_named_maker(known: Known, said: Saying) -> bool:
    return said.lot is not None and _is_one_of(known, said.by, known.makers_named(said.lot))


def _holds_it_there(known: Known, said: Saying) -> bool:
    return any(
        known.one_company(said.by, party) and (not place or not said.place or known.same_facility(said.place, place))
        for party, place in said.holders
    )


def _is_consignee(known: Known, said: Saying) -> bool:
    return _is_one_of(known, said.by, said.consignees)


def _operates_it(known: Known, said: Saying) -> bool:
    return _is_one_of(known, said.by, known.operators_of(said.place))


#: For each matter who has a say: any one of these. Whoever is in no row has none.
TABLE: Final[Mapping[SubjectMatter, tuple[HasSay, ...]]] = {
    SubjectMatter.PRODUCT: (_controls,),
    SubjectMatter.MAKING: (_controls, _is_named_maker),
    SubjectMatter.PLACE: (_controls,),
    SubjectMatter.MADE_THERE: (_operates_it,),
    SubjectMatter.SENDING: (_holds_it_there,),
    SubjectMatter.RECEIVING: (_is_consignee, _operates_it, _holds_it_there),
    SubjectMatter.USING: (_holds_it_there,),
}


def has_say(known: Known, matter: SubjectMatter, said: Saying) -> bool:
    """Does what is said count?"""
    return any(row(known, said) for row in TABLE[matter])


def is_licensed_number(id: str) -> bool:
    """Is the canonical ``id`` a GS1 key? It belongs to the company it is licensed to, whatever host it is spelt on."""
    return id.startswith(f"{GS1_ROOT}/")


def is_own(did: str, id: str) -> bool:
    """Does ``id`` belong to ``did`` by its form alone: the DID itself, or an address below its host or path?"""
    if id == did or id.startswith((f"{did}#", f"{did}/", f"{did}?")):
        return True
    canonical = given_or_canonical(id)
    return not is_licensed_number(canonical) and is_below(did, canonical)


def parties_in(roles: Iterable[PartyRole], wanted: frozenset[str] | None = None) -> tuple[str, ...]:
    """Canonical ids of the parties in the ``wanted`` roles (any role when None), sorted."""
    named = {
        given_or_canonical(role.party.id)
        for role in roles
        if (wanted is None or role.role in wanted) and role.party is not None and role.party.id is not None
    }
    return tuple(sorted(named))


def operators(records: Iterable[FacilityStatement]) -> frozenset[str]:
    """Who owns or operates a facility, as its records say."""
    return frozenset(party for record in records for party in parties_in(record.said.related_parties, OPERATING))


def telling_order(event: EventStatement) -> tuple[object, ...]:
    """What tellings of one event are ranked by: the telling of the party whose id the event has goes first.

    The same event in two credentials happened once, so the others are repetitions.
    """
    return (event.id, not is_own(event.issuer, event.id), event.order)


def _is_one_of(known: Known, by: str, parties: frozenset[str]) -> bool:
    return by in parties or any(known.one_company(by, party) for party in parties)

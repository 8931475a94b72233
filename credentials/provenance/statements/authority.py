"""Who may speak about what: the party's own word before anybody else's (PV-MRG-3).

The rule: someone else's word is kept and shown, and counts only while nobody with a say has spoken. A party has a say
about an identifier on its own domain or under its own DID, and an operator about what happens at its facility. See
docs/requirements.md T21; docs/rules.md PV-ID-9.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, TypeVar

from credentials.identifiers.canonical_ids import given_or_canonical
from credentials.identifiers.hosts import is_on_domain_of
from credentials.provenance.statements.statement import EventStatement, FacilityStatement, PassportStatement
from credentials.untp.values import PartyRole

OPERATING: Final = frozenset({"owner", "operator"})
T = TypeVar("T")


def own_word(did: str, id: str) -> bool:
    """Is ``id`` on the domain of ``did``, or the DID itself or something below it?"""
    if id == did or id.startswith((f"{did}:", f"{did}#", f"{did}/", f"{did}?")):
        return True
    return is_on_domain_of(did, id)


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


def first_hand(passports: Iterable[PassportStatement]) -> tuple[PassportStatement, ...]:
    """The passports whose issuer has a say about the product; all of them when none has."""
    return _own_or_all(passports, lambda one: own_word(one.issuer, one.id))


def first_hand_events(events: Iterable[EventStatement], operating: frozenset[str]) -> tuple[EventStatement, ...]:
    """The make events told by the operator or by the owner of an output's name; all of them when none is."""
    return _own_or_all(
        events,
        lambda one: one.issuer in operating or any(own_word(one.issuer, portion.id) for portion in one.outputs),
    )


def telling_order(event: EventStatement) -> tuple[object, ...]:
    """What tellings of one event are ranked by: the telling of the party on whose domain the event's id is goes first.

    The same event in two credentials happened once, so the others are repetitions.
    """
    return (event.id, not own_word(event.issuer, event.id), event.order)


def _own_or_all(statements: Iterable[T], has_say: Callable[[T], bool]) -> tuple[T, ...]:
    everything = tuple(statements)
    return tuple(one for one in everything if has_say(one)) or everything

"""Where the lots of a case went and what became of them, told by those who have a say.

The rule: who made the chain of a lot speaks of what it did with it; besides it only who holds the lot by what its
makers and the senders after them tell. Whoever took it in by its own word alone is noted, and takes nothing away.
See docs/decisions/0024-who-has-a-say.md; docs/rules.md PV-QTY-5 and PV-EVT-5.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from credentials.identifiers.lots import LotKey
from credentials.provenance.case.case import Case
from credentials.provenance.case.memoize import memoize_per_case
from credentials.provenance.graph.filing import by_time, told_once
from credentials.provenance.graph.graph import overlap
from credentials.provenance.graph.successors import is_undisputed
from credentials.provenance.graph.transfers import Holders, Telling, Transfer, Whereabouts, whereabouts_of
from credentials.provenance.mass.balance import Balance, balance_of
from credentials.provenance.mass.ledger import Account, Overdraft, accounts, shortfall, upstream_places
from credentials.provenance.mass.quantities import exact
from credentials.provenance.mass.tellings import Words
from credentials.provenance.statements.authority import Saying, SubjectMatter, has_say
from credentials.provenance.statements.statement import EventStatement, PassportStatement, PortionStatement
from credentials.trust.policy import BOTH_SIDES


@memoize_per_case
def whereabouts(case: Case, lot: LotKey) -> Whereabouts:
    """Where ``lot`` and its parts went, and who holds or held them."""
    used = _used_in_chain(case).get(lot.id, ())
    users = {(event.issuer, event.facility) for event, portion in used if overlap(portion.lot, lot)}
    words = _words(case)
    found = whereabouts_of(case.graph, lot, frozenset(users), words.displaced(lot, "moved"))
    worst = (words.transfer(one) for one in found.transfers)
    return replace(found, transfers=tuple(one for one in worst if one is not None))


@memoize_per_case
def _words(case: Case) -> Words:
    return Words(case.graph)


def transfers_of_lot(case: Case, lot: LotKey) -> tuple[Transfer, ...]:
    """Every transfer of ``lot`` or a part of it that counts, by time."""
    return whereabouts(case, lot).transfers


@memoize_per_case
def uses_of_lot(case: Case, lot: LotKey) -> tuple[Telling, ...]:
    """Make inputs taken from ``lot`` or a part of it, by time: those of the chain, and those of who holds it there."""
    chain = {id(event) for event, _ in _used_in_chain(case).get(lot.id, ())}
    words = _words(case)
    told = (*case.graph.uses_of(lot), *words.displaced(lot, "inputs"))
    if not all(id(event) in chain for event, _ in told):
        holders = whereabouts(case, lot).holders
        told = tuple(one for one in told if id(one[0]) in chain or _holds(case, one[0], holders))
    return tuple(words.at_most(one) for one in told_once(told))


@memoize_per_case
def modifications_of_lot(case: Case, lot: LotKey) -> tuple[Telling, ...]:
    """Modify events of ``lot`` or a part of it by who holds it there, by time."""
    words = _words(case)
    told = (*case.graph.modifications_of(lot), *words.displaced(lot, "modified"))
    holders = whereabouts(case, lot).holders if told else frozenset()
    return tuple(words.at_most(one) for one in told_once(one for one in told if _holds(case, one[0], holders)))


def balance_of_lot(case: Case, lot: LotKey) -> Balance | None:
    """What was made of ``lot``, left and was used up; None where no make event that counts states it."""
    chain = {id(event) for event, _ in _used_in_chain(case).get(lot.id, ())}
    told = (*uses_of_lot(case, lot), *modifications_of_lot(case, lot))
    used = [pair for pair in told if id(pair[0]) in chain]
    elsewhere = [pair for pair in told if id(pair[0]) not in chain]
    transfers = transfers_of_lot(case, lot)
    return balance_of(case.graph, lot, case.counts, transfers=transfers, used=used, elsewhere=elsewhere)


@memoize_per_case
def shortfalls_of_lot(case: Case, lot: LotKey) -> tuple[tuple[Account, Overdraft], ...]:
    """Each place on the way of ``lot`` to us that gave away more of it than came, beyond the policy's tolerance.

    Where the policy asks for the word of both sides, a place whose own records do not contradict each other is
    measured by that.
    """
    users = {event.facility for event, portion in _used_in_chain(case).get(lot.id, ()) if overlap(portion.lot, lot)}
    is_strict = case.policy.transfers == BOTH_SIDES
    if not users or (lot.is_item and not is_strict):
        return ()
    moves = [one for one in transfers_of_lot(case, lot) if case.counts(one.event)]
    wider = transfers_of_lot(case, LotKey(lot.id)) if not lot.is_class else ()
    coming = [one for one in wider if one.lot.covers(lot) and one.lot != lot and case.counts(one.event)]
    spent = [pair for pair in (*uses_of_lot(case, lot), *modifications_of_lot(case, lot)) if case.counts(pair[0])]
    places = upstream_places(moves, users)
    told = partial(accounts, case.graph, transfers=[*moves, *coming], spent=spent, places=places)
    found = _short(case, () if lot.is_item else told())
    if not is_strict:
        return found
    denied = {account.place: worst.surplus for account, worst in found if account.own}
    more = [
        pair
        for pair in _short(case, told(by_both=True))
        if pair[1].scale is None or pair[1].surplus > denied.get(pair[0].place, 0)
    ]
    return (*(pair for pair in found if pair[0].own), *more)


def _short(case: Case, found: Iterable[Account]) -> tuple[tuple[Account, Overdraft], ...]:
    short = [(account, worst) for account in found if (worst := shortfall(case.graph, account)) is not None]
    allowed = exact(case.policy.tolerance)
    return tuple(pair for pair in short if pair[1].scale is None or pair[1].surplus > pair[1].came * allowed)


def taken_by_chain(case: Case, lot: LotKey) -> tuple[PortionStatement, ...]:
    """What the makings of the case took of ``lot``."""
    used = _used_in_chain(case).get(lot.id, ())
    return tuple(portion for _, portion in used if lot.covers(portion.lot))


@memoize_per_case
def events_of_chain(case: Case) -> tuple[EventStatement, ...]:
    """Every event that tells of a lot of the case and counts, by time."""
    found = {id(event): event for event in case.made_by}
    for lot in case.lots:
        told = [*uses_of_lot(case, lot), *modifications_of_lot(case, lot)]
        told += [pair for one in transfers_of_lot(case, lot) if is_of_chain(case, one) for pair in one.told_by_both]
        found |= {id(event): event for event, _ in told}
    return tuple(sorted(found.values(), key=by_time))


def is_of_chain(case: Case, transfer: Transfer) -> bool:
    """Did who holds the lot send it, or did it come to where the chain made something of it or to where it was made?"""
    if transfer.sent:
        return True
    places = {event.facility for event, _ in _used_in_chain(case).get(transfer.lot.id, ())}
    places |= {event.facility for event in case.graph.makers_of(transfer.lot)}
    return any(case.graph.same_facility(transfer.destination, place) for place in places)


@memoize_per_case
def was_made_at(case: Case, lot: LotKey, facility: str) -> bool:
    """Do the place and who tells of the making name each other? One side alone lends the lot nothing of the place."""
    events = [event for event in case.graph.makers_of(lot) if case.counts(event)]
    told: list[EventStatement | PassportStatement] = [*events, *case.graph.passports_of(lot)]
    return any(
        one.facility
        and case.graph.same_facility(one.facility, facility)
        and is_undisputed(
            case.graph, one, "madeAtFacility" if isinstance(one, EventStatement) else "producedAtFacility"
        )
        and has_say(case.graph, SubjectMatter.MADE_THERE, Saying(by=one.issuer, place=facility))
        for one in told
    )


def retellings(case: Case, event: EventStatement) -> tuple[EventStatement, ...]:
    """What others tell of a make event of the chain, hearsay included."""
    return tuple(one for one in case.graph.tellings_of(event) if one is not event)


@memoize_per_case
def _used_in_chain(case: Case) -> dict[str, list[Telling]]:
    """What the makings of the case took in, by the canonical id of the lot."""
    found: dict[str, list[Telling]] = {}
    for event in case.made_by:
        for portion in event.inputs:
            found.setdefault(portion.named.id, []).append((event, portion))
    return found


def _holds(case: Case, event: EventStatement, holders: Holders) -> bool:
    return has_say(case.graph, SubjectMatter.USING, Saying(by=event.issuer, place=event.facility, holders=holders))

"""PV-EVT: can what is told have happened, in this order, at these places, in this time?

The rule: a record that is missing is unknown, a record that contradicts another fails. Lots can be divided and be at
several places; a serialised item is at one place and is used up once.
See docs/rules.md PV-EVT; docs/requirements.md D2 and D14.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from credentials.encoding.moments import format_moment
from credentials.encoding.timespan import Timespan
from credentials.identifiers.lots import LotKey
from credentials.provenance.case.case import Case
from credentials.provenance.case.memoize import memoize_per_case
from credentials.provenance.case.times import making_of
from credentials.provenance.case.whereabouts import modifications_of_lot, transfers_of_lot, uses_of_lot
from credentials.provenance.graph.places import distance_km, point_of
from credentials.provenance.graph.transfers import Transfer, origins_of
from credentials.provenance.mass.balance import TERMINAL
from credentials.provenance.rules.rule import Answer, Rule, RuleOutcome, Severity, about
from credentials.provenance.statements.statement import EventStatement, PassportStatement, PortionStatement

PASS, FAIL, UNKNOWN = RuleOutcome.PASS, RuleOutcome.FAIL, RuleOutcome.UNKNOWN


# ---- PV-EVT-1: in time


def _in_order(case: Case) -> Iterator[Answer]:
    for event in case.made_by:
        for portion in event.inputs:
            yield _available(case, event, portion)
    for lot in case.lots:
        for transfer in transfers_of_lot(case, lot):
            yield from _made_before_sent(case, transfer)
    for passport in case.passports:
        yield from _produced(case, passport)


def _available(case: Case, event: EventStatement, portion: PortionStatement) -> Answer:
    """An input exists before it is used, and is not made of what is made of it."""
    later = _made_later(case, event, portion.lot)
    if later is not None:
        detail = f"It uses {portion.id} on {_day(event.at)}, which was made only on {_day(later.at)}."
        return about(event, FAIL, detail, portion.pointer, because=(later.source,))
    if _descends(case, portion.lot, event):
        root = _first_of_loop(case)[case.loops[portion.lot]]
        because = (f"PV-EVT-1 {root}",) if root != event.id else ()
        detail = f"It uses {portion.id}, which is made of its own output."
        return about(event, FAIL, detail, portion.pointer, because=because)
    return about(event, PASS, "The input existed before it was used.", portion.pointer)


def _made_later(case: Case, event: EventStatement, lot: LotKey) -> EventStatement | None:
    """The first making of ``lot``, if all of it was certainly made after ``event``."""
    makers = [] if lot.is_class else [one for one in case.graph.makers_of(lot) if one is not event]
    later = [one for one in makers if _certainly_before(event.at, one.at)]
    return later[0] if makers and len(later) == len(makers) else None


def _descends(case: Case, lot: LotKey, event: EventStatement) -> bool:
    """Is an output of ``event`` among everything ``lot`` was made of?"""
    loop = case.loops.get(lot)
    return loop is not None and any(case.loops.get(portion.lot) == loop for portion in event.outputs)


@memoize_per_case
def _first_of_loop(case: Case) -> dict[int, str]:
    """The event that is at fault for each loop: one that uses what was made later, else the first by its id."""
    found: dict[int, list[tuple[bool, str]]] = {}
    for event in case.made_by:
        for portion in event.inputs:
            if _descends(case, portion.lot, event):
                is_fine = _made_later(case, event, portion.lot) is None
                found.setdefault(case.loops[portion.lot], []).append((is_fine, event.id))
    return {loop: min(events)[1] for loop, events in found.items()}


def _made_before_sent(case: Case, transfer: Transfer) -> Iterator[Answer]:
    """What is sent was made before, as far as anybody says when it was made."""
    making = making_of(case, transfer.lot)
    for event, portion in transfer.sent:
        if making is not None and event.at is not None and Timespan.of(event.at).certainly_before(making):
            detail = f"It moves {portion.id} on {_day(event.at)}, which was made only on {_day(making.latest)}."
            yield about(event, FAIL, detail, portion.pointer)


def _produced(case: Case, passport: PassportStatement) -> Iterator[Answer]:
    """Not before its make event."""
    produced = passport.said.production_date
    made = [event.at for event in case.graph.makers_of(passport.lot) if event.at is not None and case.counts(event)]
    if produced is None or not made:
        return
    early = _certainly_before(produced, min(made))
    arrivals = _arrivals(case, passport.lot)
    late = bool(arrivals) and _certainly_before(produced, min(arrivals))
    waited = f" and before its inputs came ({_day(min(arrivals))})" if late else ""
    detail = f"The production date {_day(produced)} lies before its make event ({_day(min(made))}){waited}."
    pointer = f"{passport.pointer}/productionDate"
    if early:
        yield about(passport, FAIL, detail, pointer)
    else:
        yield about(passport, PASS, "The production date is not before its make event.", pointer)


def _arrivals(case: Case, lot: LotKey) -> list[datetime]:
    """When the inputs of a lot can have been at the place where it was made, at the earliest."""
    return [
        transfer.earliest
        for event in case.graph.makers_of(lot)
        for portion in event.inputs
        for transfer in transfers_of_lot(case, portion.lot)
        if transfer.destination == event.facility and transfer.earliest is not None
    ]


# ---- PV-EVT-2: at the place


def _continuous(case: Case) -> Iterator[Answer]:
    for lot in case.lots:
        transfers = transfers_of_lot(case, lot)
        for event, portion in uses_of_lot(case, lot):
            yield _was_there(case, event, portion, event.facility, transfers)
        for event, portion in modifications_of_lot(case, lot):
            yield _was_there(case, event, portion, event.facility, transfers)
        for transfer in transfers:
            if transfer.sent:
                event, portion = transfer.sent[0]
                yield _was_there(case, event, portion, transfer.origin, transfers)


def _was_there(
    case: Case, event: EventStatement, portion: PortionStatement, place: str, transfers: tuple[Transfer, ...]
) -> Answer:
    """Made there, or moved there before."""
    origins = origins_of(case.graph, portion.lot)
    at_home = any(case.graph.same_facility(place, origin) for origin in origins)
    came = [one for one in transfers if case.graph.same_facility(one.destination, place) and one.event is not event]
    before = [one for one in came if _not_certainly_after(one.earliest, event.at)]
    last = _last_before(transfers, event) if portion.lot.is_item else None
    perhaps = [one for one in before if not _certainly_before(one.earliest, event.at)]
    if last is not None and not perhaps and not case.graph.same_facility(last.destination, place):
        detail = f"{portion.id} was last moved to {last.destination}; nothing shows how it came to {place}."
        return about(event, UNKNOWN, detail, portion.pointer, reason="not-found", because=(last.event.source,))
    if at_home or before:
        return about(event, PASS, "The goods were made there or had been moved there.", portion.pointer)
    if came:
        detail = f"{portion.id} came to {place} only on {_day(came[0].earliest)}, after this."
        unmade = _made_later(case, event, portion.lot) is not None
        because = (f"PV-EVT-1 {event.id}",) if unmade else (came[0].event.source,)
        return about(event, FAIL, detail, portion.pointer, because=because)
    detail = f"Nothing shows how {portion.id} came to {place or 'a place that is not named'}."
    nothing_known = not origins and not came
    return about(
        event,
        UNKNOWN,
        detail,
        portion.pointer,
        reason="not-found",
        because=(f"PV-GAP-1 {portion.id}",) if nothing_known else (),
        severity=Severity.INFO if nothing_known else None,
    )


def _last_before(transfers: tuple[Transfer, ...], event: EventStatement) -> Transfer | None:
    """The last time it was sent before ``event``: where somebody says it came without a sender moves nothing."""
    told = [one for one in transfers if one.sent and one.event is not event]
    earlier = [one for one in told if _certainly_before(one.earliest, event.at)]
    return max(earlier, key=lambda one: (str(one.earliest), one.event.id), default=None)


# ---- PV-EVT-3: in the time there was


def _plausible(case: Case) -> Iterator[Answer]:
    for lot in case.lots:
        transfers = transfers_of_lot(case, lot)
        for transfer in transfers:
            arrival = transfer.arrived or _seen_there(case, lot, transfer, transfers)
            if transfer.departed is not None and arrival is not None:
                yield _transit(case, transfer, transfer.departed, arrival)


def _transit(case: Case, transfer: Transfer, departed: datetime, arrival: datetime) -> Answer:
    event = transfer.event
    origin, destination = (
        point_of(case.records_of(transfer.origin)),
        point_of(case.records_of(transfer.destination)),
    )
    pointer = f"{event.pointer}/eventDate"
    records = (*case.records_of(transfer.origin), *case.records_of(transfer.destination))
    if _certainly_before(arrival, departed):
        return about(event, FAIL, f"It arrives on {_day(arrival)}, before it leaves on {_day(departed)}.", pointer)
    if origin is None or destination is None:
        detail = "Without the coordinates of both facilities the time on the way cannot be judged."
        return about(event, UNKNOWN, detail, pointer, reason="not-found", severity=Severity.INFO)
    kilometres = distance_km(origin, destination)
    needed = timedelta(hours=kilometres / case.policy.speed_km_h)
    if needed <= Timespan.of(departed).longest_until(Timespan.of(arrival)):
        return about(event, PASS, "There was time enough on the way.", pointer)
    detail = (
        f"It leaves on {_day(departed)} and is {kilometres:.0f} km away by {_day(arrival)}; at "
        f"{case.policy.speed_km_h:g} km/h that takes {needed.total_seconds() / 3600:.0f} hours."
    )
    return about(event, FAIL, detail, pointer, because=tuple(sorted({one.source for one in records})))


def _seen_there(case: Case, lot: LotKey, transfer: Transfer, transfers: tuple[Transfer, ...]) -> datetime | None:
    """The first trace of the lot at the destination; only if nothing else of the lot can have come there before."""
    departed = transfer.departed
    same_way = [one for one in transfers if one.destination == transfer.destination]
    if departed is None or len(same_way) > 1 or transfer.destination in origins_of(case.graph, lot):
        return None
    traces = [event.at for event, _ in uses_of_lot(case, lot) if event.facility == transfer.destination]
    traces += [event.at for event, _ in modifications_of_lot(case, lot) if event.facility == transfer.destination]
    traces += [one.departed for one in transfers if one.origin == transfer.destination]
    return min((at for at in traces if at is not None), default=None)


# ---- PV-EVT-5: once


def _used_once(case: Case) -> Iterator[Answer]:
    for lot in case.lots:
        if lot.is_item:
            yield from _item_used_once(case, lot)


def _item_used_once(case: Case, lot: LotKey) -> Iterator[Answer]:
    ends = {event.id: (event, portion) for event, portion in uses_of_lot(case, lot)}
    ends |= {
        event.id: (event, portion)
        for event, portion in modifications_of_lot(case, lot)
        if portion.said.disposition in TERMINAL
    }
    if not ends:
        return
    used = sorted(ends.values(), key=lambda pair: (str(pair[0].at), pair[0].id))
    first, portion = used[0]
    moved = [
        event
        for transfer in transfers_of_lot(case, lot)
        for event, _ in transfer.sent
        if _certainly_before(first.at, event.at)
    ]
    again = [event for event, _ in used[1:]] + moved
    detail = f"The item was used up on {_day(first.at)} and appears again in {again[0].id}." if again else ""
    yield Answer(
        subject=portion.id,
        outcome=FAIL if again else PASS,
        detail=detail or "The item is used up once and does not appear again.",
        pointer=portion.pointer,
        source=first.source,
        because=tuple(sorted({event.source for event in again})),
    )


def _not_certainly_after(one: datetime | None, other: datetime | None) -> bool:
    """Are both times stated, and can the first have been before the second?"""
    return one is not None and other is not None and not _certainly_before(other, one)


def _certainly_before(one: datetime | None, other: datetime | None) -> bool:
    """Are both times stated, and the first beyond doubt before the second?"""
    return one is not None and other is not None and Timespan.of(one).certainly_before(Timespan.of(other))


def _day(at: datetime | None) -> str:
    return "a day that is not stated" if at is None else format_moment(at)[:10]


PV_EVT_1 = Rule(id="PV-EVT-1", asks="Is the order of things possible?", severity=Severity.BLOCK, answers=_in_order)
PV_EVT_2 = Rule(id="PV-EVT-2", asks="Were the goods where they were used?", severity=Severity.WARN, answers=_continuous)
PV_EVT_3 = Rule(id="PV-EVT-3", asks="Was there time for the way?", severity=Severity.WARN, answers=_plausible)
PV_EVT_5 = Rule(id="PV-EVT-5", asks="Is each item used up only once?", severity=Severity.BLOCK, answers=_used_once)

RULES: Final = (PV_EVT_1, PV_EVT_2, PV_EVT_3, PV_EVT_5)

"""PV-FAC: is each facility the one that passports, events and its own record agree on?

The rule: asked once per product and once per facility record of the chain. Whether an issuer is who it says it is
is PV-ID's question; here it only has to be the operator.
See docs/rules.md PV-FAC; docs/requirements.md D14.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from contexts.codes.bounding_boxes import may_lie_in
from credentials.encoding.timespan import Timespan
from credentials.provenance.case.case import Case
from credentials.provenance.case.parties import same_party
from credentials.provenance.graph.places import point_in
from credentials.provenance.rules.rule import Answer, Rule, RuleOutcome, Severity, about
from credentials.provenance.statements.authority import MAKING, parties_in
from credentials.provenance.statements.statement import EventStatement, FacilityStatement, PassportStatement
from credentials.trust.standing import Standing, validity
from credentials.untp.claim import Period

PASS, FAIL, UNKNOWN = RuleOutcome.PASS, RuleOutcome.FAIL, RuleOutcome.UNKNOWN


def _agreed(case: Case) -> Iterator[Answer]:
    for passport in case.passports:
        yield _same_place(case, passport)
    for facility, id, source in _named_places(case):
        found = bool(case.records_of(facility))  # an alias stands only where both have records (PV-MRG-4)
        yield Answer(
            subject=id,
            outcome=PASS if found else UNKNOWN,
            detail="It has a facility record." if found else "No facility record of the place where it was made.",
            reason="" if found else "not-found",
            source=source,
        )


def _same_place(case: Case, passport: PassportStatement) -> Answer:
    makers = [event for event in case.graph.makers_of(passport.lot) if event.facility]
    pointer = f"{passport.pointer}/producedAtFacility"
    if not passport.facility:
        detail = "The passport does not say where the product was made."
        return about(passport, UNKNOWN, detail, pointer, reason="not-stated")
    elsewhere = [event for event in makers if not case.graph.same_facility(event.facility, passport.facility)]
    if elsewhere and len(elsewhere) == len(makers):
        detail = f"The passport says it was made at {passport.facility}, the make event at {elsewhere[0].facility}."
        return about(passport, FAIL, detail, pointer, because=(elsewhere[0].source,))
    return about(passport, PASS, "Passport and make events name the same place.", pointer)


def _named_places(case: Case) -> Iterator[tuple[str, str, str]]:
    """Each place where a lot of the chain was made, once: canonical id, id as given, and who names it."""
    seen: set[str] = set()
    for passport in case.passports:
        place = passport.said.produced_at
        if passport.facility and place is not None and place.id is not None and passport.facility not in seen:
            seen.add(passport.facility)
            yield passport.facility, place.id, passport.source
    for event in case.made_by:
        if event.facility and event.facility not in seen:
            seen.add(event.facility)
            yield event.facility, event.facility, event.source


def _operated(case: Case) -> Iterator[Answer]:
    for record in case.facilities:
        yield _own_record(case, record)
    for passport in case.passports:
        operating = case.graph.operators_of(passport.facility)
        if operating:
            yield _made_for(case, passport, operating)


def _own_record(case: Case, record: FacilityStatement) -> Answer:
    if record not in case.graph.facility_records(record.facility):
        detail = f"Whose place is this? Nothing shows that {record.issuer} may speak for its identifier."
        return about(record, UNKNOWN, detail, f"{record.pointer}/id", reason="not-found")
    operating = case.graph.operators_of(record.facility)
    pointer = f"{record.pointer}/relatedParty"
    if not operating:
        return about(record, UNKNOWN, "The facility record names no owner or operator.", pointer, reason="not-stated")
    if any(same_party(case, record.issuer, party) for party in operating):
        return about(record, PASS, "The record is its operator's own.", pointer)
    detail = f"The record is issued by {record.issuer}, which it does not name as owner or operator."
    return about(record, FAIL, detail, pointer)


def _made_for(case: Case, passport: PassportStatement, operating: frozenset[str]) -> Answer:
    """The issuer operates the place, or says who made the product for it and the maker says so too."""
    pointer = f"{passport.pointer}/relatedParty"
    if any(same_party(case, passport.issuer, party) for party in operating):
        return about(passport, PASS, "The issuer operates the place where it was made.", pointer)
    makers = parties_in(passport.said.related_parties, MAKING)
    if not any(same_party(case, maker, party) for maker in makers for party in operating):
        detail = f"{passport.issuer} neither operates the place of production nor names its operator as the maker."
        return about(passport, FAIL, detail, pointer)
    told = [event for event in case.graph.makers_of(passport.lot) if event.issuer in operating and case.counts(event)]
    if told:
        return about(passport, PASS, "The named maker says itself that it made the product.", pointer)
    detail = "The passport names a maker other than its issuer; the maker does not confirm it."
    return about(passport, UNKNOWN, detail, pointer, reason="not-found")


def _made_by_operator(case: Case) -> Iterator[Answer]:
    for event in case.made_by:
        operating = case.graph.operators_of(event.facility)
        if not operating:
            continue  # no record, or one without an operator: PV-FAC-1 and PV-FAC-2 say so
        own = any(same_party(case, event.issuer, party) for party in operating)
        yield about(
            event,
            PASS if own else FAIL,
            "The operator of the facility tells of it."
            if own
            else f"{event.issuer} tells of it, which does not operate the facility.",
            f"{event.pointer}/madeAtFacility",
        )


def _same_country(case: Case) -> Iterator[Answer]:
    for record in case.facilities:
        yield from _countries_of_record(record)
    for passport in case.passports:
        records = case.records_of(passport.facility)
        stated = passport.said.country_of_production
        places = {record.said.country_of_operation for record in records} - {None}
        if stated is None or not places:
            continue
        agrees = stated in places
        yield about(
            passport,
            PASS if agrees else FAIL,
            "The country of production is where the facility is."
            if agrees
            else f"The country of production is {stated}; the facility is in {', '.join(sorted(map(str, places)))}.",
            f"{passport.pointer}/countryOfProduction",
        )


def _countries_of_record(record: FacilityStatement) -> Iterator[Answer]:
    operation, address = record.said.country_of_operation, record.said.address_country
    if operation is None:
        return
    if address is not None:
        agrees = address == operation
        yield about(
            record,
            PASS if agrees else FAIL,
            "Address and country of operation agree."
            if agrees
            else f"The address is in {address}, the country of operation is {operation}.",
            f"{record.pointer}/address/addressCountry",
        )
    point = point_in(record)
    if point is None:
        return
    inside = may_lie_in(operation, point.latitude, point.longitude)
    pointer = f"{record.pointer}/locationInformation/geoLocation"
    if inside is None:
        detail = f"The coordinates are too near the border of {operation} to tell."
        yield about(record, UNKNOWN, detail, pointer, reason="unsupported", severity=Severity.INFO)
    elif inside:
        yield about(record, PASS, f"The coordinates can be in {operation}.", pointer)
    else:
        detail = f"The coordinates {point.latitude}, {point.longitude} are not in {operation}."
        yield about(record, FAIL, detail, pointer)


def _recorded_then(case: Case) -> Iterator[Answer]:
    for event in case.made_by:
        records = case.records_of(event.facility) if event.facility else ()
        if records:
            yield _recorded_at_making(event, records)


def _recorded_at_making(event: EventStatement, records: tuple[FacilityStatement, ...]) -> Answer:
    """Is a record of the place in force on the day of the making; else which is the nearest?"""
    pointer = f"{event.pointer}/madeAtFacility"
    if event.at is None:
        detail = "Without a date it is not known which record of the place holds."
        return about(event, UNKNOWN, detail, pointer, reason="not-stated", severity=Severity.INFO)
    found = {validity(record.credential, Timespan.of(event.at)) for record in records}
    shown = tuple(sorted({record.source for record in records}))
    if Standing.VALID in found:
        return _used_then(event, records, event.at)
    if Standing.NOT_YET in found:
        detail = "The record of the place begins after the day; what it says may not have been so yet."
        return about(event, UNKNOWN, detail, pointer, reason="not-found", because=shown, severity=Severity.INFO)
    detail = f"The record of {records[0].id} had run out when {_what_of(event)} was made there."
    return about(event, UNKNOWN, detail, pointer, reason="not-found", because=shown)


def _used_then(event: EventStatement, records: tuple[FacilityStatement, ...], at: datetime) -> Answer:
    """Is what the records tell of material of the time of the making? They come by periods, so another one is usual."""
    pointer = f"{event.pointer}/madeAtFacility"
    periods = [record.said.usage_period for record in records]
    if all(period is None or _covers(period, Timespan.of(at)) for period in periods):
        return about(event, PASS, "A record of the place holds for the day.", pointer)
    detail = "The record of the place holds for the day; what it tells of materials is of another period."
    return about(event, UNKNOWN, detail, pointer, reason="not-found", severity=Severity.INFO)


def _covers(period: Period, when: Timespan) -> bool:
    """May ``when`` be in the period?"""
    begins = period.start is not None and when.certainly_before(Timespan.of(period.start))
    ended = period.end is not None and Timespan.of(period.end).certainly_before(when)
    return not (begins or ended)


def _what_of(event: EventStatement) -> str:
    return event.outputs[0].id if event.outputs else "it"


PV_FAC_1 = Rule(
    id="PV-FAC-1", asks="Do all name the same place of production?", severity=Severity.WARN, answers=_agreed
)
PV_FAC_2 = Rule(
    id="PV-FAC-2", asks="Is the operator of the place behind it?", severity=Severity.WARN, answers=_operated
)
PV_FAC_3 = Rule(
    id="PV-FAC-3", asks="Does the operator tell of the making?", severity=Severity.WARN, answers=_made_by_operator
)
PV_FAC_4 = Rule(
    id="PV-FAC-4", asks="Do country, address and coordinates agree?", severity=Severity.WARN, answers=_same_country
)

PV_FAC_5 = Rule(
    id="PV-FAC-5",
    asks="Does a record of the place hold for the day of the making?",
    severity=Severity.WARN,
    answers=_recorded_then,
)

RULES: Final = (PV_FAC_1, PV_FAC_2, PV_FAC_3, PV_FAC_4, PV_FAC_5)

"""PV-MRG: are names what they seem, and do the sources agree?

The rule: nothing is overwritten. A malformed or ambiguous name joins nothing, hearsay is noted and counts for nothing,
an alias that only one side states is a hint, and two issuers who differ stay in conflict. See
docs/rules.md PV-MRG.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final, TypeAlias

from credentials.errors import CredentialsError
from credentials.identifiers.canonical_ids import canonical_id
from credentials.provenance.case.case import Case
from credentials.provenance.case.whereabouts import events_of_chain, retellings
from credentials.provenance.missing.gaps import given_id
from credentials.provenance.rules.rule import Answer, Rule, RuleOutcome, Severity, about
from credentials.provenance.statements.statement import (
    EventStatement,
    FacilityStatement,
    PassportStatement,
    PortionStatement,
)

PASS, FAIL, UNKNOWN = RuleOutcome.PASS, RuleOutcome.FAIL, RuleOutcome.UNKNOWN
Facts: TypeAlias = dict[str, object]
Told: TypeAlias = PassportStatement | FacilityStatement | EventStatement


# ---- PV-MRG-1: names that are names


def _well_named(case: Case) -> Iterator[Answer]:
    for id, pointer, source in _named(case):
        try:
            canonical_id(id)
        except CredentialsError as error:
            yield Answer(subject=id, outcome=FAIL, detail=error.problem.detail, pointer=pointer, source=source)
        else:
            yield Answer(subject=id, outcome=PASS, detail="It is a well-formed name.", source=source)


def _named(case: Case) -> Iterator[tuple[str, str, str]]:
    """Product and facility ids of the chain, each once, with where they first stand."""
    seen: set[str] = set()
    wanted = set(case.lots)
    carriers: tuple[PassportStatement | FacilityStatement, ...] = (*case.passports, *case.facilities)
    places = [(one.id, f"{one.pointer}/id", one.source) for one in carriers]
    portions = [
        (portion.id, f"{portion.pointer}/product/id", event.source)
        for event in events_of_chain(case)
        for portion in event.portions
        if portion.lot in wanted
    ]
    for id, pointer, source in (*places, *portions):
        if id not in seen:
            seen.add(id)
            yield id, pointer, source


# ---- PV-MRG-2: class or lot


def _which_lot(case: Case) -> Iterator[Answer]:
    for lot in case.lots:
        if case.graph.lots.is_ambiguous(lot):
            yield Answer(
                subject=given_id(case, lot),
                outcome=UNKNOWN,
                detail="It names a class of which several lots are known; which one is meant is not said.",
                reason="ambiguous-id",
            )
    for event in case.made_by:
        for portion in event.portions:
            yield _granularity(event, portion)


def _granularity(event: EventStatement, portion: PortionStatement) -> Answer:
    product = portion.said.product
    stated = product.granularity if product is not None else None
    mismatch = stated == "model" and not portion.lot.is_class
    return Answer(
        subject=portion.id,
        outcome=FAIL if mismatch else PASS,
        detail="It is called a model, but named with a batch or item number: one name for class and lot."
        if mismatch
        else "It is named as what it is.",
        pointer=f"{portion.pointer}/product/idGranularity",
        source=event.source,
    )


# ---- PV-MRG-3: hearsay


def _own_words(case: Case) -> Iterator[Answer]:
    """Hearsay is a note: of products, makings and places, and of events of the chain that others tell again."""
    own = {id(one) for one in (*case.passports, *case.made_by, *case.facilities)}
    told: list[Told] = [one for lot in case.lots for one in case.graph.all_passports_of(lot)]
    told += [one for lot in case.lots for one in case.graph.all_makers_of(lot)]
    told += [one for event in case.made_by for one in retellings(case, event)]
    told += [one for place in case.places for one in case.graph.all_facility_records(place)]
    for statement in dict.fromkeys(told):
        if id(statement) not in own and case.counts(statement):
            detail = f"{statement.issuer} has no say about this; its word is kept, not used."
            yield about(statement, UNKNOWN, detail, statement.pointer, reason="unsupported")
        else:
            yield about(statement, PASS, "Who says it has a say.", statement.pointer)


def _also_told(case: Case) -> list[EventStatement]:
    """Makings of the chain as others tell them who have a say about every lot that came of them."""
    again = [one for event in case.made_by for one in retellings(case, event)]
    return [one for one in again if all(case.graph.may_tell_making(one, output) for output in one.outputs)]


# ---- PV-MRG-4: aliases


def _aliases(case: Case) -> Iterator[Answer]:
    for record in case.facilities:
        for alias in record.aliases:
            mutual = any(record.facility in other.aliases for other in case.graph.facility_records(alias))
            pointer = f"{record.pointer}/facilityAlsoKnownAs"
            if mutual:
                yield about(record, PASS, "Each names the other.", pointer)
            else:
                detail = f"It calls itself {alias} too; without the other's word that is a hint."
                yield about(record, UNKNOWN, detail, pointer, reason="not-found")


# ---- PV-MRG-5: conflicts


def _agreeing(case: Case) -> Iterator[Answer]:
    yield from _conflicts((one, str(one.lot), _passport_facts(one)) for one in case.passports)
    yield from _conflicts((one, one.facility, _facility_facts(one)) for one in case.facilities)
    yield from _conflicts((one, one.id, _event_facts(one)) for one in (*case.made_by, *_also_told(case)))


def _conflicts(statements: Iterable[tuple[Told, str, Facts]]) -> Iterator[Answer]:
    """Each pair of neighbours that speak about one thing and differ; agreement answers once per thing."""
    by_thing: dict[str, list[tuple[Told, Facts]]] = {}
    for one, thing, facts in statements:
        by_thing.setdefault(thing, []).append((one, facts))
    for told in by_thing.values():
        differing = [
            (one, other, name)
            for (one, facts), (other, others) in pairwise(sorted(told, key=lambda pair: pair[0].order))
            for name in facts
            if facts[name] != others[name] and facts[name] and others[name]
        ]
        for one, other, name in differing:
            detail = f"{one.issuer} and {other.issuer} do not say the same about it."
            because = tuple(sorted({one.source, other.source}))
            yield about(one, FAIL, detail, f"{one.pointer}/{name}", because=because)
        if not differing:
            first = told[0][0]
            yield Answer(subject=first.id, outcome=PASS, detail="All who speak about it agree.", source=first.source)


def _passport_facts(one: PassportStatement) -> Facts:
    said = one.said
    weight = said.dimensions.weight if said.dimensions is not None else None
    return {
        "producedAtFacility": one.facility,
        "productionDate": said.production_date,
        "countryOfProduction": said.country_of_production,
        "dimensions/weight": (weight.value, weight.unit) if weight is not None else None,
        "materialProvenance": tuple(sorted((str(item.name), str(item.mass_fraction)) for item in said.materials)),
    }


def _facility_facts(one: FacilityStatement) -> Facts:
    location = one.said.location
    point = location.point if location is not None else None
    return {
        "countryOfOperation": one.said.country_of_operation,
        "locationInformation": (point.latitude, point.longitude) if point is not None else None,
    }


def _event_facts(one: EventStatement) -> Facts:
    def amounts(portions: Iterable[PortionStatement]) -> tuple[object, ...]:
        return tuple(
            sorted(
                (str(each.lot), str(quantity.value), str(quantity.unit))
                for each in portions
                if (quantity := each.said.quantity) is not None
            )
        )

    return {
        "eventDate": one.at,
        "madeAtFacility": one.facility,
        "inputProduct": amounts(one.inputs),
        "outputProduct": amounts(one.outputs),
    }


PV_MRG_1 = Rule(id="PV-MRG-1", asks="Is every name well-formed?", severity=Severity.WARN, answers=_well_named)
PV_MRG_2 = Rule(id="PV-MRG-2", asks="Is it clear which lot is meant?", severity=Severity.WARN, answers=_which_lot)
PV_MRG_3 = Rule(id="PV-MRG-3", asks="Does the one who says it have a say?", severity=Severity.INFO, answers=_own_words)
PV_MRG_4 = Rule(id="PV-MRG-4", asks="Do both sides state an alias?", severity=Severity.INFO, answers=_aliases)
PV_MRG_5 = Rule(id="PV-MRG-5", asks="Do the sources agree?", severity=Severity.WARN, answers=_agreeing)

RULES: Final = (PV_MRG_1, PV_MRG_2, PV_MRG_3, PV_MRG_4, PV_MRG_5)

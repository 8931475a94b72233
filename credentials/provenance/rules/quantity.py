"""PV-QTY: do the amounts add up, event by event, lot by lot, shipment by shipment?

The rule: more out than in is a contradiction only where the inputs are documented; else it is a gap with its share.
Loss is normal, surplus is not. All arithmetic is exact, with the tolerance the statements or the policy allow.
See docs/rules.md PV-QTY; docs/requirements.md D2.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import Final

from contexts.codes import units
from credentials.identifiers.lots import LotKey
from credentials.provenance.case.case import Case
from credentials.provenance.case.whereabouts import balance_of_lot, events_of_chain, transfers_of_lot
from credentials.provenance.graph.transfers import Transfer
from credentials.provenance.mass.balance import amount_pair
from credentials.provenance.mass.composition import documented_share, inputs_for, outputs_for
from credentials.provenance.mass.quantities import exact, in_kg, kilograms, mass_of, slack, total
from credentials.provenance.mass.yielding import gains
from credentials.provenance.missing.gaps import given_id
from credentials.provenance.report.explain import percent
from credentials.provenance.report.figures import amount
from credentials.provenance.report.names import quoted
from credentials.provenance.rules.rule import Answer, Rule, RuleOutcome, Severity, about
from credentials.provenance.statements.statement import EventKind, EventStatement, PassportStatement, PortionStatement
from credentials.untp.passport import Material

PASS, FAIL, UNKNOWN = RuleOutcome.PASS, RuleOutcome.FAIL, RuleOutcome.UNKNOWN
ROUNDING: Final = Fraction(1, 1000)


# ---- PV-QTY-1: units and signs


def _measurable(case: Case) -> Iterator[Answer]:
    wanted = set(case.lots)
    made = {id(event) for event in case.made_by}
    for event in events_of_chain(case):
        for portion in event.portions:
            if id(event) in made or portion.lot in wanted:
                yield _one_quantity(case, event, portion)


def _one_quantity(case: Case, event: EventStatement, portion: PortionStatement) -> Answer:
    quantity, pointer = portion.said.quantity, f"{portion.pointer}/quantity"
    if quantity is None or quantity.value is None:
        if portion.lot.is_item:
            return about(event, RuleOutcome.NOT_APPLICABLE, "A serialised item needs no quantity.", pointer)
        return about(event, UNKNOWN, f"The amount of {portion.id} is not stated.", pointer, reason="not-stated")
    if quantity.value < 0:
        return about(event, FAIL, f"The amount of {portion.id} is negative.", pointer)
    if units.unit(quantity.unit or "") is None:
        detail = f"The unit {str(quantity.unit)[:12]!r} of {portion.id} is not known here."
        return about(event, UNKNOWN, detail, pointer, reason="no-unit-conversion")
    if event.kind is EventKind.MAKE and mass_of(case.graph, portion) is None:
        detail = (
            f"{amount(quantity)} of {portion.id} cannot be turned into a mass: no passport states the weight of one."
        )
        silent = portion.lot == case.target and not case.graph.passports_of(portion.lot)
        because = (f"PV-ID-9 {given_id(case, portion.lot)}",) if silent else ()
        return about(event, UNKNOWN, detail, pointer, reason="no-unit-conversion", because=because)
    return about(event, PASS, "The amount can be compared.", pointer)


# ---- PV-QTY-2: not more out than in


def _conserved(case: Case) -> Iterator[Answer]:
    for event in case.made_by:
        yield _one_balance(case, event)


def _one_balance(case: Case, event: EventStatement) -> Answer:
    pointer = f"{event.pointer}/inputProduct"
    if event.is_of_nothing and all(case.making.is_origin(one.lot) for one in event.outputs):
        return about(event, PASS, "It tells of an origin: nothing goes into that.", pointer)
    used = total(mass_of(case.graph, portion) for portion in event.inputs)
    made = total(mass_of(case.graph, portion) for portion in event.outputs)
    if used is None or made is None:
        detail = "Without the mass of every input and output the balance cannot be drawn."
        because = (f"PV-QTY-1 {event.id}",)
        return about(
            event, UNKNOWN, detail, pointer, reason="no-unit-conversion", because=because, severity=Severity.INFO
        )
    if made <= used * (1 + exact(case.policy.tolerance_of(event.activity))):
        return about(event, PASS, "No more comes out than goes in.", pointer)
    documented = max(used / made, documented_share(case.graph, event))
    amounts = f"{in_kg(made)} come out of {in_kg(used)} documented input"
    if gains(case.graph, case.pack, event, case.counts):
        detail = f"{amounts}; such goods take up water or air, of which nobody tells."
        return about(event, UNKNOWN, detail, pointer, reason="not-stated", severity=Severity.INFO)
    if documented < exact(case.policy.documented_inputs):
        missing = percent(float(1 - used / made))
        detail = f"Incomplete inputs: {amounts}; {missing} of the mass is missing."
        return about(event, UNKNOWN, detail, pointer, reason="not-found", severity=Severity.WARN)
    return about(event, FAIL, f"{amounts}, which its passport says is all of it.", pointer)


# ---- PV-QTY-5: not more sold and used than made


def _not_oversold(case: Case) -> Iterator[Answer]:
    for lot in case.lots:
        if not lot.is_item and not case.graph.lots.is_ambiguous(lot):
            yield from _one_lot(case, lot)


def _one_lot(case: Case, lot: LotKey) -> Iterator[Answer]:
    outputs = [pair for pair in case.graph.outputs_of(lot) if case.counts(pair[0])]
    if not outputs:
        return  # how much was made is not told; PV-GAP-1 says so where it matters
    event, portion = outputs[0]
    balance = balance_of_lot(case, lot)
    answer = partial(Answer, subject=portion.id, pointer=f"{portion.pointer}/quantity", source=event.source)
    untold = answer(
        outcome=UNKNOWN,
        detail="Not all amounts made, moved and used can be compared.",
        reason="no-unit-conversion",
        because=(f"PV-QTY-1 {event.id}",),
        severity=Severity.INFO,
    )
    if balance is None:
        yield untold
        return
    allowed = balance.made * (1 + exact(case.policy.tolerance))
    worst, how, told_by = max(
        (balance.left, "left the place where it was made", balance.left_by),
        (balance.used, "was used up", balance.used_by),
    )
    if worst > allowed:
        made, went, over = (balance.scale.told(one) for one in (balance.made, worst, worst - balance.made))
        detail = f"Of {made} of {portion.id} made {went} {how}: {over} too many."
        yield answer(outcome=FAIL, detail=detail, because=(*balance.made_by, *told_by))
    elif balance.complete:
        yield answer(outcome=PASS, detail="No more was moved and used than was made.")
    else:
        yield untold


# ---- PV-QTY-7: what was sent is what came


def _received(case: Case) -> Iterator[Answer]:
    for lot in case.lots:
        for transfer in transfers_of_lot(case, lot):
            if transfer.sent and transfer.received:
                yield _one_transfer(case, transfer)


def _one_transfer(case: Case, transfer: Transfer) -> Answer:
    event, portion = transfer.received[0]
    sent, received = [pair[1] for pair in transfer.sent], [pair[1] for pair in transfer.received]
    amounts = amount_pair(case.graph, sent, received)
    pointer = f"{portion.pointer}/quantity"
    if amounts is None:
        detail = "What was sent and what came cannot be compared."
        return about(event, UNKNOWN, detail, pointer, reason="no-unit-conversion", severity=Severity.INFO)
    shipped, came, scale = amounts
    allowed = shipped * slack((*sent, *received), case.policy.tolerance)
    if abs(came - shipped) <= allowed:
        return about(event, PASS, "As much came as was sent.", pointer)
    more = "more" if came > shipped else "less"
    detail = f"{scale.told(shipped)} of {portion.id} were sent, {scale.told(came)} came: {more} than tolerance allows."
    because = (transfer.sent[0][0].source,)
    return about(event, FAIL, detail, pointer, because=because, severity=None if more == "more" else Severity.WARN)


# ---- PV-QTY-8: the passport agrees with the making


def _as_composed(case: Case) -> Iterator[Answer]:
    for passport in case.passports:
        yield _fractions(passport)
        events = [event for event in case.graph.makers_of(passport.lot) if case.counts(event)]
        for material in passport.said.materials:
            yield from _stated_mass(case, passport, material)
            if events:
                yield from _content(case, passport, material, events)


def _fractions(passport: PassportStatement) -> Answer:
    whole = sum((Fraction(one.mass_fraction or 0) for one in passport.said.materials), Fraction(0))
    over = whole > 1 + ROUNDING
    detail = (
        f"The mass fractions of {passport.id} add up to {percent(float(whole))} of its mass."
        if over
        else "The mass fractions fit into the whole."
    )
    return about(passport, FAIL if over else PASS, detail, f"{passport.pointer}/materialProvenance")


def _stated_mass(case: Case, passport: PassportStatement, material: Material) -> Iterator[Answer]:
    dimensions = passport.said.dimensions
    weight = kilograms(dimensions.weight) if dimensions is not None else None
    mass = kilograms(material.mass)
    if weight is None or mass is None or material.mass_fraction is None:
        return
    expected = Fraction(material.mass_fraction) * weight
    differs = abs(mass - expected) > max(expected * exact(case.policy.tolerance), weight * ROUNDING)
    detail = (
        f"{quoted(material.name or '')}: {in_kg(mass)} stated, but the fraction of the weight is {in_kg(expected)}."
    )
    yield about(
        passport,
        FAIL if differs else PASS,
        detail if differs else "Mass and fraction agree.",
        f"{material.pointer}/mass",
    )


def _content(
    case: Case, passport: PassportStatement, material: Material, events: list[EventStatement]
) -> Iterator[Answer]:
    """No more of a material in the product than went into its making."""
    made = total(mass_of(case.graph, portion) for portion in outputs_for(events, passport.lot))
    if not made or not material.mass_fraction:
        return
    sure, possible = inputs_for(case.graph, events, material)
    used, maybe = (total(mass_of(case.graph, portion) for portion in found) for found in (sure, possible))
    pointer = f"{material.pointer}/massFraction"
    because = (f"PV-QTY-2 {events[0].id}",)
    if used is None or maybe is None or not (sure or possible):
        detail = f"No input of its making is known to be {material.name}."
        yield about(passport, UNKNOWN, detail, pointer, reason="not-found", because=because, severity=Severity.INFO)
        return
    content = Fraction(material.mass_fraction) * made
    allowed = 1 + slack((*sure, *possible), case.policy.tolerance)
    if content > (used + maybe) * allowed:
        detail = f"{material.name}: {in_kg(content)} by the passport, {in_kg(used + maybe)} in its making."
        yield about(passport, FAIL, detail, pointer, because=(events[0].source,))
    elif content > used * allowed:
        detail = f"{material.name}: part of the inputs could be it, but nobody says what they are."
        yield about(passport, UNKNOWN, detail, pointer, reason="not-found", because=because, severity=Severity.INFO)
    else:
        yield about(passport, PASS, "No more is in it than went into its making.", pointer)


PV_QTY_1 = Rule(id="PV-QTY-1", asks="Can the amounts be compared?", severity=Severity.WARN, answers=_measurable)
PV_QTY_2 = Rule(id="PV-QTY-2", asks="Does no more come out than goes in?", severity=Severity.BLOCK, answers=_conserved)
PV_QTY_5 = Rule(id="PV-QTY-5", asks="Is no lot sold beyond itself?", severity=Severity.BLOCK, answers=_not_oversold)
PV_QTY_7 = Rule(id="PV-QTY-7", asks="Did as much come as was sent?", severity=Severity.BLOCK, answers=_received)
PV_QTY_8 = Rule(
    id="PV-QTY-8", asks="Is it made of what its passport says?", severity=Severity.WARN, answers=_as_composed
)

RULES: Final = (PV_QTY_1, PV_QTY_2, PV_QTY_5, PV_QTY_7, PV_QTY_8)

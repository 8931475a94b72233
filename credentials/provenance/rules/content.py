"""PV-QTY-9: is a claimed share one that can be, and the one that the passport's own materials add up to?

The rule: a share is a percentage of a whole, so nothing above all of it and nothing in pieces. No more is claimed to be
recycled than the passport's materials are, and no more of these than went in; what nobody says may be either.
See docs/rules.md PV-QTY-9; docs/requirements.md T10 and T15.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from credentials.provenance.case.case import Case
from credentials.provenance.case.performance import as_share, impossible, metric_of
from credentials.provenance.case.whereabouts import shortfalls_of_lot
from credentials.provenance.mass.composition import inputs_for, outputs_for
from credentials.provenance.mass.origins import WASTE, divisions
from credentials.provenance.mass.quantities import exact, in_kg, mass_of, total
from credentials.provenance.report.figures import amount
from credentials.provenance.report.names import quoted
from credentials.provenance.rules.rule import Answer, Rule, RuleOutcome, Severity, about
from credentials.provenance.statements.authority import parties_in
from credentials.provenance.statements.statement import (
    ClaimStatement,
    EventStatement,
    PassportStatement,
    PortionStatement,
)
from credentials.untp.claim import Performance
from credentials.untp.passport import Material

PASS, FAIL = RuleOutcome.PASS, RuleOutcome.FAIL
RECYCLED: Final = "recycled-content-percentage"
#: Roles of those who make things of used ones (UNTP 0.7.0, code list PartyRole).
_RECOVERING: Final = frozenset({"recycler", "remanufacturer"})
_DIGITS: Final = Fraction(1, 1000)  # fractions are stated in so many digits
#: Shares are claimed in whole per cent, rounded down.
_ROUNDED: Final = Fraction(1, 100)


def _possible(case: Case) -> Iterator[Answer]:
    for passport in case.passports:
        yield from _of_recycled_inputs(case, passport)
        for claim in passport.claims:
            for performance in claim.said.performance:
                yield _one_figure(claim, performance)
                if metric_of(performance).rpartition("/")[2] == RECYCLED and passport.said.materials:
                    yield from _as_its_materials(case, passport, claim, performance)
                    yield from _as_its_inputs(case, passport, performance)


def _one_figure(claim: ClaimStatement, performance: Performance) -> Answer:
    measure, pointer = performance.measure, f"{claim.pointer}/claimedPerformance"
    if measure is None or measure.value is None or measure.unit is None:
        return about(claim, RuleOutcome.NOT_APPLICABLE, "No figure is claimed.", pointer)
    why = impossible(performance)
    if why:
        return about(claim, FAIL, f"{amount(measure)} is claimed of {_name(performance)}, {why}", pointer)
    return about(claim, PASS, "The claimed figure can be.", pointer)


def _as_its_materials(
    case: Case, passport: PassportStatement, claim: ClaimStatement, performance: Performance
) -> Iterator[Answer]:
    claimed, high = _share(performance), _recycled(passport.said.materials)
    if claimed is None:
        return
    allowed = _ROUNDED + claimed * exact(case.policy.tolerance)
    differs = claimed > high + allowed
    detail = (
        f"{_percent(claimed)} recycled content is claimed; by its materials the same passport has {_percent(high)}."
    )
    yield about(
        passport,
        FAIL if differs else PASS,
        detail if differs else "What is claimed and what its materials are agree.",
        f"{passport.pointer}/materialProvenance",
        because=(claim.source, *(_beyond_receipt(case, passport) if differs else ())),
        severity=Severity.WARN,
    )


def _beyond_receipt(case: Case, passport: PassportStatement) -> tuple[str, ...]:
    """What went into the target that had not come: then its claim and its materials cannot agree."""
    lots = case.lots if passport.lot.covers(case.target) else ()
    short = (pair for lot in lots for pair in shortfalls_of_lot(case, lot) if pair[0].own)
    return tuple(f"PV-QTY-6 {worst.last[1].id}" for _, worst in short)


def _recycled(materials: tuple[Material, ...]) -> Fraction:
    """The recycled share of the whole, if all that is not said were recycled."""
    parts = [(one.mass_fraction, one.recycled_mass_fraction) for one in materials]
    known = [(Fraction(part), Fraction(share)) for part, share in parts if part is not None and share is not None]
    said = sum((part for part, _ in known), Fraction(0))
    return sum((part * share for part, share in known), Fraction(0)) + max(1 - said, Fraction(0))


def _as_its_inputs(case: Case, passport: PassportStatement, performance: Performance) -> Iterator[Answer]:
    """Where its materials are more recycled than it claims: no more than what went into it, unless recovered."""
    claimed, high = _share(performance), _recycled(passport.said.materials)
    events = [event for event in case.graph.makers_of(passport.lot) if case.counts(event)]
    made = total(mass_of(case.graph, portion) for portion in outputs_for(events, passport.lot))
    if claimed is None or high <= claimed + _ROUNDED or not made or _recovers(passport, events):
        return
    for material in passport.said.materials:
        sure, possible = inputs_for(case.graph, events, material)
        came = total(_recycled_mass(case, portion) for portion in sure)
        if came is None or possible or not sure or not material.mass_fraction or not material.recycled_mass_fraction:
            continue
        stated = Fraction(material.mass_fraction) * Fraction(material.recycled_mass_fraction) * made
        over = stated > came * (1 + exact(case.policy.tolerance)) + made * _DIGITS
        detail = (
            f"{material.name}: {in_kg(stated)} of it are recycled by the passport, {in_kg(came)} went into its making."
        )
        yield about(
            passport,
            FAIL if over else PASS,
            detail if over else "No more is recycled than what went into its making.",
            f"{material.pointer}/recycledMassFraction",
            because=(events[0].source,),
            severity=Severity.WARN,
        )


def _of_recycled_inputs(case: Case, passport: PassportStatement) -> Iterator[Answer]:
    """What is recycled in it came with an input of that material, or with one that has something recycled."""
    events = [event for event in case.graph.makers_of(passport.lot) if case.counts(event)]
    portions = [portion for event in events for portion in event.inputs]
    if not portions or _recovers(passport, events) or any(_may_be_recycled(case, portion) for portion in portions):
        return
    for material in passport.said.materials:
        if not material.mass_fraction or not material.recycled_mass_fraction:
            continue
        sure, possible = inputs_for(case.graph, events, material)
        if not (sure or possible):
            share = _percent(Fraction(material.mass_fraction) * Fraction(material.recycled_mass_fraction))
            detail = f"{share} of it are recycled {material.name} by the passport, and no input of its making is that."
            pointer = f"{material.pointer}/recycledMassFraction"
            yield about(passport, FAIL, detail, pointer, because=(events[0].source,), severity=Severity.WARN)


def _may_be_recycled(case: Case, portion: PortionStatement) -> bool:
    """Is an input waste, without a passport, or by its passport in part recycled?"""
    passports = case.graph.passports_of(portion.lot)
    materials = [one for passport in passports for one in passport.said.materials]
    return (
        not materials
        or any(_is_waste(one) for one in passports)
        or any(one.recycled_mass_fraction is None or one.recycled_mass_fraction > 0 for one in materials)
    )


def _recycled_mass(case: Case, portion: PortionStatement) -> Fraction | None:
    """The mass of an input that is recycled at most, by its own passports; all where they do not say or it is waste."""
    mass = mass_of(case.graph, portion)
    passports = case.graph.passports_of(portion.lot)
    if mass is None or not passports or any(_is_waste(one) for one in passports):
        return mass
    return mass * max(_recycled(one.said.materials) for one in passports)


def _recovers(passport: PassportStatement, events: list[EventStatement]) -> bool:
    """Is it made of used things: by a recycler, or as waste?"""
    roles = [*passport.said.related_parties, *(role for event in events for role in event.said.related_parties)]
    return _is_waste(passport) or bool(parties_in(roles, _RECOVERING))


def _is_waste(passport: PassportStatement) -> bool:
    """Is it of the division of waste?"""
    return WASTE in divisions(passport.said.categories)


def _share(performance: Performance) -> Fraction | None:
    """The figure as a share of the whole; None where it is none."""
    measure = performance.measure
    return as_share(measure, measure.value) if measure is not None else None


def _name(performance: Performance) -> str:
    metric = performance.metric
    return (quoted(metric.name or "") or metric.id if metric is not None else None) or "a metric without a name"


def _percent(share: Fraction) -> str:
    return f"{float(share) * 100:.1f}".removesuffix(".0") + " %"


PV_QTY_9 = Rule(
    id="PV-QTY-9",
    asks="Can a claimed share be, and is it that of its materials?",
    severity=Severity.BLOCK,
    answers=_possible,
)

RULES: Final = (PV_QTY_9,)

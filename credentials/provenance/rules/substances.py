"""PV-QTY-4: does no more of a substance come out than went in, where the whole weighs no more?

The rule: a substance is a material by its code, tracked where an input states that it has some and is not itself that
material (PV-QTY-8 asks then). What the materials of an input leave unsaid may be all of it, so only an input that is
told completely can have too little.
See docs/rules.md PV-QTY-4; docs/requirements.md T15.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final, TypeAlias

from credentials.identifiers.lots import LotKey
from credentials.provenance.case.case import Case
from credentials.provenance.mass.quantities import exact, in_kg, mass_of, total
from credentials.provenance.rules.rule import Answer, Rule, RuleOutcome, Severity, about
from credentials.provenance.statements.statement import EventStatement, PassportStatement, PortionStatement

PASS, FAIL = RuleOutcome.PASS, RuleOutcome.FAIL
#: The scheme and code of a material.
Substance: TypeAlias = tuple[str, str]
#: A portion and what is said to be in it.
Contents: TypeAlias = tuple[PortionStatement, Mapping[Substance, Fraction]]
_ZERO: Final = Fraction(0)
_DIGITS: Final = Fraction(1, 1000)


def _kept(case: Case) -> Iterator[Answer]:
    for event in case.made_by:
        came, went = ([(one, _contents(case, one.lot)) for one in side] for side in (event.inputs, event.outputs))
        sold_as = {substance for portion in event.inputs for substance in _sold_as(case, portion.lot)}
        inside = {one for _, said in came for one in said} & {one for _, said in went for one in said}
        for substance in sorted(inside - sold_as):
            yield from _one_substance(case, event, substance, came, went)


def _one_substance(
    case: Case, event: EventStatement, substance: Substance, inputs: Sequence[Contents], outputs: Sequence[Contents]
) -> Iterator[Answer]:
    def held(portion: PortionStatement, part: Fraction) -> Fraction | None:
        mass = mass_of(case.graph, portion)
        return None if mass is None else mass * part

    came = total(held(portion, said.get(substance, _ZERO) + _unsaid(said)) for portion, said in inputs)
    went = total(held(portion, said.get(substance, _ZERO)) for portion, said in outputs)
    whole = total(mass_of(case.graph, portion) for portion in event.outputs)
    if came is None or went is None or whole is None:
        return
    over = went > came * (1 + exact(case.policy.tolerance)) + whole * _DIGITS
    detail = f"{in_kg(went)} of the material {substance[1]} come out of what has {in_kg(came)} of it."
    yield about(
        event,
        FAIL if over else PASS,
        detail if over else "No more of the material comes out than went in.",
        f"{event.pointer}/outputProduct",
        because=tuple(sorted({one.source for portion in event.portions for one in _passports(case, portion.lot)})),
    )


def _contents(case: Case, lot: LotKey) -> dict[Substance, Fraction]:
    """The fractions of each material of a lot by its first passport."""
    found: dict[Substance, Fraction] = {}
    for passport in _passports(case, lot)[:1]:
        for one in passport.said.materials:
            if one.type is not None and one.type.code and one.mass_fraction is not None:
                key = (one.type.scheme_id or "", one.type.code)
                found[key] = found.get(key, _ZERO) + Fraction(one.mass_fraction)
    return found


def _sold_as(case: Case, lot: LotKey) -> set[Substance]:
    """What a lot is sold as: how much of that goes in is asked by PV-QTY-8."""
    codes = (code for passport in _passports(case, lot) for code in passport.said.categories)
    return {(code.scheme_id or "", code.code) for code in codes if code.code}


def _unsaid(said: Mapping[Substance, Fraction]) -> Fraction:
    """What the materials leave open."""
    return max(1 - sum(said.values(), _ZERO), _ZERO)


def _passports(case: Case, lot: LotKey) -> tuple[PassportStatement, ...]:
    return tuple(one for one in case.graph.passports_of(lot) if case.counts(one))


PV_QTY_4 = Rule(
    id="PV-QTY-4", asks="Does no more of a material come out than went in?", severity=Severity.WARN, answers=_kept
)

RULES: Final = (PV_QTY_4,)

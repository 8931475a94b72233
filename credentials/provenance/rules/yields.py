"""PV-QTY-3: does no more come out than the process can yield, and not far less, by the bands of the rule pack?

The rule: more than can come out is a contradiction where the inputs are documented; else it could not be told, and the
surplus is as little proven. Less is only odd: a loss is nobody's lie. Without a band nothing is asked.
See docs/rule-packs.md; docs/requirements.md D2, T10 and T23.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from credentials.provenance.case.case import Case
from credentials.provenance.mass.composition import documented_share
from credentials.provenance.mass.quantities import exact, in_kg
from credentials.provenance.mass.yielding import Yielded, yielded
from credentials.provenance.rules.rule import Answer, Rule, RuleOutcome, Severity, about
from credentials.provenance.statements.statement import EventStatement

PASS, FAIL, UNKNOWN = RuleOutcome.PASS, RuleOutcome.FAIL, RuleOutcome.UNKNOWN


def _possible(case: Case) -> Iterator[Answer]:
    for event in case.made_by:
        for one in yielded(case.graph, case.pack, event, case.counts):
            yield _one_yield(case, event, one)


def _one_yield(case: Case, event: EventStatement, one: Yielded) -> Answer:
    pointer, tolerance = one.portions[0].pointer, exact(case.policy.tolerance_of(event.activity))
    if one.most is not None and one.made > one.most * (1 + tolerance):
        return _too_much(case, event, one, one.most)
    if not one.whole:
        detail = "Without the mass of what went in and came out the yield is not known."
        because = (f"PV-QTY-1 {event.id}",)
        return about(
            event, UNKNOWN, detail, pointer, reason="no-unit-conversion", because=because, severity=Severity.INFO
        )
    if one.least is not None and one.made < one.least * (1 - tolerance):
        detail = f"{_made(one)}; {_bands(case, one)} yields at least {in_kg(one.least)}: a part of it is not told of."
        return about(event, UNKNOWN, detail, pointer, reason="not-found", severity=Severity.WARN)
    return about(event, PASS, "As much comes out as the process can yield.", pointer)


def _too_much(case: Case, event: EventStatement, one: Yielded, most: Fraction) -> Answer:
    made, pointer = one.made, one.portions[0].pointer
    words = f"{_made(one)}; {_bands(case, one)} yields at most {in_kg(most)}: {in_kg(made - most)} too many."
    documented = max(most / made, documented_share(case.graph, event))
    if documented < exact(case.policy.documented_inputs):
        because = (f"PV-QTY-2 {event.id}",) if made > one.used else ()  # that more went in is asked there
        return about(event, UNKNOWN, f"{words} More may have gone in.", pointer, reason="not-found", because=because)
    return about(event, FAIL, words, pointer)


def _made(one: Yielded) -> str:
    return f"{in_kg(one.made)} of {one.portions[0].id} come out of {in_kg(one.used)}"


def _bands(case: Case, one: Yielded) -> str:
    names = " and ".join(band.name for band in one.bands)
    return f"{names} (rule pack {case.pack.name}, version {case.pack.version})"


PV_QTY_3 = Rule(id="PV-QTY-3", asks="Can so much come out of what went in?", severity=Severity.BLOCK, answers=_possible)

RULES: Final = (PV_QTY_3,)

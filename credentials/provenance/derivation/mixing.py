"""Makings as steps: what went in and came out, in masses with their bounds, and what is told by whom.

The rule: the amounts are those of credentials.provenance.mass.making, leaf by leaf; a weight that another party states
is a fact of that party's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from credentials.identifiers.lots import LotKey
from credentials.provenance.case.case import Case
from credentials.provenance.derivation.licences import MAKING, PRODUCT, key_of, making_say, said
from credentials.provenance.derivation.recording import Recorder
from credentials.provenance.derivation.step import Premise, StepRule
from credentials.provenance.mass.making import Mixture, amount_of, ever_made, fraction_of
from credentials.provenance.mass.quantities import kilograms, mass_of, unit_mass, weighed_by
from credentials.provenance.mass.shares import Inputs
from credentials.provenance.statements.statement import EventStatement, PortionStatement

_NONE = Fraction(0)
#: The step that says what a lot has; None where nothing is shown of it.
ShareOf = Callable[[LotKey], int | None]


class Makings:
    """Steps for the makings of one case."""

    def __init__(self, case: Case, record: Recorder) -> None:
        self._case = case
        self._record = record

    def made(self, lot: LotKey, step: Inputs, share_of: ShareOf) -> int | None:
        """The step that says what ``lot`` has by what it was made of; None where none of its inputs has anything."""
        events = [event for event in self._case.graph.makers_of(lot) if self._case.counts(event)]
        made = list(zip(events, step.mixtures, strict=True))
        mixes = [self._mix(event, lot, mixture, share_of) for event, mixture in made]
        if len(mixes) == 1 or not any(mix is not None for mix in mixes):
            return mixes[0]
        parts = [
            self._part(self._came_out(event, lot, mixture), mix)
            for (event, mixture), mix in zip(made, mixes, strict=True)
        ]
        return self._record.step(StepRule.POOL, *parts)

    def _mix(self, event: EventStatement, lot: LotKey, mixture: Mixture, share_of: ShareOf) -> int | None:
        shares = {key: share_of(key) for key in mixture.inputs}
        if not any(share is not None for share in shares.values()):
            return None
        record = self._record
        outputs = [self._amount(event, portion) for portion in event.outputs]
        highs = [amount_of(self._case.graph, portion).high or _NONE for portion in event.outputs]
        out = record.step(StepRule.OUT, *outputs, value=sum(highs, _NONE))
        inputs = self._inputs(event, lot, mixture, out)
        parts = [self._part(inputs[key], share) for key, share in shares.items()]
        total = record.step(StepRule.SUM, *inputs.values())
        lacking = record.step(StepRule.LACKING, total, out, value=mixture.undocumented)
        say = making_say(self._case, record, event.issuer, lot)
        key = key_of(self._case, record, event.credential)
        made = record.step(StepRule.MADE, said(event), say, key, value=Fraction(1), party=event.issuer, say=MAKING)
        return record.step(StepRule.MIX, made, *parts, lacking)

    def _part(self, amount: int, share: int | None) -> int:
        return self._record.step(StepRule.PART, amount, *(() if share is None else (share,)))

    def _came_out(self, event: EventStatement, lot: LotKey, mixture: Mixture) -> int:
        """How much of the lot came out."""
        amounts = [
            self._amount(event, portion)
            for portion in event.outputs
            if lot.covers(portion.lot) or portion.lot.covers(lot)
        ]
        return self._record.step(StepRule.SUM if mixture.made.stated else StepRule.OPEN, *amounts)

    # ---- inputs

    def _inputs(self, event: EventStatement, lot: LotKey, mixture: Mixture, out: int) -> Mapping[LotKey, int]:
        """The amount of each input; those that nobody weighed with their bounds."""
        found: dict[LotKey, int] = {}
        fractions: dict[LotKey, int] = {}
        leaves = {
            key: [self._amount(event, portion, used=True) for portion in event.inputs if portion.lot == key]
            for key in mixture.inputs
        }
        open_ended: list[LotKey] = []
        for key, amount in mixture.inputs.items():
            ever = self._ever(key) if amount.stated is None and len(mixture.inputs) > 1 else None
            if amount.stated is not None:
                found[key] = self._sum(leaves[key])
            elif ever is not None:
                found[key] = self._record.step(StepRule.BOUND, *leaves[key], ever)
            elif (fraction := self._fraction(key, lot)) is not None:
                fractions[key] = fraction
            else:
                open_ended.append(key)
        left = 1 - sum((self._record.share(one) for one in fractions.values()), _NONE)
        if not fractions or open_ended or left <= 0 or len(mixture.inputs) == 1:
            for key in (*fractions, *open_ended):
                found[key] = self._bounded_by_yield(event, key, mixture.inputs[key].high, leaves[key])
        else:
            rest = self._record.step(StepRule.SUM, *found.values())
            most = self._record.step(StepRule.MOST, rest, out, *fractions.values())
            for key, fraction in fractions.items():
                portion = self._record.step(StepRule.PORTION, most, fraction)
                found[key] = self._record.step(StepRule.BOUND, *leaves[key], portion)
        return {key: found[key] for key in mixture.inputs}

    def _bounded_by_yield(
        self, event: EventStatement, used: LotKey, most: Fraction | None, leaves: Sequence[int]
    ) -> int:
        """As much as can have been used for what came out, by what its class and theirs yield; else without bound."""
        if most is None:
            return self._record.step(StepRule.OPEN, *leaves)
        outputs = [self._amount(event, portion) for portion in event.outputs]
        classed = self._classed(used, *(portion.lot for portion in event.outputs))
        bound = self._record.step(StepRule.YIELD, *outputs, *classed, value=(_NONE, most), say=str(used))
        return self._record.step(StepRule.BOUND, *leaves, bound)

    def _classed(self, *lots: LotKey) -> Sequence[int]:
        """What the passports of lots say that they are."""
        found = [
            self._record.step(
                StepRule.STATED,
                said(one),
                key_of(self._case, self._record, one.credential),
                value=Fraction(1),
                party=one.issuer,
                say=PRODUCT,
            )
            for lot in lots
            for one in self._case.graph.passports_of(lot)
            if self._case.counts(one)
        ]
        return tuple(dict.fromkeys(found))

    def _sum(self, amounts: Sequence[int]) -> int:
        return amounts[0] if len(amounts) == 1 else self._record.step(StepRule.SUM, *amounts)

    def _ever(self, lot: LotKey) -> int | None:
        """As much as was ever made of the lot; None where its makers do not tell."""
        graph, counts = self._case.graph, self._case.counts
        if ever_made(graph, lot, counts) is None:
            return None
        made = [self._amount(event, portion) for event, portion in graph.outputs_of(lot) if counts(event)]
        return self._record.step(StepRule.EVER, *made)

    def _fraction(self, used: LotKey, lot: LotKey) -> int | None:
        graph = self._case.graph
        fraction = fraction_of(graph, used, lot, self._case.counts)
        passport = next((one for one in graph.passports_of(lot) if self._case.counts(one)), None)
        if fraction is None or passport is None:
            return None
        key = key_of(self._case, self._record, passport.credential)
        premises: tuple[Premise, ...] = (said(passport), key, *self._classed(used))
        return self._record.step(
            StepRule.FRACTION, *premises, value=fraction, party=passport.issuer, say=f"{PRODUCT} {used}"
        )

    # ---- amounts

    def _amount(self, event: EventStatement, portion: PortionStatement, *, used: bool = False) -> int:
        """So much of a lot, as the teller says; by the piece, what one weighs is whoever's who says it."""
        graph, amount = self._case.graph, amount_of(self._case.graph, portion)
        weighed = mass_of(graph, portion) is not None and kilograms(portion.said.quantity) is None
        passport = weighed_by(graph, portion.lot) if weighed else None
        premises = [key_of(self._case, self._record, event.credential)]
        if passport is not None:
            key = key_of(self._case, self._record, passport.credential)
            weight = unit_mass(graph, portion.lot)
            premises.append(
                self._record.step(
                    StepRule.WEIGHT,
                    said(passport),
                    key,
                    value=weight,
                    party=passport.issuer,
                    say=f"{PRODUCT} {passport.id}",
                )
            )
            ever = self._ever(portion.lot) if used and passport.issuer != event.issuer else None
            premises += [ever] if ever is not None else []
        where = said(event, portion.pointer)
        return self._record.step(
            StepRule.AMOUNT, where, *premises, value=(amount.low, amount.high), party=event.issuer, say=MAKING
        )

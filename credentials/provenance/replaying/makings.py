"""What a derivation shows of a claim: each part of it borne out, and of inputs what they have, making by making.

The rule: a step shows something of one lot only. A making's parts are all its inputs, each once, by the amounts of that
very event, and each has what its own step shows of that very lot. Of several ways each has to show it, of several
conditions one is enough.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from credentials.identifiers.canonical_ids import given_or_canonical, lot_key
from credentials.identifiers.lots import LotKey
from credentials.provenance.packs.rule_pack import RulePack
from credentials.provenance.replaying.grounds import Grounds
from credentials.provenance.replaying.stated_figures import (
    Atom,
    assessed_topics,
    atoms,
    bears_out,
    criteria,
    metric_of,
    same_score,
    share,
    topics,
)
from credentials.provenance.replaying.written_steps import WrittenStep
from credentials.provenance.statements.authority import operators
from credentials.provenance.statements.statement import (
    AssessmentStatement,
    ClaimStatement,
    EventStatement,
    FacilityStatement,
    PassportStatement,
    PortionStatement,
    Statement,
)
from credentials.untp.claim import Performance


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """What is asked of inputs: a share of one ``metric``, or conformity with ``criteria`` about ``topics``."""

    metric: str = ""
    criteria: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()


class Shown:
    """What steps show; each question is answered once."""

    def __init__(self, grounds: Grounds, pack: RulePack) -> None:
        self._grounds = grounds
        self._steps = grounds.steps
        self._pack = pack
        self._has: dict[tuple[int, Property, LotKey], bool] = {}
        self._borne: dict[tuple[int, int, Atom], bool] = {}
        self._whole: set[int] = set()

    def proves(self, step: WrittenStep, claim: ClaimStatement, asked: Property | None) -> bool:
        """Does ``step`` show the claim: by what was assessed of it, or by what its goods were made of?"""
        if step.rule == "less":
            return self.proves(self._steps[step.after[0]], claim, asked)
        if step.rule == "any" and not self._direct(step, claim):
            return all(self.proves(self._steps[one], claim, asked) for one in step.after)
        lot = claim.lot
        return self._direct(step, claim) or (asked is not None and lot is not None and self._made_so(step, asked, lot))

    def attested(self, step: WrittenStep, claim: ClaimStatement) -> bool:
        """Does an assessor bear out all that the claim says, beside what its goods were made of?"""
        if self._direct(step, claim):
            return True
        within = step.after if step.rule == "any" else step.after[:1] if step.rule == "less" else ()
        return any(self.attested(self._steps[one], claim) for one in within)

    # ---- what was assessed

    def _direct(self, step: WrittenStep, claim: ClaimStatement) -> bool:
        found = list(atoms(claim.said))
        return bool(found) and all(self._bears(step, claim, atom) for atom in found)

    def _bears(self, step: WrittenStep, claim: ClaimStatement, atom: Atom) -> bool:
        key = (step.number, id(claim), atom)
        if key not in self._borne:
            self._borne[key] = self._find_borne(step, claim, atom)
        return self._borne[key]

    def _find_borne(self, step: WrittenStep, claim: ClaimStatement, atom: Atom) -> bool:
        after = [self._steps[one] for one in step.after]
        if step.rule == "any":
            return bool(after) and all(self._bears(one, claim, atom) for one in after)
        if step.rule == "all":
            return any(
                self._bears(one, claim, atom) or (self._says(one, claim, atom) and self._is_lent(one, claim, after))
                for one in after
            )
        return self._says(step, claim, atom) and self._is_of(step, claim)

    def _says(self, step: WrittenStep, claim: ClaimStatement, atom: Atom) -> bool:
        """Is it a fact about this claim that bears this part of it out?"""
        if step.rule not in ("figure", "assessed") or self._grounds.at(step, 1, ClaimStatement) is not claim:
            return False
        if not self._grounds.is_heard(claim):
            return False
        kind, id = atom
        if not id and kind != "score":
            return False
        if step.rule == "figure":
            *_, figure = self._grounds.at(step, 0, Performance)
            return kind == "metric" and metric_of(figure) == id
        if step.say != f"attesting {kind} {id}":
            return False
        said = self._grounds.at(step, 0, AssessmentStatement)[-1].said
        if kind == "criterion":
            return not self._pack.same_as(id).isdisjoint(criteria(said.criteria))
        if kind == "topic":
            return id in assessed_topics(said)
        agrees = bears_out if kind == "metric" else same_score
        return any(
            agrees(mine, theirs)
            for mine in claim.said.performance
            if metric_of(mine) == id
            for theirs in said.performance
        )

    def _assessment(self, step: WrittenStep) -> AssessmentStatement:
        kind = Performance if step.rule == "figure" else AssessmentStatement
        found: AssessmentStatement = self._grounds.at(step, 0, kind)[1]
        return found

    def _is_of(self, step: WrittenStep, claim: ClaimStatement) -> bool:
        """Was the very lot, or the place that claims, assessed?"""
        assessment = self._assessment(step)
        if claim.lot is None:
            return claim.facility in assessment.facilities
        keys = [
            lot_key(one.id or "", batch=one.batch_number or "", item=one.item_number or "")
            for one in assessment.said.products
        ]
        return any(one.covers(claim.lot) for one in (*keys, *assessment.lots))

    def _is_lent(self, step: WrittenStep, claim: ClaimStatement, beside: list[WrittenStep]) -> bool:
        """Do the statements beside it lend the certificate of a place or company: who made the lot, and where?"""
        assessment, lot = self._assessment(step), claim.lot

        def made(told: Statement) -> bool:
            is_own = not isinstance(told, ClaimStatement) or told is claim
            return is_own and not isinstance(told, FacilityStatement) and _is_about(told, lot)

        def by_company(told: Statement) -> bool:
            return made(told) and given_or_canonical(told.issuer) == assessment.organisation

        def there(told: Statement) -> bool:
            return made(told) and getattr(told, "facility", "") in places and told.issuer in running

        def place(told: Statement) -> bool:
            return isinstance(told, FacilityStatement) and told.facility in places

        def dated(told: Statement) -> bool:
            return made(told) and isinstance(told, EventStatement) and told.at is not None

        if any(self._is_told_of(event, lot) for event in self._grounds.makings) and not self._told(beside, dated):
            return False
        places = self._one_place(assessment.facilities)
        running = self._running(places)
        if assessment.organisation and self._told(beside, by_company):
            return True
        return bool(places) and self._told(beside, there) and self._told(beside, place)

    def _is_told_of(self, event: EventStatement, lot: LotKey | None) -> bool:
        """Does somebody whose word the derivation rests on say in it when the lot was made?"""
        known = event.at is not None and lot is not None and _is_about(event, lot)
        return known and event.issuer in self._grounds.speaking

    def _one_place(self, facilities: tuple[str, ...]) -> frozenset[str]:
        """Every id of the assessed places, by the records that the derivation names."""
        found = set(facilities)
        for step in self._steps:
            told = (
                self._grounds.at(step, 0, FacilityStatement) if step.rule == "stated" and step.say == "place" else None
            )
            if told is not None and not found.isdisjoint({told.facility, *told.aliases}):
                found |= {told.facility, *told.aliases}
        return frozenset(found)

    def _running(self, places: frozenset[str]) -> frozenset[str]:
        """Whom the named records of the places say to own or run them."""
        told = [
            self._grounds.at(step, 0, FacilityStatement)
            for step in self._steps
            if step.rule == "stated" and step.say == "place"
        ]
        return operators(one for one in told if one.facility in places)

    def _told(self, steps: list[WrittenStep], fits: Callable[[Statement], bool]) -> bool:
        """Is a fitting statement among the conditions, whichever of several ways counts?"""
        for step in steps:
            after = [self._steps[one] for one in step.after]
            if step.rule == "stated":
                told = self._grounds.at(step, 0, EventStatement, PassportStatement, ClaimStatement, FacilityStatement)
                found = step.say != "product" and fits(told)
            elif step.rule == "any":
                found = all(self._told([one], fits) for one in after)
            else:
                found = step.rule == "all" and self._told(after, fits)
            if found:
                return True
        return False

    # ---- what it was made of

    def _made_so(self, step: WrittenStep, asked: Property, lot: LotKey) -> bool:
        """Does the step show that the lot has it? While a circle is gone round, as much as the round before had."""
        key = (step.number, asked, lot)
        if key not in self._has:
            self._has[key] = True
            self._has[key] = self._find(step, asked, lot)
        return self._has[key]

    def _find(self, step: WrittenStep, asked: Property, lot: LotKey) -> bool:
        after = [self._steps[one] for one in step.after]
        if step.rule == "any":
            return all(self._made_so(one, asked, lot) for one in after)
        if step.rule == "again":
            return all(self._made_so(one, asked, lot) for one in after)
        if step.rule == "mix":
            self._check_whole(step)
            event, say = self._grounds.at(after[0], 0, EventStatement), self._grounds.step_of(after[0], "say")
            if say is None or say.say != f"making {lot.id}":
                return False  # the say is of another lot that came out of it
            return any(_meet(one.lot, lot) for one in event.outputs) and all(
                self._made_so(self._steps[part.after[1]], asked, self._input_of(part))
                for part in after[1:-1]
                if len(part.after) > 1
            )
        if step.rule == "pool":
            self._check_pool(step, lot)
            return all(self._made_so(self._steps[one.after[1]], asked, lot) for one in after if len(one.after) > 1)
        if step.rule == "all" and any(one.rule in ("mix", "pool") for one in after):
            return any(self._made_so(one, asked, lot) for one in after)
        theirs = self._claim_of(step)
        return (
            theirs is not None
            and theirs.lot is not None
            and theirs.lot.covers(lot)
            and self._speaks(step, theirs, asked)
        )

    def _claim_of(self, step: WrittenStep) -> ClaimStatement | None:
        """The claim that the first fact under a step is about."""
        waiting, seen = [step.number], {step.number}
        while waiting:
            one = self._steps[waiting.pop(0)]
            if one.rule in ("figure", "assessed"):
                found: ClaimStatement = self._grounds.at(one, 1, ClaimStatement)
                return found
            more = [number for number in one.after if number not in seen]
            seen.update(more)
            waiting += more
        return None

    def _speaks(self, step: WrittenStep, theirs: ClaimStatement, asked: Property) -> bool:
        """Does it bear out a claim of the same property?"""
        if asked.metric:
            figures = {(metric_of(one), share(one.measure)) for one in theirs.said.performance}
            same = len(figures) == 1 and next(iter(figures))[0] == asked.metric
        else:
            told = {one for id in criteria(theirs.said.criteria) for one in self._pack.same_as(id)}
            same = bool(asked.criteria) and asked.criteria <= told and asked.topics <= topics(theirs.said.topics)
        return same and self._direct(step, theirs)

    # ---- one making

    def _input_of(self, part: WrittenStep) -> LotKey:
        return self._lots(self._steps[part.after[0]])[0].lot

    def _lots(self, amount: WrittenStep) -> list[PortionStatement]:
        """The portions that an amount is of; a bound's last premise bounds it and is none."""
        if amount.rule == "amount":
            return [self._grounds.at(amount, 0, PortionStatement)[1]]
        after = [self._steps[one] for one in amount.after]
        leaves = after[:-1] if amount.rule == "bound" else after
        if amount.rule not in ("sum", "bound", "open") or not leaves:
            raise amount.refused("it is no amount of portions.")
        return [portion for one in leaves for portion in self._lots(one)]

    def _check_whole(self, mix: WrittenStep) -> None:
        """All inputs of the event, each once, and what came out of it: nothing is left out of a mixture."""
        if mix.number in self._whole:
            return
        self._whole.add(mix.number)
        made, *parts, lacking = (self._steps[one] for one in mix.after)
        if made.rule != "made" or lacking.rule != "lacking" or any(one.rule != "part" for one in parts):
            raise mix.refused("it is no mixture of parts.")
        event = self._grounds.at(made, 0, EventStatement)
        amounts = [self._steps[part.after[0]] for part in parts]
        used = [self._lots(one) for one in amounts]
        if sorted(one.pointer for each in used for one in each) != sorted(one.pointer for one in event.inputs):
            raise mix.refused("its parts are not all that went in, each once.")
        if any(not self._of_event(one, event) for one in amounts) or any(
            len({one.lot for one in each}) > 1 for each in used
        ):
            raise mix.refused("a part is of several lots, or of another making.")
        total, out = (self._steps[one] for one in lacking.after)
        if total.rule != "sum" or list(total.after) != [one.number for one in amounts]:
            raise lacking.refused("it is not less all that went in.")
        self._check_out(out, event)
        for amount, portions in zip(amounts, used, strict=True):
            if amount.rule == "bound":
                self._check_bound(amount, portions[0].lot, event, amounts, out)

    def _of_event(self, amount: WrittenStep, event: EventStatement) -> bool:
        if amount.rule == "amount":
            return self._grounds.at(amount, 0, PortionStatement)[0] is event
        leaves = amount.after[:-1] if amount.rule == "bound" else amount.after
        return all(self._of_event(self._steps[one], event) for one in leaves)

    def _check_out(self, out: WrittenStep, event: EventStatement) -> None:
        amounts = [self._steps[one] for one in out.after]
        told = [self._lots(one)[0].pointer for one in amounts if self._of_event(one, event)]
        if out.rule != "out" or told != [one.pointer for one in event.outputs]:
            raise out.refused("it is not all that came out.")

    def _check_bound(
        self, bound: WrittenStep, used: LotKey, event: EventStatement, amounts: list[WrittenStep], out: WrittenStep
    ) -> None:
        by = self._steps[bound.after[-1]]
        if by.rule == "ever":
            if not all(_meet(one, used) for one in self._grounds.lots_of_outputs(by)):
                raise by.refused("another lot was made there.")
        elif by.rule == "portion":
            most, fraction = (self._steps[one] for one in by.after)
            rest = self._steps[most.after[0]]
            others = [one.number for one in amounts if not self._is_portion_of(one, most)]
            passport = self._grounds.at(fraction, 0, PassportStatement)
            if list(rest.after) != others or most.after[1] != out.number or fraction.say != f"product {used}":
                raise by.refused("it is not bounded by what else went in.")
            if not any(_meet(passport.lot, one.lot) for one in event.outputs):
                raise fraction.refused("the passport is not of what came out.")
        elif (
            by.rule != "yield"
            or by.say != str(used)
            or not all(self._of_event(self._steps[one], event) for one in by.after if self._steps[one].rule == "amount")
        ):
            raise by.refused("nothing bounds an amount so.")

    def _is_portion_of(self, amount: WrittenStep, most: WrittenStep) -> bool:
        by = self._steps[amount.after[-1]] if amount.rule == "bound" else None
        return by is not None and by.rule == "portion" and by.after[0] == most.number

    def _check_pool(self, pool: WrittenStep, lot: LotKey) -> None:
        """Every making of the lot that its tellers tell of, each by what came out of it."""
        told: list[EventStatement] = []
        for part in (self._steps[one] for one in pool.after):
            amount = self._steps[part.after[0]]
            leaves = [self._steps[one] for one in amount.after] if amount.rule in ("sum", "open") else [amount]
            events = [self._grounds.at(one, 0, PortionStatement)[0] for one in leaves]
            mix = self._steps[part.after[1]] if len(part.after) > 1 else None
            if part.rule != "part" or not events or any(one is not events[0] for one in events):
                raise part.refused("it is not what came out of one making.")
            if mix is not None and (
                mix.rule != "mix" or self._grounds.at(self._steps[mix.after[0]], 0, EventStatement) is not events[0]
            ):
                raise part.refused("it is mixed in another making.")
            told.append(events[0])
        tellers = {event.issuer for event in told}
        known = {event.id for event in told}
        for event in self._grounds.makings:
            if event.issuer in tellers and event.id not in known and any(lot.covers(one.lot) for one in event.outputs):
                raise pool.refused(f"{event.id} made of it as well.")


def _meet(one: LotKey, other: LotKey) -> bool:
    return one.covers(other) or other.covers(one)


def _is_about(told: Statement, lot: LotKey | None) -> bool:
    """Is it a statement of the making of the lot; of a place's own claim, of any?"""
    if lot is None:
        return True
    if isinstance(told, EventStatement):
        return any(_meet(one.lot, lot) for one in told.outputs)
    mine = told.lot if isinstance(told, (PassportStatement, ClaimStatement)) else None
    return mine is not None and _meet(mine, lot)

"""Controls: each rule of who has a say, of what a document is and of what is not known, taken away alone.

The rule is replaced in the test; the program has no switch for it. With it gone the steps beside it do harm: something
false is VERIFIED, a stranger changes what is decided, or honest documents are called a lie or leave the truth out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import pytest

from tests.adversary import removals as gone
from tests.adversary.judging import Answer, ask
from tests.adversary.programs import Program
from tests.adversary.properties import defamations, false_proofs, false_refusals, is_proven_beyond_truth, truths_outside
from tests.adversary.removals import Patch
from tests.adversary.world import World
from tests.adversary.writing import write


@dataclass(frozen=True, slots=True)
class Control:
    """``rule`` is a key of ``RULES``; after ``program`` its ``patch`` must do harm, and without it there is none.

    Not ``harmful``: the rule guards what no property sees; then the answer must be another one.
    """

    rule: str
    program: str
    patch: Patch
    harmful: bool = True

    @property
    def moves(self) -> tuple[str, ...]:
        """The moves that it is a control of."""
        return tuple(step.move for step in Program.parse(self.program).steps)

    def holds(self, found: Outcome) -> bool:
        """Does the move do nothing with the rule, and what it should without it?"""
        return not found.harm and bool(found.harm_without if self.harmful else found.changed)

    def outcome(self) -> Outcome:
        """What comes of the program with the rule and without it."""
        whole = Program.parse(self.program)
        world = whole.played[0]
        with_rule, harm = ask(world), tuple(_harm(whole))
        with pytest.MonkeyPatch.context() as patch:
            self.patch(patch)
            without = ask(world)
            return Outcome(harm=harm, harm_without=tuple(_harm(whole)), changed=with_rule.decided != without.decided)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What breaks with the rule, what breaks without it, and does the rule change what is decided?"""

    harm: tuple[str, ...]
    harm_without: tuple[str, ...]
    changed: bool


def _harm(program: Program) -> Iterator[str]:
    """What breaks; asked anew each time, since a rule may have been taken away."""
    world = program.played[0]
    answer = ask(world)
    yield from false_proofs(world, answer)
    rest = program.without_strangers
    if rest != program:
        yield from defamations(ask(rest.played[0]), answer)
    if program.honest_part == program:
        yield from (*truths_outside(world, answer), *false_refusals(answer), *_blamed(world, answer))
    elif is_proven_beyond_truth(world, answer):
        yield "A share is shown to be above what it is."


def _blamed(world: World, answer: Answer) -> Iterator[str]:
    """Something is found wrong where everything is there and true."""
    if set(world.documents) == set(honest_documents(world)):
        yield from (f"{rule} of {subject} is found wrong." for rule, subject in sorted(answer.findings()))


def honest_documents(world: World) -> Mapping[str, object]:
    """The documents of the honest world that this one was made of."""
    return write(world.chain).documents


#: The rules in our own words: who has a say, what a document is, and what is not known is never good.
RULES: Final[Mapping[str, str]] = {
    # who has a say
    "goods": "Whoever controls an identifier speaks of what it names, and nobody else does.",
    "making": "What a lot was made of is told by who controls it or is named as its maker.",
    "made there": "A place lends its certificates to lots whose maker it names and that name it.",
    "place": "A place is spoken of by who controls its identifier.",
    "handing over": "Who holds a lot tells of sending it, who is named as its receiver of receiving it.",
    "using up": "Who holds a lot tells of using it up.",
    "assessing": "Who is recognised for a criterion assesses by it, and by no other.",
    "refusing": "A refusal counts by whoever is recognised, as a confirmation does.",
    "accrediting": "Who is on the trust list accredits; others as far as the entry delegates.",
    "status": "The status of a document is told by its issuer.",
    "identity": "Who a party is is told by registers on the trust list.",
    "metrics": "What a metric means is told by our tables and by who assesses, never by who claims.",
    "independence": "Neighbours on one host are one party until registers tell them apart.",
    "issued to": "A certificate bears out claims of whom it was issued to, about what was assessed.",
    # documents
    "issuer and id": "A document is replaced by its own issuer alone.",
    "broken papers": "A broken document that answers nothing is nobody's fault.",
    "equivocation": "Two documents of one issuer and id that differ are worth what both say.",
    "newest list": "The newest status list counts, whichever was found first.",
    "pins": "Whose key it is must be known: pinned, committed to, or resolved.",
    # what is not known is never good
    "one life": "A document holds as long as its dates and its token both say.",
    "time of use": "A certificate was in force when the thing happened, and the thing was there when it was assessed.",
    "a date is a day": "A date without an hour is a day, and only what is certainly late is late.",
    "status fails closed": "A status that cannot be read is not good.",
    "disputed mass": "Mass that a finding disputes is in no lower bound.",
    "exit code": "The command ends with 0 only where every claim is VERIFIED.",
    "intervals": "A stated amount is its whole tolerance.",
    "unweighed": "What nobody weighed can be as heavy as anything.",
    "yields": "No process yields more than it can.",
    "silence": "Of what nobody speaks nothing is known.",
    "assessed figures": "A claimed figure is no better than the assessed one.",
    "ledger": "A place gives away no more than came, by the policy's tolerance and not its own.",
    "origins": "An origin is declared by who may, and shown by who is recognised.",
    "conjunction": "A claim is as good as its worst part.",
    "scores": "A score is borne out by the same score.",
    "kind of metric": "Only shares of mass are lifted by mass.",
    "self-assessment": "Who says that it assessed itself attests nothing.",
    "attested words": "What is shown as attested is in the assessor's words.",
}

#: What is taken away, and the moves that then do harm.
CONTROLS: Final = (
    Control("goods", "cotton/3/1 stranger-passport:1", gone.GOODS),
    Control("goods", "coffee/3/1 second-spelling:1", gone.GOODS),
    Control("goods", "cotton/3/1 tenant-passport:1", gone.GOODS),
    Control("goods", "cotton/3/1 guest-passport:1", gone.GOODS),
    Control("making", "cotton/3/1 stranger-making:1", gone.MAKING),
    Control("made there", "cotton/3/1 withheld-place:0", gone.THERE, harmful=False),
    Control("made there", "cotton/3/1 borrowed-place:1", gone.THERE_AND_TO_ANYBODY),
    Control("place", "cotton/3/1 stranger-place:1", gone.PLACE),
    Control("handing over", "bottles/6/1 stranger-sale:0", gone.SENT_BY_ANYBODY),
    Control("handing over", "bottles/6/1 stranger-receipt:0", gone.SENT_BY_ANYBODY),
    Control("using up", "cotton/3/1 stranger-use:1", gone.USING),
    Control("using up", "cotton/3/1 stranger-scrap:1", gone.USING),
    Control("using up", "coffee/5/1 stranger-batch-name:5", gone.USING),
    Control("assessing", "cotton/3/1 widened-scope:1", gone.ANY_SCOPE),
    Control("refusing", "cotton/3/1 stranger-refusal:1", gone.HEARD),
    Control("accrediting", "cotton/3/1 friend-accreditation:1", gone.ONWARDS),
    Control("status", "cotton/3/1 foreign-list:1", gone.LIST_OF_ANYBODY),
    Control("identity", "cotton/3/1 withheld-anchor:0 stranger-anchor:1", gone.ANY_REGISTER),
    Control("identity", "cotton/3/1 withheld-anchor:1", gone.LISTED, harmful=False),
    Control("metrics", "cotton/3/1 own-metric:1", gone.BY_OUR_TABLE),
    Control("independence", "cotton/3/1 neighbour-certificate:1", gone.EVERYBODY_IS_SOMEBODY_ELSE),
    Control("issued to", "cotton/3/1 borrowed-place:1", gone.ISSUED_TO_ANYBODY),
    Control("issued to", "cotton/3/1 borrowed-company:1", gone.ISSUED_TO_ANYBODY),
    Control("issued to", "battery/3/1 figure-of-another:1", gone.ANY_OBJECT),
    Control("issuer and id", "cotton/3/1 decoy-id:1", gone.BY_ID),
    Control("issuer and id", "cotton/3/1 stranger-decoy:1", gone.BY_ID),
    Control("broken papers", "cotton/3/1 stranger-broken-file:1", gone.BROKEN_COUNTS),
    Control("broken papers", "cotton/3/1 stranger-broken-copy:1", gone.BROKEN_COUNTS),
    Control("equivocation", "cotton/3/1 equivocation:1 token-not-yet:1", gone.FIRST_WORD),
    Control("equivocation", "cotton/3/1 two-passports:1", gone.ONE_WORD, harmful=False),
    Control("newest list", "cotton/3/1 stale-list:1", gone.ANY_LIST),
    Control("pins", "cotton/3/1 foreign-did-document:1", gone.ANY_KEY),
    Control("one life", "cotton/3/1 token-expired:1", gone.NO_TOKEN),
    Control("one life", "cotton/3/1 token-not-yet:1", gone.NO_TOKEN),
    Control("time of use", "cotton/3/1 free-claim-date:1", gone.ANY_TIME),
    Control("time of use", "battery/3/1 back-dating:1", gone.ANY_TIME),
    Control("time of use", "cotton/3/1 far-future:1", gone.ANY_TIME),
    Control("time of use", "cotton/3/1 after-the-question:1", gone.ANY_TIME),
    Control("a date is a day", "cotton/3/1 day-alone:1", gone.TO_THE_SECOND),
    Control("status fails closed", "cotton/3/1 status-index-in-words:1", gone.STATUS_OPEN),
    Control("status fails closed", "cotton/3/1 status-purpose-unknown:1", gone.STATUS_OPEN),
    Control("status fails closed", "cotton/3/1 status-purpose-capital:1", gone.STATUS_OPEN),
    Control("status fails closed", "cotton/3/1 status-type-unknown:1", gone.STATUS_OPEN),
    Control("disputed mass", "bottles/3/1 use-beyond-receipt:1", gone.NOTHING_DISPUTED),
    Control("exit code", "cotton/3/1 extra-topic:1", gone.ALWAYS_ZERO),
    Control("intervals", "cotton/5/1 rough-weight:1", gone.WITHOUT_TOLERANCE),
    Control("unweighed", "cotton/3/1 unstated-amount:1", gone.WEIGHS_NOTHING),
    Control("unweighed", "cotton/3/1 negative-amount:1", gone.WEIGHS_NOTHING),
    Control("yields", "coffee/4/1 impossible-yield:1", gone.NO_BANDS),
    Control("silence", "cotton/3/1 withheld-certificate:1", gone.UNKNOWN_IS_GOOD),
    Control("silence", "cotton/3/1 withheld-making:1", gone.UNKNOWN_IS_GOOD),
    Control("silence", "cotton/3/1 withheld-passport:0", gone.UNKNOWN_IS_GOOD),
    Control("assessed figures", "battery/3/1 better-figure:1", gone.ANY_FIGURE),
    Control("assessed figures", "cotton/3/1 no-figure:1", gone.ANY_FIGURE),
    Control("assessed figures", "cotton/3/1 other-metric:1", gone.ANY_FIGURE),
    Control("ledger", "bottles/3/1 use-beyond-receipt:1", gone.NO_LEDGER),
    Control("ledger", "bottles/3/1 resale-beyond-receipt:1", gone.NO_LEDGER),
    Control("ledger", "bottles/3/1 own-tolerance:1", gone.NO_LEDGER),
    Control("ledger", "bottles/3/1 use-beyond-receipt:1 withheld-receipt:1", gone.NO_LEDGER),
    Control("ledger", "bottles/3/1 use-beyond-receipt:1 withheld-shipment:1", gone.NO_LEDGER),
    Control("origins", "cotton/5/1 own-origin:0", gone.ANY_ORIGIN, harmful=False),
    Control("conjunction", "cotton/3/1 extra-criterion:1", gone.BEST_ATOM),
    Control("conjunction", "cotton/3/1 extra-topic:1", gone.BEST_ATOM),
    Control("scores", "cotton/3/1 extra-score:1", gone.ANY_SCORE),
    Control("kind of metric", "cotton/3/1 own-metric:1", gone.STATED_BY_NAME),
    Control("self-assessment", "cotton/3/1 self-assessment:1", gone.ANY_LEVEL),
    Control("attested words", "cotton/3/1 free-text:1", gone.OWN_WORDS),
)

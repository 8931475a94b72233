"""Steps: what a derivation is made of. A fact is what a party states of the world, a licence lets facts count.

The rule: a step names its rule, what it follows from (earlier steps, statements by digest and JSON pointer), and its
value. Facts have a party and the say by which its word counts. The table of rules is docs/derivation.md; nothing else
decides what a rule means.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final, TypeAlias


class StepRule(StrEnum):
    """What a step does; the sections of docs/derivation.md."""

    # facts
    FIGURE = "figure"  # an assessed figure guarantees so much
    ASSESSED = "assessed"  # something without a figure was assessed
    STATED = "stated"  # a statement that an inherited certificate needs: made by whom, where, when
    MADE = "made"  # of this and of nothing else it was made
    AMOUNT = "amount"  # so much of it
    WEIGHT = "weight"  # so much weighs one
    FRACTION = "fraction"  # at most so much of it is such material
    # amounts
    SUM = "sum"
    EVER = "ever"  # no more than was ever made
    OPEN = "open"  # from nothing to without bound
    YIELD = "yield"  # as much as can have been used for what came out
    BOUND = "bound"  # from nothing to a bound
    OUT = "out"  # what came out, at most
    MOST = "most"  # what all inputs weigh at most, by the fractions of a passport
    PORTION = "portion"  # that part of it
    LACKING = "lacking"  # what came out beyond what can have gone in
    # shares
    PART = "part"  # an amount and what it has of the thing asked for
    MIX = "mix"
    POOL = "pool"
    ANY = "any"
    ALL = "all"
    AGAIN = "again"
    AGAINST = "against"
    LESS = "less"
    # licences
    KEY = "key"
    LISTED = "listed"
    ACCREDITED = "accredited"
    SAY = "say"


FACTS: Final = frozenset(
    {
        StepRule.FIGURE,
        StepRule.ASSESSED,
        StepRule.STATED,
        StepRule.MADE,
        StepRule.AMOUNT,
        StepRule.WEIGHT,
        StepRule.FRACTION,
    }
)
LICENCES: Final = frozenset({StepRule.KEY, StepRule.LISTED, StepRule.ACCREDITED, StepRule.SAY})


@dataclass(frozen=True, slots=True, order=True)
class Said:
    """Where a statement stands: the SHA-256 of its document's bytes (hex), and a JSON pointer into its credential."""

    digest: str
    pointer: str


#: The number of an earlier step, or a statement.
Premise: TypeAlias = int | Said
#: A mass in kilograms, from a least to a most; None: nothing bounds it.
Mass: TypeAlias = tuple[Fraction, Fraction | None]
#: A share 0..1 or a number, a mass, a mass with a share, words, or nothing known.
Value: TypeAlias = Fraction | Mass | tuple[Fraction, Fraction | None, Fraction] | str | None


@dataclass(frozen=True, slots=True)
class DerivedStep:
    """One step; ``party`` and ``say`` are "" but for facts and licences."""

    rule: StepRule
    premises: tuple[Premise, ...]
    value: Value
    party: str = ""
    say: str = ""

    @property
    def after(self) -> tuple[int, ...]:
        """The numbers of the steps it follows from."""
        return tuple(one for one in self.premises if isinstance(one, int))


@dataclass(frozen=True, slots=True)
class Derivation:
    """The steps of a report, each after what it follows from but for ``again``; ``roots``: claim to its last step.

    Claims are named by their place in the report. Of a claim without a root nothing is proven.
    """

    steps: tuple[DerivedStep, ...] = ()
    roots: tuple[tuple[int, int], ...] = ()

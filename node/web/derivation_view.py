"""A claim's derivation as its page draws it: who says what, and what follows from it, as lines that fold.

The rule: each step is told once, in our words, below the step that it is needed for; where another step needs it too,
its number stands there. Nothing is worked out here. See docs/derivation.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

from credentials.encoding.document import Json
from credentials.provenance import Report
from credentials.provenance.report.explain import percent
from credentials.provenance.report.figures import number

#: More steps than this are for a program: they are in the report.
MOST_STEPS: Final = 400
_DEEPEST: Final = 24  # lines that fold in one another; deeper ones stand beside each other

#: Rule of a step → what it says, in our words; {who} is its party, {value} its value.
_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "figure": "{who} assessed a figure that guarantees at least {value}",
        "assessed": "{who} assessed it",
        "stated": "{who} states what the certificate needs: who made it, where or when",
        "made": "{who} states what it was made of, and of nothing else",
        "amount": "{who} states the amount: {value}",
        "weight": "{who} states what one piece weighs: {value}",
        "fraction": "{who} states that it is at most {value} such material",
        "sum": "Together {value}",
        "ever": "No more of it than was ever made: {value}",
        "open": "Nobody weighed it: {value}",
        "yield": "As much as can have been used for what came out: {value}",
        "bound": "At most {value}",
        "out": "What came out weighs at most {value}",
        "most": "All that went in weighs at most {value}",
        "portion": "That part of it weighs {value}",
        "lacking": "Came out beyond what went in: {value}",
        "part": "A part of it: {value}",
        "mix": "Mixed of these parts it has at least {value}",
        "pool": "Of all its makings it has at least {value}",
        "any": "The best shown of these ways: {value}",
        "all": "All of these are needed, the least counts: {value}",
        "again": "Goes round in a circle: {value} in the round before",
        "against": "Disputed or not shown: {value}",
        "less": "Less what is disputed: {value}",
        "key": "{who} signed it; the key is {value}",
        "listed": "{who} is on the trust list",
        "accredited": "{who} vouches for {value}",
        "say": "{who} has the say about it, by {value}",
    }
)
_MASS_VALUES: Final = frozenset({"out", "most", "lacking", "weight"})


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """One line: ``opens`` folds what follows from ``closes`` lines later; ``again`` is a step told elsewhere.

    ``party`` is a DID, "" where nobody in particular says it; ``ids`` name the documents it is read from.
    """

    number: int
    words: str = ""
    party: str = ""
    about: str = ""
    ids: tuple[str, ...] = ()
    again: bool = False
    opens: bool = False
    closes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivationView:
    """The derivation of one claim: its steps in the order of the drawing, none where there are too many."""

    steps: int
    lines: tuple[StepLine, ...]


def derivation_views(report: Report) -> Sequence[DerivationView | None]:
    """The drawing of each claim, in the order of the report; None where nothing is proven."""
    documents, steps = report.derivation["documents"], report.derivation["steps"]
    if not isinstance(documents, list) or not isinstance(steps, list):
        return [None for _ in report.claims]
    ids = {one.digest: one.id for one in report.inputs}
    drawing = _Drawing(steps, [ids.get(str(one), str(one)) for one in documents], report.names)
    return [drawing.of(one.derivation) if one.derivation is not None else None for one in report.claims]


@dataclass(frozen=True, slots=True)
class _Drawing:
    """The steps of a report, and where they are read from."""

    steps: Sequence[Any]
    ids: Sequence[str]
    names: Mapping[str, str]

    def of(self, root: int) -> DerivationView:
        """The steps below ``root``, depth first."""
        needed = self._needed(root)
        if len(needed) > MOST_STEPS:
            return DerivationView(steps=len(needed), lines=())
        return DerivationView(steps=len(needed), lines=tuple(self._lines(root)))

    def _needed(self, root: int) -> set[int]:
        found, waiting = {root}, [root]
        while waiting and len(found) <= MOST_STEPS:
            for one in self._after(waiting.pop()):
                if one not in found:
                    found.add(one)
                    waiting.append(one)
        return found

    def _after(self, step: int) -> list[int]:
        return [one for one in self.steps[step]["from"] if isinstance(one, int)]

    def _lines(self, root: int) -> Iterator[StepLine]:
        told: set[int] = set()
        waiting: list[tuple[int, int]] = [(root, 0)]  # a step (-1: end of one that folds), and how deep it lies
        while waiting:
            number_, depth = waiting.pop()
            if number_ < 0:
                yield StepLine(number=-1, closes=True)
            elif number_ in told:
                yield self._line(number_, again=True)
            else:
                told.add(number_)
                after = self._after(number_)
                opens = bool(after) and depth < _DEEPEST
                yield self._line(number_, opens=opens)
                waiting += [(-1, 0)] if opens else []
                waiting += [(one, depth + 1) for one in reversed(after)]

    def _line(self, number_: int, *, again: bool = False, opens: bool = False) -> StepLine:
        step = self.steps[number_]
        party = str(step["party"])
        words = _WORDS.get(step["rule"])
        return StepLine(
            number=number_,
            words=words.format(who=self.names.get(party) or party, value=self._value(step)) if words else step["rule"],
            party=party,
            about=self._about(str(step["say"])),
            ids=()
            if again
            else tuple(dict.fromkeys(self.ids[one[0]] for one in step["from"] if isinstance(one, list))),
            again=again,
            opens=opens,
        )

    def _about(self, say: str) -> str:
        """What the word of the party counts about: the ids in it by their names."""
        return " ".join(f"“{self.names[word]}”" if word in self.names else word for word in say.split(" "))

    def _value(self, step: Mapping[str, Any]) -> str:
        rule, value = step["rule"], step["value"]
        if rule == "part":
            return f"{_mass(value[:2])}, of which {_share(value[2])} counts"
        if isinstance(value, list):
            return _mass(value)
        if value is None:
            return "not known"
        if rule in _MASS_VALUES:
            return f"{number(Fraction(value))} kg"
        if rule in ("key", "listed", "accredited", "say"):
            return self.names.get(value) or str(value)
        return _share(value)


def _mass(value: Sequence[Json]) -> str:
    least, most = value
    if most is None:
        return f"{number(Fraction(str(least)))} kg or more"
    if least == most:
        return f"{number(Fraction(str(least)))} kg"
    return f"{number(Fraction(str(least)))} to {number(Fraction(str(most)))} kg"


def _share(value: Json) -> str:
    return percent(float(Fraction(str(value))))

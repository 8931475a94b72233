"""A derivation as a report has it: steps read strictly, as numbers and places, and nothing believed yet.

The rule: what docs/derivation.md does not allow is refused by its place. Numbers are exact, in lowest terms and not
negative; a step follows from earlier ones alone, but for ``again``; what is too long is refused before it is worked on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, TypeAlias

from credentials.encoding.document import Json, JsonObject
from credentials.errors import CredentialsError

#: So many steps, premises of one step, and letters of a number at most.
MOST_STEPS: Final = 1_000_000
_MOST_PREMISES: Final = 100_000
_LONGEST: Final = 2_000
_NUMBER: Final = re.compile(r"(0|[1-9][0-9]*)(/[1-9][0-9]*)?")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")

FACTS: Final = frozenset({"figure", "assessed", "stated", "made", "amount", "weight", "fraction"})
LICENCES: Final = frozenset({"key", "listed", "accredited", "say"})
_MASSES: Final = frozenset({"amount", "sum", "ever", "open", "yield", "bound", "portion"})
_UNKNOWN: Final = frozenset({"out", "most"})
_SHARES: Final = frozenset({"lacking", "mix", "pool", "any", "all", "again", "against", "less"})
_RULES: Final = FACTS | LICENCES | _MASSES | _UNKNOWN | _SHARES | {"part"}
#: How many statements a step names, where that is not "none".
_STATEMENTS: Final[Mapping[str, int]] = {
    "figure": 2,
    "assessed": 2,
    "stated": 1,
    "made": 1,
    "amount": 1,
    "weight": 1,
    "fraction": 1,
    "accredited": 1,
}

_AMOUNTS: Final = frozenset({"amount", "sum", "bound", "open"})
_SHARE: Final = frozenset({"figure", "assessed", "stated", "mix", "pool", "any", "all", "again", "less"})
#: The rules that a step follows from: what comes first, what repeats after it, and what comes last.
_FOLLOWS: Final[Mapping[str, tuple[tuple[frozenset[str], ...], frozenset[str], tuple[frozenset[str], ...]]]] = {
    "figure": ((), frozenset({"listed", "accredited", "key"}), ()),
    "assessed": ((), frozenset({"listed", "accredited", "key"}), ()),
    "stated": ((frozenset({"key"}),), frozenset(), ()),
    "made": ((frozenset({"say"}), frozenset({"key"})), frozenset(), ()),
    "amount": ((frozenset({"key"}),), frozenset({"weight", "ever"}), ()),
    "weight": ((frozenset({"key"}),), frozenset(), ()),
    "fraction": ((frozenset({"key"}), frozenset({"stated"})), frozenset({"stated"}), ()),
    "accredited": ((frozenset({"listed", "accredited"}), frozenset({"key"})), frozenset(), ()),
    "sum": ((), _AMOUNTS, ()),
    "ever": ((frozenset({"amount"}),), frozenset({"amount"}), ()),
    "open": ((), frozenset({"amount"}), ()),
    "yield": ((frozenset({"amount"}),), frozenset({"amount", "stated"}), ()),
    "bound": ((frozenset({"amount"}),), frozenset({"amount"}), (frozenset({"ever", "portion", "yield"}),)),
    "out": ((frozenset({"amount"}),), frozenset({"amount"}), ()),
    "most": ((frozenset({"sum"}), frozenset({"out"}), frozenset({"fraction"})), frozenset({"fraction"}), ()),
    "portion": ((frozenset({"most"}), frozenset({"fraction"})), frozenset(), ()),
    "lacking": ((frozenset({"sum"}), frozenset({"out"})), frozenset(), ()),
    "part": ((_AMOUNTS,), _SHARE, ()),
    "mix": ((frozenset({"made"}), frozenset({"part"})), frozenset({"part"}), (frozenset({"lacking"}),)),
    "pool": ((frozenset({"part"}),), frozenset({"part"}), ()),
    "any": ((_SHARE, _SHARE), _SHARE, ()),
    "all": ((_SHARE, _SHARE), _SHARE, ()),
    "again": ((), _SHARE, ()),
    "less": ((_SHARE, frozenset({"against"})), frozenset(), ()),
}

#: The SHA-256 of a document (hex), and a JSON pointer into its credential.
Place: TypeAlias = tuple[str, str]
Mass: TypeAlias = tuple[Fraction, Fraction | None]


class DerivationRefused(CredentialsError):
    """DERIVATION_REFUSED: a step that does not follow, or is not what the document at its place says."""

    default_code = "DERIVATION_REFUSED"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenStep:
    """One step: ``places`` are the statements and ``after`` the steps that it follows from, in their order."""

    number: int
    rule: str
    places: tuple[Place, ...]
    after: tuple[int, ...]
    party: str
    say: str
    value: Any

    def refused(self, why: str) -> DerivationRefused:
        """The error that names this step."""
        return refused(f"Step {self.number} ({self.rule}): {why}", f"/derivation/steps/{self.number}")


def refused(why: str, pointer: str) -> DerivationRefused:
    """The error at a place of the report."""
    return DerivationRefused(why, pointer=pointer, fix="Judge again from the documents, and ask who made this report.")


def written_steps(report: JsonObject) -> tuple[WrittenStep, ...]:
    """The steps of a report's member ``derivation``.

    Raises:
        DerivationRefused: it has another shape.
    """
    derivation = report.get("derivation")
    documents = derivation.get("documents") if isinstance(derivation, Mapping) else None
    steps = derivation.get("steps") if isinstance(derivation, Mapping) else None
    if not isinstance(documents, list) or not isinstance(steps, list):
        raise refused("The report has no derivation.", "/derivation")
    if len(steps) > MOST_STEPS:
        raise refused(f"More than {MOST_STEPS} steps are not looked at.", "/derivation/steps")
    if not all(isinstance(one, str) and _DIGEST.fullmatch(one) for one in documents) or len({*documents}) != len(
        documents
    ):
        raise refused("The documents are not distinct SHA-256 digests.", "/derivation/documents")
    found = tuple(_step(number, step, documents) for number, step in enumerate(steps))
    for step in found:
        _follows(step, found)
    named = {digest for step in found for digest, _ in step.places}
    if named != set(documents):
        raise refused("A document is listed of which no step says anything.", "/derivation/documents")
    if len({_as_told(step) for step in found}) != len(found):
        raise refused("A step is written twice.", "/derivation/steps")
    return found


def _follows(step: WrittenStep, steps: tuple[WrittenStep, ...]) -> None:
    """Does it follow from steps of the rules that docs/derivation.md says?"""
    first, repeated, last = _FOLLOWS.get(step.rule, ((), frozenset[str](), ()))
    if any(one >= len(steps) for one in step.after):
        raise step.refused("it follows from no step.")
    rules = [steps[one].rule for one in step.after]
    middle = rules[len(first) : len(rules) - len(last)]
    ends = [*zip(rules, first, strict=False), *zip(rules[len(rules) - len(last) :], last, strict=False)]
    fits = len(rules) >= len(first) + len(last) and all(rule in allowed for rule, allowed in ends)
    if not fits or any(rule not in repeated for rule in middle):
        raise step.refused(f"it does not follow from {', '.join(rules) or 'nothing'}.")
    if (len(rules) > 2 and step.rule == "part") or (len(rules) > 1 and step.rule == "again"):
        raise step.refused("it follows from one share only.")


def _as_told(step: WrittenStep) -> tuple[object, ...]:
    """What makes two steps one; each ``again`` stands for itself."""
    alone = step.number if step.rule == "again" else None
    return (step.rule, step.places, step.after, step.party, step.say, step.value, alone)


def _step(number: int, step: Json, documents: list[str]) -> WrittenStep:
    where = f"/derivation/steps/{number}"
    if not isinstance(step, Mapping) or set(step) != {"rule", "from", "party", "say", "value"}:
        raise refused(f"Step {number} has other members than rule, from, party, say and value.", where)
    rule, premises = step["rule"], step["from"]
    if rule not in _RULES or not isinstance(premises, list) or len(premises) > _MOST_PREMISES:
        raise refused(f"Step {number} is by no rule that is known, or follows from no list.", where)
    if not isinstance(step["party"], str) or not isinstance(step["say"], str):
        raise refused(f"Step {number}: party and say are no texts.", where)
    places = tuple(_place(one, documents, where) for one in premises if isinstance(one, list))
    after = tuple(_earlier(one, number, rule, where) for one in premises if not isinstance(one, list))
    if any(isinstance(one, list) for one in premises[len(places) :]):
        raise refused(f"Step {number}: statements come before steps.", where)
    if len(places) != _STATEMENTS.get(rule, 0) and rule != "say":
        raise refused(f"Step {number} ({rule}) names {len(places)} statements.", where)
    if bool(step["party"]) != (rule in FACTS | LICENCES):
        raise refused(f"Step {number} ({rule}): facts and licences have a party, and nothing else has.", where)
    return WrittenStep(
        number=number,
        rule=rule,
        places=places,
        after=after,
        party=step["party"],
        say=step["say"],
        value=_value(rule, step["value"], where),
    )


def _place(premise: list[Any], documents: list[str], where: str) -> Place:
    is_place = len(premise) == 2 and type(premise[0]) is int and isinstance(premise[1], str)
    if is_place and 0 <= premise[0] < len(documents):
        return documents[premise[0]], premise[1]
    raise refused("A premise is neither a step nor a statement in a listed document.", where)


def _earlier(premise: Json, number: int, rule: str, where: str) -> int:
    if type(premise) is not int or premise < 0 or (premise >= number and rule != "again"):
        raise refused(f"Step {number} follows from what is no earlier step.", where)
    return premise


def _value(rule: str, value: Json, where: str) -> Any:
    if rule in LICENCES:
        if not isinstance(value, str):
            raise refused("A licence is told in words.", where)
        return value
    length = 2 if rule in _MASSES else 3 if rule == "part" else 0
    if length:
        bounded = isinstance(value, list) and len(value) == length and value[0] is not None
        if not bounded or (length == 3 and value[2] is None):
            raise refused(f"The value of {rule} has another shape.", where)
        found = tuple(None if one is None else number_of(one, where) for one in value)
        if found[1] is not None and found[0] > found[1]:  # type: ignore[operator]
            raise refused("The least is more than the most.", where)
        return found
    if value is None:
        if rule not in _UNKNOWN and rule not in ("weight", "fraction"):
            raise refused(f"The value of {rule} is a number.", where)
        return None
    return number_of(value, where)


def number_of(text: Json, where: str) -> Fraction:
    """An exact number as a report writes it.

    Raises:
        DerivationRefused: it is negative, not in lowest terms, or written otherwise.
    """
    if isinstance(text, str) and len(text) <= _LONGEST and _NUMBER.fullmatch(text):
        found = Fraction(text)
        if str(found) == text:
            return found
    raise refused(f"{str(text)[:60]!r} is no number in lowest terms.", where)

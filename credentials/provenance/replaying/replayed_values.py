"""The arithmetic of a derivation, by docs/derivation.md alone: every value again, and again without some parties.

The rule: nothing here is shared with the judge. Facts are as they are written, or worth nothing where they are
doubted; everything else is worked out, exactly, and rounded down where that page says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from typing import Any, Final

from credentials.identifiers.hosts import host_did
from credentials.provenance.replaying.written_steps import FACTS, LICENCES, WrittenStep

_NONE: Final = Fraction(0)
_LONGEST: Final = 10**40  # the largest denominator of a mixture
_ROUND: Final = 10**12  # the denominator of what goes round a circle
_ROUNDS: Final = 100
#: Whoever handed the documents over: it can sign as everybody whose key is not known.
SUPPLIER: Final = "supplier"


class Replay:
    """The values of steps: as they follow, and as they would without the word of some parties."""

    def __init__(self, steps: Sequence[WrittenStep]) -> None:
        self.steps = steps
        self._circles = dict(_circles(steps))
        supplied = {step.party for step in steps if step.rule == "key" and step.value == "supplied"}
        self._facts: dict[str, set[int]] = {}
        for step in steps:
            if step.rule in FACTS:
                for signer in (step.party, host_did(step.party), SUPPLIER if step.party in supplied else ""):
                    self._facts.setdefault(signer, set()).add(step.number)
        self._facts.pop("", None)
        self.values = self._all(frozenset())

    @property
    def parties(self) -> tuple[str, ...]:
        """Everybody who can have signed a fact, sorted."""
        return tuple(sorted(self._facts))

    def without(self, liars: Collection[str]) -> Sequence[Any]:
        """The value of each step with every fact of ``liars`` doubted."""
        return self._all(frozenset().union(*(self._facts.get(one, ()) for one in liars)))

    def check(self) -> None:
        """Is each value what it follows to be?

        Raises:
            DerivationRefused: the first that is not.
        """
        for step, value in zip(self.steps, self.values, strict=True):
            if step.value != value:
                raise step.refused(f"{_told(step.value)} is written, {_told(value)} follows.")

    def _all(self, doubted: frozenset[int]) -> list[Any]:
        values: list[Any] = [None] * len(self.steps)
        number = 0
        while number < len(self.steps):
            last = self._circles.get(number)
            if last is None:
                values[number] = self._value(number, values, doubted)
                number += 1
            else:
                self._go_round(number, last, values, doubted)
                number = last + 1
        return values

    def _go_round(self, first: int, last: int, values: list[Any], doubted: frozenset[int]) -> None:
        numbers = range(first, last + 1)
        again = [number for number in numbers if self.steps[number].rule == "again"]
        for number in again:
            values[number] = _NONE
        for turn in range(_ROUNDS + 1):
            for number in numbers:
                if self.steps[number].rule != "again":
                    values[number] = self._value(number, values, doubted)
            after = {one: _rounded(values[self.steps[one].after[0]]) for one in again if self.steps[one].after}
            if turn == _ROUNDS or all(values[number] == value for number, value in after.items()):
                return
            for number, value in after.items():
                values[number] = value

    def _value(self, number: int, values: Sequence[Any], doubted: frozenset[int]) -> Any:
        step = self.steps[number]
        given = [values[one] for one in step.after if self.steps[one].rule not in LICENCES]
        if step.rule == "amount":
            return self._amount(step, given, is_doubted=number in doubted)
        if step.rule in FACTS:
            if number not in doubted and (step.rule != "fraction" or _NONE not in given):
                return step.value
            return None if step.rule in ("weight", "fraction") else _NONE
        if step.rule in LICENCES or step.rule == "against":
            return step.value
        if step.rule in ("lacking", "out", "yield"):
            return self._of_outputs(step, given, in_doubt=bool(doubted) and self._has_changed(step, values))
        return _WORKED_OUT[step.rule](given)

    def _has_changed(self, step: WrittenStep, values: Sequence[Any]) -> bool:
        return any(values[one] != self.steps[one].value for one in step.after)

    @staticmethod
    def _amount(step: WrittenStep, given: Sequence[Any], *, is_doubted: bool) -> Any:
        weights = [one for one in given if not isinstance(one, tuple)]
        if not is_doubted and None not in weights:
            return step.value
        bound = next((one[1] for one in given if isinstance(one, tuple)), None)
        return (_NONE, None if bound is None or step.value[1] is None else max(bound, step.value[1]))

    @staticmethod
    def _of_outputs(step: WrittenStep, given: Sequence[Any], *, in_doubt: bool) -> Any:
        if step.rule == "yield":
            return (_NONE, None) if in_doubt else step.value
        if step.rule == "out":
            return None if in_doubt else sum((one[1] or _NONE for one in given), _NONE)
        if in_doubt:
            return step.value  # what counts against a claim stays as it is
        (_, most), out = given
        return max(out - most, _NONE) if most is not None and out is not None else _NONE


def _circles(steps: Sequence[WrittenStep]) -> Iterator[tuple[int, int]]:
    """The first and the last step of each range that is gone through in rounds."""
    first, last = -1, -1
    for step in steps:
        if step.rule == "again" and step.after and step.after[0] > step.number:
            if step.number > last:
                if last >= 0:
                    yield first, last
                first = step.number
            last = max(last, step.after[0])
    if last >= 0:
        yield first, last


def _least(parts: Sequence[tuple[Fraction, Fraction | None, Fraction]]) -> Fraction:
    """The least of a mixture: poor parts are as heavy as they can be, while they pull the mean down."""
    weight = sum((low for low, _, _ in parts), _NONE)
    has = sum((low * share for low, _, share in parts), _NONE)
    for low, high, share in sorted(parts, key=lambda one: one[2]):
        if low == high or (weight and share * weight >= has):
            continue
        if high is None:
            return share
        weight, has = weight + high - low, has + (high - low) * share
    return has / weight if weight else _NONE


def _mixture(parts: Sequence[Any]) -> Fraction:
    found = _least(parts)
    return found if found.denominator <= _LONGEST else Fraction(int(found * _LONGEST), _LONGEST)


def _mix(given: Sequence[Any]) -> Fraction:
    made, *parts, lacking = given
    return _mixture([*parts, (lacking, lacking, _NONE)] if lacking else parts) if made else _NONE


def _sum(given: Sequence[Any]) -> Any:
    highs = [high for _, high in given]
    return (sum((low for low, _ in given), _NONE), None if None in highs else sum(highs, _NONE))


def _most(given: Sequence[Any]) -> Any:
    (_, rest), out, *fractions = given
    left = _NONE if None in fractions else 1 - sum(fractions, _NONE)
    return max(rest / left, out) if rest is not None and out is not None and left > 0 else None


def _portion(given: Sequence[Any]) -> Any:
    return (_NONE, None if None in given else given[0] * given[1])


def _rounded(share: Fraction) -> Fraction:
    return Fraction(int(share * _ROUND), _ROUND)


def _told(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_told(one) for one in value)}]"
    return "nothing known" if value is None else str(value)[:60]


_WORKED_OUT: Final[dict[str, Any]] = {
    "sum": _sum,
    "ever": lambda given: (_NONE, _sum(given)[1]),
    "open": lambda _: (_NONE, None),
    "bound": lambda given: given[-1],
    "most": _most,
    "portion": _portion,
    "part": lambda given: (*given[0], given[1] if len(given) > 1 else _NONE),
    "mix": _mix,
    "pool": _mixture,
    "any": lambda given: max(given, default=_NONE),
    "all": lambda given: min(given, default=_NONE),
    "again": lambda given: _rounded(given[0]) if given else _NONE,
    "less": lambda given: max(given[0] - given[1], _NONE),
}

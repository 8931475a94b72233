"""Reading rule packs: the core pack from the program's own data, an operator's from the text of a file.

The rule: a pack that is not understood whole is refused, because a row that is left out would loosen a judgement
unseen. A pack that ``extends`` the core one comes before it: of several rows about one thing the first one counts.
Specification: TOML 1.0; docs/rule-packs.md.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Any, Final, TypeVar

from contexts.codes.metrics import MetricKind
from credentials.errors import MalformedInput
from credentials.identifiers.canonical_ids import given_or_canonical
from credentials.provenance.packs.rule_pack import Band, Crosswalk, Gain, MetricMeaning, Primary, RulePack, scheme_id

CORE: Final = "core"
T = TypeVar("T")


def core_bytes() -> bytes:
    """The file of the rule pack that comes with the program."""
    return resources.files("credentials.provenance.packs").joinpath(f"{CORE}.toml").read_bytes()


@cache
def core_pack() -> RulePack:
    """The rule pack that comes with the program; the same object in the whole process."""
    raw = core_bytes()
    return replace(_pack(tomllib.loads(raw.decode("utf-8"), parse_float=Decimal)), raw=raw)


def parse_pack(raw: bytes) -> RulePack:
    """The rule pack in the bytes of a TOML file.

    Raises:
        MalformedInput: MALFORMED_VALUE_ERROR or RANGE_ERROR, with a pointer to the member and its cure.
    """
    try:
        value = tomllib.loads(raw.decode("utf-8"), parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise MalformedInput(f"The rule pack is no TOML in UTF-8: {error}.", fix="Correct what is named.") from error
    extended = value.pop("extends", None)
    if extended not in (None, CORE):
        raise MalformedInput("A rule pack can extend core only.", pointer="/extends", fix='Write extends = "core".')
    return replace(_pack(value) if extended is None else _before(_pack(value), core_pack()), raw=raw)


def _before(own: RulePack, other: RulePack) -> RulePack:
    """Both packs as one, the rows of ``own`` first."""
    return RulePack(
        name=own.name,
        version=own.version,
        primary=own.primary + other.primary,
        gains=own.gains + other.gains,
        yields=own.yields + other.yields,
        crosswalks=own.crosswalks + other.crosswalks,
        metrics=own.metrics + other.metrics,
    )


def _pack(value: Mapping[str, Any]) -> RulePack:
    here = _Place(value, "")
    here.only("name", "version", *_ROWS)
    rows: dict[str, Any] = {name: here.rows(name, read) for name, read in _ROWS.items()}
    return RulePack(name=here.text("name"), version=here.text("version"), **rows)


class _Place:
    """One table of a pack and where it stands; what does not fit is a named problem with its pointer."""

    def __init__(self, value: Any, pointer: str) -> None:
        self.pointer = pointer
        if not isinstance(value, Mapping):
            raise self.refused("This is not a table.", "", "Write [[name]] and its members.")
        self._value = value

    def refused(self, detail: str, member: str, fix: str, *, code: str = "MALFORMED_VALUE_ERROR") -> MalformedInput:
        pointer = f"{self.pointer}/{member}" if member else self.pointer
        return MalformedInput(detail, code=code, pointer=pointer, fix=fix)

    def only(self, *known: str) -> None:
        strange = sorted(set(self._value).difference(known))
        if strange:
            detail = f"A rule pack has no member {strange[0][:60]!r} here."
            raise self.refused(detail, strange[0], f"Use one of: {', '.join(sorted(known))}.")

    def has(self, member: str) -> bool:
        return member in self._value

    def text(self, member: str, *, needed: bool = True) -> str:
        value = self._value.get(member, "")
        if not isinstance(value, str) or (needed and not value.strip()):
            raise self.refused(f"{member} is no text, or is empty.", member, "Write a text in quotes.")
        return value

    def texts(self, member: str, value: Any = None) -> tuple[str, ...]:
        found = self._value.get(member) if value is None else value
        if not isinstance(found, list) or not found or not all(isinstance(one, str) and one for one in found):
            raise self.refused(f"{member} is no list of texts.", member, 'Write a list such as ["0161"].')
        return tuple(found)

    def classes(self, member: str) -> tuple[str, ...]:
        found = self.texts(member)
        wrong = [one for one in found if not (one.isascii() and one.isdigit())]
        if wrong:
            raise self.refused(f"{wrong[0][:60]!r} is no code of the CPC.", member, "Write digits, from the left.")
        return found

    def ids(self, member: str) -> tuple[str, ...]:
        return tuple(given_or_canonical(one) for one in self.texts(member))

    def share(self, member: str) -> Fraction | None:
        value = self._value.get(member)
        if value is None:
            return None
        is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        if not is_number or not Decimal(value).is_finite() or not 0 <= value <= _MOST:
            detail = f"{member} is no number from 0 to {_MOST}."
            raise self.refused(detail, member, "Write mass out over mass in.", code="RANGE_ERROR")
        return Fraction(value)

    def below(self, member: str) -> _Place:
        return _Place(self._value.get(member, {}), f"{self.pointer}/{member}")

    def names(self) -> tuple[str, ...]:
        return tuple(self._value)

    def rows(self, member: str, read: Callable[[_Place], T]) -> tuple[T, ...]:
        found = self._value.get(member, [])
        if not isinstance(found, list):
            raise self.refused(f"{member} is no list of tables.", member, f"Write [[{member}]] before each.")
        return tuple(read(_Place(one, f"{self.pointer}/{member}/{number}")) for number, one in enumerate(found))


#: More than that no band says: a thousandfold is a mistake in a unit.
_MOST: Final = 1000


def _primary(here: _Place) -> Primary:
    here.only("classes", "activities", "source")
    told = here.below("activities")
    activities = tuple(sorted((scheme_id(name), told.texts(name)) for name in told.names()))
    return Primary(classes=here.classes("classes"), activities=activities, source=here.text("source"))


def _gain(here: _Place) -> Gain:
    here.only("classes", "source")
    return Gain(classes=here.classes("classes"), source=here.text("source"))


def _band(here: _Place) -> Band:
    here.only("name", "from", "to", "least", "most", "source")
    least, most = here.share("least"), here.share("most")
    if least is None and most is None:
        raise here.refused("The band has neither least nor most.", "", "State one of them, or leave the row out.")
    if least is not None and most is not None and least > most:
        raise here.refused("least is more than most.", "least", "Exchange the two.", code="RANGE_ERROR")
    return Band(
        name=here.text("name"),
        of=here.classes("from"),
        to=here.classes("to"),
        least=least,
        most=most,
        source=here.text("source"),
    )


def _crosswalk(here: _Place) -> Crosswalk:
    here.only("same", "criteria", "within", "source")
    if here.has("same") == here.has("within") or here.has("within") != here.has("criteria"):
        fix = "Write same = [two or more ids], or criteria = [ids] and within = an id."
        raise here.refused("A crosswalk says what is the same, or what is within what.", "", fix)
    same = here.has("same")
    criteria = here.ids("same" if same else "criteria")
    if same and len(set(criteria)) < 2:
        raise here.refused("One criterion is the same as itself.", "same", "Write two or more ids.")
    within = "" if same else given_or_canonical(here.text("within"))
    return Crosswalk(criteria=criteria, same=same, within=within, source=here.text("source"))


def _metric(here: _Place) -> MetricMeaning:
    here.only("id", "kind", "source")
    kind = here.text("kind")
    if kind not in set(MetricKind):
        raise here.refused(f"{kind[:60]!r} is no kind of metric.", "kind", f"Use one of: {', '.join(MetricKind)}.")
    return MetricMeaning(id=given_or_canonical(here.text("id")), kind=MetricKind(kind), source=here.text("source"))


_ROWS: Final[dict[str, Callable[[_Place], Any]]] = {
    "primary": _primary,
    "gains": _gain,
    "yields": _band,
    "crosswalks": _crosswalk,
    "metrics": _metric,
}

"""How strict one judgement is: thresholds, tolerances and bounds, as one value with a digest.

The rule: every threshold that an operator may set stands here, so that a report can name the policy it was made under
and anyone can make it again. A policy tightens or loosens thresholds; it never skips a rule.
See docs/requirements.md T12, D11, T1, T6 and T8.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from credentials.encoding.document import Json, Sha256, sha256_hex
from credentials.encoding.jcs import canonical_json
from credentials.errors import MalformedInput

#: Whose word shows that goods were handed over (``Policy.transfers``).
ONE_SIDE: Final = "one-side"
BOTH_SIDES: Final = "both-sides"


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How much of a chain is judged: lots, and steps upstream. What is beyond is open, with its share of mass."""

    lots: int = 20_000
    depth: int = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The thresholds of one judgement.

    ``verified_grade``: the least grade of a VERIFIED claim (4 or 5). ``forall_share``: the share of mass that must
    support a claim about all of it. ``de_minimis``: smaller gaps and differences do not count, what records contradict
    always does. ``documented_inputs``: the share of
    inputs from which on a surplus is an imbalance and not a gap (PV-QTY-2). ``tolerance``: relative, where nothing is
    stated; ``process_tolerance``: the same by activity code. ``suspended``: "warn" or "block" (PV-CRED-3).
    ``max_chain``: links from an assessor to a trust list root (PV-ACC-6). ``max_age_days``: of an assessment at the
    claim's date (PV-CLM-7). ``speed_km_h``: where no mode of transport is stated (PV-EVT-3). ``coverage``: the share of
    mass that must be followed to its origin before ``trace`` exits with 0. ``transfers``: whether goods came by what
    one side tells, "one-side", or only by what sender and receiver both tell, "both-sides" (PV-QTY-6).
    """

    verified_grade: int = 4
    forall_share: float = 1.0
    de_minimis: float = 0.01
    documented_inputs: float = 0.95
    tolerance: float = 0.005
    process_tolerance: tuple[tuple[str, float], ...] = ()
    suspended: str = "block"
    max_chain: int = 4
    max_age_days: int = 1096
    speed_km_h: float = 80.0
    coverage: float = 0.0
    transfers: str = ONE_SIDE
    budget: Budget = Budget()

    def tolerance_of(self, process: str) -> float:
        """The relative tolerance of a process, by its activity code."""
        return dict(self.process_tolerance).get(process, self.tolerance)

    def to_json(self) -> dict[str, Json]:
        """The policy as the report states it, camel case, every member present."""
        stated: dict[str, Json] = {_camel(item.name): getattr(self, item.name) for item in fields(self)}
        stated["processTolerance"] = dict(self.process_tolerance)
        stated["budget"] = {_camel(item.name): getattr(self.budget, item.name) for item in fields(self.budget)}
        return stated

    @property
    def digest(self) -> Sha256:
        """SHA-256 of the canonical JSON."""
        return sha256_hex(canonical_json(self.to_json()))


_BOUNDS: Final[Mapping[str, tuple[float, float]]] = {
    "verified_grade": (4, 5),
    "forall_share": (0, 1),
    "de_minimis": (0, 1),
    "documented_inputs": (0, 1),
    "tolerance": (0, 1),
    "max_chain": (1, 16),
    "max_age_days": (1, 36_600),
    "speed_km_h": (1, 40_000),
    "coverage": (0, 1),
    "lots": (1, 200_000),
    "depth": (1, 64),
}


#: Members that are one of two words.
_WORDS: Final[Mapping[str, tuple[str, str]]] = {"suspended": ("warn", "block"), "transfers": (ONE_SIDE, BOTH_SIDES)}


def parse_policy(value: Json) -> Policy:
    """A policy from JSON; members left out keep their default, unknown ones are refused.

    Raises:
        MalformedInput: MALFORMED_VALUE_ERROR or RANGE_ERROR with a pointer to the member.
    """
    members = _object(value, "", {item.name for item in fields(Policy)})
    if "budget" in members:
        stated = _object(members["budget"], "/budget", {item.name for item in fields(Budget)})
        members["budget"] = Budget(**{name: _number(name, part, "/budget") for name, part in stated.items()})
    if "process_tolerance" in members:
        members["process_tolerance"] = _tolerances(members["process_tolerance"])
    for name, (one, other) in _WORDS.items():
        if members.get(name, one) not in (one, other):
            raise MalformedInput(
                f"{name} is neither {one} nor {other}.", pointer=f"/{name}", fix="Write one of the two."
            )
    kept = ("budget", "process_tolerance", *_WORDS)
    return Policy(**{name: part if name in kept else _number(name, part, "") for name, part in members.items()})


def _object(value: Json, pointer: str, known: set[str]) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise MalformedInput("This is not a JSON object.", pointer=pointer, fix="Write an object of thresholds.")
    names = {_camel(name): name for name in known}
    for member in value:
        if member not in names:
            raise MalformedInput(
                f"A policy has no member {str(member)[:60]!r}.",
                pointer=f"{pointer}/{member}",
                fix="Use one of: " + ", ".join(sorted(names)) + ".",
            )
    return {names[member]: part for member, part in value.items()}


def _tolerances(value: Json) -> tuple[tuple[str, float], ...]:
    if not isinstance(value, Mapping):
        raise MalformedInput(
            "processTolerance is not an object.", pointer="/processTolerance", fix="Map activity codes to shares."
        )
    return tuple(
        sorted(
            (str(process), float(_number("tolerance", share, "/processTolerance", member=str(process))))
            for process, share in value.items()
        )
    )


def _number(name: str, value: Json, pointer: str, *, member: str = "") -> Any:
    low, high = _BOUNDS[name]
    member = member or _camel(name)
    whole = isinstance(low, int) and isinstance(getattr(Policy(), name, 0), int)
    accepted = isinstance(value, int) if whole else isinstance(value, int | float)
    if isinstance(value, bool) or not accepted or not low <= value <= high:
        raise MalformedInput(
            f"{member} is not a{' whole' if whole else ''} number from {low} to {high}.",
            code="RANGE_ERROR",
            pointer=f"{pointer}/{member}",
            fix="Leave it out for the default.",
        )
    return int(value) if whole else float(value)


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)

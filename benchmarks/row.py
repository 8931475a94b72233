"""What one row of the table is: something measured against something else, as a ratio, in one run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """One ratio and what it was made of, for people."""

    ratio: float
    detail: str


class NotHere(Exception):
    """The peer of a row, or its feature, is not on this machine; the message says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """``what`` is measured ``against`` a peer or a limit; the ratio is to be at least (or ``at_most``) ``target``.

    ``measure`` raises :class:`NotHere` where it cannot be measured.
    """

    what: str
    against: str
    target: float
    measure: Callable[[], Measured]
    at_most: bool = False
    percent: bool = False

    def holds(self, measured: Measured) -> bool:
        """Is the target met?"""
        return measured.ratio <= self.target if self.at_most else measured.ratio >= self.target

    def shown(self, ratio: float) -> str:
        """A ratio as the table writes it."""
        return f"{ratio * 100:.0f} %" if self.percent else f"{ratio:.3g}×"

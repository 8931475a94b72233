"""The decision rule: from what supports, refutes and is unknown to one of six words and an interval.

The rule: a word is read off the interval and never off a count of findings. Absence widens, it never refutes; support
and refutation of one claim, equally well founded, are CONTRADICTED.
See docs/requirements.md T6.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from credentials.provenance.mass.blending import Interval
from credentials.provenance.report.report import Word


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of one claim.

    ``supported``: the share that recognised, direct support speaks for (at least so much), None without any.
    ``refuted``: a recognised no. ``falls_short``: less was found than is claimed, or two things that cannot both be.
    ``upstream``: what the inputs say. ``required``: the share the claim needs. ``disputed``: the share of mass that its
    own records contradict. ``unshown``: the share that nobody shows to have come to who used it. ``de_minimis``: shares
    that do not count.
    """

    supported: Fraction | None
    refuted: bool
    upstream: Interval
    required: Fraction
    de_minimis: Fraction
    disputed: Fraction = Fraction(0)
    unshown: Fraction = Fraction(0)
    falls_short: bool = False

    @property
    def unsure(self) -> Fraction:
        """The share that no lower bound counts."""
        return self.disputed + self.unshown


def decide(facts: Facts) -> tuple[Word, Interval]:
    """The word of a claim and its interval over mass."""
    if facts.supported is not None:
        return _supported(facts, facts.supported)
    if facts.refuted:
        return Word.REFUTED, Interval(Fraction(0), Fraction(0))
    if is_refuted_upstream(facts):
        return Word.REFUTED, facts.upstream
    if facts.falls_short:
        return Word.CONTRADICTED, facts.upstream
    undisputed = Interval(max(facts.upstream.low - facts.unsure, Fraction(0)), facts.upstream.high)
    if undisputed.low > facts.de_minimis:
        return Word.PARTIALLY_VERIFIED, undisputed
    return Word.UNVERIFIABLE, undisputed


def _supported(facts: Facts, share: Fraction) -> tuple[Word, Interval]:
    """Support says "at least"; what the inputs show narrows it from both sides."""
    if facts.refuted:
        return Word.CONTRADICTED, Interval(Fraction(0), share)
    if facts.falls_short:
        return Word.CONTRADICTED, Interval(Fraction(0), max(share, facts.upstream.high))
    if is_refuted_upstream(facts):
        return Word.CONTRADICTED, Interval(facts.upstream.low, share)
    low = max(share, facts.upstream.low)
    high = max(low, facts.upstream.high)
    shown = Interval(max(low - facts.unsure, Fraction(0)), high)
    if facts.disputed and low - facts.disputed < facts.required:
        return Word.CONTRADICTED, shown  # it depends on which of the records is believed, however little it is
    if facts.unshown and shown.low < facts.required:
        return Word.PARTIALLY_VERIFIED if shown.low > facts.de_minimis else Word.UNVERIFIABLE, shown
    return Word.VERIFIED, shown


def is_refuted_upstream(facts: Facts) -> bool:
    """Is the claim broken even if all unknown mass supports it?"""
    return facts.upstream.high < facts.required - facts.de_minimis


def overall(words: Iterable[Word], *, finished: bool) -> Word:
    """The word of a whole trace: the worst bad one, else VERIFIED if all are, else how much there is.

    One that is not ``finished`` is never VERIFIED: nobody knows what the rest would have said.
    """
    found = set(words)
    for word in _BAD:
        if word in found:
            return word
    if found == {Word.VERIFIED} and finished:
        return Word.VERIFIED
    return Word.PARTIALLY_VERIFIED if found & {Word.VERIFIED, Word.PARTIALLY_VERIFIED} else Word.UNVERIFIABLE


_BAD: Final = (Word.INVALID, Word.CONTRADICTED, Word.REFUTED)

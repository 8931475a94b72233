"""Figures for people: an amount with its unit, and what it is an amount of.

The rule: never a code for a unit, never an exponent, never a share without saying of what. See docs/requirements.md T9.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Final

from contexts.codes.metrics import metric as known_metric
from contexts.codes.unit_symbols import symbol
from credentials.provenance.report.names import quoted
from credentials.untp.claim import Performance
from credentials.untp.values import Measure

_DIGITS: Final = 3
_NAMELESS: Final = "something that is not named"
_LARGE: Final = Fraction(10) ** 15


def number(value: Decimal | Fraction) -> str:
    """A number to three decimals, more where it is small, thousands apart: ``3 000 000``, ``0.000012``; no exponent."""
    exact = Fraction(value)
    if abs(exact) >= _LARGE or (exact and abs(exact) < 1 / _LARGE):
        return "more than any goods have" if abs(exact) >= _LARGE else "next to nothing"
    places = _DIGITS
    while exact and abs(exact) * 10**places < 10 ** (_DIGITS - 1):
        places += 1
    text = f"{Decimal(round(exact * 10**places)).scaleb(-places):,f}".replace(",", " ")
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount(measure: Measure | None) -> str:
    """A measure, such as ``80 %`` or ``6.2 kg``; "" when it states no value."""
    if measure is None or measure.value is None or not measure.value.is_finite():
        return ""
    return f"{number(measure.value)} {symbol(measure.unit)}" if measure.unit else number(measure.value)


def figures(said: Iterable[Performance]) -> str:
    """What is stated in figures, such as ``80 % organic content; 6.2 kg product carbon footprint``."""
    return "; ".join(text for one in said if (text := figure(one)))


def figure(said: Performance) -> str:
    """One figure with what it is of; "" when none is stated."""
    what, shown = what_of_metric(said), amount(said.measure)
    score = f"score {quoted(said.score.code)}" if said.score is not None and said.score.code else ""
    if shown:
        return f"{shown} {what}" + (f" ({score})" if score else "")
    return f"{score} for {what}" if score else ""


def what_of_metric(said: Performance) -> str:
    """What a figure is of: as our list calls the metric, else as whoever states it does, in quotes."""
    known = known_metric(said.metric.id) if said.metric is not None and said.metric.id else None
    given = (said.metric.name if said.metric is not None else None) or ""
    return what_of(known.iri) if known is not None else quoted(given.removesuffix(" percentage")) or _NAMELESS


def what_of(metric: str) -> str:
    """What a known metric is a figure of, inside a sentence; another one's IRI as it is."""
    known = known_metric(metric)
    return _phrase(known.label) if known is not None else metric


def _phrase(label: str) -> str:
    """A label with small words, abbreviations as they are, without what the unit says."""
    words = [word if word.isupper() or not word.istitle() else word.lower() for word in label.split()]
    return " ".join(words[:-1] if words[-1] == "percentage" and len(words) > 1 else words)

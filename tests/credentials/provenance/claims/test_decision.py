"""The decision rule as a truth table, and the three laws that must never break."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.provenance import Word
from credentials.provenance.claims.decision import Facts, decide, overall
from credentials.provenance.mass.blending import UNKNOWN, Interval

ALL = Fraction(1)


def facts(**changes: Any) -> Facts:
    known = {
        "supported": None,
        "refuted": False,
        "upstream": UNKNOWN,
        "required": Fraction(1),
        "de_minimis": Fraction(0),
    }
    return Facts(**(known | changes))


def between(low: str, high: str) -> Interval:
    return Interval(Fraction(low), Fraction(high))


@pytest.mark.parametrize(
    ("known", "word", "value"),
    [
        ({}, Word.UNVERIFIABLE, between("0", "1")),
        ({"supported": ALL}, Word.VERIFIED, between("1", "1")),
        ({"refuted": True}, Word.REFUTED, between("0", "0")),
        ({"supported": ALL, "refuted": True}, Word.CONTRADICTED, between("0", "1")),
        ({"supported": ALL, "falls_short": True}, Word.CONTRADICTED, between("0", "1")),
        ({"supported": ALL, "disputed": Fraction("0.4")}, Word.CONTRADICTED, between("0.6", "1")),
        (
            {"supported": ALL, "required": Fraction("0.5"), "disputed": Fraction("0.4")},
            Word.VERIFIED,
            between("0.6", "1"),
        ),
        ({"supported": ALL, "unshown": Fraction("0.4")}, Word.PARTIALLY_VERIFIED, between("0.6", "1")),
        ({"supported": ALL, "unshown": ALL}, Word.UNVERIFIABLE, between("0", "1")),
        (
            {"supported": ALL, "required": Fraction("0.5"), "unshown": Fraction("0.4")},
            Word.VERIFIED,
            between("0.6", "1"),
        ),
        (
            {"supported": ALL, "disputed": Fraction("0.2"), "unshown": Fraction("0.4")},
            Word.CONTRADICTED,
            between("0.4", "1"),
        ),
        ({"upstream": between("0.3", "1"), "disputed": Fraction("0.4")}, Word.UNVERIFIABLE, between("0", "1")),
        ({"upstream": between("0.3", "1")}, Word.PARTIALLY_VERIFIED, between("0.3", "1")),
        ({"upstream": between("1", "1")}, Word.PARTIALLY_VERIFIED, between("1", "1")),
        ({"upstream": between("0.3", "0.7")}, Word.REFUTED, between("0.3", "0.7")),
        (
            {"upstream": between("0.3", "0.7"), "required": Fraction("0.5")},
            Word.PARTIALLY_VERIFIED,
            between("0.3", "0.7"),
        ),
        ({"upstream": between("0", "0.99"), "de_minimis": Fraction("0.01")}, Word.UNVERIFIABLE, between("0", "0.99")),
        ({"supported": ALL, "upstream": between("0", "0.5")}, Word.CONTRADICTED, between("0", "1")),
        ({"supported": Fraction("0.6"), "required": Fraction("0.6")}, Word.VERIFIED, between("0.6", "1")),
        (
            {"supported": Fraction("0.6"), "required": Fraction("0.6"), "upstream": between("0.7", "0.8")},
            Word.VERIFIED,
            between("0.7", "0.8"),
        ),
    ],
)
def test_the_word_is_read_off_the_interval(known: dict[str, Any], word: Word, value: Interval) -> None:
    assert decide(facts(**known)) == (word, value)


SHARES = st.fractions(min_value=0, max_value=1, max_denominator=20)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    low, high = sorted((draw(SHARES), draw(SHARES)))
    return Interval(low, high)


@given(upstream=intervals(), required=SHARES, supported=st.booleans(), refuted=st.booleans(), widen=SHARES)
def test_less_evidence_never_turns_a_claim_into_refuted(
    *, upstream: Interval, required: Fraction, supported: bool, refuted: bool, widen: Fraction
) -> None:
    full = facts(
        upstream=upstream,
        required=required,
        refuted=refuted,
        supported=required if supported else None,
    )
    wider = Interval(upstream.low * (1 - widen), upstream.high + (1 - upstream.high) * widen)
    less = facts(upstream=wider, required=required)

    before, after = decide(full)[0], decide(less)[0]

    assert not (before is Word.VERIFIED and after is Word.REFUTED)
    if not refuted:
        assert decide(less)[1].low <= decide(full)[1].low
        assert decide(less)[1].high >= decide(full)[1].high or before is Word.CONTRADICTED


@given(upstream=intervals(), required=SHARES)
def test_a_claim_without_recognised_support_is_never_verified(upstream: Interval, required: Fraction) -> None:
    assert decide(facts(upstream=upstream, required=required))[0] is not Word.VERIFIED


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        ((), Word.UNVERIFIABLE),
        ((Word.VERIFIED,), Word.VERIFIED),
        ((Word.VERIFIED, Word.UNVERIFIABLE), Word.PARTIALLY_VERIFIED),
        ((Word.UNVERIFIABLE, Word.PARTIALLY_VERIFIED), Word.PARTIALLY_VERIFIED),
        ((Word.UNVERIFIABLE,), Word.UNVERIFIABLE),
        ((Word.VERIFIED, Word.REFUTED), Word.REFUTED),
        ((Word.CONTRADICTED, Word.REFUTED), Word.CONTRADICTED),
        ((Word.INVALID, Word.VERIFIED), Word.INVALID),
    ],
)
def test_the_word_of_a_trace_is_its_worst_bad_one_or_how_much_there_is(words: tuple[Word, ...], whole: Word) -> None:
    assert overall(words, finished=True) is whole


def test_a_trace_that_stopped_early_is_never_verified() -> None:
    assert overall([Word.VERIFIED], finished=False) is Word.PARTIALLY_VERIFIED
    assert overall([Word.REFUTED, Word.VERIFIED], finished=False) is Word.REFUTED

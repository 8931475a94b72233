"""Where checks become a verdict: a truth table over every outcome of every check (docs/requirements.md S43).

The table is whole, so whatever aggregates otherwise differs from it on some row; a few that people really wrote are put
through it to show that it tells them (the negative control).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any

import pytest

from credentials.encoding.document import Document, Sha256
from credentials.encoding.period import ALWAYS
from credentials.errors import NotAccepted, Problem
from credentials.verdict import INTEGRITY_CHECKS, Check, Outcome, Verdict, worst
from credentials.verify.presentation import PresentationVerdict
from tests.corpus.making import AT

PASSED, FAILED, UNTOLD = Outcome.PASSED, Outcome.FAILED, Outcome.UNDETERMINED
ROWS = list(product(Outcome, repeat=len(INTEGRITY_CHECKS)))
_DIGEST = Sha256("0" * 64)


def _checks(row: Sequence[Outcome]) -> tuple[Check, ...]:
    problem = Problem(code="PROOF_VERIFICATION_ERROR", detail="wrong")
    return tuple(
        Check(name, outcome, None if outcome is PASSED else problem)
        for name, outcome in zip(INTEGRITY_CHECKS, row, strict=False)
    )


def _verdict(row: Sequence[Outcome], **changes: Any) -> Verdict:
    given: dict[str, Any] = {
        "object_digest": _DIGEST,
        "credential_digest": _DIGEST,
        "id": "urn:x:1",
        "issuer": "did:web:farm.test",
        "form": "vc+jwt",
        "document": Document(b"{}", {}),
        "checks": _checks(row),
        "life": ALWAYS,
        "validity": Check("validity", PASSED),
        "status": (),
        "schema": Check("schema", PASSED),
        "lint": (),
        "at": AT,
    }
    return Verdict(**(given | changes))


def _expected(row: Sequence[Outcome]) -> Outcome:
    """In words: a failure is a failure, what was not told is not good, and good is only what is good all over."""
    if FAILED in row:
        return FAILED
    return PASSED if all(outcome is PASSED for outcome in row) and row else UNTOLD


def _accepts(verdict: Verdict) -> bool:
    try:
        verdict.require()
    except NotAccepted:
        return False
    return True


def test_a_verdict_is_as_good_as_its_worst_check_on_every_row() -> None:
    for row in ROWS:
        verdict = _verdict(row)
        assert verdict.outcome is _expected(row), row
        assert verdict.intact is _accepts(verdict) is (_expected(row) is PASSED), row


def test_a_verdict_without_checks_is_not_good() -> None:
    assert worst(()) is UNTOLD
    assert not _verdict(()).intact


@pytest.mark.parametrize("missing", ["document", "id", "issuer", "credential_digest"])
def test_a_verdict_without_what_it_is_about_gives_out_nothing(missing: str) -> None:
    whole = (PASSED,) * len(INTEGRITY_CHECKS)
    assert _accepts(_verdict(whole))
    assert not _accepts(_verdict(whole, **{missing: None}))


def test_a_presentation_is_as_good_as_its_worst_part_on_every_row() -> None:
    for own in product(Outcome, repeat=2):
        for held in product(product(Outcome, repeat=2), repeat=2):
            verdict = PresentationVerdict(
                holder=None,
                form="",
                checks=_checks(own),
                credentials=tuple(_verdict(row) for row in held),
            )
            assert verdict.outcome is _expected((*own, *held[0], *held[1])), (own, held)


def _leaving_out(name: str) -> Callable[[Sequence[Outcome]], Outcome]:
    index = INTEGRITY_CHECKS.index(name)
    return lambda row: _expected([*row[:index], *row[index + 1 :]])


WRONG: dict[str, Callable[[Sequence[Outcome]], Outcome]] = {
    "one good check is enough": lambda row: PASSED if PASSED in row else _expected(row),
    "the last one wins": lambda row: row[-1],
    "the first one wins": lambda row: row[0],
    "most of them": lambda row: max(set(row), key=list(row).count),
    "unknown is good": lambda row: FAILED if FAILED in row else PASSED,
    "unknown is bad": lambda row: PASSED if set(row) == {PASSED} else FAILED,
    "unknown outweighs bad": lambda row: UNTOLD if UNTOLD in row else _expected(row),
    "always good": lambda _: PASSED,
    "all but one": lambda row: _expected(sorted(row, key=lambda outcome: outcome is PASSED)[1:]),
    **{f"without {name}": _leaving_out(name) for name in INTEGRITY_CHECKS},
}


def _differences(aggregate: Callable[[Sequence[Outcome]], Outcome]) -> Iterator[Sequence[Outcome]]:
    yield from (row for row in ROWS if aggregate(row) is not _expected(row))


@pytest.mark.parametrize("aggregate", WRONG.values(), ids=WRONG.keys())
def test_the_table_tells_a_wrong_aggregate(aggregate: Callable[[Sequence[Outcome]], Outcome]) -> None:
    assert any(_differences(aggregate))


def test_the_table_is_whole_and_tells_the_right_one_from_none() -> None:
    assert len(set(ROWS)) == 3 ** len(INTEGRITY_CHECKS)
    assert not any(_differences(lambda row: worst(_checks(row))))

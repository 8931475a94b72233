"""Three laws of the verdict: order means nothing, absence never refutes, losing never helps.

See docs/requirements.md T6.
"""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.evidence import Need, NeedKind
from credentials.provenance import Case, Holdings, Report, Word, judge, to_json
from credentials.verdict import VerifiedCredential
from tests.credentials.provenance import official, twin
from tests.credentials.provenance.rules.mutations import OWN_RULES, Mutation
from tests.shared import needs_shared

WHOLE = twin.holdings()
NAMES = tuple(twin.drafts())
BETTER = judge(Case.of(twin.question(), WHOLE))


def bytes_of(report: Report) -> bytes:
    """A report as it would travel."""
    return json.dumps(to_json(report)).encode()


def shuffled(held: Holdings, chance: random.Random) -> Holdings:
    """The same holdings in another order, evidence too."""
    credentials = list(held.credentials)
    answers = list(held.evidence.answers.items())
    chance.shuffle(credentials)
    chance.shuffle(answers)
    return replace(held, credentials=tuple(credentials), evidence=type(held.evidence)(dict(answers)))


def without(held: Holdings, ids: frozenset[str]) -> Holdings:
    """Holdings that lost some credentials and the bytes behind them."""
    kept = tuple(one for one in held.credentials if one.verdict.id not in ids)
    lost = {Need(NeedKind.CREDENTIAL, id) for id in ids}
    answers = {need: answer for need, answer in held.evidence.answers.items() if need not in lost}
    return replace(held, credentials=kept, evidence=type(held.evidence)(answers))


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False))
def test_law_the_report_is_the_same_bytes_in_any_order(chance: random.Random) -> None:
    assert bytes_of(judge(Case.of(twin.question(), shuffled(WHOLE, chance)))) == bytes_of(BETTER)


@pytest.mark.parametrize("mutation", OWN_RULES[::4], ids=lambda one: one.story)
def test_a_report_with_findings_is_the_same_bytes_in_any_order(mutation: Mutation) -> None:
    drafts = twin.drafts()
    held = twin.holdings(drafts, answers=mutation.change(drafts))

    assert bytes_of(judge(Case.of(twin.question(), held))) == bytes_of(
        judge(Case.of(twin.question(), shuffled(held, random.Random(7))))
    )


@needs_shared
def test_the_official_chain_gives_the_same_bytes_in_any_order() -> None:
    held = official.holdings()

    one, other = (
        judge(Case.of(official.question(), held)),
        judge(Case.of(official.question(), shuffled(held, random.Random(3)))),
    )

    assert bytes_of(one) == bytes_of(other)


@settings(max_examples=30, deadline=None)
@given(st.sets(st.sampled_from([one.verdict.id or "" for one in WHOLE.credentials])))
def test_law_losing_evidence_never_raises_a_lower_bound_and_never_refutes(lost: set[str]) -> None:
    poorer = judge(Case.of(twin.question(), without(WHOLE, frozenset(lost))))

    before = {claim.id: claim for claim in BETTER.claims}
    assert poorer.coverage[0] <= BETTER.coverage[0]
    for claim in poorer.claims:
        assert claim.value[0] <= before[claim.id].value[0]
        assert claim.verdict not in (Word.REFUTED, Word.CONTRADICTED, Word.INVALID)


@pytest.mark.parametrize("name", NAMES)
def test_without_one_credential_nothing_is_contradicted(name: str) -> None:
    lost = frozenset({twin.drafts()[name]["id"]})

    poorer = judge(Case.of(twin.question(), without(WHOLE, lost)))

    assert len(poorer.claims) == (0 if name == "battery-passport" else 1)
    assert {claim.verdict for claim in poorer.claims} <= {Word.VERIFIED, Word.PARTIALLY_VERIFIED, Word.UNVERIFIABLE}
    assert not [one for one in poorer.findings if one.outcome == "fail" and one.severity == "block"]


def test_another_chain_in_hand_is_no_business_of_this_one() -> None:
    stranger = official.holdings() if official_at_hand() else Holdings()
    mixed = replace(WHOLE, credentials=(*WHOLE.credentials, *stranger.credentials))

    families = ("PV-MRG", "PV-FAC", "PV-EVT", "PV-QTY", "PV-GAP", "PV-CLM")
    assert [one for one in judge(Case.of(twin.question(), mixed)).findings if one.rule.startswith(families)] == []


def official_at_hand() -> bool:
    """Are the published samples beside this checkout?"""
    return not needs_shared.args[0]


def test_everything_held_here_was_verified_for_real() -> None:
    assert len(WHOLE.credentials) == len(NAMES)
    assert all(isinstance(one, VerifiedCredential) for one in WHOLE.credentials)

"""A case that grew, in any order and any portions, is the case that is built at once."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.provenance import Case, judge, needs
from tests.credentials.provenance import official, twin
from tests.credentials.provenance.growing import Counted, assert_grows, grown
from tests.credentials.provenance.rules.mutations import OWN_RULES, Mutation
from tests.shared import needs_shared

WHOLE = twin.holdings()


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32), st.sets(st.sampled_from(range(len(WHOLE.credentials)))))
def test_law_the_twin_grows_into_the_same_case(seed: int, lost: set[int]) -> None:
    kept = tuple(one for index, one in enumerate(WHOLE.credentials) if index not in lost)

    assert_grows(twin.question(), replace(WHOLE, credentials=kept), random.Random(seed), every=4)


#: Each in CI; every fourth among the fast tests.
_MUTATIONS = [
    pytest.param(one, id=one.story, marks=[] if number % 4 == 0 else [pytest.mark.slow])
    for number, one in enumerate(OWN_RULES)
]


@pytest.mark.parametrize("mutation", _MUTATIONS)
def test_a_chain_with_findings_grows_into_the_same_case(mutation: Mutation) -> None:
    drafts = twin.drafts()
    held = twin.holdings(drafts, answers=mutation.change(drafts))

    assert_grows(twin.question(), held, random.Random(mutation.story), every=100)


@pytest.mark.parametrize("seed", range(3))
def test_newer_versions_what_another_says_and_repetitions_grow_into_the_same_case(seed: int) -> None:
    drafts = twin.drafts()
    for number, name in enumerate(("battery-passport", "cathode-made", "cathode-shipped", "facility-cellworks.test")):
        newer = twin.drafts()[name] | {"id": f"https://cellworks.test/credentials/newer-{number}"}
        newer["validFrom"] = f"2026-05-{10 + number}T00:00:00Z"
        rumour = twin.drafts()[name] | {"id": f"https://assurer.test/credentials/rumour-{number}"}
        rumour["issuer"] = twin.drafts()["footprint-attestation"]["issuer"]
        drafts |= {f"newer-{name}": newer, f"rumour-{name}": rumour}
    del drafts["cathode-shipped"]["credentialSubject"][0]["movedProduct"][0]["product"]["batchNumber"]

    assert_grows(twin.question(), twin.holdings(drafts), random.Random(seed), every=2)


@needs_shared
def test_the_official_chain_grows_into_the_same_case() -> None:
    assert_grows(official.question(), official.holdings(), random.Random(1))


def test_however_a_case_grows_each_credential_is_read_once() -> None:
    held, counted = twin.holdings(), Counted()

    for _, case in grown(twin.question(), held, random.Random(2), reader=counted):
        needs(case)
        judge(case)

    assert counted.times == dict.fromkeys((one.verdict.object_digest for one in held.credentials), 1)


def _worked_out(*arrivals: str) -> tuple[int, int]:
    """How many results the frontier works out for everything of the twin but ``arrivals``, and how many when they come.

    A passport of another lot, which the chain does not use, is there besides.
    """
    drafts = twin.drafts()
    drafts["other-passport"] = twin.drafts()["battery-passport"] | {"id": "https://cellworks.test/credentials/other"}
    drafts["other-passport"]["credentialSubject"] = drafts["other-passport"]["credentialSubject"] | {
        "id": "https://cellworks.test/products/other"
    }
    held = twin.holdings(drafts)
    ids = {drafts[name]["id"] for name in arrivals}
    start = Case.growing(twin.question(), held.trust)
    start.graph.add(one for one in held.credentials if one.verdict.id not in ids)
    start.evidence.now(held.evidence)
    needs(start.now())
    before = start.graph.kept.worked_out
    start.graph.add(one for one in held.credentials if one.verdict.id in ids)
    needs(start.now())
    return before, start.graph.kept.worked_out - before


def test_what_nothing_new_touches_is_not_worked_out_again() -> None:
    whole, of_another_lot = _worked_out("other-passport")
    _, of_one = _worked_out("cathode-made")
    _, of_two = _worked_out("cathode-made", "battery-passport")

    assert of_another_lot * 4 < of_one < of_two < whole


def test_a_version_that_is_replaced_before_it_comes_is_not_read_at_all() -> None:
    drafts, counted = twin.drafts(), Counted()
    drafts["older"] = twin.drafts()["battery-passport"] | {
        "id": "https://cellworks.test/credentials/older",
        "validFrom": "2020-01-01T00:00:00Z",
    }
    held = twin.holdings(drafts)
    ordered = sorted(held.credentials, key=lambda one: one.verdict.id == drafts["older"]["id"])

    for _ in grown(twin.question(), replace(held, credentials=tuple(ordered)), random.Random(0), reader=counted):
        pass

    assert set(counted.times.values()) == {1}

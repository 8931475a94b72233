"""A case that grew, in any order and any portions, is the case that is built at once."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credentials.provenance import judge, needs
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


@pytest.mark.parametrize("mutation", OWN_RULES, ids=lambda one: one.story)
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

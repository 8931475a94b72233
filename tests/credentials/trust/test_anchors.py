"""Walking to a root: direct, over several bodies, and every way it can fail."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.encoding.timespan import Timespan
from credentials.trust.anchors import Reason, Vouch, Walk, anchor_path
from credentials.trust.trust_lists import TrustEntry, TrustList, TrustRole

NOW = Timespan.exactly(datetime(2026, 5, 1, tzinfo=UTC))
ACCREDITERS = frozenset({TrustRole.ACCREDITATION, TrustRole.SCHEME_OWNER})


def vouch(subject: str, issuer: str, **members: Any) -> Vouch:
    stated = {"register_type": "accreditation", "credential": f"urn:{issuer}-{subject}", **members}
    return Vouch(subject=subject, issuer=issuer, **stated)


def walk(*vouches: Vouch, roots: tuple[str, ...] = ("did:web:root.test",), delegates: int = 9, **members: Any) -> Walk:
    entries = tuple(
        TrustEntry(did=did, roles=frozenset({TrustRole.ACCREDITATION}), delegates=delegates) for did in roots
    )
    return Walk(
        vouches=lambda did: (one for one in vouches if one.subject == did),
        trust=TrustList(entries),
        when=NOW,
        roles=ACCREDITERS,
        register_types=frozenset({"accreditation"}),
        **members,
    )


def test_a_root_needs_nobody_to_vouch_for_it() -> None:
    path = anchor_path("did:web:root.test", walk())

    assert path.anchored
    assert path.steps == ()


def test_one_step_to_a_root_is_a_path() -> None:
    path = anchor_path("did:web:lab.test", walk(vouch("did:web:lab.test", "did:web:root.test")))

    assert path.anchored
    assert path.root == "did:web:root.test"


def test_a_chain_of_bodies_is_walked_to_its_root() -> None:
    path = anchor_path("lab", walk(vouch("lab", "body"), vouch("body", "board"), vouch("board", "did:web:root.test")))

    assert [step.issuer for step in path.steps] == ["body", "board", "did:web:root.test"]


@pytest.mark.parametrize(("delegates", "anchored"), [(0, False), (1, True)])
def test_others_vouch_only_as_far_as_the_root_delegates(*, delegates: int, anchored: bool) -> None:
    path = anchor_path("lab", walk(vouch("lab", "body"), vouch("body", "did:web:root.test"), delegates=delegates))

    assert path.reason is (Reason.ANCHORED if anchored else Reason.NOT_DELEGATED)


def test_nobody_vouching_is_no_anchor() -> None:
    assert anchor_path("lab", walk()).reason is Reason.NO_ANCHOR


def test_a_stranger_vouching_is_untrusted() -> None:
    assert anchor_path("lab", walk(vouch("lab", "stranger"))).reason is Reason.UNTRUSTED


def test_an_anchor_that_may_not_be_relied_on_is_no_step() -> None:
    path = anchor_path("lab", walk(vouch("lab", "did:web:root.test", reliable=False)))

    assert path.reason is Reason.UNRELIABLE


def test_a_business_register_does_not_accredit() -> None:
    path = anchor_path("lab", walk(vouch("lab", "did:web:root.test", register_type="business")))

    assert path.reason is Reason.NO_ANCHOR


def test_bodies_that_vouch_for_each_other_end_nowhere() -> None:
    path = anchor_path("lab", walk(vouch("lab", "body"), vouch("body", "lab")))

    assert path.reason is Reason.CYCLE


def test_a_chain_longer_than_the_policy_allows_does_not_count() -> None:
    links = [vouch(str(step), str(step + 1)) for step in range(5)]

    path = anchor_path("0", walk(*links, vouch("5", "did:web:root.test"), max_length=4))

    assert path.reason is Reason.TOO_LONG


def test_a_root_for_another_scheme_is_no_root() -> None:
    root = TrustEntry(did="root", roles=frozenset({TrustRole.ACCREDITATION}), schemes=frozenset({"https://a.test"}))
    looked_for = Walk(
        vouches=lambda did: (vouch("lab", "root"),) if did == "lab" else (),
        trust=TrustList((root,)),
        when=NOW,
        roles=ACCREDITERS,
        register_types=frozenset({"accreditation"}),
        schemes=("https://b.test",),
    )

    assert anchor_path("lab", looked_for).reason is Reason.UNTRUSTED


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh")), max_size=24), st.randoms())
def test_the_order_of_anchors_never_matters(pairs: list[tuple[str, str]], random: Any) -> None:
    vouches = [vouch(*pair) for pair in pairs]
    shuffled = list(vouches)
    random.shuffle(shuffled)

    assert anchor_path("a", walk(*vouches, roots=("h",))) == anchor_path("a", walk(*shuffled, roots=("h",)))


@given(st.lists(st.tuples(st.sampled_from("abch"), st.sampled_from("abch")), max_size=24), st.data())
def test_losing_an_anchor_never_makes_a_party_trusted(pairs: list[tuple[str, str]], data: Any) -> None:
    vouches = [vouch(*pair) for pair in pairs]
    kept = [item for item in vouches if data.draw(st.booleans())]

    if anchor_path("a", walk(*kept, roots=("h",))).anchored:
        assert anchor_path("a", walk(*vouches, roots=("h",))).anchored

"""No stranger changes what is decided about us: each saying alone, on the smallest world that shows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from credentials.provenance.case import parties
from credentials.provenance.case.case import Case
from credentials.verdict import VerifiedCredential
from tests.adversary import documents
from tests.adversary.chain import AT
from tests.adversary.judging import ask
from tests.adversary.known import breaks
from tests.adversary.moves import MOVES
from tests.adversary.parties import MALLORY
from tests.adversary.properties import Property, defamations
from tests.adversary.templates import honest
from tests.adversary.world import World

NO_DEFAMATION = Property.NO_DEFAMATION


def _changed_by(move: str, template: str = "cotton", *, before: World | None = None) -> list[str]:
    world = before or honest(template, lots=3)
    changed = MOVES[move].made_on(world, 1)
    assert changed is not None
    assert set(world.documents) < set(changed.documents)
    return list(defamations(ask(world), ask(changed)))


# ---- goods


@breaks(NO_DEFAMATION, "stranger-receipt")
def test_a_strangers_receipt_takes_nothing_from_our_lot() -> None:
    assert _changed_by("stranger-receipt") == []


@breaks(NO_DEFAMATION, "stranger-sale")
def test_a_stranger_cannot_sell_our_lot() -> None:
    assert _changed_by("stranger-sale") == []


@breaks(NO_DEFAMATION, "stranger-use")
def test_a_stranger_cannot_use_up_our_lot() -> None:
    assert _changed_by("stranger-use") == []


@breaks(NO_DEFAMATION, "stranger-scrap")
def test_a_stranger_cannot_scrap_our_lot() -> None:
    assert _changed_by("stranger-scrap") == []


@breaks(NO_DEFAMATION, "stranger-making")
def test_a_stranger_tells_nothing_of_our_making() -> None:
    assert _changed_by("stranger-making") == []


@breaks(NO_DEFAMATION, "stranger-batch-name")
def test_a_batch_that_a_stranger_names_does_not_blur_ours() -> None:
    assert _changed_by("stranger-batch-name") == []


# ---- who speaks for what


@breaks(NO_DEFAMATION, "stranger-passport")
def test_a_strangers_passport_makes_no_claim_of_ours() -> None:
    assert _changed_by("stranger-passport") == []


@breaks(NO_DEFAMATION, "second-spelling")
def test_another_spelling_of_our_number_gives_a_stranger_no_say() -> None:
    assert _changed_by("second-spelling", "coffee") == []


@breaks(NO_DEFAMATION, "tenant-passport")
def test_a_tenant_of_our_host_does_not_speak_for_us() -> None:
    assert _changed_by("tenant-passport") == []


@breaks(NO_DEFAMATION, "guest-passport")
def test_a_guest_below_our_domain_does_not_speak_for_us() -> None:
    assert _changed_by("guest-passport") == []


@breaks(NO_DEFAMATION, "stranger-place")
def test_a_stranger_does_not_become_the_operator_of_our_works() -> None:
    assert _changed_by("stranger-place") == []


@breaks(NO_DEFAMATION, "stranger-anchor")
def test_a_register_nobody_believes_does_not_say_who_we_are() -> None:
    world = honest("cotton", lots=3)
    unregistered = world.without(f"anchor:{world.chain.target.owner.key}")
    assert _changed_by("stranger-anchor", before=unregistered) == []


def test_an_anchor_that_a_stranger_writes_under_the_id_of_ours_is_not_the_one_we_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    registered = honest("cotton", lots=3)
    owner = registered.chain.target.owner
    world = registered.without(f"anchor:{owner.key}")
    renumbered = documents.anchor(
        MALLORY, replace(owner, number="X-1"), "business", [MALLORY.url("companies")], begins=AT - timedelta(days=5)
    )
    decoy = renumbered | {"id": registered.id_of(f"anchor:{owner.key}")}
    changed = world.with_party(MALLORY).with_document("mallory:decoy", decoy, place=MALLORY.url("credentials/decoy"))
    assert list(defamations(ask(world), ask(changed))) == []

    monkeypatch.setattr(parties, "credential_at", _by_mallory)
    assert list(defamations(ask(world), ask(changed)))


def _by_mallory(case: Case, address: str) -> VerifiedCredential | None:
    held = case.graph.credentials_at(address)
    return next((one for one in held if one.issuer == MALLORY.did), None)


# ---- papers


@breaks(NO_DEFAMATION, "stranger-refusal")
def test_a_refusal_by_nobody_accredited_is_none() -> None:
    assert _changed_by("stranger-refusal") == []


@breaks(NO_DEFAMATION, "stranger-decoy")
def test_a_strangers_paper_under_our_id_replaces_nothing() -> None:
    assert _changed_by("stranger-decoy") == []


@breaks(NO_DEFAMATION, "stranger-broken-file")
def test_a_cut_file_among_the_documents_is_nobodys_fault() -> None:
    assert _changed_by("stranger-broken-file") == []


@breaks(NO_DEFAMATION, "stranger-broken-copy")
def test_a_badly_signed_copy_does_not_hurt_the_original() -> None:
    assert _changed_by("stranger-broken-copy") == []

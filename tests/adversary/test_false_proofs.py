"""Nothing false is VERIFIED: each lie alone, on the smallest world that shows it."""

from __future__ import annotations

from pathlib import Path

from tests.adversary.judging import ask, ask_folder
from tests.adversary.known import breaks
from tests.adversary.moves import MOVES
from tests.adversary.properties import Property, false_proofs
from tests.adversary.templates import honest
from tests.adversary.world import World

NO_FALSE_PROOF = Property.NO_FALSE_PROOF


def _after(move: str, template: str = "cotton") -> World:
    world = MOVES[move].made_on(honest(template, lots=3), 1)
    assert world is not None
    return world


def _verified_falsely(move: str, template: str = "cotton") -> list[str]:
    world = _after(move, template)
    return list(false_proofs(world, ask(world)))


def _verified_falsely_from(folder: Path, move: str) -> list[str]:
    world = _after(move)
    return list(false_proofs(world, ask_folder(world, folder)))


# ---- claims that say more than was assessed


@breaks(NO_FALSE_PROOF, "extra-criterion")
def test_a_criterion_nobody_assessed_does_not_ride_on_one_that_somebody_did() -> None:
    assert _verified_falsely("extra-criterion") == []


@breaks(NO_FALSE_PROOF, "extra-topic")
def test_a_topic_nobody_assessed_does_not_ride_on_another() -> None:
    assert _verified_falsely("extra-topic") == []


@breaks(NO_FALSE_PROOF, "extra-score")
def test_a_score_does_not_ride_on_a_figure() -> None:
    assert _verified_falsely("extra-score") == []


# ---- what others earned


@breaks(NO_FALSE_PROOF, "borrowed-place")
def test_naming_certified_works_does_not_make_goods_good() -> None:
    assert _verified_falsely("borrowed-place") == []


@breaks(NO_FALSE_PROOF, "borrowed-company")
def test_naming_a_company_does_not_lend_its_certificate() -> None:
    assert _verified_falsely("borrowed-company") == []


@breaks(NO_FALSE_PROOF, "stranger-place")
def test_a_strangers_record_of_our_works_makes_no_claim_of_ours() -> None:
    assert _verified_falsely("stranger-place") == []


# ---- times


@breaks(NO_FALSE_PROOF, "free-claim-date")
def test_a_claim_cannot_be_dated_before_what_it_is_about() -> None:
    assert _verified_falsely("free-claim-date") == []


@breaks(NO_FALSE_PROOF, "back-dating")
def test_nothing_is_assessed_before_it_is_made() -> None:
    assert _verified_falsely("back-dating", "battery") == []


@breaks(NO_FALSE_PROOF, "far-future")
def test_what_begins_after_the_question_proves_nothing() -> None:
    assert _verified_falsely("far-future") == []


@breaks(NO_FALSE_PROOF, "after-the-question")
def test_what_will_be_assessed_proves_nothing() -> None:
    assert _verified_falsely("after-the-question") == []


@breaks(NO_FALSE_PROOF, "token-expired")
def test_an_expired_token_is_an_expired_certificate() -> None:
    assert _verified_falsely("token-expired") == []


@breaks(NO_FALSE_PROOF, "token-not-yet")
def test_a_token_that_is_not_valid_yet_proves_nothing() -> None:
    assert _verified_falsely("token-not-yet") == []


# ---- who may assess what


@breaks(NO_FALSE_PROOF, "widened-scope")
def test_a_certifier_proves_nothing_beyond_what_it_is_accredited_for() -> None:
    assert _verified_falsely("widened-scope") == []


@breaks(NO_FALSE_PROOF, "friend-accreditation")
def test_a_certifier_accredits_nobody() -> None:
    assert _verified_falsely("friend-accreditation") == []


@breaks(NO_FALSE_PROOF, "neighbour-certificate")
def test_a_tenant_of_the_makers_host_is_no_third_party() -> None:
    assert _verified_falsely("neighbour-certificate") == []


@breaks(NO_FALSE_PROOF, "foreign-did-document")
def test_whoever_hands_documents_over_does_not_speak_for_the_certifier() -> None:
    assert _verified_falsely("foreign-did-document") == []


# ---- what was taken back


@breaks(NO_FALSE_PROOF, "status-index-in-words")
def test_a_status_whose_index_is_in_words_is_not_good() -> None:
    assert _verified_falsely("status-index-in-words") == []


@breaks(NO_FALSE_PROOF, "status-purpose-unknown")
def test_a_status_for_an_unknown_purpose_is_not_good() -> None:
    assert _verified_falsely("status-purpose-unknown") == []


@breaks(NO_FALSE_PROOF, "status-purpose-capital")
def test_a_status_whose_purpose_is_misspelt_is_not_good() -> None:
    assert _verified_falsely("status-purpose-capital") == []


@breaks(NO_FALSE_PROOF, "status-type-unknown")
def test_a_status_of_an_unknown_type_is_not_good() -> None:
    assert _verified_falsely("status-type-unknown") == []


@breaks(NO_FALSE_PROOF, "stale-list")
def test_an_old_clean_list_does_not_hide_a_revocation() -> None:
    assert _verified_falsely("stale-list") == []


@breaks(NO_FALSE_PROOF, "decoy-id")
def test_a_paper_with_the_id_of_a_refusal_does_not_hide_it(tmp_path: Path) -> None:
    assert _verified_falsely_from(tmp_path, "decoy-id") == []


@breaks(NO_FALSE_PROOF, "equivocation")
def test_a_certifier_in_two_minds_proves_no_more_than_the_lesser(tmp_path: Path) -> None:
    assert _verified_falsely_from(tmp_path, "equivocation") == []


# ---- mass that was never there


@breaks(NO_FALSE_PROOF, "use-beyond-receipt")
def test_what_was_used_beyond_what_came_proves_nothing() -> None:
    assert _verified_falsely("use-beyond-receipt", "bottles") == []


@breaks(NO_FALSE_PROOF, "resale-beyond-receipt")
def test_what_was_sold_on_was_not_used() -> None:
    assert _verified_falsely("resale-beyond-receipt", "bottles") == []

"""One answer: the same documents, the same report byte for byte, in any order and under any file names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.adversary.judging import ask, ask_folder
from tests.adversary.known import breaks
from tests.adversary.moves import MOVES
from tests.adversary.properties import Property, other_answers
from tests.adversary.templates import COMPLETE, honest

_ORDERS = 6
ANY_FILE_NAMES = Property.ANY_FILE_NAMES


def _answers_from(folder: Path, move: str) -> set[str]:
    """The reports on what is decided, from the same files under two ways of naming them."""
    world = MOVES[move].made_on(honest("cotton", lots=3), 1)
    assert world is not None
    as_they_came = ask_folder(world, folder / "one")
    the_other_way = ask_folder(world, folder / "two", order=lambda names: names[::-1])
    return {str(answer.decided) for answer in (as_they_came, the_other_way)}


def _shuffled(seed: int) -> Callable[[list[str]], list[str]]:
    return lambda names: Random(seed).sample(names, len(names))


@pytest.mark.parametrize("template", COMPLETE)
def test_an_honest_world_is_judged_alike_in_any_order_of_arrival(template: str) -> None:
    world = honest(template, lots=8)
    assert [told for seed in range(_ORDERS) for told in other_answers(world, ask(world), Random(seed))] == []


def test_a_folder_is_judged_alike_under_any_file_names(tmp_path: Path) -> None:
    world = honest("coffee", lots=4)
    texts = {ask_folder(world, tmp_path / str(seed), order=_shuffled(seed)).text for seed in range(2)}
    assert len(texts) == 1


def test_what_is_fetched_from_a_folder_is_judged_as_what_is_in_hand(tmp_path: Path) -> None:
    world = honest("bottles", lots=3)
    assert ask_folder(world, tmp_path).decided == ask(world).decided


@breaks(ANY_FILE_NAMES, "equivocation")
def test_two_certificates_with_one_id_are_judged_alike_under_any_file_names(tmp_path: Path) -> None:
    assert len(_answers_from(tmp_path, "equivocation")) == 1


@breaks(ANY_FILE_NAMES, "stale-list")
def test_two_status_lists_are_judged_alike_under_any_file_names(tmp_path: Path) -> None:
    assert len(_answers_from(tmp_path, "stale-list")) == 1


@breaks(ANY_FILE_NAMES, "two-passports")
def test_two_passports_with_one_id_are_judged_alike_under_any_file_names(tmp_path: Path) -> None:
    assert len(_answers_from(tmp_path, "two-passports")) == 1


@breaks(ANY_FILE_NAMES, "decoy-id")
def test_a_decoy_is_judged_alike_under_any_file_name(tmp_path: Path) -> None:
    assert len(_answers_from(tmp_path, "decoy-id")) == 1


@breaks(ANY_FILE_NAMES, "stranger-decoy")
def test_a_strangers_decoy_is_judged_alike_under_any_file_name(tmp_path: Path) -> None:
    assert len(_answers_from(tmp_path, "stranger-decoy")) == 1


@breaks(ANY_FILE_NAMES, "stranger-broken-copy")
def test_a_broken_copy_is_judged_alike_under_any_file_name(tmp_path: Path) -> None:
    assert len(_answers_from(tmp_path, "stranger-broken-copy")) == 1


@breaks(ANY_FILE_NAMES, "stranger-broken-file")
def test_a_broken_file_is_told_of_alike_under_any_name(tmp_path: Path) -> None:
    assert len(_answers_from(tmp_path, "stranger-broken-file")) == 1


@pytest.mark.parametrize("move", MOVES)
def test_what_is_in_hand_is_judged_alike_in_any_order_after_any_move(move: str) -> None:
    worlds = (MOVES[move].made_on(honest(template, lots=3), 1) for template in COMPLETE)
    world = next(world for world in worlds if world is not None)
    assert list(other_answers(world, ask(world), Random(move))) == []

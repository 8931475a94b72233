"""A made-up world is a real one: as many credentials as asked for, all of one flawless chain, the same every time."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.worlds.chain import Chain
from benchmarks.worlds.tracing import cost_alone, cost_of_trace
from benchmarks.worlds.world import World, make_world


def _bytes_of(world: World) -> dict[str, bytes]:
    files = (path for path in world.folder.rglob("*") if path.is_file())
    return {path.relative_to(world.folder).as_posix(): path.read_bytes() for path in files}


def test_a_trace_reads_every_credential_of_a_world_and_finds_nothing_wrong(tmp_path: Path) -> None:
    world = make_world(tmp_path, 90, companies=6, inputs=3)

    traced, alone = cost_of_trace(world), cost_alone(world)

    assert world.credentials == traced.credentials == alone.credentials == 90


def test_a_credential_that_is_missing_from_a_world_is_missed(tmp_path: Path) -> None:
    world = make_world(tmp_path, 90, companies=6)
    sorted((tmp_path / "0").iterdir())[-1].unlink()

    with pytest.raises(AssertionError, match="89 of 90"):
        cost_of_trace(world)


def test_the_same_seed_makes_the_same_world_and_another_seed_another(tmp_path: Path) -> None:
    first, again, other = (
        make_world(tmp_path / name, 90, companies=6, seed=seed) for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )

    assert _bytes_of(first) == _bytes_of(again)
    assert not set(_bytes_of(first).values()) & set(_bytes_of(other).values()) - {first.trust.read_bytes()}


def test_every_kilogram_of_a_chain_reaches_its_target_though_some_lots_are_sold_twice() -> None:
    chain = Chain(lots=500)
    raw = [lot for lot in range(chain.lots) if chain.is_raw(lot)]

    assert sum(chain.mass(lot) for lot in raw) == chain.mass(0)
    assert any(len(chain.makers_of(lot)) == 2 for lot in range(chain.lots))


@pytest.mark.parametrize("credentials", range(90, 100))
def test_any_number_of_credentials_can_be_had(tmp_path: Path, credentials: int) -> None:
    assert make_world(tmp_path, credentials, companies=6).credentials == credentials

"""The program of the page agrees with ours: what a judge wrote is followed, and no mutant of it is shown."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any, Final

import pytest
from click.testing import CliRunner

from credentials.encoding.bundle_file import read_bundle, write_bundle
from credentials.encoding.moments import format_moment
from node.cli.entry import commands
from tests.adversary.judging import ask_folder
from tests.adversary.moves import MOVES
from tests.adversary.mutants import mutants
from tests.adversary.programs import draw
from tests.adversary.templates import TEMPLATES, honest
from tests.adversary.test_replayed import is_as_right
from tests.adversary.world import World
from tests.shared import shared_path

pytestmark = pytest.mark.slow

NODE_JS: Final = shutil.which("node") or ""
ASK: Final = Path(__file__).parent / "checker" / "ask.mjs"
#: Honest cases beside the checkout, where every step is one that the page follows.
CONSISTENT: Final = (
    "economies/baseline-bottle",
    "economies/baseline-coffee",
    "economies/baseline-parchment",
    "economies/item-consistent",
    "economies/contract-packer",
    "economies/lots-on-a-host-below",
    "forgeries/baseline-battery",
    "forgeries/certified-factory-clean",
)
#: What the page says where it does not follow: a GS1 number in the place of the name of a lot.
NOT_FOLLOWED: Final = "has another name in the event"


def asked(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """What the program of the page says of each bundle, without a browser."""
    if not NODE_JS and os.environ.get("CI") == "true":
        pytest.fail("node is missing")
    if not NODE_JS:
        pytest.skip("Node.js is not installed here")
    named = "".join(f"{path}\n" for path in paths)
    ran = subprocess.run([NODE_JS, str(ASK)], input=named, capture_output=True, text=True, check=True, timeout=300)
    found = [json.loads(line) for line in ran.stdout.splitlines()]
    assert len(found) == len(paths)
    return found


def bundled(evidence: Path, trust: Path, at: str, target: str) -> Path:
    """The bundle of a folder, which our own program judges again to the same bytes."""
    path = evidence.with_name("bundle.zip")
    line = ["bundle", "--from", str(evidence), "--trust", str(trust), "--at", at, "-o", str(path), target]
    CliRunner().invoke(commands, line, catch_exceptions=False)
    again = CliRunner().invoke(commands, ["verify-bundle", str(path), "--json"], catch_exceptions=False)
    assert json.loads(again.stdout)["same"] is True
    return path


def of_world(world: World, folder: Path) -> Path:
    ask_folder(world, folder)
    return bundled(folder / "evidence", folder / "trust.json", format_moment(world.at), world.target)


def assert_agrees(bundle: Path, told: Mapping[str, Any]) -> None:
    """Each claim of the report has its word, its lower bound and its sets, or the reason why it is not followed."""
    report = json.loads(read_bundle(bundle.read_bytes())["report.json"])
    assert told["state"] != "refused", told
    for claim, seen in zip(report["claims"], told["claims"], strict=True):
        assert (seen["id"], seen["told"]) == (claim["id"], claim["verdict"])
        if claim["derivation"] is None:
            continue
        if not seen["shown"]:
            assert NOT_FOLLOWED in seen["why"], seen
            continue
        assert seen["word"] == claim["verdict"]
        upper, _, lower = seen["least"].partition("/")
        assert abs(int(upper) / int(lower or 1) - claim["value"][0]) < 1e-6
        assert seen["sets"] == (claim["holdsUnless"] or {"sets": []})["sets"]


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Bundles of honest worlds of each kind, and of worlds after any moves."""
    made = [honest(template, lots=5, seed=5) for template in sorted(TEMPLATES)]
    drawn = [draw(seed, templates=sorted(TEMPLATES), moves=sorted(MOVES)).played[0] for seed in range(1, 24, 2)]
    return [of_world(world, tmp_path_factory.mktemp("world")) for world in [*made, *drawn]]


def test_what_is_shown_in_honest_and_other_worlds_is_followed(worlds: list[Path]) -> None:
    told = asked(worlds)
    for bundle, one in zip(worlds, told, strict=True):
        assert_agrees(bundle, one)
    assert sum(one["state"] == "shown" for one in told) >= len(told) - 3


def test_no_mutant_of_a_derivation_is_shown(worlds: list[Path], tmp_path: Path) -> None:
    made = [one for number, bundle in enumerate(worlds) for one in _mutants(bundle, number, tmp_path)]
    told = asked([path for _, path, *_ in made])
    shown = [one for one, seen in zip(made, told, strict=True) if seen["state"] == "shown"]
    assert [name for name, _, report, mutant in shown if not is_as_right(report, mutant)] == []
    assert sum(one["state"] == "refused" for one in told) > len(told) * 0.9


def _mutants(bundle: Path, number: int, folder: Path) -> Iterator[tuple[str, Path, Any, Any]]:
    members = read_bundle(bundle.read_bytes())
    report = json.loads(members["report.json"])
    if not report["derivation"]["steps"]:
        return
    for name, mutant in mutants(report, Random(number)):
        path = folder / f"{number}-{name}.zip"
        text = json.dumps(mutant, indent=2, ensure_ascii=False) + "\n"
        path.write_bytes(write_bundle(members | {"report.json": text.encode()}))
        yield f"{number}: {name}", path, report, mutant


@pytest.mark.parametrize("name", CONSISTENT)
def test_consistent_cases_are_followed(name: str, tmp_path: Path) -> None:
    cases = _cases()
    case = cases.Case(shared_path("cases") / name)
    evidence, trust = tmp_path / "evidence", tmp_path / "trust.json"
    evidence.mkdir()
    for file, body in case.files().items():
        (evidence / file).write_bytes(body)
    trust.write_bytes(case.trust(frozenset({cases.PIN, cases.DELEGATES})))
    bundle = bundled(evidence, trust, case.said["at"], case.said["target"])
    (told,) = asked([bundle])
    assert_agrees(bundle, told)


def _cases() -> ModuleType:
    spec = importlib.util.spec_from_file_location("cases_run", shared_path("cases", "run.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

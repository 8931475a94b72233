"""The release says one version everywhere, and the settings decide which JSON-LD engine and which way out it takes."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from node.app import machine_clock, open_node
from node.config import build_settings, load_settings
from node.errors import SettingsProblem
from node.flows.verifying.work import Resources
from node.software import SOFTWARE, VERSION
from tests.node.folders import lay_node
from tests.shared import ROOT

LEAST = {"name": "Farm", "public_url": "https://farm.test"}


def test_the_version_is_that_of_the_distribution() -> None:
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert stated == VERSION
    assert f"tracenode {stated}" == SOFTWARE


@pytest.mark.parametrize("value", ["rust", "", "PYLD"])
def test_another_engine_is_refused(tmp_path: Path, value: str) -> None:
    with pytest.raises(SettingsProblem) as refused:
        build_settings({**LEAST, "jsonld_engine": value}, data=tmp_path)
    assert refused.value.problem.pointer == "/jsonld_engine"


@pytest.mark.parametrize("value", ["2", "1.5", "-0.1", "half", "1e-3", True])
def test_a_share_that_is_none_is_refused(tmp_path: Path, value: object) -> None:
    with pytest.raises(SettingsProblem) as refused:
        build_settings({**LEAST, "shadow_share": value}, data=tmp_path)
    assert refused.value.problem.pointer == "/shadow_share"


@pytest.mark.parametrize(("value", "share"), [("0", 0.0), ("1", 1.0), (0.25, 0.25), ("0.001", 0.001)])
def test_a_share_is_between_nothing_and_all(tmp_path: Path, value: object, share: float) -> None:
    assert build_settings({**LEAST, "shadow_share": value}, data=tmp_path).shadow_share == share


def _engine_of(resources: Resources) -> str:
    return resources.contexts.processing.engine


async def test_a_node_works_with_the_engine_of_its_settings_here_and_in_its_worker_processes(tmp_path: Path) -> None:
    folder = lay_node(tmp_path / "spinner")
    with (folder / "settings.toml").open("a") as file:
        file.write('jsonld_engine = "pyld"\n')
    async with open_node(load_settings(folder, environment={}), clock=machine_clock) as node:
        work, signing = node.judging.work, node.instances["default"].securing
        assert signing.contexts is not None
        assert signing.contexts.processing.engine == "pyld"
        assert await work.read(b"a.b.c", _engine_of) == "pyld"
        assert await work.run(_engine_of, seconds=60) == "pyld"

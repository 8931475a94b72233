"""The schemas that an operator registers in the settings: believed by digest, refused at the start otherwise."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from credentials.verdict import Outcome
from node.app import open_node
from node.config import load_settings
from node.errors import SettingsProblem
from node.flows.verifying.work import InProcess, Work
from tests.credentials.schemas.test_named import SCHEMA, URL
from tests.credentials.verify.world import AT, evidence, signed
from tests.node.folders import lay_node

RAW = json.dumps(SCHEMA).encode()


def _node(folder: Path, digest: str) -> Path:
    data = lay_node(folder / "spinner")
    (data / "lot.json").write_bytes(RAW)
    with (data / "settings.toml").open("a") as settings:
        settings.write(f'\n[schemas]\n"{URL}" = "lot.json {digest}"\n')
    return data


@pytest.mark.w3c("A1.10")
@pytest.mark.parametrize("work", [None, InProcess()], ids=["a running node", "a command on its folder"])
@pytest.mark.parametrize(("name", "expected"), [("lot 1", Outcome.PASSED), ("box 1", Outcome.FAILED)])
async def test_a_registered_schema_is_evaluated(
    tmp_path: Path, name: str, expected: Outcome, work: Work | None
) -> None:
    data = _node(tmp_path, hashlib.sha256(RAW).hexdigest())
    raw = signed(credentialSubject={"name": name}, credentialSchema={"id": URL, "type": "JsonSchema"})

    async with open_node(load_settings(data, environment={}), clock=lambda: AT, work=work) as node:
        verdict = await node.judging.verdict(raw, None, evidence(), AT)

    assert verdict.schema.outcome is expected


async def test_a_schema_whose_digest_is_another_stops_the_start(tmp_path: Path) -> None:
    data = _node(tmp_path, "0" * 64)

    with pytest.raises(SettingsProblem) as refused:
        async with open_node(load_settings(data, environment={}), clock=lambda: AT):
            pass

    assert refused.value.problem.pointer == "/schemas"

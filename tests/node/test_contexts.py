"""The contexts that an operator registers in the settings: what their words say is read wherever this node judges."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from credentials.verdict import Outcome
from node.app import open_node
from node.config import load_settings
from node.errors import SettingsProblem
from node.flows.verifying.bulk import Bulk, Item
from node.flows.verifying.work import InProcess, Work
from tests.corpus.making import credential
from tests.credentials.verify.world import AT, evidence, signed
from tests.node.cli.terminal import Terminal, terminal
from tests.node.folders import lay_node
from tests.node.issuer import draft

URL = "https://wool.example/Contexts/v1.jsonld"
WOOL = {"@context": {"@protected": True, "micron": {"@id": "https://wool.example/terms#micron"}}}
MOMENT = ("--at", "2026-06-01T12:00:00Z")


@pytest.fixture(name="terminal")
def _terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return terminal(monkeypatch, capsys)


def _node(folder: Path, document: dict[str, Any] = WOOL, *, digest: str = "") -> Path:
    """A node whose operator registered ``document`` as the context ``URL``."""
    data, raw = lay_node(folder / "spinner"), json.dumps(document).encode()
    (data / "wool.jsonld").write_bytes(raw)
    with (data / "settings.toml").open("a") as settings:
        settings.write(f'\n[contexts]\n"{URL}" = "wool.jsonld {digest or hashlib.sha256(raw).hexdigest()}"\n')
    return data


def _of_wool() -> bytes:
    return signed(**{"@context": [*credential()["@context"], URL]}, credentialSubject={"micron": "19"})


@pytest.mark.parametrize("work", [None, InProcess()], ids=["a running node", "a command on its folder"])
async def test_words_of_a_registered_context_are_read(tmp_path: Path, work: Work | None) -> None:
    async with open_node(load_settings(_node(tmp_path), environment={}), clock=lambda: AT, work=work) as node:
        verdict = await node.judging.verdict(_of_wool(), None, evidence(), AT)

    assert verdict.outcome is Outcome.PASSED


async def test_where_nobody_registered_them_they_are_not_read_and_not_wrong(tmp_path: Path) -> None:
    data = lay_node(tmp_path / "spinner")
    async with open_node(load_settings(data, environment={}), clock=lambda: AT, work=InProcess()) as node:
        verdict = await node.judging.verdict(_of_wool(), None, evidence(), AT)

    problems = [check.problem for check in verdict.checks if check.problem]
    assert (verdict.outcome, problems[0].code) == (Outcome.UNDETERMINED, "UNSUPPORTED_CONTEXT")
    assert "have the operator register the context" in problems[0].fix


async def test_verifying_many_reads_them_too(tmp_path: Path) -> None:
    async def given() -> AsyncIterator[Item]:
        yield Item(name="1", raw=_of_wool())

    class World:
        async def answer(self, needs: Any, *, at: Any) -> Any:
            return {need: evidence().get(need) for need in needs}

    async with open_node(load_settings(_node(tmp_path), environment={}), clock=lambda: AT, work=None) as node:
        told = [
            one async for one in Bulk(source=World(), judging=node.judging, at=AT, store=node.store).verify(given())
        ]

    assert [one.verdict.outcome for one in told] == [Outcome.PASSED]


async def test_a_credential_with_words_of_its_own_is_issued_in_every_form(tmp_path: Path) -> None:
    passport = draft("yarn-passport")
    passport["@context"] = [*passport["@context"], URL]
    passport["credentialSubject"]["micron"] = "19"
    async with open_node(load_settings(_node(tmp_path), environment={}), clock=lambda: AT, work=InProcess()) as node:
        assert node.issuing.check(passport, at=AT)
        issuance = await node.issuing.issue(passport, at=AT, private=False, audience=[], idempotency_key=None)

    assert {raw[:1] for raw in issuance.forms.values()} == {b"e", b"{"}


BAD = {
    "another digest": (WOOL, "0" * 64, "does not have the stated digest"),
    "a word that is known": (
        {"@context": {"@protected": True, "VerifiableCredential": "https://x.test/i"}},
        "",
        "another meaning",
    ),
    "a catch-all": ({"@context": {"@protected": True, "@vocab": "https://x.test/"}}, "", "nobody defined"),
    "no context": ({"micron": "x"}, "", "is not"),
}


@pytest.mark.parametrize(("document", "digest", "reason"), BAD.values(), ids=BAD.keys())
async def test_what_may_not_be_registered_stops_the_start_with_its_reason(
    tmp_path: Path, document: dict[str, Any], digest: str, reason: str
) -> None:
    data = _node(tmp_path, document, digest=digest)

    with pytest.raises(SettingsProblem) as refused:
        async with open_node(load_settings(data, environment={}), clock=lambda: AT):
            pass

    assert refused.value.problem.pointer == "/contexts"
    assert reason in refused.value.problem.detail


@pytest.mark.parametrize(("digest", "outcome"), [("", "PASSED"), ("0" * 64, "FAILED")])
def test_check_looks_at_what_is_registered(tmp_path: Path, terminal: Terminal, digest: str, outcome: str) -> None:
    said = terminal("check", "--json", data=_node(tmp_path, digest=digest))
    assert {"contexts": outcome, "schemas": "PASSED"}.items() <= {
        one["name"]: one["outcome"] for one in json.loads(said.out)
    }.items()


@pytest.mark.parametrize("many", [(), ("--many",)], ids=["one", "many"])
@pytest.mark.parametrize(("registered", "code"), [(True, 0), (False, 3)])
def test_commands_judge_by_what_the_named_folder_registers(
    tmp_path: Path, terminal: Terminal, registered: bool, code: int, many: tuple[str, ...]
) -> None:
    files = tmp_path / "files"
    files.mkdir()
    (files / "wool.jwt").write_bytes(_of_wool())
    for number, found in enumerate(evidence().found(need) for need in evidence()):
        assert found is not None
        (tmp_path / f"{number}.json").write_bytes(found.body)
    data = _node(tmp_path / "node") if registered else None
    what = str(files if many else files / "wool.jwt")
    said = terminal("verify", *many, "--from", str(tmp_path), *MOMENT, what, data=data)
    assert said.code == code, said

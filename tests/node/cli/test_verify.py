"""``tracenode verify``: one credential, offline, with the exit codes that scripts rely on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from node.demo.rehearsal import trust_list
from tests.node.cli.terminal import Terminal
from tests.node.season import season_folder, season_ids

MOMENT = ("--at", "2026-06-01T12:00:00Z")


@pytest.fixture
def season() -> tuple[str, str]:
    return ("--from", str(season_folder()))


def file_of(key: str) -> Path:
    return next(season_folder().glob(f"*-{key}.jwt"))


def test_a_genuine_credential_is_0_with_a_warning_when_nobody_vouches(
    terminal: Terminal, season: tuple[str, str]
) -> None:
    said = terminal("verify", *season, *MOMENT, str(file_of("yarn-passport")))
    assert said.code == 0
    assert said.out.startswith("PASSED\n")
    assert "nobody on your trust list" in said.err


def test_an_issuer_that_a_trusted_register_vouches_for_is_anchored(
    terminal: Terminal, season: tuple[str, str], tmp_path: Path
) -> None:
    (tmp_path / "trust.json").write_text(json.dumps(trust_list()))
    options = ("--trust", str(tmp_path / "trust.json"), "--json")
    said = terminal("verify", *season, *MOMENT, *options, str(file_of("yarn-passport")))
    result = json.loads(said.out)
    assert result["trust"]["anchored"] is True
    assert result["trust"]["path"] == ["did:web:spinner.test", "did:web:register.test"]


def test_the_json_has_the_members_of_the_contract(terminal: Terminal, season: tuple[str, str]) -> None:
    result = json.loads(terminal("verify", *season, *MOMENT, "--json", str(file_of("yarn-passport"))).out)
    assert result.keys() == {"outcome", "id", "issuer", "digest", "checks", "lint", "trust"}
    assert result["checks"][0].keys() == {"name", "outcome", "code", "pointer", "detail", "fix"}


def test_a_credential_is_found_in_the_folder_by_its_address(terminal: Terminal, season: tuple[str, str]) -> None:
    said = terminal("verify", *season, *MOMENT, season_ids()["yarn-passport"])
    assert said.code == 0


def test_a_revoked_credential_is_1(terminal: Terminal, season: tuple[str, str]) -> None:
    said = terminal("verify", *season, *MOMENT, str(file_of("wages-attestation")))
    assert said.code == 1


def test_a_changed_credential_is_1(terminal: Terminal, season: tuple[str, str], tmp_path: Path) -> None:
    raw = file_of("yarn-passport").read_bytes()
    changed = tmp_path / "changed"
    changed.write_bytes(raw[:-4] + (b"AAAA" if raw[-4:] != b"AAAA" else b"BBBB"))
    assert terminal("verify", *season, *MOMENT, str(changed)).code == 1


def test_a_credential_whose_issuer_is_silent_cannot_be_told(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    said = terminal("verify", "--from", str(tmp_path / "empty"), *MOMENT, str(file_of("yarn-passport")))
    assert said.code == 3


def test_an_address_that_nobody_holds_cannot_be_told(terminal: Terminal, season: tuple[str, str]) -> None:
    said = terminal("verify", *season, *MOMENT, "https://nobody.test/credentials/1")
    assert (said.code, said.out) == (3, "")


@pytest.mark.parametrize("what", ["/nowhere/file.jwt", "ftp://farm.test/x"])
def test_what_cannot_be_read_is_a_question_of_usage(terminal: Terminal, what: str) -> None:
    assert terminal("verify", *MOMENT, what).code == 2

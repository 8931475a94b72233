"""The commands on a folder on which no node runs."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from node.store.store import DATABASE
from tests.node.cli.terminal import Terminal
from tests.node.issuer import draft

FARM = "did:web:farm.test"


def _draft(**changed: object) -> bytes:
    return json.dumps({**draft(), **changed}).encode()


def test_init_prints_the_token_alone_and_where_to_go_on(terminal: Terminal, tmp_path: Path) -> None:
    folder = tmp_path / "farm"

    said = terminal("init", "--data", str(folder), "--name", "Farm", "--public-url", "https://farm.test")

    assert said.code == 0
    assert said.out.startswith("tn_")
    assert said.out.count("\n") == 1
    assert FARM in said.err
    assert "tracenode run" in said.err
    assert said.out.strip() not in said.err


def test_init_keeps_everything_from_others(terminal: Terminal, spinner: Path) -> None:
    modes = {path.relative_to(spinner).as_posix(): path.stat().st_mode & 0o777 for path in spinner.rglob("*")}

    assert spinner.stat().st_mode & 0o777 == 0o700
    assert {mode for name, mode in modes.items() if name != "keys"} == {0o600}
    assert modes["keys"] == 0o700


def test_init_does_not_touch_a_folder_that_holds_a_node(terminal: Terminal, spinner: Path) -> None:
    before = {path: path.read_bytes() for path in spinner.rglob("*") if path.is_file()}

    said = terminal("init", "--data", str(spinner), "--name", "Other", "--public-url", "https://other.test")

    assert (said.code, said.out) == (2, "")
    assert "FOLDER_EXISTS" in said.err
    assert {path: path.read_bytes() for path in spinner.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    "words",
    [
        ("--public-url", "http://farm.test"),
        ("--public-url", "https://farm.test", "--set", "dev_ca=ca.pem"),
        ("--public-url", "https://farm.test", "--set", "colour=green"),
        ("--public-url", "https://farm.test", "--set", "novalue"),
    ],
)
def test_init_with_wrong_settings_makes_nothing(terminal: Terminal, tmp_path: Path, words: tuple[str, ...]) -> None:
    said = terminal("init", "--data", str(tmp_path / "farm"), "--name", "Farm", *words)

    assert (said.code, said.out) == (2, "")
    assert not (tmp_path / "farm").exists()


def test_a_passphrase_locks_the_keys_instead_of_a_file(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "pass").write_text("correct horse battery staple")
    (tmp_path / "pass").chmod(0o600)
    folder = tmp_path / "farm"
    words = ("--name", "Farm", "--public-url", "https://farm.test", "--passphrase-file", str(tmp_path / "pass"))

    assert terminal("init", "--data", str(folder), *words).code == 0
    assert terminal("keys", "list", data=folder).code == 0
    (tmp_path / "pass").write_text("another horse battery staple")
    wrong = terminal("keys", "list", data=folder)

    assert not (folder / "key-encryption.key").exists()
    assert (wrong.code, wrong.out) == (2, "")
    assert "KEYRING_LOCKED" in wrong.err


def test_whoami_and_keys_show_the_public_side(terminal: Terminal, spinner: Path) -> None:
    who = terminal("whoami", data=spinner)
    keys = json.loads(terminal("keys", "list", "--json", data=spinner).out)

    assert who.out == "did:web:spinner.test\n"
    assert json.loads(terminal("whoami", "--json", data=spinner).out)["running"] is None
    assert [key["id"] for key in keys] == ["did:web:spinner.test#cred-1", "did:web:spinner.test#auth-1"]


def test_issue_prints_the_address_of_the_credential(terminal: Terminal, spinner: Path) -> None:
    said = terminal("issue", "-", data=spinner, stdin=_draft())

    assert said.code == 0
    assert said.out.startswith("https://spinner.test/credentials/")
    assert said.out.count("\n") == 1


def test_issue_with_a_key_gives_the_same_answer_again(terminal: Terminal, spinner: Path) -> None:
    first, second = (terminal("issue", "--json", "--key", "k", "-", data=spinner, stdin=_draft()) for _ in range(2))

    assert first == second
    assert set(json.loads(first.out)) == {"id", "digest", "digestMultibase", "inForceBeside"}


def test_a_dry_run_prints_what_would_be_signed_and_issues_nothing(terminal: Terminal, spinner: Path) -> None:
    said = terminal("issue", "--dry-run", "-", data=spinner, stdin=_draft())

    assert json.loads(said.out)["issuer"]["id"] == "did:web:spinner.test"
    with sqlite3.connect(spinner / DATABASE) as connection:
        assert connection.execute("SELECT count(*) FROM credential").fetchone() == (0,)
    connection.close()


def test_who_issues_reads_of_misspelt_members_beside_the_answer(terminal: Terminal, spinner: Path) -> None:
    said = terminal("issue", "--dry-run", "-", data=spinner, stdin=_draft(descripton="Yarn"))

    assert json.loads(said.out)["descripton"] == "Yarn"
    assert "warn VOC-02 (/descripton): UNTP defines no member 'descripton' here. Write description." in said.err
    assert "docs/rules.md#requirements-of-the-lint" in said.err


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{", "JSON_INVALID"),
        (b"[]", "JSON_INVALID"),
        (b'{"a": 1, "a": 2}', "JSON_DUPLICATE_KEY"),
        (b'{"a": ' + b"[" * 40 + b"]" * 40 + b"}", "JSON_TOO_DEEP"),
        (_draft(id="https://spinner.test/credentials/x"), "DRAFT_MEMBER_OURS at /id"),
        (_draft(issuer=FARM), "DRAFT_ISSUER at /issuer"),
    ],
)
def test_a_draft_that_cannot_be_issued_is_refused_by_name(
    terminal: Terminal, spinner: Path, content: bytes, code: str
) -> None:
    said = terminal("issue", "-", data=spinner, stdin=content)

    assert (said.code, said.out) == (1, "")
    assert said.err.startswith(code)
    assert "Traceback" not in said.err


def test_trust_is_pinned_once_and_listed(terminal: Terminal, spinner: Path) -> None:
    terminal("trust", "pin", "--note", "the register", FARM, data=spinner)
    terminal("trust", "pin", FARM, data=spinner)

    assert terminal("trust", "list", data=spinner).out == f"{FARM}  the register\n"
    assert json.loads(terminal("trust", "list", "--json", data=spinner).out) == {
        "pins": [{"did": FARM, "note": "the register"}],
        "localEntries": 0,
    }


def test_what_is_no_did_is_not_pinned(terminal: Terminal, spinner: Path) -> None:
    said = terminal("trust", "pin", "farm.test", data=spinner)

    assert (said.code, said.out) == (1, "")
    assert terminal("trust", "list", data=spinner).out == ""


def test_a_peer_that_is_not_known_cannot_be_removed(terminal: Terminal, spinner: Path) -> None:
    said = terminal("peers", "remove", FARM, data=spinner)

    assert (said.code, said.out) == (2, "")
    assert terminal("peers", "list", "--json", data=spinner).out == "[]\n"


def test_a_peer_whose_document_cannot_be_had_is_not_added(terminal: Terminal, spinner: Path) -> None:
    said = terminal("peers", "add", "did:web:nowhere.invalid", data=spinner)

    assert (said.code, said.out) == (3, "")
    assert "PEER_UNREACHABLE" in said.err


def test_check_finds_a_sound_folder_sound(terminal: Terminal, spinner: Path) -> None:
    terminal("issue", "-", data=spinner, stdin=_draft())

    said = terminal("check", "--json", data=spinner)

    assert said.code == 0
    assert {item["outcome"] for item in json.loads(said.out)} == {"PASSED"}


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("UPDATE body SET raw = raw || x'00'", "credentials"),
        ("DELETE FROM body", "belonging together"),
        ("DELETE FROM status_entry", "belonging together"),
        ("DELETE FROM outbox_event", "belonging together"),
        ("UPDATE status_entry SET credential_id = NULL", "belonging together"),
        ("DROP TRIGGER audit_no_update; UPDATE audit SET actor = 'nobody' WHERE seq = 1", "audit log"),
        ("DROP TRIGGER audit_no_delete; DELETE FROM audit WHERE seq = 2", "belonging together"),
    ],
)
def test_check_finds_what_was_changed_behind_its_back(
    terminal: Terminal, spinner: Path, statement: str, name: str
) -> None:
    terminal("issue", "-", data=spinner, stdin=_draft())
    connection = sqlite3.connect(spinner / DATABASE)
    connection.executescript(statement)
    connection.close()

    said = terminal("check", "--json", data=spinner)

    assert said.code == 1
    assert name in {item["name"] for item in json.loads(said.out) if item["outcome"] == "FAILED"}


def test_check_names_a_key_file_that_others_may_read(terminal: Terminal, spinner: Path) -> None:
    (spinner / "keys" / "cred-1.json").chmod(0o644)

    said = terminal("check", data=spinner)

    assert said.code == 1
    assert "cred-1.json has mode 644" in said.out


def test_check_says_what_is_damaged_in_a_file_cut_short(terminal: Terminal, spinner: Path) -> None:
    database = spinner / DATABASE
    database.write_bytes(database.read_bytes()[: 3 * 4096])

    said = terminal("check", data=spinner)

    assert said.code == 1
    assert "Traceback" not in said.err


def test_a_clock_that_was_ahead_is_forgiven_with_an_audit_line(terminal: Terminal, spinner: Path) -> None:
    assert "nothing was changed" in terminal("clock", "--forgive", data=spinner).out
    assert terminal("issue", "-", data=spinner, stdin=_draft()).code == 0
    with closing(sqlite3.connect(spinner / DATABASE)) as connection, connection:
        connection.execute("UPDATE credential SET created = '2999-01-01 00:00:00.000000'")
    assert "CLOCK_BEHIND" in terminal("issue", "-", data=spinner, stdin=_draft()).err

    said = terminal("clock", "--forgive", data=spinner)

    assert "2999-01-01T00:00:00Z is forgiven" in said.out
    assert terminal("issue", "-", data=spinner, stdin=_draft()).code == 0
    with closing(sqlite3.connect(spinner / DATABASE)) as connection:
        told = connection.execute("SELECT object FROM audit WHERE action = 'clock.forgive'").fetchall()
    assert told == [("2999-01-01T00:00:00Z",)]

"""``tracenode verify``: one credential, offline, with the exit codes that scripts rely on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from threading import Thread

import pytest
from aiohttp import web

from node.demo.companies import COMPANIES
from node.demo.offline import trust_list
from node.wire.folder import Folder
from tests.credentials.provenance import twin
from tests.credentials.provenance.signing import sign_all
from tests.node.cli.terminal import Terminal
from tests.node.plain_peers import PlainPeers
from tests.node.season import season_folder, season_ids
from tests.node.wire.hosts import app_host, authority

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


def test_what_is_wrong_is_told_with_its_place_and_its_cure(
    terminal: Terminal, season: tuple[str, str], tmp_path: Path
) -> None:
    head, payload, signature = file_of("yarn-passport").read_bytes().split(b".")
    (tmp_path / "changed.jwt").write_bytes(b".".join((head, payload, b"AAAA" + signature[4:])))

    said = terminal("verify", *season, *MOMENT, str(tmp_path / "changed.jwt"))

    told = next(line for line in said.out.splitlines() if "PROOF_VERIFICATION_ERROR" in line)
    assert "Ask the issuer" in told
    (tmp_path / "draft.json").write_text('{"@context": ["https://www.w3.org/ns/credentials/v2"], "type": []}')
    said = terminal("verify", *season, *MOMENT, str(tmp_path / "draft.json"))
    assert "MALFORMED_VALUE_ERROR (/type): " in said.out


@pytest.mark.parametrize("around", ['["%s"]', '{"verifiableCredential": "%s"}', '{"jwt": "%s", "meta": 1}'])
def test_one_document_in_a_list_or_wrapper_is_judged(
    terminal: Terminal, season: tuple[str, str], tmp_path: Path, around: str
) -> None:
    (tmp_path / "around.json").write_text(around % file_of("yarn-passport").read_text())

    said = terminal("verify", *season, *MOMENT, str(tmp_path / "around.json"))

    assert (said.code, said.out.splitlines()[0]) == (0, "PASSED")
    assert "It holds one document" in said.err


def test_of_several_documents_in_one_file_none_is_chosen(
    terminal: Terminal, season: tuple[str, str], tmp_path: Path
) -> None:
    one = file_of("yarn-passport").read_text()
    (tmp_path / "many.json").write_text(json.dumps([one, one]))

    said = terminal("verify", *season, *MOMENT, str(tmp_path / "many.json"))

    assert said.code == 1
    assert "list of 2" in said.out


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


@contextmanager
def hosts_of_the_season() -> Iterator[int]:
    """The season's hosts over TLS in a loop of their own; the port they are all at."""
    folder, app = Folder(season_folder()), web.Application()
    app.router.add_get("/{path:.*}", PlainPeers(folder).serve)
    names = tuple(company.host for company in COMPANIES)
    ready: Queue[int] = Queue()
    loop = asyncio.new_event_loop()
    done = asyncio.Event()

    async def serve() -> None:
        async with app_host(app, name=names[0], also=names[1:]) as host:
            ready.put(host.port)
            await done.wait()

    thread = Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        yield ready.get(timeout=10)
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join()
        loop.close()


def test_a_url_is_fetched_by_the_settings_of_the_data_folder(terminal: Terminal, spinner: Path) -> None:
    url = season_ids()["yarn-passport"]
    with hosts_of_the_season() as port:
        hosts = ", ".join(f'"{company.host}" = "127.0.0.1:{port}"' for company in COMPANIES)
        (spinner / "ca.pem").write_text(authority().pem)
        with (spinner / "settings.toml").open("a") as settings:
            settings.write(f'production = false\ndev_ca = "ca.pem"\ndev_hosts = {{ {hosts} }}\n')
        known = terminal("verify", "--data", str(spinner), *MOMENT, "--json", url)
        unknown = terminal("verify", *MOMENT, url)
    assert (known.code, json.loads(known.out)["outcome"]) == (0, "PASSED")
    assert unknown.code == 3


def test_a_data_folder_that_is_none_is_a_usage_error(terminal: Terminal, tmp_path: Path) -> None:
    assert terminal("verify", "--data", str(tmp_path), "https://spinner.test/credentials/1").code == 2


def test_lint_lines_say_what_is_wrong_where_and_what_to_write(terminal: Terminal, tmp_path: Path) -> None:
    drafts = twin.drafts()
    product = drafts["battery-passport"]["credentialSubject"]
    product["productionDatte"] = product.pop("productionDate")
    (tmp_path / "passport.jwt").write_bytes(sign_all(drafts)["battery-passport"])
    where = ("--from", str(tmp_path), *MOMENT, str(tmp_path / "passport.jwt"))
    said = terminal("verify", *where)
    place, cause = "/credentialSubject/productionDatte", "UNTP defines no member 'productionDatte' here."
    assert f"  warn VOC-02 ({place}): {cause} Write productionDate.\n" in said.out
    assert "docs/rules.md#requirements-of-the-lint" in said.out
    assert [one["fix"] for one in json.loads(terminal("verify", "--json", *where).out)["lint"]] == [
        "Write productionDate."
    ]

"""node.app: the wired node as a process of its own, as an operator runs it."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from node.app import machine_clock, open_node
from node.client.running_node import Refused, RunningApi, running_api
from node.config import load_settings
from node.demo.certificates import Authority
from node.disk import RunNote
from node.errors import FolderProblem, NodeError, SettingsProblem
from node.initialization import initialize
from node.serving import serve
from tests.node.issuer import draft
from tests.shared import ROOT

_COMMAND = (sys.executable, "-W", "error", "-m", "node")


@dataclass(frozen=True, slots=True)
class Running:
    """A node that listens, and the process it runs in."""

    data: Path
    process: subprocess.Popen[str]
    note: RunNote

    @property
    def api(self) -> RunningApi:
        """Its API, asked as the command asks it."""
        return RunningApi(self.note)


def _command(*words: str, data: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """One command as an operator types it."""
    environment = {**os.environ, "TRACENODE_DATA": str(data)}
    return subprocess.run(
        [*_COMMAND, *words], cwd=ROOT, env=environment, input=stdin, capture_output=True, text=True, check=False
    )


def _init(data: Path, **settings: str) -> None:
    stated = {"name": "Spinner", "public_url": "https://spinner.test", "production": "false", **settings}
    asyncio.run(initialize(data, {"listen": "127.0.0.1:0", **stated}))


async def _open(data: Path) -> None:
    async with open_node(load_settings(data, environment={}), clock=machine_clock):
        pass


def _start(data: Path) -> Running:
    words = [*_COMMAND, "run", "--data", str(data)]
    with (data / "log").open("w") as log:
        process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True)
    assert process.stdout is not None
    with process.stdout:
        said = "".join(iter(process.stdout.readline, "}\n"))
    assert said.startswith("{"), (data / "log").read_text()
    note = RunNote.read(data)
    assert note is not None
    return Running(data, process, note)


def _stop(running: Running) -> int:
    running.process.send_signal(signal.SIGTERM)
    return running.process.wait(timeout=15)


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The spinner's node with TLS under its own name."""
    folder = tmp_path_factory.mktemp("app")
    pair = Authority.create(folder / "authority", at=datetime.now(UTC)).certify("spinner.test", at=datetime.now(UTC))
    data = folder / "spinner"
    _init(data, tls_certificate=str(pair.certificate), tls_key=str(pair.key))
    running = _start(data)
    yield running
    assert _stop(running) == 0


def _get(connection: http.client.HTTPConnection, path: str, **headers: str) -> tuple[int, Any]:
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, json.loads(body)


class _Named(http.client.HTTPSConnection):
    """A connection that checks the certificate of ``host`` but goes to ``address``."""

    def __init__(self, host: str, address: tuple[str, int], context: ssl.SSLContext) -> None:
        super().__init__(host, context=context, timeout=10)
        self._address, self._checked = address, context

    def connect(self) -> None:
        """Connect to the address, greet the host."""
        self.sock = self._checked.wrap_socket(socket.create_connection(self._address), server_hostname=self.host)


def _public(node: Running) -> _Named:
    """The public listener, as the world reaches it."""
    authority = node.data.parent / "authority" / "authority.pem"
    host, _, port = node.note.public.rpartition(":")
    return _Named("spinner.test", (host, int(port)), ssl.create_default_context(cafile=str(authority)))


@pytest.mark.slow
def test_the_world_reads_the_did_document_overtls_of(node: Running) -> None:
    status, document = _get(_public(node), "/.well-known/did.json", Host="spinner.test")

    assert (status, document["id"]) == (200, "did:web:spinner.test")


def test_people_and_the_command_ask_over_the_loopback_listener(node: Running) -> None:
    assert node.note.plain.startswith("http://127.0.0.1:")
    assert node.api.ask("GET", "/.well-known/did.json")["id"] == "did:web:spinner.test"


def test_what_the_running_node_issues_is_served_at_its_address(node: Running) -> None:
    issued = node.api.ask("POST", "/credentials/issue", {"credential": draft("yarn-passport")})

    status, document = _get(_public(node), issued["id"].removeprefix("https://spinner.test"), Accept="application/vc")
    assert (status, document["id"]) == (200, issued["id"])
    linkset = node.api.ask("GET", "/lots/yarn-2026-y?linkType=linkset")
    assert issued["id"] in {link["href"] for link in linkset["linkset"][0]["dpp"]}


def test_a_refusal_of_the_running_node_keeps_code_and_pointer(node: Running) -> None:
    with pytest.raises(Refused) as refusal:
        node.api.ask("POST", "/credentials/issue", {"credential": {**draft(), "id": "https://spinner.test/x"}})

    assert (refusal.value.problem.code, refusal.value.problem.pointer) == ("DRAFT_MEMBER_OURS", "/id")


def test_the_token_of_the_run_is_asked_for(node: Running) -> None:
    stranger = RunningApi(RunNote(process=0, public="", plain=node.note.plain, token="tn_wrong"))

    with pytest.raises(Refused) as refusal:
        stranger.ask("GET", "/peers")

    assert refusal.value.problem.code == "NOT_AUTHENTICATED"


@pytest.mark.slow
@pytest.mark.parametrize("words", [("trust", "pin", "did:web:register.test"), ("check",), ("issue", "-")])
def test_the_command_works_while_the_node_runs(node: Running, words: tuple[str, ...]) -> None:
    done = _command(*words, data=node.data, stdin=json.dumps(draft()))

    assert done.returncode == 0, done.stderr


def test_a_second_node_on_the_folder_is_refused(node: Running) -> None:
    with pytest.raises(FolderProblem, match=f"Process {node.process.pid} already works") as refusal:
        asyncio.run(_open(node.data))

    assert refusal.value.problem.code == "FOLDER_IN_USE"


def test_no_secret_is_in_the_log(node: Running) -> None:
    log = (node.data / "log").read_text()

    assert "listening" in log
    assert node.note.token not in log
    assert "tn_" not in log


@pytest.mark.slow
def test_a_node_that_is_told_to_stop_leaves_in_order_and_comes_back(tmp_path: Path) -> None:
    data = tmp_path / "spinner"
    _init(data)
    first = _start(data)
    issued = first.api.ask("POST", "/credentials/issue", {"credential": draft()})

    assert _stop(first) == 0
    assert running_api(data) is None
    assert not (data / "run.json").exists()
    second = _start(data)
    assert second.api.ask("GET", issued["id"].removeprefix("https://spinner.test"))["id"] == issued["id"]
    assert second.note.token != first.note.token
    assert _stop(second) == 0


@pytest.mark.parametrize(
    ("setting", "pointer"),
    [
        ('trust_list = "missing.json"', "/trust_list"),
        ('trust_list = "settings.toml"', "/trust_list"),
        ('rule_pack = "missing.toml"', "/rule_pack"),
        ('rule_pack = "settings.toml"', "/rule_pack"),
        ('key_file = "missing.key"', ""),
        ('passphrase_file = "key-encryption.key"', ""),
    ],
)
def test_a_node_that_cannot_start_says_why_and_frees_the_folder(tmp_path: Path, setting: str, pointer: str) -> None:
    data = tmp_path / "spinner"
    _init(data)
    sound = (data / "settings.toml").read_text()
    (data / "settings.toml").write_text(f"{sound}{setting}\n")

    with pytest.raises(NodeError) as refusal:
        asyncio.run(_open(data))

    assert refusal.value.problem.pointer == pointer
    (data / "settings.toml").write_text(sound)
    asyncio.run(_open(data))


def test_an_address_that_is_taken_is_named(tmp_path: Path, node: Running) -> None:
    data = tmp_path / "spinner"
    _init(data, listen=node.note.public)

    with pytest.raises(SettingsProblem, match="Nothing can listen on") as refusal:
        asyncio.run(serve(load_settings(data, environment={})))

    assert refusal.value.problem.pointer == "/listen"

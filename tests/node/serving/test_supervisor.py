"""Several processes are one node: what one of them does holds in all, and one that dies is replaced."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from node.disk import LOCK, FolderLock
from node.errors import SettingsProblem
from node.serving.listeners import address_of, reserved
from node.serving.rate_counter import SharedRateCounter, shared_counts
from node.serving.supervisor import Supervisor, WorkersLost
from tests.node.issuer import draft
from tests.node.serving.ending import Numbered, ends_at_once
from tests.node.serving.supervised import Asked, Supervised, start, supervised
from tests.node.store.postgres import own_schema

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def node(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Supervised]:
    """A node of two workers, once over each database."""
    folder = tmp_path_factory.mktemp("supervised") / "spinner"
    with ExitStack() as stack:
        settings = {"public_per_minute": "4"}
        if request.param == "postgres":
            runner = stack.enter_context(asyncio.Runner())
            schema = own_schema()
            settings["database"] = runner.run(schema.__aenter__())
            stack.callback(lambda: runner.run(schema.__aexit__(None, None, None)))
        running = stack.enter_context(supervised(folder, **settings))
        yield running
        assert running.stop() == 0


@pytest.fixture(autouse=True)
def _hung_up(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "node" in request.fixturenames:
        request.getfixturevalue("node").hang_up()


def issued(asked: Asked) -> dict[str, Any]:
    status, answer = asked.ask("POST", "/credentials/issue", {"credential": draft("yarn-passport")})
    assert status == 201, answer
    return dict(answer)


def test_both_workers_answer_and_all_are_up(node: Supervised) -> None:
    answers = [node.worker(number).ask("GET", "/health/ready") for number in (1, 2)]
    assert answers == [(200, {"status": "ready", "worker": number, "workers": 2, "serving": 2}) for number in (1, 2)]
    assert sorted(node.workers) == [1, 2]
    assert node.process.pid not in node.workers.values()


def test_what_one_issues_another_serves_and_verifies(node: Supervised) -> None:
    one, other = node.worker(1), node.worker(2)
    answer = issued(one)
    status, credential = other.ask("GET", urlsplit(answer["id"]).path, Accept="application/vc")
    assert status == 200
    assert other.ask("POST", "/credentials/verify", {"verifiableCredential": credential})[1]["verified"] is True


def test_what_one_revokes_another_calls_revoked(node: Supervised) -> None:
    one, other = node.worker(1), node.worker(2)
    answer = issued(one)
    _, credential = one.ask("GET", urlsplit(answer["id"]).path, Accept="application/vc")
    question = {"verifiableCredential": credential}
    assert other.ask("POST", "/credentials/verify", question)[1]["verified"] is True
    named = {"type": "BitstringStatusListEntry", "statusPurpose": "revocation"}
    withdrawn = {"credentialId": answer["id"], "credentialStatus": named, "status": True}
    status, said = one.ask("POST", "/credentials/status", withdrawn)
    assert status == 200, said
    assert other.ask("POST", "/credentials/verify", question)[1]["verified"] is False


def test_a_key_that_one_rotates_is_published_by_another_and_signs_there(node: Supervised) -> None:
    one, other = node.worker(2), node.worker(1)
    before = len(other.ask("GET", "/.well-known/did.json")[1]["verificationMethod"])
    status, rotated = one.ask("POST", "/keys/rotations", {"purpose": "cred", "wait": 0})
    assert status == 201, rotated
    assert len(other.ask("GET", "/.well-known/did.json")[1]["verificationMethod"]) > before
    for _ in range(100):  # it signs from the next whole second on
        _, credential = other.ask("GET", urlsplit(issued(other)["id"]).path, Accept="application/vc")
        proofs = credential["proof"] if isinstance(credential["proof"], list) else [credential["proof"]]
        if {proof["verificationMethod"].partition("#")[2] for proof in proofs} == {rotated["new"]["name"]}:
            return
    pytest.fail("the other worker never signed with the new key")


def test_a_key_that_one_marks_as_compromised_is_so_in_another(node: Supervised) -> None:
    one, other = node.worker(1), node.worker(2)
    _, credential = one.ask("GET", urlsplit(issued(one)["id"]).path, Accept="application/vc")
    question = {"verifiableCredential": credential}
    assert other.ask("POST", "/credentials/verify", question)[1]["verified"] is True
    proof = credential["proof"][0] if isinstance(credential["proof"], list) else credential["proof"]
    name = proof["verificationMethod"].partition("#")[2]
    marked = {"key": name, "since": credential["validFrom"]}
    status, said = one.ask("POST", "/keys/compromises", marked)
    assert status == 200, said
    assert other.ask("POST", "/credentials/verify", question)[1]["verified"] is False


def test_a_trace_that_one_worked_out_is_read_from_another(node: Supervised) -> None:
    one, other = node.worker(1), node.worker(2)
    status, begun = one.ask("POST", "/traces", {"identifier": "https://spinner.test/lots/yarn-2026-y"})
    assert status == 200, begun
    status, waiting = one.ask(
        "POST", "/traces", {"identifier": "https://spinner.test/lots/other"}, Prefer="respond-async"
    )
    address = waiting["location"] if status == 202 else None
    for _ in range(100):
        if address is None:
            break
        status, report = other.ask("GET", address)
        assert status in (200, 202), report
        if status == 200:
            assert report["target"] == "https://spinner.test/lots/other"
            break
    else:
        pytest.fail("the other worker never had the report")
    assert other.ask("GET", "/traces/AAAAAAAAAAAAAAAAAAAAAA")[0] == 404
    assert other.ask("GET", "/traces/..%2f1%2fx")[0] == 404


def test_a_strangers_budget_is_one_budget_whoever_answers(node: Supervised) -> None:
    one, other, small = node.worker(1), node.worker(2), {"verifiableCredential": {"type": ["VerifiableCredential"]}}
    spent = [asked.ask("POST", "/credentials/verify", small, public=True)[0] for asked in (one, other) * 5]
    assert 200 in spent
    assert spent.count(200) <= 8  # four in a minute, and a minute may end meanwhile
    assert 429 in spent


def test_one_that_is_killed_is_replaced_and_the_log_says_so(node: Supervised) -> None:
    before = node.workers
    os.kill(before[2], signal.SIGKILL)
    for _ in range(600):
        if node.workers.get(2, before[2]) != before[2]:
            break
        select.select([], [], [], 0.1)
    ended = [line for line in node.log() if line["event"] == "a worker ended"]
    assert [(line["worker"], line["process"], line["code"]) for line in ended] == [(2, before[2], -signal.SIGKILL)]
    assert node.workers[1] == before[1]
    assert node.worker(2).ask("GET", "/health/ready")[1]["serving"] == 2


def test_the_ports_and_the_folder_are_free_after_the_stop(tmp_path: Path) -> None:
    with supervised(tmp_path / "spinner") as node:
        plain, workers = urlsplit(node.note.plain), node.workers
        with pytest.raises(SettingsProblem, match="Nothing can listen on"), reserved(node.note.public):
            pass
        assert node.stop() == 0
    assert {pid for pid in workers.values() if Path(f"/proc/{pid}").exists()} == set()
    with socket.create_server((plain.hostname or "", plain.port or 0)):
        pass
    FolderLock(node.data / LOCK).acquire().release()
    assert not (node.data / "run.json").exists()


def test_workers_do_not_outlive_the_process_that_started_them(tmp_path: Path) -> None:
    with supervised(tmp_path / "spinner") as node:
        ends = [os.pidfd_open(pid) for pid in node.workers.values()]
        assert len(ends) == 2
        node.process.kill()
        for end in ends:
            assert select.select([end], [], [], 60)[0], "it still runs"
            os.close(end)
        again = start(node.data)
        assert again.stop() == 0


async def test_workers_that_end_again_and_again_end_the_node() -> None:
    supervisor = Supervisor([Numbered()], [0], body=ends_at_once)  # type: ignore[list-item]
    with pytest.raises(WorkersLost):
        await supervisor.keep()
    await supervisor.stop()


def test_what_any_process_counted_counts_in_all_for_a_minute() -> None:
    counts = shared_counts(2)
    one, other = SharedRateCounter(counts, 0, b"salt"), SharedRateCounter(counts, 1, b"salt")
    taken = [counter.take("farm", minute=7, limit=3) for counter in (one, other, one, other, one)]
    assert taken == [True, True, True, False, False]
    assert other.take("mill", minute=7, limit=1)
    assert [counter.take("farm", minute=8, limit=1) for counter in (other, one)] == [True, False]


def test_a_port_on_which_workers_listen_is_not_taken_by_another_node() -> None:
    with reserved("127.0.0.1:0") as ours, socket.socket() as worker:
        worker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        worker.bind(ours.getsockname()[:2])
        worker.listen()
        with pytest.raises(SettingsProblem, match="Nothing can listen on"), reserved(address_of(ours)):
            pass

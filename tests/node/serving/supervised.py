"""A node of several workers as an operator starts it, asked over connections that stay with one worker."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from node.disk import RunNote
from node.initialization import initialize
from tests.shared import ROOT

_TRIES = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """One connection, and with it one worker."""

    connection: http.client.HTTPConnection
    token: str

    def ask(self, method: str, path: str, body: Any = None, *, public: bool = False, **headers: str) -> tuple[int, Any]:
        """Status and JSON of the answer; with ``public`` no token is sent."""
        stated = {"Accept": "application/json", **({} if public else {"Authorization": f"Bearer {self.token}"})}
        sent = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        if sent is not None:
            stated["Content-Type"] = "application/json"
        self.connection.request(method, path, sent, {**stated, **headers})
        answer = self.connection.getresponse()
        raw = answer.read()
        return answer.status, json.loads(raw) if raw else None


@dataclass(frozen=True, slots=True)
class Supervised:
    """A node that listens, and the process that holds it together."""

    data: Path
    process: subprocess.Popen[str]
    note: RunNote
    opened: list[http.client.HTTPConnection] = field(default_factory=list)

    @property
    def workers(self) -> dict[int, int]:
        """The process of each worker, the latest, by its number."""
        tree = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        alive = {int(pid) for pid in Path(tree).read_text("ascii").split()}
        told = [line for line in self.log() if line["event"] == "serving"]
        return {line["worker"]: line["process"] for line in told if line["process"] in alive}

    def log(self) -> list[dict[str, Any]]:
        """What was logged so far."""
        lines = (self.data / "log").read_text("utf-8").splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("\n")]

    def connected(self) -> Asked:
        """A new connection, to whichever worker takes it."""
        address = urlsplit(self.note.plain)
        self.opened.append(http.client.HTTPConnection(address.hostname or "", address.port, timeout=60))
        return Asked(self.opened[-1], self.note.token)

    def worker(self, number: int) -> Asked:
        """A connection to one of the workers."""
        for _ in range(_TRIES):
            asked = self.connected()
            if asked.ask("GET", "/health/ready")[1]["worker"] == number:
                return asked
            asked.connection.close()
        raise AssertionError(f"worker {number} took none of {_TRIES} connections")

    def hang_up(self) -> None:
        """Close every connection."""
        while self.opened:
            self.opened.pop().close()

    def stop(self) -> int:
        """Stop it as an operator does; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)


@contextmanager
def supervised(data: Path, workers: int = 2, **settings: str) -> Iterator[Supervised]:
    """The spinner's node with so many workers; killed at the end if it still runs."""
    stated = {"name": "Spinner", "public_url": "https://spinner.test", "production": "false", **settings}
    asyncio.run(initialize(data, {"listen": "127.0.0.1:0", **stated}))
    running = start(data, workers)
    try:
        yield running
    finally:
        running.hang_up()
        if running.process.poll() is None:
            running.process.kill()
            running.process.wait()


def start(data: Path, workers: int = 2) -> Supervised:
    """Start the node of ``data`` and wait until all its workers serve."""
    words = [sys.executable, "-W", "error", "-m", "node", "run", "--data", str(data), "--workers", str(workers)]
    with (data / "log").open("w") as log:
        process = subprocess.Popen(words, cwd=ROOT, env=os.environ, stdout=subprocess.PIPE, stderr=log, text=True)
    assert process.stdout is not None
    with process.stdout:
        said = "".join(iter(process.stdout.readline, "}\n"))
    assert said.startswith("{"), (data / "log").read_text()
    note = RunNote.read(data)
    assert note is not None
    return Supervised(data, process, note)

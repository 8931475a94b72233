"""A node as its command starts it, in a folder that goes with it, and what its processes cost."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.row import NotHere

_ROOT = Path(__file__).resolve().parents[1]
_SETTINGS = {
    "TRACENODE_LISTEN": "127.0.0.1:0",
    "TRACENODE_PUBLIC_PER_MINUTE": "1000000000",
    "TRACENODE_SHADOW_SHARE": "0",
}
#: Processors that others may have while something is measured that takes every one of them.
MOST_OTHERS = 0.2
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Serving:
    """A node that listens at ``address``, and the process that was started."""

    address: str
    process: int

    def post(self, path: str, body: bytes, media_type: str) -> dict[str, object]:
        """The JSON of one answer."""
        parts = urlsplit(self.address)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        try:
            connection.request("POST", path, body, {"Content-Type": media_type})
            answer: dict[str, object] = json.loads(connection.getresponse().read())
            return answer
        finally:
            connection.close()

    def cpu(self) -> float:
        """Seconds of processor time of all its processes so far."""
        return family_cpu(self.process)


@contextmanager
def serving(workers: int) -> Iterator[Serving]:
    """A new node of so many workers. Raises NotHere where processes cannot be looked at."""
    if not Path("/proc/self/stat").exists():
        raise NotHere("this system has no /proc to read processor times from")
    folder = Path(tempfile.mkdtemp(prefix="tracenode-benchmark-"))
    data, command = folder / "node", [sys.executable, "-m", "node"]
    env = {**os.environ, **_SETTINGS, "TRACENODE_DATA": str(data)}
    try:
        made = ["init", "--name", "Benchmark", "--public-url", "https://node.test"]
        subprocess.run([*command, *made], cwd=_ROOT, env=env, capture_output=True, check=True)
        with (folder / "log").open("w") as log:
            run = [*command, "run", "--workers", str(workers)]
            process = subprocess.Popen(run, cwd=_ROOT, env=env, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            assert process.stdout is not None
            with process.stdout:
                said = "".join(iter(process.stdout.readline, "}\n"))
            if not said:
                raise RuntimeError((folder / "log").read_text("utf-8")[-500:])
            yield Serving(json.loads(said + "}")["plain"], process.pid)
        finally:
            process.terminate()
            process.wait(timeout=60)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def others_had(processors: float) -> NotHere | None:
    """Why a wall time on every processor says nothing, where others had so many of them meanwhile."""
    if processors <= MOST_OTHERS:
        return None
    return NotHere(f"others had {processors:.1f} processors meanwhile, so that all of them were not to be had")


def family_cpu(process: int) -> float:
    """Seconds of processor time of a process and its descendants so far."""
    return sum(_cpu_of(one) for one in _family(process))


def machine_cpu() -> float:
    """Seconds of processor time that anything on this machine has had."""
    user, nice, system, *_ = Path("/proc/stat").read_text("ascii").split()[1:]
    return (int(user) + int(nice) + int(system)) / _TICKS


def _family(process: int) -> Iterator[int]:
    """The process and its descendants."""
    yield process
    for tasks in Path(f"/proc/{process}/task").glob("*/children"):
        for child in tasks.read_text("ascii").split():
            yield from _family(int(child))


def _cpu_of(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS

"""Load on an address: wrk, which takes little of the processors that it shares with what it measures."""

from __future__ import annotations

import re
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.row import NotHere

CONNECTIONS = 16  # enough that the kernel gives some to every worker
_SCRIPT = """
local requests, turn = {}, 0
init = function()
  for number = 1, COUNT do
    local file = io.open("FOLDER/" .. number, "rb")
    requests[number] = wrk.format("POST", nil, {["Content-Type"] = "MEDIA_TYPE"}, file:read("*a"))
    file:close()
  end
end
request = function()
  turn = turn % #requests + 1
  return requests[turn]
end
"""


@dataclass(frozen=True, slots=True)
class Loaded:
    """So many answers in so many seconds, and the processor time that asking took."""

    answers: int
    seconds: float
    cpu: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.answers / self.seconds


def load(url: str, bodies: Sequence[bytes], media_type: str, *, seconds: int) -> Loaded:
    """Post ``bodies`` in turn over :data:`CONNECTIONS` connections for so many seconds.

    Raises:
        NotHere: there is no wrk. RuntimeError: an answer was no 200, or none came.
    """
    program = shutil.which("wrk")
    if program is None:
        raise NotHere("wrk is not on this machine")
    with tempfile.TemporaryDirectory(prefix="tracenode-load-") as folder:
        for number, body in enumerate(bodies, 1):
            (Path(folder) / str(number)).write_bytes(body)
        script = Path(folder) / "post.lua"
        text = _SCRIPT.replace("FOLDER", folder).replace("COUNT", str(len(bodies)))
        script.write_text(text.replace("MEDIA_TYPE", media_type), "ascii")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        words = [program, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(script), url]
        done = subprocess.run(words, capture_output=True, text=True, timeout=seconds + 60, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = re.search(r"(\d+) requests in ([\d.]+)(s|m)", done.stdout)
    if found is None or "Non-2xx" in done.stdout or int(found[1]) == 0:
        raise RuntimeError(done.stdout)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Loaded(int(found[1]), float(found[2]) * (60 if found[3] == "m" else 1), cpu)

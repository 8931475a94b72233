"""Issuing under SIGKILL: what was acknowledged is kept, and nothing is kept by half.

See docs/requirements.md I1 and S139.
"""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
from pathlib import Path

import pytest

from node.store import looking
from tests.node.issuer import open_issuer
from tests.shared import ROOT

_ISSUE_FOR_EVER = """
import asyncio, sys
from pathlib import Path
from tests.node.issuer import AT, draft, open_issuer

async def main(folder):
    async with open_issuer(folder) as spinner:
        document = draft()
        print("ready", flush=True)
        while True:
            print((await spinner.issuing.issue(document, at=AT)).credential.url, flush=True)

asyncio.run(main(Path(sys.argv[1])))
"""


async def _make(folder: Path) -> None:
    async with open_issuer(folder):
        pass


async def _kept(folder: Path) -> tuple[set[str], tuple[str, ...]]:
    """Every credential that is kept, and whatever does not belong together."""
    async with looking(folder) as tx:
        urls = {credential.url for credential in await tx.issued.latest(limit=100_000)}
        doubts = (*await tx.consistency.orphans(), *await tx.consistency.damaged(), *await tx.consistency.file_faults())
        first_break = await tx.audit.first_break()
    return urls, doubts if first_break is None else (*doubts, f"audit line {first_break}")


@pytest.mark.slow
def test_what_was_acknowledged_survives_and_nothing_is_kept_by_half(tmp_path: Path) -> None:
    folder = tmp_path / "spinner"
    asyncio.run(_make(folder))
    chance = random.Random(139)
    acknowledged: set[str] = set()

    for _ in range(12):
        words = [sys.executable, "-c", _ISSUE_FOR_EVER, str(folder)]
        with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            for _ in range(chance.randrange(1, 6)):
                acknowledged.add(process.stdout.readline().strip())
            process.kill()
            # a line that was cut off by the kill was not acknowledged
            acknowledged |= {line.strip() for line in process.stdout.readlines() if line.endswith("\n")}
        kept, doubts = asyncio.run(_kept(folder))
        assert acknowledged <= kept
        assert doubts == ()

    assert len(acknowledged) >= 12

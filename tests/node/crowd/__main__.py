"""``python -m tests.node.crowd [ISSUES REVOCATIONS]``: eight processes, by default in full (docs/requirements.md R8).

On SQLite, and on the PostgreSQL server that TRACENODE_TEST_POSTGRES names. Exit code 1 when anything is wrong.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from asyncio.subprocess import Process
from pathlib import Path

from tests.node.crowd.crowd import Size, crowd, let_loose
from tests.node.store.postgres import VARIABLE, own_schema


async def _tell(members: list[Process], name: str, folder: Path, url: str, size: Size) -> bool:
    begun = time.monotonic()
    outcome = await let_loose(members, folder, url, size)
    print(
        f"{name}: {len(members)} processes issued {outcome.issued} and revoked {outcome.revoked} "
        f"in {time.monotonic() - begun:.0f} s, over {outcome.lists} lists"
    )
    print(*(f"  wrong: {line}" for line in outcome.wrong), sep="\n", end="\n" if outcome.wrong else "")
    return not outcome.wrong


async def main(issues: int = 2000, revocations: int = 500) -> bool:
    """Both databases; True when nothing is wrong."""
    size = Size(issues=issues, revocations=revocations)
    with tempfile.TemporaryDirectory() as folder:
        async with crowd() as members:
            fine = await _tell(members, "SQLite", Path(folder) / "sqlite", "", size)
            if not os.environ.get(VARIABLE):
                print(f"PostgreSQL: {VARIABLE} names no server")
                return fine
            async with own_schema() as url:
                return await _tell(members, "PostgreSQL", Path(folder) / "postgres", url, size) and fine


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(main(*map(int, sys.argv[1:]))) else 1)

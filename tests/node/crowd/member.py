"""One process of a crowd: it opens an issuer and does what it is told, a line of JSON at a time.

``{"folder": …, "url": …}`` with ``"issue": 200`` or ``"revoke": [URL, …]``; the answer is a line with what was done and
every error in words.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from sqlalchemy import event

from node.store import Store
from node.store.sqlite import SqliteFile
from tests.node.issuer import AT, Issuer, open_issuer

DRAFT = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiableCredential"],
    "issuer": "did:web:spinner.test",
    "credentialSubject": {"id": "https://spinner.test/parcels/1"},
}


class OpenFile(SqliteFile):
    """The database file without the lock of its folder, so that what keeps a crowd apart is the transaction alone.

    The log is moved into the file when the last one leaves: SQLite before 3.51.3 can lose a commit where one process
    does that while another commits (docs/requirements.md S146), and this is not what is asked here.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        for engine in (self.writer, self.reader):
            event.listen(engine.sync_engine, "connect", _leaves_the_log)

    async def enter(self) -> None:
        """Come in, whoever else is there."""


def _leaves_the_log(connection: Any, record: object) -> None:
    connection.cursor().execute("PRAGMA wal_autocheckpoint = 0")


async def issue(issuer: Issuer) -> str:
    """Issue one credential; its id."""
    return (await issuer.issuing.issue(DRAFT, at=AT)).credential.url


async def revoke(issuer: Issuer, url: str) -> bool:
    """Revoke the credential; False when somebody else had."""
    return await issuer.issuing.set_status(url, purpose="revocation", value=1, at=AT)


async def main() -> None:
    """Work until nobody says what to do."""
    print("ready", flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        task = json.loads(line)
        folder, url = Path(task["folder"]), task["url"]
        opened = None if url else Store(OpenFile(folder))
        async with open_issuer(folder, url=url, forms=("vc+jwt",), opened=opened) as issuer:
            answer = await _told(issuer, task)
        print(json.dumps(answer), flush=True)


async def _told(issuer: Issuer, task: Any) -> dict[str, Any]:
    done: list[Any] = []
    errors: list[str] = []

    async def attempt(work: Callable[[], Awaitable[Any]]) -> None:
        try:
            done.append(await work())
        except Exception as error:
            errors.append(repr(error))

    for _ in range(task.get("issue", 0)):
        await attempt(lambda: issue(issuer))
    for url in task.get("revoke", ()):
        await attempt(lambda url=url: revoke(issuer, url))  # type: ignore[misc]
    return {"done": done, "errors": errors}


if __name__ == "__main__":
    asyncio.run(main())

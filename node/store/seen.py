"""Questions about credentials that were judged before: what is kept of each, by the SHA-256 of its bytes.

The rule: a reading says what the bytes alone decide and, for each signature, its hash data, the thumbprint of the key
it was checked with, the proof and what came of it; it is kept without the document. Another release reads that again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar, Final

from sqlalchemy import Executable
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from credentials.encoding.document import Sha256
from credentials.verdict import Verdict
from credentials.verify import Reading
from credentials.verify.reading_json import from_text, to_text
from node.software import VERSION
from node.store.tables import binary, long_text, moment

#: Digests in one query: well below what either database binds.
AT_ONCE: Final = 500
_COLUMNS: Final = ("release", "issuer", "key", "outcome", "memory", "judged")


class SeenRow(SQLModel, table=True):
    """What is kept of one credential that was judged; ``key`` is the thumbprint of its issuer's first key."""

    __tablename__: ClassVar[Any] = "seen"
    id: int | None = Field(default=None, primary_key=True)
    digest: bytes = binary(unique=True)
    release: str
    issuer: str = Field(index=True)
    key: str = Field(index=True)
    outcome: str
    memory: str = long_text()
    judged: datetime = moment()


class Seen:
    """The readings of this node, within one transaction."""

    def __init__(self, session: AsyncSession, *, release: str = VERSION) -> None:
        self._session, self._release = session, release

    async def of(self, digests: Collection[Sha256]) -> Mapping[Sha256, Reading]:
        """What is kept under at most :data:`AT_ONCE` object digests, in one query."""
        wanted = [bytes.fromhex(digest) for digest in digests]
        if len(wanted) > AT_ONCE:
            raise ValueError(f"at most {AT_ONCE} digests at once")
        query = select(SeenRow.memory).where(col(SeenRow.digest).in_(wanted), col(SeenRow.release) == self._release)
        readings = (from_text(text) for text in await self._session.exec(query)) if wanted else ()
        return {reading.digest: reading for reading in readings if reading is not None}

    async def keep(
        self, judged: Iterable[tuple[Reading, Verdict]], *, texts: Mapping[Sha256, str] = MappingProxyType({})
    ) -> None:
        """Keep these readings in one statement, each instead of what was kept under its digest.

        ``texts`` are those of them that were written already (credentials.verify.reading_json.to_text).
        """
        rows = [_values(reading, verdict, texts.get(reading.digest, "")) for reading, verdict in judged]
        if not rows:
            return
        connection = await self._session.connection()
        # the same statement for one and for many, so that it is put together once and the driver takes all rows
        statement = _upsert(connection.dialect.name != "sqlite")
        await connection.execute(statement, [{"release": self._release, **row} for row in rows])


@cache
def _upsert(shared: bool) -> Executable:
    insert = (postgresql.insert if shared else sqlite.insert)(SeenRow)
    changed = {name: insert.excluded[name] for name in _COLUMNS}
    return insert.on_conflict_do_update(index_elements=["digest"], set_=changed)


def _values(reading: Reading, verdict: Verdict, text: str) -> dict[str, Any]:
    first = reading.marks[0] if reading.marks else None
    return {
        "digest": bytes.fromhex(reading.digest),
        "issuer": reading.signer or "",
        "key": first.key if first else "",
        "outcome": str(verdict.outcome),
        "memory": text or to_text(reading),
        "judged": verdict.at,
    }

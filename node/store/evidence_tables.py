"""The rows of what partners are witnesses of: the streams that they told us of, and what they showed us of our own.

See docs/federation.md#heads.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from node.store.tables import binary, long_text, moment


class HeardLifeRow(SQLModel, table=True):
    """One life of a peer, as its streams to us tell: which one it follows, and the newest head that the peer signed.

    ``noted`` is when that head came, so that the newest of all lives is told.
    """

    __tablename__: ClassVar[Any] = "heard_life"
    id: int | None = Field(default=None, primary_key=True)
    peer: str = Field(index=True)
    epoch: str
    previous: str = ""
    seq: int = Field(default=0, sa_type=BigInteger)
    rolling: bytes = binary(default=b"")
    raw: str = long_text(default="")
    noted: int = 0
    __table_args__: ClassVar[Any] = (UniqueConstraint("peer", "epoch"),)


class HeardPlaceRow(SQLModel, table=True):
    """What stands at one place of a peer's stream to us; ``rolling`` is empty where an earlier place is not known."""

    __tablename__: ClassVar[Any] = "heard_place"
    peer: str = Field(primary_key=True)
    epoch: str = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False})
    event_id: str
    digest: bytes = binary()
    rolling: bytes = binary(default=b"")


class OwnEvidenceRow(SQLModel, table=True):
    """What told us in ``life`` that this database is not the only one of this node, or not the newest (``kind``).

    ``shown_by`` a peer, or by our own public address; ``raw`` is what was shown, with our own signature. A ``cleared``
    one holds no more.
    """

    __tablename__: ClassVar[Any] = "own_evidence"
    __table_args__: ClassVar[Any] = (UniqueConstraint("kind", "life", "epoch"),)
    number: int | None = Field(default=None, primary_key=True)
    kind: str
    life: str
    epoch: str = Field(index=True)
    seq: int = Field(default=0, sa_type=BigInteger)
    shown_by: str
    raw: str = long_text(default="")
    noted: datetime = moment()
    cleared: datetime | None = moment(default=None)


class GatheredRow(SQLModel, table=True):
    """What came back from ``peer`` in ``life``: how many credentials and revocations, and what nobody showed.

    ``missing`` are credentials that were told of and whose bytes did not come; it is over when ``complete``.
    """

    __tablename__: ClassVar[Any] = "gathered"
    life: str = Field(primary_key=True)
    peer: str = Field(primary_key=True)
    adopted: int = 0
    revoked: int = 0
    missing: int = 0
    refused: int = 0
    complete: bool = False
    at: datetime = moment()

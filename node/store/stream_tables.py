"""The rows of the outgoing streams: one row a peer is the queue, places are told by its cursor and rewritten nowhere.

See docs/decisions/0032-the-stream-is-the-queue.md.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Final

from sqlalchemy import ForeignKeyConstraint, Index, TextClause, text
from sqlmodel import Field, SQLModel

from node.store.tables import binary, long_text, moment

#: What makes a stream wait to be sent. Written out wherever it is asked, or the partial index does not answer.
WAITS: Final[TextClause] = text("state = 'active' AND acked < last_seq")


class StreamRow(SQLModel, table=True):
    """The stream to one peer: ``last_seq`` places were given out, those up to ``acked`` are settled.

    Those up to ``before`` belong to streams of earlier lives, so that on the wire a place is counted from there.

    ``rolling`` is the rolling digest up to the place ``rolled``, empty at the beginning of a life (node.store.rolling).
    The rest is ``due`` at a moment, has failed ``fails`` times for ``problem``, and belongs to the holder of ``lease``.
    """

    __tablename__: ClassVar[Any] = "stream_out"
    __table_args__: ClassVar[Any] = (Index("ix_stream_out_due", "due", sqlite_where=WAITS, postgresql_where=WAITS),)
    peer: str = Field(primary_key=True)
    last_seq: int = 0
    before: int = 0
    acked: int = 0
    rolled: int = 0
    rolling: bytes = binary(default=b"")
    due: datetime = moment()
    fails: int = 0
    state: str = "active"
    problem: str = long_text(default="")
    lease: str = ""
    lease_until: datetime | None = moment(default=None)


class DeliveryRow(SQLModel, table=True):
    """One place of the stream to one peer: which event stands there."""

    __tablename__: ClassVar[Any] = "delivery"
    peer: str = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    event: int = Field(foreign_key="outbox_event.id", index=True)


class RefusedRow(SQLModel, table=True):
    """A place that the peer will never take, and why; the stream goes on behind it."""

    __tablename__: ClassVar[Any] = "refused"
    __table_args__: ClassVar[Any] = (ForeignKeyConstraint(["peer", "seq"], ["delivery.peer", "delivery.seq"]),)
    peer: str = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    problem: str = long_text()
    at: datetime = moment()


class ReceiptRow(SQLModel, table=True):
    """The peer's signed word for the places from ``seq`` to ``last_seq``: one receipt a batch."""

    __tablename__: ClassVar[Any] = "receipt"
    peer: str = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    last_seq: int
    raw: bytes = binary()

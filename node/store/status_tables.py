"""The rows of status lists: ours with every value they ever had, and the newest that we saw of others'.

The same rules as in ``tables``: rows never leave this folder.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from node.store.tables import binary, long_text, moment


class StatusListRow(SQLModel, table=True):
    """One bitstring status list: the ``life`` that gives out its indexes, how many it has, and its version.

    ``width`` is bits an entry. Since it was ``filled`` every index without a credential has the value 1.
    """

    __tablename__: ClassVar[Any] = "status_list"
    id: int | None = Field(default=None, primary_key=True)
    token: str = Field(unique=True)
    instance: str
    purpose: str
    size: int
    allocated: int = 0
    life: str = Field(index=True)
    version: int = 0
    changed: datetime = moment()
    width: int = 1
    created: datetime = moment()
    filled: datetime | None = moment(default=None)


class StatusEntryRow(SQLModel, table=True):
    """One index of a status list that was given out, never twice (docs/requirements.md I6).

    Without a credential it was reserved and nothing came of it.
    """

    __tablename__: ClassVar[Any] = "status_entry"
    __table_args__: ClassVar[Any] = (UniqueConstraint("list_id", "idx"),)
    id: int | None = Field(default=None, primary_key=True)
    list_id: int = Field(foreign_key="status_list.id")
    idx: int
    credential_id: int | None = Field(default=None, foreign_key="credential.id", index=True)
    value: int = 0
    version: int = 0


class StatusChangeRow(SQLModel, table=True):
    """One change of one entry, the list's ``version`` with it: what a list looked like at any moment, and why."""

    __tablename__: ClassVar[Any] = "status_change"
    __table_args__: ClassVar[Any] = (UniqueConstraint("list_id", "version"),)
    id: int | None = Field(default=None, primary_key=True)
    list_id: int = Field(foreign_key="status_list.id")
    version: int
    idx: int
    value: int
    time: datetime = moment()
    reason: str = long_text(default="")
    actor: str = ""


class SeenListRow(SQLModel, table=True):
    """The newest status list that was verified at a URL, by its validFrom: whole, with its issuer and purposes.

    One that an earlier release noted has no bytes.
    """

    __tablename__: ClassVar[Any] = "seen_list"
    id: int | None = Field(default=None, primary_key=True)
    url: str = Field(unique=True)
    valid_from: datetime = moment()
    seen: datetime = moment()
    issuer: str = Field(default="", index=True)
    purposes: str = ""
    media_type: str = ""
    raw: bytes = binary(default=b"")

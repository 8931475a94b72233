"""The rows of lives: what no restored, copied or rolled back database may go on with (node.store.lives)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlmodel import Field, SQLModel

from node.store.tables import long_text, moment


class LifeRow(SQLModel, table=True):
    """One life of this database; the last row is the present one. ``fingerprint``: where its files were, "" unknown."""

    __tablename__: ClassVar[Any] = "life"
    number: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
    began: datetime = moment()
    why: str
    previous: str = ""
    fingerprint: str = long_text(default="")

"""The rows: one SQLModel class a table. Rows never leave this folder; the question modules give out values.

Integers are keys inside, 32-byte digests and public ids at the border (docs/decisions/0010-store.md). Bytes as received
live in ``body`` and ``received`` and are never rewritten (docs/requirements.md I13). Times are aware UTC both ways:
SQLite alone forgets zones.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar, Final

from sqlalchemy import DateTime, Dialect, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

_STORED: Final = text("state = 'stored'")


class UTCDateTime(TypeDecorator[datetime]):
    """Aware UTC datetimes in, aware UTC datetimes out; a naive one is a mistake of ours."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Normalise to UTC; refuse a naive datetime."""
        if value is not None and value.tzinfo is None:
            raise RuntimeError("a naive datetime reached the store")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def moment(**options: Any) -> Any:
    """A time column."""
    return Field(sa_type=UTCDateTime, **options)


def binary(**options: Any) -> Any:
    """A column of exact bytes."""
    return Field(sa_type=LargeBinary, **options)


def long_text(**options: Any) -> Any:
    """A column of unbounded text."""
    return Field(sa_type=Text, **options)


class MetaRow(SQLModel, table=True):
    """Facts about this database: the epoch, the owner's DID, the moment it was made."""

    __tablename__: ClassVar[Any] = "meta"
    name: str = Field(primary_key=True)
    value: str


class CredentialRow(SQLModel, table=True):
    """A credential this node issued; its bytes are in ``body``."""

    __tablename__: ClassVar[Any] = "credential"
    id: int | None = Field(default=None, primary_key=True)
    instance: str = Field(index=True)
    url: str = Field(unique=True)
    token: str = Field(unique=True)
    digest: bytes = binary(unique=True)
    credential_digest: bytes = binary(index=True)
    kind: str = Field(index=True)
    name: str
    issuer: str
    subject: str = Field(index=True)
    valid_from: datetime = moment()
    valid_until: datetime | None = moment(default=None)
    private: bool = False
    created: datetime = moment()


class BodyRow(SQLModel, table=True):
    """One secured form of a credential, exactly as it is served."""

    __tablename__: ClassVar[Any] = "body"
    __table_args__: ClassVar[Any] = (UniqueConstraint("credential_id", "form"),)
    id: int | None = Field(default=None, primary_key=True)
    credential_id: int = Field(foreign_key="credential.id")
    form: str
    raw: bytes = binary()
    digest: bytes = binary(unique=True)


class IdempotencyRow(SQLModel, table=True):
    """What an issue request with a key led to, so that a repeated one has no second effect."""

    __tablename__: ClassVar[Any] = "idempotency"
    __table_args__: ClassVar[Any] = (UniqueConstraint("instance", "key"),)
    id: int | None = Field(default=None, primary_key=True)
    instance: str
    key: str
    request_digest: bytes = binary()
    credential_id: int = Field(foreign_key="credential.id")
    created: datetime = moment()


class LinkRow(SQLModel, table=True):
    """One link from an identifier to what is known about it (RFC 9264)."""

    __tablename__: ClassVar[Any] = "identifier_link"
    __table_args__: ClassVar[Any] = (UniqueConstraint("identifier", "relation", "href"),)
    id: int | None = Field(default=None, primary_key=True)
    identifier: str = Field(index=True)
    relation: str
    href: str = Field(index=True)
    title: str
    type: str
    hreflang: str = ""
    preferred: bool = False
    superseded: bool = False
    private: bool = False
    digest: bytes | None = binary(default=None)
    credential_id: int | None = Field(default=None, foreign_key="credential.id", index=True)
    created: datetime = moment()


class EventRow(SQLModel, table=True):
    """Something peers may want to hear, written in the transaction that made it true.

    It has its place in the streams to the peers up to the DID ``told_up_to``, and to all once it is ``shared``.
    """

    __tablename__: ClassVar[Any] = "outbox_event"
    id: int | None = Field(default=None, primary_key=True)
    event_id: str = Field(unique=True)
    source: str
    type: str
    subject: str = Field(index=True)
    time: datetime = moment()
    data: str = long_text()
    private: bool = False
    shared: bool = Field(default=False, index=True)
    told_up_to: str = ""


class InboxRow(SQLModel, table=True):
    """An event a peer sent: kept once per (source, event id), with what came of it."""

    __tablename__: ClassVar[Any] = "inbox_event"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("source", "event_id"),
        Index("ix_inbox_event_waiting", "peer", "next_look", sqlite_where=_STORED, postgresql_where=_STORED),
    )
    id: int | None = Field(default=None, primary_key=True)
    source: str
    event_id: str
    peer: str = Field(index=True)
    type: str
    subject: str
    digest: bytes = binary()
    raw: bytes = binary()
    state: str = Field(default="stored", index=True)
    first_result: str = long_text(default="")
    received: datetime = moment()
    next_look: datetime | None = moment(default=None)
    lease_until: datetime | None = moment(default=None)


class PeerRow(SQLModel, table=True):
    """Another node we speak to, by its DID."""

    __tablename__: ClassVar[Any] = "peer"
    id: int | None = Field(default=None, primary_key=True)
    did: str = Field(unique=True)
    name: str = ""
    endpoint: str = ""
    policy: str = long_text(default="{}")
    state: str = "active"
    epoch: str = ""
    last_seq_out: int = 0
    last_seq_in: int = 0
    beyond: str = long_text(default="")
    did_document: bytes | None = binary(default=None)
    added: datetime = moment()


class ReceivedRow(SQLModel, table=True):
    """A credential from elsewhere: exact bytes and the verdict on them; refusals are kept as verdicts only."""

    __tablename__: ClassVar[Any] = "received"
    id: int | None = Field(default=None, primary_key=True)
    digest: bytes = binary(unique=True)
    credential_digest: bytes | None = binary(default=None, index=True)
    url: str = Field(default="", index=True)
    media_type: str
    raw: bytes = binary()
    issuer: str = Field(default="", index=True)
    kind: str = ""
    source: str
    outcome: str = Field(index=True)
    verdict: str = long_text()
    received: datetime = moment()
    judged: datetime = moment()


class AuditRow(SQLModel, table=True):
    """One line of the hash-chained audit log; triggers refuse to change or delete it."""

    __tablename__: ClassVar[Any] = "audit"
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    time: datetime = moment()
    actor: str
    action: str
    object: str
    digest: str = ""
    outcome: str = ""
    request: str = ""
    previous: bytes = binary()
    hash: bytes = binary(unique=True)


class NonceRow(SQLModel, table=True):
    """A nonce of a signed request, spent until it expires."""

    __tablename__: ClassVar[Any] = "nonce"
    __table_args__: ClassVar[Any] = (UniqueConstraint("keyid", "nonce"),)
    id: int | None = Field(default=None, primary_key=True)
    keyid: str
    nonce: str
    expires: datetime = moment(index=True)


class TokenRow(SQLModel, table=True):
    """A bearer token as its SHA-256, with the role it gives."""

    __tablename__: ClassVar[Any] = "token"
    id: int | None = Field(default=None, primary_key=True)
    digest: bytes = binary(unique=True)
    label: str
    role: str
    created: datetime = moment()
    expires: datetime = moment()
    last_used: datetime | None = moment(default=None)
    revoked: bool = False


class ChallengeRow(SQLModel, table=True):
    """A challenge that one presentation to ``instance`` may answer until it expires."""

    __tablename__: ClassVar[Any] = "challenge"
    id: int | None = Field(default=None, primary_key=True)
    challenge: str = Field(unique=True)
    instance: str
    expires: datetime = moment()


class TrustPinRow(SQLModel, table=True):
    """A DID whose signed trust lists are believed."""

    __tablename__: ClassVar[Any] = "trust_pin"
    id: int | None = Field(default=None, primary_key=True)
    did: str = Field(unique=True)
    note: str = ""
    pinned: datetime = moment()

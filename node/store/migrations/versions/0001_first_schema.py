"""The first schema: what a node issues, receives, owes and remembers.

One line a table, a word a column: name, kind, then ``*`` unique, ``+`` indexed, ``?`` may be empty, ``>t`` refers to
table t. The first column is the primary key; what follows a bar is unique together. Frozen: later changes are later
revisions. A test compares the outcome with the classes in ``node.store.tables``.

Revision ID: 0001
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KINDS: Final[dict[str, Any]] = {
    "text": sa.String(),
    "long": sa.Text(),
    "bytes": sa.LargeBinary(),
    "number": sa.Integer(),
    "flag": sa.Boolean(),
    "moment": sa.DateTime(timezone=True),
}
TABLES: Final = {
    "audit": (
        "seq:number time:moment actor:text action:text object:text digest:text outcome:text request:text "
        "previous:bytes hash:bytes*"
    ),
    "credential": (
        "id:number instance:text+ url:text* token:text* digest:bytes* credential_digest:bytes+ kind:text+ "
        "name:text issuer:text subject:text+ valid_from:moment valid_until:moment? private:flag "
        "created:moment"
    ),
    "inbox_event": (
        "id:number source:text event_id:text peer:text+ type:text subject:text digest:bytes raw:bytes "
        "state:text+ first_result:long received:moment next_look:moment? | source,event_id"
    ),
    "meta": ("name:text value:text"),
    "nonce": ("id:number keyid:text nonce:text expires:moment+ | keyid,nonce"),
    "outbox_event": (
        "id:number event_id:text* source:text type:text subject:text+ time:moment data:long private:flag shared:flag+"
    ),
    "peer": (
        "id:number did:text* name:text endpoint:text policy:long state:text epoch:text last_seq_out:number "
        "last_seq_in:number did_document:bytes? added:moment"
    ),
    "received": (
        "id:number digest:bytes* credential_digest:bytes+? url:text+ media_type:text raw:bytes issuer:text+ "
        "kind:text source:text outcome:text+ verdict:long received:moment judged:moment"
    ),
    "status_list": (
        "id:number token:text* instance:text purpose:text size:number allocated:number permutation:bytes "
        "version:number changed:moment"
    ),
    "token": (
        "id:number digest:bytes* label:text role:text created:moment expires:moment last_used:moment? revoked:flag"
    ),
    "trust_pin": ("id:number did:text* note:text pinned:moment"),
    "body": ("id:number credential_id:number>credential form:text raw:bytes digest:bytes* | credential_id,form"),
    "delivery": (
        "id:number event:number>outbox_event peer:text seq:number state:text+ attempts:number "
        "next_try:moment+ lease:text lease_until:moment? receipt:bytes? problem:text | peer,event | peer,seq"
    ),
    "idempotency": (
        "id:number instance:text key:text request_digest:bytes credential_id:number>credential created:moment "
        "| instance,key"
    ),
    "identifier_link": (
        "id:number identifier:text+ relation:text href:text+ title:text type:text hreflang:text "
        "preferred:flag superseded:flag private:flag digest:bytes? credential_id:number+?>credential "
        "created:moment | identifier,relation,href"
    ),
    "status_entry": (
        "id:number list_id:number>status_list idx:number credential_id:number+?>credential value:number "
        "version:number | list_id,idx"
    ),
}
_COLUMN: Final = re.compile(r"(\w+):(\w+)([*+]?)(\??)(?:>(\w+))?")


def upgrade() -> None:
    """Make the tables, then the triggers that keep the audit log append-only."""
    for name, line in TABLES.items():
        _make(name, line)
    for statement in _audit_guards(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """Drop everything; the first schema has nothing before it."""
    for name in reversed(TABLES):
        op.drop_table(name)


def _audit_guards(dialect: str) -> Iterator[str]:
    if dialect == "sqlite":
        for change in ("UPDATE", "DELETE"):
            yield (
                f"CREATE TRIGGER audit_no_{change.lower()} BEFORE {change} ON audit "
                "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
            )
        return
    yield (
        "CREATE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$"
    )
    yield (
        "CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses()"
    )


def _make(name: str, line: str) -> None:
    words, *together = line.split(" | ")
    columns, indexes = [], []
    for position, (column, kind, mark, empty, other) in enumerate(_COLUMN.findall(words)):
        reference = [sa.ForeignKey(f"{other}.id")] if other else []
        key = {"primary_key": True} if position == 0 else {"nullable": bool(empty), "unique": mark == "*" or None}
        if (name, column) == ("audit", "seq"):
            key["autoincrement"] = False
        columns.append(sa.Column(column, KINDS[kind], *reference, **key))
        if mark == "+":
            indexes.append(column)
    op.create_table(name, *columns, *(sa.UniqueConstraint(*group.split(",")) for group in together))
    for column in indexes:
        op.create_index(f"ix_{name}_{column}", name, [column])

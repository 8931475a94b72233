"""The stream to a peer is the queue: places and a cursor instead of a state in every delivery.

A peer that refused places is not asked about them again; what waited is due at once, because pauses are forgotten.
Receipts move to a table of their own: one a batch, as a copy for every delivery so far.

Revision ID: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_WAITS = sa.text("state = 'active' AND acked < last_seq")
_STORED = sa.text("state = 'stored'")
#: The cursor is before the first place that is not settled; what was settled behind it is told once more.
_STREAMS = """
    INSERT INTO stream_out (peer, last_seq, acked, due, fails, state, problem, lease)
    SELECT peer, max(seq), coalesce(min(CASE WHEN state = 'pending' THEN seq - 1 END), max(seq)),
           min(next_try), 0, 'active', '', ''
    FROM old_delivery GROUP BY peer
"""
_REFUSED = """
    INSERT INTO refused (peer, seq, problem, at)
    SELECT old.peer, old.seq, old.problem, old.next_try FROM old_delivery AS old
    JOIN stream_out ON stream_out.peer = old.peer WHERE old.state = 'refused' AND old.seq <= stream_out.acked
"""
_RECEIPTS = """
    INSERT INTO receipt (peer, seq, last_seq, raw)
    SELECT old.peer, old.seq, old.seq, old.receipt FROM old_delivery AS old
    JOIN stream_out ON stream_out.peer = old.peer WHERE old.receipt IS NOT NULL AND old.seq <= stream_out.acked
"""


def upgrade() -> None:
    """Make the streams from what every delivery said of itself."""
    op.add_column("outbox_event", sa.Column("told_up_to", sa.String(), nullable=False, server_default=""))
    op.create_index(
        "ix_inbox_event_waiting",
        "inbox_event",
        ["peer", "next_look"],
        sqlite_where=_STORED,
        postgresql_where=_STORED,
    )
    op.rename_table("delivery", "old_delivery")
    if op.get_bind().dialect.name == "postgresql":  # the name of the key goes with the table's
        op.execute("ALTER TABLE old_delivery RENAME CONSTRAINT delivery_pkey TO old_delivery_pkey")
    _make_tables()
    op.execute("INSERT INTO delivery (peer, seq, event) SELECT peer, seq, event FROM old_delivery")
    for statement in (_STREAMS, _REFUSED, _RECEIPTS):
        op.execute(statement)
    op.drop_table("old_delivery")


def _make_tables() -> None:
    op.create_table(
        "stream_out",
        sa.Column("peer", sa.String(), primary_key=True),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("acked", sa.Integer(), nullable=False),
        sa.Column("due", _MOMENT, nullable=False),
        sa.Column("fails", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("lease", sa.String(), nullable=False),
        sa.Column("lease_until", _MOMENT, nullable=True),
    )
    op.create_index("ix_stream_out_due", "stream_out", ["due"], sqlite_where=_WAITS, postgresql_where=_WAITS)
    op.create_table(
        "delivery",
        sa.Column("peer", sa.String(), primary_key=True),
        sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("event", sa.Integer(), sa.ForeignKey("outbox_event.id"), nullable=False),
    )
    op.create_index("ix_delivery_event", "delivery", ["event"])
    op.create_table(
        "refused",
        sa.Column("peer", sa.String(), primary_key=True),
        sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["peer", "seq"], ["delivery.peer", "delivery.seq"]),
    )
    op.create_table(
        "receipt",
        sa.Column("peer", sa.String(), primary_key=True),
        sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
    )


def downgrade() -> None:
    """Refused: a cursor does not say how often each place was tried."""
    raise CommandError("an older release cannot read streams; restore the backup made before the upgrade")

"""Heads: what partners are witnesses of, and the rolling digest of each stream.

How far the digest of a stream is known begins with its life; it is made up when the stream is sent the next time.

Revision ID: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what is kept of heads."""
    op.create_table(
        "heard_life",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("peer", sa.String(), nullable=False, index=True),
        sa.Column("epoch", sa.String(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("rolling", sa.LargeBinary(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("noted", sa.Integer(), nullable=False),
        sa.UniqueConstraint("peer", "epoch"),
    )
    op.create_table(
        "heard_place",
        sa.Column("peer", sa.String(), primary_key=True),
        sa.Column("epoch", sa.String(), primary_key=True),
        sa.Column("seq", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("rolling", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "own_evidence",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("life", sa.String(), nullable=False),
        sa.Column("epoch", sa.String(), nullable=False, index=True),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("shown_by", sa.String(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("noted", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleared", sa.DateTime(timezone=True), nullable=True),
        sa.UniqueConstraint("kind", "life", "epoch"),
    )
    op.add_column("stream_out", sa.Column("rolled", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("stream_out", sa.Column("rolling", sa.LargeBinary(), nullable=False, server_default=sa.text("''")))
    op.execute("UPDATE stream_out SET rolled = before")


def downgrade() -> None:
    """Refused: without its heads a node does not know what its partners know."""
    raise CommandError("an older release knows of no heads; restore the backup made before the upgrade")

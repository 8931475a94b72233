"""Status lists of any purpose and width, with their history, and a memory of the lists that others publish.

Lists that are there get the width 1 and the moment of their first credential; what they say now is the first that is
known of their history.

Revision ID: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_UNKNOWN = "1970-01-01 00:00:00"


def upgrade() -> None:
    """Add what is missing, then fill it from what is there."""
    moment = sa.DateTime(timezone=True)
    op.add_column("status_list", sa.Column("width", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("status_list", sa.Column("created", moment, nullable=False, server_default=_UNKNOWN))
    op.create_table(
        "status_change",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("list_id", sa.Integer(), sa.ForeignKey("status_list.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("idx", sa.Integer(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("time", moment, nullable=False),
        sa.UniqueConstraint("list_id", "version"),
    )
    op.create_table(
        "seen_list",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("url", sa.String(), nullable=False, unique=True),
        sa.Column("valid_from", moment, nullable=False),
        sa.Column("seen", moment, nullable=False),
    )
    op.execute(
        "UPDATE status_list SET created = coalesce((SELECT min(c.created) FROM status_entry e "
        "JOIN credential c ON c.id = e.credential_id WHERE e.list_id = status_list.id), changed)"
    )
    op.execute(
        "INSERT INTO status_change (list_id, version, idx, value, time) "
        "SELECT e.list_id, e.version, e.idx, e.value, l.changed FROM status_entry e "
        "JOIN status_list l ON l.id = e.list_id WHERE e.version > 0"
    )


def downgrade() -> None:
    """Forget history and memory."""
    op.drop_table("seen_list")
    op.drop_table("status_change")
    op.drop_column("status_list", "created")
    op.drop_column("status_list", "width")

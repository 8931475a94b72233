"""Lives: status lists and streams belong to the life that opened them, and a copy begins another one.

What is there belongs to the first life, which keeps the name that the streams had. Nobody knows where its files were,
so that the first start begins the next life. What was refused or settled stays as it is.

Revision ID: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_FIRST = """
    INSERT INTO life (number, id, began, why, previous, fingerprint)
    SELECT 1, epoch.value, '1970-01-01 00:00:00', 'init', '', '' FROM meta AS epoch WHERE epoch.name = 'epoch'
"""


def upgrade() -> None:
    """Make the first life of what is there."""
    op.create_table(
        "life",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("id", sa.String(), nullable=False, unique=True),
        sa.Column("began", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
    )
    op.execute(_FIRST)
    if op.get_bind().dialect.name == "postgresql":  # a row that names its own number does not count
        op.execute("SELECT setval(pg_get_serial_sequence('life', 'number'), 1) FROM life")
    op.add_column("status_list", sa.Column("life", sa.String(), nullable=False, server_default=""))
    op.execute("UPDATE status_list SET life = coalesce((SELECT value FROM meta WHERE name = 'epoch'), '')")
    op.create_index("ix_status_list_life", "status_list", ["life"])
    op.drop_column("status_list", "permutation")
    op.execute("DELETE FROM meta WHERE name = 'epoch'")
    op.add_column("stream_out", sa.Column("before", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Refused: an older release would give out indexes and places again."""
    raise CommandError("an older release knows of no lives; restore the backup made before the upgrade")

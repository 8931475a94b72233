"""What came back from peers, and since when what nobody showed is revoked.

Revision ID: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both."""
    op.create_table(
        "gathered",
        sa.Column("life", sa.String(), primary_key=True),
        sa.Column("peer", sa.String(), primary_key=True),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("adopted", "revoked", "missing", "refused")),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.add_column("status_list", sa.Column("filled", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Forget both."""
    op.drop_column("status_list", "filled")
    op.drop_table("gathered")

"""What is kept of credentials that were judged, so that judging them again is a look-up.

Revision ID: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "seen",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False, unique=True),
        sa.Column("release", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("memory", sa.Text(), nullable=False),
        sa.Column("judged", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_seen_issuer", "seen", ["issuer"])
    op.create_index("ix_seen_key", "seen", ["key"])


def downgrade() -> None:
    """Forget them."""
    op.drop_table("seen")

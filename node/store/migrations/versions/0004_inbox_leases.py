"""Events that peers sent are claimed by one worker at a time.

Revision ID: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the end of the lease."""
    op.add_column("inbox_event", sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Forget who claims what."""
    op.drop_column("inbox_event", "lease_until")

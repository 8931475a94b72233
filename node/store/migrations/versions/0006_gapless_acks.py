"""Places of a peer's stream that arrived before earlier ones did, so that a receipt can tell of gaps.

Revision ID: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what is beyond the head; what is known of heads stays."""
    op.add_column("peer", sa.Column("beyond", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Forget what is beyond a gap."""
    op.drop_column("peer", "beyond")

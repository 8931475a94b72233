"""Why a status was changed and by which account, beside the change; both can be erased, unlike the audit log.

Revision ID: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both; of earlier changes nobody said why."""
    op.add_column("status_change", sa.Column("reason", sa.Text(), nullable=False, server_default=""))
    op.add_column("status_change", sa.Column("actor", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Forget why."""
    op.drop_column("status_change", "actor")
    op.drop_column("status_change", "reason")

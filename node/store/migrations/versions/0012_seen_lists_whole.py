"""The newest list of each address is kept whole, so that a revocation that is taken back is seen.

Of lists that were noted before only the date is known.

Revision ID: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what a list is."""
    for name in ("issuer", "purposes", "media_type"):
        op.add_column("seen_list", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("seen_list", sa.Column("raw", sa.LargeBinary(), nullable=False, server_default=sa.text("''")))
    op.create_index("ix_seen_list_issuer", "seen_list", ["issuer"])


def downgrade() -> None:
    """Forget all but the date."""
    op.drop_index("ix_seen_list_issuer", "seen_list")
    for name in ("issuer", "purposes", "media_type", "raw"):
        op.drop_column("seen_list", name)

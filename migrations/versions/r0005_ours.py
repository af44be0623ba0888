"""Of the people we remember: whether Slack has said since that they are of this workspace.

Revision: r0005, after r0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0005"
down_revision = "r0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody was asked about that until now: everybody is, once."""
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("is_ours", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.alter_column("is_ours", server_default=None)


def downgrade() -> None:
    """Forget it."""
    with op.batch_alter_table("person") as table:
        table.drop_column("is_ours")

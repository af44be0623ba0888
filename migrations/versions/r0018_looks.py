"""Who looks at their Home tab, for all bots on one database.

Revision: r0018, after r0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0018"
down_revision = "r0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "look",
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("chosen", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_look"),
    )


def downgrade() -> None:
    """Drop it: each bot knows those alone who opened it with that one."""
    op.drop_table("look")

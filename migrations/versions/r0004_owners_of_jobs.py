"""Jobs know whom they are done for and when they were taken up, so that people get their turns in a fair order.

Revision: r0004, after r0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0004"
down_revision = "r0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Jobs that wait already belong to nobody: they come first."""
    op.add_column("job", sa.Column("owner", sa.String(), nullable=True))
    op.add_column("job", sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_job_taken_at", "job", ["taken_at"])


def downgrade() -> None:
    """Back to the order in which they became due."""
    op.drop_index("ix_job_taken_at", "job")
    with op.batch_alter_table("job") as table:
        table.drop_column("taken_at")
        table.drop_column("owner")

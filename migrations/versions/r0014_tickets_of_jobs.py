"""Jobs know their contest, whether somebody waits for them, and which ticket of an engine's holds.

Revision: r0014, after r0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0014"
down_revision = "r0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Jobs that are there already are about no contest that we knew of, and as urgent as any."""
    with op.batch_alter_table("job") as table:
        table.add_column(sa.Column("contest_id", sa.String(), nullable=True))
        table.add_column(sa.Column("priority", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("ticket", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("job") as table:
        table.alter_column("priority", server_default=None)
        table.alter_column("ticket", server_default=None)
    op.create_index("ix_job_owner", "job", ["owner"])


def downgrade() -> None:
    """An engine beside the table is emptied by whoever takes it away."""
    op.drop_index("ix_job_owner", "job")
    with op.batch_alter_table("job") as table:
        table.drop_column("ticket")
        table.drop_column("priority")
        table.drop_column("contest_id")

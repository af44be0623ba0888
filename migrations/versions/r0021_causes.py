"""Jobs and letters know what they came of: Slack's event, in the log by the same name.

Revision: r0021, after r0020
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0021"
down_revision = "r0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of what is there already nobody knows."""
    for table in ("job", "outbox"):
        op.add_column(table, sa.Column("cause", sa.String(), nullable=True))


def downgrade() -> None:
    """Forget it."""
    for table in ("job", "outbox"):
        with op.batch_alter_table(table) as batch:
            batch.drop_column("cause")

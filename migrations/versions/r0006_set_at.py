"""Jobs and letters know when their wait was set, so that a clock that was set back is noticed.

Revision: r0006, after r0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0006"
down_revision = "r0005"
branch_labels = None
depends_on = None

LONG_AGO = "1970-01-01 00:00:00.000000"
"""What waits already is not known to wait from a time to come."""


def upgrade() -> None:
    """One column each."""
    for table in ("job", "outbox"):
        moment = sa.Column("set_at", sa.DateTime(timezone=True), nullable=False, server_default=LONG_AGO)
        op.add_column(table, moment)


def downgrade() -> None:
    """Without it."""
    for table in ("job", "outbox"):
        op.drop_column(table, "set_at")

"""Jobs and letters count how often they were taken up, so that an old claim is told from a new one.

Revision: r0003, after r0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0003"
down_revision = "r0002"
branch_labels = None
depends_on = None

TABLES = ("job", "outbox")


def upgrade() -> None:
    """Nothing that is being worked on can be told apart yet: it starts from its attempts."""
    for table in TABLES:
        op.add_column(table, sa.Column("claims", sa.Integer(), nullable=False, server_default="0"))
        op.execute(f"UPDATE {table} SET claims = attempts")  # nosec # the two names above


def downgrade() -> None:
    """The attempts alone are left."""
    for table in TABLES:
        op.drop_column(table, "claims")

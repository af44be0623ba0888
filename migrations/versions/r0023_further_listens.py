"""Which listens were placed besides, since their compositions are close to the cut.

Revision: r0023, after r0022
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0023"
down_revision = "r0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is there was shared out evenly."""
    op.add_column("allotment", sa.Column("further", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """They are as any others."""
    with op.batch_alter_table("allotment") as table:
        table.drop_column("further")

"""Organizers can void what a judge gave.

Revision: r0009, after r0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0009"
down_revision = "r0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is void so far."""
    op.add_column("contest_role", sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """What was void counts again."""
    op.drop_column("contest_role", "voided_at")

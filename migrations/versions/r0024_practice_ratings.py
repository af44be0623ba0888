"""What judges gave the practice pieces.

Revision: r0024, after r0023
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0024"
down_revision = "r0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "practice_rating",
        sa.Column("contest_id", sa.String(), nullable=False),
        sa.Column("judge", sa.String(), nullable=False),
        sa.Column("piece", sa.String(), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_practice_rating_contest_id_contest"),
        sa.PrimaryKeyConstraint("contest_id", "judge", "piece", name="pk_practice_rating"),
    )


def downgrade() -> None:
    """Drop it: practice is kept nowhere."""
    op.drop_table("practice_rating")

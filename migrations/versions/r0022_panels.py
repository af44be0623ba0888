"""Who hears what where not all judges hear all, and who should not hear whom.

Revision: r0022, after r0021
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0022"
down_revision = "r0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "allotment",
        sa.Column("submission_id", sa.String(), nullable=False),
        sa.Column("judge", sa.String(), nullable=False),
        sa.Column("contest_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_allotment_contest_id_contest"),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="fk_allotment_submission_id_submission"),
        sa.PrimaryKeyConstraint("submission_id", "judge", name="pk_allotment"),
    )
    op.create_index("ix_allotment_contest_id", "allotment", ["contest_id"])
    op.create_table(
        "conflict",
        sa.Column("contest_id", sa.String(), nullable=False),
        sa.Column("judge", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("declared_by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_conflict_contest_id_contest"),
        sa.PrimaryKeyConstraint("contest_id", "judge", "author", name="pk_conflict"),
    )


def downgrade() -> None:
    """Drop them: all judges hear all again, and what they recused from stays."""
    op.drop_table("conflict")
    op.drop_index("ix_allotment_contest_id", "allotment")
    op.drop_table("allotment")

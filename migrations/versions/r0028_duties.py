"""Who was asked to judge, to present or to speak, and what they said.

Revision: r0028, after r0027
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0028"
down_revision = "r0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "duty_request",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("contest_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("duty", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("day", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_duty_request_contest_id_contest"),
        sa.PrimaryKeyConstraint("id", name="pk_duty_request"),
        sa.UniqueConstraint("contest_id", "user_id", "duty", name="uq_duty_request_contest_id_user_id_duty"),
    )
    op.create_index("ix_duty_request_contest_id", "duty_request", ["contest_id"])


def downgrade() -> None:
    """Drop it: who had accepted to judge does so on; the buttons of the letters lead nowhere."""
    op.drop_index("ix_duty_request_contest_id", "duty_request")
    op.drop_table("duty_request")

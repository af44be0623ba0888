"""Each drawing of who hears what is kept, with pseudonyms in the place of judges.

Revision: r0026, after r0025
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0026"
down_revision = "r0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables: judges of before get a pseudonym when they need one."""
    op.create_table(
        "pseudonym",
        sa.Column("contest_id", sa.String(), nullable=False),
        sa.Column("judge", sa.String(), nullable=False),
        sa.Column("pseudonym", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_pseudonym_contest_id_contest"),
        sa.PrimaryKeyConstraint("contest_id", "judge", name="pk_pseudonym"),
    )
    op.create_table(
        "drawing",
        sa.Column("contest_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_drawing_contest_id_contest"),
        sa.PrimaryKeyConstraint("contest_id", "number", name="pk_drawing"),
    )


def downgrade() -> None:
    """Drop them: who hears what stays as it is."""
    op.drop_table("drawing")
    op.drop_table("pseudonym")

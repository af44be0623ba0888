"""Contests know how they moved from phase to phase, and that their organizers were told what will be deleted.

Revision: r0012, after r0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0012"
down_revision = "r0011"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
AUDIT = sa.table(
    "audit",
    sa.column("id"),
    sa.column("at", MOMENT),
    sa.column("actor"),
    sa.column("action"),
    sa.column("contest_id"),
    sa.column("facts", sa.JSON),
)
CONTESTS = sa.table(
    "contest", sa.column("id"), sa.column("retention_told_at", MOMENT), sa.column("retention_told_days", sa.Integer)
)
MOVES = {"contest.advanced": False, "contest.undone": True}
TOLD = "retention.told"


def upgrade() -> None:
    """What the trail says of those that are there. Changes of their settings are rows already."""
    moves = op.create_table(
        "contest_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("back", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_contest_move_contest_id_contest"),
        sa.PrimaryKeyConstraint("id", name="pk_contest_move"),
    )
    op.create_index("ix_contest_move_contest_id", "contest_move", ["contest_id"])
    op.add_column("contest", sa.Column("retention_told_at", MOMENT, nullable=True))
    op.add_column("contest", sa.Column("retention_told_days", sa.Integer(), nullable=True))
    connection = op.get_bind()
    said = sa.select(AUDIT).where(AUDIT.c.action.in_([*MOVES, TOLD])).order_by(AUDIT.c.at, AUDIT.c.id)
    for row in connection.execute(said).all():
        if row.action == TOLD:
            told = {"retention_told_at": row.at, "retention_told_days": row.facts["days"]}
            connection.execute(sa.update(CONTESTS).where(CONTESTS.c.id == row.contest_id).values(**told))
            continue
        places = {"before": row.facts["before"], "after": row.facts["after"], "back": MOVES[row.action]}
        connection.execute(
            sa.insert(moves).values(contest_id=row.contest_id, actor=row.actor, at=row.at, **places)
        )


def downgrade() -> None:
    """It is read out of the trail again."""
    op.drop_column("contest", "retention_told_days")
    op.drop_column("contest", "retention_told_at")
    op.drop_index("ix_contest_move_contest_id", table_name="contest_move")
    op.drop_table("contest_move")

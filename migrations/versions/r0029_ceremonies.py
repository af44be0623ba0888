"""Results that stand before they are told, the ceremonies that reveal them, and the prizes that were won.

Revision: r0029, after r0028
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0029"
down_revision = "r0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; no contest of before has results that wait."""
    with op.batch_alter_table("contest") as contest:
        contest.add_column(sa.Column("ceremony_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "result_consent",
        sa.Column("contest_id", sa.String(), nullable=False),
        sa.Column("organizer", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_result_consent_contest_id_contest"),
        sa.PrimaryKeyConstraint("contest_id", "organizer", name="pk_result_consent"),
    )
    op.create_table(
        "result",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("contest_id", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("awards", sa.JSON(), nullable=False),
        sa.Column("confirmed_by", sa.JSON(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_result_contest_id_contest"),
        sa.PrimaryKeyConstraint("id", name="pk_result"),
    )
    op.create_index("ix_result_contest_id", "result", ["contest_id"])
    op.create_table(
        "ceremony",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("contest_id", sa.String(), nullable=False),
        sa.Column("result_id", sa.String(), nullable=False),
        sa.Column("rehearsal", sa.Boolean(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("presenter", sa.String(), nullable=False),
        sa.Column("panels", sa.JSON(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("has_pictures", sa.Boolean(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("at_step", sa.Integer(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_ceremony_contest_id_contest"),
        sa.ForeignKeyConstraint(["result_id"], ["result.id"], name="fk_ceremony_result_id_result"),
        sa.PrimaryKeyConstraint("id", name="pk_ceremony"),
    )
    op.create_index("ix_ceremony_contest_id", "ceremony", ["contest_id"])
    op.create_table(
        "prize_due",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("contest_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("submission_id", sa.String(), nullable=True),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("giver", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ticked_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_prize_due_contest_id_contest"),
        sa.PrimaryKeyConstraint("id", name="pk_prize_due"),
    )
    op.create_index("ix_prize_due_contest_id", "prize_due", ["contest_id"])


def downgrade() -> None:
    """Drop them. A contest whose results wait for their ceremony is being judged again."""
    contest = sa.table("contest", sa.column("phase"), sa.column("final_at"))
    waits = contest.c.phase == "ceremony"
    final = sa.case((contest.c.final_at.is_not(None), "final"), else_="judging")
    op.execute(contest.update().where(waits).values(phase=final))
    for name in ("prize_due", "ceremony", "result"):
        op.drop_index(f"ix_{name}_contest_id", name)
        op.drop_table(name)
    op.drop_table("result_consent")
    with op.batch_alter_table("contest") as table:
        table.drop_column("ceremony_at")

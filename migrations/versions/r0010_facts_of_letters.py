"""Letters carry their facts: what kind they are of, and what in the contest they are about.

Revision: r0010, after r0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0010"
down_revision = "r0009"
branch_labels = None
depends_on = None

LETTERS = sa.table("outbox", sa.column("id"), sa.column("key"), sa.column("message", sa.JSON), sa.column("kind"), sa.column("subject_id"))
NUDGES = {"composer_nudge", "judge_nudge"}


def upgrade() -> None:
    """Letters that are there already: their messages say the kind, and the ids in their keys the subject."""
    op.add_column("outbox", sa.Column("kind", sa.String(), nullable=False, server_default=""))
    op.add_column("outbox", sa.Column("subject_id", sa.String(), nullable=True))
    connection = op.get_bind()
    pieces = set(connection.scalars(sa.text("SELECT id FROM submission")))
    for row in connection.execute(sa.select(LETTERS.c.id, LETTERS.c.key, LETTERS.c.message)).all():
        kind, parts = row.message.get("kind", ""), row.key.split(":")
        subject = row.message.get("submission_id") or next((part for part in parts if part in pieces), None)
        subject = parts[1] if kind in NUDGES else subject
        connection.execute(sa.update(LETTERS).where(LETTERS.c.id == row.id).values(kind=kind, subject_id=subject))
    op.create_index("ix_outbox_kind_contest_id", "outbox", ["kind", "contest_id"])
    op.create_index("ix_outbox_subject_id", "outbox", ["subject_id"])


def downgrade() -> None:
    """They are read out of their keys again."""
    op.drop_index("ix_outbox_subject_id", table_name="outbox")
    op.drop_index("ix_outbox_kind_contest_id", table_name="outbox")
    op.drop_column("outbox", "subject_id")
    op.drop_column("outbox", "kind")

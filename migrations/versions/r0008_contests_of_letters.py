"""Letters know which contest they are about, so that a lost one alarms its organizers and nobody else's.

Revision: r0008, after r0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0008"
down_revision = "r0007"
branch_labels = None
depends_on = None

LETTERS = sa.table("outbox", sa.column("id"), sa.column("key"), sa.column("recipient"), sa.column("contest_id"))


def upgrade() -> None:
    """Letters that are there already are about what the ids in their keys say, or about the contest of their channel."""
    op.add_column("outbox", sa.Column("contest_id", sa.String(), nullable=True))
    connection = op.get_bind()
    by_id: dict[str, str] = {each: each for (each,) in connection.execute(sa.text("SELECT id FROM contest"))}
    by_id |= {each: contest for each, contest in connection.execute(sa.text("SELECT id, contest_id FROM submission"))}
    # The newest comes last, and is what a channel with several is about.
    contests = connection.execute(sa.text("SELECT channel_id, id FROM contest ORDER BY created_at"))
    by_channel: dict[str, str] = {channel: each for channel, each in contests}
    for letter_id, key, recipient in connection.execute(sa.text("SELECT id, key, recipient FROM outbox")).all():
        found = [by_id[part] for part in key.split(":") if part in by_id]
        contest_id = found[0] if found else by_channel.get(recipient)
        if contest_id is not None:
            connection.execute(sa.update(LETTERS).where(LETTERS.c.id == letter_id).values(contest_id=contest_id))


def downgrade() -> None:
    """It is guessed from their keys again."""
    op.drop_column("outbox", "contest_id")

"""The letter that became a message is found by where that is.

Revision: r0015, after r0014
"""

from __future__ import annotations

from alembic import op

revision = "r0015"
down_revision = "r0014"
branch_labels = None
depends_on = None

INDEX = "ix_outbox_sent_channel_sent_ts"


def upgrade() -> None:
    """An index of its own: a press in the direct messages looked through all letters."""
    op.create_index(INDEX, "outbox", ["sent_channel", "sent_ts"])


def downgrade() -> None:
    """Look through them again."""
    op.drop_index(INDEX, "outbox")

"""A line of letters is found by its thread, and no index leads to all letters that are no edits.

Revision: r0016, after r0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0016"
down_revision = "r0015"
branch_labels = None
depends_on = None

LINES, BEFORE = "ix_outbox_state_recipient_thread_ts_id", "ix_outbox_state_recipient_id"
EDITS = "ix_outbox_edits"
IS_EDIT = sa.text("edits IS NOT NULL")


def upgrade() -> None:
    """The pump asks of each letter that waits whether another one of its line does: it looked through all that were ever sent."""
    op.create_index(LINES, "outbox", ["state", "recipient", "thread_ts", "id"])
    op.drop_index(BEFORE, "outbox")
    op.drop_index(EDITS, "outbox")
    op.create_index(EDITS, "outbox", ["edits"], sqlite_where=IS_EDIT, postgresql_where=IS_EDIT)


def downgrade() -> None:
    """Look through all again."""
    op.drop_index(EDITS, "outbox")
    op.create_index(EDITS, "outbox", ["edits"])
    op.create_index(BEFORE, "outbox", ["state", "recipient", "id"])
    op.drop_index(LINES, "outbox")

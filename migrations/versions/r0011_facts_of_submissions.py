"""Submissions know what was read out of the audit trail: who corrected them, that their check failed, what they are copied from.

Revision: r0011, after r0010
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "r0011"
down_revision = "r0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
NEW: dict[str, sa.types.TypeEngine[Any]] = {"corrected_by": sa.String(), "failed_at": MOMENT, "copied_at": MOMENT, "copied_from": sa.String()}
SUBMISSIONS = sa.table("submission", sa.column("id"), *(sa.column(name, kind) for name, kind in NEW.items()))
AUDIT = sa.table(
    "audit",
    sa.column("id"),
    sa.column("at", MOMENT),
    sa.column("actor"),
    sa.column("action"),
    sa.column("facts", sa.JSON),
)
ACTIONS = ("submission.corrected", "submission.failed", "submission.flagged")


def upgrade() -> None:
    """What the trail says of those that are there."""
    for name, kind in NEW.items():
        op.add_column("submission", sa.Column(name, kind, nullable=True))
    connection = op.get_bind()
    said = sa.select(AUDIT).where(AUDIT.c.action.in_(ACTIONS)).order_by(AUDIT.c.at, AUDIT.c.id)
    for row in connection.execute(said).all():
        learnt: dict[str, object] = {}
        if row.action == "submission.corrected":
            learnt = {"corrected_by": row.actor}
        elif row.action == "submission.failed":
            learnt = {"failed_at": row.at}
        elif "passages" in row.facts:  # the very same file is flagged, too, and by another hand
            learnt = {"copied_at": row.at, "copied_from": row.facts["works"]}
        if learnt:
            here = SUBMISSIONS.c.id == row.facts["submission"]
            connection.execute(sa.update(SUBMISSIONS).where(here).values(**learnt))


def downgrade() -> None:
    """It is read out of the trail again."""
    for name in reversed(NEW):
        op.drop_column("submission", name)

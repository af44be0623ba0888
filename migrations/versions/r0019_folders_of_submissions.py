"""Each composition knows where its files are: new ones lie below their contest and their author, older ones stay where they were.

Revision: r0019, after r0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0019"
down_revision = "r0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Write down where the files of those that are there lie."""
    op.add_column("submission", sa.Column("folder", sa.String(), nullable=True))
    submission = sa.table("submission", sa.column("id", sa.String()), sa.column("folder", sa.String()))
    op.execute(submission.update().values(folder="submissions/" + submission.c.id))
    with op.batch_alter_table("submission") as batch:
        batch.alter_column("folder", existing_type=sa.String(), nullable=False)


def downgrade() -> None:
    """Forget it. Files of compositions that came in meanwhile are not found by the version before, which looks below ``submissions/``."""
    with op.batch_alter_table("submission") as batch:
        batch.drop_column("folder")

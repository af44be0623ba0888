"""What is asked of one composition at each upload, where a contest has thousands of them.

Revision: r0020, after r0019
"""

from __future__ import annotations

from alembic import op

revision = "r0020"
down_revision = "r0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Indexes by state, by name, and by bytes."""
    op.create_index("ix_submission_contest_id_state", "submission", ["contest_id", "state"])
    op.create_index("ix_submission_name", "submission", ["name"])
    op.create_index("ix_submission_sha256", "submission", ["sha256"])


def downgrade() -> None:
    """Drop them."""
    for name in ("contest_id_state", "name", "sha256"):
        op.drop_index(f"ix_submission_{name}", "submission")

"""A job knows by which ticket it was taken up, so that whoever settles it hands that in with the same commit.

Revision: r0027, after r0026
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0027"
down_revision = "r0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tickets that are being served are handed in by the workers that draw them so."""
    op.add_column("job", sa.Column("drawn", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Forget it."""
    with op.batch_alter_table("job") as batch:
        batch.drop_column("drawn")

"""People may want no feedback of judges.

Revision: r0030, after r0029
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0030"
down_revision = "r0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Everybody gets it, as before."""
    with op.batch_alter_table("person") as person:
        person.add_column(sa.Column("cards_off_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Forget who does not."""
    with op.batch_alter_table("person") as person:
        person.drop_column("cards_off_at")

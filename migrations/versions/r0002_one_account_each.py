"""One account a person: who has had one, who may have another, and how often passwords are looked at.

Revision: r0002, after r0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0002"
down_revision = "r0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make two tables; every request until now was about a password."""
    op.create_table(
        "account_return",
        sa.Column("contest_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("account_row_id", sa.String(), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("another_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["account_row_id"], ["account.id"], name="fk_account_return_account_row_id_account"),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_account_return_contest_id_contest"),
        sa.PrimaryKeyConstraint("contest_id", "user_id", name="pk_account_return"),
    )
    op.create_table(
        "account_look",
        sa.Column("contest_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("view_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_account_look_contest_id_contest"),
        sa.PrimaryKeyConstraint("contest_id", "user_id", "view_id", name="pk_account_look"),
    )
    kind = sa.Enum("password", "another", native_enum=False, length=16)
    with op.batch_alter_table("account_request") as table:
        table.add_column(sa.Column("kind", kind, nullable=False, server_default="password"))
        table.alter_column("kind", server_default=None)


def downgrade() -> None:
    """Forget it: wishes for another account mean nothing to the version before."""
    op.execute("DELETE FROM account_request WHERE kind = 'another'")
    with op.batch_alter_table("account_request") as table:
        table.drop_column("kind")
    op.drop_table("account_look")
    op.drop_table("account_return")

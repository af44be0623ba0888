"""Accounts know who was given them, and when their passwords were replaced.

Revision: r0013, after r0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0013"
down_revision = "r0012"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
AUDIT = sa.table(
    "audit",
    sa.column("id"),
    sa.column("at", MOMENT),
    sa.column("actor"),
    sa.column("action"),
    sa.column("contest_id"),
    sa.column("facts", sa.JSON),
)
ACCOUNTS = sa.table(
    "account",
    sa.column("id"),
    sa.column("contest_id"),
    sa.column("account_id"),
    sa.column("user_name"),
    sa.column("replaced_at", MOMENT),
)
CLAIMED, REPLACED = "account.claimed", "account.replaced"


def upgrade() -> None:
    """What the trail says of those that are there."""
    claims = op.create_table(
        "account_claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contest_id", sa.String(), nullable=False),
        sa.Column("account_row_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_account_claim_contest_id_contest"),
        sa.ForeignKeyConstraint(["account_row_id"], ["account.id"], name="fk_account_claim_account_row_id_account"),
        sa.PrimaryKeyConstraint("id", name="pk_account_claim"),
    )
    op.create_index("ix_account_claim_contest_id", "account_claim", ["contest_id"])
    op.add_column("account", sa.Column("replaced_at", MOMENT, nullable=True))
    connection = op.get_bind()
    pool = {(row.contest_id, row.account_id, row.user_name): row.id for row in connection.execute(sa.select(ACCOUNTS))}
    said = sa.select(AUDIT).where(AUDIT.c.action.in_([CLAIMED, REPLACED])).order_by(AUDIT.c.at, AUDIT.c.id)
    for row in connection.execute(said).all():
        account = pool.get((row.contest_id, row.facts["account"], row.facts["user"]))
        if account is None:
            continue
        if row.action == REPLACED:
            connection.execute(sa.update(ACCOUNTS).where(ACCOUNTS.c.id == account).values(replaced_at=row.at))
        else:
            claim = {"contest_id": row.contest_id, "account_row_id": account, "user_id": row.actor, "at": row.at}
            connection.execute(sa.insert(claims).values(**claim))


def downgrade() -> None:
    """It is read out of the trail again."""
    op.drop_column("account", "replaced_at")
    op.drop_index("ix_account_claim_contest_id", table_name="account_claim")
    op.drop_table("account_claim")

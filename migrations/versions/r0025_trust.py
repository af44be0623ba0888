"""What was done in a contest is a chain of hashes, and the rules by which it is judged have versions.

Revision: r0025, after r0024
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha256
from itertools import groupby
from secrets import token_hex

import sqlalchemy as sa
from alembic import op

revision = "r0025"
down_revision = "r0024"
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
    sa.column("number"),
    sa.column("salt"),
    sa.column("digest"),
    sa.column("link"),
)
CHAINED = "audit.chained"
AT_ONCE = 1000


def upgrade() -> None:
    """Entries of before are chained in order of time; each chain says so in its last entry."""
    op.create_table(
        "charter",
        sa.Column("contest_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_charter_contest_id_contest"),
        sa.PrimaryKeyConstraint("contest_id", "version", name="pk_charter"),
    )
    op.add_column("contest", sa.Column("rules_version", sa.Integer(), nullable=True))
    op.add_column("rating", sa.Column("rules_version", sa.Integer(), nullable=True))
    op.add_column("audit", sa.Column("number", sa.Integer(), nullable=True))
    for name in ("salt", "digest", "link"):
        op.add_column("audit", sa.Column(name, sa.String(), nullable=True))
    op.drop_index("ix_audit_contest_id_at", "audit")
    _chain(op.get_bind())
    op.create_index("ix_audit_contest_id_number", "audit", ["contest_id", "number"], unique=True)


def _chain(connection: sa.Connection) -> None:
    columns = [AUDIT.c[name] for name in ("id", "at", "actor", "action", "contest_id", "facts")]
    question = sa.select(*columns).where(AUDIT.c.contest_id.is_not(None))
    trail = connection.execute(question.order_by(AUDIT.c.contest_id, AUDIT.c.at, AUDIT.c.id)).mappings().all()
    now = datetime.now(UTC)
    change = sa.update(AUDIT).where(AUDIT.c.id == sa.bindparam("of"))
    change = change.values({name: sa.bindparam(f"new_{name}") for name in ("number", "salt", "digest", "link")})
    for contest_id, rows in groupby(trail, key=lambda row: row["contest_id"]):
        entries = [dict(row) for row in rows]
        facts = {"entries": len(entries)}
        entries.append({"id": token_hex(16), "at": now, "actor": "kantor", "action": CHAINED, "contest_id": contest_id, "facts": facts})
        link = _hash(f"kantor-audit:{contest_id}")
        for number, entry in enumerate(entries, start=1):
            salt = token_hex(16)
            at = entry["at"] if entry["at"].tzinfo else entry["at"].replace(tzinfo=UTC)
            said = [at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"), entry["actor"], entry["action"], entry["facts"]]
            digest = _hash(salt + json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True))
            link = _hash(f"{link}:{number}:{digest}")
            entry |= {"number": number, "salt": salt, "digest": digest, "link": link}
        connection.execute(sa.insert(AUDIT), [entries.pop()])
        new = [{"of": each["id"]} | {f"new_{name}": each[name] for name in ("number", "salt", "digest", "link")} for each in entries]
        for at_row in range(0, len(new), AT_ONCE):
            connection.execute(change, new[at_row : at_row + AT_ONCE])


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def downgrade() -> None:
    """The trail is a list again."""
    op.execute(sa.delete(AUDIT).where(AUDIT.c.action == CHAINED))
    op.drop_index("ix_audit_contest_id_number", "audit")
    for name in ("link", "digest", "salt", "number"):
        op.drop_column("audit", name)
    op.create_index("ix_audit_contest_id_at", "audit", ["contest_id", "at"])
    op.drop_column("rating", "rules_version")
    op.drop_column("contest", "rules_version")
    op.drop_table("charter")

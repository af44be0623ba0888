"""The first tables: a whole contest, its queue of work and its letters.

Revision: r0001, after the empty database
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _contests_and_people()
    _submissions_and_judgements()
    _extras()
    _work_and_letters()
    _trails()


def downgrade() -> None:
    """Drop them all, those that point to others first."""
    for table in ("judging_mark", "rating_draft", "board_snapshot", "account_request", "account_wait", "extension"):
        op.drop_table(table)
    for table in ("slack_event", "audit", "outbox", "job", "board_slot", "rating", "verdict", "submission"):
        op.drop_table(table)
    for table in ("account", "person", "contest_role", "contest_edit", "contest"):
        op.drop_table(table)


def _contests_and_people() -> None:
    op.create_table(
        "contest",
        _text("id"),
        _text("slug"),
        _text("name"),
        _text("time_zone"),
        _text("channel_id"),
        _moment("deadline"),
        _whole("submission_limit"),
        _text("board_cron"),
        _text("phase"),
        _text("intake"),
        _yes_or_no("blind"),
        _whole("rounds"),
        _whole("finalists"),
        _whole("winners"),
        _whole("grace_seconds"),
        _text("board_mode"),
        _text("frozen_board_id", empty=True),
        sa.Column("scheme", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        _whole("retention_days", empty=True),
        _text("created_by"),
        _moment("created_at"),
        _moment("opened_at", empty=True),
        _moment("judging_at", empty=True),
        _moment("final_at", empty=True),
        _moment("finished_at", empty=True),
        _moment("feedback_at", empty=True),
        _moment("archived_at", empty=True),
        sa.PrimaryKeyConstraint("id", name="pk_contest"),
        sa.UniqueConstraint("slug", name="uq_contest_slug"),
    )
    op.create_index("ix_contest_channel_id", "contest", ["channel_id"])
    op.create_table(
        "contest_edit",
        _text("id"),
        _text("contest_id"),
        _text("actor"),
        sa.Column("changes", sa.JSON(), nullable=False),
        _moment("shown_at"),
        _moment("applied_at", empty=True),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_contest_edit_contest_id_contest"),
        sa.PrimaryKeyConstraint("id", name="pk_contest_edit"),
    )
    op.create_table(
        "contest_role",
        _text("contest_id"),
        _text("user_id"),
        _text("role"),
        _text("added_by"),
        _moment("added_at"),
        _moment("practised_at", empty=True),
        _moment("paused_at", empty=True),
        _moment("recused_at", empty=True),
        _whole("at_once", empty=True),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_contest_role_contest_id_contest"),
        sa.PrimaryKeyConstraint("contest_id", "user_id", "role", name="pk_contest_role"),
    )
    op.create_index("ix_contest_role_user_id", "contest_role", ["user_id"])
    op.create_table(
        "person",
        _text("user_id"),
        _text("name"),
        _text("time_zone"),
        _yes_or_no("is_admin"),
        _moment("updated_at"),
        sa.PrimaryKeyConstraint("user_id", name="pk_person"),
    )
    op.create_table(
        "account",
        _text("id"),
        _text("contest_id"),
        _text("account_id"),
        _text("user_name"),
        sa.Column("sealed_password", sa.LargeBinary(), nullable=False),
        _text("sign_in_url"),
        _text("holder", empty=True),
        _moment("claimed_at", empty=True),
        _text("reveal_view_id", empty=True),
        _moment("returned_at", empty=True),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_account_contest_id_contest"),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("contest_id", "account_id", "user_name", name="uq_account_contest_id_account_id_user_name"),
        sa.UniqueConstraint("contest_id", "holder", name="uq_account_contest_id_holder"),
    )


def _extras() -> None:
    op.create_table(
        "extension",
        _text("contest_id"),
        _text("user_id"),
        _moment("until"),
        _text("reason"),
        _text("granted_by"),
        _moment("granted_at"),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_extension_contest_id_contest"),
        sa.PrimaryKeyConstraint("contest_id", "user_id", name="pk_extension"),
    )
    op.create_table(
        "account_wait",
        _text("contest_id"),
        _text("user_id"),
        _moment("since"),
        _moment("told_at", empty=True),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_account_wait_contest_id_contest"),
        sa.PrimaryKeyConstraint("contest_id", "user_id", name="pk_account_wait"),
    )
    op.create_table(
        "account_request",
        _text("id"),
        _text("contest_id"),
        _text("user_id"),
        _text("account_row_id"),
        _moment("asked_at"),
        _text("decided_by", empty=True),
        _moment("decided_at", empty=True),
        _yes_or_no("approved", empty=True),
        _text("reveal_view_id", empty=True),
        sa.ForeignKeyConstraint(["account_row_id"], ["account.id"], name="fk_account_request_account_row_id_account"),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_account_request_contest_id_contest"),
        sa.PrimaryKeyConstraint("id", name="pk_account_request"),
    )
    op.create_table(
        "board_snapshot",
        _text("id"),
        _text("contest_id"),
        _text("kind"),
        _moment("taken_at"),
        sa.Column("board", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_board_snapshot_contest_id_contest"),
        sa.PrimaryKeyConstraint("id", name="pk_board_snapshot"),
    )
    op.create_index("ix_board_snapshot_contest_id_taken_at", "board_snapshot", ["contest_id", "taken_at"])
    op.create_table(
        "rating_draft",
        _text("submission_id"),
        _text("judge"),
        _text("round"),
        sa.Column("values", sa.JSON(), nullable=False),
        _moment("updated_at"),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="fk_rating_draft_submission_id_submission"),
        sa.PrimaryKeyConstraint("submission_id", "judge", "round", name="pk_rating_draft"),
    )
    op.create_table(
        "judging_mark",
        _text("id"),
        _text("contest_id"),
        _text("submission_id"),
        _text("judge"),
        _word("kind", "skipped", "recused", "flagged"),
        _text("reason"),
        _moment("at"),
        _text("resolved_by", empty=True),
        _moment("resolved_at", empty=True),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_judging_mark_contest_id_contest"),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="fk_judging_mark_submission_id_submission"),
        sa.PrimaryKeyConstraint("id", name="pk_judging_mark"),
        sa.UniqueConstraint(
            "submission_id", "judge", "kind", name="uq_judging_mark_submission_id_judge_kind"
        ),
    )
    op.create_index("ix_judging_mark_contest_id", "judging_mark", ["contest_id"])


def _submissions_and_judgements() -> None:
    op.create_table(
        "submission",
        _text("id"),
        _text("contest_id"),
        _text("user_id"),
        _text("slack_file_id"),
        _text("channel_id"),
        _text("message_ts"),
        _text("thread_ts", empty=True),
        _yes_or_no("in_dm"),
        _text("filename"),
        _text("title"),
        _text("name"),
        _text("alias", empty=True),
        _whole("number"),
        _text("root_id"),
        _whole("version"),
        _word("state", "received", "checking", "accepted", "refused", "failed", "late", "superseded", "withdrawn"),
        _yes_or_no("in_final"),
        _text("refusal_code", empty=True),
        _text("refusal_sentence", empty=True),
        _text("sha256", empty=True),
        _whole("size"),
        _moment("received_at"),
        _moment("uploaded_at"),
        _whole("bars", empty=True),
        _text("key", empty=True),
        _text("meter", empty=True),
        sa.Column("seconds", sa.Double(), nullable=True),
        _text("alt_text", empty=True),
        _yes_or_no("has_sound", empty=True),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_submission_contest_id_contest"),
        sa.PrimaryKeyConstraint("id", name="pk_submission"),
        sa.UniqueConstraint("contest_id", "slack_file_id", name="uq_submission_contest_id_slack_file_id"),
        sa.UniqueConstraint("contest_id", "alias", name="uq_submission_contest_id_alias"),
    )
    op.create_index("ix_submission_slack_file_id", "submission", ["slack_file_id"])
    op.create_index("ix_submission_root_id", "submission", ["root_id"])
    op.create_index("ix_submission_user_id", "submission", ["user_id"])
    op.create_table(
        "verdict",
        _text("id"),
        _text("submission_id"),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        _text("model_version"),
        _text("weights_sha256"),
        _moment("created_at"),
        _moment("superseded_at", empty=True),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="fk_verdict_submission_id_submission"),
        sa.PrimaryKeyConstraint("id", name="pk_verdict"),
    )
    present = sa.text("superseded_at IS NULL")
    op.create_index(
        "ix_verdict_submission_id",
        "verdict",
        ["submission_id"],
        unique=True,
        sqlite_where=present,
        postgresql_where=present,
    )
    op.create_table(
        "rating",
        _text("id"),
        _text("contest_id"),
        _text("submission_id"),
        _text("judge"),
        _text("round"),
        sa.Column("scores", sa.JSON(), nullable=False),
        _text("comment"),
        _yes_or_no("comment_shown", empty=True),
        _text("private_note"),
        _text("entered_by", empty=True),
        _moment("created_at"),
        _moment("updated_at"),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_rating_contest_id_contest"),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="fk_rating_submission_id_submission"),
        sa.PrimaryKeyConstraint("id", name="pk_rating"),
        sa.UniqueConstraint("submission_id", "judge", "round", name="uq_rating_submission_id_judge_round"),
    )
    op.create_index("ix_rating_contest_id", "rating", ["contest_id"])
    op.create_table(
        "board_slot",
        _text("contest_id"),
        _moment("slot"),
        _moment("taken_at"),
        sa.ForeignKeyConstraint(["contest_id"], ["contest.id"], name="fk_board_slot_contest_id_contest"),
        sa.PrimaryKeyConstraint("contest_id", "slot", name="pk_board_slot"),
    )


def _work_and_letters() -> None:
    op.create_table(
        "job",
        _text("id"),
        _text("name"),
        _text("key"),
        sa.Column("args", sa.JSON(), nullable=False),
        _word("state", "queued", "running", "done", "failed"),
        _moment("run_at"),
        _moment("lease_until", empty=True),
        _whole("attempts"),
        _text("error", empty=True),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
        sa.UniqueConstraint("key", name="uq_job_key"),
    )
    op.create_index("ix_job_state_run_at", "job", ["state", "run_at"])
    op.create_table(
        "outbox",
        _whole("id"),
        _text("key"),
        _text("recipient"),
        _text("thread_ts", empty=True),
        sa.Column("message", sa.JSON(), nullable=False),
        sa.Column("uploads", sa.JSON(), nullable=False),
        _word("state", "pending", "claimed", "sent", "failed", "dropped"),
        _moment("send_at"),
        _moment("lease_until", empty=True),
        _whole("attempts"),
        _text("sent_channel", empty=True),
        _text("sent_ts", empty=True),
        _moment("sent_at", empty=True),
        _text("error", empty=True),
        _text("edits", empty=True),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
        sqlite_autoincrement=True,  # ids are the order of sending: none is given twice
    )
    op.create_index("ix_outbox_state_recipient_id", "outbox", ["state", "recipient", "id"])
    op.create_index("ix_outbox_edits", "outbox", ["edits"])


def _trails() -> None:
    op.create_table(
        "audit",
        _text("id"),
        _moment("at"),
        _text("actor"),
        _text("action"),
        _text("contest_id", empty=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_contest_id_at", "audit", ["contest_id", "at"])
    op.create_table(
        "slack_event",
        _text("event_id"),
        _moment("at"),
        sa.PrimaryKeyConstraint("event_id", name="pk_slack_event"),
    )
    op.create_index("ix_slack_event_at", "slack_event", ["at"])


def _text(name: str, *, empty: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=empty)


def _whole(name: str, *, empty: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=empty)


def _yes_or_no(name: str, *, empty: bool = False) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=empty)


def _moment(name: str, *, empty: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=empty)


def _word(name: str, *members: str) -> sa.Column[str]:
    return sa.Column(name, sa.Enum(*members, native_enum=False, length=16), nullable=False)

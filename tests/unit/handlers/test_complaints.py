"""What people read where something failed that is not their fault."""

from __future__ import annotations

from slack_bolt import BoltContext

from handlers.complaints import Complaints


def test_a_database_that_is_out_is_named_and_no_bug() -> None:
    """Whoever sent a form in reads that it was not written down, and when to try again; anything unforeseen has a reference."""
    complaints = Complaints(lambda: "ab12cd34", lambda error: isinstance(error, LookupError))
    form = {"type": "view_submission", "view": {"blocks": [{"type": "input", "block_id": "title"}]}}
    heard = [complaints.answer(error, form, BoltContext()) for error in (LookupError(), ValueError())]
    out, bug = (str(answer and answer.body) for answer in heard)
    assert "The place where I write things down does not answer me right now. Please try again in a minute." in out
    assert "ab12cd34" not in out
    assert "ab12cd34" in bug

"""The heads of a contest's trail that its channel reads: where it ended when a board was frozen, and at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.usecases.boards.letters import BoardFrozen, TrailHead, TrailSealed

if TYPE_CHECKING:
    from models.contests import Contest
    from models.store import Work

SEALED = "results.sealed"
"""The action that notes the hash of what was decided."""


def head_of(work: Work, contest: Contest) -> TrailHead:
    """Where the trail ends now."""
    number, link = work.audit.head(contest.id)
    return TrailHead(entries=number, head=link)


def posted_heads(work: Work, contest: Contest) -> dict[int, str]:
    """The heads that the channel was shown, by the number of the entry that was the last one then."""
    rows = work.outbox.of_kinds(BoardFrozen.kind, TrailSealed.kind)
    told = [row.message.get("trail") for row in rows if row.contest_id == contest.id]
    heads = [TrailHead.model_validate(each) for each in told if each is not None]
    return {each.entries: each.head for each in heads}

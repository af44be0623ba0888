"""What happens to files and channels in Slack behind our back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.usecases.submissions.letters import ChannelArchived, FileGone
from models.submissions import SubmissionState

if TYPE_CHECKING:
    from bot.usecases.desk import Desk

_KEPT = frozenset({SubmissionState.ACCEPTED, SubmissionState.LATE})


@dataclass(frozen=True)
class Mishaps:
    """Tell people what it means for the contest; nothing of theirs is lost."""

    desk: Desk

    def file_deleted(self, slack_file_id: str) -> None:
        """The author of a composition that counts learns, once, that we have kept it. A repeat says nothing.

        Of one that has not been fetched yet the check says what is to be said; of one that does not count there is nothing to say.
        """
        with self.desk.anyone() as work:
            for piece in work.submissions.of_file(slack_file_id):
                contest = work.contests.get(piece.contest_id)
                if contest is None or contest.finished_at is not None or piece.state not in _KEPT:
                    continue
                note = FileGone(title=piece.title, contest_name=contest.name, late=piece.state == SubmissionState.LATE)
                work.post_about(f"file_gone:{piece.id}", piece, note, to=piece.user_id)

    def channel_archived(self, channel_id: str, user_id: str | None, slack_event_id: str) -> None:
        """The organizers of the contest that runs there learn of it. A repeat of the event says nothing."""
        with self.desk.anyone(user_id or "slack") as work:
            contest = work.contests.running_in(channel_id)
            if contest is None or not work.events.see(slack_event_id, now=work.now):
                return
            about = work.about(contest)
            news = ChannelArchived(contest_name=contest.name, channel_id=channel_id, archived_by=user_id)
            about.post_to_organizers(f"archived:{contest.id}:{slack_event_id}", news)
            about.note("channel.archived", channel=channel_id)

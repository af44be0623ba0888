"""Wrong file attached: an organizer replaces the file of somebody's composition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.phases import Phase
from bot.rules.words import quoted
from bot.usecases.blindness import is_kept_blind
from bot.usecases.judging.counting import ratings_of
from bot.usecases.submissions.letters import CorrectionNote
from bot.usecases.submissions.submissions import CHECK_JOB
from bot.usecases.submissions.versions import newest, standing
from models.submissions import SubmissionState

if TYPE_CHECKING:
    from bot.usecases.desk import Desk, Errand, Matter
    from bot.usecases.submissions.handins import WindowFile
    from models.contests import Contest
    from models.store import Work
    from models.submissions import Submission

_RUNNING = frozenset({Phase.OPEN, Phase.JUDGING, Phase.FINAL})


@dataclass(frozen=True)
class CorrectionForm:
    """What the window shows."""

    submission_id: str
    title: str
    author: str
    """User id."""
    contest_name: str
    standing: int | None
    """The version that counts."""
    ratings: int
    """How many judges have rated it: their ratings do not go over to another file."""


@dataclass(frozen=True)
class Correct:
    """The submitted window. A Refusal's ``field`` is ``file`` or ``reason``."""

    actor: str
    submission_id: str
    file: WindowFile
    reason: str


@dataclass(frozen=True)
class Corrected:
    """The new file is on its way."""

    title: str
    author: str
    version: int


@dataclass(frozen=True)
class Corrections:
    """Show the window, and take the file."""

    desk: Desk

    def form(self, actor: str, submission_id: str) -> CorrectionForm:
        """The window. Raises Refusal for people who are no organizers, and where nothing can be replaced."""
        with self.desk.store.read() as work:
            piece, contest = _found(work, submission_id)
        with self.desk.organizer(actor, contest.id, reads=True) as work:
            _require_no_judge(work, contest, actor)
            counts = standing(work, piece.root_id)
            return CorrectionForm(
                submission_id=piece.id,
                title=piece.title,
                author=piece.user_id,
                contest_name=contest.name,
                standing=None if counts is None else counts.version,
                ratings=ratings_of(work, contest, counts),
            )

    def correct(self, command: Correct) -> Corrected:
        """Take the file as the next version, sent when the one was that it replaces; it is checked like any other.

        The author is told. Safe to repeat. Raises Refusal.
        """
        reason = " ".join(command.reason.split())
        if not reason:
            raise Refusal("Please say why: the author reads it, and it stays in the audit trail.", field="reason")
        with self.desk.store.read() as work:
            _, contest = _found(work, command.submission_id)
        with self.desk.organizer(command.actor, contest.id) as work:
            piece, contest = _found(work, command.submission_id)
            _require_no_judge(work, contest, command.actor)
            known = work.submissions.by_file(contest.id, command.file.file_id)
            if known is not None and known.root_id == piece.root_id:
                return Corrected(known.title, known.user_id, known.version)
            if known is not None:
                raise Refusal(
                    f"This very file came in as *{quoted(known.title)}* of <@{known.user_id}>. Please choose another.",
                    field="file",
                )
            new = _write_down(work, piece, command.file)
            _tell(work, new, reason)
        return Corrected(new.title, new.user_id, new.version)


def _write_down(work: Errand, piece: Submission, file: WindowFile) -> Submission:
    last = newest(work, piece.root_id)
    counts = standing(work, piece.root_id) or last
    submission_id = work.desk.ids.new()
    new = last.next_version(
        id=submission_id,
        folder=work.submissions.folder_for(last.contest_id, last.user_id, submission_id),
        slack_file_id=file.file_id,
        channel_id=last.user_id,
        message_ts="",
        in_dm=True,
        filename=file.filename,
        number=work.submissions.next_number(last.contest_id, last.user_id),
        state=SubmissionState.RECEIVED,
        size=file.size,
        received_at=work.now,
        uploaded_at=counts.uploaded_at,
        corrected_by=work.actor,
    )
    work.submissions.add(new)
    args = {"submission_id": new.id}
    work.jobs.enqueue(
        work.desk.ids.new(), CHECK_JOB, f"check:{new.id}", args, work.now, owner=new.user_id, contest_id=new.contest_id
    )
    return new


def _tell(work: Matter, new: Submission, reason: str) -> None:
    counts = standing(work, new.root_id)
    note = CorrectionNote(
        title=new.title,
        contest_name=work.contest.name,
        corrected_by=work.actor,
        reason=reason,
        version=new.version,
        standing=None if counts is None else counts.version,
        ratings=ratings_of(work, work.contest, counts),
    )
    work.post_about(f"correction:{new.id}", new, note, to=new.user_id)
    work.note("submission.corrected", submission=new.id, author=new.user_id, name=new.name, reason=reason)


def _require_no_judge(work: Work, contest: Contest, actor: str) -> None:
    # An old window may come from before they became a judge.
    if is_kept_blind(work, contest, actor):
        raise Refusal(
            f"You judge *{quoted(contest.name)}*, so who wrote what is not for you yet. Please ask another organizer to replace the file."
        )


def _found(work: Work, submission_id: str) -> tuple[Submission, Contest]:
    piece = work.submissions.get(submission_id)
    contest = None if piece is None else work.contests.get(piece.contest_id)
    if piece is None or contest is None:
        raise Refusal("I cannot find that composition any more. `/kantor find` shows what there is.")
    if contest.phase not in _RUNNING:
        raise Refusal(f"*{quoted(contest.name)}* is not running, so its files stay as they are.")
    if piece.state == SubmissionState.WITHDRAWN:
        raise Refusal(f"<@{piece.user_id}> has withdrawn this composition, so there is nothing to correct.")
    return piece, contest

"""Compositions at the door: taken down the moment they arrive, checked later by the worker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.announcements.submissions import Receipt, RefusalNote
from bot.errors import Refusal, Unavailable
from bot.rules.naming import is_nameless, submission_name, title_of
from bot.usecases.doors import Door, contest_for_channel, contest_for_person
from bot.usecases.letters import post, thread_of
from bot.usecases.people import remember
from models.submission import Submission, SubmissionState

if TYPE_CHECKING:
    from bot.ports import Clock, Directory, Ids, Profile
    from models.contest import Contest
    from models.store import Store, Work

CHECK_JOB = "check_submission"
"""Name of the job that checks a submission; its only argument is ``submission_id``."""

CROWDED = 5
"""So many messages that wait for a channel are so many seconds until the next one."""

_MIDI_ENDINGS = (".mid", ".midi", ".smf", ".rmi", ".kar")
_MIDI_TYPES = frozenset(
    {"audio/mid", "audio/midi", "audio/x-midi", "audio/sp-midi", "application/x-midi", "x-music/x-midi"}
)
_MIDI_FILETYPES = frozenset({"mid", "midi"})


@dataclass(frozen=True)
class Upload:
    """One file of a message."""

    slack_event_id: str
    """The delivery's; files of one message share it."""
    file_id: str
    user_id: str
    channel_id: str
    is_dm: bool
    message_ts: str
    """Slack's time of the message, such as ``1790000000.000100``: it decides about the deadline."""
    thread_ts: str | None
    filename: str
    mimetype: str
    filetype: str
    size: int

    @property
    def uploaded_at(self) -> datetime:
        """When Slack took the message."""
        seconds, _, fraction = self.message_ts.partition(".")
        micros = int(fraction[:6].ljust(6, "0"))
        return datetime.fromtimestamp(int(seconds), UTC) + timedelta(microseconds=micros)

    @property
    def looks_like_midi(self) -> bool:
        """Whether name or type say MIDI; the bytes are looked at later."""
        named = self.filename.lower().endswith(_MIDI_ENDINGS)
        return named or self.filetype.lower() in _MIDI_FILETYPES or self.mimetype.lower() in _MIDI_TYPES


@dataclass(frozen=True)
class Submissions:
    """Take in what people upload."""

    store: Store
    directory: Directory
    clock: Clock
    ids: Ids

    def receive(self, upload: Upload) -> None:
        """Take the file down with its job and its receipt, or a letter that says why not. A repeat changes nothing.

        Never needs Slack to answer: an upload is not lost because Slack is slow. A composition whose author nobody could tell
        us of is named when it is checked.
        """
        if not upload.is_dm and not upload.looks_like_midi:
            return
        author = self._stranger(upload.user_id)
        if author is not None and author.is_bot:
            return
        member_of = self._memberships(upload.user_id) if upload.is_dm else frozenset()
        now = self.clock.now()
        with self.store.write() as work:
            # One message may carry several files, each of which comes here with the same event.
            if not work.events.see(f"{upload.slack_event_id}:{upload.file_id}", now=now):
                return
            if author is not None:
                remember(work, author, now)
            try:
                self._take(work, upload, member_of, now)
            except Refusal as refusal:
                _refuse(work, upload, refusal.sentence, now)

    def _stranger(self, user_id: str) -> Profile | None:
        """Somebody we have not met, as Slack knows them; None where we have, or Slack does not tell."""
        with self.store.read() as work:
            if work.people.get(user_id) is not None:
                return None
        try:
            return self.directory.profile(user_id)
        except (KeyError, Unavailable):
            return None

    def _memberships(self, user_id: str) -> frozenset[str]:
        """Ids of the contests in whose channels the person is; those that Slack does not tell of count as well."""
        with self.store.read() as work:
            contests = work.contests.unfinished()
        found: set[str] = set()
        for number, contest in enumerate(contests):
            try:
                if self.directory.is_member(contest.channel_id, user_id):
                    found.add(contest.id)
            except Unavailable:
                # Better a composition too many than one that is lost; and no waiting for each of them in turn.
                return frozenset(found | {other.id for other in contests[number:]})
        return frozenset(found)

    def _take(self, work: Work, upload: Upload, member_of: frozenset[str], now: datetime) -> None:
        door = Door(user_id=upload.user_id, uploaded_at=upload.uploaded_at, now=now)
        contest = (
            contest_for_person(work, door, member_of)
            if upload.is_dm
            else contest_for_channel(work, door, upload.channel_id)
        )
        if contest is None or _is_known(work, contest, upload):
            return
        counting = work.submissions.counting(contest.id, upload.user_id)
        if counting >= contest.submission_limit:
            raise Refusal(_over_the_limit(contest))
        submission = self._write_down(work, contest, upload, door)
        nameless = is_nameless(submission.name, upload.user_id)
        called = submission.title if nameless else submission.name
        receipt = Receipt(name=called, number=counting + 1, limit=contest.submission_limit)
        _post_receipt(work, submission, receipt, now)
        arguments = {"submission_id": submission.id}
        work.jobs.enqueue(self.ids.new(), CHECK_JOB, f"check:{submission.id}", arguments, now)

    def _write_down(self, work: Work, contest: Contest, upload: Upload, door: Door) -> Submission:
        title = title_of(upload.filename)
        person = work.people.get(upload.user_id)
        author = person.name if person is not None else upload.user_id
        submission_id = self.ids.new()
        submission = Submission(
            id=submission_id,
            root_id=submission_id,
            version=1,
            in_final=False,
            contest_id=contest.id,
            user_id=upload.user_id,
            slack_file_id=upload.file_id,
            channel_id=upload.channel_id,
            message_ts=upload.message_ts,
            thread_ts=upload.thread_ts,
            in_dm=upload.is_dm,
            filename=upload.filename,
            title=title,
            name=submission_name(contest.slug, author, title, work.submissions.names(contest.id)),
            number=work.submissions.next_number(contest.id, upload.user_id),
            state=SubmissionState.RECEIVED,
            size=upload.size,
            received_at=door.now,
            uploaded_at=door.counts_from(work, contest),
        )
        work.submissions.add(submission)
        return submission


def _post_receipt(work: Work, submission: Submission, receipt: Receipt, now: datetime) -> None:
    """In the thread of the upload, or to the author alone where the channel has a queue: Slack takes one message a second there."""
    key, channel = f"receipt:{submission.id}", submission.channel_id
    if not submission.in_dm and work.outbox.messages_waiting(channel) >= CROWDED:
        post(work, key, submission.user_id, receipt, now)
    else:
        post(work, key, channel, receipt, now, thread_ts=thread_of(submission))


def _is_known(work: Work, contest: Contest, upload: Upload) -> bool:
    """Whether the contest has this very file. Raises Refusal where a new message brings it once more."""
    known = work.submissions.by_file(contest.id, upload.file_id)
    if known is None:
        return False
    if known.message_ts == upload.message_ts:
        return True
    raise Refusal(
        f"This very file has come in before, as `{known.name}`, so nothing changes. "
        "To send something new, please upload it as a new file."
    )


def _over_the_limit(contest: Contest) -> str:
    limit = contest.submission_limit
    pieces = "1 composition, and yours is" if limit == 1 else f"{limit} compositions a person, and yours are"
    return f"*{contest.name}* takes {pieces} in already, so this one does not count. Only refused files leave room for another."


def _refuse(work: Work, upload: Upload, sentence: str, now: datetime) -> None:
    note = RefusalNote(user_id=upload.user_id, filename=upload.filename, sentence=sentence)
    key = f"refusal:{upload.file_id}:{upload.message_ts}"
    post(work, key, upload.channel_id, note, now, thread_ts=upload.thread_ts or upload.message_ts)

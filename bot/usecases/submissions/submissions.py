"""Compositions at the door: taken down the moment they arrive, checked later by the worker."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog

from bot.errors import Refusal, Unavailable
from bot.rules.fileformats import OTHER, advice
from bot.rules.naming import cleaned_title, is_nameless, submission_name, title_of
from bot.rules.phases import Arrival, Intake
from bot.rules.words import quoted
from bot.usecases.happenings import Received
from bot.usecases.letters import post, post_about, thread_of
from bot.usecases.submissions.arrivals import Incoming, contest_for_person, contest_of_channel, entry_into
from bot.usecases.submissions.latefiles import tell_of_late_file
from bot.usecases.submissions.letters import OpenContest, Receipt, RefusalNote, WrongPlace
from bot.usecases.submissions.versions import answered_upload, newest, standing_version
from bot.usecases.who import remember
from models.submissions import Submission, SubmissionState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.ports import Directory, Profile
    from bot.usecases.desk import Desk, Errand
    from bot.usecases.submissions.arrivals import Entry, Upload
    from models.contests import Contest
    from models.store import Work

CHECK_JOB = "check_submission"
"""Name of the job that checks a submission; its only argument is ``submission_id``."""

CROWDED = 2
"""So many messages of others that wait for a channel are so many seconds until the next one."""
RUSH = 5
"""From so many files that are being checked on, whoever uploads one more is told how many."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Submissions:
    """Take in what people upload."""

    desk: Desk
    directory: Directory

    def receive(self, upload: Upload) -> bool:
        """Take the file down with its job and its receipt, or a letter that says why not. Whether it was taken.

        A repeat changes nothing, however often and by whichever way we hear of the file: Slack tells of it more than once, and
        we read what it may not have told (``Absences``).

        Never needs Slack to answer: an upload is not lost because Slack is slow. A composition whose author nobody could tell
        us of is named, or refused to somebody of another workspace, when it is checked: that waits for Slack.
        """
        taken = self._receive(upload)
        log.info("an upload was dealt with", file=upload.file_id, taken=taken)
        return taken

    def _receive(self, upload: Upload) -> bool:
        how = None if upload.looks_like_midi else advice(upload.filename)
        if how is None and not upload.is_dm and not upload.looks_like_midi:
            return False
        author = self.stranger(upload.user_id)
        if author is not None and author.is_bot:
            return False
        if how is not None and not upload.is_dm:
            if author is None or not author.is_stranger:
                self._explain(upload, how)
            return False
        member_of = self._looked_up(upload)
        with self.desk.anyone(upload.user_id) as work:
            now = work.now
            if not work.events.see(upload.mark, now=now):
                return False
            try:
                require_ours(author)
                if author is not None:
                    remember(work, author, now)
                return self._deal_with(work, upload, member_of)
            except Refusal as refusal:
                _refuse(work, upload, refusal.sentence, member_of, now)
                return False

    def stranger(self, user_id: str) -> Profile | None:
        """Somebody of whom we do not know yet that they are of this workspace, as Slack knows them; None where we do, or Slack does not tell."""
        with self.desk.store.read() as work:
            if work.people.is_ours(user_id):
                return None
        try:
            return self.directory.profile(user_id)
        except (KeyError, Unavailable):
            return None

    def memberships(self, user_id: str, *, in_doubt: bool) -> frozenset[str]:
        """Ids of the contests in whose channels the person is; with ``in_doubt`` also those that Slack does not tell of.

        None of them for somebody of another workspace.
        """
        author = self.stranger(user_id)
        if author is not None and not author.is_ours:
            return frozenset()
        with self.desk.store.read() as work:
            contests = work.contests.unfinished()
        found: set[str] = set()
        for number, contest in enumerate(contests):
            try:
                if self.directory.is_member(contest.channel_id, user_id):
                    found.add(contest.id)
            except Unavailable:
                # Better a composition too many than one that is lost; and no waiting for each of them in turn.
                return frozenset(found | {other.id for other in contests[number:]} if in_doubt else found)
        return frozenset(found)

    def take(
        self, work: Errand, entry: Entry, upload: Upload, incoming: Incoming, replaces: Submission | None
    ) -> tuple[Submission, Receipt] | None:
        """Write it down with its job, as a new composition or as the next version of ``replaces``. The letters are the caller's.

        None where the contest has this very file from this very message. Raises Refusal over the limit.
        """
        contest = entry.contest
        if _is_known(work, contest, upload):
            return None
        _require_readable(upload)
        counting = work.submissions.counting(contest.id, upload.user_id)
        is_new = replaces is None or replaces.root_id not in counting
        if is_new and len(counting) >= contest.submission_limit:
            raise Refusal(_over_the_limit(contest))
        submission = self._write_down(work, entry, upload, incoming, replaces)
        nameless = is_nameless(submission.name, upload.user_id)
        receipt = Receipt(
            name=submission.title if nameless else submission.name,
            title=submission.title,
            number=len(counting) + is_new,
            limit=contest.submission_limit,
            version=submission.version,
            standing=standing_version(work, submission.root_id),
            ahead=_ahead(work, contest),
            seconds_late=0 if entry.outcome is Arrival.TAKEN else incoming.seconds_late(work, contest),
        )
        # Of a late file the same job fetches the bytes, and no more: it may be gone by the time somebody decides.
        arguments = {"submission_id": submission.id}
        work.jobs.enqueue(
            self.desk.ids.new(),
            CHECK_JOB,
            f"check:{submission.id}",
            arguments,
            incoming.now,
            owner=upload.user_id,
            contest_id=contest.id,
        )
        work.about(contest).happened(Received(upload.user_id))
        return submission, receipt

    def _explain(self, upload: Upload, how: str) -> None:
        """Music in another form in the channel of a contest that takes compositions: a word to its author alone.

        It may be meant for everybody to listen to, so nothing is said where others read it.
        """
        with self.desk.anyone(upload.user_id) as work:
            now = work.now
            if not work.events.see(upload.mark, now=now):
                return
            contest = contest_of_channel(work, upload.channel_id, now)
            if contest is None or not Incoming(upload.user_id, upload.uploaded_at, now).takes(work, contest):
                return
            sentence = f"{how} If it was not meant for *{quoted(contest.name)}*, all is well."
            note = RefusalNote(user_id=upload.user_id, filename=upload.filename, sentence=sentence)
            work.about(contest).post(f"refusal:{upload.file_id}:{upload.message_ts}", upload.user_id, note)

    def _looked_up(self, upload: Upload) -> frozenset[str]:
        """What has to be asked of Slack before the transaction: in which contests' channels the person is."""
        if upload.is_dm:
            return self.memberships(upload.user_id, in_doubt=True)
        with self.desk.store.read() as work:
            elsewhere = contest_of_channel(work, upload.channel_id, self.desk.clock.now()) is None
        return self.memberships(upload.user_id, in_doubt=False) if elsewhere else frozenset()

    def _deal_with(self, work: Errand, upload: Upload, member_of: frozenset[str]) -> bool:
        now = work.now
        incoming = Incoming(user_id=upload.user_id, uploaded_at=upload.uploaded_at, now=now)
        if upload.is_dm:
            replied = answered_upload(work, upload)
            found = None if replied is None else work.contests.get(replied.contest_id)
            if found is None or found.finished_at is not None:
                replied, found = None, contest_for_person(work, incoming, member_of)
        else:
            found = contest_of_channel(work, upload.channel_id, now)
            if found is None or (found.intake == Intake.DM and found.finished_at is None):
                _show_the_way(work, upload, incoming, found, member_of)
                return False
            replied = answered_upload(work, upload, found.id)
        entry = entry_into(work, incoming, found, private=upload.is_dm)
        incoming = replace(incoming, now=work.now)
        taken = self.take(work, entry, upload, incoming, replied)
        if taken is None:
            return False
        submission, receipt = taken
        if entry.outcome is Arrival.LATE:
            tell_of_late_file(work.about(entry.contest), submission, receipt)
        else:
            _post_receipt(work, submission, receipt, now)
        return True

    def _write_down(
        self, work: Work, entry: Entry, upload: Upload, incoming: Incoming, replaces: Submission | None
    ) -> Submission:
        contest, submission_id = entry.contest, self.desk.ids.new()
        own = {
            "id": submission_id,
            "folder": work.submissions.folder_for(contest.id, upload.user_id, submission_id),
            "slack_file_id": upload.file_id,
            "channel_id": upload.channel_id,
            "message_ts": upload.message_ts,
            "thread_ts": upload.thread_ts,
            "in_dm": upload.is_dm,
            "filename": upload.filename,
            "number": work.submissions.next_number(contest.id, upload.user_id),
            "state": SubmissionState.LATE if entry.outcome is Arrival.LATE else SubmissionState.RECEIVED,
            "size": upload.size,
            "received_at": incoming.now,
            "uploaded_at": incoming.counts_from(work, contest),
        }
        if replaces is None:
            submission = _first_version(work, contest, upload, own)
        else:
            submission = newest(work, replaces.root_id).next_version(**own)
        work.submissions.add(submission)
        return submission


def _first_version(work: Work, contest: Contest, upload: Upload, own: Mapping[str, Any]) -> Submission:
    person = work.people.get(upload.user_id)
    author = person.name if person is not None else upload.user_id
    title = cleaned_title(upload.title) or title_of(upload.filename)
    name = submission_name(contest.slug, author, title, partial(work.submissions.names_among, contest.id))
    place = {"contest_id": contest.id, "user_id": upload.user_id, "root_id": own["id"]}
    return Submission(**own, **place, title=title, name=name, version=1)


NOT_OURS = (
    "This contest is for the people of this workspace, and you are here from another one, so I did not take your file. "
    "Please ask an organizer of the contest."
)


def require_ours(author: Profile | None) -> None:
    """Raises Refusal for somebody of another workspace, who is in the channel because it is shared with theirs."""
    if author is not None and author.is_stranger:
        raise Refusal(NOT_OURS)


def _show_the_way(
    work: Work, upload: Upload, incoming: Incoming, found: Contest | None, member_of: frozenset[str]
) -> None:
    """A MIDI file where none is taken: a word to its author alone, once a file; none where no contest of theirs is open."""
    running = [contest for contest in work.contests.unfinished() if contest.id in member_of]
    open_ones = [found] if found is not None else [contest for contest in running if incoming.takes(work, contest)]
    if not open_ones:
        return
    contests = tuple(OpenContest(name=one.name, channel_id=one.channel_id, intake=one.intake) for one in open_ones)
    hint = WrongPlace(
        filename=upload.filename, channel_id=upload.channel_id, dm_only=found is not None, contests=contests
    )
    post(work, f"wrong_place:{upload.file_id}", upload.user_id, hint, incoming.now, contest_id=_only(open_ones))


def _post_receipt(work: Work, submission: Submission, receipt: Receipt, now: datetime) -> None:
    """In the thread of the upload, or to the author alone where the channel has a queue: Slack takes one message a second there."""
    others = 0 if submission.in_dm else work.outbox.messages_waiting(submission.channel_id, thread_of(submission))
    to = submission.user_id if others >= CROWDED else None
    post_about(work, f"receipt:{submission.id}", submission, receipt, now, to=to)


def _require_readable(upload: Upload) -> None:
    """Raises Refusal for what needs no look at its bytes."""
    if upload.is_empty:
        raise Refusal("It is empty: not a single byte came. Please export your piece once more, and upload that file.")
    how = None if upload.looks_like_midi else advice(upload.filename)
    if how is not None or upload.is_plainly_other:
        raise Refusal(how or OTHER)


def _ahead(work: Work, contest: Contest) -> int:
    """How many files of the contest are still being checked besides the newest; 0 where it is no rush."""
    others = work.submissions.being_checked(contest.id) - 1
    return others if others >= RUSH else 0


def _is_known(work: Work, contest: Contest, upload: Upload) -> bool:
    """Whether the contest has this very file. Raises Refusal where a new message brings it once more."""
    known = work.submissions.by_file(contest.id, upload.file_id)
    if known is None:
        return False
    if known.message_ts == upload.message_ts and known.user_id == upload.user_id:
        return True
    raise Refusal(
        f"This very file has come in before, as *{quoted(known.title)}*, so nothing changes. "
        "To send something new, please upload it as a new file."
    )


def _over_the_limit(contest: Contest) -> str:
    limit = contest.submission_limit
    pieces = "1 composition, and yours is" if limit == 1 else f"{limit} compositions a person, and yours are"
    how = (
        "upload it in the thread of the first one; `/kantor mine` withdraws what you do not want"
        if contest.intake == Intake.CHANNEL
        else "`/kantor mine` replaces it, or withdraws it"
    )
    return f"*{quoted(contest.name)}* takes {pieces} in already, so this one does not count. A new version of one of them does not need room: {how}."


def _only(contests: Sequence[Contest]) -> str | None:
    """Which one a word is about; None where it could be several."""
    return contests[0].id if len(contests) == 1 else None


ANSWERS = 10
"""Refusals of one person's files that wait to be sent to a channel: Slack takes one message a second there, and others wait, too."""


def _refuse(work: Work, upload: Upload, sentence: str, member_of: frozenset[str], now: datetime) -> None:
    here = contest_of_channel(work, upload.channel_id, now)
    about = [here] if here is not None else [each for each in work.contests.unfinished() if each.id in member_of]
    waiting = work.outbox.unsent(RefusalNote.kind, upload.channel_id)
    unread = sum(each.message["user_id"] == upload.user_id for each in waiting)
    if unread >= ANSWERS:
        return
    if unread == ANSWERS - 1:
        sentence += " Whatever else you sent just now does not count either: please send one file at a time."
    note = RefusalNote(user_id=upload.user_id, filename=upload.filename, sentence=sentence)
    key = f"refusal:{upload.file_id}:{upload.message_ts}"
    thread = upload.thread_ts or upload.message_ts
    post(work, key, upload.channel_id, note, now, thread_ts=thread, contest_id=_only(about))

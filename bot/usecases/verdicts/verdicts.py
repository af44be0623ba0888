"""The check of a composition: download, gate, verdict, picture and sound, card."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

import structlog

from bot.errors import Unavailable
from bot.rules import storage
from bot.rules.naming import alias, is_named_after, is_nameless, submission_name
from bot.rules.words import quoted
from bot.usecases.blindness import whose
from bot.usecases.happenings import Accepted, Refused
from bot.usecases.judging.invitations import piece_uploads
from bot.usecases.messages import TroubleAlarm, Whose
from bot.usecases.submissions.letters import Card, RefusalNote, SameFileAlarm, Twin, VerdictNote
from bot.usecases.submissions.submissions import NOT_OURS
from bot.usecases.submissions.versions import accept_version, others_twins, own_twin, standing_version
from bot.usecases.verdicts.copies import COMPARE
from bot.usecases.verdicts.explanations import row_of
from bot.usecases.who import remember
from judge.refusals import Limits, MidiRefusal
from models.jobs import LATER
from models.submissions import SubmissionState

if TYPE_CHECKING:
    from datetime import datetime

    from bot.meters import Meters
    from bot.ports import FileSource, Inspection, Inspector, ObjectStore, Profile
    from bot.usecases.desk import Desk, Errand, Matter
    from models.contests import Contest
    from models.store import Work
    from models.submissions import Submission

_UNSETTLED = frozenset({SubmissionState.RECEIVED, SubmissionState.CHECKING})
_GONE = "file_gone"
_TWICE = "same_file"
_FAR = "not_ours"
"""Our own refusal codes, beside those of judge.midi.RefusalCode."""

UNCOUNTED = "It does not count towards your limit."

log = structlog.get_logger()


@dataclass(frozen=True)
class _Refused:
    code: str
    sentence: str


@dataclass(frozen=True)
class Verdicts:
    """Bring a submission from *received* to *accepted* or *refused*."""

    desk: Desk
    files: FileSource
    objects: ObjectStore
    inspector: Inspector
    meters: Meters

    def check(self, submission_id: str) -> None:
        """Check one submission. Safe to repeat after a crash at any point. Raises Unavailable: try again later."""
        piece = self._begin(submission_id)
        if piece is None:
            return
        if piece.state == SubmissionState.LATE:
            self._original(piece)  # kept for whoever decides: by then it may be gone from Slack
            return
        author = self._author(piece)
        is_far = author is not None and author.is_stranger
        data = None if is_far else self._original(piece)  # nothing of theirs is fetched
        absent = _Refused(_FAR, NOT_OURS) if is_far else _gone()
        found = absent if data is None else self._inspect(piece, data)
        digest = None if data is None or len(data) > Limits().max_bytes else sha256(data).hexdigest()
        with self.desk.anyone() as errand:
            settled = _unsettled(errand, piece)
            if settled is None:
                return
            work, piece = settled
            contest, now = work.contest, work.now
            piece.sha256 = digest
            if author is not None and not is_far:
                _settle_name(work, contest, piece, author, now)
            known = None if digest is None else own_twin(work, piece)
            refused = found if known is None else _twice(known)
            if isinstance(refused, _Refused):
                _refuse(work, piece, refused)
            else:
                _accept(work, piece, refused)
        if isinstance(refused, _Refused):
            self.meters.refused(refused.code)

    def give_up(self, submission_id: str, reference: str) -> None:
        """After the last try: mark it *failed*, tell the author and the organizers, with the reference of the log."""
        with self.desk.store.read() as work:
            seen = work.submissions.get(submission_id)
        if seen is None:
            return
        with self.desk.anyone() as errand:
            settled = _unsettled(errand, seen)
            if settled is None:
                return
            work, piece = settled
            piece.state, piece.failed_at = SubmissionState.FAILED, work.now
            _answer(work, piece, _our_fault(piece, reference))
            what, which = "could not be checked after several tries", Whose(**whose(piece))
            alarm = TroubleAlarm(contest_name=work.contest.name, piece=which, what=what, reference=reference)
            work.post_to_organizers(f"trouble:{piece.id}", alarm, about=piece)
            work.note("submission.failed", submission=piece.id, reference=reference)

    def _author(self, piece: Submission) -> Profile | None:
        """The author as Slack knows them now; None where it knows no person of that id.

        Raises Unavailable where Slack is silent, and the composition still has no proper name or Slack has not said yet that its author
        is of this workspace; otherwise that can wait.
        """
        try:
            author = self.desk.who.directory.profile(piece.user_id)
        except KeyError:
            return None
        except Unavailable:
            if is_nameless(piece.name, piece.user_id) or not self._is_known(piece.user_id):
                raise
            return None
        return None if author.is_bot else author

    def _is_known(self, user_id: str) -> bool:
        with self.desk.store.read() as work:
            return work.people.is_ours(user_id)

    def _begin(self, submission_id: str) -> Submission | None:
        with self.desk.anyone() as work:
            piece = work.submissions.get(submission_id)
            if piece is not None:
                work.lock(piece.contest_id)  # it may be withdrawn at this very moment
            if piece is None or piece.state not in {*_UNSETTLED, SubmissionState.LATE}:
                return None
            if piece.state != SubmissionState.LATE:
                piece.state = SubmissionState.CHECKING
            return piece

    def _original(self, piece: Submission) -> bytes | None:
        """The bytes as they were uploaded, kept for good on first sight; None where the file was deleted before we had it."""
        key = storage.original(piece.folder)
        if self.objects.exists(key):
            return self.objects.get(key)
        limit = Limits().max_bytes
        try:
            data = self.files.download(piece.slack_file_id, limit)
        except KeyError:
            return None
        if len(data) <= limit:  # the beginning of a larger file is not its original, and is refused anyway
            self.objects.keep(key, data)
        return data

    def _inspect(self, piece: Submission, data: bytes) -> Inspection | _Refused:
        try:
            # No title in the picture: judges get the same one, under an alias.
            found = self.inspector.inspect(data, "")
        except MidiRefusal as refusal:
            log.info("a child has refused a file", submission=piece.id, code=refusal.code)
            return _Refused(refusal.code, refusal.sentence)
        log.info("a child has looked at a file", submission=piece.id)
        self.objects.put(storage.picture(piece.folder), found.picture)
        if found.sound is not None:
            self.objects.put(storage.sound(piece.folder), found.sound)
        self.objects.put(storage.fingerprint(piece.folder), found.fingerprint)
        if found.chart is not None:
            self.objects.put(storage.chart(piece.folder, found.verdict.weights_sha256), found.chart.png)
        return found


def _refuse(work: Matter, piece: Submission, refused: _Refused) -> None:
    piece.state = SubmissionState.REFUSED
    piece.refusal_code, piece.refusal_sentence = refused.code, refused.sentence
    counting = standing_version(work, piece.root_id)
    rest = UNCOUNTED if counting is None else f"Version {counting} of *{quoted(piece.title)}* still counts."
    _answer(work, piece, f"{refused.sentence} {rest}")
    work.note("submission.refused", submission=piece.id, code=refused.code)
    work.happened(Refused(piece.user_id))
    if piece.corrected_by is not None:
        what = f"has a new file that was refused: {refused.sentence}"
        alarm = TroubleAlarm(contest_name=work.contest.name, piece=Whose(**whose(piece)), what=what)
        work.post_to_organizers(f"trouble:corrected:{piece.id}", alarm, about=piece)


def _accept(work: Matter, piece: Submission, found: Inspection) -> None:
    contest, now, verdict = work.contest, work.now, found.verdict
    counting = accept_version(work, piece)
    piece.alias = alias(piece.id, partial(work.submissions.aliases_among, contest.id))
    piece.bars, piece.key, piece.meter, piece.seconds = verdict.bars, verdict.key, verdict.meter, verdict.seconds
    piece.alt_text, piece.has_sound = found.alt_text, found.sound is not None
    work.verdicts.add(row_of(work.desk.ids.new(), piece.id, verdict, found.chart, now))
    work.note("submission.accepted", submission=piece.id, score=verdict.score, model=verdict.model_version)
    _flag_same_file(work, piece)
    _post_card(work, piece, counting, found)
    _post_verdict(work, piece, found)
    args = {"submission_id": piece.id}
    work.jobs.enqueue(
        work.desk.ids.new(),
        COMPARE,
        f"{COMPARE}:{piece.id}",
        args,
        now,
        owner=piece.user_id,
        contest_id=work.contest.id,
        priority=LATER,
    )
    work.happened(Accepted(piece.user_id, piece, counting))


def _flag_same_file(work: Matter, piece: Submission) -> None:
    """Somebody else's very file: accepted like any other, and told to the organizers."""
    others = others_twins(work, piece)
    if others:
        twins = tuple(dict.fromkeys(_as_it_was(other) for other in others))
        alarm = SameFileAlarm(contest_name=work.contest.name, **whose(piece), others=twins)
        veiled = SameFileAlarm(contest_name=work.contest.name, name="", others=())
        work.post_to_organizers(f"same_file:{piece.id}", alarm, about=piece, veiled=veiled)
        work.note("submission.flagged", submission=piece.id, works=", ".join(twin.name for twin in twins))


def _answer(work: Matter, piece: Submission, sentence: str) -> None:
    note = RefusalNote(user_id=piece.user_id, filename=piece.filename, sentence=sentence)
    work.post_about(f"refusal:{piece.id}", piece, note)


def _as_it_was(piece: Submission) -> Twin:
    """With the version where another one counts by now, which is no longer that file."""
    return Twin(**whose(piece), replaced=piece.version if piece.state == SubmissionState.SUPERSEDED else 0)


def _unsettled(work: Errand, seen: Submission) -> tuple[Matter, Submission] | None:
    """The submission and its contest, locked; None where another worker was faster."""
    contest = work.lock(seen.contest_id)  # first the lock, then the look at the state
    piece = work.submissions.get(seen.id)
    if piece is None or contest is None or piece.state not in _UNSETTLED:
        return None
    return work.about(contest), piece


def _settle_name(work: Work, contest: Contest, piece: Submission, author: Profile, now: datetime) -> None:
    """Remember the author, and name a new composition after them as they are called now: until here we went by what we knew."""
    remember(work, author, now)
    is_new = piece.version == 1 or is_nameless(piece.name, piece.user_id)
    if is_new and not is_named_after(piece.name, contest.slug, author.name):
        before = piece.name
        called = submission_name(
            contest.slug,
            author.name,
            piece.title,
            lambda some: work.submissions.names_among(contest.id, some) - {before},
        )
        for version in work.submissions.versions(piece.root_id):
            version.name = called


def _post_card(work: Matter, piece: Submission, counting: Submission, found: Inspection) -> None:
    verdict = found.verdict
    card = Card(
        **whose(piece),
        bars=verdict.bars,
        key=verdict.key,
        meter=verdict.meter,
        seconds=verdict.seconds,
        alt_text=found.alt_text,
        has_sound=found.sound is not None,
        warnings=tuple(verdict.warnings),
        version=piece.version,
        counting=counting.version,
    )
    uploads = piece_uploads(piece, piece.title, piece.title)
    work.post_about(f"card:{piece.id}", piece, card, uploads=uploads)


def _post_verdict(work: Matter, piece: Submission, found: Inspection) -> None:
    verdict = found.verdict
    note = VerdictNote(
        title=piece.title,
        name=piece.name,
        score=verdict.score,
        probability=verdict.probability,
        pitch_similarity=verdict.pitch_similarity,
        key=verdict.key,
        reasons_up=tuple(verdict.reasons_up),
        reasons_down=tuple(verdict.reasons_down),
        model_version=verdict.model_version,
        submission_id=piece.id,
        standing=verdict.standing.said if verdict.standing else "",
    )
    # The author alone reads it: in the thread of a direct message, and otherwise in their direct messages.
    work.post_about(f"verdict:{piece.id}", piece, note, to=None if piece.in_dm else piece.user_id)


def _gone() -> _Refused:
    return _Refused(
        _GONE, "This file was deleted before I could fetch it, so it does not count. Please upload it once more."
    )


def _twice(known: Submission) -> _Refused:
    when = (
        "counts"
        if known.state == SubmissionState.ACCEPTED
        else "is an earlier version, and `/kantor mine` can let it count again"
    )
    title = f"*{quoted(known.title)}*"
    which = f"version {known.version} of {title}" if known.version > 1 else title
    return _Refused(_TWICE, f"This is the same file as {which}, which {when}, so it does not count twice.")


def _our_fault(piece: Submission, reference: str) -> str:
    return (
        f"I could not check “{quoted(piece.title)}”: that is our fault, not yours. It does not count against your limit, and the organizers "
        f"know (reference {reference}). Please upload it once more: until the judging ends, that counts as sent in time."
    )

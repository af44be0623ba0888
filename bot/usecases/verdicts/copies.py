"""Tells the organizers where an accepted composition shares long passages with Bach's works or with somebody else's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import InspectionFailed
from bot.ports import Enclosure
from bot.rules import storage
from bot.usecases.blindness import bylines, whose
from bot.usecases.desk import KANTOR
from bot.usecases.messages import TroubleAlarm, Whose
from bot.usecases.submissions.letters import CopiedPiece, CopyAlarm, CopyDigest, SharedPassage
from bot.usecases.verdicts.explanations import found_of
from judge.melodies import MELODIES
from judge.writer import write
from models.submissions import SubmissionState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.ports import Inspector, ObjectStore
    from bot.usecases.desk import Desk, Matter
    from judge.verdict import NearestWork
    from models.submissions import Submission

COMPARE = "compare_submission"
"""Name of the job: it runs after a composition was accepted, so that of two that arrive together the later one sees the other."""
ALONE = 3
"""So many alarms of an hour come in letters of their own, with pictures; the others share one letter."""
LISTED = 20
"""So many of them it names."""
UNCHANGED = 0.9
"""A starter melody that is so much of a composition's notes was handed in as it is."""
PICTURES = 2
"""Of how many passages the organizers get a picture."""


@dataclass(frozen=True)
class Copies:
    """Flags for people: nothing is rejected, and the author is told nothing."""

    desk: Desk
    objects: ObjectStore
    inspector: Inspector

    def compare(self, submission_id: str) -> None:
        """Compare one accepted submission with the others of its contest. Safe to repeat. Raises Unavailable: try again later."""
        with self.desk.store.read() as work:
            piece = work.submissions.get(submission_id)
            verdict = work.verdicts.of_submission(submission_id)
            others = [] if piece is None else work.submissions.accepted(piece.contest_id)
            told = bylines(work, others)
        if piece is None or verdict is None or piece.state != SubmissionState.ACCEPTED:
            return
        found = [_of_bach(work) for work in found_of(verdict).nearest_works if work.copied]
        found += self._of_others(piece, [other for other in others if _may_be_copied(piece, other)], told)
        starters = self._starters(piece)
        found += [_of_starter(each) for each in starters if each.coverage >= UNCHANGED]
        if found:
            titles = tuple(each.work for each in starters)
            self._tell(piece, [each.passage for each in found], self._pictures(piece, told[piece.id], found), titles)

    def give_up(self, submission_id: str, reference: str) -> None:
        """After the last try: tell the organizers that this one was not compared, with the reference of the log."""
        with self.desk.anyone() as work:
            piece = work.submissions.get(submission_id)
            contest = None if piece is None else work.contests.get(piece.contest_id)
            if piece is None or contest is None:
                return
            what, which = "was accepted, but could not be compared with the other compositions", Whose(**whose(piece))
            alarm = TroubleAlarm(contest_name=contest.name, piece=which, what=what, reference=reference)
            work.about(contest).post_to_organizers(f"trouble:{COMPARE}:{piece.id}", alarm, about=piece)

    def _of_others(self, piece: Submission, others: Sequence[Submission], told: Mapping[str, str]) -> list[_Found]:
        keys = {other.name: storage.fingerprint(other.folder) for other in others}
        kept = {name: self.objects.get(key) for name, key in keys.items() if self.objects.exists(key)}
        if not kept:
            return []
        by_name = {other.name: other for other in others}
        data = self.objects.get(storage.original(piece.folder))
        return [
            _Found(_passage(told[other.id], found, Whose(**whose(other))), found, other)
            for found in self.inspector.compare(data, kept)
            if found.copied and (other := by_name[found.work])
        ]

    def _pictures(self, piece: Submission, title: str, found: Sequence[_Found]) -> list[Enclosure]:
        """Of the surest passages, the piece above the other one; what cannot be drawn is told in words only."""
        made: list[Enclosure] = []
        for number, each in enumerate(found[:PICTURES], start=1):
            other = each.tune if each.other is None else self.objects.get(storage.original(each.other.folder))
            names = (title, each.passage.work)
            try:
                drawn = self.inspector.align(
                    self.objects.get(storage.original(piece.folder)), other, each.shared, names
                )
            except InspectionFailed:
                continue
            key = storage.shared(piece.id, number, each.other.id if each.other else None)
            self.objects.put(key, drawn.png)
            made.append(Enclosure(key, f"shared-{number}.png", f"{title} and {each.passage.work}", drawn.alt_text))
        return made

    def _starters(self, piece: Submission) -> tuple[NearestWork, ...]:
        """Which of the tunes that we hand out ourselves are in it; none where that cannot be found out."""
        try:
            return tuple(self.inspector.starters(self.objects.get(storage.original(piece.folder))))
        except InspectionFailed:
            return ()

    def _tell(
        self,
        piece: Submission,
        passages: Sequence[SharedPassage],
        pictures: Sequence[Enclosure],
        starters: tuple[str, ...],
    ) -> None:
        with self.desk.person(KANTOR, piece.contest_id) as work:
            contest, now = work.contest, work.now
            here, hour = work.submissions.get(piece.id), now.replace(minute=0, second=0, microsecond=0)
            if here is None or here.copied_at is not None:
                return
            recent = [one for one in work.submissions.copied(contest.id) if one.copied_at and one.copied_at >= hour]
            works = ", ".join(passage.other.name if passage.other else passage.work for passage in passages)
            here.copied_at, here.copied_from = now, works
            work.note("submission.flagged", submission=piece.id, works=here.copied_from, passages=len(passages))
            if len(recent) >= ALONE:
                _tell_together(work, [here, *reversed(recent[ALONE:])])
                return
            alarm = CopyAlarm(contest_name=contest.name, **whose(piece), passages=tuple(passages), starters=starters)
            veiled = CopyAlarm(contest_name=contest.name, name="", passages=())
            work.post_to_organizers(f"copy:{piece.id}", alarm, pictures, about=piece, veiled=veiled)


def _tell_together(work: Matter, copies: Sequence[Submission]) -> None:
    """The hour's letter about copies, the newest first."""
    here = work.submissions.of_contest(work.contest.id)
    told = bylines(work, here)
    titles = {piece.name: told[piece.id] for piece in here}
    digest = CopyDigest(
        contest_name=work.contest.name,
        number=len(copies),
        pieces=tuple(
            CopiedPiece(**whose(one), works=_titled(one.copied_from or "", titles)) for one in copies[:LISTED]
        ),
    )
    first = f"copies:{work.contest.id}:{work.now:%Y-%m-%dT%H}"
    key, edits = (first, None) if len(copies) == 1 else (f"{first}:{len(copies)}", first)
    veiled = digest.model_copy(update={"pieces": ()})
    work.post_to_organizers(key, digest, veiled=veiled, edits=edits)


@dataclass(frozen=True)
class _Found:
    """A passage as it is told, as the judge found it, and what it is in: a submission, a starter melody, or a work of Bach's."""

    passage: SharedPassage
    shared: NearestWork
    other: Submission | None
    tune: bytes | None = None


def _may_be_copied(piece: Submission, other: Submission) -> bool:
    """Somebody else's; the very same file was told of when it was accepted."""
    return other.user_id != piece.user_id and other.sha256 != piece.sha256


def _of_starter(shared: NearestWork) -> _Found:
    told = f"“{shared.work}” of the starter kit, handed in as it is"
    tune = next(write(melody.score) for melody in MELODIES if melody.title == shared.work)
    return _Found(_passage(told, shared), shared, None, tune)


def _of_bach(shared: NearestWork) -> _Found:
    return _Found(_passage(f"Bach, {shared.work}", shared), shared, None)


def _titled(works: str, titles: Mapping[str, str]) -> str:
    """The works of an entry of the trail, with what people read instead of names."""
    return ", ".join(titles.get(each, each) for each in works.split(", "))


def _passage(work: str, found: NearestWork, other: Whose | None = None) -> SharedPassage:
    return SharedPassage(
        work=work, other=other, coverage=found.coverage, bars_here=found.bars_here, bars_there=found.bars_there
    )

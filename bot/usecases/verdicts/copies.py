"""Tells the organizers where an accepted composition shares long passages with Bach's works or with somebody else's."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.errors import InspectionFailed
from bot.ports import Enclosure
from bot.rules import storage
from bot.usecases.blindness import byline, whose
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
AT_ONCE = 2_000
"""So many compositions are compared with at a time."""
TOLD = 3
"""Of so many others the organizers are told."""
PICTURES = 2
"""Of how many passages the organizers get a picture."""


@dataclass(frozen=True)
class Copies:
    """Flags for people: nothing is rejected, and the author is told nothing."""

    desk: Desk
    objects: ObjectStore
    inspector: Inspector
    fetched: dict[str, dict[str, bytes]] = field(default_factory=dict, repr=False)
    """Fingerprints by contest and submission: a contest of thousands would fetch thousands of files for each new composition."""

    def compare(self, submission_id: str) -> None:
        """Compare one accepted submission with the others of its contest. Safe to repeat. Raises Unavailable: try again later."""
        with self.desk.store.read() as work:
            piece = work.submissions.get(submission_id)
            verdict = work.verdicts.of_submission(submission_id)
            others = {} if piece is None else work.submissions.others_of(piece)
        if piece is None or verdict is None or piece.state != SubmissionState.ACCEPTED:
            return
        found = [_of_bach(work) for work in found_of(verdict).nearest_works if work.copied]
        found += self._of_others(piece, others)
        starters = self._starters(piece)
        found += [_of_starter(each) for each in starters if each.coverage >= UNCHANGED]
        if found:
            titles = tuple(each.work for each in starters)
            with self.desk.store.read() as work:
                title = byline(work, piece)
            self._tell(piece, [each.passage for each in found], self._pictures(piece, title, found), titles)

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

    def _of_others(self, piece: Submission, folders: Mapping[str, str]) -> list[_Found]:
        kept = self._fingerprints_in(piece.contest_id, folders)
        if not kept:
            return []
        data = self.objects.get(storage.original(piece.folder))
        # A child gets some at a time: 20,000 would be 130 MB, and as many seconds as it gets for a whole file.
        ids = list(kept)
        parts = (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
        alike = (each for part in parts for each in self.inspector.compare(data, {one: kept[one] for one in part}))
        found = sorted((each for each in alike if each.copied), key=lambda each: -each.evidence)[:TOLD]
        with self.desk.store.read() as work:
            rows = work.submissions.by_ids({each.work for each in found})
            told = {row.id: byline(work, row) for row in rows.values()}
        there = [(each, rows[each.work]) for each in found if each.work in rows]
        return [_Found(_passage(told[other.id], each, Whose(**whose(other))), each, other) for each, other in there]

    def _fingerprints_in(self, contest_id: str, folders: Mapping[str, str]) -> dict[str, bytes]:
        """By submission. None ever changes, so each is fetched once by a process, which forgets those of whatever left the contest."""
        known = self.fetched.get(contest_id, {})
        kept: dict[str, bytes] = {}
        for piece, folder in folders.items():
            with suppress(KeyError):  # nobody made one of it
                kept[piece] = known[piece] if piece in known else self.objects.get(storage.fingerprint(folder))
        self.fetched[contest_id] = kept
        return kept

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
    named = {name for one in copies[:LISTED] for name in (one.copied_from or "").split(", ")}
    titles = {piece.name: byline(work, piece) for piece in work.submissions.named(work.contest.id, named)}
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

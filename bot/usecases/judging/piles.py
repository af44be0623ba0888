"""What each judge has yet to rate, in the order in which they hear it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.rules.phases import Phase, Round
from bot.rules.queue import listening_order, skipped_last
from bot.usecases.blindness import byline
from models.judging import MarkKind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from models.contests import Contest
    from models.judging import JudgingMark
    from models.store import Work
    from models.submissions import Submission


@dataclass(frozen=True)
class Pile:
    """What one judge is to rate in this round: nothing of their own, and nothing from which they recused."""

    judge: str
    round: Round
    unrated: tuple[str, ...]
    """Ids of submissions, those that were skipped last."""
    done: int
    total: int
    """Without what waits for an organizer."""
    skipped: Mapping[str, datetime] = field(default_factory=dict)
    """When those were skipped in this round that were, rated meanwhile or not."""
    aside: tuple[str, ...] = ()
    """Flagged and not rated: an organizer looks at them first."""
    rated: frozenset[str] = frozenset()
    """Those that ``done`` counts: what was withdrawn, replaced or recused from since is not among them."""

    @property
    def is_done(self) -> bool:
        """Whether nothing is left, not even what an organizer looks at."""
        return not self.unrated and not self.aside

    def key(self, submission_id: str) -> str:
        """Of the invitation to that piece: another one in the final, and another one each time that it comes back."""
        base = f"invite:{self.judge}:{submission_id}"
        again = self.skipped.get(submission_id)
        final = ":final" if self.round is Round.FINAL else ""
        return base + final + (f":{again.timestamp():.0f}" if again else "")


def round_heard(contest: Contest) -> Round:
    """The last round that began: also after the end, that is the one whose ratings decided."""
    return Round.PRELIMINARY if contest.final_at is None else Round.FINAL


def ratings_wanted(contest: Contest) -> int:
    """By how many judges each composition is heard in the first round; 0: all judges hear all."""
    return int(contest.texts.get("listens") or 0)


def further_wanted(contest: Contest) -> int:
    """How many listens go besides to the compositions of which it is close whether they go on; 0 where all hear all anyway."""
    return int(contest.texts.get("further") or 0) if ratings_wanted(contest) else 0


def further_left(work: Work, contest: Contest) -> int:
    """How many of them are yet to be placed, while the first round is judged."""
    wanted = further_wanted(contest) if contest.phase == Phase.JUDGING else 0
    return max(0, wanted - work.panels.numbers(contest.id)[1]) if wanted else 0


def called(work: Work, contest: Contest, piece: Submission) -> str:
    """What judges call the piece: its alias; in an open contest its title and its author, ``Morning Tide by Ada``."""
    return piece.alias or "" if contest.blind else byline(work, piece)


def pile_of(work: Work, contest: Contest, judge: str) -> Pile:
    """The judge's pile as it is now."""
    return piles_of(work, contest, [judge])[judge]


def piles_of(work: Work, contest: Contest, judges: Collection[str]) -> dict[str, Pile]:
    """The pile of each judge. Ids only: this is asked at each rating, before it is acknowledged."""
    round_ = round_heard(contest)
    authors = work.submissions.authors(contest.id, finalists=round_ is Round.FINAL)
    rated = work.ratings.rated_by(contest.id, judges, round_)
    marks = _Marks.of(contest, work.ratings.marks.of_judges(contest.id, judges))
    heard: dict[str, Mapping[str, str]] = dict.fromkeys(judges, authors)
    if round_ is Round.PRELIMINARY and ratings_wanted(contest):
        for judge, allotted in work.panels.allotted(contest.id, judges).items():
            # What a judge has rated stays theirs, whoever was to hear it.
            heard[judge] = {piece: authors[piece] for piece in authors.keys() & (allotted | rated[judge])}
    return {judge: _pile(contest, judge, heard[judge], rated[judge], marks) for judge in judges}


@dataclass(frozen=True)
class _Marks:
    """By judge and submission."""

    recused: set[tuple[str, str]]
    flagged: set[tuple[str, str]]
    skipped: dict[tuple[str, str], datetime]

    @classmethod
    def of(cls, contest: Contest, marks: Sequence[JudgingMark]) -> _Marks:
        began = contest.final_at or contest.judging_at
        kinds: dict[MarkKind, set[tuple[str, str]]] = {kind: set() for kind in MarkKind}
        skipped = {}
        for mark in marks:
            if mark.kind is MarkKind.SKIPPED and (began is None or mark.at >= began):
                skipped[mark.judge, mark.submission_id] = mark.at
            elif mark.kind is not MarkKind.FLAGGED or mark.resolved_at is None:
                kinds[mark.kind].add((mark.judge, mark.submission_id))
        return cls(kinds[MarkKind.RECUSED], kinds[MarkKind.FLAGGED], skipped)


def _pile(contest: Contest, judge: str, authors: Mapping[str, str], rated: set[str], marks: _Marks) -> Pile:
    theirs = {piece for piece, author in authors.items() if author != judge and (judge, piece) not in marks.recused}
    aside = {piece for piece in theirs - rated if (judge, piece) in marks.flagged}
    order = listening_order(contest.id, judge, theirs - rated - aside)
    skipped = {piece: marks.skipped[judge, piece] for piece in theirs if (judge, piece) in marks.skipped}
    unrated = tuple(skipped_last(order, skipped))
    rated = rated & theirs
    done, total = len(rated), len(theirs - aside)
    return Pile(judge, round_heard(contest), unrated, done, total, skipped, tuple(sorted(aside)), frozenset(rated))

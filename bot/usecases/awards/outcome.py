"""How a contest ends: its boards and awards as if its judging were over, the file of them, and each step of their ceremony in words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, cast

from bot.rules import awards as special
from bot.rules import ceremony as rules
from bot.rules.awards import EXPLAINED, TITLES, AwardKind, measured
from bot.rules.ceremony import Act
from bot.rules.criteria import Scheme
from bot.rules.numbers import counted, spelled
from bot.rules.phases import Phase
from bot.rules.prizes import Category, load, won
from bot.usecases.awards.letters import Revealed, StepTold
from bot.usecases.boards.leaderboard import board_of
from bot.usecases.boards.letters import BoardPost
from bot.usecases.boards.specials import awards_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.rules.awards import Award
    from bot.rules.ceremony import Step
    from bot.usecases.boards.letters import BoardRow
    from models.awards import Result
    from models.contests import Contest
    from models.store import Work
    from models.submissions import Submission

SETTLED = "settled"
"""The kind of the snapshot that the results are."""
_ORDINALS = {1: "First", 2: "Second", 3: "Third"}


class _AsOver:
    """A contest as it would be, were its judging over now."""

    def __init__(self, contest: Contest) -> None:
        self._contest = contest
        self.phase = Phase.CEREMONY

    def __getattr__(self, name: str) -> Any:
        return getattr(self._contest, name)


@dataclass(frozen=True)
class Outcome:
    """Boards and special awards."""

    board: BoardPost
    awards: tuple[Award, ...]

    @property
    def digest(self) -> str:
        """Tells it from any other outcome; two looks at the same one have the same."""
        rows = [(row.submission_id, row.place, row.score, row.ratings) for row in self.board.rows]
        machine = [(row.submission_id, row.place, row.score) for row in self.board.ai_rows or ()]
        told = json.dumps([rows, machine, special.dump(self.awards)], sort_keys=True)
        return sha256(told.encode()).hexdigest()

    def steps(self, winners: int) -> tuple[Step, ...]:
        """The run of show."""
        ai = [(row.place, row.submission_id) for row in self.board.ai_rows or ()]
        main = [(row.place, row.submission_id) for row in self.board.rows]
        return rules.run_of_show(ai, self.awards, main, winners)


def outcome_of(work: Work, contest: Contest, now: datetime) -> Outcome:
    """As things stand, whether the judging is over or not."""
    over = cast("Contest", _AsOver(contest))
    board = board_of(work, over, now)
    return Outcome(board, awards_of(work, over, board))


def settled(work: Work, result: Result) -> Outcome:
    """As it was fixed."""
    snapshot = work.boards.snapshot(result.id)
    if snapshot is None:
        raise LookupError(f"there is no board of the result {result.id}")
    return Outcome(BoardPost.model_validate(snapshot.board), special.load(result.awards))


def document(work: Work, contest: Contest, outcome: Outcome, salt: str) -> bytes:
    """The file of the results, as JSON. It names nobody, so that it stays what it is when somebody's data are erased.

    Compositions are known by the SHA-256 of their MIDI files, judges by one of their id behind the ``salt``, which nobody could guess
    before: a few places and scores alone could be tried out.
    """
    keys = {row.submission_id for row in (*outcome.board.rows, *(outcome.board.ai_rows or ()))}
    pieces = work.submissions.by_ids(keys | {key for award in outcome.awards for key in award.winners})

    def midi(key: str) -> str:
        piece = pieces.get(key)
        return (piece.sha256 or "") if piece is not None else sha256(f"{salt}{key}".encode()).hexdigest()

    criteria = Scheme.load(contest.scheme).keys
    told = {
        "about": "Results of a contest in Kantor. SHA-256 of this file was posted before anybody was told.",
        "contest": contest.slug,
        "salt": salt,
        "people": [_row(row, midi) for row in outcome.board.rows],
        "ai_judge": [_row(row, midi) for row in outcome.board.ai_rows or ()],
        "awards": [
            {
                "award": award.kind.value,
                "value": award.value,
                "criterion": None if award.criterion is None else criteria[award.criterion],
                "winners": [midi(key) for key in award.winners],
            }
            for award in outcome.awards
        ],
    }
    return (json.dumps(told, indent=1, sort_keys=True) + "\n").encode()


def _row(row: BoardRow, midi: Any) -> dict[str, Any]:
    return {"place": row.place, "score": row.score, "ratings": row.ratings, "midi_sha256": midi(row.submission_id)}


@dataclass(frozen=True)
class Teller:
    """Says each step in words, from one look at the database."""

    contest: Contest
    outcome: Outcome
    pieces: Mapping[str, Submission]
    names: Mapping[str, str]

    @classmethod
    def of(cls, work: Work, contest: Contest, outcome: Outcome, steps: Sequence[Step]) -> Teller:
        """For these steps."""
        pieces = work.submissions.by_ids({key for step in steps for key in step.winners})
        return cls(contest, outcome, pieces, work.people.names())

    def told(self, step: Step) -> StepTold:
        """The step, in words."""
        if step.act is Act.WELCOME:
            return StepTold(act=step.act, heading="Welcome")
        category = self._category(step)
        prizes = load(self.contest.texts.get("prizes", ()))
        prize = won(prizes, category, step.place)
        return StepTold(
            act=step.act,
            heading=heading(step),
            place=step.place,
            award=step.award,
            winners=tuple(self._winner(key, prize) for key in step.winners),
            below=self._below(step),
            explained="" if step.award is None else EXPLAINED[step.award],
        )

    def _category(self, step: Step) -> Category:
        if step.award is not None:
            return Category(step.award.value)
        return Category.AI if step.act is Act.AI else Category.JUDGES

    def _winner(self, key: str, prize: str) -> Revealed:
        piece = self.pieces.get(key)
        user_id = key if piece is None else piece.user_id
        title = "" if piece is None else piece.title
        return Revealed(title=title, user_id=user_id, called=self.names.get(user_id, "somebody"), prize=prize)

    def _below(self, step: Step) -> str:
        if step.award is not None:
            award = next(each for each in self.outcome.awards if each.kind is step.award)
            criteria = Scheme.load(self.contest.scheme).criteria
            return measured(award.kind, award.value, "" if award.criterion is None else criteria[award.criterion].title)
        rows = self.outcome.board.rows if step.act is Act.MAIN else self.outcome.board.ai_rows or ()
        row = next((row for row in rows if row.submission_id in step.winners), None)
        if row is None or row.score is None:
            return ""
        if step.act is Act.AI:
            return f"{spelled(row.score, 1)} of 100 for sounding like Bach"
        from_ = f"from {counted(row.ratings, 'rating')}"
        if row.fair is not None:
            return f"fair score {spelled(row.score)}, mean {spelled(row.fair.mean)} {from_}"
        return f"{spelled(row.score)} of 5 {from_}"


def heading(step: Step) -> str:
    """``Third place``, ``Third place of the AI judge``, ``Golden ear``."""
    if step.award is not None:
        return TITLES[step.award]
    place = f"{_ORDINALS[step.place]} place" if step.place in _ORDINALS else f"Place {step.place}"
    return f"{place} of the AI judge" if step.act is Act.AI else place


def is_judges(step: Step) -> bool:
    """Whether judges are called up in it, and no compositions."""
    return step.award is AwardKind.EAR

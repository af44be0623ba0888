"""What human judges gave."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    ForeignKey,
    Select,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
    cast,
    delete,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.rules.phases import Round
from models.base import Base, GrowingRepository, Repository, Word, words
from models.contests import ContestRole
from models.submissions import Submission, SubmissionState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence


class Rating(Base):
    """One judge's rating of one submission in one round."""

    __tablename__ = "rating"
    __table_args__ = (UniqueConstraint("submission_id", "judge", "round"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"), index=True)
    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"))
    judge: Mapped[str]
    """The judge's user id."""
    round: Mapped[Round] = mapped_column(Word(Round))
    """``preliminary`` or ``final`` (``bot.rules.phases.Round``)."""
    scores: Mapped[dict[str, Any]]
    """From 1 to 5, by the criterion's key: whole numbers, and halves where the contest's scale has them."""
    comment: Mapped[str]
    """For the author."""
    comment_shown: Mapped[bool | None]
    """Whether organizers let the author read it; None until they have looked."""
    private_note: Mapped[str]
    """For the judge alone."""
    entered_by: Mapped[str | None]
    """The organizer who wrote it down on the judge's behalf; None where the judge did."""
    rules_version: Mapped[int | None]
    """Of the rules of judging that held when it was given, or changed last; None where there were none yet."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class RatingDraft(Base):
    """What a judge had filled in when the modal was closed."""

    __tablename__ = "rating_draft"

    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    judge: Mapped[str] = mapped_column(primary_key=True)
    round: Mapped[Round] = mapped_column(Word(Round), primary_key=True)
    values: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]


class PracticeRating(Base):
    """What a judge gave a practice piece: to be compared with the others', and counted nowhere."""

    __tablename__ = "practice_rating"

    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    judge: Mapped[str] = mapped_column(primary_key=True)
    piece: Mapped[str] = mapped_column(primary_key=True)
    """The practice piece's own word (``bot.usecases.judging.practice``)."""
    scores: Mapped[dict[str, Any]]
    """As a rating's."""
    at: Mapped[datetime]


class MarkKind(StrEnum):
    """What a judge did with a piece instead of rating it."""

    SKIPPED = "skipped"
    RECUSED = "recused"
    FLAGGED = "flagged"


class JudgingMark(Base):
    """A piece that a judge skipped, will not rate, or wants organizers to look at."""

    __tablename__ = "judging_mark"
    __table_args__ = (UniqueConstraint("submission_id", "judge", "kind"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"), index=True)
    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"))
    judge: Mapped[str]
    kind: Mapped[MarkKind] = mapped_column(words(MarkKind))
    reason: Mapped[str]
    at: Mapped[datetime]
    resolved_by: Mapped[str | None]
    resolved_at: Mapped[datetime | None]


class Given(NamedTuple):
    """A rating, and what decides whether it counts (``bot.usecases.judging.counting`` does)."""

    id: str
    submission_id: str
    judge: str
    round: Round
    state: SubmissionState
    """Of the composition."""
    in_final: bool
    """Whether the composition is in the final."""
    recused: bool
    """Whether the judge recused from the composition."""
    voided: bool
    """Whether organizers declared void what the judge gave."""


class Summed(NamedTuple):
    """The ratings of a composition in a round that count."""

    submission_id: str
    round: Round
    number: int
    """How many they are."""
    sums: tuple[float, ...]
    """Of their scores, by each criterion."""


class Weighed(NamedTuple):
    """The ratings of a composition in a round that fair scores weigh; as plain as the database has them, so that equal ones are quick to know."""

    submission_id: str
    round: Round
    number: int
    """How many they are."""
    given: str
    """Who gave what: a line each, in no order: the judge's id, a tab, and the scores by the criterion's key as JSON."""
    state: SubmissionState
    """Of the composition: whatever left the contest still says how strict its judges are."""
    sums: tuple[float, ...]
    """Of the scores, by each criterion."""


RatingKey: TypeAlias = tuple[str, str, str]
"""Submission, judge and round."""


class DraftRepository(Repository[RatingDraft]):
    """What was filled in and not sent."""

    _row = RatingDraft

    def of(self, place: RatingKey) -> RatingDraft | None:
        """The draft of that place, or None."""
        return self._session.get(RatingDraft, place)

    def of_places(self, places: Collection[RatingKey]) -> dict[RatingKey, RatingDraft]:
        """The drafts of these places."""
        return {(row.submission_id, row.judge, row.round): row for row in self._all(_PLACE_OF_DRAFT.in_(places))}

    def keep(self, begun: Mapping[RatingKey, tuple[dict[str, Any], datetime]]) -> None:
        """Keep what stands in forms, with the moment at which it was written, unless something newer is kept."""
        rows = [
            {"submission_id": piece, "judge": judge, "round": round_, "values": values, "updated_at": at}
            for (piece, judge, round_), (values, at) in begun.items()
        ]
        newer = RatingDraft.updated_at < self._new_row()["updated_at"]
        self._write_over(rows, ("submission_id", "judge", "round"), newer)

    def forget(self, places: Collection[RatingKey]) -> None:
        """Drop the drafts of these places."""
        self._session.execute(delete(RatingDraft).where(_PLACE_OF_DRAFT.in_(places)))


_PLACE_OF_DRAFT = tuple_(RatingDraft.submission_id, RatingDraft.judge, RatingDraft.round)


class PracticeRepository(Repository[PracticeRating]):
    """What judges gave the practice pieces."""

    _row = PracticeRating

    def of_contest(self, contest_id: str) -> Sequence[PracticeRating]:
        """All of a contest's."""
        return self._all(PracticeRating.contest_id == contest_id)

    def keep(self, rating: PracticeRating) -> None:
        """Write it down; a second one of the same piece takes the first one's place."""
        self._session.merge(rating)
        self._session.flush()


class MarkRepository(GrowingRepository[JudgingMark]):
    """What judges skipped, flagged, or will not rate."""

    _row = JudgingMark
    _order = (JudgingMark.at, JudgingMark.id)

    def of_judges(self, contest_id: str, judges: Collection[str]) -> Sequence[JudgingMark]:
        """All marks of these judges in that contest, in order of time."""
        return self._all(JudgingMark.contest_id == contest_id, JudgingMark.judge.in_(judges))

    def recused(self, submission_ids: Collection[str], judges: Collection[str]) -> set[tuple[str, str]]:
        """Judge and submission, where one of these judges will not rate one of these."""
        question = select(JudgingMark.judge, JudgingMark.submission_id).where(
            JudgingMark.submission_id.in_(submission_ids),
            JudgingMark.judge.in_(judges),
            JudgingMark.kind == MarkKind.RECUSED,
        )
        return {(row.judge, row.submission_id) for row in self._session.execute(question)}

    def on(self, submission_id: str, judge: str, kind: MarkKind) -> JudgingMark | None:
        """The judge's mark of that kind on that piece, or None."""
        return self._one(
            JudgingMark.submission_id == submission_id, JudgingMark.judge == judge, JudgingMark.kind == kind
        )

    def remove(self, mark: JudgingMark) -> None:
        """Take a mark away."""
        self._session.delete(mark)
        self._session.flush()

    def of_kind(self, contest_id: str, kind: MarkKind) -> Sequence[JudgingMark]:
        """All marks of that kind in the contest, in order of time."""
        return self._all(JudgingMark.contest_id == contest_id, JudgingMark.kind == kind)


class RatingRepository(GrowingRepository[Rating]):
    """The ratings; ``drafts``, ``marks`` and ``practice`` ask about what judges did besides."""

    _row = Rating
    _order = (Rating.created_at, Rating.id)

    @property
    def drafts(self) -> DraftRepository:
        """What was filled in and not sent."""
        return DraftRepository(self._session)

    @property
    def marks(self) -> MarkRepository:
        """What judges skipped, flagged, or will not rate."""
        return MarkRepository(self._session)

    @property
    def practice(self) -> PracticeRepository:
        """What judges gave the practice pieces."""
        return PracticeRepository(self._session)

    def of_judge(self, contest_id: str, judge: str, round_: str) -> Sequence[Rating]:
        """What that judge gave in that round, in order of time."""
        return self._all(Rating.contest_id == contest_id, Rating.judge == judge, Rating.round == round_)

    def number(self, contest_id: str) -> int:
        """How many ratings of the contest there are, whether they count or not."""
        question = select(func.count()).select_from(Rating).where(Rating.contest_id == contest_id)
        return self._session.scalars(question).one()

    def last_by(self, contest_id: str) -> dict[str, datetime]:
        """When each judge last rated something in the contest; those who never did are left out."""
        latest = func.max(Rating.updated_at).label("at")
        question = select(Rating.judge, latest).where(Rating.contest_id == contest_id).group_by(Rating.judge)
        return {row.judge: row.at for row in self._session.execute(question)}

    def by_judge(self, submission_id: str, judge: str, round_: str) -> Rating | None:
        """What this judge gave this submission in that round, or None."""
        return self._one(Rating.submission_id == submission_id, Rating.judge == judge, Rating.round == round_)

    def by_judges(self, submission_ids: Collection[str], judges: Collection[str]) -> dict[tuple[str, str, str], Rating]:
        """What these judges gave these submissions, by submission, judge and round."""
        given = self._all(Rating.submission_id.in_(submission_ids), Rating.judge.in_(judges))
        return {(rating.submission_id, rating.judge, rating.round): rating for rating in given}

    def rated_by(self, contest_id: str, judges: Collection[str], round_: str) -> dict[str, set[str]]:
        """Ids of the submissions that each of these judges has rated in that round."""
        question = select(Rating.judge, Rating.submission_id).where(
            Rating.contest_id == contest_id, Rating.judge.in_(judges), Rating.round == round_
        )
        rated: dict[str, set[str]] = {judge: set() for judge in judges}
        for judge, submission_id in self._session.execute(question):
            rated[judge].add(submission_id)
        return rated

    def of_round(self, contest_id: str, round_: str) -> Sequence[Rating]:
        """The ratings of that round of the contest, in order of time, whether they count or not."""
        return self._all(Rating.contest_id == contest_id, Rating.round == round_)

    def given(self, contest_id: str, *, but_by: Collection[str] = ()) -> list[Given]:
        """All ratings of the contest (but those of these judges) in order of time: what decides whether they count, not what they say."""
        columns = (Rating.id, Rating.submission_id, Rating.judge, Rating.round)
        question = (
            select(*columns, Submission.state, Submission.in_final, _recused(contest_id), _voided(contest_id))
            .join(Submission, Submission.id == Rating.submission_id)
            .where(Rating.contest_id == contest_id, Rating.judge.not_in(but_by))
            .order_by(Rating.created_at, Rating.id)
        )
        return [Given(*row) for row in self._session.execute(question)]

    def summed(self, contest_id: str, criteria: Sequence[str], without: str) -> list[Summed]:
        """The ratings of the contest that count, added up by the database; those of the judge ``without`` are left out."""
        rows = self._session.execute(_summing(tuple(criteria)), {"contest_id": contest_id, "without": without})
        return [Summed(row[0], row[1], row[2], row[3:]) for row in rows]

    def weighed(self, contest_id: str, criteria: Sequence[str], without: str) -> list[Weighed]:
        """The same, and the ratings of what was withdrawn or replaced since, in the order of their compositions."""
        rows = self._session.execute(_weighing(tuple(criteria)), {"contest_id": contest_id, "without": without})
        return [Weighed(row[0], row[1], row[2], row[3], row[4], row[5:]) for row in rows]

    def of_contest(self, contest_id: str) -> Sequence[Rating]:
        """All ratings of the contest, both rounds, in order of time, whether they count or not."""
        return self._all(Rating.contest_id == contest_id)

    def columns(self, contest_id: str, names: Sequence[str]) -> list[tuple[Any, ...]]:
        """These columns of the same ratings."""
        question = select(*(getattr(Rating, name) for name in names)).where(Rating.contest_id == contest_id)
        return [tuple(row) for row in self._session.execute(question.order_by(Rating.created_at, Rating.id))]


_Id: TypeAlias = "str | BindParameter[str]"


@lru_cache(maxsize=64)
def _summing(criteria: tuple[str, ...]) -> Select[tuple[Any, ...]]:
    """What ``summed`` asks; made once, since making it anew takes as long as 500 of its rows."""
    given = _added_up(func.count(), *_sums(criteria)).subquery()
    heard = Submission.state == SubmissionState.ACCEPTED, or_(given.c.round != Round.FINAL, Submission.in_final)
    return select(given).join(Submission, and_(Submission.id == given.c.submission_id, *heard))


@lru_cache(maxsize=64)
def _weighing(criteria: tuple[str, ...]) -> Select[tuple[Any, ...]]:
    """What ``weighed`` asks. The scores come as the text that they are kept as: reading 8,000 of them takes longer than all else."""
    line = Rating.judge.concat("\t").concat(cast(Rating.scores, Text))
    given = _added_up(func.count().label("number"), func.aggregate_strings(line, "\n").label("given"), *_sums(criteria))
    rows = given.subquery()
    counts = or_(rows.c.round != Round.FINAL, Submission.in_final, Submission.state.in_(LEFT))
    heard = Submission.state.in_((SubmissionState.ACCEPTED, *LEFT)), counts
    first = (rows.c.submission_id, rows.c.round, rows.c.number, rows.c.given, Submission.state)
    sums = [rows.c[f"sum_{at}"] for at in range(len(criteria))]
    question = select(*first, *sums).join(Submission, and_(Submission.id == rows.c.submission_id, *heard))
    return question.order_by(rows.c.submission_id, rows.c.round)


LEFT = (SubmissionState.WITHDRAWN, SubmissionState.SUPERSEDED)
"""States of compositions that were in the contest, and are on no board any more."""


def _sums(criteria: tuple[str, ...]) -> list[ColumnElement[Any]]:
    return [func.sum(Rating.scores[key].as_float()).label(f"sum_{at}") for at, key in enumerate(criteria)]


def _added_up(*columns: ColumnElement[Any]) -> Select[tuple[Any, ...]]:
    """These columns of the ratings of a contest that nobody recused from or declared void, by composition and round; but one judge's."""
    contest_id: BindParameter[str] = bindparam("contest_id")
    return (
        select(Rating.submission_id, Rating.round, *columns)
        .where(Rating.contest_id == contest_id, Rating.judge != bindparam("without"))
        .where(~_recused(contest_id), ~_voided(contest_id))
        .group_by(Rating.submission_id, Rating.round)
    )


def _recused(contest_id: _Id) -> ColumnElement[bool]:
    """Whether the judge of a rating recused from its composition: looked up in a set made once, and not once a rating."""
    pairs = select(JudgingMark.submission_id, JudgingMark.judge).where(
        JudgingMark.contest_id == contest_id, JudgingMark.kind == MarkKind.RECUSED
    )
    return tuple_(Rating.submission_id, Rating.judge).in_(pairs)


def _voided(contest_id: _Id) -> ColumnElement[bool]:
    """Whether organizers declared void what the judge of a rating gave."""
    judges = select(ContestRole.user_id).where(
        ContestRole.contest_id == contest_id, ContestRole.role == "judge", ContestRole.voided_at.is_not(None)
    )
    return Rating.judge.in_(judges)

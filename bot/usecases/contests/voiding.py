"""Letting a judge go whose ratings should not count: previewed, with a reason, told to everybody concerned, and undone until the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.phases import OVER
from bot.rules.roles import Role
from bot.rules.words import one_line, quoted
from bot.usecases.blindness import is_kept_blind
from bot.usecases.boards.leaderboard import board_of
from bot.usecases.happenings import JudgeBack, JudgeLeft
from bot.usecases.judging.counting import counting
from bot.usecases.judging.letters import RatingsRestored, RatingsVoided

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from bot.usecases.desk import Desk
    from models.contests import Contest, ContestRole
    from models.store import Work

MAX_REASON = 500


@dataclass(frozen=True)
class Move:
    """How the place of a composition changes."""

    name: str
    before: int
    after: int | None
    """None: it has no rating any more."""


@dataclass(frozen=True)
class VoidPreview:
    """What voiding a judge's ratings would bring, to be confirmed."""

    contest_id: str
    contest_name: str
    judge: str
    ratings: int
    """That count now."""
    moves: tuple[Move, ...] | None
    """Of the board of now; None for whoever judges the contest blind."""


@dataclass(frozen=True)
class VoidDone:
    """A judge's ratings that count no more, or again."""

    contest_name: str
    judge: str
    ratings: int


@dataclass(frozen=True)
class Voiding:
    """Void, and take it back."""

    desk: Desk

    def has_rated(self, channel_id: str, actor: str, judge: str) -> bool:
        """Whether that judge of the contest has given ratings, so that letting them go takes a decision about those."""
        contest = self.desk.who.contest_meant(actor, channel_id)
        with self.desk.store.read() as work:
            return any(given.judge == judge for given in work.ratings.given(contest.id))

    def preview(self, actor: str, channel_id: str, judge: str) -> VoidPreview:
        """What ``void`` would do. Raises Refusal for people who are no organizers, after the end, and where it is done."""
        with self.desk.organizer(actor, channel_id=channel_id, reads=True) as work:
            contest = work.contest
            _require_open(contest)
            role = _judged(work, contest, judge)
            if role.voided_at is not None:
                raise Refusal(
                    f"What <@{judge}> gave in *{quoted(contest.name)}* is void already. `/kantor judges restore @name` takes that back."
                )
            number = _number(work, contest, judge)
            moves = None if is_kept_blind(work, contest, actor) else tuple(_moves(work, contest, judge, work.now))
        return VoidPreview(contest.id, contest.name, judge, number, moves)

    def void(self, actor: str, contest_id: str, judge: str, reason: str) -> VoidDone:
        """Let the judge go; nothing that they gave counts. Safe to repeat. Raises Refusal as ``preview``, and without a reason."""
        said = one_line(reason)
        if not 1 <= len(said) <= MAX_REASON:
            raise Refusal(f"Please say why, in up to {MAX_REASON} characters: the judge reads it.", field="reason")
        with self.desk.organizer(actor, contest_id) as work:
            contest, now = work.contest, work.now
            _require_open(contest)
            role = _judged(work, contest, judge)
            if role.voided_at is not None:
                return VoidDone(contest.name, judge, 0)
            number = _number(work, contest, judge)
            role.voided_at, role.recused_at = now, role.recused_at or now
            work.happened(JudgeLeft(judge))
            news = RatingsVoided(
                contest_id=contest.id, contest_name=contest.name, judge=judge, by=actor, reason=said, ratings=number
            )
            key = f"voided:{contest.id}:{judge}:{now.timestamp():.0f}"
            work.post(key, judge, news.model_copy(update={"to_judge": True}))
            work.post_to_organizers(key, news)
            work.note("judge.voided", judge=judge, reason=said, ratings=number)
        return VoidDone(contest.name, judge, number)

    def restore(self, actor: str, channel_id: str, judge: str) -> VoidDone:
        """``restore_in`` the contest meant. Raises Refusal; may raise Unavailable."""
        return self.restore_in(actor, self.desk.who.contest_meant(actor, channel_id).id, judge)

    def restore_in(self, actor: str, contest_id: str, judge: str) -> VoidDone:
        """Everything that the judge gave counts again; who had not left before judges again. Safe to repeat.

        Raises Refusal for people who are no organizers, and after the end.
        """
        with self.desk.organizer(actor, contest_id) as work:
            contest, now = work.contest, work.now
            _require_open(contest)
            role = _judged(work, contest, judge)
            voided_at, role.voided_at = role.voided_at, None
            back = voided_at is not None and role.recused_at == voided_at
            if back:
                role.recused_at = None
            number = _number(work, contest, judge)
            if voided_at is not None:
                news = RatingsRestored(
                    contest_name=contest.name, judge=judge, by=actor, ratings=number, judges_again=back
                )
                key = f"restored:{contest.id}:{judge}:{now.timestamp():.0f}"
                work.post(key, judge, news.model_copy(update={"to_judge": True}))
                work.post_to_organizers(key, news)
                work.note("judge.restored", judge=judge, ratings=number)
                if back:
                    work.happened(JudgeBack(judge))
        return VoidDone(contest.name, judge, number)


def _require_open(contest: Contest) -> None:
    if contest.phase in OVER:
        raise Refusal(
            f"*{quoted(contest.name)}* is finished, and how it ended rests on all ratings, so they stay as they are."
        )


def _judged(work: Work, contest: Contest, judge: str) -> ContestRole:
    role = work.contests.roles.held(contest.id, judge, Role.JUDGE)
    if role is None:
        raise Refusal(f"<@{judge}> is no judge of *{quoted(contest.name)}*. `/kantor judges` lists them.")
    return role


def _number(work: Work, contest: Contest, judge: str) -> int:
    return sum(given.judge == judge for given in counting(work, contest))


def _moves(work: Work, contest: Contest, judge: str, now: datetime) -> Iterator[Move]:
    """What moves on the board where that judge's ratings are left out."""
    before, after = (_places(work, contest, now, without) for without in ("", judge))
    for piece, (name, place) in before.items():
        found = after.get(piece)
        if found is None or found[1] != place:
            yield Move(name, place, None if found is None else found[1])


def _places(work: Work, contest: Contest, now: datetime, without: str) -> Mapping[str, tuple[str, int]]:
    return {row.submission_id: (row.read_as, row.place) for row in board_of(work, contest, now, without=without).rows}

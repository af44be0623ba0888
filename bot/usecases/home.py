"""What one person's Home tab shows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.rules.phases import JUDGED, Phase
from bot.usecases.invitations import pile_of, sent_to
from bot.usecases.roles import Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from models.contest import Contest
    from models.store import Work

_FINISHED_SHOWN = 2
"""So many contests that are over stay on the Home tab."""


class AccountState(StrEnum):
    """How a person stands towards the pool of accounts of a contest."""

    NO_POOL = "no_pool"
    AVAILABLE = "available"
    HELD = "held"
    EMPTY = "empty"


@dataclass(frozen=True)
class HomeAccount:
    """The account line of a contest on the Home tab; ids and address only where it is held."""

    state: AccountState
    account_id: str | None = None
    user_name: str | None = None
    sign_in_url: str | None = None


@dataclass(frozen=True)
class HomeSubmission:
    """One of the person's own compositions."""

    submission_id: str
    name: str
    title: str
    state: str
    """received, checking, accepted, refused or failed."""
    score: float | None
    """The AI judge's, 0-100, for the author's eyes."""
    refusal: str | None


@dataclass(frozen=True)
class JudgeProgress:
    """How far a judge has come."""

    done: int
    total: int
    next_submission: str | None = None
    """Id of the composition that is with them now, sent and not rated yet."""


@dataclass(frozen=True)
class OrganizerCounts:
    """What organizers see at a glance."""

    accepted: int
    waiting: int
    """Received or being checked."""
    refused: int
    failed: int
    judges: int
    ratings: int
    pool_left: int


@dataclass(frozen=True)
class HomeContest:
    """A contest on the Home tab."""

    contest_id: str
    name: str
    phase: Phase
    deadline: datetime
    time_zone: str
    channel_id: str
    submission_limit: int
    roles: frozenset[Role]
    account: HomeAccount
    submissions: tuple[HomeSubmission, ...]
    judging: JudgeProgress | None
    """None for those who are no judges of this contest."""
    organizing: OrganizerCounts | None
    """None for those who are no organizers of this contest."""


@dataclass(frozen=True)
class HomeView:
    """The Home tab of one person."""

    roles: frozenset[Role]
    contests: tuple[HomeContest, ...]


def contests_to_show(work: Work) -> Sequence[Contest]:
    """All contests that run, and the last few that are over; newest first."""
    newest = work.contests.newest_first()
    over = [contest for contest in newest if contest.phase == Phase.FINISHED][:_FINISHED_SHOWN]
    return [contest for contest in newest if contest.phase != Phase.FINISHED or contest in over]


def home_contest(work: Work, contest: Contest, user_id: str, roles: frozenset[Role]) -> HomeContest:
    """One contest, as this person sees it."""
    return HomeContest(
        contest_id=contest.id,
        name=contest.name,
        phase=Phase(contest.phase),
        deadline=contest.deadline,
        time_zone=contest.time_zone,
        channel_id=contest.channel_id,
        submission_limit=contest.submission_limit,
        roles=roles,
        account=account_of(work, contest, user_id),
        submissions=_submissions(work, contest, user_id),
        judging=_judging(work, contest, user_id) if Role.JUDGE in roles else None,
        organizing=_organizing(work, contest) if Role.ORGANIZER in roles else None,
    )


def account_of(work: Work, contest: Contest, user_id: str) -> HomeAccount:
    """How the person stands towards the contest's pool of accounts."""
    held = work.accounts.held_by(contest.id, user_id)
    if held is not None:
        return HomeAccount(AccountState.HELD, held.account_id, held.user_name, held.sign_in_url)
    if work.accounts.free(contest.id):
        return HomeAccount(AccountState.AVAILABLE)
    return HomeAccount(AccountState.EMPTY if work.accounts.size(contest.id) else AccountState.NO_POOL)


def _submissions(work: Work, contest: Contest, user_id: str) -> tuple[HomeSubmission, ...]:
    verdicts = work.verdicts.of_contest(contest.id)
    return tuple(
        HomeSubmission(
            submission_id=piece.id,
            name=piece.name,
            title=piece.title,
            state=piece.state,
            score=verdicts[piece.id].score if piece.id in verdicts else None,
            refusal=piece.refusal_sentence,
        )
        for piece in work.submissions.of_person(contest.id, user_id)
    )


def _judging(work: Work, contest: Contest, user_id: str) -> JudgeProgress:
    pile = pile_of(work, contest, user_id)
    waiting = sent_to(work, user_id, pile) if contest.phase in JUDGED else None
    return JudgeProgress(pile.done, pile.total, waiting)


def _organizing(work: Work, contest: Contest) -> OrganizerCounts:
    counts = work.submissions.count_by_state(contest.id)
    return OrganizerCounts(
        accepted=counts.get("accepted", 0),
        waiting=counts.get("received", 0) + counts.get("checking", 0),
        refused=counts.get("refused", 0),
        failed=counts.get("failed", 0),
        judges=len(work.contests.roles.holders(contest.id, Role.JUDGE)),
        ratings=len(work.ratings.of_contest(contest.id)),
        pool_left=work.accounts.free(contest.id),
    )

"""What one person's Home tab shows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.rules.phases import Intake
from bot.rules.standings import BoardMode
from bot.usecases.accounts.entitled import has_pool
from bot.usecases.accounts.handover import has_one_for

if TYPE_CHECKING:
    from datetime import datetime

    from bot.rules.phases import Phase
    from bot.rules.roles import Role
    from models.contests import Contest
    from models.store import Work

TOGETHER = 3
"""So many contests are shown one below the other; of more, one is chosen."""


class AccountState(StrEnum):
    """How a person stands towards the pool of accounts of a contest."""

    NO_POOL = "no_pool"
    AVAILABLE = "available"
    HELD = "held"
    EMPTY = "empty"
    RETURNED = "returned"
    """They gave theirs back: another one is for the organizers to allow."""


@dataclass(frozen=True)
class HomeAccount:
    """The account line of a contest on the Home tab; ids and address only where it is held."""

    state: AccountState
    account_id: str | None = None
    user_name: str | None = None
    sign_in_url: str | None = None
    place_in_line: int = 0
    """From 1; 0 for somebody who does not wait for one."""


@dataclass(frozen=True)
class HomeSubmission:
    """One of the person's own compositions, with the version that counts, or else its newest."""

    submission_id: str
    name: str
    title: str
    state: str
    """A word of ``models.submissions.SubmissionState``."""
    score: float | None
    """The AI judge's, 0-100, for the author's eyes."""
    refusal: str | None
    version: int = 1
    versions: int = 1
    newest: str = ""
    """The state of the newest version, where that is another one."""
    in_final: bool = False


@dataclass(frozen=True)
class JudgeProgress:
    """How far a judge has come."""

    done: int
    total: int
    next_submission: str | None = None
    """Id of the composition that is with them now, sent and not rated yet."""
    paused: bool = False
    practice: bool = False
    """Whether the practice piece comes first."""


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
    """Given in this round to what counts."""
    pool_left: int
    """Accounts that are free for whoever asks."""
    authors: int = 0
    late: int = 0
    """Files that came late and wait for a decision."""
    possible: int = 0
    """How many ratings there would be if each judge rated all that they are to rate."""
    fewest: int = 0
    """Ratings of the composition that has the fewest."""
    mean: float = 0.0
    """Ratings a composition."""
    behind: tuple[str, ...] = ()
    """User ids of the judges who are not through, those with the most to do first."""
    paused: int = 0
    """Judges who pause."""
    flags: int = 0
    """Flags of judges that nobody has looked at."""
    pool: int = 0
    """Accounts altogether."""
    kept: int = 0
    """Accounts kept for people in line who were told."""
    queue: int = 0
    """People who wait for an account, and for whom none is kept."""
    requests: int = 0
    """Wishes to see a password again, or for another account, that nobody has decided."""
    letters_waiting: int = 0
    letters_failed: int = 0
    """Both of the whole workspace."""


@dataclass(frozen=True)
class HomeContest:
    """A contest on the Home tab."""

    contest_id: str
    name: str
    phase: Phase
    deadline: datetime
    """The person's own."""
    time_zone: str
    """The person's own, where we know it."""
    channel_id: str
    submission_limit: int
    roles: frozenset[Role]
    account: HomeAccount
    submissions: tuple[HomeSubmission, ...]
    judging: JudgeProgress | None
    """None for those who are no judges of this contest."""
    organizing: OrganizerCounts | None
    """None for those who are no organizers of this contest."""
    intake: Intake = Intake.BOTH
    """Where compositions are taken (``bot.rules.phases.Intake``)."""
    extended: bool = False
    """Whether the person has more time than others."""
    left: str = ""
    """How long it is until the deadline (``bot.rules.countdown.left``)."""
    folded: int = 0
    """Earlier tries of the person that came to nothing, and are not among the submissions."""
    used: int = 0
    """How many of the person's compositions count against the limit."""
    frozen: bool = False
    """Whether the board is frozen."""
    board_mode: BoardMode = BoardMode.FULL
    """What everybody sees of it (``bot.rules.standings.BoardMode``)."""
    may_undo: bool = False
    is_over_time: bool = False
    """Whether the contest's deadline has passed."""
    """Whether there is a phase to go back to."""


@dataclass(frozen=True)
class HomeView:
    """The Home tab of one person."""

    roles: frozenset[Role]
    contests: tuple[HomeContest, ...]
    choices: tuple[tuple[str, str], ...] = ()
    """Id and name of all of the person's contests, where they are too many to be shown together; the first of ``contests`` is chosen."""
    others: tuple[HomeContest, ...] = ()
    """Those of them that are not shown and in which the person has a part: something there may wait for them."""


def account_of(work: Work, contest: Contest, user_id: str, now: datetime) -> HomeAccount:
    """How the person stands towards the contest's pool of accounts."""
    held = work.accounts.held_by(contest.id, user_id)
    if held is not None:
        return HomeAccount(AccountState.HELD, held.account_id, held.user_name, held.sign_in_url)
    if work.accounts.returns.barring(contest.id, user_id) is not None:
        return HomeAccount(AccountState.RETURNED)
    if has_one_for(work, contest, user_id, now):
        return HomeAccount(AccountState.AVAILABLE)
    return HomeAccount(AccountState.EMPTY if has_pool(work, contest) else AccountState.NO_POOL)

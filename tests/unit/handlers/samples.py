"""Results of use cases to draw, with demo people."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.rules.criteria import DEFAULT
from bot.rules.phases import Phase
from bot.rules.roles import Role
from bot.rules.secret import Secret
from bot.usecases.accounts.accounts import AccountOffer, Credentials, HeldAccount
from bot.usecases.boards.letters import BoardPost, BoardRow
from bot.usecases.contests.contests import ContestStatus, ContestSummary, PhasePreview
from bot.usecases.judging.ratings import RatingForm, RatingValues
from bot.usecases.people.home import (
    AccountState,
    HomeAccount,
    HomeContest,
    HomeSubmission,
    HomeView,
    JudgeProgress,
    OrganizerCounts,
)

DEADLINE = datetime(2026, 12, 4, 17, 0, tzinfo=UTC)
PASSWORD = "Pa<ss&word>-7f3q"
LONG = "<!channel> & Ünïcode " * 100


def summary(name: str = "Winter Jam", phase: Phase = Phase.OPEN) -> ContestSummary:
    """A contest in #composers."""
    return ContestSummary("c1", name, "winter-jam", phase, DEADLINE, "Europe/Berlin", "C0COMPOSERS", 3)


def status(name: str = "Winter Jam") -> ContestStatus:
    """What an organizer sees of it."""
    counts = {"received": 1, "checking": 1, "accepted": 4, "refused": 2, "failed": 1}
    judges = tuple(f"U0JUDGE{number}" for number in range(40))
    text = "Friday 4 December at 18:00 (17:00 UTC)"
    return ContestStatus(
        summary(name), text, counts, judges, 5, 8, 1, 0, pool_left=3, letters_waiting=0, letters_failed=2
    )


def preview(many: tuple[str, ...] = ("People can upload.",), phase: Phase = Phase.DRAFT) -> PhasePreview:
    """The step from ``phase`` to the one after it."""
    after = {
        Phase.DRAFT: Phase.OPEN,
        Phase.OPEN: Phase.JUDGING,
        Phase.JUDGING: Phase.FINAL,
        Phase.FINAL: Phase.FINISHED,
    }[phase]
    return PhasePreview("c1", "Winter Jam", phase, after, many, ("There are no judges yet.",))


def offer(held: HeldAccount | None = None, name: str = "Winter Jam") -> AccountOffer:
    """Terms, or what is held."""
    return AccountOffer("c1", name, "•  Use it for the contest only.\n•  It ends with the contest.", held)


HELD = HeldAccount("123456789012", "composer-07", "https://example.org/sign-in?a=1&b=2")
GIVEN = Credentials("123456789012", "composer-07", Secret(PASSWORD), "https://example.org/sign-in?a=1&b=2")


SCORES = {"originality": 4, "balance": 3, "emotional": 5}


def form(values: RatingValues | None = None, alias: str = "quiet heron") -> RatingForm:
    """The form of a piece."""
    return RatingForm("s1", alias, "Winter Jam", DEFAULT, values, 4, 12)


def board() -> BoardPost:
    """A board of one."""
    rows = (BoardRow(place=1, name="#winter-jam-ada-Tide", score=4.33, ratings=2),)
    return BoardPost(
        contest_name="Winter Jam", phase="judging", taken_at=DEADLINE, rows=rows, unrated=(), ai_rows=None, final=False
    )


def home_contest(
    name: str = "Winter Jam", submissions: int = 1, phase: Phase = Phase.OPEN, contest_id: str = "c1"
) -> HomeContest:
    """A contest in which somebody is everything, and everything is the matter."""
    refused = HomeSubmission("Long", "refused", None, "It has nine bars. Cut one.")
    accepted = HomeSubmission("Tide", "accepted", 71.26, None)
    counts = OrganizerCounts(
        accepted=4, waiting=2, refused=2, failed=1, judges=3, ratings=5, pool_left=1, authors=3, late=2, possible=12, fewest=0,
        mean=1.25, behind=tuple(f"U0JUDGE{number}" for number in range(7)), paused=1, flags=1, pool=9, queue=2, requests=1,
        letters_failed=3,
    )  # fmt: skip
    return HomeContest(
        contest_id=contest_id,
        name=name,
        phase=phase,
        deadline=DEADLINE,
        time_zone="Europe/Berlin",
        channel_id="C0COMPOSERS",
        submission_limit=3,
        account=HomeAccount(AccountState.AVAILABLE),
        submissions=((refused, *([accepted] * submissions)) if submissions else ()),
        judging=JudgeProgress(4, 12, "s7"),
        organizing=counts,
        used=min(submissions, 3),
        may_undo=True,
    )


def home(contests: int = 1, name: str = "Winter Jam", submissions: int = 1) -> HomeView:
    """A Home tab."""
    shown = (home_contest(name, submissions, contest_id=f"c{number}") for number in range(1, contests + 1))
    return HomeView(frozenset(Role), tuple(shown))

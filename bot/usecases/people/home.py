"""What one person's Home tab shows, and which commands the help lists for them.

Counted, not loaded: it opens while somebody waits, with 200 compositions, too.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.errors import Unavailable
from bot.rules.moments import left
from bot.rules.phases import JUDGED, Phase
from bot.rules.roles import HELPERS, Role
from bot.rules.standings import BoardMode
from bot.usecases.accounts.handover import has_one_for, has_pool, place_in_line, pool_count
from bot.usecases.finding import contest_in, contests_to_show
from bot.usecases.judging.counting import coverage_of, open_flags
from bot.usecases.judging.invitations import may_get_more, practice_first, sent_to
from bot.usecases.judging.piles import pile_of
from bot.usecases.submissions.arrivals import deadline_of
from bot.usecases.submissions.versions import past_tries
from models.submissions import SubmissionState

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from bot.usecases.desk import Desk
    from models.contests import Contest
    from models.store import Work
    from models.submissions import Submission

    Shown = tuple[Contest, frozenset[Role]]


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
    more: bool = False
    """They have rated all, and may get more."""


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
    account: HomeAccount
    submissions: tuple[HomeSubmission, ...]
    judging: JudgeProgress | None
    """None for those who are no judges of this contest."""
    organizing: OrganizerCounts | None
    """None for those who are no organizers of this contest."""
    extended: bool = False
    """Whether the person has more time than others."""
    left: str = ""
    """How long it is until the deadline (``bot.rules.moments.left``)."""
    folded: int = 0
    """Earlier tries of the person that came to nothing, and are not among the submissions."""
    used: int = 0
    """How many of the person's compositions count against the limit."""
    frozen: bool = False
    """Whether the board is frozen."""
    board_mode: BoardMode = BoardMode.FULL
    """What everybody sees of it (``bot.rules.standings.BoardMode``)."""
    feedback_sent: bool = False
    """Whether the authors have the judges' feedback."""
    may_undo: bool = False
    """Whether there is a phase to go back to."""
    is_over_time: bool = False
    """Whether the contest's deadline has passed."""


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
    if not has_pool(work, contest):  # first: most contests have none
        return HomeAccount(AccountState.NO_POOL)
    held = work.accounts.held_by(contest.id, user_id)
    if held is not None:
        return HomeAccount(AccountState.HELD, held.account_id, held.user_name, held.sign_in_url)
    if work.accounts.returns.barring(contest.id, user_id) is not None:
        return HomeAccount(AccountState.RETURNED)
    if has_one_for(work, contest, user_id, now):
        return HomeAccount(AccountState.AVAILABLE)
    return HomeAccount(AccountState.EMPTY)


def home_contest(work: Work, contest: Contest, user_id: str, roles: frozenset[Role], now: datetime) -> HomeContest:
    """One contest, as this person sees it."""
    deadline = deadline_of(work, contest, user_id)
    account = replace(account_of(work, contest, user_id, now), place_in_line=place_in_line(work, contest, user_id))
    sent = work.submissions.of_person(contest.id, user_id)
    past = past_tries(sent)
    return HomeContest(
        contest_id=contest.id,
        name=contest.name,
        phase=contest.phase,
        deadline=deadline,
        time_zone=work.people.zone_of(user_id, contest.time_zone),
        channel_id=contest.channel_id,
        submission_limit=contest.submission_limit,
        account=account,
        submissions=tuple(_submissions(work, [piece for piece in sent if piece.root_id not in past])),
        judging=_judging(work, contest, user_id) if Role.JUDGE in roles else None,
        organizing=_organizing(work, contest, now) if Role.ORGANIZER in roles else None,
        extended=deadline > contest.deadline,
        left=left(deadline, now),
        folded=len(past),
        used=len(work.submissions.counting(contest.id, user_id)),
        frozen=contest.frozen_board_id is not None,
        board_mode=contest.board_mode,
        feedback_sent=contest.feedback_at is not None,
        may_undo=contest.phase not in {Phase.DRAFT, Phase.FINISHED},
        is_over_time=now >= contest.deadline,
    )


def _submissions(work: Work, sent: Sequence[Submission]) -> Iterator[HomeSubmission]:
    versions: dict[str, list[Submission]] = defaultdict(list)
    for piece in sent:
        versions[piece.root_id].append(piece)
    shown = [_shown(pieces) for pieces in versions.values()]
    scores = work.verdicts.scores([piece.id for piece in shown])
    for piece, pieces in zip(shown, versions.values(), strict=True):
        newest = max(pieces, key=lambda each: each.version)
        yield HomeSubmission(
            title=piece.title,
            state=piece.state.value,
            score=scores.get(piece.id),
            refusal=newest.refusal_sentence,
            version=piece.version,
            versions=len(pieces),
            newest="" if newest is piece else newest.state.value,
            in_final=piece.in_final,
        )


def _shown(versions: Sequence[Submission]) -> Submission:
    """The version that counts, or else the newest."""
    counting = (piece for piece in versions if piece.state is SubmissionState.ACCEPTED)
    return next(counting, max(versions, key=lambda each: each.version))


def _judging(work: Work, contest: Contest, user_id: str) -> JudgeProgress:
    pile = pile_of(work, contest, user_id)
    role = work.contests.roles.held(contest.id, user_id, Role.JUDGE)
    waiting = sent_to(work, user_id, pile) if contest.phase in JUDGED else None
    return JudgeProgress(
        done=pile.done,
        total=pile.total,
        next_submission=waiting,
        paused=role is not None and role.paused_at is not None,
        practice=role is not None and practice_first(contest, role),
        more=user_id in may_get_more(work, contest, [pile]),
    )


def _organizing(work: Work, contest: Contest, now: datetime) -> OrganizerCounts:
    counts = work.submissions.count_by_state(contest.id)
    pool, coverage = pool_count(work, contest, now), coverage_of(work, contest)
    return OrganizerCounts(
        accepted=counts.get(SubmissionState.ACCEPTED, 0),
        waiting=counts.get(SubmissionState.RECEIVED, 0) + counts.get(SubmissionState.CHECKING, 0),
        refused=counts.get(SubmissionState.REFUSED, 0),
        failed=counts.get(SubmissionState.FAILED, 0),
        judges=len(coverage.judges),
        ratings=coverage.done,
        pool_left=pool.free,
        authors=len(set(work.submissions.authors(contest.id).values())),
        late=counts.get(SubmissionState.LATE, 0),
        possible=coverage.due,
        fewest=coverage.fewest,
        mean=coverage.mean,
        behind=coverage.behind,
        paused=coverage.paused,
        flags=len(open_flags(work, contest)),
        pool=pool.size,
        kept=pool.kept,
        queue=pool.waiting,
        requests=len(work.accounts.requests.undecided(contest.id)),
        letters_failed=work.outbox.failed(),
    )


@dataclass(frozen=True)
class People:
    """The Home tab, and the help."""

    desk: Desk

    def help(self, user_id: str) -> frozenset[Role]:
        """The roles whose commands the help should list."""
        return self.desk.who.roles_if_known(user_id)

    def meant_from_outside(self, user_id: str, channel_id: str) -> Contest | None:
        """The contest that a word in that channel is taken for, where it is not the channel's own and could be another.

        May raise Unavailable.
        """
        with self.desk.store.read() as work:
            if contest_in(work, channel_id) is not None:
                return None
            others = contests_to_show(work)
        seen = [each for each in others if self.desk.who.sees(user_id, each)]
        running = [each for each in seen if each.finished_at is None]
        # Where several run, ``contest_meant`` has asked already.
        return (running or seen)[0] if len(seen) > 1 and len(running) < 2 else None

    def home(self, user_id: str, chosen: str = "") -> HomeView:
        """What the person's Home tab shows: the contests in whose channels they are, or in which they have a part.

        Of more than a few only one is shown whole: the one with the id ``chosen``, or else the newest that runs.
        """
        with self.desk.store.read() as work:
            candidates = contests_to_show(work)
        shown = [(each, self.desk.who.roles(user_id, each.id)) for each in candidates if self._shows(user_id, each)]
        choices = tuple((each.id, each.name) for each, _ in shown) if len(shown) > TOGETHER else ()
        whole = [_chosen(shown, chosen)] if choices else shown
        others = [each for each in shown if each not in whole and not each[1].isdisjoint(HELPERS)]
        with self.desk.store.read() as work:
            contests, beside = (
                tuple(home_contest(work, contest, user_id, roles, self.desk.clock.now()) for contest, roles in part)
                for part in (whole, others)
            )
        return HomeView(roles=self.desk.who.roles(user_id), contests=contests, choices=choices, others=beside)

    def _shows(self, user_id: str, contest: Contest) -> bool:
        # A Home tab with less on it is better than none.
        try:
            return self.desk.who.sees(user_id, contest)
        except Unavailable:
            return False


def _chosen(shown: Sequence[Shown], contest_id: str) -> Shown:
    running = (each for each in shown if each[0].finished_at is None)
    return next((each for each in shown if each[0].id == contest_id), next(running, shown[0]))

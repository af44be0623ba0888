"""A judge's own affairs: what they go by, their list, pausing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.criteria import Scheme
from bot.rules.phases import JUDGED
from bot.rules.queue import AT_ONCE, CHOICES
from bot.rules.roles import Role
from bot.rules.tenets import meanings_of, tenets_of
from bot.rules.words import quoted
from bot.usecases.finding import known, listed
from bot.usecases.judging.invitations import hand_of, invite_judges, judging, may_get_more, pile_of, practice_first
from bot.usecases.judging.piles import called

if TYPE_CHECKING:
    from bot.usecases.desk import Desk
    from bot.usecases.judging.invitations import Pile
    from models.contests import Contest, ContestRole
    from models.store import Work

PAGE = 8
"""Pieces on a page of a judge's list: a phone shows about that many."""
RATINGS = 20
"""Ratings on a page: they are there to be compared."""


@dataclass(frozen=True)
class Guidance:
    """What judges go by."""

    contest_name: str
    tenets: tuple[str, ...]
    meanings: tuple[str, ...]
    """Of 1, 2, 3, 4 and 5."""
    scheme: Scheme


class Standing(StrEnum):
    """Where a piece is for one judge."""

    HERE = "here"
    """In their messages."""
    LATER = "later"
    SKIPPED = "skipped"
    FLAGGED = "flagged"
    RATED = "rated"


@dataclass(frozen=True)
class ListedPiece:
    """A line of a judge's list."""

    submission_id: str
    alias: str
    standing: Standing
    mean: float | None = None
    """Of what the judge gave."""


@dataclass(frozen=True)
class JudgesList:
    """A judge's pieces, a page of them: what is here first, then what comes, at last what has been rated."""

    contest_id: str
    contest_name: str
    done: int
    total: int
    judging: bool
    paused: bool
    practice: bool
    """The practice piece comes first."""
    at_once: int
    aside: int
    """Flagged pieces that wait for an organizer; ``total`` is without them."""
    pieces: tuple[ListedPiece, ...]
    page: int
    """From 0."""
    pages: int
    round: str = ""
    """The round that is judged (``bot.rules.phases.Round``)."""
    more: bool = False
    """They have rated all, and may get more."""


@dataclass(frozen=True)
class OwnRating:
    """What a judge gave a piece."""

    submission_id: str
    alias: str
    mean: float
    scores: tuple[tuple[str, float], ...]
    """Title and score of each criterion, in their order."""
    comment: str
    private_note: str


@dataclass(frozen=True)
class OwnRatings:
    """All that a judge gave in a round, a page of it, the highest first; and how they use the scale."""

    contest_id: str
    contest_name: str
    round: str
    ratings: tuple[OwnRating, ...]
    number: int
    """How many there are on all pages."""
    page: int
    """From 0."""
    pages: int
    open: bool
    """Whether they can still be changed."""
    used: tuple[tuple[float, int], ...] = ()
    """Each score that was given, from the highest, and how often."""
    means: tuple[tuple[str, float], ...] = ()
    """Of each criterion: its title, and the mean of what they gave."""


@dataclass(frozen=True)
class Judging:
    """Ask what to go by, look at one's list, pause and go on."""

    desk: Desk

    def contest_judged(self, user_id: str, channel_id: str) -> str:
        """Id of the contest that a judge means by a word in that channel. Raises Refusal where there is none, or several."""
        with self.desk.store.read() as work:
            judged = [
                each for each in work.contests.unfinished() if work.contests.roles.has(each.id, user_id, Role.JUDGE)
            ]
            own = work.contests.running_in(channel_id)
        here = [contest for contest in judged if contest.channel_id == channel_id]
        if not judged:
            raise Refusal(
                "You are not a judge of a contest that runs. An organizer can add you with `/kantor judges add`."
            )
        if not here and own is not None:
            raise Refusal(
                f"You do not judge *{quoted(own.name)}*, the contest of this channel. You judge {listed(judged)}: please ask there."
            )
        if not here and len(judged) > 1:
            raise Refusal(
                f"You judge several contests: {listed(judged)}. Please ask in the channel of the one you mean."
            )
        return (here or judged)[0].id

    def guidance(self, user_id: str, contest_id: str) -> Guidance:
        """What judges of that contest go by. Raises Refusal where there is no such contest, or none that the person may know of.

        Its judges wait for nobody; of others Slack is asked, so it may raise Unavailable.
        """
        with self.desk.store.read() as work:
            contest = known(work.contests.get(contest_id))
            judges = work.contests.roles.has(contest_id, user_id, Role.JUDGE)
        if not judges:
            self.desk.who.require_sight(user_id, contest)
        return guidance_of(contest)

    def guidance_for_piece(self, user_id: str, submission_id: str) -> Guidance:
        """The same for the contest of that piece."""
        with self.desk.store.read() as work:
            piece = work.submissions.get(submission_id)
        return self.guidance(user_id, "" if piece is None else piece.contest_id)

    def pieces(self, judge: str, contest_id: str, page: int = 0) -> JudgesList:
        """The judge's list. Raises Refusal for those who are no judges."""
        with self.desk.person(judge, contest_id, reads=True) as work:
            contest, role = work.contest, judging(work)
            return _listed(work, contest, role, page)

    def ratings(self, judge: str, contest_id: str, page: int = 0) -> OwnRatings:
        """All that the judge gave in the last round that began. Raises Refusal for those who are no judges."""
        with self.desk.person(judge, contest_id, reads=True) as work:
            judging(work)
            return _own_ratings(work, work.contest, judge, page)

    def pause(self, judge: str, contest_id: str) -> JudgesList:
        """Send no new pieces until the judge goes on. Raises Refusal for those who are no judges."""
        return self._set(judge, contest_id, "judge.paused", paused=True)

    def resume(self, judge: str, contest_id: str) -> JudgesList:
        """Send the next pieces. Raises Refusal for those who are no judges."""
        return self._set(judge, contest_id, "judge.resumed", paused=False)

    def take_at_once(self, judge: str, contest_id: str, number: int) -> JudgesList:
        """How many pieces are with the judge at the same time. Raises Refusal for those who are no judges."""
        with self.desk.person(judge, contest_id) as work:
            contest, role = work.contest, judging(work)
            if number not in CHOICES:
                raise Refusal(f"Please choose one of {', '.join(map(str, CHOICES))}.")
            role.at_once = number
            invite_judges(work, contest, [judge], work.now)
            return _listed(work, contest, role, 0)

    def _set(self, judge: str, contest_id: str, action: str, *, paused: bool) -> JudgesList:
        with self.desk.person(judge, contest_id) as work:
            contest, role = work.contest, judging(work)
            if (role.paused_at is not None) is not paused:
                role.paused_at = work.now if paused else None
                work.note(action)
            invite_judges(work, contest, [judge], work.now)
            return _listed(work, contest, role, 0)


def guidance_of(contest: Contest) -> Guidance:
    """What judges of that contest go by."""
    return Guidance(contest.name, tenets_of(contest.texts), meanings_of(contest.texts), Scheme.load(contest.scheme))


def _listed(work: Work, contest: Contest, role: ContestRole, page: int) -> JudgesList:
    judging = contest.phase in JUDGED
    pile = pile_of(work, contest, role.user_id)
    lines = _lines(work, contest, pile) if judging else []
    pages = max(1, -(-len(lines) // PAGE))
    page = min(max(page, 0), pages - 1)
    return JudgesList(
        contest_id=contest.id,
        contest_name=contest.name,
        done=pile.done,
        total=pile.total,
        judging=judging,
        paused=role.paused_at is not None,
        practice=practice_first(contest, role),
        at_once=role.at_once or AT_ONCE,
        aside=len(pile.aside),
        pieces=tuple(lines[page * PAGE : (page + 1) * PAGE]),
        page=page,
        pages=pages,
        round=pile.round.value,
        more=role.user_id in may_get_more(work, contest, [pile]),
    )


def _lines(work: Work, contest: Contest, pile: Pile) -> list[ListedPiece]:
    scheme = Scheme.load(contest.scheme)
    hand = hand_of(work, pile)
    given = {rating.submission_id: rating for rating in work.ratings.of_judge(contest.id, pile.judge, pile.round)}
    rated = [piece for piece in reversed(given) if piece in pile.rated]
    pieces = work.submissions.by_ids({*pile.unrated, *pile.aside, *rated})
    later = Standing.LATER
    standings = {
        **dict.fromkeys(hand.waiting, Standing.HERE),
        **{piece: Standing.SKIPPED if piece in pile.skipped else later for piece in (*hand.lost, *hand.unsent)},
        **dict.fromkeys(pile.aside, Standing.FLAGGED),
        **dict.fromkeys(rated, Standing.RATED),
    }
    return [
        ListedPiece(
            piece,
            called(work, contest, pieces[piece]),
            standing,
            scheme.mean(given[piece].scores) if standing is Standing.RATED else None,
        )
        for piece, standing in standings.items()
        if piece in pieces
    ]


def _own_ratings(work: Work, contest: Contest, judge: str, page: int) -> OwnRatings:
    scheme, pile = Scheme.load(contest.scheme), pile_of(work, contest, judge)
    given = [one for one in work.ratings.of_judge(contest.id, judge, pile.round) if one.submission_id in pile.rated]
    means = {one.submission_id: scheme.mean(one.scores) for one in given}
    given.sort(key=lambda one: -means[one.submission_id])
    pages = max(1, -(-len(given) // RATINGS))
    page = min(max(page, 0), pages - 1)
    shown = given[page * RATINGS : (page + 1) * RATINGS]
    pieces = work.submissions.by_ids({one.submission_id for one in shown})
    used = Counter(one.scores[key] for one in given for key in scheme.keys)
    return OwnRatings(
        contest_id=contest.id,
        contest_name=contest.name,
        round=pile.round.value,
        ratings=tuple(
            OwnRating(
                submission_id=one.submission_id,
                alias=called(work, contest, pieces[one.submission_id]),
                mean=means[one.submission_id],
                scores=tuple((each.title, one.scores[each.key]) for each in scheme.criteria),
                comment=one.comment,
                private_note=one.private_note,
            )
            for one in shown
        ),
        number=len(given),
        page=page,
        pages=pages,
        open=contest.phase in JUDGED,
        used=tuple(sorted(used.items(), reverse=True)),
        means=tuple((each.title, fmean(one.scores[each.key] for one in given)) for each in scheme.criteria if given),
    )

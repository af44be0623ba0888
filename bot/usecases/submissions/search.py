"""Finding compositions and contests by a few words; who may see what stays as it is everywhere else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.errors import Refusal, Unavailable
from bot.rules.moments import left
from bot.rules.phases import JUDGED, OVER, Phase, round_of
from bot.rules.roles import Role
from bot.usecases.judging.piles import pile_of
from models.submissions import SubmissionState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from bot.usecases.desk import Desk
    from models.contests import Contest
    from models.store import Work
    from models.submissions import Submission

MOST = 10
"""So many compositions are shown, and so many contests."""


class Sight(StrEnum):
    """As whom somebody sees a composition."""

    AUTHOR = "author"
    ORGANIZER = "organizer"
    JUDGE = "judge"
    """By its alias alone."""
    ANYBODY = "anybody"


@dataclass(frozen=True)
class FoundPiece:
    """A composition; what this person is not to know is None."""

    submission_id: str
    sight: Sight
    contest_name: str
    called: str
    """#contest-user-composition, or the alias for judges."""
    title: str | None
    author: str | None
    """User id."""
    state: str | None
    version: int | None
    rated: bool | None
    """Whether this judge has rated it in this round; None for those who are no judges of it."""
    round: str = ""
    """That round (``bot.rules.phases.Round``)."""
    may_correct: bool = False
    """Whether this person may replace its file as an organizer."""
    may_ask_why: bool = False
    """Whether the AI judge tells this person why it gave its score; authors have their own button."""


@dataclass(frozen=True)
class FoundContest:
    """A contest."""

    name: str
    channel_id: str
    phase: Phase
    deadline: datetime
    time_zone: str
    left: str = ""
    """How long it is until then (``bot.rules.moments.left``)."""


@dataclass(frozen=True)
class Findings:
    """What there is, and how many more."""

    contests: tuple[FoundContest, ...]
    pieces: tuple[FoundPiece, ...]
    more: int


@dataclass(frozen=True)
class _Eyes:
    """Who looks."""

    user_id: str
    roles: frozenset[Role]
    rated: frozenset[str]


@dataclass(frozen=True)
class Search:
    """Find by person, title, alias or the beginning of a contest's name."""

    desk: Desk

    def find(self, user_id: str, text: str, mentioned: tuple[str, ...] = ()) -> Findings:
        """What this person may see of it. Each word, and one of the people mentioned, must be there.

        Raises Refusal without any word.
        """
        words = tuple(text.casefold().split())
        if not words and not mentioned:
            raise Refusal("What shall I look for? A person, a title or a contest, as in `/kantor find morning tide`.")
        with self.desk.store.read() as work:
            newest = work.contests.newest_first()
        seen = [(contest, roles) for contest in newest if (roles := self._roles(contest, user_id))]
        contests: list[FoundContest] = []
        pieces: list[FoundPiece] = []
        with self.desk.store.read() as work:
            for contest, roles in seen:
                if words and not mentioned and _begins(contest, " ".join(words)):
                    contests.append(_contest(contest, self.desk.clock.now()))
                eyes = _Eyes(user_id, roles, _rated(work, contest, user_id))
                pieces += _pieces(work, contest, eyes, words, mentioned)
        more = max(0, len(contests) - MOST) + max(0, len(pieces) - MOST)
        return Findings(tuple(contests[:MOST]), tuple(pieces[:MOST]), more)

    def _roles(self, contest: Contest, user_id: str) -> frozenset[Role]:
        """The person's roles in a contest that they may know of; none where they may not, or Slack does not tell."""
        roles = self.desk.who.roles_if_known(user_id, contest.id)
        if not roles.isdisjoint({Role.ORGANIZER, Role.JUDGE}):
            return roles
        if not roles or contest.phase == Phase.DRAFT:
            return frozenset()
        try:
            return roles if self.desk.who.directory.is_member(contest.channel_id, user_id) else frozenset()
        except Unavailable:
            return frozenset()


def _begins(contest: Contest, words: str) -> bool:
    return contest.name.casefold().startswith(words) or contest.slug.startswith(words.replace(" ", "-"))


def _rated(work: Work, contest: Contest, judge: str) -> frozenset[str]:
    return pile_of(work, contest, judge).rated


def _pieces(
    work: Work, contest: Contest, eyes: _Eyes, words: tuple[str, ...], mentioned: tuple[str, ...]
) -> Iterator[FoundPiece]:
    for piece in _one_each(work.submissions.of_contest(contest.id)):
        sight = _sight(contest, piece, eyes)
        if sight is not None and _fits(work, piece, sight, words, mentioned):
            yield _found(contest, piece, sight, eyes)


def _one_each(pieces: Iterable[Submission]) -> Iterable[Submission]:
    """Of each composition the version that counts, or else the newest, in the order of the first versions."""
    shown: dict[str, Submission] = {}
    for piece in pieces:
        before = shown.get(piece.root_id)
        if before is None or piece.state == SubmissionState.ACCEPTED or before.state != SubmissionState.ACCEPTED:
            shown[piece.root_id] = piece
    return shown.values()


def _sight(contest: Contest, piece: Submission, eyes: _Eyes) -> Sight | None:
    over = contest.phase == Phase.FINISHED
    accepted = piece.state == SubmissionState.ACCEPTED
    if piece.user_id == eyes.user_id:
        return Sight.AUTHOR
    # Before all else: whoever judges must not learn who wrote what, organizer or not.
    if Role.JUDGE in eyes.roles and not over:
        return Sight.JUDGE if accepted and contest.phase in JUDGED else None
    if Role.ORGANIZER in eyes.roles:
        return Sight.ORGANIZER
    return Sight.ANYBODY if accepted and (over or not contest.blind) else None


def _fits(work: Work, piece: Submission, sight: Sight, words: tuple[str, ...], mentioned: tuple[str, ...]) -> bool:
    if sight is Sight.JUDGE:
        return not mentioned and all(word in (piece.alias or "").casefold() for word in words)
    if mentioned and piece.user_id not in mentioned:
        return False
    person = work.people.get(piece.user_id)
    alias = piece.alias or "" if sight is Sight.ORGANIZER else ""
    hay = " ".join([piece.title, piece.name, person.name if person else "", alias]).casefold()
    return all(word in hay for word in words)


def _found(contest: Contest, piece: Submission, sight: Sight, eyes: _Eyes) -> FoundPiece:
    blind = sight is Sight.JUDGE
    return FoundPiece(
        submission_id=piece.id,
        sight=sight,
        contest_name=contest.name,
        called=piece.alias or "" if blind else piece.name,
        title=None if blind else piece.title,
        author=None if blind else piece.user_id,
        state=None if blind or sight is Sight.ANYBODY else piece.state.value,
        version=None if blind else piece.version,
        rated=piece.id in eyes.rated if blind else None,
        round=round_of(contest.phase),
        may_correct=sight is Sight.ORGANIZER and contest.phase not in OVER,
        may_ask_why=piece.state == SubmissionState.ACCEPTED and contest.phase == Phase.FINISHED,
    )


def _contest(contest: Contest, now: datetime) -> FoundContest:
    return FoundContest(
        name=contest.name,
        channel_id=contest.channel_id,
        phase=contest.phase,
        deadline=contest.deadline,
        time_zone=contest.time_zone,
        left=left(contest.deadline, now),
    )

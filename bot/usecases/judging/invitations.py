"""The compositions that wait for a judge, sent a few at a time.

Whoever calls this holds the contest's lock, so that an upload that is accepted and a rating that is given at the same
moment do not both send something.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.ports import Enclosure
from bot.rules import storage
from bot.rules.phases import JUDGED, Round
from bot.rules.queue import AT_ONCE
from bot.rules.roles import Role
from bot.usecases.judging.letters import PracticeWaits, RatingInvitation, RatingsDone
from bot.usecases.judging.piles import Pile, called, further_left, pile_of, piles_of, ratings_wanted
from bot.usecases.letters import Draft, post_all
from models.outbox import LetterState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from bot.usecases.desk import Matter
    from models.contests import Contest, ContestRole
    from models.store import Work
    from models.submissions import Submission

__all__ = [
    "Hand",
    "Pile",
    "Turn",
    "begin_without_practice",
    "hand_of",
    "invite_after_loss",
    "invite_all",
    "invite_judges",
    "invite_next",
    "judging",
    "may_get_more",
    "piece_uploads",
    "pile_of",
    "piles_of",
    "practice_first",
    "ratings_wanted",
    "sent_to",
    "tell_the_end",
    "with_judges",
]

LOST_AT_MOST = 3
"""After so many invitations that never arrived it is the judge who cannot be reached, not the compositions."""
NO_PRACTICE = "off"
"""What stands in a contest's text ``practice`` where its judges begin without a practice piece."""


def judging(work: Matter) -> ContestRole:
    """The role of whoever came in as a judge. Raises Refusal for those who are none."""
    role = work.contests.roles.held(work.contest.id, work.actor, Role.JUDGE)
    if role is None or role.recused_at is not None:
        raise Refusal(
            "You are not one of the judges of that contest. An organizer can add you with `/kantor judges add`."
        )
    return role


def invite_next(work: Work, contest: Contest, judge: str, now: datetime) -> None:
    """``invite_judges`` for one."""
    invite_judges(work, contest, [judge], now)


def invite_all(work: Work, contest: Contest, now: datetime) -> None:
    """``invite_judges`` for every judge of the contest."""
    invite_judges(work, contest, work.contests.roles.holders(contest.id, Role.JUDGE), now)


@dataclass(frozen=True)
class Turn:
    """How a judge stands."""

    pile: Pile
    waiting: tuple[str, ...] = ()
    """What is with them, or on its way, in the order of the pile; nothing for those to whom nothing goes out."""
    at_once: int = AT_ONCE
    """How many pieces they want to have at the same time."""
    more: bool = False
    """They have rated all, and may get more."""


def invite_judges(work: Work, contest: Contest, judges: Collection[str], now: datetime) -> dict[str, Turn]:
    """Send each judge the next compositions, so that a few are with them, unless the contest is not being judged.

    Nothing new goes to those who pause, or have not tried the practice piece. After the last one they are told, once, that
    this was all.
    """
    piles = piles_of(work, contest, judges)
    if contest.phase not in JUDGED:
        return {judge: Turn(pile) for judge, pile in piles.items()}
    rows = work.contests.roles.rows_among(contest.id, Role.JUDGE, judges)
    open_to = [row for row in rows.values() if row.paused_at is None and not practice_first(contest, row)]
    hands = hands_of(work, {row.user_id: piles[row.user_id] for row in open_to})
    at_once = {judge: row.at_once or AT_ONCE for judge, row in rows.items()}
    following = {judge: hand.to_send(at_once[judge]) for judge, hand in hands.items()}
    pieces = work.submissions.by_ids({piece for ids in following.values() for piece in ids})
    # Everybody's first one goes before anybody's second one.
    rounds = range(max((len(ids) for ids in following.values()), default=0))
    invitations = [
        _invitation(work, contest, piles[judge], pieces[ids[turn]])
        for turn in rounds
        for judge, ids in following.items()
        if turn < len(ids)
    ]
    through = [pile for pile in piles.values() if pile.total and pile.is_done]
    # They may get more while there is something to place: ``bot.usecases.judging.further`` says when that is over.
    more = may_get_more(work, contest, through)
    endings = [] if through and further_left(work, contest) else [_ending(contest, pile) for pile in through]
    post_all(work, [*_practice_waits(contest, rows, piles, now), *invitations, *endings], now)
    waiting = {judge: (*hand.waiting, *following[judge]) for judge, hand in hands.items()}
    return {
        judge: Turn(pile, waiting.get(judge, ()), at_once.get(judge, AT_ONCE), judge in more)
        for judge, pile in piles.items()
    }


def may_get_more(work: Work, contest: Contest, piles: Collection[Pile]) -> set[str]:
    """Whose piles are done, and who may get more all the same: further listens are left, and they were not told that this was all."""
    done = [pile for pile in piles if pile.total and pile.is_done]
    if not done or not further_left(work, contest):
        return set()
    return {pile.judge for pile in done if work.outbox.by_key(_end_key(contest, pile)) is None}


def tell_the_end(work: Work, contest: Contest, judges: Collection[str], now: datetime) -> None:
    """These judges are through, and nothing more comes: they are told so, once."""
    piles = piles_of(work, contest, judges)
    post_all(work, [_ending(contest, pile) for pile in piles.values() if pile.total and pile.is_done], now)


def practice_first(contest: Contest, role: ContestRole) -> bool:
    """Whether this judge hears the practice piece before any other."""
    return role.practised_at is None and contest.texts.get("practice") != NO_PRACTICE


def begin_without_practice(work: Work, contest: Contest, judge: str, now: datetime) -> None:
    """The practice piece cannot reach this judge: nothing waits for it any more."""
    role = work.contests.roles.held(contest.id, judge, Role.JUDGE)
    if role is not None and role.practised_at is None:
        role.practised_at = now


def sent_to(work: Work, judge: str, pile: Pile) -> str | None:
    """The id of the composition of the pile that is with the judge now, sent and not rated yet; None where none is."""
    return next(iter(hands_of(work, {judge: pile})[judge].waiting), None)


def invite_after_loss(work: Work, contest: Contest, judge: str, now: datetime) -> None:
    """An invitation to the judge was given up: send them another composition, unless it is they who cannot be reached."""
    if len(hand_of(work, pile_of(work, contest, judge)).lost) < LOST_AT_MOST:
        invite_next(work, contest, judge, now)


@dataclass(frozen=True)
class Hand:
    """What has been sent to a judge of what they have yet to rate, and what has not; in the order of the pile."""

    waiting: tuple[str, ...]
    """With the judge, or on its way."""
    unsent: tuple[str, ...]
    lost: tuple[str, ...]
    """Will never arrive."""

    def to_send(self, at_once: int) -> tuple[str, ...]:
        """What is to be sent, so that ``at_once`` are with the judge."""
        return self.unsent[: max(0, at_once - len(self.waiting))]


def hand_of(work: Work, pile: Pile) -> Hand:
    """What is with the judge of that pile."""
    return hands_of(work, {pile.judge: pile})[pile.judge]


def hands_of(work: Work, piles: Mapping[str, Pile]) -> dict[str, Hand]:
    """What is with each judge."""
    # By person, and not by key: a pile may have thousands, of which a few were sent.
    sent = work.outbox.states_of(RatingInvitation.kind, piles)
    lost = {key for key, state in sent.items() if state is LetterState.FAILED}
    return {judge: _hand(pile, set(sent), lost) for judge, pile in piles.items()}


def _hand(pile: Pile, known: set[str], lost: set[str]) -> Hand:
    keys = {piece: pile.key(piece) for piece in pile.unrated}
    return Hand(
        waiting=tuple(piece for piece, key in keys.items() if key in known - lost),
        unsent=tuple(piece for piece, key in keys.items() if key not in known),
        lost=tuple(piece for piece, key in keys.items() if key in lost),
    )


def _practice_waits(
    contest: Contest, rows: Mapping[str, ContestRole], piles: Mapping[str, Pile], now: datetime
) -> list[Draft]:
    """At the beginning of the judging, for those who got the practice piece before it and left it."""
    if contest.judging_at != now:
        return []
    return [
        Draft(
            f"practice_waits:{contest.id}:{judge}",
            judge,
            PracticeWaits(contest_id=contest.id, contest_name=contest.name),
            contest_id=contest.id,
        )
        for judge, row in rows.items()
        if practice_first(contest, row) and piles[judge].total
    ]


def _ending(contest: Contest, pile: Pile) -> Draft:
    done = RatingsDone(contest_name=contest.name, total=pile.total)
    return Draft(_end_key(contest, pile), pile.judge, done, contest_id=contest.id)


def _end_key(contest: Contest, pile: Pile) -> str:
    final = f":{Round.FINAL}" if pile.round is Round.FINAL else ""
    return f"ratings_done:{contest.id}:{pile.judge}:{pile.total}{final}"


def _invitation(work: Work, contest: Contest, pile: Pile, piece: Submission) -> Draft:
    alias, alt_text, has_sound = called(work, contest, piece), piece.alt_text or "", bool(piece.has_sound)
    invitation = RatingInvitation(
        contest_name=contest.name,
        submission_id=piece.id,
        alias=alias,
        alt_text=alt_text,
        has_sound=has_sound,
        again=piece.id in pile.skipped,
        final=pile.round is Round.FINAL,
    )
    uploads = piece_uploads(piece, alias.replace(" ", "-"), alias)
    return Draft(pile.key(piece.id), pile.judge, invitation, uploads, contest_id=contest.id, subject_id=piece.id)


def piece_uploads(piece: Submission, filename: str, title: str) -> tuple[Enclosure, ...]:
    """The picture of an accepted composition, and its sound where there is some, as ``<filename>.png`` and ``.mp3``."""
    picture = Enclosure(storage.picture(piece.folder), f"{filename}.png", title, alt_text=piece.alt_text or "")
    sound = Enclosure(storage.sound(piece.folder), f"{filename}.mp3", title)
    return (picture, sound) if piece.has_sound else (picture,)


def with_judges(work: Work, contest: Contest) -> dict[str, int]:
    """How many pieces each judge holds, sent and not rated; judges without any are left out."""
    judges = work.contests.roles.holders(contest.id, Role.JUDGE)
    hands = hands_of(work, piles_of(work, contest, judges))
    return {judge: len(hand.waiting) for judge, hand in hands.items() if hand.waiting}

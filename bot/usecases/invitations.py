"""The compositions that wait for a judge, sent one at a time.

Whoever calls this holds the contest's lock, so that an upload that is accepted and a rating that is given at the same
moment do not both send something.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.announcements import RatingInvitation, RatingsDone
from bot.ports import Upload
from bot.rules.phases import Phase
from bot.rules.queue import listening_order
from bot.usecases.letters import post
from bot.usecases.roles import Role

if TYPE_CHECKING:
    from datetime import datetime

    from models.contest import Contest
    from models.store import Work
    from models.submission import Submission


@dataclass(frozen=True)
class Pile:
    """What one judge is to rate, in the order in which they hear it: never anything of their own."""

    unrated: tuple[Submission, ...]
    done: int
    total: int


def pile_of(work: Work, contest: Contest, judge: str) -> Pile:
    """The judge's pile as it is now."""
    theirs = {piece.id: piece for piece in work.submissions.accepted(contest.id) if piece.user_id != judge}
    rated = work.ratings.rated_by(contest.id, judge) & theirs.keys()
    order = listening_order(contest.id, judge, theirs.keys() - rated)
    return Pile(tuple(theirs[piece] for piece in order), len(rated), len(theirs))


def invite_next(work: Work, contest: Contest, judge: str, now: datetime) -> Pile:
    """Send the judge the next composition, unless one is with them already or the contest is not being judged.

    After the last one they are told, once, that this was all.
    """
    pile = pile_of(work, contest, judge)
    if contest.phase != Phase.JUDGING or pile.total == 0:
        return pile
    if not pile.unrated:
        done = RatingsDone(contest_name=contest.name, total=pile.total)
        post(work, f"ratings_done:{contest.id}:{judge}:{pile.total}", judge, done, now)
        return pile
    if sent_to(work, judge, pile) is None:
        _invite(work, contest, judge, pile, now)
    return pile


def sent_to(work: Work, judge: str, pile: Pile) -> Submission | None:
    """The composition of the pile that is with the judge now, sent and not rated yet; None where none is."""
    sent = {letter.key for letter in work.outbox.starting(f"invite:{judge}:")}
    return next((piece for piece in pile.unrated if _key(judge, piece) in sent), None)


def invite_all(work: Work, contest: Contest, now: datetime) -> None:
    """``invite_next`` for every judge of the contest."""
    for judge in work.contests.roles.holders(contest.id, Role.JUDGE):
        invite_next(work, contest, judge, now)


def _invite(work: Work, contest: Contest, judge: str, pile: Pile, now: datetime) -> None:
    piece = pile.unrated[0]
    alias, alt_text, has_sound = piece.alias or "", piece.alt_text or "", bool(piece.has_sound)
    invitation = RatingInvitation(
        contest_name=contest.name,
        submission_id=piece.id,
        alias=alias,
        alt_text=alt_text,
        done=pile.done,
        total=pile.total,
        has_sound=has_sound,
    )
    uploads = piece_uploads(piece, alias.replace(" ", "-"), alias)
    post(work, _key(judge, piece), judge, invitation, now, uploads=uploads)


def piece_uploads(piece: Submission, filename: str, title: str) -> tuple[Upload, ...]:
    """The picture of an accepted composition, and its sound where there is some, as ``<filename>.png`` and ``.mp3``."""
    folder = f"submissions/{piece.id}"
    picture = Upload(f"{folder}/picture.png", f"{filename}.png", title, alt_text=piece.alt_text or "")
    sound = Upload(f"{folder}/sound.mp3", f"{filename}.mp3", title)
    return (picture, sound) if piece.has_sound else (picture,)


def _key(judge: str, piece: Submission) -> str:
    return f"invite:{judge}:{piece.id}"

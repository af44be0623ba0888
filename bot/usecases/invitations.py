"""The compositions that wait for a judge, sent one at a time.

Whoever calls this holds the contest's lock, so that an upload that is accepted and a rating that is given at the same
moment do not both send something.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.announcements.judging import RatingInvitation, RatingsDone
from bot.ports import Upload
from bot.rules.phases import JUDGED, Phase, round_of
from bot.rules.queue import listening_order
from bot.usecases.letters import Draft, post_all
from bot.usecases.roles import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from models.contest import Contest
    from models.store import Work
    from models.submission import Submission


LOST_AT_MOST = 3
"""After so many invitations that never arrived it is the judge who cannot be reached, not the compositions."""


@dataclass(frozen=True)
class Pile:
    """What one judge is to rate, in the order in which they hear it: never anything of their own."""

    unrated: tuple[str, ...]
    """Ids of submissions."""
    done: int
    total: int


def pile_of(work: Work, contest: Contest, judge: str) -> Pile:
    """The judge's pile as it is now."""
    return piles_of(work, contest, [judge])[judge]


def piles_of(work: Work, contest: Contest, judges: Collection[str]) -> dict[str, Pile]:
    """The pile of each judge. Ids only: this is asked at each rating, before it is acknowledged."""
    phase = Phase(contest.phase)
    authors = work.submissions.authors(contest.id, finalists=phase is Phase.FINAL)
    rated = work.ratings.rated_by(contest.id, judges, round_of(phase))
    return {judge: _pile(contest, judge, authors, rated[judge]) for judge in judges}


def _pile(contest: Contest, judge: str, authors: Mapping[str, str], rated: set[str]) -> Pile:
    theirs = {piece for piece, author in authors.items() if author != judge}
    unrated = listening_order(contest.id, judge, theirs - rated)
    return Pile(tuple(unrated), len(rated & theirs), len(theirs))


def invite_next(work: Work, contest: Contest, judge: str, now: datetime) -> None:
    """``invite_judges`` for one."""
    invite_judges(work, contest, [judge], now)


def invite_all(work: Work, contest: Contest, now: datetime) -> None:
    """``invite_judges`` for every judge of the contest."""
    invite_judges(work, contest, work.contests.roles.holders(contest.id, Role.JUDGE), now)


def invite_judges(work: Work, contest: Contest, judges: Collection[str], now: datetime) -> dict[str, Pile]:
    """Send each judge the next composition, unless one is with them already or the contest is not being judged; their piles.

    After the last one they are told, once, that this was all.
    """
    piles = piles_of(work, contest, judges)
    if contest.phase not in JUDGED:
        return piles
    letters = _Letters.about(work, piles)
    following = {
        judge: letters.unsent(judge, pile) for judge, pile in piles.items() if letters.waiting(judge, pile) is None
    }
    pieces = work.submissions.by_ids({piece for piece in following.values() if piece is not None})
    invitations = [
        _invitation(contest, judge, piles[judge], pieces[piece])
        for judge, piece in following.items()
        if piece is not None
    ]
    endings = [_ending(contest, judge, pile) for judge, pile in piles.items() if pile.total and not pile.unrated]
    post_all(work, [*invitations, *endings], now)
    return piles


def sent_to(work: Work, judge: str, pile: Pile) -> str | None:
    """The id of the composition of the pile that is with the judge now, sent and not rated yet; None where none is."""
    return _Letters.about(work, {judge: pile}).waiting(judge, pile)


def invite_after_loss(work: Work, contest: Contest, judge: str, now: datetime) -> None:
    """An invitation to the judge was given up: send them another composition, unless it is they who cannot be reached."""
    pile = pile_of(work, contest, judge)
    if len(_Letters.about(work, {judge: pile}).lost) < LOST_AT_MOST:
        invite_next(work, contest, judge, now)


@dataclass(frozen=True)
class _Letters:
    """The keys of the invitations to what some judges have yet to rate."""

    known: set[str]
    lost: set[str]
    """Those of them that will never arrive: nothing is with the judge."""

    @classmethod
    def about(cls, work: Work, piles: Mapping[str, Pile]) -> _Letters:
        known = work.outbox.known([_key(judge, piece) for judge, pile in piles.items() for piece in pile.unrated])
        return cls(known, work.outbox.failed_of(known))

    def waiting(self, judge: str, pile: Pile) -> str | None:
        """The composition that is with the judge."""
        arriving = self.known - self.lost
        return next((piece for piece in pile.unrated if _key(judge, piece) in arriving), None)

    def unsent(self, judge: str, pile: Pile) -> str | None:
        """The first composition that the judge was never sent."""
        return next((piece for piece in pile.unrated if _key(judge, piece) not in self.known), None)


def _ending(contest: Contest, judge: str, pile: Pile) -> Draft:
    done = RatingsDone(contest_name=contest.name, total=pile.total)
    return Draft(f"ratings_done:{contest.id}:{judge}:{pile.total}", judge, done)


def _invitation(contest: Contest, judge: str, pile: Pile, piece: Submission) -> Draft:
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
    return Draft(_key(judge, piece.id), judge, invitation, uploads)


def piece_uploads(piece: Submission, filename: str, title: str) -> tuple[Upload, ...]:
    """The picture of an accepted composition, and its sound where there is some, as ``<filename>.png`` and ``.mp3``."""
    folder = f"submissions/{piece.id}"
    picture = Upload(f"{folder}/picture.png", f"{filename}.png", title, alt_text=piece.alt_text or "")
    sound = Upload(f"{folder}/sound.mp3", f"{filename}.mp3", title)
    return (picture, sound) if piece.has_sound else (picture,)


def _key(judge: str, submission_id: str) -> str:
    return f"invite:{judge}:{submission_id}"

"""Whether judges could learn who wrote what; and how people read whose a composition is.

By its title and its author, instead of the name that it is known by.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from bot.errors import Unavailable
from bot.rules.naming import by_author
from bot.rules.phases import OVER, Intake, Phase
from bot.rules.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.ports import Directory
    from models.contests import Contest
    from models.store import Work
    from models.submissions import Submission


_COLLECTING = frozenset({Phase.DRAFT, Phase.OPEN})


def is_kept_blind(work: Work, contest: Contest, user_id: str) -> bool:
    """Whether that person judges a blind contest that goes on: nothing tells them who wrote what, an organizer's command neither."""
    running = contest.blind and contest.phase not in OVER
    return running and work.contests.roles.has(contest.id, user_id, Role.JUDGE)


def judges_who_watch(directory: Directory, contest: Contest, judges: Iterable[str]) -> tuple[str, ...]:
    """The judges who sit in the channel where the compositions of a blind contest come in, with their authors beside them.

    None once the channel takes nothing any more: what they have seen they have seen. While Slack is silent, those that it told of.
    """
    if not contest.blind or contest.intake == Intake.DM or contest.phase not in _COLLECTING:
        return ()
    found: list[str] = []
    with suppress(Unavailable):
        found.extend(judge for judge in judges if directory.is_member(contest.channel_id, judge))
    return tuple(found)


def whose(piece: Submission) -> dict[str, Any]:
    """The fields of ``bot.usecases.messages.Whose``."""
    return {"name": piece.name, "title": piece.title, "author": piece.user_id}


def byline(work: Work, piece: Submission) -> str:
    """``Morning Tide by Ada``, where no mention can stand."""
    author = work.people.get(piece.user_id)
    return by_author(piece.title, author.name if author else "")


def bylines(work: Work, pieces: Iterable[Submission]) -> dict[str, str]:
    """The same of many, by submission id."""
    names = work.people.names()
    return {piece.id: by_author(piece.title, names.get(piece.user_id, "")) for piece in pieces}

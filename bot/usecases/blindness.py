"""Whether judges could learn who wrote what."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from bot.errors import Unavailable
from bot.rules.phases import Intake, Phase
from bot.rules.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.ports import Directory
    from models.contests import Contest
    from models.store import Work

_COLLECTING = frozenset({Phase.DRAFT, Phase.OPEN})


def is_kept_blind(work: Work, contest: Contest, user_id: str) -> bool:
    """Whether that person judges a blind contest that goes on: nothing tells them who wrote what, an organizer's command neither."""
    running = contest.blind and contest.phase != Phase.FINISHED
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

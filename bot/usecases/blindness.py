"""Whether judges could learn who wrote what."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from bot.errors import Unavailable
from bot.rules.phases import Door, Phase

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.ports import Directory
    from models.contest import Contest

_COLLECTING = frozenset({Phase.DRAFT, Phase.OPEN})


def judges_who_watch(directory: Directory, contest: Contest, judges: Iterable[str]) -> tuple[str, ...]:
    """The judges who sit in the channel where the compositions of a blind contest come in, with their authors beside them.

    None once the channel takes nothing any more: what they have seen they have seen. While Slack is silent, those that it told of.
    """
    if not contest.blind or contest.intake == Door.DM or contest.phase not in _COLLECTING:
        return ()
    found: list[str] = []
    with suppress(Unavailable):
        found.extend(judge for judge in judges if directory.is_member(contest.channel_id, judge))
    return tuple(found)

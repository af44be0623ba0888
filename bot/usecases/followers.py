"""What comes of a happening: all of it, one after the other, in the transaction of whoever said that it happened.

Read from top to bottom: of several followers of one happening the upper one comes first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from bot.usecases import happenings as on
from bot.usecases.awards import following as awards
from bot.usecases.boards import finale
from bot.usecases.judging import allotting as panel
from bot.usecases.judging import charters, conflicts
from bot.usecases.judging import following as judges
from bot.usecases.people import checklists, duties

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.usecases.desk import Matter

    Follower = Callable[[Matter, on.Happening], None]

H = TypeVar("H", bound=on.Happening)


def when(kind: type[H], does: Callable[[Matter, H], None]) -> Follower:
    """A follower of happenings of that kind."""

    def follower(work: Matter, happening: on.Happening) -> None:
        if isinstance(happening, kind):
            does(work, happening)

    return follower


FOLLOWERS: tuple[Follower, ...] = (
    when(on.PhaseBegan, charters.of_a_phase),
    when(on.PhaseBegan, panel.of_a_phase),
    when(on.PhaseBegan, judges.of_a_phase),
    when(on.PhaseBegan, judges.of_a_rounds_end),
    when(on.PhaseUndone, judges.of_an_undoing),
    when(on.ContestChanged, charters.of_new_settings),
    when(on.ContestChanged, judges.of_new_settings),
    when(on.ContestChanged, panel.of_new_settings),
    when(on.JudgeLeft, judges.of_leaving),
    when(on.JudgeLeft, panel.of_leaving),
    when(on.JudgeBack, panel.of_anything),
    when(on.JudgeBack, judges.of_coming_back),
    when(on.Accepted, conflicts.of_an_acceptance),
    when(on.Accepted, panel.of_anything),
    when(on.Accepted, judges.of_an_acceptance),
    when(on.VersionChosen, conflicts.of_another_version),
    when(on.VersionChosen, panel.of_anything),
    when(on.VersionChosen, judges.of_another_version),
    when(on.Withdrawn, panel.of_anything),
    when(on.Withdrawn, judges.of_a_withdrawal),
    when(on.JudgeAppointed, duties.of_a_judge),
    when(on.JudgeLeft, duties.of_a_judge),
    when(on.JudgeBack, duties.of_a_judge),
    when(on.PhaseBegan, duties.of_a_move),
    when(on.PhaseUndone, duties.of_a_move),
    when(on.ContestChanged, duties.of_new_settings),
    when(on.PhaseUndone, awards.of_an_undoing),
    when(on.PhaseBegan, awards.of_the_end),
    when(on.PhaseBegan, finale.plan),
    when(on.ContestPrepared, checklists.begin_is_done),
    when(on.ContestChanged, checklists.all_change),
    when(on.PhaseBegan, checklists.all_change),
    when(on.PhaseUndone, checklists.all_change),
    when(on.OfPerson, checklists.one_changes),
)


def follow(work: Matter, happening: on.Happening) -> None:
    """Do all that comes of it."""
    for follower in FOLLOWERS:
        follower(work, happening)

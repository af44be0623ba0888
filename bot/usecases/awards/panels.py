"""The presenter's panel: a letter that is rewritten with each click."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules import ceremony as rules
from bot.usecases.awards.letters import Panel
from bot.usecases.awards.outcome import Teller, heading, settled

if TYPE_CHECKING:
    from bot.usecases.desk import Matter
    from models.awards import Ceremony


def panel_key(ceremony: Ceremony, user_id: str) -> str:
    """Of the letter that brings the panel to that person."""
    return f"panel:{ceremony.id}:{user_id}"


def panel_of(work: Matter, ceremony: Ceremony) -> Panel:
    """The panel as the ceremony stands."""
    contest, steps = work.contest, rules.load(ceremony.steps)
    result = next(each for each in work.awards.results(contest.id) if each.id == ceremony.result_id)
    near = steps[max(0, ceremony.at_step - 1) : ceremony.at_step + 1]
    tell = Teller.of(work, contest, settled(work, result), near)
    at = ceremony.at_step
    return Panel(
        contest_name=contest.name,
        ceremony_id=ceremony.id,
        turn=ceremony.turn,
        rehearsal=ceremony.rehearsal,
        channel_id=ceremony.channel_id,
        at=at,
        shown=ceremony.shown,
        total=len(steps),
        paused=ceremony.paused,
        now=tell.told(steps[at - 1]) if at else None,
        following=tell.told(steps[at]) if at < len(steps) else None,
        program=() if at else tuple(heading(each) if each.winners else "Welcome" for each in steps),
        ended=ceremony.ended_at is not None,
    )


def send_panel(work: Matter, ceremony: Ceremony, user_id: str) -> None:
    """The panel, to one more person, or once more to somebody who has it already."""
    work.post(panel_key(ceremony, user_id), user_id, panel_of(work, ceremony))


def rewrite_panels(work: Matter, ceremony: Ceremony) -> Panel:
    """Show everybody who has the panel where the ceremony stands; the panel."""
    panel = panel_of(work, ceremony)
    for user_id in ceremony.panels:
        key = panel_key(ceremony, user_id)
        work.post(f"{key}:{ceremony.turn}", user_id, panel, edits=key)
    return panel

"""A new contest: what its window asks for, and what nearly always is right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.rules.criteria import DEFAULT
from bot.rules.phases import Intake, Phase
from bot.rules.standings import BoardMode, Scores
from bot.usecases.contests.settings import plain, put
from models.contests import Contest

if TYPE_CHECKING:
    from datetime import datetime

    from bot.usecases.contests.settings import Fields
    from models.store import Work

NOTHING: Fields = {"name": "", "time_zone": "", "deadline": None}
"""What a contest is before there is one."""


@dataclass(frozen=True)
class NewContest:
    """What somebody has filled into the window of ``/kantor contest new``."""

    actor: str
    written: Fields
    """By setting, as ``EditContest`` has it."""


@dataclass(frozen=True)
class Usual:
    """What the window need not ask for, since it is nearly always right; ``/kantor contest edit`` changes it."""

    intake: Intake = Intake.BOTH
    rounds: int = 1
    blind: bool = True
    finalists: int = 15
    winners: int = 3
    grace_seconds: int = 0
    board_mode: BoardMode = BoardMode.FULL


USUAL = Usual()


def repeated(work: Work, actor: str, wanted: Fields) -> Contest | None:
    """The contest that this very command has made already, as long as nothing was changed since: pressing twice does no harm."""
    known = work.contests.by_slug(wanted["slug"])
    if known is None or (known.created_by, known.phase) != (actor, Phase.DRAFT):
        return None
    return known if plain(known).items() >= wanted.items() else None


def row(contest_id: str, actor: str, wanted: Fields, now: datetime) -> Contest:
    """The new contest as a row, a draft."""
    contest = Contest(
        id=contest_id,
        phase=Phase.DRAFT,
        **vars(USUAL),
        scheme=DEFAULT.dump(),
        texts={"scores": Scores.FAIR},
        created_by=actor,
        created_at=now,
    )
    for name, value in wanted.items():
        put(contest, name, value)
    return contest

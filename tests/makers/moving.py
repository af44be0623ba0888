"""Kantor's place with a life behind it: a database of either kind, and its files in a folder or a bucket; and all that is in it, to be compared."""

from __future__ import annotations

import base64
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bot.rules import storage
from bot.rules.duties import Answer, Duty
from bot.settings import Settings
from bot.wiring import database_url, objects
from migrations.run import upgrade
from models.awards import Ceremony, Consent, PrizeDue, Result
from models.base import Base
from models.duties import DutyRequest
from models.judging import PracticeRating
from models.panels import Conflict, ConflictKind
from models.store import Store
from tests.makers.databases import looked_at
from tests.makers.fakes import FakeClock, SequenceIds
from tests.makers.old_database import play, world_on
from tests.makers.postgres import postgres_database
from tests.makers.world import BEN, JUDY, OLIVE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from models.store import Work
    from tests.makers.world import World

KEY = base64.b64encode(bytes(range(32))).decode()
"""The secret key of all of these."""


def settings_of(folder: Path, **changes: Any) -> Settings:
    """Of a Kantor that keeps its data in that folder, where nothing says otherwise."""
    values: dict[str, Any] = {"KANTOR_DATA": folder / "var", "KANTOR_SECRET_KEY": KEY}
    return Settings.model_validate(values | changes)


@contextmanager
def place(folder: Path, engine: str, **changes: Any) -> Iterator[Settings]:
    """An empty place, on ``sqlite`` or ``postgresql``."""
    folder.mkdir(parents=True, exist_ok=True)
    if engine == "sqlite":
        yield settings_of(folder, **changes)
        return
    with postgres_database(tables=False) as url:
        yield settings_of(folder, KANTOR_DATABASE_URL=url, **changes)


def lived_in(settings: Settings) -> None:
    """Two contests, one of which has ended; jobs and letters wait, and each composition has its files."""
    with world_in(settings) as world:
        play(world)
        with world.store.write() as work:
            work.presence.note(world.clock.now())
            work.events.see("Ev1", now=world.clock.now())
            _shared_out(work, world.clock.now())
            _asked(work, world.clock.now())
            _awarded(work, world.clock.now())
        keep_files(world, settings)


def _shared_out(work: Work, now: datetime) -> None:
    """Judy hears one piece, and none of Ben's."""
    contest = next(each for each in work.contests.newest_first() if work.submissions.accepted(each.id))
    work.panels.change(contest.id, (), {(JUDY, work.submissions.accepted(contest.id)[0].id): True}, now)
    given = PracticeRating(contest_id=contest.id, judge=JUDY, piece="maman", scores={"balance": 4}, at=now)
    work.ratings.practice.keep(given)
    work.panels.drawn(contest.id, "{}", "5" * 64, now)
    work.panels.declare(
        Conflict(contest_id=contest.id, judge=JUDY, author=BEN, kind=ConflictKind.TEAM, declared_by=OLIVE, at=now)
    )


def _asked(work: Work, now: datetime) -> None:
    """Ben was asked to present, and agreed."""
    contest = work.contests.newest_first()[0].id
    request = DutyRequest(
        id="d" * 32, contest_id=contest, user_id=BEN, duty=Duty.PRESENTER, asked_by=OLIVE, asked_at=now, words="Please, Ben",
        answer=Answer.ACCEPTED, answered_at=now, why="",
    )  # fmt: skip
    work.duties.ask(request)


def _awarded(work: Work, now: datetime) -> None:
    """Its results stand, their ceremony is on, and a prize is due."""
    contest = work.contests.newest_first()[0]
    work.awards.consent(Consent(contest_id=contest.id, organizer=OLIVE, digest="d" * 64, reason="", at=now))
    work.awards.settle(
        Result(
            id="7" * 32,
            contest_id=contest.id,
            sha256="e" * 64,
            awards=[],
            confirmed_by=[OLIVE],
            settled_at=now,
            undone_at=None,
        )
    )
    work.awards.add(
        Ceremony(
            id="8" * 32,
            contest_id=contest.id,
            result_id="7" * 32,
            rehearsal=False,
            channel_id=contest.channel_id,
            presenter=BEN,
            panels=[BEN, OLIVE],
            steps=[{"act": "welcome", "winners": [], "place": 0, "award": None}],
            has_pictures=True,
            shown=1,
            at_step=1,
            paused=False,
            turn=1,
            made_at=now,
            begun_at=now,
            ended_at=None,
        )
    )
    work.awards.owe(
        [
            PrizeDue(
                id="9" * 32,
                contest_id=contest.id,
                user_id=BEN,
                submission_id=None,
                category="ear",
                place=0,
                what="a trumpet",
                number=1,
                giver="Acme",
                received_at=None,
                ticked_by=None,
            )
        ]
    )


@contextmanager
def world_in(settings: Settings) -> Iterator[World]:
    """The use cases on that place's database, among fakes."""
    url = database_url(settings)
    upgrade(url)
    with world_on(url, FakeClock(), SequenceIds()) as world:
        yield world


def keep_files(world: World, settings: Settings) -> None:
    """What the world has kept in memory."""
    kept = objects(settings)
    for key, data in world.objects.kept.items():
        kept.put(key, data)


def rows_in(settings: Settings) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables, as the bot reads them."""
    tables = {name: each for name, each in Base.metadata.tables.items() if name not in {"pace", "look"}}
    with looked_at(database_url(settings)) as connection:
        return {
            name: [dict(row._mapping) for row in connection.execute(select(each).order_by(*each.primary_key))]
            for name, each in tables.items()
        }


def files_in(settings: Settings) -> dict[str, bytes]:
    """All files."""
    kept = objects(settings)
    return {key: kept.get(key) for folder in storage.FOLDERS for key in kept.below(folder)}


def store_of(settings: Settings) -> Store:
    """The place's database; to be disposed of."""
    return Store(database_url(settings))

"""The check of what a new contest is to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.criteria import DEFAULT
from bot.rules.moments import spoken, to_utc, zone
from bot.rules.naming import is_slug, slug_of
from bot.rules.phases import Door, Phase
from bot.rules.schedule import EXAMPLE, CronError, normalise
from bot.rules.standings import BoardMode
from bot.rules.words import quoted
from models.contest import Contest

if TYPE_CHECKING:
    from datetime import datetime

    from bot.ports import Directory
    from models.store import Work

MAX_NAME = 80
MAX_LIMIT = 100


@dataclass(frozen=True)
class NewContest:
    """What the modal of ``/kantor contest new`` asks for; a Refusal's ``field`` is one of these names."""

    actor: str
    name: str
    slug: str
    """Empty: made from the name."""
    time_zone: str
    channel_id: str
    deadline: datetime
    """Naive, in ``time_zone``."""
    submission_limit: int
    board_cron: str
    """Five fields of cron in ``time_zone``; empty for no posts."""


@dataclass(frozen=True)
class Wanted:
    """The checked parts of a new contest."""

    name: str
    slug: str
    time_zone: str
    deadline: datetime
    """In UTC."""
    board_cron: str


def checked(command: NewContest, now: datetime) -> Wanted:
    """The parts in order. Raises Refusal with the field that is wrong, and an example of what would be right."""
    name = quoted(command.name)
    if not 1 <= len(name) <= MAX_NAME:
        raise Refusal(f"Please give the contest a name of 1 to {MAX_NAME} characters, such as Bach Jam.", field="name")
    if not 1 <= command.submission_limit <= MAX_LIMIT:
        raise Refusal(f"Please write a whole number from 1 to {MAX_LIMIT}, such as 5.", field="submission_limit")
    return Wanted(name, _slug(command.slug, name), *_deadline(command, now), _cron(command.board_cron))


def require_channel(directory: Directory, command: NewContest) -> None:
    """Raises Refusal unless the bot and the organizer are in the channel. May raise Unavailable."""
    if directory.channel_name(command.channel_id) is None:
        raise Refusal(
            "I am not in that channel. Please invite me there first, with /invite @kantor, and press the button again.",
            field="channel_id",
        )
    if not directory.is_member(command.channel_id, command.actor):
        raise Refusal("You are not in that channel. Please join it first, or choose another one.", field="channel_id")


def repeated(work: Work, command: NewContest, wanted: Wanted) -> Contest | None:
    """The contest that this very command has made already, as long as nothing was changed since: pressing twice does no harm."""
    known = work.contests.by_slug(wanted.slug)
    if known is None:
        return None
    asked = {**vars(wanted), "channel_id": command.channel_id, "submission_limit": command.submission_limit}
    same = asked | {"created_by": command.actor, "phase": Phase.DRAFT.value}
    return known if all(getattr(known, name) == value for name, value in same.items()) else None


def require_free(work: Work, wanted: Wanted, channel_id: str) -> None:
    """Raises Refusal where the slug is taken, or the channel has a contest that is not finished."""
    if work.contests.by_slug(wanted.slug) is not None:
        raise Refusal(
            f"The slug {wanted.slug} is taken. Please choose another one, such as {wanted.slug}-2.", field="slug"
        )
    running = work.contests.running_in(channel_id)
    if running is not None:
        raise Refusal(
            f"That channel has a contest already, {running.name}, which is not finished. Please choose another channel.",
            field="channel_id",
        )


def row(contest_id: str, command: NewContest, wanted: Wanted, now: datetime) -> Contest:
    """The new contest as a row, a draft."""
    return Contest(
        id=contest_id,
        **vars(wanted),
        channel_id=command.channel_id,
        submission_limit=command.submission_limit,
        phase=Phase.DRAFT.value,
        intake=Door.BOTH.value,
        blind=True,
        rounds=1,
        finalists=15,
        winners=3,
        grace_seconds=0,
        board_mode=BoardMode.FULL.value,
        scheme=DEFAULT.dump(),
        texts={},
        created_by=command.actor,
        created_at=now,
    )


def _slug(written: str, name: str) -> str:
    slug = written.strip() or slug_of(name)
    if not is_slug(slug):
        raise Refusal("Please use 2 to 40 of a-z, 0-9 and single hyphens, such as bach-jam.", field="slug")
    return slug


def _deadline(command: NewContest, now: datetime) -> tuple[str, datetime]:
    time_zone = command.time_zone.strip()
    if zone(time_zone) is None:
        raise Refusal(
            "I do not know that time zone. Please write it like Europe/Berlin or America/New_York.", field="time_zone"
        )
    deadline = to_utc(command.deadline, time_zone)
    if deadline is None:
        raise Refusal("On that day clocks skip this hour. Please choose a time an hour later.", field="deadline")
    if deadline <= now:
        present = spoken(now, time_zone)
        raise Refusal(f"That moment has passed: it is {present} now. Please choose a later one.", field="deadline")
    return time_zone, deadline


def _cron(text: str) -> str:
    try:
        return normalise(text)
    except CronError as error:
        example = f"For 18:00 on working days write {EXAMPLE}; leave it empty for no posts."
        raise Refusal(f"{error} {example}", field="board_cron") from error

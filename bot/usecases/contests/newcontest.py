"""The check of what a new contest is to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Problems, Refusal
from bot.rules.criteria import DEFAULT
from bot.rules.moments import spoken, to_utc, zone
from bot.rules.naming import is_slug, slug_of
from bot.rules.phases import Intake, Phase
from bot.rules.prizes import Prize, PrizeError, dump, parse
from bot.rules.schedule import EXAMPLE, CronError, normalise
from bot.rules.standings import BoardMode
from bot.rules.words import one_line, quoted
from models.contests import Contest

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
    rounds: int = 1
    """1, or 2: a preliminary round and a final."""
    intake: Intake = Intake.BOTH
    prizes: str = ""
    """A line each, as ``bot.rules.prizes.parse`` reads them; empty: nothing."""


@dataclass(frozen=True)
class Wanted:
    """The checked parts of a new contest."""

    name: str
    slug: str
    time_zone: str
    deadline: datetime
    """In UTC."""
    board_cron: str


@dataclass(frozen=True)
class Usual:
    """What the modal does not ask for, since it is nearly always right; ``/kantor contest edit`` changes it."""

    blind: bool = True
    finalists: int = 15
    winners: int = 3
    grace_seconds: int = 0
    board_mode: BoardMode = BoardMode.FULL


USUAL = Usual()


def checked(command: NewContest, now: datetime) -> Wanted:
    """The parts in order. Raises Refusal with all fields that are wrong, and examples of what would be right."""
    problems = Problems()
    name = problems.of("", named, command.name)
    problems.of(None, require_number, command.submission_limit, 1, MAX_LIMIT, "submission_limit")
    # What depends on a part that is wrong cannot be judged yet.
    slug = problems.of("", slugged, command.slug, name) if name or command.slug.strip() else ""
    time_zone = problems.of("", zoned, command.time_zone)
    deadline = problems.of(now, moment, command.deadline, time_zone, now) if time_zone else now
    board_cron = problems.of("", scheduled, command.board_cron)
    problems.of((), promised, command.prizes)
    problems.settle()
    return Wanted(name, slug, time_zone, deadline, board_cron)


def require_channel(directory: Directory, channel_id: str, actor: str) -> None:
    """Raises Refusal unless the bot and the organizer are in the channel. May raise Unavailable."""
    if directory.channel_name(channel_id) is None:
        raise Refusal(
            "I am not in that channel. Please invite me there first, with /invite @kantor, and press the button again.",
            field="channel_id",
        )
    if not directory.is_member(channel_id, actor):
        raise Refusal("You are not in that channel. Please join it first, or choose another one.", field="channel_id")


def repeated(work: Work, command: NewContest, wanted: Wanted) -> Contest | None:
    """The contest that this very command has made already, as long as nothing was changed since: pressing twice does no harm."""
    known = work.contests.by_slug(wanted.slug)
    if known is None:
        return None
    asked = {"channel_id": command.channel_id, "submission_limit": command.submission_limit}
    asked |= {"rounds": command.rounds, "intake": command.intake}
    same = vars(wanted) | asked | {"created_by": command.actor, "phase": Phase.DRAFT}
    return known if all(getattr(known, name) == value for name, value in same.items()) else None


def require_free_slug(work: Work, slug: str) -> None:
    """Raises Refusal where another contest has that slug."""
    if work.contests.by_slug(slug) is not None:
        raise Refusal(f"The slug {slug} is taken. Please choose another one, such as {slug}-2.", field="slug")


def require_free_channel(work: Work, channel_id: str) -> None:
    """Raises Refusal where the channel has a contest that is not finished."""
    running = work.contests.running_in(channel_id)
    if running is not None:
        raise Refusal(
            f"That channel has a contest already, {quoted(running.name)}, which is not finished. Please choose another channel.",
            field="channel_id",
        )


def row(contest_id: str, command: NewContest, wanted: Wanted, now: datetime) -> Contest:
    """The new contest as a row, a draft."""
    return Contest(
        id=contest_id,
        **vars(wanted),
        channel_id=command.channel_id,
        submission_limit=command.submission_limit,
        phase=Phase.DRAFT,
        intake=command.intake,
        rounds=command.rounds,
        **vars(USUAL),
        scheme=DEFAULT.dump(),
        texts={"prizes": dump(found)} if (found := promised(command.prizes)) else {},
        created_by=command.actor,
        created_at=now,
    )


def named(text: str) -> str:
    """A contest's name as it is kept. Raises Refusal."""
    name = one_line(text)
    if not 1 <= len(name) <= MAX_NAME:
        raise Refusal(f"Please give the contest a name of 1 to {MAX_NAME} characters, such as Bach Jam.", field="name")
    return name


def slugged(written: str, name: str) -> str:
    """The slug that was written, or else one made from the name. Raises Refusal."""
    slug = written.strip() or slug_of(name)
    if not is_slug(slug):
        raise Refusal("Please use 2 to 40 of a-z, 0-9 and single hyphens, such as bach-jam.", field="slug")
    return slug


def zoned(text: str) -> str:
    """An IANA time zone. Raises Refusal."""
    time_zone = text.strip()
    if zone(time_zone) is None:
        raise Refusal(
            "I do not know that time zone. Please write it like Europe/Berlin or America/New_York.", field="time_zone"
        )
    return time_zone


def moment(wall: datetime, time_zone: str, now: datetime) -> datetime:
    """The deadline, in UTC, that clocks of that zone show as ``wall``. Raises Refusal where it is none, or has passed."""
    deadline = to_utc(wall, time_zone)
    if deadline is None:
        raise Refusal("On that day clocks skip this hour. Please choose a time an hour later.", field="deadline")
    if deadline <= now:
        present = spoken(now, time_zone)
        raise Refusal(f"That moment has passed: it is {present} now. Please choose a later one.", field="deadline")
    return deadline


def scheduled(text: str) -> str:
    """The board's schedule in order. Raises Refusal."""
    try:
        return normalise(text)
    except CronError as error:
        example = f"For 18:00 on working days write {EXAMPLE}; leave it empty for no posts."
        raise Refusal(f"{error} {example}", field="board_cron") from error


def promised(text: str) -> tuple[Prize, ...]:
    """The prizes that were written. Raises Refusal."""
    try:
        return parse(text)
    except PrizeError as error:
        raise Refusal(str(error), field="prizes") from error


def require_number(number: int, smallest: int, largest: int, field: str) -> None:
    """Raises Refusal unless the number lies there."""
    if not smallest <= number <= largest:
        example = min(max(5, smallest), largest)
        raise Refusal(f"Please write a whole number from {smallest} to {largest}, such as {example}.", field=field)

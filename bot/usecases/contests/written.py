"""What was written for a contest becomes a plain value, or a Refusal at its input, with an example of what would be right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.moments import spoken, to_utc, zone
from bot.rules.naming import is_slug, slug_of
from bot.rules.prizes import Prize, PrizeError, parse
from bot.rules.schedule import EXAMPLE, CronError, normalise
from bot.rules.words import one_line, quoted

if TYPE_CHECKING:
    from datetime import datetime

    from bot.ports import Directory
    from models.store import Work

MAX_NAME = 80
MAX_LIMIT = 100


def require_channel(directory: Directory, channel_id: str, actor: str) -> None:
    """Raises Refusal unless the bot and the organizer are in the channel. May raise Unavailable."""
    if directory.channel_name(channel_id) is None:
        raise Refusal(
            "I am not in that channel. Please invite me there first, with /invite @kantor, and press the button again.",
            field="channel_id",
        )
    if not directory.is_member(channel_id, actor):
        raise Refusal("You are not in that channel. Please join it first, or choose another one.", field="channel_id")


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

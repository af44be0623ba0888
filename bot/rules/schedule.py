"""Cron texts: five fields, checked, and written so that no two readers of cron disagree about the day of the week."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cron_descriptor import Options, get_description

from bot.rules.words import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

EXAMPLE = "0 18 * * mon-fri"

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Days of the months, in a leap year."""
_PART = re.compile(r"(?P<range>\*|(?P<first>\w+)(-(?P<last>\w+))?)(/(?P<step>\d+))?")


@dataclass(frozen=True)
class _Field:
    name: str
    lowest: int
    highest: int
    words: tuple[str, ...] = ()


_FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of the month", 1, 31),
    _Field("month", 1, 12, _MONTHS),
    _Field("day of the week", 0, 7, _DAYS),
)


class CronError(ValueError):
    """The text is no schedule; the message is a sentence for the person who wrote it."""


def normalise(text: str) -> str:
    """The same schedule with single blanks, months by number and days of the week by name.

    ``0 18 * * 1-5`` becomes ``0 18 * * mon-fri``.

    Cron counts the days from Sunday, other programs from Monday; names mean the same to all. Empty stays empty: no schedule.
    Raises CronError.
    """
    fields = text.lower().split()
    if not fields:
        return ""
    if len(fields) != len(_FIELDS):
        raise CronError(
            f"A schedule has five parts (minute, hour, day, month, day of the week), and this one has {len(fields)}."
        )
    values = _read(fields)
    if "*" not in {fields[2], fields[4]}:
        raise CronError(
            "Of the day of the month and the day of the week only one can be given: some programs read the two together as "
            "“either”, others as “both”. Please write * for the other."
        )
    if all(day > _LENGTHS[month - 1] for month in values[3] for day in values[2]):
        raise CronError("That day is in none of these months, so this would never come.")
    return " ".join([*fields[:3], _numbered_months(fields[3]), _named_days(fields[4])])


def _read(fields: Sequence[str]) -> list[set[int]]:
    """The values of each field. Raises CronError, which tells all that cannot be read."""
    values, wrong = [], []
    for field, value in zip(_FIELDS, fields, strict=True):
        try:
            values.append(_values(field, value))
        except CronError as error:
            wrong.append(str(error))
    if wrong:
        raise CronError(" ".join(wrong))
    return values


def is_hourly(cron: str) -> bool:
    """Whether a normalised schedule holds for every hour of the day, however that is written: ``*``, ``*/1``, ``0-23``."""
    hour = _FIELDS[1]
    return _values(hour, cron.split()[1]) == set(range(hour.lowest, hour.highest + 1))


def spoken_schedule(cron: str) -> str:
    """A normalised schedule in words, for the middle of a sentence: ``every 5 minutes``, ``at 18:00, Monday through Friday``."""
    options = Options()
    options.use_24hour_time_format = True
    options.locale_code = "en_US"
    words: str = get_description(cron, options)
    return words[0].lower() + words[1:]


def _numbered_months(value: str) -> str:
    return value if value == "*" else ",".join(str(number) for number in sorted(_values(_FIELDS[3], value)))


def _named_days(value: str) -> str:
    if value == "*":
        return value
    days = sorted((number - 1) % 7 for number in _values(_FIELDS[4], value))  # from Monday, which is 0 here
    names = [_DAYS[(day + 1) % 7] for day in dict.fromkeys(days)]
    if len(names) > 2 and days[-1] - days[0] == len(names) - 1:
        return f"{names[0]}-{names[-1]}"
    return ",".join(names)


def _values(field: _Field, value: str) -> set[int]:
    return {number for part in value.split(",") for number in _part(field, part)}


def _part(field: _Field, part: str) -> range:
    found = _PART.fullmatch(part)
    if found is None or (found["step"] and not found["last"] and found["range"] != "*"):
        raise CronError(f"“{quoted(part)}” is no {field.name} that I can read.")
    first, last = _ends(field, found)
    step = int(found["step"] or 1)
    if last < first or step == 0 or (found["step"] and step > last - first):
        raise CronError(f"“{quoted(part)}” is no {field.name} that I can read.")
    return range(first, last + 1, step)


def _ends(field: _Field, found: re.Match[str]) -> tuple[int, int]:
    if found["range"] == "*":
        return field.lowest, field.highest
    first = _number(field, found["first"])
    last = _number(field, found["last"]) if found["last"] else first
    # fri-mon goes round the week.
    return first, last + 7 if field.words is _DAYS and last < first else last


def _number(field: _Field, text: str) -> int:
    if text in field.words:
        return field.words.index(text) + (1 if field.words is _MONTHS else 0)
    if text.isdecimal() and field.lowest <= int(text) <= field.highest:
        return int(text)
    raise CronError(f"“{quoted(text)}” is no {field.name}; it goes from {field.lowest} to {field.highest}.")

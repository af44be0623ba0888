"""The report of a rehearsal, in plain words (Markdown)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rehearsal.record import middle_and_longest
from bot.rules.numbers import decimal, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.rehearsal.record import Record

YES = "Yes: the event can go like this. Nothing was lost, and nothing was doubled."
NO = "No: not like this. What did not hold is marked below."


def verdict(record: Record) -> str:
    """The answer in one sentence."""
    return YES if record.well else NO


def written(record: Record, when: str) -> str:
    """The whole report, as Markdown; ``when`` is the day it was played."""
    return "\n".join(_lines(record, when)) + "\n"


def _lines(record: Record, when: str) -> Iterator[str]:
    yield f"# Rehearsal of {when}"
    yield ""
    yield f"**{verdict(record)}**"
    yield ""
    yield (
        f"{record.entries} simulated composers and {record.judges} simulated judges played a whole event in a Slack of their own (seed {record.seed})."
        " Your own Slack and your own data were not touched."
    )
    yield from _chapter("What had to hold", [_check(*each) for each in _checks(record)])
    yield from _chapter("For you to look at", [f"- {each}" for each in (*record.look_at, *_advice(record))])
    yield from _chapter("How long people waited", _waits(record))
    yield from _chapter(
        "What was done", [f"{at}. {words} ({_long(took)})" for at, (words, took) in enumerate(record.steps, 1)]
    )


def _chapter(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield from ("", f"## {title}", "", *lines)


def _checks(record: Record) -> Iterator[tuple[str, bool, str]]:
    for each in sorted(record.checks, key=lambda check: check.kept):
        yield each.promise, each.kept, each.found


def _check(promise: str, kept: bool, found: str) -> str:
    return f"- {'yes' if kept else '**NO**'}: {promise}{f' ({found})' if found else ''}."


def _advice(record: Record) -> Iterator[str]:
    if record.retries:
        yield (
            f"Judges pressed in vain while the bot was away ({record.retries} in all), and pressed again when it was back. Tell your"
            " judges: if nothing happens, press again a little later."
        )
    if any("killed" in what for what in record.waits):
        yield "Files that came while the bot was away were taken in when it was back. People read nothing meanwhile: say in the channel when you restart it."
    yield "Times are those of this machine, with all simulated people on it. On the evening only the bot runs there."


def _waits(record: Record) -> list[str]:
    if not record.waits:
        return []
    rows = [
        f"| {what} | {len(seconds)} | {_seconds(middle_and_longest(seconds)[0])} | {_seconds(middle_and_longest(seconds)[1])} |"
        for what, seconds in sorted(record.waits.items())
    ]
    return ["| for | times | usually | at most |", "|---|---:|---:|---:|", *rows]


def _seconds(number: float) -> str:
    return f"{spelled(number, 1)} s"


def _long(seconds: float) -> str:
    minutes, rest = divmod(int(decimal(seconds, 0)), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"

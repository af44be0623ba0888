"""The check of what is to be changed in a contest: what was written becomes plain fields, or a refusal at its input."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import datetime
from functools import singledispatch
from typing import TYPE_CHECKING, Any

from bot.errors import Problems, Refusal, refuse
from bot.rules.criteria import Criterion
from bot.rules.moments import wall_clock
from bot.rules.prizes import dump
from bot.rules.tenets import MEANINGS
from bot.rules.words import one_line
from bot.usecases.contests.editable import (
    Basics,
    Board,
    Change,
    Criteria,
    Fields,
    Judging,
    Prizes,
    TakingPart,
    Texts,
    Titles,
    WrittenCriterion,
)
from bot.usecases.contests.newcontest import (
    MAX_LIMIT,
    moment,
    named,
    promised,
    require_number,
    scheduled,
    slugged,
    zoned,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_FINALISTS = 200
MAX_WINNERS = 20
MAX_GRACE = 120
"""Minutes."""
MAX_CRITERIA = 6
MAX_TITLE = 40
MAX_QUESTION = 200
MAX_MEANING = 150
MAX_WEIGHT = 100
MAX_DAYS = 3650
MAX_TEXT = 2500
"""Characters of a text: it has to fit into one message."""
RESERVED = frozenset({"comment", "private_note"})
"""Criteria's keys that would be taken for something else in the rating modal."""


_TWICE = "Two criteria have the same title. Please give each its own."


@singledispatch
def checked(change: Change, before: Fields, now: datetime) -> dict[str, Any]:  # noqa: ARG001 - the register's signature
    """The fields that were asked for, in order. Raises Refusal with all inputs that are wrong, and examples."""
    raise TypeError(f"no check for {type(change).__name__}")


@checked.register
def _basics(change: Basics, before: Fields, now: datetime) -> dict[str, Any]:
    problems = Problems()
    fields: dict[str, Any] = {"name": problems.of("", named, change.name)}
    if change.slug is not None and (fields["name"] or change.slug.strip()):
        fields["slug"] = problems.of("", slugged, change.slug, fields["name"])
    if change.channel_id is not None:
        fields["channel_id"] = change.channel_id
    time_zone = str(before["time_zone"])
    if change.time_zone is not None:
        time_zone = fields["time_zone"] = problems.of("", zoned, change.time_zone)
    if change.deadline is not None and time_zone:
        fields["deadline"] = problems.of("", _deadline, change.deadline, time_zone, before, now)
    problems.settle()
    return fields


def _deadline(wall: datetime, time_zone: str, before: Fields, now: datetime) -> str:
    """A deadline that has passed may stay as it is."""
    shown = wall_clock(datetime.fromisoformat(before["deadline"]), before["time_zone"])
    if wall == shown and time_zone == before["time_zone"]:
        return str(before["deadline"])
    return moment(wall, time_zone, now).isoformat()


@checked.register
def _taking_part(change: TakingPart, before: Fields, now: datetime) -> dict[str, Any]:  # noqa: ARG001 - the register's
    problems = Problems()
    problems.of(None, require_number, change.submission_limit, 1, MAX_LIMIT, "submission_limit")
    problems.of(None, require_number, change.grace_minutes, 0, MAX_GRACE, "grace_minutes")
    problems.settle()
    grace = change.grace_minutes * 60
    return {
        "submission_limit": change.submission_limit,
        "intake": change.intake.value,
        "grace_seconds": grace,
    }


@checked.register
def _judging(change: Judging, before: Fields, now: datetime) -> dict[str, Any]:  # noqa: ARG001 - the register's signature
    fields: dict[str, Any] = {}
    problems = Problems()
    if change.rounds is not None:
        problems.of(None, require_number, change.rounds, 1, 2, "rounds")
        fields["rounds"] = change.rounds
    if change.finalists is not None:
        problems.of(None, require_number, change.finalists, 1, MAX_FINALISTS, "finalists")
        fields["finalists"] = change.finalists
    problems.of(None, require_number, change.winners, 1, MAX_WINNERS, "winners")
    problems.settle()
    return fields | {"winners": change.winners, "blind": change.blind, "practice": change.practice}


@checked.register
def _board(change: Board, before: Fields, now: datetime) -> dict[str, Any]:  # noqa: ARG001 - the register's signature
    return {"board_mode": change.board_mode.value, "board_cron": scheduled(change.board_cron)}


@checked.register
def _criteria(change: Criteria, before: Fields, now: datetime) -> dict[str, Any]:  # noqa: ARG001 - the register's
    known = [Criterion(**each).key for each in before["criteria"]]
    made: dict[int, Criterion] = {}
    problems = Problems()
    for place, written in enumerate(change.criteria):
        if one_line(written.title):
            taken = {each.key for each in made.values()} | RESERVED | set(known[place + 1 :])
            key = known[place] if place < len(known) else _key(written.title, taken)
            made[place] = _criterion(key, written, place, problems)
    if not made:
        raise Refusal("Judges need one criterion at least, such as Originality.", field="title_0")
    titles: dict[str, int] = {}
    for place, each in made.items():
        if titles.setdefault(each.title.casefold(), place) != place:
            problems.of(None, refuse, [Refusal(_TWICE, field=f"title_{place}")])
    problems.settle()
    return {"criteria": [asdict(each) for each in made.values()]}


def _require_length(text: str, shortest: int, longest: int, sentence: str, field: str) -> None:
    if not shortest <= len(text) <= longest:
        raise Refusal(sentence, field=field)


def _criterion(key: str, written: WrittenCriterion, place: int, problems: Problems) -> Criterion:
    title, question = one_line(written.title), one_line(written.question)
    too_long = f"Please keep the title to {MAX_TITLE} characters."
    problems.of(None, _require_length, title, 1, MAX_TITLE, too_long, f"title_{place}")
    ask = f"Please ask the judges in 1 to {MAX_QUESTION} characters, such as: Does it surprise you?"
    problems.of(None, _require_length, question, 1, MAX_QUESTION, ask, f"question_{place}")
    return Criterion(key, title, question, problems.of(1.0, _weight, written.weight, place))


def _weight(text: str, place: int) -> float:
    try:
        weight = float(text.strip().replace(",", ".") or "1")
    except ValueError:
        weight = 0.0
    # "nan" and "inf" are numbers to float().
    if not 0 < weight <= MAX_WEIGHT:
        raise Refusal(
            f"Please write a weight above 0 and up to {MAX_WEIGHT}, such as 1 or 1.5.", field=f"weight_{place}"
        )
    return weight


def _key(title: str, taken: Iterable[str]) -> str:
    """A key that no other criterion has, made of the title's letters."""
    plain = re.sub(r"[^a-z]+", "_", title.casefold()).strip("_")[:30] or "criterion"
    names = [plain, *(f"{plain}_{letter}" for letter in "abcdefghijklmnop")]
    return next(name for name in names if name not in set(taken))


@checked.register
def _titles(change: Titles, before: Fields, now: datetime) -> dict[str, Any]:  # noqa: ARG001 - the register's signature
    titles = [one_line(title) for title in change.titles]
    # A line each; empty where all of them are ours.
    lines = [one_line(text) or ours for text, ours in zip(change.meanings, MEANINGS, strict=True)]
    problems = Problems()
    such = f"Please write 1 to {MAX_TITLE} characters, such as Groovin'."
    for score, title in enumerate(titles, start=1):
        problems.of(None, _require_length, title, 1, MAX_TITLE, such, f"score_{score}")
    for score, line in enumerate(lines, start=1):
        keep = f"Please keep this to {MAX_MEANING} characters."
        problems.of(None, _require_length, line, 0, MAX_MEANING, keep, f"meaning_{score}")
    problems.settle()
    return {"titles": titles, "meanings": "" if lines == list(MEANINGS) else "\n".join(lines)}


@checked.register
def _texts(change: Texts, before: Fields, now: datetime) -> dict[str, Any]:  # noqa: ARG001 - the register's signature
    texts = {name: getattr(change, name).strip() for name in ("rules", "tenets", "terms")}
    problems = Problems()
    for name, text in texts.items():
        keep = f"Please keep this to {MAX_TEXT} characters; it has {len(text)}."
        problems.of(None, _require_length, text, 0, MAX_TEXT, keep, name)
    days = problems.of(None, _days, change.retention_days)
    problems.settle()
    return {**texts, "retention_days": days}


@checked.register
def _prizes(change: Prizes, before: Fields, now: datetime) -> dict[str, Any]:  # noqa: ARG001 - the register's signature
    return {"prizes": dump(promised(change.prizes))}


def _days(text: str) -> int | None:
    if not text.strip():
        return None
    if not text.strip().isdecimal() or not 1 <= int(text) <= MAX_DAYS:
        raise Refusal(
            f"Please write a number of days from 1 to {MAX_DAYS}, such as 90, or leave it empty to keep everything.",
            field="retention_days",
        )
    return int(text)

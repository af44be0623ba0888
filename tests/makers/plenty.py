"""Plenty of everything: makes values of any type that views are drawn from, as large as people can make them."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from importlib import import_module
from random import Random
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from bot.rules.criteria import DEFAULT
from bot.rules.plainwords import Wish
from bot.rules.queue import CHOICES as AT_ONCE
from bot.rules.secret import Secret
from bot.usecases.boards.coverage import PAGE as COVERED
from bot.usecases.boards.feedback import MOST as SENT
from bot.usecases.boards.feedback import PAGE as COMMENTS
from bot.usecases.boards.leaderboard import PAGE as ROWS
from bot.usecases.boards.leaderboard import TABLE
from bot.usecases.contests.settings import MAX_CRITERIA
from bot.usecases.contests.written import MAX_LIMIT
from bot.usecases.judging.judging import PAGE as PIECES
from bot.usecases.judging.judging import RATINGS
from bot.usecases.judging.practice import PIECES as PRACTICE
from bot.usecases.people.home import AccountState
from bot.usecases.people.starter import OFFERED
from bot.usecases.submissions.search import MOST as FOUND

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

MANY = 120
"""More than Slack takes of anything."""
WIDTHS = ((MANY, 3, 2), (1, MANY, 2), (2, 3, MANY), (0, 0, 0), (1, 1, 1))
"""How many there are of a list, of a list in each of its items, and so on."""
AT = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
LONG = "Fü&r <Élise> *& ff_ `fi" * 13

_BETWEEN = {
    "FeedbackPage.comments": (0, COMMENTS),
    "FeedbackCard.comments": (0, SENT),
    "FeedbackCard.rounds": (0, 2),
    "criteria": (1, MAX_CRITERIA),
    "meanings": (5, 5),
    "ahead": (0, max(AT_ONCE)),
    "JudgesList.pieces": (0, PIECES),
    "OwnRatings.ratings": (0, RATINGS),
    "OwnRatings.used": (0, 9),
    "Practised.compared": (0, len(PRACTICE)),
    "CoverageBoard.pieces": (0, COVERED),
    "BoardPost.rows": (0, ROWS),
    "BoardPost.ai_rows": (0, ROWS),
    "BoardPost.more": (0, TABLE - ROWS),
    "Findings.pieces": (0, FOUND),
    "Findings.contests": (0, FOUND),
    "Composition.versions": (1, MANY),
    "EntryChoice.judges": (1, MANY),
    "EntryChoice.pieces": (1, MANY),
    "HandInForm.contests": (1, MANY),
    "HandInForm.instead_of": (0, MAX_LIMIT),
    "WrongPlace.contests": (1, MANY),
    "SameFileAlarm.others": (1, MANY),
    "CopyAlarm.passages": (1, MANY),
    "Verdict.pitch_classes": (12, 12),
    "Verdict.bach_pitch_classes": (12, 12),
    "Verdict.measures": (0, 8),
}
"""Lists that use cases cut to a page, that are ours, or that are never empty: the least, and the most."""
_CHOICES: dict[str, tuple[Any, ...]] = {
    "phase": ("draft", "open", "judging", "final", "ceremony", "finished"),
    "PhasePreview.next_phase": ("open", "judging", "final", "finished"),
    "PhaseNews.phase": ("open", "judging", "final", "ceremony", "finished"),
    "PhaseUndone.phase": ("draft", "open", "judging", "final", "ceremony"),
    "PhaseUndone.undone": ("open", "judging", "final", "ceremony", "finished"),
    "CeremonyLook.phase": ("judging", "final", "ceremony", "finished"),
    "intake": ("both", "channel", "dm"),
    "board_mode": ("hidden", "ranks", "full"),
    "mode": ("hidden", "ranks", "full"),
    "round": ("preliminary", "final"),
    "round_": ("preliminary", "final"),
    "state": ("accepted", "refused", "late", "failed", "superseded", "withdrawn"),
    "WayReply.wish": ("", *(wish.value for wish in Wish)),
    "roles": ("participant", "judge", "organizer"),
    "role": ("participant", "judge", "organizer"),
    "time_zone": ("Europe/Berlin", "Asia/Kathmandu"),
    "sign_in_url": ("https://lab.example/signin",),
    "changed": ("channel_id", "deadline", "submission_limit", "intake", "blind", "rounds"),
    "HomeAccount.state": tuple(AccountState),
    "what": ("file", "copy", "offensive", "other"),
    "newest": ("received", "checking", "failed", "refused"),
    "at_once": AT_ONCE,
    "instead_of": tuple(f"{number:032x}" for number in range(MAX_LIMIT)),
}
_WHOLE = {"Scheme": DEFAULT, "melodies": tuple((each.key, each.title) for each in OFFERED)}
_IDS = {"channel_id": "C", "channel": "C"}
_PEOPLE = frozenset(
    {
        "user_id",
        "author",
        "authors",
        "panels",
        "judge",
        "by",
        "who",
        "actor",
        "person",
        "people",
        "organizer",
        "organizers",
        "judges",
        "left",
        "behind",
        "watching",
        "presenter",
        "confirmed_by",
        "consents",
        "user_ids",
    }
)


class Plenty:
    """Makes values; what may be so or otherwise is drawn by lot.

    ``words`` is what people have typed everywhere, and ``others`` what stands in some fields (``Class.field``) instead.
    """

    def __init__(self, seed: int, words: str = LONG, others: Mapping[str, str] | None = None) -> None:
        self.lot = Random(seed)
        self.words = words
        self.others = others or {}
        self.widths = WIDTHS[seed % len(WIDTHS)]
        self._made = 0

    def arguments(self, function: Callable[..., Any]) -> dict[str, Any]:
        """Something for each parameter."""
        hints = _hints(function)
        return {name: self.value(hints[name], name, 0) for name in inspect.signature(function).parameters}

    def value(self, kind: Any, name: str = "", depth: int = 0) -> Any:
        """Something of that type, for a field ``Class.name``; ``depth`` lists lie around it."""
        origin, parts = get_origin(kind), get_args(kind)
        whole = _named(_WHOLE, getattr(kind, "__name__", "") if origin is None else name)
        if whole is not None:
            return whole
        if origin is not None:
            return self._parted(origin, parts, name, depth)
        if isinstance(kind, type) and is_dataclass(kind):
            hints = _hints(kind)
            return self._filled(kind, {each.name: hints[each.name] for each in fields(kind) if each.init}, depth)
        if kind is not Any and issubclass(kind, BaseModel):
            return self._filled(kind, {name: each.annotation for name, each in kind.model_fields.items()}, depth)
        return self._plain(kind, name)

    def _parted(self, origin: Any, parts: tuple[Any, ...], name: str, depth: int) -> Any:
        """Of a type that is made of others."""
        if origin in {Union, UnionType}:
            return self.value(self.lot.choice(parts), name, depth)
        return self.lot.choice(parts) if origin is Literal else self._several(origin, parts, name, depth)

    def _several(self, origin: Any, parts: tuple[Any, ...], name: str, depth: int) -> Any:
        if issubclass(origin, Mapping):
            keys = (
                list(parts[0])
                if issubclass(parts[0], Enum)
                else [self._plain(str, "key") for _ in range(self._width(name, depth))]
            )
            return {key: self.value(parts[1], name, depth + 1) for key in keys}
        if origin is tuple and Ellipsis not in parts:
            return tuple(self.value(part, name, depth) for part in parts)
        made = [self.value(parts[0], name, depth + 1) for _ in range(self._width(name, depth))]
        if origin in {tuple, list, Sequence, Iterable}:
            return tuple(made)
        assert origin in {frozenset, set, AbstractSet, Collection}, origin
        return frozenset(made)

    def _filled(self, kind: Any, hints: Mapping[str, Any], depth: int) -> Any:
        made = {name: self.value(hints[name], f"{kind.__name__}.{name}", depth) for name in sorted(hints)}
        return kind(**_fitting(kind.__name__, made, self.words))

    def _width(self, name: str, depth: int) -> int:
        least, most = _named(_BETWEEN, name) or (0, MANY)
        return max(least, min(most, self.widths[min(depth, len(self.widths) - 1)]))

    def _plain(self, kind: Any, name: str) -> Any:
        self._made += 1
        choices = _named(_CHOICES, name)
        if choices is not None and (issubclass(kind, Enum) or isinstance(choices[0], kind)):
            return kind(self.lot.choice(choices))
        if issubclass(kind, Enum):
            return self.lot.choice(list(kind))
        if kind is Secret:
            return Secret(self._word(name))
        plain = {int: self._made % 500 + 1, float: 72.5, datetime: AT, date: AT.date(), NoneType: None}
        return self._word(name) if kind in {str, Any} else plain.get(kind, self.lot.random() < 0.5)

    def _word(self, name: str) -> str:
        last = name.rpartition(".")[2]
        if name in self.others:
            return f"{self._made} {self.others[name]}"
        if last in _IDS or last in _PEOPLE or last.endswith("_by"):
            return f"{_IDS.get(last, 'U')}{self._made:09d}"
        return f"{self._made:032x}" if last in {"id", "key"} or last.endswith("_id") else f"{self._made} {self.words}"


def _named(known: Mapping[str, Any], name: str) -> Any:
    """What is known of that field, or of all of its name."""
    return known.get(name, known.get(name.rpartition(".")[2]))


def _fitting(kind: str, made: dict[str, Any], words: str) -> dict[str, Any]:
    """The same, where one field has to fit another."""
    if kind == "HomeView":
        shown = made["contests"][:1] if len(made["contests"]) > 3 else made["contests"]
        others = [(f"{number:032x}", f"{number} {words}") for number in range(len(made["contests"]))]
        return made | {
            "contests": shown,
            "choices": [*others, (shown[0].contest_id, words)] if others and len(shown) == 1 else (),
        }
    if kind == "HandInForm":
        return made | {"instead_of": tuple((f"{at:032x}", title) for at, (_, title) in enumerate(made["instead_of"]))}
    if kind == "EntryChoice":
        judges, pieces = (
            [(f"{kind}{at:09d}", words) for at, _ in enumerate(made[part])]
            for kind, part in (("U", "judges"), ("s", "pieces"))
        )
        return made | {"judges": judges, "pieces": pieces, "judge": judges[-1][0] if judges else None}
    if kind in {"JudgesList", "BoardPost"}:
        least = 0 if kind == "JudgesList" else 1
        pages = max(1, made["pages"])
        return made | {"pages": pages, "page": least + made["page"] % pages}
    return made


@cache
def _hints(kind: Any) -> dict[str, Any]:
    """The types of a function's parameters, or of a class's fields: looked up once, since each of 120 rows has the same."""
    return get_type_hints(kind, _names(sys.modules[kind.__module__]))


@cache
def _names(module: ModuleType) -> dict[str, Any]:
    """What is known in a module, with what it imports for its annotations alone."""
    known = dict(vars(module))
    for branch in ast.parse(inspect.getsource(module)).body:
        if isinstance(branch, ast.If) and ast.unparse(branch.test) == "TYPE_CHECKING":
            for line in branch.body:
                if isinstance(line, ast.ImportFrom) and line.module:
                    known |= {
                        each.asname or each.name: getattr(import_module(line.module), each.name) for each in line.names
                    }
    return known

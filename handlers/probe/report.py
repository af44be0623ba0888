"""What was found out, and how it is written down: words of Slack's own, numbers and choices, nothing of people, files or places."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

NOBODY = "nobody answered"
TAKEN = "taken"
_WORD = re.compile(r"[a-z0-9_.,/ -]{1,80}", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    """One thing that was found out.

    Attributes:
        question: What it belongs to.
        what: What was looked at.
        found: What there was.
        sandbox: What the sandbox says there; any of them is right. Empty: it says nothing of it.
    """

    question: str
    what: str
    found: str
    sandbox: tuple[str, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether somebody would have to change the sandbox. Not where nobody answered."""
        return bool(self.sandbox) and self.found not in {*self.sandbox, NOBODY}


def word(value: object) -> str:
    """A word of Slack's, such as a type or an error; what does not look like one is not repeated."""
    text = str(value if value is not None else "")
    return (text or "empty") if _WORD.fullmatch(text or "empty") else "something else"


@dataclass(frozen=True)
class Report:
    """All of it.

    Attributes:
        day: When, by UTC.
        place: Slack, or what else stood at that address.
        answers: In the order in which they were asked.
        left: How many messages and files could not be taken away again.
    """

    day: date
    place: str
    answers: Sequence[Answer]
    left: int

    @property
    def different(self) -> list[Answer]:
        """Where the sandbox says something else."""
        return [each for each in self.answers if each.differs]

    def as_json(self) -> str:
        """For programs."""
        answers = [asdict(each) | {"differs": each.differs} for each in self.answers]
        told = {"day": self.day.isoformat(), "place": self.place, "answers": answers, "left_behind": self.left}
        return json.dumps(told, indent=2) + "\n"

    def as_markdown(self) -> str:
        """For people."""
        return "\n".join([*self._head(), *self._differences(), *self._all(), ""])

    def _head(self) -> list[str]:
        silent = sum(each.found == NOBODY for each in self.answers)
        counted = f"{len(self.answers)} answers, {len(self.different)} unlike the sandbox's, {silent} still open."
        return [
            "# What Slack does, where no document says it",
            "",
            f"`kantor probe`, {self.day.isoformat()}, {self.place}. {counted}",
            "It names no person, channel, file or workspace.",
            *([f"Not taken away again: {self.left} messages or files of the probe's own."] if self.left else []),
            "",
        ]

    def _differences(self) -> list[str]:
        if not self.different:
            return []
        lines = [
            f"- {each.question}, {each.what}: **{each.found}**, and the sandbox says {_or(each.sandbox)}"
            for each in self.different
        ]
        return ["## Where the sandbox differs", "", *lines, ""]

    def _all(self) -> list[str]:
        lines = ["## All answers", ""]
        for question, answers in groupby(self.answers, key=lambda each: each.question):
            rows = [f"| {each.what} | {each.found} | {_or(each.sandbox) or 'nothing'} |" for each in answers]
            lines += [f"### {question}", "", "| what | here | the sandbox says |", "|---|---|---|", *rows, ""]
        return lines[:-1]


def _or(words: Sequence[str]) -> str:
    return " or ".join(words)

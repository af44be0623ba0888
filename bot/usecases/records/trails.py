"""Who did what, and when, for the organizers of a contest."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from bot.errors import Refusal
from bot.rules.words import quoted
from bot.usecases.blindness import is_kept_blind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from bot.usecases.desk import Desk
    from models.records import Audit
    from models.store import Work

PAGE = 15
"""Entries on a page."""
_HEARD = ("rating.", "piece.", "flag.")
"""What is done about a piece under its alias: whoever judges it blind does not read its title there, organizer or not."""


@dataclass(frozen=True)
class TrailQuestion:
    """Which entries are asked for."""

    contest_id: str
    person: str = ""
    """Only what this person did, or what was done about them."""
    words: str = ""
    """Only what was done about compositions with these words in their title or name."""
    page: int = 0
    """From 0, the newest."""


@dataclass(frozen=True)
class TrailEntry:
    """One thing that somebody did."""

    at: datetime
    actor: str
    action: str
    facts: Mapping[str, Any]
    piece: str
    """The title of the composition that it is about; empty where it is about none."""


@dataclass(frozen=True)
class TrailPage:
    """Some entries, the newest first."""

    contest_name: str
    question: TrailQuestion
    entries: tuple[TrailEntry, ...]
    more: bool
    """Whether there are older ones."""


@dataclass(frozen=True)
class Trails:
    """Read the trail."""

    desk: Desk

    def begin(self, user_id: str, channel_id: str, person: str, words: str) -> TrailPage:
        """The newest entries of the contest meant. Raises Refusal for those who do not organize it, and for unknown compositions."""
        contest = self.desk.who.contest_meant(user_id, channel_id)
        return self.page(user_id, TrailQuestion(contest.id, person, words))

    def page(self, user_id: str, question: TrailQuestion) -> TrailPage:
        """A page of entries. Raises Refusal as ``begin``."""
        hint = "`/kantor audit` begins anew."
        with self.desk.organizer(user_id, question.contest_id, reads=True, hint=hint) as work:
            contest = work.contest
            titles = {piece.id: piece.title or piece.name for piece in work.submissions.of_contest(contest.id)}
            blind = is_kept_blind(work, contest, user_id)
            wanted = _wanted(work, question, blind=blind)
            first = max(question.page, 0) * PAGE
            with closing(work.audit.newest_first(contest.id)) as trail:
                found = list(islice(filter(wanted, trail), first, first + PAGE + 1))
            entries = tuple(_entry(row, titles, blind=blind) for row in found[:PAGE])
            return TrailPage(contest.name, question, entries, len(found) > PAGE)


def _entry(row: Audit, titles: Mapping[str, str], *, blind: bool) -> TrailEntry:
    veiled = blind and row.action.startswith(_HEARD)
    piece = "" if veiled else titles.get(str(row.facts.get("submission")), "")
    return TrailEntry(row.at, row.actor, row.action, row.facts, piece)


def _wanted(work: Work, question: TrailQuestion, *, blind: bool) -> Callable[[Audit], bool]:
    about: set[str] = set()
    if question.words:
        words = question.words.casefold()
        pieces = work.submissions.of_contest(question.contest_id)
        meant = [piece for piece in pieces if words in piece.title.casefold() or words in piece.name.casefold()]
        if not meant:
            raise Refusal(
                f"No composition here has “{quoted(question.words)}” in its title. `/kantor audit @name` asks about a person."
            )
        about = {each for piece in meant for each in (piece.id, piece.name)}
    person = question.person

    def wanted(row: Audit) -> bool:
        values = {value for value in row.facts.values() if isinstance(value, str)}
        if person and row.actor != person and person not in values:
            return False
        if not about:
            return True
        return not (blind and row.action.startswith(_HEARD)) and not about.isdisjoint(values)

    return wanted

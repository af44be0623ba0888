"""Contests: their beginning, their phases, their judges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.ports import Clock, Directory, Ids
    from bot.rules.phases import Phase
    from bot.usecases.people import People
    from models.store import Store


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
class ContestSummary:
    """A contest as it stands."""

    contest_id: str
    name: str
    slug: str
    phase: Phase
    deadline: datetime
    """In UTC."""
    time_zone: str
    channel_id: str
    submission_limit: int
    board_cron: str


@dataclass(frozen=True)
class ContestStatus:
    """The answer to ``/kantor status``."""

    contest: ContestSummary
    deadline_text: str
    """The deadline in the contest's zone with UTC beside it, as it stands in sentences."""
    submissions: Mapping[str, int]
    """How many are in each state: received, checking, accepted, refused, failed (0 where none)."""
    judges: tuple[str, ...]
    ratings: int
    ratings_possible: int
    """How many there would be if each judge rated everything but their own."""
    unrated: int
    """Accepted compositions without any rating."""
    fewest_ratings: int
    """The number of ratings of the accepted composition that has the fewest; 0 where there is none."""
    pool_left: int | None
    """Free accounts; None for people who are no organizers."""
    letters_waiting: int | None
    """Messages that have not gone out yet, in the whole workspace; None for people who are no organizers."""


@dataclass(frozen=True)
class PhasePreview:
    """What the next phase would bring, to be confirmed."""

    contest_id: str
    name: str
    phase: Phase
    next_phase: Phase
    effects: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class JudgesAdded:
    """Who became a judge, and who was one already (user ids)."""

    contest_name: str
    added: tuple[str, ...]
    already: tuple[str, ...]


@dataclass(frozen=True)
class Contests:
    """Begin a contest, look at it, move it on, and add its judges."""

    store: Store
    people: People
    directory: Directory
    clock: Clock
    ids: Ids

    def create(self, command: NewContest) -> ContestSummary:
        """Write down a new contest, as a draft. Raises Refusal with the field that is wrong."""
        raise NotImplementedError

    def for_channel(self, channel_id: str) -> ContestSummary | None:
        """The contest that a word in this channel is about.

        The channel's own; else the only one that is not finished; None where there is none. Raises Refusal, which lists them, where there are several.
        """
        raise NotImplementedError

    def status(self, actor: str, channel_id: str) -> ContestStatus:
        """How the contest stands, with more for organizers. Raises Refusal where there is no contest."""
        raise NotImplementedError

    def preview_next(self, actor: str, channel_id: str) -> PhasePreview:
        """What ``advance`` would do. Raises Refusal for people who are no organizers, and after the end."""
        raise NotImplementedError

    def advance(self, actor: str, contest_id: str, expected: Phase) -> ContestSummary:
        """Move the contest to the phase after ``expected``. Raises Refusal where it is not in ``expected`` any more."""
        raise NotImplementedError

    def add_judges(self, actor: str, channel_id: str, user_ids: Sequence[str]) -> JudgesAdded:
        """Make people judges, and welcome them by a letter. Raises Refusal (nobody is added) where one of them cannot be."""
        raise NotImplementedError

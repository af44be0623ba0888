"""Who may do what, what a person sees on the Home tab, and answers to plain words in the direct messages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.ports import Clock, Directory
    from bot.rules.phases import Phase
    from models.store import Store


class Role(StrEnum):
    """What somebody is in a contest. A guest of the workspace is nothing until somebody lets them into the channel."""

    ORGANIZER = "organizer"
    JUDGE = "judge"
    PARTICIPANT = "participant"


class AccountState(StrEnum):
    """How a person stands towards the pool of accounts of a contest."""

    NO_POOL = "no_pool"
    AVAILABLE = "available"
    HELD = "held"
    EMPTY = "empty"


@dataclass(frozen=True)
class HomeAccount:
    """The account line of a contest on the Home tab; ids and address only where it is held."""

    state: AccountState
    account_id: str | None = None
    user_name: str | None = None
    sign_in_url: str | None = None


@dataclass(frozen=True)
class HomeSubmission:
    """One of the person's own compositions."""

    submission_id: str
    name: str
    title: str
    state: str
    """received, checking, accepted, refused or failed."""
    score: float | None
    """The AI judge's, 0-100, for the author's eyes."""
    refusal: str | None


@dataclass(frozen=True)
class JudgeProgress:
    """How far a judge has come."""

    done: int
    total: int


@dataclass(frozen=True)
class OrganizerCounts:
    """What organizers see at a glance."""

    accepted: int
    waiting: int
    """Received or being checked."""
    refused: int
    failed: int
    judges: int
    ratings: int
    pool_left: int


@dataclass(frozen=True)
class HomeContest:
    """A contest on the Home tab."""

    contest_id: str
    name: str
    phase: Phase
    deadline: datetime
    time_zone: str
    channel_id: str
    submission_limit: int
    roles: frozenset[Role]
    account: HomeAccount
    submissions: tuple[HomeSubmission, ...]
    judging: JudgeProgress | None
    """None for those who are no judges of this contest."""
    organizing: OrganizerCounts | None
    """None for those who are no organizers of this contest."""


@dataclass(frozen=True)
class HomeView:
    """The Home tab of one person."""

    roles: frozenset[Role]
    contests: tuple[HomeContest, ...]


@dataclass(frozen=True)
class People:
    """Roles, the Home tab, plain words."""

    store: Store
    directory: Directory
    clock: Clock
    organizer_ids: frozenset[str] = frozenset()

    def roles(self, user_id: str, contest_id: str | None = None) -> frozenset[Role]:
        """The person's roles in that contest, or in any that is not finished. May raise Unavailable."""
        raise NotImplementedError

    def require_organizer(self, user_id: str, contest_id: str | None = None) -> None:
        """Raises Refusal unless the person organizes (that contest, where one is named)."""
        raise NotImplementedError

    def help(self, user_id: str) -> frozenset[Role]:
        """The roles whose commands the help should list."""
        raise NotImplementedError

    def home(self, user_id: str) -> HomeView:
        """What the person's Home tab shows."""
        raise NotImplementedError

    def answer(self, user_id: str, channel_id: str, text: str, slack_event_id: str) -> None:
        """Answer plain words in the direct messages, once an event: a letter to ``channel_id`` (the DM)."""
        raise NotImplementedError

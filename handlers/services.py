"""What the listeners work with: the use cases, and what a prefilled form needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.ports import Clock, Directory
    from bot.usecases.accounts import Accounts
    from bot.usecases.boards import Boards
    from bot.usecases.contests import Contests
    from bot.usecases.people import People
    from bot.usecases.ratings import Ratings
    from bot.usecases.submissions import Submissions


@dataclass(frozen=True)
class Services:
    """Handed to ``handlers.app.build_app`` by whoever wires the bot."""

    people: People
    contests: Contests
    accounts: Accounts
    submissions: Submissions
    ratings: Ratings
    boards: Boards
    directory: Directory
    clock: Clock

"""What the listeners work with: the use cases, and what a prefilled form needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.ports import Clock, Directory
    from bot.usecases.accounts import Accounts
    from bot.usecases.boards import Boards
    from bot.usecases.compositions import Compositions
    from bot.usecases.contests import Contests
    from bot.usecases.editing import Editing
    from bot.usecases.explanations import Explanations
    from bot.usecases.freezing import Freezing
    from bot.usecases.handins import HandIns
    from bot.usecases.latefiles import LateFiles
    from bot.usecases.onboarding import Onboarding
    from bot.usecases.people import People
    from bot.usecases.starter import StarterKit
    from bot.usecases.pools import Pools
    from bot.usecases.ratings import Ratings
    from bot.usecases.reissues import Reissues
    from bot.usecases.submissions import Submissions


@dataclass(frozen=True)
class Services:
    """Handed to ``handlers.app.build_app`` by whoever wires the bot."""

    people: People
    onboarding: Onboarding
    starter: StarterKit
    contests: Contests
    editing: Editing
    accounts: Accounts
    reissues: Reissues
    pools: Pools
    submissions: Submissions
    hand_ins: HandIns
    compositions: Compositions
    late_files: LateFiles
    ratings: Ratings
    boards: Boards
    freezing: Freezing
    explanations: Explanations
    directory: Directory
    clock: Clock

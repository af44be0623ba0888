"""What the listeners work with: the use cases, and what a prefilled form needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.ports import Clock, Directory
    from bot.usecases.accounts import Accounts
    from bot.usecases.answers import Answers
    from bot.usecases.behalf import Behalf
    from bot.usecases.boards import Boards
    from bot.usecases.calls import Calls
    from bot.usecases.compositions import Compositions
    from bot.usecases.contests import Contests
    from bot.usecases.corrections import Corrections
    from bot.usecases.editing import Editing
    from bot.usecases.erasure import Erasure
    from bot.usecases.explanations import Explanations
    from bot.usecases.exports import Exports
    from bot.usecases.extensions import Extensions
    from bot.usecases.feedback import Feedback
    from bot.usecases.freezing import Freezing
    from bot.usecases.handins import HandIns
    from bot.usecases.judging import Judging
    from bot.usecases.latefiles import LateFiles
    from bot.usecases.marks import Marks
    from bot.usecases.mishaps import Mishaps
    from bot.usecases.nudges import Nudges
    from bot.usecases.onboarding import Onboarding
    from bot.usecases.people import People
    from bot.usecases.pools import Pools
    from bot.usecases.practice import Practice
    from bot.usecases.ratings import Ratings
    from bot.usecases.reissues import Reissues
    from bot.usecases.rulebook import Rulebook
    from bot.usecases.search import Search
    from bot.usecases.staff import Staff
    from bot.usecases.starter import StarterKit
    from bot.usecases.submissions import Submissions
    from bot.usecases.trails import Trails
    from bot.usecases.undoing import Undoing


@dataclass(frozen=True)
class Services:
    """Handed to ``handlers.app.build_app`` by whoever wires the bot."""

    people: People
    onboarding: Onboarding
    answers: Answers
    rulebook: Rulebook
    starter: StarterKit
    contests: Contests
    editing: Editing
    undoing: Undoing
    staff: Staff
    accounts: Accounts
    reissues: Reissues
    pools: Pools
    exports: Exports
    trails: Trails
    erasure: Erasure
    submissions: Submissions
    hand_ins: HandIns
    compositions: Compositions
    late_files: LateFiles
    extensions: Extensions
    mishaps: Mishaps
    search: Search
    corrections: Corrections
    ratings: Ratings
    judging: Judging
    practice: Practice
    marks: Marks
    behalf: Behalf
    boards: Boards
    freezing: Freezing
    feedback: Feedback
    calls: Calls
    nudges: Nudges
    explanations: Explanations
    directory: Directory
    clock: Clock

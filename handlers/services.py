"""What the listeners work with: the use cases, and what a prefilled form needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.ports import Clock, Directory
    from bot.usecases.accounts.accounts import Accounts
    from bot.usecases.accounts.pools import Pools
    from bot.usecases.accounts.reissues import Reissues
    from bot.usecases.boards.boards import Boards
    from bot.usecases.boards.feedback import Feedback
    from bot.usecases.boards.freezing import Freezing
    from bot.usecases.contests.contests import Contests
    from bot.usecases.contests.editing import Editing
    from bot.usecases.contests.staff import Staff
    from bot.usecases.contests.undoing import Undoing
    from bot.usecases.judging.behalf import Behalf
    from bot.usecases.judging.judging import Judging
    from bot.usecases.judging.marks import Marks
    from bot.usecases.judging.practice import Practice
    from bot.usecases.judging.ratings import Ratings
    from bot.usecases.judging.voiding import Voiding
    from bot.usecases.people.answers import Answers
    from bot.usecases.people.broadcasts import Calls
    from bot.usecases.people.nudges import Nudges
    from bot.usecases.people.onboarding import Onboarding
    from bot.usecases.people.people import People
    from bot.usecases.people.rulebook import Rulebook
    from bot.usecases.people.starter import StarterKit
    from bot.usecases.records.erasure import Erasure
    from bot.usecases.records.exports import Exports
    from bot.usecases.records.trails import Trails
    from bot.usecases.submissions.compositions import Compositions
    from bot.usecases.submissions.corrections import Corrections
    from bot.usecases.submissions.extensions import Extensions
    from bot.usecases.submissions.handins import HandIns
    from bot.usecases.submissions.latefiles import LateFiles
    from bot.usecases.submissions.mishaps import Mishaps
    from bot.usecases.submissions.search import Search
    from bot.usecases.submissions.submissions import Submissions
    from bot.usecases.verdicts.explanations import Explanations


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
    voiding: Voiding
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

"""The use cases, each made once and joined: for the running bot and for tests alike, which bring another world outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.usecases.accounts.accounts import Accounts
from bot.usecases.accounts.pools import Pools
from bot.usecases.accounts.reissues import Reissues
from bot.usecases.boards.boards import Boards
from bot.usecases.boards.feedback import Feedback
from bot.usecases.boards.finale import Finale
from bot.usecases.boards.freezing import Freezing
from bot.usecases.contests.contests import Contests
from bot.usecases.contests.countdowns import Countdowns
from bot.usecases.contests.editing import Editing
from bot.usecases.contests.staff import Staff
from bot.usecases.contests.undoing import Undoing
from bot.usecases.judging.behalf import Behalf
from bot.usecases.judging.digests import Digests
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
from bot.usecases.verdicts.copies import Copies
from bot.usecases.verdicts.explanations import Explanations
from bot.usecases.verdicts.verdicts import Verdicts

if TYPE_CHECKING:
    from bot.ports import Outside
    from models.store import Store


class Services:
    """What the listeners, the worker and the scheduler call; a new use case gets its line here.

    Args:
        store: The database.
        outside: Whom they ask of the world outside.
        organizer_ids: Organizers by the settings.
        retention_days: After so many days the data of an ended contest are erased, where it does not say otherwise; None: never.
        sub_commands: What may follow ``/kantor``.
    """

    def __init__(
        self,
        store: Store,
        outside: Outside,
        *,
        organizer_ids: frozenset[str] = frozenset(),
        retention_days: int | None = None,
        sub_commands: frozenset[str] = frozenset(),
    ) -> None:
        directory, clock, ids = outside.directory, outside.clock, outside.ids
        objects, inspector = outside.objects, outside.inspector
        posters, vault = outside.posters, outside.vault
        self.directory, self.clock = directory, clock
        self.people = People(store, directory, clock, organizer_ids)
        self.onboarding = Onboarding(store, self.people, clock)
        self.answers = Answers(store, self.people, clock, sub_commands)
        self.rulebook = Rulebook(store, self.people)
        self.starter = StarterKit(store, objects, clock)
        self.contests = Contests(store, self.people, directory, clock, ids)
        self.editing = Editing(store, self.people, directory, clock, ids)
        self.undoing = Undoing(store, self.people, clock, ids)
        self.staff = Staff(store, self.people, clock, ids)
        self.countdowns = Countdowns(store, clock)
        self.voiding = Voiding(store, self.people, clock, ids)
        self.accounts = Accounts(store, self.people, vault, clock, ids)
        self.reissues = Reissues(store, self.people, self.accounts, vault, clock, ids)
        self.pools = Pools(store, self.people, vault, clock, ids)
        self.exports = Exports(store, self.people, objects, clock, ids)
        self.trails = Trails(store, self.people)
        self.erasure = Erasure(store, self.people, objects, self.exports, clock, ids, retention_days)
        self.submissions = Submissions(store, outside.door, clock, ids, organizer_ids)
        self.hand_ins = HandIns(self.submissions)
        self.compositions = Compositions(store, clock, ids, organizer_ids)
        self.late_files = LateFiles(store, self.people, clock, ids)
        self.extensions = Extensions(store, self.people, clock, ids)
        self.mishaps = Mishaps(store, clock, ids, organizer_ids)
        self.search = Search(store, self.people)
        self.corrections = Corrections(store, self.people, clock, ids)
        self.ratings = Ratings(store, clock, ids)
        self.judging = Judging(store, clock, ids)
        self.practice = Practice(store, objects, inspector, clock, ids)
        self.marks = Marks(store, self.people, clock, ids)
        self.behalf = Behalf(store, self.people, clock, ids)
        self.digests = Digests(store, clock)
        self.boards = Boards(store, self.people, clock, ids, posters, objects)
        self.finale = Finale(store, posters, objects, clock)
        self.freezing = Freezing(store, self.people, clock, ids)
        self.feedback = Feedback(store, self.people, clock, ids)
        self.calls = Calls(store, self.people, directory, clock, ids)
        self.nudges = Nudges(store, self.people, directory, clock, ids)
        self.explanations = Explanations(store, objects, clock)
        self.verdicts = Verdicts(store, outside.files, objects, inspector, clock, ids, directory, organizer_ids)
        self.copies = Copies(store, objects, inspector, clock, ids, organizer_ids)

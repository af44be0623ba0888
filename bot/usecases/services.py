"""The use cases, each made once and joined: for the running bot and for tests alike, which bring another world outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.meters import Meters
from bot.usecases.accounts.accounts import Accounts
from bot.usecases.accounts.pools import Pools
from bot.usecases.accounts.reissues import Reissues
from bot.usecases.awards.certificates import Certificates
from bot.usecases.awards.finalizing import Finalizing
from bot.usecases.awards.preparing import Preparing
from bot.usecases.awards.prizes import Prizes
from bot.usecases.awards.revealing import Revealing
from bot.usecases.boards.boards import Boards
from bot.usecases.boards.coverage import CoverageBoards
from bot.usecases.boards.feedback import Feedback
from bot.usecases.boards.finale import Finale
from bot.usecases.boards.freezing import Freezing
from bot.usecases.boards.publishing import Publishing
from bot.usecases.contests.contests import Contests
from bot.usecases.contests.countdowns import Countdowns
from bot.usecases.contests.editing import Editing
from bot.usecases.contests.staff import Staff
from bot.usecases.contests.undoing import Undoing
from bot.usecases.contests.voiding import Voiding
from bot.usecases.desk import Desk, guard
from bot.usecases.followers import follow
from bot.usecases.judging.behalf import Behalf
from bot.usecases.judging.conflicts import Conflicts
from bot.usecases.judging.digests import Digests
from bot.usecases.judging.further import FurtherListens
from bot.usecases.judging.habits import FriendlyWords
from bot.usecases.judging.judging import Judging
from bot.usecases.judging.marks import Marks
from bot.usecases.judging.panels import Panels
from bot.usecases.judging.practice import Practice
from bot.usecases.judging.ratings import Ratings
from bot.usecases.people.answers import Answers
from bot.usecases.people.broadcasts import Calls
from bot.usecases.people.cards import Cards
from bot.usecases.people.checklists import Onboarding
from bot.usecases.people.dutyreminders import DutyReminders
from bot.usecases.people.home import People
from bot.usecases.people.nudges import LastDay, Nudges
from bot.usecases.people.recruiting import Recruiting
from bot.usecases.people.rulebook import Rulebook
from bot.usecases.people.starter import StarterKit
from bot.usecases.people.volunteering import Volunteering
from bot.usecases.records.erasure import Erasure
from bot.usecases.records.exports import Exports
from bot.usecases.records.failures import Failures
from bot.usecases.records.journal import Journal
from bot.usecases.records.trails import Trails
from bot.usecases.submissions.absences import Mishaps
from bot.usecases.submissions.compositions import Compositions
from bot.usecases.submissions.corrections import Corrections
from bot.usecases.submissions.handins import HandIns
from bot.usecases.submissions.latefiles import Extensions, LateFiles
from bot.usecases.submissions.search import Search
from bot.usecases.submissions.submissions import Submissions
from bot.usecases.verdicts.copies import Copies
from bot.usecases.verdicts.explanations import Explanations
from bot.usecases.verdicts.verdicts import Verdicts
from bot.usecases.who import Who

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
        meters: Count what was refused.
    """

    def __init__(  # noqa: PLR0913, PLR0915 - what is of use in tests has a default, and goes by keyword; a line a use case
        self,
        store: Store,
        outside: Outside,
        *,
        organizer_ids: frozenset[str] = frozenset(),
        retention_days: int | None = None,
        sub_commands: frozenset[str] = frozenset(),
        meters: Meters | None = None,
    ) -> None:
        outside = guard(outside, store)
        objects, inspector = outside.objects, outside.inspector
        posters, vault = outside.posters, outside.vault
        self.directory, self.clock = outside.directory, outside.clock
        self.desk = desk = Desk(Who(store, outside.directory, organizer_ids), store, outside.clock, outside.ids, follow)
        self.people = People(desk)
        self.onboarding = Onboarding(desk)
        self.answers = Answers(desk, sub_commands)
        self.rulebook = Rulebook(desk, objects)
        self.starter = StarterKit(desk, objects)
        self.contests = Contests(desk)
        self.editing = Editing(desk)
        self.undoing = Undoing(desk)
        self.staff = Staff(desk)
        self.countdowns = Countdowns(desk)
        self.voiding = Voiding(desk)
        self.accounts = Accounts(desk, vault)
        self.reissues = Reissues(desk, self.accounts, vault)
        self.pools = Pools(desk, vault)
        self.exports = Exports(desk, objects, outside.printer)
        self.trails = Trails(desk)
        self.failures = Failures(desk)
        self.erasure = Erasure(desk, objects, self.exports, Journal(objects, vault), retention_days)
        self.submissions = Submissions(desk, outside.door)
        self.hand_ins = HandIns(self.submissions)
        self.compositions = Compositions(desk)
        self.late_files = LateFiles(desk)
        self.extensions = Extensions(desk)
        self.mishaps = Mishaps(desk)
        self.search = Search(desk)
        self.corrections = Corrections(desk)
        self.ratings = Ratings(desk)
        self.judging = Judging(desk)
        self.practice = Practice(desk, objects, inspector)
        self.marks = Marks(desk)
        self.conflicts = Conflicts(desk)
        self.panels, self.further = Panels(desk), FurtherListens(desk)
        self.behalf = Behalf(desk)
        self.digests, self.friendly_words = Digests(desk), FriendlyWords(desk)
        self.boards = Boards(desk, posters, objects)
        self.finale, self.publishing = Finale(desk, posters, objects), Publishing(desk, outside.printer, objects)
        self.freezing = Freezing(desk)
        self.coverage = CoverageBoards(desk)
        self.feedback = Feedback(desk)
        self._of_awards(desk, outside)
        self.calls = Calls(desk)
        self.nudges, self.last_day, self.duty_reminders = Nudges(desk), LastDay(desk), DutyReminders(desk)
        self.recruiting, self.volunteering = Recruiting(desk), Volunteering(desk)
        self.explanations = Explanations(desk, objects)
        self.verdicts = Verdicts(desk, outside.files, objects, inspector, meters or Meters())
        self.copies = Copies(desk, objects, inspector)

    def _of_awards(self, desk: Desk, outside: Outside) -> None:
        printer, objects = outside.printer, outside.objects
        self.finalizing = Finalizing(desk, objects, printer)
        self.preparing = Preparing(desk, printer, objects)
        self.revealing = Revealing(desk)
        self.certificates = Certificates(desk, printer, objects)
        self.prizes = Prizes(desk)
        self.cards = Cards(desk)

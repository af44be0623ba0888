"""A small workspace with the real use cases on a real SQLite file: Olive organizes, Ada and Ben compose, Judy and Jack judge."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import local
from typing import TYPE_CHECKING, Any

from bot.rules.criteria import DEFAULT
from bot.rules.phases import Phase, phases
from bot.usecases.accounts.accounts import Accounts
from bot.usecases.accounts.poolrows import PoolRow
from bot.usecases.accounts.pools import Pools
from bot.usecases.accounts.reissues import Reissues
from bot.usecases.boards.boards import Boards
from bot.usecases.boards.feedback import Feedback
from bot.usecases.boards.finale import Finale
from bot.usecases.boards.freezing import Freezing
from bot.usecases.contests.contests import Contests, NewContest
from bot.usecases.contests.editing import Editing
from bot.usecases.contests.staff import Staff
from bot.usecases.contests.undoing import Undoing
from bot.usecases.judging.behalf import Behalf
from bot.usecases.judging.digests import Digests
from bot.usecases.judging.invitations import NO_PRACTICE
from bot.usecases.judging.judging import Judging
from bot.usecases.judging.marks import Marks
from bot.usecases.judging.practice import Practice
from bot.usecases.judging.ratings import Progress, RateSubmission, Ratings, RatingValues
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
from bot.usecases.submissions.submissions import Submissions, Upload
from bot.usecases.verdicts.copies import Copies
from bot.usecases.verdicts.explanations import Explanations
from bot.usecases.verdicts.verdicts import Verdicts
from handlers.commands import Sub
from models.store import Store
from tests.makers.fakes import (
    FakeClock,
    FakeDirectory,
    FakeInspector,
    FakePosters,
    FakeVault,
    MemoryFiles,
    MemoryObjects,
    SequenceIds,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from models.contests import Contest
    from models.outbox import OutboxRow
    from models.store import Work
    from models.submissions import Submission

CHANNEL, LOUNGE = "C0MUSIC", "C0LOUNGE"
OLIVE, ADA, BEN, CLEO, JUDY, JACK = "U0OLIVE", "U0ADA", "U0BEN", "U0CLEO", "U0JUDY", "U0JACK"
GUS, DINA, ROBOT, EVE = "U0GUS", "U0DINA", "U0ROBOT", "U0EVE"
"""A guest, one who was deactivated, a bot, and one who is in no channel."""


def workspace() -> FakeDirectory:
    """Everybody but Gus and Eve is in both channels; the bot, too."""
    directory = FakeDirectory(names={CHANNEL: "music", LOUNGE: "lounge"})
    for user_id, name in ((ADA, "Ada"), (BEN, "Ben"), (CLEO, "Cleo"), (JUDY, "Judy"), (JACK, "Jack")):
        directory.add(user_id, name, CHANNEL, LOUNGE)
    directory.add(OLIVE, "Olive", CHANNEL, LOUNGE, is_admin=True)
    directory.add(GUS, "Gus", is_guest=True)
    directory.add(DINA, "Dina", CHANNEL, is_deleted=True)
    directory.add(ROBOT, "Robot", CHANNEL, is_bot=True)
    directory.add(EVE, "Eve")
    return directory


class WatchedStore(Store):
    """A store that knows whether this thread is in a transaction: all that is slow or outside asks it, and fails there."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._open = local()

    @contextmanager
    def write(self) -> Iterator[Work]:
        with self._counted(), super().write() as work:
            yield work

    @contextmanager
    def read(self) -> Iterator[Work]:
        with self._counted(), super().read() as work:
            yield work

    def require_idle(self) -> None:
        """Raises AssertionError in the middle of a transaction of this thread."""
        assert not getattr(self._open, "count", 0), "something outside was asked in the middle of a transaction"

    @contextmanager
    def _counted(self) -> Iterator[None]:
        before = getattr(self._open, "count", 0)
        self._open.count = before + 1
        try:
            yield
        finally:
            self._open.count = before


@dataclass
class World:
    """The parts, and short ways to get somewhere with them."""

    store: Store
    clock: FakeClock
    ids: SequenceIds
    directory: FakeDirectory
    objects: MemoryObjects
    files: MemoryFiles
    inspector: FakeInspector

    def __post_init__(self) -> None:
        self.posters = FakePosters()
        self.people = People(self.store, self.directory, self.clock)
        self.onboarding = Onboarding(self.store, self.people, self.clock)
        self.answers = Answers(self.store, self.people, self.clock, frozenset(Sub))
        self.rulebook = Rulebook(self.store, self.people)
        self.starter = StarterKit(self.store, self.objects, self.clock)
        self.contests = Contests(self.store, self.people, self.directory, self.clock, self.ids)
        self.editing = Editing(self.store, self.people, self.directory, self.clock, self.ids)
        self.undoing = Undoing(self.store, self.people, self.clock, self.ids)
        self.staff = Staff(self.store, self.people, self.clock, self.ids)
        self.voiding = Voiding(self.store, self.people, self.clock, self.ids)
        self.accounts = Accounts(self.store, self.people, FakeVault(), self.clock, self.ids)
        self.reissues = Reissues(self.store, self.people, self.accounts, FakeVault(), self.clock, self.ids)
        self.exports = Exports(self.store, self.people, self.objects, self.clock, self.ids)
        self.trails = Trails(self.store, self.people)
        self.erasure = Erasure(self.store, self.people, self.objects, self.exports, self.clock, self.ids)
        self.pools = Pools(self.store, self.people, FakeVault(), self.clock, self.ids)
        self.submissions = Submissions(self.store, self.directory, self.clock, self.ids)
        self.hand_ins = HandIns(self.submissions)
        self.compositions = Compositions(self.store, self.clock, self.ids)
        self.late_files = LateFiles(self.store, self.people, self.clock, self.ids)
        self.extensions = Extensions(self.store, self.people, self.clock, self.ids)
        self.mishaps = Mishaps(self.store, self.clock, self.ids)
        self.search = Search(self.store, self.people)
        self.corrections = Corrections(self.store, self.people, self.clock, self.ids)
        self.verdicts = Verdicts(
            self.store, self.files, self.objects, self.inspector, self.clock, self.ids, self.directory
        )
        self.copies = Copies(self.store, self.objects, self.inspector, self.clock, self.ids)
        self.explanations = Explanations(self.store, self.objects, self.clock)
        self.ratings = Ratings(self.store, self.clock, self.ids)
        self.judging = Judging(self.store, self.clock, self.ids)
        self.practice = Practice(self.store, self.objects, self.inspector, self.clock, self.ids)
        self.marks = Marks(self.store, self.people, self.clock, self.ids)
        self.behalf = Behalf(self.store, self.people, self.clock, self.ids)
        self.digests = Digests(self.store, self.clock)
        self.boards = Boards(self.store, self.people, self.clock, self.ids, self.posters, self.objects)
        self.freezing = Freezing(self.store, self.people, self.clock, self.ids)
        self.feedback = Feedback(self.store, self.people, self.clock, self.ids)
        self.calls = Calls(self.store, self.people, self.directory, self.clock, self.ids)
        self.nudges = Nudges(self.store, self.people, self.directory, self.clock, self.ids)

    def new_contest(self, **changes: Any) -> NewContest:
        """The modal for a contest whose deadline is in two hours: Friday 20 November at 15:00 in Berlin."""
        plain: dict[str, Any] = {
            "actor": OLIVE,
            "name": "Bach Jam",
            "slug": "bach-jam",
            "time_zone": "Europe/Berlin",
            "channel_id": CHANNEL,
            "deadline": datetime.fromisoformat("2026-11-20T15:00"),
            "submission_limit": 3,
            "board_cron": "0 18 * * mon-fri",
        }
        return NewContest(**{**plain, **changes})

    def contest(self, phase: Phase = Phase.OPEN, *, practice: bool = False, **changes: Any) -> str:
        """A contest in that phase, whose judges need no practice; its id."""
        contest_id = self.contests.create(self.new_contest(**changes)).contest_id
        if not practice:
            self.without_practice(contest_id)
        order = phases(2 if phase is Phase.FINAL else 1)
        for before in order[: order.index(phase)]:
            self.contests.advance(OLIVE, contest_id, before)
        return contest_id

    def without_practice(self, contest_id: str) -> None:
        """Its judges get their pieces at once."""
        with self.store.write() as work:
            contest = work.contests.lock(contest_id)
            assert contest is not None
            contest.texts = {**contest.texts, "practice": NO_PRACTICE}

    def upload(
        self,
        user_id: str = ADA,
        file_id: str = "F1",
        name: str = "Morning Tide.mid",
        *,
        at: datetime | None = None,
        dm: bool = False,
        **changes: Any,
    ) -> Submission | None:
        """A person uploads a file that Slack takes at ``at`` (now); the submission that it became, if any."""
        moment = at or self.clock.now()
        plain: dict[str, Any] = {
            "file_id": file_id,
            "user_id": user_id,
            "channel_id": f"D{user_id}" if dm else CHANNEL,
            "is_dm": dm,
            "message_ts": f"{int(moment.timestamp())}.{moment.microsecond:06d}",
            "thread_ts": None,
            "filename": name,
            "mimetype": "application/octet-stream",
            "filetype": "binary",
            "size": 300,
        }
        self.files.uploaded.setdefault(file_id, f"bytes of {file_id}".encode())
        self.submissions.receive(Upload(**{**plain, **changes}))
        with self.store.read() as work:
            found = [work.submissions.by_file(contest.id, file_id) for contest in work.contests.newest_first()]
        return next((piece for piece in found if piece is not None), None)

    def accepted(
        self, user_id: str = ADA, file_id: str = "F1", name: str = "Morning Tide.mid", score: float = 70
    ) -> str:
        """A composition that was uploaded, checked and accepted; its id."""
        self.inspector.score(f"bytes of {file_id}".encode(), score)
        piece = self.upload(user_id, file_id, name)
        assert piece is not None
        self.verdicts.check(piece.id)
        return piece.id

    def finale(self, contest_id: str) -> None:
        """Tell how the contest ended, as the worker does after the last phase."""
        ended = self.row(contest_id).finished_at
        assert ended is not None
        Finale(self.store, self.posters, self.objects, self.clock).tell(contest_id, ended.isoformat())

    def piece(self, submission_id: str) -> Submission:
        """The submission as it is now."""
        with self.store.read() as work:
            piece = work.submissions.get(submission_id)
        assert piece is not None
        return piece

    def row(self, contest_id: str) -> Contest:
        """The contest's row as it is now."""
        with self.store.read() as work:
            contest = work.contests.get(contest_id)
        assert contest is not None
        return contest

    def rate(self, judge: str, submission_id: str, *scores: int, comment: str = "") -> Progress:
        """A rating; 3, 3, 3 where no scores are given."""
        values = RatingValues(dict(zip(DEFAULT.keys, scores or (3, 3, 3), strict=True)), comment)
        return self.ratings.rate(RateSubmission(judge, submission_id, values)).progress

    def pool(self, size: int, slug: str = "bach-jam") -> None:
        """Import ``size`` accounts; the first one's password is ``Secret-1``."""
        url = "https://lab.example/signin"
        self.pools.import_pool(slug, [PoolRow(f"acc-{n}", f"lab{n}", f"Secret-{n}", url) for n in range(1, size + 1)])

    def letters(self, kind: str, to: str | None = None) -> list[OutboxRow]:
        """The letters of that kind in the outbox, oldest first."""
        with self.store.read() as work:
            letters = work.outbox.starting("")
        return [row for row in letters if row.message["kind"] == kind and to in {None, row.recipient}]

    def later(self, **parts: float) -> datetime:
        """The moment in so many hours, seconds ..."""
        return self.clock.now() + timedelta(**parts)


@contextmanager
def small_world(folder: Path) -> Iterator[World]:
    """A world in that folder, with an empty database."""
    store = WatchedStore(f"sqlite:///{folder / 'kantor.db'}")
    try:
        store.create_tables()
        world = World(store, FakeClock(), SequenceIds(), workspace(), MemoryObjects(), MemoryFiles(), FakeInspector())
        for outside in (world.directory, world.objects, world.files, world.inspector, world.posters):
            outside.during = store.require_idle
        yield world
    finally:
        store.dispose()

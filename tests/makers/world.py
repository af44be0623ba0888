"""A small workspace with the real use cases on a real SQLite file: Olive organizes, Ada and Ben compose, Judy and Jack judge."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.ports import Outside
from bot.rules.criteria import DEFAULT
from bot.rules.phases import Phase, phases
from bot.rules.secret import Secret
from bot.usecases.accounts.pools import PoolRow
from bot.usecases.contests.contests import NewContest
from bot.usecases.judging.invitations import NO_PRACTICE
from bot.usecases.judging.ratings import Progress, RateSubmission, RatingValues
from bot.usecases.services import Services
from bot.usecases.submissions.arrivals import Upload
from handlers.commands import Sub
from tests.makers.counted import Counted
from tests.makers.databases import empty_store
from tests.makers.fakes import (
    FakeClock,
    FakeDirectory,
    FakeInspector,
    FakePosters,
    FakePrinter,
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
    from models.store import Store
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


class World(Services):
    """The use cases as the bot has them, among fakes; and short ways to get somewhere with them."""

    clock: FakeClock
    directory: FakeDirectory

    def __init__(  # noqa: PLR0917 - the parts
        self,
        store: Store,
        clock: FakeClock,
        ids: SequenceIds,
        directory: FakeDirectory,
        objects: MemoryObjects,
        files: MemoryFiles,
        inspector: FakeInspector,
    ) -> None:
        self.store, self.ids, self.objects, self.files, self.inspector = store, ids, objects, files, inspector
        self.posters, self.printer, self.counted = FakePosters(), FakePrinter(), Counted()
        outside = Outside(
            directory=directory,
            door=directory,
            files=files,
            objects=objects,
            inspector=inspector,
            posters=self.posters,
            printer=self.printer,
            vault=FakeVault(),
            clock=clock,
            ids=ids,
        )
        super().__init__(store, outside, sub_commands=frozenset(Sub), meters=self.counted)
        self.directory = directory  # as it is, so that tests can silence it

    def new_contest(self, **changes: Any) -> NewContest:
        """The modal for a contest whose deadline is in two hours: Friday 20 November at 15:00 in Berlin."""
        plain: dict[str, Any] = {
            "name": "Bach Jam",
            "slug": "bach-jam",
            "time_zone": "Europe/Berlin",
            "channel_id": CHANNEL,
            "deadline": datetime.fromisoformat("2026-11-20T15:00"),
            "submission_limit": 3,
            "board_cron": "0 18 * * mon-fri",
        }
        return NewContest(changes.pop("actor", OLIVE), plain | changes)

    def contest(self, phase: Phase = Phase.OPEN, *, practice: bool = False, fair: bool = False, **changes: Any) -> str:
        """A contest in that phase, whose judges need no practice and whose places go by plain means; its id."""
        contest_id = self.contests.create(self.new_contest(**changes)).contest_id
        if not practice:
            self.without_practice(contest_id)
        if not fair:
            self.with_plain_means(contest_id)
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

    def with_plain_means(self, contest_id: str) -> None:
        """Its scores can be reckoned in one's head."""
        with self.store.write() as work:
            contest = work.contests.lock(contest_id)
            assert contest is not None
            contest.texts = {key: text for key, text in contest.texts.items() if key != "scores"}

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

    def tell_finale(self, contest_id: str) -> None:
        """Tell how the contest ended, as the worker does after the last phase."""
        ended = self.row(contest_id).finished_at
        assert ended is not None
        self.finale.tell(contest_id, ended.isoformat())

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
        self.pools.import_pool(
            slug, [PoolRow(f"acc-{n}", f"lab{n}", Secret(f"Secret-{n}"), url) for n in range(1, size + 1)]
        )

    def letters(self, kind: str, to: str | None = None) -> list[OutboxRow]:
        """The letters of that kind in the outbox, oldest first."""
        with self.store.read() as work:
            letters = work.outbox.of_kinds(kind)
        return [row for row in letters if to in {None, row.recipient}]

    def later(self, **parts: float) -> datetime:
        """The moment in so many hours, seconds ..."""
        return self.clock.now() + timedelta(**parts)


@contextmanager
def small_world(folder: Path) -> Iterator[World]:
    """A world with an empty database, which is seen in that folder."""
    with empty_store(folder) as store:
        yield world_of(store)


def world_of(store: Store) -> World:
    """A world with that database."""
    return World(store, FakeClock(), SequenceIds(), workspace(), MemoryObjects(), MemoryFiles(), FakeInspector())

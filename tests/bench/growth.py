"""How what Kantor does grows with how much there is: ``make bench ARGS=--growth`` (``--only board,home``, ``--runs N``).

Everything runs in this process, on a database that is filled first, without Slack and without sockets: what is measured is processor
time. The exponent is the slope of its logarithm over the size's: 0 where the size does not matter, 1 where twice the size takes twice
the time, 2 where it takes four times.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from bot.adapters.clock import SystemClock
from bot.ports import Posted
from bot.pump import OutboxPump
from bot.rules.phases import Phase
from bot.rules.standings import Scores
from bot.usecases.judging.ratings import RateSubmission, RatingValues
from judge.assess import assess
from models.judging import Rating
from models.outbox import LetterState
from models.submissions import Submission, SubmissionState
from tests.makers.playing import imitation, midi
from tests.makers.world import ADA, CHANNEL, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.ports import Claim, Letter

SIZES = (10, 100, 1_000)
EACH = 8
"""Ratings that each piece has."""
PIECES = 8
"""Where it is not the pieces that grow."""
SCORES = {"originality": 3, "balance": 4, "emotional": 3}
PATIENCE = 600.0
PLAYED = 40
"""Files that are not each other's copies; a longer pile has them again."""


@contextmanager
def contest(
    folder: Path, phase: Phase = Phase.JUDGING, *, pieces: int = PIECES, judges: int = EACH, ratings: int = 0
) -> Iterator[tuple[World, str]]:
    """A world with a contest in that phase, so many judges, and so many pieces, each by a person of its own and rated by ``ratings`` judges."""
    with small_world(folder) as world:
        made = world.contest(Phase.OPEN)
        named = [f"U0JUDGE{number}" for number in range(judges)]
        for judge in named:
            world.directory.add(judge, judge.title(), CHANNEL)
        world.contests.add_judges(OLIVE, CHANNEL, named)
        fill(world, made, pieces, named[:ratings])
        if phase is not Phase.OPEN:
            world.contests.advance(OLIVE, made, Phase.OPEN)
        yield world, made


def fill(world: World, contest_id: str, pieces: int, judges: Sequence[str]) -> None:
    """So many accepted compositions, each rated by these judges."""
    now = world.clock.now()
    rows = [_piece(world, contest_id, number, now) for number in range(1, pieces + 1)]
    given = [_rating(world, row, judge, now) for row in rows for judge in judges]
    with world.store.write() as work:
        work.submissions.add_all(rows)
        work.ratings.add_all(given)


def _piece(world: World, contest_id: str, number: int, now: datetime) -> Submission:
    name = world.ids.new()
    return Submission(
        id=name, root_id=name, version=1, in_final=False, contest_id=contest_id, user_id=f"U0P{number}", slack_file_id=f"FP{number}",
        channel_id=CHANNEL, message_ts=f"{number}.000100", in_dm=False, filename="a.mid", title=f"Piece {number}",
        name=f"#bach-jam-{number}", alias=f"alias {number}", number=1, size=300, folder=f"contests/{contest_id}/{name}/{name}", state=SubmissionState.ACCEPTED,
        received_at=now, uploaded_at=now,
    )  # fmt: skip


def _rating(world: World, piece: Submission, judge: str, now: datetime) -> Rating:
    return Rating(
        id=world.ids.new(), contest_id=piece.contest_id, submission_id=piece.id, judge=judge, round="preliminary", scores=SCORES,
        comment="Good.", private_note="", created_at=now, updated_at=now,
    )  # fmt: skip


def seconds(action: Callable[[], object]) -> float:
    """The processor time of this process, all of its threads, that it takes."""
    began = time.process_time()
    action()
    return time.process_time() - began


def _first_pieces(world: World, contest_id: str) -> list[str]:
    with world.store.read() as work:
        return [piece.id for piece in work.submissions.accepted(contest_id)]


def _rated(judge: str, piece: str, number: int = 0) -> RateSubmission:
    return RateSubmission(judge, piece, RatingValues({**SCORES, "originality": 1 + number % 5}, f"Comment {number}."))


def ratings(folder: Path, size: int) -> float:
    """So many judges rate one piece each at the same moment: all of it, in one transaction."""
    with contest(folder, judges=size) as (world, made):
        piece = _first_pieces(world, made)[0]
        asked = [_rated(f"U0JUDGE{number}", piece, number) for number in range(size)]
        return seconds(lambda: world.ratings.rate_all(asked))


def rating_pieces(folder: Path, size: int) -> float:
    """One rating where there are so many pieces, each with 8 ratings."""
    with contest(folder, pieces=size, judges=EACH + 1, ratings=EACH) as (world, made):
        piece = _first_pieces(world, made)[0]
        return seconds(lambda: world.ratings.rate(_rated(f"U0JUDGE{EACH}", piece)))


def rating_judges(folder: Path, size: int) -> float:
    """One rating where there are so many judges."""
    with contest(folder, judges=size) as (world, made):
        piece = _first_pieces(world, made)[0]
        return seconds(lambda: world.ratings.rate(_rated("U0JUDGE1", piece)))


def board(folder: Path, size: int) -> float:
    """The live board of so many pieces with 8 ratings each."""
    with contest(folder, pieces=size, ratings=EACH) as (world, _):
        return seconds(lambda: world.boards.show(OLIVE, CHANNEL))


_TURNS = count()


def _fairly(world: World, contest_id: str) -> None:
    """From now on its places go by fair scores, of ratings that differ; whatever is loaded once is loaded."""
    with world.store.write() as work:
        row = work.contests.lock(contest_id)
        assert row is not None
        row.texts = {**row.texts, "scores": Scores.FAIR}
        for number, each in enumerate(work.ratings.of_contest(contest_id)):
            each.scores = {key: 1 + (number * (3 + at) + number // 8) % 5 for at, key in enumerate(SCORES)}
    world.boards.show(OLIVE, CHANNEL)


def fair_board(folder: Path, size: int) -> float:
    """The same by fair scores, for the first time after a rating: all of them are weighed."""
    with contest(folder, pieces=size, ratings=EACH) as (world, made):
        _fairly(world, made)
        # Another one each time: what was weighed before, in whichever contest, is known.
        world.ratings.rate(_rated("U0JUDGE1", _first_pieces(world, made)[next(_TURNS)]))
        return seconds(lambda: world.boards.show(OLIVE, CHANNEL))


def fair_board_again(folder: Path, size: int) -> float:
    """The same while nobody has rated anything since."""
    with contest(folder, pieces=size, ratings=EACH) as (world, made):
        _fairly(world, made)
        return seconds(lambda: world.boards.show(OLIVE, CHANNEL))


def home(folder: Path, size: int) -> float:
    """An organizer's Home with so many pieces with 8 ratings each."""
    with contest(folder, pieces=size, ratings=EACH) as (world, _):
        return seconds(lambda: world.people.home(OLIVE))


def home_judge(folder: Path, size: int) -> float:
    """A judge's Home with so many pieces, all rated by them."""
    with contest(folder, pieces=size, ratings=EACH) as (world, _):
        return seconds(lambda: world.people.home("U0JUDGE1"))


def export(folder: Path, size: int) -> float:
    """The export of so many pieces with 8 ratings each."""
    with contest(folder, pieces=size, ratings=EACH) as (world, made):
        return seconds(lambda: world.exports.make(made, OLIVE, "all", world.ids.new()))


def begin(folder: Path, size: int) -> float:
    """The judging begins, with so many judges and 8 pieces."""
    with contest(folder, Phase.OPEN, judges=size) as (world, made):
        return seconds(lambda: world.contests.advance(OLIVE, made, Phase.OPEN))


def digests(folder: Path, size: int) -> float:
    """The look for judges to remind, of so many, who are all due."""
    with contest(folder, judges=size) as (world, _):
        world.clock.advance(hours=26)
        return seconds(world.digests.send_due)


def welcome(folder: Path, size: int) -> float:
    """One person comes into a channel of so many."""
    with _crowded(folder, size) as (world, _):
        world.directory.add("U0NEW", "New", CHANNEL)
        return seconds(lambda: world.onboarding.joined("U0NEW", CHANNEL))


def upload(folder: Path, size: int) -> float:
    """One upload and its check, in a channel of so many who all had their checklist."""
    with _crowded(folder, size) as (world, _):
        return seconds(lambda: world.accepted(ADA, "F9"))


def last_day(folder: Path, size: int) -> float:
    """The last day's reminder to so many people without a composition."""
    with _crowded(folder, size, hours=36) as (world, _):
        world.clock.advance(hours=24)
        return seconds(world.last_day.remind)


@contextmanager
def _crowded(folder: Path, size: int, hours: float = 2) -> Iterator[tuple[World, str]]:
    """An open contest whose deadline is in so many hours, and so many people in its channel, who all have their checklist."""
    with small_world(folder) as world:
        close = (world.clock.now() + timedelta(hours=hours)).replace(tzinfo=None)
        made = world.contest(Phase.OPEN, deadline=close + timedelta(hours=1))
        for number in range(size):
            world.directory.add(f"U0IN{number}", f"In {number}", CHANNEL)
            world.onboarding.joined(f"U0IN{number}", CHANNEL)
        yield world, made


@dataclass
class _Postman:
    """Delivers at once, and says when the last one has come."""

    wanted: int
    delivered: int = 0
    all_there: threading.Event = field(default_factory=threading.Event)
    desk: threading.Lock = field(default_factory=threading.Lock)

    def deliver(self, _letter: Letter, _claim: Claim) -> Posted:
        """Count it."""
        with self.desk:
            self.delivered += 1
            if self.delivered == self.wanted:
                self.all_there.set()
            return Posted("C1", f"{self.delivered}.000100")

    def withdraw(self, posted: Posted) -> None:
        """Never asked for."""
        raise AssertionError(f"{posted} was no twin")


def letters(folder: Path, size: int) -> float:
    """So many letters to as many people are sent."""
    return _sent(folder, size, lambda number: f"U0P{number}")


def letters_channel(folder: Path, size: int) -> float:
    """So many letters to one channel are sent, one after the other."""
    return _sent(folder, size, lambda _: CHANNEL)


def letters_threads(folder: Path, size: int) -> float:
    """So many letters to one channel are sent, each in a thread of its own."""
    return _sent(folder, size, lambda _: CHANNEL, threads=True)


def letters_history(folder: Path, size: int) -> float:
    """Ten letters are sent where ten times so many were sent before."""
    return _sent(folder, 10, lambda number: f"U0P{number}", history=10 * size)


def _sent(folder: Path, size: int, to: Callable[[int], str], *, threads: bool = False, history: int = 0) -> float:
    with small_world(folder) as world:
        now, postman = datetime.now(UTC), _Postman(size)
        message = {"kind": "card", "text": "x" * 500}
        with world.store.write() as work:
            for number in range(history):
                work.outbox.add(f"before:{number}", to(number), message, now=now)
            for row in work.outbox.of_kinds("card"):
                row.state = LetterState.SENT
            for number in range(size):
                thread = f"{number}.000100" if threads else None
                work.outbox.add(f"letter:{number}", to(number), message, thread_ts=thread, now=now)
        pump = OutboxPump(world.store, postman, SystemClock(), pace=0.0)

        def run() -> None:
            pump.start()
            assert postman.all_there.wait(PATIENCE)
            pump.stop()

        return seconds(run)


def files(_: Path, size: int) -> float:
    """The AI judge: so many files, from their bytes to the score."""
    pile = [midi(imitation(number, quarters=32.0)) for number in range(min(size, PLAYED))]
    return seconds(lambda: [assess(pile[number % len(pile)]) for number in range(size)])


MEASURES: dict[str, tuple[Callable[[Path, int], float], float]] = {
    "ratings": (ratings, 1),
    "rating_pieces": (rating_pieces, 0),
    "rating_judges": (rating_judges, 0),
    "board": (board, 1),
    "fair_board": (fair_board, 1),
    "fair_board_again": (fair_board_again, 1),
    "home": (home, 1),
    "home_judge": (home_judge, 1),
    "export": (export, 1),
    "begin": (begin, 1),
    "digests": (digests, 1),
    "welcome": (welcome, 0),
    "upload": (upload, 0),
    "last_day": (last_day, 1),
    "letters": (letters, 1),
    "letters_channel": (letters_channel, 1),
    "letters_threads": (letters_threads, 1),
    "letters_history": (letters_history, 0),
    "files": (files, 1),
}
"""Each with the exponent of the work itself: 1 where so many things are to be done, or to be looked at, 0 where it is one thing."""


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    asked = _asked(arguments)
    table = Table(
        title=f"How it grows, {datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, processor time, the least of {asked.runs} runs"
    )
    for column in ("what", *(f"{size:,}" for size in SIZES), "exponent", "last step", "the work's"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for name in asked.only:
        measure, own = MEASURES[name]
        took = measured(measure, SIZES, asked.runs)
        told = [f"{each * 1000:.1f} ms" for each in took]
        sys.stderr.write(f"  {name}: {', '.join(told)}\n")  # it takes minutes
        slopes = (f"{exponent(SIZES[first:], took[first:]):.2f}" for first in (0, 1))
        table.add_row(str(measure.__doc__).rstrip("."), *told, *slopes, f"{own:g}")
    Console(width=170).print(table)
    sys.stdout.write(f"load average {os.getloadavg()[0]:.1f}\n")


def measured(measure: Callable[[Path, int], float], sizes: Sequence[int], runs: int) -> list[float]:
    """The least time of each size: what else the machine does makes none shorter. A first run fills what is kept between runs."""
    found = []
    for size in (sizes[0], *sizes):
        times = []
        for _ in range(runs):
            with tempfile.TemporaryDirectory(prefix="kantor-growth-") as folder:
                times.append(measure(Path(folder), size))
        found.append(min(times))
    return found[1:]


def exponent(sizes: Sequence[int], took: Sequence[float]) -> float:
    """The slope of the line of least squares through the logarithms."""
    across, up = [math.log(size) for size in sizes], [math.log(max(each, 1e-6)) for each in took]
    middle, mean = sum(across) / len(across), sum(up) / len(up)
    above = sum((x - middle) * (y - mean) for x, y in zip(across, up, strict=True))
    return above / sum((x - middle) ** 2 for x in across)


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.run", description=__doc__)
    parser.add_argument("--growth", action="store_true", help="this table")
    parser.add_argument("--runs", type=int, default=3, help="of each, of which the least counts")
    parser.add_argument("--only", type=_names, default=list(MEASURES), help="lines, such as board,home")
    return parser.parse_args(arguments)


def _names(text: str) -> list[str]:
    names = text.split(",")
    unknown = [name for name in names if name not in MEASURES]
    if unknown:
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: choose from {', '.join(MEASURES)}")
    return names

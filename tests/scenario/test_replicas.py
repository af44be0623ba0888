"""Several ``kantor run`` and ``kantor worker`` on one PostgreSQL, and every few seconds one of each is killed."""

from __future__ import annotations

import random
import sys
import threading
from collections import Counter
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from bot.sandbox.client import SandboxError
from bot.sandbox.server import SandboxServer
from tests.makers.pieces import melody
from tests.makers.postgres import postgres_database
from tests.makers.stage import CHANNEL, MANIFEST, BotProcess, Stage, eventually, settings_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from bot.sandbox.client import Person

pytestmark = pytest.mark.processes

MINUTE = 60.0
OPEN_JOBS = "SELECT count(*) FROM job WHERE state IN ('queued', 'running')"
OPEN_LETTERS = "SELECT count(*) FROM outbox WHERE state IN ('pending', 'claimed')"
SECONDS = 180.0
"""Of patience: five processes share two cores with whoever else works there."""


@dataclass
class Replica:
    """A process of the fleet; ``word`` is in its log as soon as it is at work."""

    process: BotProcess
    log: Path
    word: str
    lives: int = 0

    def start(self) -> None:
        """Begin another life."""
        self.process.start()
        self.lives += 1

    def is_up(self) -> bool:
        """Whether the present life has said that it is at work."""
        return self.log.read_text(encoding="utf-8").count(self.word) >= self.lives


@dataclass
class Fleet:
    """A workspace, and several replicas of the bot in it."""

    stage: Stage
    folder: Path
    url: str
    runs: list[Replica] = field(default_factory=list)
    workers: list[Replica] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)

    def man(self, runs: int, workers: int) -> None:
        """Start so many of each, all at once: the first of them makes the tables."""
        for number in range(runs):
            self.runs.append(self._replica(f"run{number}", "event='running'", "run"))
        for number in range(workers):
            self.workers.append(self._replica(f"worker{number}", "event='working'", "worker", "--jobs", "1"))
        for replica in self.runs + self.workers:
            replica.start()
        for replica in self.runs + self.workers:
            eventually(replica.is_up, str(replica.log), SECONDS)

    def _replica(self, name: str, word: str, *command: str) -> Replica:
        log = self.folder / f"{name}.log"
        # Letters go by the workspace's clock, which goes on in steps; workers' hearts beat by the database's.
        lease = {"lease_seconds": 2.0 if "worker" in command else 2 * MINUTE}
        settings = self.stage.settings.model_copy(update=lease)
        process = BotProcess(settings, log, (sys.executable, "-m", "bot", *command))
        return Replica(process, log, word)

    def dismiss(self) -> None:
        """End all of them."""
        for replica in self.runs + self.workers:
            if replica.lives:
                replica.process.kill()

    @contextmanager
    def under_fire(self) -> Iterator[None]:
        """Meanwhile one of each that is at work is killed and started again, every two seconds, as long as another one is."""
        ceasefire = threading.Event()
        shooter = threading.Thread(target=self._shoot, args=(ceasefire,))
        shooter.start()
        try:
            yield
        finally:
            ceasefire.set()
            shooter.join()

    def _shoot(self, ceasefire: threading.Event) -> None:
        chance = random.Random(12)
        while not ceasefire.wait(chance.uniform(1.0, 2.0)):
            for kind, crew in (("run", self.runs), ("worker", self.workers)):
                up = [replica for replica in crew if replica.is_up()]
                if len(up) > 1:  # somebody stays; a crowded machine takes long to start another
                    victim = chance.choice(up)
                    victim.process.kill()
                    self.kills[kind] += 1
                    victim.start()

    def number(self, question: str) -> int:
        """The one number that the database answers."""
        return int(self.rows(question)[0][0])

    def rows(self, question: str) -> list[tuple[Any, ...]]:
        """What the database answers."""
        with psycopg.connect(self.url) as connection:
            return connection.execute(question).fetchall()

    def letters(self) -> Counter[str]:
        """How often each of our letters is in the workspace, by the key in its metadata, and each picture's share by its file."""
        people = (self.stage.olive, self.stage.ada, self.stage.ben, self.stage.cleo, self.stage.judy, self.stage.jack)
        places = {CHANNEL, *(person.open_dm() for person in people)}
        messages = [message for place in places for message in self.stage.slack.all_messages(place)]
        found = [(message.get("metadata") or {}).get("event_payload", {}).get("key") for message in messages]
        return Counter(key for key in found if key)

    def settle(self, uploads: Sequence[str] = ()) -> None:
        """Until these are known, and nothing is due any more; the clock goes on: some of it waits for Slack's next try, or a lease's end."""

        def is_quiet() -> bool:
            known = {ts for (ts,) in self.rows("SELECT message_ts FROM submission")}
            if known >= set(uploads) and self.number(OPEN_JOBS) == 0 == self.number(OPEN_LETTERS):
                return True
            self.stage.slack.advance(5)
            return False

        eventually(is_quiet, "an empty outbox", SECONDS)


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    clock = tmp_path / "clock"
    with ExitStack() as behind:
        url = behind.enter_context(postgres_database(tables=False))
        server = behind.enter_context(SandboxServer(manifest=MANIFEST, rate_limits=True, clock_file=clock))
        settings = settings_for(server, tmp_path, KANTOR_DATABASE_URL=url, KANTOR_SANDBOX_CLOCK=clock)
        stage = Stage(server, settings)
        behind.callback(stage.slack.close)
        fleet = Fleet(stage, tmp_path, url)
        behind.callback(fleet.dismiss)
        yield fleet


def patiently(action: Callable[[], Any]) -> Any:
    """What a person does who gets no answer: the same again."""
    answers: list[Any] = []

    def is_done() -> bool:
        try:
            answers.append(action())
        except (SandboxError, AssertionError):
            return False
        return True

    eventually(is_done, "an answer", SECONDS)
    return answers[0]


def rate(stage: Stage, judge: Person, number: int, comment: str) -> None:
    """The judge opens a piece of theirs and saves a rating; where no answer came, they do it again."""
    scores = {"originality": "4", "balance": "3", "emotional": "5", "comment": comment}

    def once() -> None:
        stage.close_all(judge)
        judge.click(stage.invitation(judge, number), "rate")
        form = judge.wait_for_view(lambda view: view["callback_id"] == "rate", 10)
        answer = judge.submit(form, scores)
        assert answer["ok"], answer

    patiently(once)


def cards(stage: Stage, ts: str) -> int:
    """How many are below an upload."""
    return sum("🎼" in message["text"] for message in stage.thread(CHANNEL, ts))


def hand_in(fleet: Fleet, pieces: int) -> list[str]:
    """Ada, Ben and Cleo upload so many each; the times of the messages."""
    people, sent = (fleet.stage.ada, fleet.stage.ben, fleet.stage.cleo), []
    for number in range(pieces * len(people)):
        who = people[number % len(people)]
        sent.append(str(who.upload(CHANNEL, f"piece{number}.mid", melody(number + 1))["ts"]))
        fleet.stage.slack.advance(5)
    return sent


def slots(fleet: Fleet) -> list[int]:
    """The minutes whose board was posted, as minutes since the epoch."""
    return [int(slot.timestamp() // 60) for (slot,) in fleet.rows("SELECT slot FROM board_slot ORDER BY slot")]


def next_slot(fleet: Fleet) -> None:
    """The clock goes on to the next full minute, once the board of the last one is there; somebody posts the next one."""
    past = int(fleet.stage.slack.advance(0) // MINUTE)
    eventually(lambda: not slots(fleet) or past in slots(fleet), "the board of the last minute", SECONDS)
    fleet.stage.slack.advance((past + 1) * MINUTE - fleet.stage.slack.advance(0) + 1)
    eventually(lambda: past + 1 in slots(fleet), "the next board", SECONDS)


def nothing_lost_nothing_doubled(fleet: Fleet, uploads: list[str], ratings: dict[tuple[str, str], str]) -> None:
    """Whatever was accepted or acknowledged is there, and once."""
    seen = fleet.letters()
    assert {} == {key: times for key, times in seen.items() if times > 1}
    assert dict.fromkeys(uploads, 1) == {ts: cards(fleet.stage, ts) for ts in uploads}
    stored = fleet.rows("SELECT judge, comment, count(*) FROM rating GROUP BY judge, comment")
    assert dict.fromkeys(ratings.values(), 1) == {comment: times for _, comment, times in stored}
    assert 0 == fleet.number("SELECT count(*) FROM job WHERE state = 'failed'")
    assert 0 == fleet.number("SELECT count(*) FROM outbox WHERE state = 'failed'")


def play(fleet: Fleet, pieces: int, minutes: int) -> None:
    """A contest from the first upload to the last rating, and what must hold then."""
    stage, ratings = fleet.stage, {}
    stage.contest(board_cron="* * * * *")
    with fleet.under_fire():
        uploads = hand_in(fleet, pieces)
        fleet.settle(uploads)
    stage.next_phase()
    fleet.settle()
    with fleet.under_fire():
        for number in range(1, len(uploads) + 1):
            for judge in (stage.judy, stage.jack):
                comment = ratings[judge.id, str(number)] = f"{judge.id} on piece {number}"
                rate(stage, judge, number, comment)
            if number <= minutes:
                next_slot(fleet)
        posted = slots(fleet)
    assert posted == list(range(posted[0], posted[0] + max(minutes, len(posted))))
    fleet.settle()
    nothing_lost_nothing_doubled(fleet, uploads, ratings)
    assert min(fleet.kills["run"], fleet.kills["worker"]) >= minutes // 2, fleet.kills


def test_two_of_each(fleet: Fleet) -> None:
    """In short: three compositions, two boards."""
    fleet.man(2, 2)
    play(fleet, pieces=1, minutes=2)


@pytest.mark.slow
def test_three_bots_and_two_workers(fleet: Fleet) -> None:
    """Nine compositions, eighteen ratings, nine boards, while one of each is killed every two seconds."""
    fleet.man(3, 2)
    play(fleet, pieces=3, minutes=9)

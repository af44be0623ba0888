"""Letters in one go: taken up in one transaction, written down in another, and nothing is promised less."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from bot.errors import RateLimited
from bot.ports import Posted
from bot.pump import AT_ONCE, OutboxPump
from models.outbox import LetterState
from models.store import Store
from tests.makers.databases import with_tables
from tests.makers.fakes import FakeClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.ports import Claim, Letter
    from models.store import Work

FILE = {"object_key": "a.png", "filename": "a.png", "title": "A"}


class CountingStore(Store):
    """Counts the transactions that keep everybody else from writing."""

    writes = 0

    @contextmanager
    def write(self) -> Iterator[Work]:
        """As ever."""
        self.writes += 1
        with super().write() as work:
            yield work


@dataclass
class Postman:
    """Asks for its claim, takes its time, and delivers, or fails as it is told by the letter's key."""

    clock: FakeClock
    seconds: float = 0.0
    failures: dict[str, Exception] = field(default_factory=dict)
    delivered: list[str] = field(default_factory=list)

    def deliver(self, letter: Letter, claim: Claim) -> Posted:
        claim.renew()
        self.clock.advance(seconds=self.seconds)
        if letter.key in self.failures:
            raise self.failures.pop(letter.key)
        self.delivered.append(letter.key)
        return letter.rewrites or Posted(f"D{letter.to}", f"{len(self.delivered)}.000100")

    def withdraw(self, posted: Posted) -> None:
        raise AssertionError(f"{posted} was no twin")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CountingStore]:
    store = CountingStore(with_tables(tmp_path / "kantor.db"))
    yield store
    store.dispose()


def write(store: Store, clock: FakeClock, *keys: str, to: str = "") -> None:
    """A letter of each key, each to somebody else where nobody is named."""
    with store.write() as work:
        for key in keys:
            work.outbox.add(key, to or f"U{key}", {"kind": "receipt"}, now=clock.now())


def states(store: Store) -> dict[str, tuple[LetterState, int]]:
    """How far each letter is, and how often it was tried."""
    with store.read() as work:
        return {row.key: (row.state, row.attempts) for row in work.outbox.of_kinds()}


def alone(store: Store, postman: Postman, clock: FakeClock) -> OutboxPump:
    """A pump of one thread."""
    return OutboxPump(store, postman, clock, threads=1)


def test_many_letters_cost_two_transactions(store: CountingStore, clock: FakeClock) -> None:
    """Whoever rates in the meantime waits for the disk twice, and not three times a letter."""
    keys = [str(number) for number in range(AT_ONCE)]
    write(store, clock, *keys)
    store.writes, postman = 0, Postman(clock)
    alone(store, postman, clock)._step()
    assert (keys, 2) == (postman.delivered, store.writes)
    assert {(LetterState.SENT, 1)} == set(states(store).values())


def test_other_threads_have_their_share(store: CountingStore, clock: FakeClock) -> None:
    """Of four letters one thread of four takes one: the others need not wait for it."""
    write(store, clock, "1", "2", "3", "4")
    postman = Postman(clock)
    OutboxPump(store, postman, clock, threads=4)._step()
    assert ["1"] == postman.delivered


def test_one_message_to_somebody_at_a_time(store: CountingStore, clock: FakeClock) -> None:
    """In order, and with Slack's second between them, also where many are taken up in one go; nobody else waits for that."""
    write(store, clock, "1", "2", to="U1")
    write(store, clock, "3")
    postman = Postman(clock)
    pump = alone(store, postman, clock)
    pump._step()
    assert ["1", "3"] == postman.delivered
    assert 1.0 == pump._step().total_seconds()
    clock.advance(seconds=1)
    pump._step()
    assert ["1", "3", "2"] == postman.delivered


def test_files_come_alone(store: CountingStore, clock: FakeClock) -> None:
    """They take long, and whoever's message comes in the meantime should not wait behind many of them."""
    with store.write() as work:
        for key in ("1", "2"):
            work.outbox.add(key, "C1", {"kind": "card"}, [FILE], key, now=clock.now())
    postman = Postman(clock)
    alone(store, postman, clock)._step()
    assert ["1"] == postman.delivered


def test_where_slack_asks_to_wait_the_others_are_put_back(store: CountingStore, clock: FakeClock) -> None:
    """They were not tried, go when the wait is over, and it is no second try of theirs then."""
    write(store, clock, "1", "2", "3")
    postman = Postman(clock, failures={"2": RateLimited(30, for_all=True)})
    pump = alone(store, postman, clock)
    pump._step()
    assert {"1": (LetterState.SENT, 1), "2": (LetterState.PENDING, 0), "3": (LetterState.PENDING, 0)} == states(store)
    clock.advance(seconds=30)
    pump._step()
    assert ["1", "2", "3"] == postman.delivered
    assert {(LetterState.SENT, 1)} == set(states(store).values())


def test_slow_letters_are_written_down_soon(store: CountingStore, clock: FakeClock) -> None:
    """What has arrived does not wait for all the others that were taken up with it."""
    write(store, clock, "1", "2", "3")
    postman = Postman(clock, seconds=0.6)
    alone(store, postman, clock)._step()
    assert ["1", "2"] == postman.delivered
    assert {"1": (LetterState.SENT, 1), "2": (LetterState.SENT, 1), "3": (LetterState.PENDING, 0)} == states(store)


def test_whoever_stops_puts_back_what_is_left(store: CountingStore, clock: FakeClock) -> None:
    """The next start sends it at once: it does not wait for the end of a lease."""
    write(store, clock, "1", "2")
    postman = Postman(clock)
    pump = alone(store, postman, clock)
    pump._stopping.set()
    pump._step()
    assert [] == postman.delivered
    assert {(LetterState.PENDING, 0)} == set(states(store).values())


def test_an_edit_goes_where_its_letter_is(store: CountingStore, clock: FakeClock) -> None:
    """Edits go in one go, too, each to its own message."""
    write(store, clock, "1", "2")
    postman = Postman(clock)
    pump = alone(store, postman, clock)
    pump._step()
    with store.write() as work:
        for key in ("1", "2"):
            work.outbox.add_edit(f"{key}:edit", key, {"kind": "receipt"}, now=clock.now())
    pump._step()
    with store.read() as work:
        places = {row.key: (row.sent_channel, row.sent_ts) for row in work.outbox.of_kinds()}
    assert [places["1"], places["2"]] == [places["1:edit"], places["2:edit"]]
    assert ("DU1", "1.000100") == places["1"]

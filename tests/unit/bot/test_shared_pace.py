"""Several bots on one PostgreSQL keep one pace: Slack counts the messages of all of them together."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.errors import RateLimited
from bot.ports import Posted
from bot.pump import SOON, OutboxPump
from models.outbox import Lane
from tests.makers.fakes import FakeClock
from tests.makers.postgres import postgres_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.ports import Claim, Letter
    from models.store import Store

LONG = timedelta(hours=1)
"""Nobody's test waits for its end."""


@dataclass
class Postman:
    """Delivers, or fails each time."""

    failure: Exception | None = None
    delivered: list[str] = field(default_factory=list)

    def deliver(self, letter: Letter, claim: Claim) -> Posted:
        claim.renew()
        if self.failure is not None:
            raise self.failure
        self.delivered.append(letter.key)
        return Posted(letter.to, f"{len(self.delivered)}.000100")

    def withdraw(self, posted: Posted) -> None:
        raise AssertionError(f"{posted} was no twin")


@pytest.fixture
def store() -> Iterator[Store]:
    with postgres_store() as store:
        yield store


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def pump(store: Store, clock: FakeClock, postman: Postman, pace: float = LONG.total_seconds()) -> OutboxPump:
    """One of several bots; each knows by itself only what it has done."""
    return OutboxPump(store, postman, clock, threads=1, pace=pace)


def write(store: Store, clock: FakeClock, *letters: tuple[str, str]) -> None:
    """A letter of each key to each recipient, each in a thread of its own."""
    with store.write() as work:
        for key, to in letters:
            work.outbox.add(key, to, {"kind": "receipt"}, thread_ts=key, now=clock.now())


def test_one_message_a_pace_whoever_sends_it(store: Store, clock: FakeClock) -> None:
    """What the first has sent, the second waits for; others get theirs."""
    write(store, clock, ("1", "C1"), ("2", "C1"))
    postman = Postman()
    first, second = pump(store, clock, postman), pump(store, clock, postman)
    first._step()
    write(store, clock, ("3", "C2"))
    second._step()
    second._step()
    assert ["1", "3"] == postman.delivered


def test_the_next_bot_goes_on_when_the_pace_is_over(store: Store, clock: FakeClock) -> None:
    """Nothing is held for longer than that."""
    write(store, clock, ("1", "C1"), ("2", "C1"))
    postman = Postman()
    pump(store, clock, postman, pace=0)._step()
    pump(store, clock, postman)._step()
    assert ["1", "2"] == postman.delivered


def test_slacks_pause_holds_for_all(store: Store, clock: FakeClock) -> None:
    """Slack asked one of them to wait; the other one does not even try."""
    write(store, clock, ("1", "C1"), ("2", "C2"))
    limit = RateLimited(LONG.total_seconds(), for_all=True)
    limited, other = pump(store, clock, Postman(limit), pace=0), Postman()
    limited._step()
    pump(store, clock, other)._step()
    assert [] == other.delivered


def test_a_failure_lets_the_next_one_go(store: Store, clock: FakeClock) -> None:
    """What failed rests no longer than what was sent."""
    write(store, clock, ("1", "C1"), ("2", "C1"))
    pump(store, clock, Postman(ValueError()), pace=0)._step()
    other = Postman()
    pump(store, clock, other)._step()
    assert ["2"] == other.delivered


def test_a_bot_that_is_killed_holds_nobody_for_long(store: Store, clock: FakeClock) -> None:
    """Not until its lease is over: a busy channel would stand still for a minute."""
    write(store, clock, ("1", "C1"))
    pump(store, clock, Postman(), pace=0)._claim(clock.now())
    with store.read() as work:
        assert work.pace.waits().get("C1", SOON) <= SOON


def test_of_two_who_reach_for_a_recipient_one_has_it(store: Store) -> None:
    """And where it is killed with that, the next one has it when the time is over."""
    with store.write() as work:
        assert {"C1", "C2"} == work.pace.take(["C1", "C2"], LONG)
    with store.write() as work:
        assert {"C3"} == work.pace.take(["C1", "C3"], timedelta(0))
        assert {"C3"} == work.pace.take(["C3"], LONG)


def test_what_says_no_more_is_taken_out(store: Store) -> None:
    """Whom we wrote to is not kept here."""
    with store.write() as work:
        work.pace.shut({"C1": -2 * LONG, "C2": LONG, f"lane:{Lane.EDITS}": -2 * LONG})
        work.pace.forget_old()
        assert {"C2"} == work.pace.waits().keys()
        assert work.pace.get("C1") is None

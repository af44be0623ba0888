"""What is counted of a bot's work, where it is done."""

from __future__ import annotations

from datetime import timedelta
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.adapters.timed import TimedInspector
from bot.crew import TRIES
from bot.errors import InspectionFailed, RateLimited, Unavailable, Undeliverable
from bot.ports import Posted
from bot.pump import OutboxPump
from bot.sandbox.client import Sandbox
from bot.sandbox.server import SandboxServer
from bot.turns import Task, Turns
from handlers.slack.clients import asking_client, posting_client
from judge.refusals import MidiRefusal, RefusalCode
from tests.makers.counted import Counted
from tests.makers.databases import empty_store
from tests.makers.fakes import FakeClock, FakeInspector
from tests.makers.stage import MANIFEST
from tests.makers.world import ADA, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.ports import Claim, Letter
    from models.jobs import Job
    from models.store import Store

HOUR = timedelta(hours=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with empty_store(tmp_path) as store:
        yield store


class Moody:
    """A postman who does as the letter's key says."""

    def __init__(self) -> None:
        self.sent = 0

    def deliver(self, letter: Letter, claim: Claim) -> Posted:
        claim.renew()
        if letter.key == "busy":
            raise RateLimited(60)
        if letter.key == "gone":
            raise Undeliverable("the channel is archived")
        self.sent += 1
        return Posted(f"D{letter.to}", f"{self.sent}.0")

    def withdraw(self, posted: Posted) -> None:
        """Nothing is."""


def test_letters_are_counted_by_what_came_of_them(store: Store) -> None:
    """By their kind and lane; an edit of what never arrived is dropped."""
    clock, meters = FakeClock(), Counted()
    picture = {"object_key": "a.png", "filename": "a.png", "title": "A"}
    with store.write() as work:
        work.outbox.add("card", "U1", {"kind": "card"}, [picture], now=clock.now())
        work.outbox.add("gone", "U2", {"kind": "receipt"}, now=clock.now())
        work.outbox.add_edit("again", "gone", {"kind": "receipt"}, now=clock.now())
        work.outbox.add("busy", "U3", {"kind": "board"}, now=clock.now())
    pump = OutboxPump(store, Moody(), clock, pace=0.0, meters=meters)
    while pump._step() == timedelta(0):
        pass
    assert {
        ("card", "files", "sent"),
        ("receipt", "messages", "failed"),
        ("receipt", "edits", "dropped"),
        ("board", "messages", "postponed"),
    } <= set(meters.of("letter"))


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        (None, "done"),
        (RateLimited(1), "waiting"),
        (Unavailable("nobody answers"), "waiting"),
        (InspectionFailed("it died"), "retried"),
        (ValueError("unforeseen"), "retried"),
    ],
)
def test_a_turn_of_a_job_is_counted(store: Store, failure: Exception | None, outcome: str) -> None:
    """With how long it took."""
    clock, meters = FakeClock(), Counted()

    def run(_: dict[str, Any]) -> None:
        if failure is not None:
            raise failure

    turns = Turns(store, clock, {"check": Task(run, lambda *_: None)}, Event(), meters=meters)
    turns.give(_taken(store, clock))
    assert [("check", outcome)] == meters.of("job")


def test_the_last_turn_is_counted_as_a_failure(store: Store) -> None:
    """Whether the task failed, or its worker died each time."""
    clock = FakeClock()
    for attempts in (TRIES, TRIES + 1):
        meters = Counted()
        job = _taken(store, clock)
        job.attempts = attempts

        def run(_: dict[str, Any]) -> None:
            raise ValueError("unforeseen")

        Turns(store, clock, {"check": Task(run, lambda *_: None)}, Event(), meters=meters).give(job)
        assert [("check", "failed")] == meters.of("job")


def _taken(store: Store, clock: FakeClock) -> Job:
    clock.advance(seconds=1)
    key = str(clock.now())
    with store.write() as work:
        work.jobs.enqueue(key, "check", key, {}, clock.now())
        job = work.jobs.claim(clock.now(), HOUR)
    assert job is not None
    return job


def test_what_a_child_needs_is_counted_whatever_it_finds() -> None:
    """A refusal is an answer."""
    meters = Counted()
    inspector = TimedInspector(FakeInspector(), meters)
    inspector.inspect(b"MThd", "a")
    with pytest.raises(MidiRefusal):
        TimedInspector(Refusing(), meters).inspect(b"", "a")
    inspector.assess(b"MThd")
    inspector.compare(b"MThd", {})
    inspector.starters(b"MThd")
    assert [("inspect",), ("inspect",), ("assess",), ("compare",), ("starters",)] == meters.of("judged")


class Refusing(FakeInspector):
    """Takes nothing."""

    def inspect(self, data: bytes, title: str) -> Any:
        raise MidiRefusal(RefusalCode.NOT_MIDI, "no")


def test_each_429_of_slacks_is_counted_once_by_its_method() -> None:
    """Those that the client outlasts by itself, too; all other answers are none."""
    meters = Counted()
    with SandboxServer(manifest=MANIFEST) as server:
        sandbox = Sandbox(server.base_url)
        patient = asking_client(server.bot_token, server.api_url, meters=meters)
        patient.auth_test()
        sandbox.fault(method="users.info", mode="rate_limited", retry_after=1)
        assert patient.users_info(user="U0ADA")["ok"]
        sandbox.fault(method="chat.postMessage", mode="rate_limited", retry_after=30)
        with pytest.raises(SlackApiError, match="ratelimited"):
            posting_client(server.bot_token, server.api_url, meters=meters).chat_postMessage(
                channel="C0COMPOSERS", text="hello"
            )
        with pytest.raises(SlackApiError, match="user_not_found"):
            patient.users_info(user="U0NOBODY")
        sandbox.close()
    assert [("users.info",), ("chat.postMessage",)] == meters.of("limited")


def test_a_file_that_is_refused_is_counted_by_its_code(tmp_path: Path) -> None:
    """One that is accepted is not; the very same file once more is."""
    with small_world(tmp_path) as world:
        world.contest()
        world.accepted(ADA, "F1")
        world.inspector.answers[b"bytes of F2"] = MidiRefusal(RefusalCode.NOT_MIDI, "It is none.")
        world.files.uploaded["F3"] = b"bytes of F1"
        for file_id in ("F2", "F3"):
            piece = world.upload(ADA, file_id)
            assert piece is not None
            world.verdicts.check(piece.id)
    assert [("not_midi",), ("same_file",)] == world.counted.of("refused")

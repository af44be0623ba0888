"""Slack that tells twice, late or in another order, that is out for ten minutes, or whose connection breaks."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.sandbox.client import SandboxError, said
from bot.sandbox.rate_limits import METHODS
from tests.faults.book import Page
from tests.faults.kills import Ratings, Uploads, piece, rated
from tests.faults.place import begin, open_place
from tests.faults.table import Line, say
from tests.makers.stage import CHANNEL, eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.faults.place import Place

TEN_MINUTES = 600.0
MANY = 100_000
ALL_OF_IT = (*METHODS, "upload", "download")
"""What of Slack's is out: all methods, and the addresses of files. Answers to commands go to hooks.slack.com, another machine."""
PRESSED = ("message", "block_actions", "view_submission", "slash_command")


@contextmanager
def doubled(place: Place) -> Iterator[None]:
    """Whatever is told is told twice at once."""
    for event in PRESSED:
        place.slack.fault(event=event, mode="double", times=MANY)
    yield
    place.slack.release()


@contextmanager
def unheard(place: Place) -> Iterator[None]:
    """Slack hears no acknowledgement of events, and tells each four times within six minutes."""
    place.slack.fault(event="message", mode="hold_after", times=MANY)
    yield
    for _ in range(50):
        place.slack.advance(10)
        time.sleep(0.1)
    place.slack.release()


@contextmanager
def late(place: Place) -> Iterator[None]:
    """What is told comes ten minutes later."""
    place.slack.fault(event="message", mode="hold_before", times=MANY)
    yield
    place.slack.advance(TEN_MINUTES)
    place.slack.release()


@contextmanager
def out_of_order(place: Place) -> Iterator[None]:
    """The first is told last."""
    place.slack.fault(event="message", mode="hold_before", times=1, match=".mid")
    yield
    time.sleep(3)
    place.slack.release()


def outage(mode: str, **more: object) -> Callable[[Place], AbstractContextManager[None]]:
    """All that Slack is asked fails so for ten minutes."""

    @contextmanager
    def failing(place: Place) -> Iterator[None]:
        for method in ALL_OF_IT:
            place.slack.fault(method=method, mode=mode, times=MANY, **more)
        yield
        for _ in range(20):
            place.slack.advance(TEN_MINUTES / 20)
            time.sleep(3.0 if mode == "hold_before" else 0.7)  # whoever waits for an answer does so in real time
        place.slack.release()

    return failing


@contextmanager
def cut(place: Place) -> Iterator[None]:
    """The connection breaks."""
    place.slack.disconnect("cut")
    yield
    place.slack.wait_connected()


@dataclass(frozen=True)
class Fault:
    """One of them, and how often it is injected in each phase."""

    name: str
    inject: Callable[[Place], AbstractContextManager[None]]
    times: int
    told: str = "nothing: nobody notices"
    is_out: bool = False
    """Somebody asks in vain meanwhile; what they read is told."""


EVENTS = (
    Fault("events told twice", doubled, 3),
    Fault("events told four times: no acknowledgement is heard", unheard, 1),
    Fault("events told ten minutes late", late, 1, "nothing; the time of an upload is that of its message"),
    Fault("events told in another order", out_of_order, 3),
    Fault(
        "the socket is cut",
        cut,
        3,
        "who presses in that moment: Slack's own _We had some trouble connecting. Try again?_",
    ),
)
OUTAGES = (
    Fault("Slack answers 429 for ten minutes", outage("rate_limited", retry_after=30), 1, is_out=True),
    Fault("Slack answers 500 for ten minutes", outage("http_500"), 1, is_out=True),
    Fault("Slack answers nothing for ten minutes", outage("hold_before"), 1, is_out=True),
)


def events(folder: Path, database: str, *, few: int = 0) -> Iterator[Line]:
    """What is told wrong, and the broken connection."""
    yield from _faults(folder, database, EVENTS[:: max(1, len(EVENTS) // few)] if few else EVENTS)


def outages(folder: Path, database: str, *, few: int = 0) -> Iterator[Line]:
    """Ten minutes without Slack."""
    yield from _faults(folder, database, OUTAGES[:few] if few else OUTAGES)


def _faults(folder: Path, database: str, faults: tuple[Fault, ...]) -> Iterator[Line]:
    lines = [Line(fault.name, database, fault.told) for fault in faults]
    with open_place(folder, database, people=40) as place:
        begin(place)
        uploads, expected = Uploads(place), rehearsed(place)
        for line, fault in zip(lines, faults, strict=True):
            for _ in range(fault.times):
                upload_in(place, line, fault, uploads, expected)
        ratings = rated(place)
        for line, fault in zip(lines, faults, strict=True):
            for _ in range(fault.times):
                rate_in(place, line, fault, ratings)
    yield from lines


def rehearsed(place: Place) -> Counter[str]:
    """The letters of an upload that nothing disturbs."""
    page = Page.opened(place)
    message = place.submit(place.cleo, piece(777), "rehearsal.mid")
    place.settle(str(message["ts"]))
    return page.kinds()


def upload_in(place: Place, line: Line, fault: Fault, uploads: Uploads, expected: Counter[str]) -> None:
    """Three people upload while that is so."""
    page, sent = Page.opened(place), []
    with fault.inject(place):
        for _ in range(3):
            uploads.ready()
            uploads.do()
            sent.append(uploads.ts)
    began = place.now()
    place.settle(*sent)
    found = page.count(Counter({kind: 3 * number for kind, number in expected.items()}))
    for uploads.ts in sent:
        found += uploads.count()
    line.add(found, place.now() - began, "uploads")
    say(f"  {line.fault}, uploads: {line.seconds[-1]:.1f} s {found}")


def rate_in(place: Place, line: Line, fault: Fault, ratings: Ratings) -> None:
    """A judge has opened a form before, and sends it in while that is so; somebody types a command."""
    page = Page.opened(place)
    ratings.ready()
    ratings.open()
    with fault.inject(place):
        ratings.do()
        if fault.is_out:
            line.told = asked_in_vain(place)
    began = place.now()
    place.settle()
    found = page.count() + ratings.count()
    line.add(found, place.now() - began, "a rating")
    line.must(not ratings.heard or not fault.is_out, "a rating is acknowledged without Slack's API")
    say(f"  {line.fault}, a rating: {line.seconds[-1]:.1f} s {found}")


def asked_in_vain(place: Place) -> str:
    """What somebody reads who types a command meanwhile."""
    before = len(place.ben.ephemerals(CHANNEL))
    try:
        place.ben.command(CHANNEL, "/kantor mine")
    except SandboxError as error:
        return f"Slack's own words: _{error.text}_"
    eventually(lambda: len(place.ben.ephemerals(CHANNEL)) > before, "an answer")
    return f"who types a command: _{said(place.ben.ephemerals(CHANNEL)[-1]).strip()}_; ratings are taken as ever"

"""Slack that tells twice, late or in another order, that is out for ten minutes, or whose connection breaks."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.sandbox.rate_limits import METHODS
from tests.faults.meanwhile import Fault, suffer
from tests.faults.place import open_place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.faults.place import Place
    from tests.faults.table import Line

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


UNNOTICED = "nothing: nobody notices"
EVENTS = (
    Fault("events told twice", doubled, 3, UNNOTICED),
    Fault("events told four times: no acknowledgement is heard", unheard, 1, UNNOTICED),
    Fault("events told ten minutes late", late, 1, "nothing; the time of an upload is that of its message"),
    Fault("events told in another order", out_of_order, 3, UNNOTICED),
    Fault(
        "the socket is cut",
        cut,
        3,
        "who presses in that moment: Slack's own _We had some trouble connecting. Try again?_",
    ),
)
OUTAGES = (
    Fault("Slack answers 429 for ten minutes", outage("rate_limited", retry_after=30), 1, asks=True),
    Fault("Slack answers 500 for ten minutes", outage("http_500"), 1, asks=True),
    Fault("Slack answers nothing for ten minutes", outage("hold_before"), 1, asks=True),
)


def events(folder: Path, database: str, *, few: int = 0) -> Iterator[Line]:
    """What is told wrong, and the broken connection."""
    with open_place(folder, database) as place:
        yield from suffer(place, database, EVENTS[:few] if few else EVENTS)


def outages(folder: Path, database: str, *, few: int = 0) -> Iterator[Line]:
    """Ten minutes without Slack."""
    with open_place(folder, database) as place:
        yield from suffer(place, database, OUTAGES[:few] if few else OUTAGES)

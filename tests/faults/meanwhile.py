"""Faults that last a while: people upload, a judge sends in a form, somebody types a command meanwhile."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.attempts import attempt
from bot.sandbox.client import SandboxError, said
from tests.faults.book import Page
from tests.faults.deeds import Ratings, Uploads, hand_in, judged, open_room
from tests.faults.place import StuckError, begin
from tests.faults.table import Line, say, without_reference
from tests.makers.stage import CHANNEL, eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from tests.faults.place import Place

AT_ONCE = 3
"""So many people upload."""


@dataclass(frozen=True)
class Fault:
    """What is broken while people upload, and a judge rates; and how often."""

    name: str
    inject: Callable[[Place], AbstractContextManager[None]]
    times: int = 1
    told: str = ""
    """What people read, where nobody asks."""
    waits: float = 30.0
    """Seconds that the judge gets meanwhile, at the most: where they do not succeed they go on when it is over."""
    asks: bool = False
    """Somebody types a command meanwhile; what they read is told."""
    receives: bool = False
    """Receipts come while it lasts."""


class Scene:
    """An open contest, and another one in which two judges have rated three pieces."""

    def __init__(self, place: Place) -> None:
        begin(place)
        self._place, self._uploads = place, Uploads(place)
        room = open_room(place, 0, AT_ONCE)
        self._ratings: Ratings = judged(place, room, [hand_in(place, room, number) for number in range(AT_ONCE)])
        page = Page.opened(place)
        self._upload()
        place.settle(*self._uploads.uploads())
        self._expected = Counter({kind: AT_ONCE * number for kind, number in page.kinds().items()})
        """The letters of uploads that nothing disturbs; a rating has others."""

    def suffer(self, fault: Fault, line: Line) -> None:
        """Once."""
        place, ratings = self._place, self._ratings
        ratings.ready()
        ratings.open()
        ratings.heard.clear()
        place.settle()
        page, trouble = Page.opened(place), []
        rating = threading.Thread(target=lambda: trouble.append(attempt(ratings.do)), daemon=True)
        with fault.inject(place):
            rating.start()
            sent = [self._upload() for _ in range(AT_ONCE)]
            if fault.asks:
                line.hear(_asked(place))
            if fault.receives:
                eventually(lambda: page.arrived("receipt") == AT_ONCE, "the receipts")
            rating.join(fault.waits)
        began = place.now()
        rating.join()
        place.settle(*sent)
        found = page.count(self._expected) + ratings.count()
        for self._uploads.ts in sent:
            found += self._uploads.count()
        line.add(found, place.now() - began)
        for words in sorted(ratings.heard - {""}):
            line.hear(f"the judge: _{words}_")
        say(f"  {line.fault}, {line.database}: {line.seconds[-1]:.1f} s {found} {trouble[0] or ''}")

    def _upload(self) -> str:
        self._uploads.ready()
        self._uploads.do()
        return self._uploads.ts


def suffer(place: Place, database: str, faults: Sequence[Fault]) -> Iterator[Line]:
    """Each fault; a line for each, as soon as it is known."""
    scene = Scene(place)
    for fault in faults:
        line = Line(fault.name, database, fault.told)
        for _ in range(fault.times):
            try:
                scene.suffer(fault, line)
            except StuckError as error:
                say(f"  {fault.name}, {database}: {error}")
                line.must(None, "well again by itself")
                yield line
                return
        yield line


def _asked(place: Place) -> str:
    """What somebody reads who types a command meanwhile."""
    before = len(place.ben.ephemerals(CHANNEL))
    try:
        place.ben.command(CHANNEL, "/kantor mine")
    except SandboxError as error:
        return f"who types a command: _{error.text}_ (Slack's words)"

    def answers() -> list[str]:
        shown = [said(one).strip() for one in [*place.ben.views(), *place.ben.ephemerals(CHANNEL)[before:]]]
        return [words for words in shown if "One moment" not in words]

    try:
        words = eventually(answers, "an answer", 40)[-1]
    except AssertionError:
        words = "One moment ..., and no more"
    place.close_all(place.ben)
    return f"who types a command: _{without_reference(words)}_"

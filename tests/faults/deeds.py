"""What people, and the schedule, make the bot do: each deed can be done again and again, and knows what is wrong with its outcome."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from bot.attempts import attempt
from bot.sandbox.client import SandboxError, said
from tests.faults.book import Count, Page
from tests.faults.place import Place, begin, seconds
from tests.faults.table import Line, say, without_reference
from tests.makers.playing import imitation, midi
from tests.makers.stage import CHANNEL, eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from bot.sandbox.client import Person

QUARTERS = 32.0
OFTEN, SPAN = "*/20 * * * *", 20 * 60.0
"""A board's schedule, and the seconds from one to the next: there are few by chance while a rating is prepared."""


def piece(number: int) -> bytes:
    """A composition like no other."""
    return midi(imitation(number, quarters=QUARTERS))


class Deed(Protocol):
    """Something that people, or the clock, make the bot do, again and again."""

    name: str
    events: Sequence[str]
    """What Slack tells the bot of it, and wants acknowledged."""
    told: str
    """What people read where the bot is killed meanwhile."""

    def ready(self) -> None:
        """Prepare the next one."""

    def do(self) -> None:
        """Do it, as people do: again where no answer came."""

    def uploads(self) -> Sequence[str]:
        """Times of uploads that the bot must know of."""

    def count(self) -> Count:
        """What is wrong with the outcome itself."""


@dataclass
class Uploads:
    """Somebody uploads a composition."""

    place: Place
    name: str = "an upload"
    events: Sequence[str] = ("message",)
    told: str = "nothing: receipt, card and verdict come as ever"
    number: int = 0
    ts: str = ""

    def ready(self) -> None:
        self.number += 1

    def do(self) -> None:
        who = self.place.slack.person(self.place.crowd[self.number % len(self.place.crowd)])
        self.ts = str(who.upload(CHANNEL, f"piece{self.number}.mid", piece(self.number))["ts"])

    def uploads(self) -> Sequence[str]:
        return [self.ts] if self.ts else []

    def count(self) -> Count:
        rows = self.place.number(
            f"SELECT count(*) FROM submission WHERE message_ts = '{self.ts}' AND state = 'accepted'"
        )
        return Count(("the composition",) * (rows < 1), ("the composition",) * (rows > 1))


def persist(action: Callable[[], object], *, seconds: float = 150.0) -> None:
    """What people do who read that there was trouble, or see nothing happen: the same again."""
    until = time.monotonic() + seconds
    while True:
        try:
            action()
        except (SandboxError, AssertionError):
            if time.monotonic() > until:
                raise
            time.sleep(1)
        else:
            return


@dataclass
class Ratings:
    """A judge opens the form of a piece, and submits it."""

    place: Place
    name: str = "a rating"
    events: Sequence[str] = ("block_actions", "view_submission")
    told: str = "the judge: _We had some trouble connecting. Try again?_ (Slack's words); the same form is sent again"
    number: int = 0
    heard: set[str] = field(default_factory=set)

    def ready(self) -> None:
        self.number += 1
        self.place.close_all(self._judge)

    @property
    def _judge(self) -> Person:
        return self.place.judy if self.number % 2 else self.place.jack

    @property
    def _piece(self) -> int:
        return 1 + (self.number // 2) % 3

    @property
    def _comment(self) -> str:
        return f"Comment {self.number}"

    def do(self) -> None:
        persist(self._once)

    def open(self) -> dict[str, Any]:
        """The form before the judge; where there is none yet, they press the button."""
        judge = self._judge
        views = [view for view in judge.views() if view["callback_id"] == "rate"]
        if not views:
            self.place.close_all(judge)
            judge.click(self.place.invitation(judge, self._piece), "rate")
            views = [judge.wait_for_view(lambda view: view["callback_id"] == "rate", 5)]
        return views[-1]

    def _once(self) -> None:
        view = self.open()
        # Each time other scores: boards come where there is news.
        scores = dict.fromkeys(("originality", "balance", "emotional"), str(1 + self.number % 5))
        answer = self._judge.submit(view, scores | {"comment": self._comment})
        if not answer["ok"]:
            errors = answer.get("errors") or {}
            self.heard.add(without_reference("; ".join(errors.values()) or str(answer.get("text"))))
        assert answer["ok"], answer

    def uploads(self) -> Sequence[str]:
        return ()

    def count(self) -> Count:
        rows = self.place.rows(f"SELECT judge, comment FROM rating WHERE comment = '{self._comment}'")
        twins = self.place.rows("SELECT judge, submission_id, round FROM rating GROUP BY 1, 2, 3 HAVING count(*) > 1")
        return Count(("the rating",) * (not rows), ("the rating",) * (len(rows) > 1 or bool(twins)))


@dataclass
class Boards:
    """The schedule's board is due: a judge changed a rating since the last one, and its moment comes."""

    ratings: Ratings
    name: str = "a board post"
    events: Sequence[str] = ()
    told: str = "nothing: the board comes a little later"
    slot: int = 0

    @property
    def place(self) -> Place:
        return self.ratings.place

    def ready(self) -> None:
        self.ratings.ready()
        self.ratings.do()

    def do(self) -> None:
        self.slot = int(self.place.now() // SPAN) + 1
        self.place.slack.advance(self.slot * SPAN - self.place.now() + 1)
        eventually(self._posted, "the board")

    def _posted(self) -> int:
        return len([1 for (slot,) in self.place.rows("SELECT slot FROM board_slot") if self._is_it(slot)])

    def _is_it(self, slot: object) -> bool:
        return int(seconds(slot) // SPAN) >= self.slot

    def uploads(self) -> Sequence[str]:
        return ()

    def count(self) -> Count:
        return Count(("the board's slot",) * (not self._posted()))


@dataclass
class PhaseMoves:
    """The organizer closes a contest for compositions, and the judging begins; each time another contest, in a channel of its own."""

    place: Place
    name: str = "a phase move"
    events: Sequence[str] = ("slash_command", "view_submission")
    told: str = "the organizer: Slack's own _operation_timeout_ or _We had some trouble connecting. Try again?_; the news comes once"
    number: int = 0
    channel: str = ""
    slug: str = ""

    def ready(self) -> None:
        persist(self._prepare)

    def _prepare(self) -> None:
        self.number += 1
        place, olive = self.place, self.place.olive
        place.close_all(olive)
        self.slug = f"jam-{self.number}"
        self.channel = place.slack.create_channel(f"room-{self.number}", ["kantor", "ada", "judy", "jack"])
        place.new_contest(name=f"Jam {self.number}", slug=self.slug, channel_id=self.channel)
        place.close_all(olive)
        place.without_practice()
        olive.command(self.channel, "/kantor judges add @judy @jack")
        olive.wait_for_ephemeral(self.channel, "judge")
        self._next()
        message = place.ada.upload(self.channel, f"jam{self.number}.mid", piece(self.number))
        place.settle(str(message["ts"]))

    def _next(self) -> None:
        olive = self.place.olive
        olive.command(self.channel, "/kantor phase next")
        preview = olive.wait_for_view(lambda view: "What happens" in str(view["blocks"]), 10)
        answer = olive.submit(preview, {})
        assert answer["ok"], answer
        olive.wait_for_view("is now: ", 10)
        self.place.close_all(olive)

    def do(self) -> None:
        persist(self._once)

    def _once(self) -> None:
        if self._phase() != "judging":  # whoever got no answer looks before they press again
            self.place.close_all(self.place.olive)
            self._next()

    def _phase(self) -> str:
        return str(self.place.rows(f"SELECT phase FROM contest WHERE slug = '{self.slug}'")[0][0])

    def uploads(self) -> Sequence[str]:
        return ()

    def count(self) -> Count:
        return Count(("the phase",) * (self._phase() != "judging"))


def rated(place: Place, **changes: Any) -> Ratings:
    """A contest in which each judge has rated three pieces once."""
    if place.bot.process is None:
        begin(place, **changes)
    for number, who in enumerate((place.ada, place.ben, place.cleo), 1):
        place.submit(who, piece(900 + number), f"melody{number}.mid")
    persist(place.next_phase)
    place.settle()
    ratings = Ratings(place)
    for _ in range(6):
        ratings.ready()
        ratings.do()
    place.settle()
    return ratings


@dataclass(frozen=True)
class Fault:
    """What is broken while people upload, and judges rate; and how often in each of the two."""

    name: str
    inject: Callable[[Place], AbstractContextManager[None]]
    times: int = 1
    told: str = ""
    """What people read, where nobody asks."""
    waits: float = 30.0
    """Seconds that people get meanwhile, at the most: where they do not succeed they go on when it is over."""
    asks: bool = False
    """Somebody types a command meanwhile; what they read is told."""
    rates: bool = True
    """Whether judges rate, too."""


def suffer(place: Place, database: str, faults: Sequence[Fault]) -> Iterator[Line]:
    """Each fault while people upload in an open contest, and again while a judge rates; a line for each."""
    lines = [Line(fault.name, database, fault.told) for fault in faults]
    begin(place)
    uploads, expected = Uploads(place), _rehearsed(place)
    for line, fault in zip(lines, faults, strict=True):
        for _ in range(fault.times):
            _upload_in(place, line, fault, uploads, expected)
    if any(fault.rates for fault in faults):
        ratings = rated(place)
        for line, fault in zip(lines, faults, strict=True):
            for _ in range(fault.times if fault.rates else 0):
                _rate_in(place, line, fault, ratings)
    yield from lines


def _rehearsed(place: Place) -> Counter[str]:
    """The letters of an upload that nothing disturbs."""
    page = Page.opened(place)
    message = place.submit(place.cleo, piece(777), "rehearsal.mid")
    place.settle(str(message["ts"]))
    return page.kinds()


def _upload_in(place: Place, line: Line, fault: Fault, uploads: Uploads, expected: Counter[str]) -> None:
    """Three people upload while that is so."""
    page, sent = Page.opened(place), []
    with fault.inject(place):
        for _ in range(3):
            uploads.ready()
            uploads.do()
            sent.append(uploads.ts)
        if fault.asks:
            line.told = _asked(place)
    began = place.now()
    place.settle(*sent)
    found = page.count(Counter({kind: 3 * number for kind, number in expected.items()}))
    for uploads.ts in sent:
        found += uploads.count()
    line.add(found, place.now() - began, "uploads")
    say(f"  {line.fault}, uploads: {line.seconds[-1]:.1f} s {found}")


def _rate_in(place: Place, line: Line, fault: Fault, ratings: Ratings) -> None:
    """A judge has opened a form before, and sends it in while that is so."""
    ratings.ready()
    ratings.open()
    ratings.heard.clear()
    page, trouble = Page.opened(place), []
    rating = threading.Thread(target=lambda: trouble.append(attempt(ratings.do)), daemon=True)
    with fault.inject(place):
        rating.start()
        rating.join(fault.waits)
    began = place.now()
    rating.join()
    place.settle()
    line.add(page.count() + ratings.count(), place.now() - began, "a rating")
    for words in sorted(ratings.heard - {""}):
        line.hear(f"the judge: _{words}_")
    say(f"  {line.fault}, a rating: {line.seconds[-1]:.1f} s {trouble} {ratings.heard}")


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

"""What people, and the schedule, make the bot do: each deed can be done again and again, and knows what is wrong with its outcome."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from bot.sandbox.client import SandboxError
from tests.faults.book import Count
from tests.faults.place import Place, begin, seconds
from tests.faults.table import without_reference
from tests.makers.playing import imitation, midi
from tests.makers.stage import CHANNEL, eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.sandbox.client import Person

QUARTERS = 32.0
OFTEN, SPAN = "*/20 * * * *", 20 * 60.0
"""A board's schedule, and the seconds from one to the next: there are few by chance while a rating is prepared."""
INSISTS = 300.0
"""Seconds for which people do the same again."""


def piece(number: int) -> bytes:
    """A composition like no other."""
    return midi(imitation(number, quarters=QUARTERS))


def persist(action: Callable[[], object]) -> None:
    """What people do who read that there was trouble, or see nothing happen: the same again."""
    until = time.monotonic() + INSISTS
    while True:
        try:
            action()
        except (SandboxError, AssertionError):
            if time.monotonic() > until:
                raise
            time.sleep(1)
        else:
            return


class Deed(ABC):
    """Something that people, or the clock, make the bot do, again and again."""

    name: ClassVar[str]
    events: ClassVar[Sequence[str]] = ()
    """What Slack tells the bot of it, and wants acknowledged."""
    told: ClassVar[str]
    """What people read where the bot is killed meanwhile."""

    def __init__(self, place: Place) -> None:
        self.place, self.number = place, 0

    def prepare(self, times: int) -> None:  # noqa: B027 - most deeds have nothing of the kind
        """All at once what can be, for so many times."""

    def ready(self) -> None:
        """Prepare the next one."""
        self.number += 1

    def do(self) -> None:
        """Do it, as people do: again where no answer came."""
        persist(self._once)

    @abstractmethod
    def _once(self) -> None:
        """Do it; SandboxError or AssertionError where no answer came."""

    def uploads(self) -> Sequence[str]:
        """Times of uploads that the bot must know of."""
        return ()

    @abstractmethod
    def count(self) -> Count:
        """What is wrong with the outcome itself."""


class Uploads(Deed):
    """Somebody uploads a composition, for the first time."""

    name = "an upload"
    events = ("message",)
    told = "nothing: receipt, card and verdict come as ever"
    ts = ""

    def _once(self) -> None:
        who = self.place.slack.person(self.place.crowd[-self.number])
        self.ts = str(who.upload(CHANNEL, f"piece{self.number}.mid", piece(self.number))["ts"])

    def uploads(self) -> Sequence[str]:
        return [self.ts] if self.ts else []

    def count(self) -> Count:
        rows = self.place.number(
            f"SELECT count(*) FROM submission WHERE message_ts = '{self.ts}' AND state = 'accepted'"
        )
        return Count(("the composition",) * (rows < 1), ("the composition",) * (rows > 1))


class Ratings(Deed):
    """A judge opens the form of a piece, and submits it."""

    name = "a rating"
    events = ("block_actions", "view_submission")
    told = "the judge: _We had some trouble connecting. Try again?_ (Slack's words); the same form is sent again"

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.heard: set[str] = set()

    def ready(self) -> None:
        super().ready()
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

    def open(self) -> dict[str, Any]:
        """The form before the judge; where there is none yet, they press the button."""
        judge = self._judge
        views = [view for view in judge.views() if view["callback_id"] == "rate"]
        if not views:
            self.place.close_all(judge)
            judge.click(self.place.invitation(judge, self._piece), "rate")
            views = [self.place.view_before(judge, lambda view: view["callback_id"] == "rate")]
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

    def count(self) -> Count:
        rows = self.place.rows(f"SELECT judge, comment FROM rating WHERE comment = '{self._comment}'")
        twins = self.place.rows("SELECT judge, submission_id, round FROM rating GROUP BY 1, 2, 3 HAVING count(*) > 1")
        return Count(("the rating",) * (not rows), ("the rating",) * (len(rows) > 1 or bool(twins)))


class Boards(Deed):
    """The schedule's board is due: a judge changed a rating since the last one, and its moment comes."""

    name = "a board post"
    told = "nothing: the board comes a little later"
    slot = 0

    def __init__(self, ratings: Ratings) -> None:
        super().__init__(ratings.place)
        self._ratings = ratings

    def ready(self) -> None:
        super().ready()
        self._ratings.ready()
        self._ratings.do()

    def _once(self) -> None:
        self.slot = int(self.place.now() // SPAN) + 1
        self.place.slack.advance(self.slot * SPAN - self.place.now() + 1)
        eventually(self._posted, "the board", INSISTS)

    def _posted(self) -> int:
        return len([1 for (slot,) in self.place.rows("SELECT slot FROM board_slot") if self._is_it(slot)])

    def _is_it(self, slot: object) -> bool:
        return int(seconds(slot) // SPAN) >= self.slot

    def count(self) -> Count:
        return Count(("the board's slot",) * (not self._posted()))


class PhaseMoves(Deed):
    """The organizer closes a contest for compositions, and the judging begins; each time another contest, in a channel of its own."""

    name = "a phase move"
    events = ("slash_command", "view_submission")
    told = "the organizer: Slack's own _operation_timeout_ or _We had some trouble connecting. Try again?_; the news comes once"
    channel = ""

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self._channels: list[str] = []

    def prepare(self, times: int) -> None:
        first = len(self._channels)
        rooms = [open_room(self.place, first + number) for number in range(times)]
        # One after the other: in a rush newcomers get no checklist, so that there would be none to be rewritten.
        for number, channel in enumerate(rooms, start=first):
            self.place.settle(hand_in(self.place, channel, number))
        self._channels += rooms

    def ready(self) -> None:
        super().ready()
        if self.number > len(self._channels):
            self.prepare(1)
        self.channel = self._channels[self.number - 1]

    def _once(self) -> None:
        if self._phase() != "judging":  # whoever got no answer looks before they press again
            self.place.close_all(self.place.olive)
            move_on(self.place, self.channel)

    def _phase(self) -> str:
        return str(self.place.rows(f"SELECT phase FROM contest WHERE channel_id = '{self.channel}'")[0][0])

    def count(self) -> Count:
        return Count(("the phase",) * (self._phase() != "judging"))


def open_room(place: Place, number: int, people: int = 1) -> str:
    """Another open contest, in a channel of its own with two judges and people who compose, from that one on; the channel."""
    authors = place.crowd[number : number + people]
    channel = place.slack.create_channel(f"room-{number}", ["kantor", "judy", "jack", *authors])
    place.contest(name=f"Jam {number}", slug=f"jam-{number}", channel_id=channel)
    return channel


def hand_in(place: Place, channel: str, number: int) -> str:
    """Somebody of that room uploads a piece; when."""
    who = place.slack.person(place.crowd[number])
    return str(who.upload(channel, f"jam{number}.mid", piece(1000 + number))["ts"])


def move_on(place: Place, channel: str) -> None:
    """The organizer confirms the next phase of the contest there; AssertionError where the bot dies meanwhile."""
    olive = place.olive
    olive.command(channel, "/kantor phase next")
    answer = olive.submit(place.view_before(olive, lambda view: "What happens" in str(view["blocks"])), {})
    assert answer["ok"], answer
    place.view_before(olive, "is now: ")
    place.close_all(olive)


def rated(place: Place, **changes: Any) -> Ratings:
    """A contest in which each judge has rated three pieces once."""
    begin(place, **changes)
    sent = [
        str(who.upload(CHANNEL, f"melody{number}.mid", piece(900 + number))["ts"])
        for number, who in enumerate((place.ada, place.ben, place.cleo), 1)
    ]
    return judged(place, CHANNEL, sent)


def judged(place: Place, channel: str, sent: Sequence[str]) -> Ratings:
    """The open contest there, with these three uploads, moves on to judging, and each judge rates once what came in."""
    place.settle(*sent)
    persist(lambda: move_on(place, channel))
    place.settle()
    ratings = Ratings(place)
    for _ in range(2 * len(sent)):
        ratings.ready()
        ratings.do()
    place.settle()
    return ratings

"""The people of the soak: each does one thing at a time, as a person would, and what was promised to them is written down."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.attempts import attempt
from bot.sandbox.forms import elements
from handlers.submissions.views import MINE_TITLE
from tests.makers.playing import imitation, midi
from tests.makers.stage import CHANNEL, eventually

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence

    from bot.sandbox.client import Person
    from tests.load.venue import Venue

Json = dict[str, Any]
QUARTERS = 32.0
CREEP = (1.0, 1.0, 2.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds that the clock goes on at each look while something is still under way: nobody waits for paces and limits; the last from then on."""
LOOK = 0.1
"""Real seconds from one look at what is under way to the next."""
PATIENCE = 120.0
"""Real seconds without a change after which what is under way counts as stuck."""
SHORT = 30.0
"""Real seconds for which somebody waits for a window before they press again."""
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(60)


@dataclass(frozen=True)
class Rated:
    """A rating whose submission was acknowledged."""

    judge: str
    submission_id: str
    round: str


@dataclass
class Town:
    """The workspace, its clock, and what people were told is done."""

    venue: Venue
    chance: random.Random
    uploads: dict[str, str] = field(default_factory=dict)
    """By Slack's time of the upload, whose it is."""
    ratings: dict[Rated, str] = field(default_factory=dict)
    """The comment that was saved last."""
    unsure: set[Rated] = field(default_factory=set)
    """Somebody read that there was trouble with the connection: these may be there, or not."""
    stuck: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    pieces: int = 0
    moved: str = ""
    """When all clocks were moved on last, as the database writes it."""
    horizon: datetime | None = None
    """The next stop: nobody creeps beyond it faster than clocks go."""

    def now(self) -> datetime:
        """What the clock of all shows."""
        return datetime.fromtimestamp(self.venue.slack.advance(0), UTC)

    def go_to(self, moment: datetime) -> None:
        """Let all clocks show that moment; they never go back."""
        self.venue.slack.advance(max(0.0, (moment - self.now()).total_seconds()))
        self.moved = written(self.now())

    def settle(self) -> None:
        """Until the bot has looked at the new time, has read what it may have missed, knows each upload, and has nothing due."""
        seen, until, looks = dict[str, int](), time.monotonic() + PATIENCE, 0
        while not self._is_quiet():
            left = self._under_way()
            if left != seen:  # work takes real time: the clock runs ahead only of what waits for it
                seen, until, looks = left, time.monotonic() + PATIENCE, 0
            if time.monotonic() > until:
                self.stuck.append(f"{self.now():%d %B %H:%M}: {left}")
                return
            time.sleep(LOOK)
            if self.is_connected():  # a ticket for a new connection is good for half a minute
                self._creep(CREEP[min(looks, len(CREEP) - 1)])
            looks += 1

    def _creep(self, seconds: float) -> None:
        left = seconds if self.horizon is None else (self.horizon - self.now()).total_seconds()
        self.venue.slack.advance(max(LOOK, min(seconds, left)))

    def is_connected(self) -> bool:
        """Whether the workspace reaches the bot."""
        connected: bool = self.venue.slack.state("", channel="")["bot"]["connected"]
        return connected

    def _is_quiet(self) -> bool:
        return self.is_connected() and not any(self._under_way().values())

    def _under_way(self) -> dict[str, int]:
        now, open_ = written(self.now()), ("queued", "running", "pending", "claimed")
        jobs = "SELECT count(*) FROM job WHERE state = ? OR (state = ? AND run_at <= ?)"
        letters = "SELECT count(*) FROM outbox WHERE state = ? OR (state = ? AND send_at <= ?)"
        known = {str(ts) for (ts,) in self.venue.rows("SELECT message_ts FROM submission WHERE message_ts IS NOT NULL")}
        return {
            "jobs": self.venue.number(jobs, open_[1], open_[0], now),
            "letters": self.venue.number(letters, open_[3], open_[2], now),
            "uploads": len(self.uploads.keys() - known),
            # It notes that it is there at each look, unless something is left to be read.
            "looks": self.venue.number("SELECT count(*) = 0 FROM presence WHERE until >= ?", self.moved),
        }

    def views(self, who: Person) -> list[Json]:
        """The windows that are open before somebody, without all that they could read elsewhere."""
        views: list[Json] = self.venue.slack.state(who.id, channel="")["views"]
        return views

    def close_all(self, who: Person) -> None:
        """They close what is open."""
        for view in reversed(self.views(who)):
            who.close(view)

    def try_twice(self, deed: Callable[[], object]) -> Exception | None:
        """People who read that there was trouble with the connection try again, once. What went wrong the second time."""
        if attempt(deed) is None:
            return None
        self.done["things done at a second try"] += 1
        self.settle()
        return attempt(deed)

    def hand_in(self, who: Person, place: str, thread_ts: str | None = None) -> Json:
        """They upload a piece that nobody has handed in before."""
        self.pieces += 1
        data = midi(imitation(self.pieces, quarters=QUARTERS))
        return self._upload(who, place, f"Piece {self.pieces}.mid", data, thread_ts)

    def hand_in_a_picture(self, who: Person, place: str) -> None:
        """They upload what is no music, under the name of some."""
        self._upload(who, place, "cover.mid", PICTURE, None)

    def _upload(self, who: Person, place: str, name: str, data: bytes, thread_ts: str | None) -> Json:
        message = who.upload(place, name, data, thread_ts=thread_ts)
        self.uploads[str(message["ts"])] = who.id
        self.done["uploads"] += 1
        return message

    def mine(self, who: Person, action: str) -> None:
        """They press a button of the list of their own compositions; nothing where it has none of that kind."""
        who.command(who.open_dm(), "/kantor mine")
        view = who.wait_for_view(lambda one: one["title"]["text"] == MINE_TITLE and "One moment" not in str(one))
        if f'"{action}"' in json.dumps(view):
            who.click(view, action)
            self.done[action] += 1
            if action == "rename_piece":
                form = who.wait_for_view(lambda one: one.get("callback_id") == action)
                assert who.submit(form, {"title": f"Renamed by {who.id}"})["ok"]
        self.close_all(who)

    def asks(self, who: Person, words: str) -> None:
        """They type a command in their direct messages, and get an answer that only they see."""
        dm = who.open_dm()
        before = len(who.ephemerals(dm))
        who.command(dm, f"/kantor {words}")
        eventually(lambda: len(who.ephemerals(dm)) > before or self.views(who), words)
        self.close_all(who)
        self.done["questions"] += 1

    def looks_home(self, who: Person) -> None:
        """They open the Home tab."""
        who.open_home()
        who.wait_for_home(lambda _: True)
        self.done["looks at Home"] += 1

    def takes_an_account(self, who: Person) -> None:
        """They accept the terms, and see a password."""
        who.command(who.open_dm(), "/kantor account")
        form = who.wait_for_view(lambda view: view["callback_id"] == "claim_account")
        assert who.submit(form, {"accepted_terms": ["accepted"]})["ok"]
        who.wait_for_view("account")
        self.close_all(who)
        self.done["accounts"] += 1

    def judges(self, who: Person, most: int, words: str = "Rate ") -> None:
        """They open a piece that waits, and save one form after the other; ``words`` begin the button's text."""
        self.close_all(who)
        dm = who.open_dm()
        before = len(who.ephemerals(dm))
        if not self._press(who, words):
            return
        # A button of the round before is answered by a sentence.
        eventually(lambda: self._form(who) or len(who.ephemerals(dm)) > before, words, SHORT)
        view = self._form(who)
        if not view:
            self.done["old buttons"] += 1
            return
        for _ in range(most):
            self._rate(who, view)
            view = next(iter(reversed(self.views(who))), {})
            if view.get("callback_id") != "rate":
                break
        self.close_all(who)

    def _form(self, who: Person) -> Json:
        return next((view for view in self.views(who) if view["callback_id"] == "rate"), {})

    def _rate(self, who: Person, view: Json) -> None:
        about = json.loads(view["private_metadata"])
        comment = f"{who.id} on {about['submission_id']}, {len(self.ratings)}"
        scores = {name: str(self.chance.randint(1, 5)) for name in ("originality", "balance", "emotional")}
        given = Rated(who.id, str(about["submission_id"]), str(about.get("round") or "preliminary"))
        self.unsure.add(given)
        answer = who.submit(view, scores | {"comment": comment})
        assert answer["ok"], answer
        self.unsure.discard(given)
        self.ratings[given] = comment
        self.done["ratings"] += 1

    def _press(self, who: Person, words: str) -> bool:
        dm = who.open_dm()
        for message in reversed(self.venue.slack.all_messages(dm)):
            for block, element in elements(message.get("blocks") or []):
                if element["action_id"] == "rate" and str(element.get("text", {}).get("text")).startswith(words):
                    self._act(who, dm, message, block, element)
                    return True
        return False

    def _act(self, who: Person, channel: str, message: Json, block: Json, element: Json) -> None:
        where = {"type": "message", "channel": channel, "ts": message["ts"]}
        action = {"type": "button", "value": element["value"]}
        asked = {"block_id": block["block_id"], "action_id": element["action_id"], "action": action}
        self.venue.slack.act("action", who.id, container=where, state={"values": {}}, **asked)

    def next_phase(self, olive: Person, channel: str = CHANNEL) -> None:
        """The organizer moves a contest on."""
        olive.command(channel, "/kantor phase next")
        preview = olive.wait_for_view(lambda view: "What happens" in str(view["blocks"]))
        if preview.get("submit"):
            answer = olive.submit(preview, {})
            assert answer["ok"], answer
        else:  # the end has a button of its own
            olive.click(preview, "finish_contest")
        olive.wait_for_view("is now: ")
        self.close_all(olive)

    def new_contest(self, olive: Person, channel: str, values: Json, judges: Sequence[str]) -> None:
        """The organizer makes a contest with these judges, who need no practice, and opens it."""
        olive.command(channel, "/kantor contest new")
        form = olive.wait_for_view(lambda view: view["callback_id"] == "new_contest")
        answer = olive.submit(form, {"channel_id": channel, **values})
        assert answer["ok"], answer
        self.close_all(olive)
        self.venue.without_practice()
        olive.command(channel, "/kantor judges add " + " ".join(f"<@{judge}>" for judge in judges))
        olive.wait_for_ephemeral(channel, "judge")
        self.next_phase(olive, channel)


def written(moment: datetime) -> str:
    """As the database writes it."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"

"""The judges: each rates what they are sent, one form after the other; one of them goes half way; the bot is killed while they do."""

from __future__ import annotations

import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

from bot.rehearsal.music import Taste
from bot.rehearsal.place import LOOK
from bot.sandbox.client import SandboxError
from bot.sandbox.forms import elements

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future

    from bot.rehearsal.place import Place
    from bot.rehearsal.record import Record
    from bot.sandbox.client import Person

Json = dict[str, Any]
DONE = "That was the last one"
BREATH = 1.0
"""Real seconds before somebody presses once more."""


@dataclass
class Panel:
    """All judges."""

    place: Place
    record: Record
    half_way: int
    """After so many ratings the last judge leaves."""
    crash_at: int
    """The bot is killed once so many ratings are saved."""
    left: set[str] = field(default_factory=set)

    def skip_practice(self) -> None:
        """They know the form."""
        with self.record.step("The judges get their welcome, and skip the practice pieces"):
            for judge in self.place.judges:
                who = self.place.person(judge)
                message = who.wait_for_message(
                    who.open_dm(), lambda one: "skip_practice" in json.dumps(one), self.place.patience
                )
                who.click(message, "skip_practice")
                self.place.close_all(who)

    def judge(self) -> None:
        """All at the same time, until each has rated all."""
        with self.record.step("The judges listen and rate; one leaves half way, and the bot is killed once more"):
            with ThreadPoolExecutor(len(self.place.judges) + 1) as hands:
                at_work = [hands.submit(self._rate_all, judge) for judge in self.place.judges]
                crash = hands.submit(self._crash, at_work)
                for each in at_work:
                    each.result()
                crash.result()
            time.sleep(BREATH)
            for judge in self.place.judges:  # what the one who left had before them went to others
                if judge not in self.left:
                    self._rate_all(judge)

    def _crash(self, at_work: list[Future[None]]) -> None:
        def soon() -> bool:
            return len(self.record.saved) >= self.crash_at or any(each.done() for each in at_work)

        while not soon():
            time.sleep(LOOK)
        self.place.kill()
        self.place.start_again()

    def _rate_all(self, judge: str) -> None:
        who, until = self.place.person(judge), time.monotonic() + self.place.patience
        while not self._is_done(who):
            before = len(self.record.saved)
            try:
                self._rate_some(judge)
            except (SandboxError, AssertionError, httpx.HTTPError):
                self.record.retries += 1  # people who see nothing happen press once more
                self._forget_windows(who)
            if judge in self.left:
                return
            if len(self.record.saved) > before:
                until = time.monotonic() + self.place.patience
            if time.monotonic() > until:
                raise AssertionError(f"{judge} waits for a composition in vain")
            time.sleep(BREATH / 2)

    def _forget_windows(self, who: Person) -> None:
        time.sleep(BREATH)
        self.place.close_all(who)

    def _is_done(self, who: Person) -> bool:
        messages = who.messages(who.open_dm())
        said = [at for at, each in enumerate(messages) if DONE in each["text"]]
        return bool(said) and not any(True for _ in self._unrated(messages))

    def _unrated(self, messages: list[Json]) -> Iterator[Json]:
        """Messages with a composition that waits for its first rating."""
        for message in messages:
            for _, element in elements(message.get("blocks") or []):
                if element.get("action_id") == "rate" and element["text"]["text"].startswith("Rate "):
                    yield message

    def _rate_some(self, judge: str) -> None:
        """From the first that waits, as long as one form leads to the next."""
        who = self.place.person(judge)
        waiting = next(self._unrated(who.messages(who.open_dm())), {})
        if not waiting:
            return
        with self.record.waiting("the form of a composition"):
            who.click(waiting, "rate")
            form = who.wait_for_view(lambda view: view["callback_id"] == "rate", min(self.place.patience, 20))
        while form and judge not in self.left:
            self._save(judge, form["title"]["text"].removeprefix("Rate "), form)
            form = next((view for view in reversed(who.views()) if view["callback_id"] == "rate"), {})
            if judge == self.place.judges[-1] and self._number(judge) >= self.half_way:
                self.place.close_all(who)
                self._leave(judge)
        self.place.close_all(who)

    def _save(self, judge: str, piece: str, form: Json) -> None:
        scores = Taste(self.record.seed).scores(judge, piece)
        said = {name: str(score) for name, score in scores.items()}
        first = not self._number(judge)
        self.record.tried[judge, piece] = scores
        with self.record.waiting("a rating to be saved"):
            answer = self.place.person(judge).submit(
                form, said | ({"comment": "I would like to hear this again."} if first else {})
            )
            assert answer["ok"], answer
        self.record.saved[judge, piece] = scores

    def _number(self, judge: str) -> int:
        return sum(one == judge for one, _ in list(self.record.saved))

    def _leave(self, judge: str) -> None:
        who = self.place.person(judge)
        dm = who.open_dm()
        who.command(dm, "/kantor judge")
        view = who.wait_for_view(lambda one: "judge_leave" in json.dumps(one), self.place.patience)
        who.click(view, "judge_leave")
        form = who.wait_for_view(lambda one: one["callback_id"] == "leave_judging", self.place.patience)
        answer = who.submit(form, {"reason": "I have no more time."})
        assert answer["ok"], answer
        self.left.add(judge)
        self.place.close_all(who)

    def look_back(self) -> None:
        """Whether a judge was sent something twice."""
        twice = []
        for judge in self.place.judges:
            who = self.place.person(judge)
            rated = [
                message["text"]
                for message in who.messages(who.open_dm())
                for _, element in elements(message.get("blocks") or [])
                if element.get("action_id") == "rate"
            ]
            twice += [f"{judge}: {text[:60]}" for text, number in Counter(rated).items() if number > 1]
        self.record.must("No judge was sent a composition twice", kept=not twice, found="; ".join(twice))

"""Composers: they hand in, send what is no composition, come too late, and withdraw; the bot is killed while they do."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.rehearsal.music import NOT_MIDI, TOO_MANY_BARS, composition, title
from bot.rehearsal.place import CHANNEL, OLIVE
from bot.rehearsal.record import Upload

if TYPE_CHECKING:
    from bot.rehearsal.place import Place
    from bot.rehearsal.record import Record

RECEIPT = "Got it"
LATE = 2
"""The last two composers come late; one of them is let in."""
HANDS = 4
Json = dict[str, Any]


@dataclass
class Composers:
    """All of them."""

    place: Place
    record: Record

    def hand_in(self) -> None:
        """Half of those in time, in peace."""
        with self.record.step("Composers hand in, and two of them send a wrong file first"):
            people = self.place.composers[:-LATE]
            self._send(people[0], "cover.mid", NOT_MIDI, good=False)
            self._send(people[1], "symphony.mid", composition(self.record.seed, 0, TOO_MANY_BARS), good=False)
            self._all_send(range(len(people) // 2))
            self._answered()

    def hand_in_through_a_crash(self) -> None:
        """The other half; the bot dies while their files come in."""
        with self.record.step(
            "More composers hand in; the bot is killed in the middle, and started again 90 seconds later"
        ):
            numbers = range(len(self.place.composers[:-LATE]) // 2, len(self.place.composers) - LATE)
            middle = numbers[len(numbers) // 2]
            self._all_send(range(numbers.start, middle), in_crash=True)
            self.place.kill()
            self._all_send(range(middle, numbers.stop), in_crash=True)
            self.place.start_again()
            self._answered()

    def withdraw(self) -> None:
        """One of them thinks better of it."""
        with self.record.step("A composer withdraws"):
            who = self.place.person(self.place.composers[0])
            who.command(CHANNEL, "/kantor mine")
            view = who.wait_for_view(lambda one: '"withdraw"' in json.dumps(one), self.place.patience)
            who.click(view, "withdraw")
            who.wait_for_view(lambda one: '"withdraw"' not in json.dumps(one), self.place.patience)
            self.place.close_all(who)
            self.record.withdrawn += 1

    def come_late(self) -> None:
        """Two files after the deadline: an organizer lets one in, and declines the other."""
        with self.record.step("The deadline passes; two files come late, and an organizer decides about them"):
            late = range(len(self.place.composers) - LATE, len(self.place.composers))
            for number in late:
                self._send_composition(number, late=True)
            olive = self.place.person(OLIVE)
            olive.open_dm()
            alarms = [self._alarm(number) for number in late]
            olive.click(alarms[0], "accept_late")
            olive.click(alarms[1], "decline_late")
            form = olive.wait_for_view(lambda view: view["callback_id"] == "decline_late", self.place.patience)
            answer = olive.submit(form, {"reason": "It came after the deadline."})
            assert answer["ok"], answer
            self.place.close_all(olive)
            first = self.record.uploads[-2].ts
            self.place.eventually(lambda: len(self._answers(first)) > 1, "the card of the late file that was let in")

    def _alarm(self, number: int) -> Json:
        olive = self.place.person(OLIVE)
        wanted = title(number + 1)
        return olive.wait_for_message(
            olive.open_dm(),
            lambda one: "accept_late" in json.dumps(one) and wanted in json.dumps(one),
            self.place.patience,
        )

    def _all_send(self, numbers: range, *, in_crash: bool = False) -> None:
        with ThreadPoolExecutor(HANDS) as hands:
            list(hands.map(partial(self._send_composition, in_crash=in_crash), numbers))

    def _send_composition(self, number: int, *, in_crash: bool = False, late: bool = False) -> None:
        data, name = composition(self.record.seed, number + 1), f"{title(number + 1)}.mid"
        self._send(self.place.composers[number], name, data, in_crash=in_crash, late=late)

    def _send(self, who: str, name: str, data: bytes, **kind: bool) -> None:
        message = self.place.person(who).upload(CHANNEL, name, data)
        self.record.uploads.append(Upload(name, str(message["ts"]), **kind))

    def _answers(self, ts: str) -> list[Json]:
        return [each for each in self.place.below().get(ts, []) if RECEIPT not in each["text"]]

    def _answered(self) -> None:
        """Until there is a card or a refusal below each file."""

        def all_there() -> bool:
            below = self.place.below()
            return all(
                any(RECEIPT not in each["text"] for each in below.get(sent.ts, [])) for sent in self.record.uploads
            )

        self.place.eventually(all_there, "the answer to each file")

    def look_back(self) -> None:
        """What was lost and what was doubled, and how long people waited, by Slack's own times."""
        below = self.place.below()
        lost, doubled = [], []
        for sent in self.record.uploads:
            answers = [each for each in below.get(sent.ts, []) if RECEIPT not in each["text"]]
            receipts = [each for each in below.get(sent.ts, []) if RECEIPT in each["text"]]
            if sent.late:
                continue
            lost += [sent.name] * (len(answers) < 1)
            doubled += [sent.name] * (len(answers) > 1 or len(receipts) > 1)
            during = " (the bot was killed meanwhile)" if sent.in_crash else ""
            for what, messages in (("a receipt", receipts), ("the card, or a refusal", answers)):
                for message in messages[:1]:
                    self.record.waited(what + during, float(message["ts"]) - float(sent.ts))
        number = len(self.record.uploads)
        self.record.must(
            "No file was lost", kept=not lost, found=", ".join(lost) or f"{number} files, each was answered"
        )
        self.record.must("No file was answered twice", kept=not doubled, found=", ".join(doubled))

"""The evening: two organizers confirm, a presenter reveals step by step; then what was handed out is reckoned again."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from bot.errors import ConfigurationError
from bot.rehearsal.music import Taste, agreement
from bot.rehearsal.organizing import SLUG
from bot.rehearsal.place import BOT, CHANNEL, OLIVE, OSCAR
from bot.rules.bundles import NotABundleError, unpacked
from bot.rules.numbers import percent
from bot.sandbox.client import said
from bot.sandbox.forms import elements

if TYPE_CHECKING:
    from pathlib import Path

    from bot.rehearsal.place import Place
    from bot.rehearsal.record import Record
    from bot.sandbox.client import Person

Json = dict[str, Any]
POSTED = "The file of the results has this SHA-256"
FORWARD, END = "ceremony_next", "ceremony_finish"
BUNDLE = "rehearsal-results.zip"
TO_DO = "⬜"
"""Begins a line about what has to be done before the ceremony."""


@dataclass
class Evening:
    """The ceremony, and the proof."""

    place: Place
    record: Record
    posted: str = ""
    """SHA-256 of the results, as the channel reads it before anybody knows them."""

    def confirm(self) -> None:
        """Two organizers say that the results may stand."""
        with self.record.step("Two organizers confirm the results"):
            for organizer in (OLIVE, OSCAR):
                self._confirm(organizer)
            words = self._wait(POSTED)["text"]
            self.posted = str(words.partition("this SHA-256: `")[2][:64])

    def _confirm(self, organizer: str) -> None:
        who = self.place.person(organizer)
        lacking: list[str] = []
        try:
            view = self.place.eventually(lambda: self._form(who, lacking), "the form that confirms the results")
        except AssertionError as error:
            raise AssertionError(f"{error}; to be done before: {'; '.join(lacking[-1:])}") from None
        values = {"presenter": OSCAR}
        if lacks := to_do(view):
            self.record.look_at.append(f"Before the ceremony something was left to do: {lacks}")
            values["reason"] = "It is a rehearsal."
        answer = who.submit(view, values)
        assert answer["ok"], answer
        self.place.close_all(who)

    def _form(self, who: Person, lacking: list[str]) -> Json | None:
        """The window, where the results can be confirmed in it: what has to be done before may take the bot a moment."""
        who.command(CHANNEL, "/kantor ceremony")
        with self.record.waiting("a window"):
            view = who.wait_for_view(lambda one: "Here you fix the results" in said(one), self.place.patience)
        if view["callback_id"] == "confirm_results":
            return view
        lacking.append(to_do(view))
        self.place.close_all(who)
        return None

    def reveal(self) -> None:
        """Click after click, as on the evening."""
        with self.record.step("The presenter reveals the results, step by step"):
            who, before = self.place.person(OSCAR), ""
            while True:
                with self.record.waiting("a step of the ceremony"):
                    panel = who.wait_for_message(
                        who.open_dm(),
                        lambda one: self._turn(one) not in {"", before},  # noqa: B023 - asked at once
                        self.place.patience,
                    )
                before, action = self._turn(panel), FORWARD if FORWARD in json.dumps(panel) else END
                who.click(panel, action)
                if action == END:
                    break
            self._wait("Final leaderboard")

    @staticmethod
    def _turn(message: Json) -> str:
        """What the panel's button carries, which is another with each step; empty where there is none."""
        found = [one for _, one in elements(message.get("blocks") or []) if one.get("action_id") in {FORWARD, END}]
        return str(found[0]["value"]) if found else ""

    def fetch_bundle(self) -> Path:
        """The results without names, as the bot hands them out in Slack."""
        with self.record.step("An organizer orders the file with which anybody can check the results"):
            olive = self.place.person(OLIVE)
            olive.command(CHANNEL, "/kantor bundle")
            message = olive.wait_for_message(olive.open_dm(), "for anyone to reckon again", self.place.patience)
            file = self.place.folder / BUNDLE
            file.write_bytes(self.place.slack.file_bytes(message["files"][0]["id"]))
        return file

    def look_back(self) -> None:
        """Whether the file of the results is the one that was announced, and nothing stands in the channel twice."""
        file = self._wait("as they were fixed on")["files"][0]
        found = sha256(self.place.slack.file_bytes(file["id"])).hexdigest()
        self.record.must(
            "The results are those that were announced before the ceremony", kept=found == self.posted, found=found
        )
        texts = [each["text"] for each in self.place.slack.all_messages(CHANNEL) if self._is_ours(each)]
        twice = [text[:80] for text, number in Counter(texts).items() if number > 1]
        self.record.must("Nothing was said twice in the channel", kept=not twice, found="; ".join(twice))

    @staticmethod
    def _is_ours(message: Json) -> bool:
        return message["user"] == BOT and message.get("thread_ts") in {None, message["ts"]}

    def _wait(self, words: str) -> Json:
        return self.place.person(OLIVE).wait_for_message(CHANNEL, words, self.place.patience)


def to_do(view: Json) -> str:
    """What is not done yet, in the words of the window."""
    return "; ".join(line.removeprefix(TO_DO).strip() for line in said(view).splitlines() if line.startswith(TO_DO))


def prove(place: Place, record: Record, file: Path) -> None:
    """``kantor verify`` and ``kantor audit verify``; and each rating is in the file, once, as its judge gave it."""
    with record.step("The results are reckoned again, and the trail is followed"):
        for promise, words in (
            ("kantor verify says yes to the results", ("verify", str(file))),
            ("kantor audit verify says yes to the trail", ("audit", "verify", SLUG)),
        ):
            kept, answer = place.command(*words)
            record.must(
                promise, kept=kept, found=answer.splitlines()[0].partition(": ")[2].rstrip(".") if kept else answer
            )
        try:
            files = {
                name: json.loads(text) for name, text in unpacked(file.read_bytes()).items() if name.endswith(".json")
            }
        except (NotABundleError, ConfigurationError) as error:
            record.must("Every rating is in the results", kept=False, found=str(error))
            return
        compare(record, files)


def compare(record: Record, files: Json) -> None:
    """What stands in the bundle's ``files`` (by name, as JSON) beside what people did."""
    entries, ratings = files["entries.json"], files["ratings.json"]
    called = {each["id"]: each["alias"] for each in entries}
    kept = Counter((called[each[0]], tuple(sorted(each[3].items()))) for each in ratings)
    saved, tried = (
        Counter((piece, tuple(sorted(scores.items()))) for (_, piece), scores in given.items())
        for given in (record.saved, record.tried)
    )
    lost, strange = (saved - kept).total(), (kept - tried).total()
    record.must(
        "No rating was lost", kept=not lost, found=f"{lost} of {saved.total()}" if lost else f"{saved.total()} ratings"
    )
    record.must("No rating was made up or doubled", kept=not strange, found=f"{strange} too many" if strange else "")
    there, wanted = sum(not each["left"] for each in entries), record.entries - record.withdrawn - 1
    record.must(
        "Every composition that should count counts, and no other", kept=there == wanted, found=f"{there} of {wanted}"
    )
    fair = (files["board.json"].get("fair") or {}).get("scores") or []
    scores = {called[each[0]]: float(each[1]) for each in fair if called.get(each[0])}
    if scores:
        share = agreement(Taste(record.seed), scores)
        record.look_at.append(
            f"The simulated judges err as people do. Of all pairs of compositions {percent(share)} came out in the order in which they were made to be."
        )

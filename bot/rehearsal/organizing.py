"""The organizer: makes the contest, names the judges, moves it on, and reads comments."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.rehearsal.place import CHANNEL, OLIVE

if TYPE_CHECKING:
    from bot.rehearsal.place import Place
    from bot.rehearsal.record import Record
    from bot.sandbox.client import Person

SLUG = "rehearsal"
DAYS = 2
"""For which it is open."""
LISTENS, MANY = 3, 20
"""So many judges hear each composition, where there are more than so many."""
Json = dict[str, Any]


@dataclass
class Organizer:
    """Olive."""

    place: Place
    record: Record

    @property
    def olive(self) -> Person:
        """Who she is."""
        return self.place.person(OLIVE)

    def open_contest(self) -> None:
        """By its window, with judges, as in the guide."""
        with self.record.step(f"An organizer makes a contest with {self.record.judges} judges, and opens it"):
            close = datetime.fromtimestamp(self.place.now(), UTC) + timedelta(days=DAYS)
            values = {
                "name": "Rehearsal",
                "slug": SLUG,
                "channel_id": CHANNEL,
                "deadline_date": close.strftime("%Y-%m-%d"),
                "board_cron": "0 12 * * *",
            }
            self.olive.command(CHANNEL, "/kantor contest new")
            self.fill_in("new_contest", values)
            if self.record.entries > MANY:
                self._share_out()
            self.olive.command(CHANNEL, "/kantor judges add " + " ".join(f"<@{one}>" for one in self.place.judges))
            self.olive.wait_for_ephemeral(CHANNEL, "judge", self.place.patience)
            self.move_on()

    def pass_the_deadline(self) -> None:
        """Days pass in seconds."""
        with self.record.step("Two days pass"):
            self.place.let_pass((DAYS + 1) * 86400)

    def begin_judging(self) -> None:
        """The next phase."""
        with self.record.step("The judging begins"):
            self.move_on()

    def read_comments(self) -> None:
        """Each comment is to reach its author."""
        with self.record.step("An organizer reads the judges' comments"):
            self.olive.command(CHANNEL, "/kantor feedback")
            while True:
                view = self.window(lambda one: "One moment" not in json.dumps(one))
                if view["callback_id"] != "feedback_page":
                    break
                answer = self.olive.submit(view)
                assert answer["ok"], answer
                self.place.eventually(lambda: not self._still_there(view), "the next page of comments")  # noqa: B023 - asked at once
            self.place.close_all(self.olive)

    def _still_there(self, view: Json) -> bool:
        return any(one["id"] == view["id"] and one["hash"] == view["hash"] for one in self.olive.views())

    def move_on(self) -> None:
        """Confirm the next phase."""
        self.olive.command(CHANNEL, "/kantor phase next")
        preview = self.window(lambda view: "What happens" in str(view["blocks"]))
        answer = self.olive.submit(preview)
        assert answer["ok"], answer
        self.window(lambda view: "is now: " in json.dumps(view))
        self.place.close_all(self.olive)

    def _share_out(self) -> None:
        self.olive.command(CHANNEL, "/kantor contest edit")
        menu = self.window(lambda view: "edit_part" in json.dumps(view))
        parts = [block["accessory"]["value"] for block in menu["blocks"] if "accessory" in block]
        self.olive.click(menu, "edit_part", next(each for each in parts if each.startswith("judging:")))
        answer = self.olive.submit(
            self.window(lambda view: view["callback_id"] == "edit_contest"), {"listens": LISTENS}
        )
        assert answer["ok"], answer
        answer = self.olive.submit(self.window(lambda view: view["callback_id"] == "apply_edit"))
        assert answer["ok"], answer
        self.window(lambda view: "is changed" in json.dumps(view))
        self.place.close_all(self.olive)

    def fill_in(self, callback_id: str, values: Json) -> None:
        """The window that is being opened."""
        answer = self.olive.submit(self.window(lambda view: view["callback_id"] == callback_id), values)
        assert answer["ok"], answer
        self.place.close_all(self.olive)

    def window(self, fits: Any) -> Json:
        """Wait for it, and note how long that took."""
        with self.record.waiting("a window"):
            return self.olive.wait_for_view(fits, self.place.patience)

"""A modal that two presses fill."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from handlers.views import blocks as b
from handlers.views import guide
from handlers.windows import Window, Windows


@dataclass
class Slack:
    """Keeps what is shown in one view, which another press has filled since."""

    answer: str
    """What it says to whoever knows the view as it was; other trouble than that, to everybody."""
    shown: list[Any] = field(default_factory=list)

    def views_update(self, view_id: str, view: Any, hash: str | None = None) -> None:  # noqa: A002 - Slack's name
        """Fill it, or not."""
        if hash is not None or self.answer != "hash_conflict":
            raise SlackApiError("no", {"error": self.answer})  # type: ignore[no-untyped-call]  # it has no annotations
        self.shown.append((view_id, view["blocks"][0]["text"]["text"]))


def window(slack: Any) -> Window:
    """As it was before both presses."""
    return Window(slack, "V1", "old")


def test_what_another_press_filled_is_drawn_anew() -> None:
    """Not with what this press saw: that is older. Whoever fills it looks once more, for a press that came meanwhile."""
    slack, seen = Slack("hash_conflict"), iter(["both", "one", "none", "none", "none"])
    window(slack).show(lambda: guide.notice("List", next(seen)))
    assert [("V1", "one"), ("V1", "none")] == slack.shown


@pytest.mark.parametrize("code", ["not_found", "view_not_found"])
def test_a_closed_window_is_left_alone(code: str) -> None:
    """Nothing is shown, and nobody hears of it."""
    slack = Slack(code)
    window(slack).show(lambda: guide.notice("List", "both"))
    assert [] == slack.shown


def test_other_trouble_is_told() -> None:
    """To the error listener."""
    with pytest.raises(SlackApiError):
        window(Slack("invalid_arguments")).show(lambda: guide.notice("List", "both"))


@dataclass
class TakesLate:
    """Slack takes the acknowledgement after so many looks: before, it knows no view of that external id."""

    looks: int
    acked: list[Any] = field(default_factory=list)
    shown: list[Any] = field(default_factory=list)

    def ack(self, **answer: Any) -> None:
        """What goes back over the connection."""
        self.acked.append(answer)

    def views_update(self, view: Any, external_id: str) -> None:
        """Fill the view that the acknowledgement brought."""
        self.looks -= 1
        if self.looks >= 0 or external_id != self.acked[-1]["view"]["external_id"]:
            raise SlackApiError("no", {"error": "not_found"})  # type: ignore[no-untyped-call]  # it has no annotations
        self.shown.append(view)


@pytest.mark.parametrize("action", ["update", "push"])
def test_what_a_frame_has_no_room_for_follows_its_acknowledgement(action: Any) -> None:
    """Slack hangs up at a larger frame, whatever the view's own limits allow."""
    slack = TakesLate(looks=2)
    large = b.modal("Large", [b.section("調" * 3000), b.section("調" * 500)])
    assert b.frame_bytes(large) > b.FRAME
    Windows(slack, {}, lambda follow: follow()).answer(slack.ack, large, action)  # type: ignore[arg-type]  # all of Slack that it asks
    (acked,) = slack.acked
    assert b.frame_bytes(acked) < 1000
    assert action == acked["response_action"]
    assert [large | {"external_id": acked["view"]["external_id"]}] == slack.shown


def test_what_has_room_comes_with_its_acknowledgement() -> None:
    """Nothing else is asked of Slack."""
    slack = TakesLate(looks=0)
    Windows(slack, {}, lambda follow: follow()).answer(slack.ack, guide.notice("Small", "enough"))  # type: ignore[arg-type]  # as above
    assert [{"response_action": "update", "view": guide.notice("Small", "enough")}] == slack.acked
    assert [] == slack.shown


def test_a_search_offers_what_one_answer_has_room_for() -> None:
    """A hundred at most, and fewer of long names in letters that are written as six bytes each."""
    assert 100 == len(b.offered([b.option(f"Ada {number}", str(number)) for number in range(120)]))
    few = b.offered([b.option("ж" * 75, str(number)) for number in range(120)])
    assert 20 < len(few) < 100
    assert b.frame_bytes(few) <= b.FRAME

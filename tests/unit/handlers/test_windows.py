"""A modal that two presses fill."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from handlers.views import guide
from handlers.windows import Window


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

"""A modal that two presses fill."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.attempts import attempt
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
    assert b.frame_bytes(LARGE) > b.FRAME
    Windows(slack, {}, lambda follow: follow()).answer(slack.ack, LARGE, action)  # type: ignore[arg-type]  # all of Slack that it asks
    (acked,) = slack.acked
    assert b.frame_bytes(acked) < 1000
    assert action == acked["response_action"]
    assert [LARGE | {"external_id": acked["view"]["external_id"]}] == slack.shown


@dataclass
class Troubled:
    """Slack answers one after the other of these to each look, and shows what it says nothing against."""

    answers: list[Exception | None]
    shown: list[str] = field(default_factory=list)
    told: list[tuple[str, str]] = field(default_factory=list)

    def ack(self, **answer: Any) -> None:
        """What goes back over the connection."""

    def views_update(self, view: Any, external_id: str) -> None:
        """Fill the view that the acknowledgement brought, or not."""
        assert external_id
        answer = self.answers.pop(0)
        if answer is not None:
            raise answer
        self.shown.append(view["blocks"][0]["text"]["text"])

    def chat_postMessage(self, channel: str, text: str) -> None:  # noqa: N802 - Slack's name
        """A direct message."""
        self.told.append((channel, text))


def said(error: str, status: int = 200) -> SlackApiError:
    """What Slack's client raises for that answer."""
    answer = SlackResponse(
        client=None,
        http_verb="POST",
        api_url="https://slack.test/views.update",
        req_args={},
        data={"ok": False, "error": error},
        headers={},
        status_code=status,
    )
    return SlackApiError("no", answer)  # type: ignore[no-untyped-call]  # as above


def follow(slack: Troubled) -> Exception | None:
    """Two looks each time; what would be logged."""
    raised: list[Exception | None] = []
    windows = Windows(slack, {"user": {"id": "U0ADA"}}, lambda after: raised.append(attempt(after)), (0.0, 0.0))  # type: ignore[arg-type]  # as above
    windows.answer(slack.ack, LARGE)  # type: ignore[arg-type]  # as above
    return raised[0]


LARGE = b.modal("Large", [b.section("調" * 3000), b.section("調" * 500)])


@pytest.mark.parametrize(
    "trouble", [TimeoutError("late"), said("ratelimited", 429), said("internal_error", 500), said("not_found")]
)
def test_trouble_that_passes_is_waited_for(trouble: Exception) -> None:
    """The large window comes all the same."""
    slack = Troubled([trouble, None])
    assert follow(slack) is None
    assert ["調" * 3000] == slack.shown
    assert [] == slack.told


@pytest.mark.parametrize("troubles", [[said("invalid_arguments")], [TimeoutError("late"), said("internal_error", 500)]])
def test_whoever_waits_for_a_large_window_that_does_not_come_reads_what_to_do(troubles: list[Exception | None]) -> None:
    """In the window that said "One moment"; and it is logged."""
    slack = Troubled([*troubles, None])
    assert follow(slack) is troubles[-1]
    (text,) = slack.shown
    assert "What you sent in has arrived" in text
    assert "open it again" in text


@pytest.mark.parametrize(
    "troubles",
    [[said("invalid_arguments")] * 2, [TimeoutError("late")] * 4, [said("not_found"), said("view_not_found")]],
)
def test_where_the_window_says_nothing_more_a_message_does(troubles: list[Exception | None]) -> None:
    """Slack shows nothing at all in it, or it is gone."""
    slack = Troubled([*troubles])
    assert follow(slack) is not None
    assert ([], []) == (slack.shown, slack.answers)
    ((to, text),) = slack.told
    assert "U0ADA" == to
    assert "show the window *Large*" in text


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

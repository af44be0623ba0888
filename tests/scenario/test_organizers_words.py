"""What organizers send out by Kantor: announcements, reminders, and at the end the feedback."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.rules.criteria import DEFAULT
from bot.usecases.judging.ratings import RateSubmission, RatingValues
from tests.makers.pieces import melody
from tests.makers.stage import CHANNEL, Stage

if TYPE_CHECKING:
    from bot.sandbox.client import Person

SECRET = "between you and me"


def said(message: Any) -> str:
    """All the words of a message or a view."""
    return json.dumps(message, ensure_ascii=False)


def rate(stage: Stage, judge: str, score: int, comment: str) -> None:
    """A judge's rating of all that was accepted; how judges give it is told elsewhere."""
    with stage.database.store.read() as work:
        pieces = work.submissions.accepted(work.contests.newest_first()[0].id)
    for piece in pieces:
        values = RatingValues(dict.fromkeys(DEFAULT.keys, score), comment, SECRET)
        stage.database.services.ratings.rate(RateSubmission(judge, piece.id, values))


def heard(who: Person, part: str) -> list[dict[str, Any]]:
    """The person's direct messages that say it."""
    return [message for message in who.messages(who.open_dm()) if part in said(message)]


def test_authors_read_what_the_organizer_let_through(stage: Stage) -> None:
    """Two comments, one of them rude: read, ticked, previewed, sent; once, without names and notes."""
    stage.contest()
    stage.submit(stage.ada, melody(1), "rain.mid")
    stage.olive.command(CHANNEL, "/kantor feedback")
    stage.olive.wait_for_view("Nobody has judged")
    stage.close_all(stage.olive)
    stage.next_phase()
    rate(stage, "U0JUDY", 5, "What a lovely line!")
    rate(stage, "U0JACK", 3, "Something rude.")
    stage.next_phase()
    stage.olive.command(CHANNEL, "/kantor feedback")
    page = stage.olive.wait_for_view(lambda view: view["callback_id"] == "feedback_page")
    assert SECRET not in said(page)
    (box,) = [
        block["block_id"]
        for before, block in zip(page["blocks"][1:], page["blocks"][2:], strict=False)
        if block["type"] == "input" and "Something rude" in said(before)
    ]
    assert stage.olive.submit(page, {box: ["leave_out"]})["ok"]
    preview = stage.olive.wait_for_view(lambda view: view["callback_id"] == "send_feedback")
    assert "1 comment will go out; 1 comment will not." in said(preview)
    stage.olive.click(preview, "feedback_again")
    page = stage.olive.wait_for_view(lambda view: view["callback_id"] == "feedback_page")
    assert stage.olive.submit(page, {box: ["leave_out"]})["ok"]
    preview = stage.olive.wait_for_view(lambda view: view["callback_id"] == "send_feedback")
    assert [] == heard(stage.ada, "What the judges say")
    assert stage.olive.submit(preview)["ok"]
    stage.ada.wait_for_message(stage.ada.open_dm(), "What the judges say of rain")
    (card,) = heard(stage.ada, "What the judges say")
    assert "> What a lovely line!" in said(card)
    assert "*4.00* of 5, nearest to" in said(card)
    assert [word for word in ("rude", SECRET, "Judy", "U0JUDY", "Jack", "U0JACK") if word in said(card)] == []
    stage.close_all(stage.olive)
    stage.olive.command(CHANNEL, "/kantor feedback")
    stage.olive.wait_for_view("It goes out once")


def test_an_announcement_is_looked_at_first_and_a_reminder_comes_once_a_day(stage: Stage) -> None:
    """Changed after the preview, it is previewed again; a second reminder on the same day finds nobody."""
    stage.contest()
    stage.ada.command(CHANNEL, "/kantor announce We are all late!")
    stage.ada.wait_for_view("for the organizers")
    stage.close_all(stage.ada)
    stage.olive.command(CHANNEL, "/kantor announce We begin at ten.")
    form = stage.olive.wait_for_view(lambda view: view["callback_id"] == "announce")
    assert "We begin at ten." in said(form)
    to_judges = {"announcement": "We begin at *ten*.", "audience": "judges"}
    assert stage.olive.submit(form, to_judges)["ok"]
    preview = stage.olive.wait_for_view("Nothing is sent yet")
    assert stage.olive.submit(preview, to_judges | {"announcement": "We begin at *eleven*."})["ok"]
    preview = stage.olive.wait_for_view(lambda view: "eleven" in said(view) and "Nothing is sent" in said(view))
    assert [] == heard(stage.judy, "We begin")
    assert stage.olive.submit(preview, to_judges | {"announcement": "We begin at *eleven*."})["ok"]
    for judge in (stage.judy, stage.jack):
        judge.wait_for_message(judge.open_dm(), "We begin at *eleven*.")
    stage.close_all(stage.olive)
    stage.cleo.leave(CHANNEL)
    stage.cleo.join(CHANNEL)
    stage.cleo.wait_for_message(stage.cleo.open_dm(), "Spring Jam")
    stage.olive.command(CHANNEL, "/kantor nudge")
    assert stage.fill_in(stage.olive, "nudge", {})["ok"]
    stage.cleo.wait_for_message(stage.cleo.open_dm(), "has room for a piece of yours")
    stage.close_all(stage.olive)
    stage.olive.command(CHANNEL, "/kantor nudge")
    stage.olive.wait_for_view("Nobody else needs a reminder now.")

"""Announcements and reminders as people read them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.usecases.people.broadcasts import MAX_WORDS, Announced, AnnouncementDraft, Audience
from bot.usecases.people.letters import Announcement, ComposerNudge, JudgeNudge
from bot.usecases.people.nudges import Nudged, NudgePreview
from handlers import letters
from handlers.people import views as calls
from tests.unit.handlers.block_kit import problems_of_message, problems_of_view, words

AT = datetime(2026, 12, 4, 17, 0, tzinfo=UTC)
LONG = ("<!channel> & *Ünïcode* " * 200)[:MAX_WORDS]


def draft(
    text: str = "We begin at *ten*.", looked_at: str = "a1", audience: Audience = Audience.JUDGES
) -> AnnouncementDraft:
    counts = {Audience.CHANNEL: 1, Audience.PARTICIPANTS: 40, Audience.JUDGES: 1}
    return AnnouncementDraft("c1", "Winter Jam", "C0COMPOSERS", text, audience, counts, looked_at)


def test_the_form_asks_before_it_previews_and_previews_before_it_sends() -> None:
    """The button says which."""
    empty, seen = calls.announcement(draft("", "")), calls.announcement(draft())
    assert ["Preview", "Send it"] == [view["submit"]["text"] for view in (empty, seen)]
    assert "in the direct messages of 1 person. Nothing is sent yet." in words(seen)
    assert "We begin at *ten*." in words(seen)
    assert "Who takes part, by direct message (40 people)" in words(seen)


@pytest.mark.parametrize("audience", Audience)
def test_the_longest_announcement_keeps_slacks_limits(audience: Audience) -> None:
    """In the form, in the preview and as a message."""
    for view in (calls.announcement(draft(LONG, "", audience)), calls.announcement(draft(LONG, "a1", audience))):
        assert [] == problems_of_view(view)
    drawn = letters.draw(Announcement(contest_name=LONG, sent_by="U0OLIVE", words=LONG))
    assert [] == problems_of_message(drawn.text, list(drawn.blocks))
    assert [] == problems_of_view(calls.announced(Announced("C0COMPOSERS", audience, 3)))


def test_an_announcement_says_whose_words_they_are_and_calls_nobody() -> None:
    """Line breaks stay, and so does bold."""
    drawn = letters.draw(Announcement(contest_name="Jam", sent_by="U0OLIVE", words="*Ten!*\n<!channel>"))
    assert "📣 *Jam*  ·  from <@U0OLIVE>" in words(list(drawn.blocks))
    assert "*Ten!*\n&lt;!channel&gt;" in words(list(drawn.blocks))


def test_only_what_was_looked_at_is_sent() -> None:
    """Other words, or another audience, are another announcement; blanks around it are not."""
    mark = calls.looked_at("We begin.", Audience.JUDGES)
    assert mark == calls.looked_at(" We begin.\n", Audience.JUDGES)
    assert mark not in {calls.looked_at("We begin!", Audience.JUDGES), calls.looked_at("We begin.", Audience.CHANNEL)}


@pytest.mark.parametrize("judges", [True, False])
def test_a_reminder_is_looked_at_with_numbers_and_names(judges: bool) -> None:
    """How many, who, and how many are left in peace."""
    people = tuple(f"U0{number}" for number in range(200))
    example = JudgeNudge(contest_id="c1", contest_name="Jam", done=3, total=12)
    view = calls.nudge(NudgePreview("n1", "c1", LONG, judges, people, 3, example))
    assert [] == problems_of_view(view)
    text = words(view)
    assert "200 people " in text
    assert "<@U00>, <@U01>" in text
    assert "… and 170 more" in text
    assert "3 people had a reminder within the last day, and I leave them in peace." in text
    assert "> 👋 The organizers of *Jam* would be glad of your ears: you have rated 3 of 12 pieces so far." in text
    assert "Remind 200" == view["submit"]["text"]


@pytest.mark.parametrize(("judges", "rested", "sentence"), [
    (True, 0, "Every judge has rated all there is"),
    (False, 0, "has handed something in. Others who are in the channel read what you `/kantor announce` there."),
    (False, 2, "Nobody else needs a reminder now."),
])  # fmt: skip
def test_where_nobody_is_due_there_is_nothing_to_press(judges: bool, rested: int, sentence: str) -> None:
    """The window says why."""
    view = calls.nudge(NudgePreview("n1", "c1", "Jam", judges, (), rested))
    assert sentence in words(view)
    assert "submit" not in view


def test_reminders_are_kind_and_say_what_to_do() -> None:
    """A deadline in the person's zone with UTC beside it, the starter kit, and the way to the judge's pieces."""
    composer = ComposerNudge(contest_name="Jam", channel_id="C0COMPOSERS", deadline=AT, time_zone="Europe/Berlin")
    drawn = letters.draw(composer)
    assert "until Friday 4 December at 18:00 (17:00 UTC)." in drawn.text
    assert "starter kit" in words(list(drawn.blocks))
    judge = letters.draw(JudgeNudge(contest_id="c1", contest_name="Jam", done=3, total=12))
    assert "you have rated 3 of 12 pieces so far." in judge.text
    assert "See my pieces" in words(list(judge.blocks))


@pytest.mark.parametrize(("people", "sentence"), [(0, "so I sent none."), (1, "1 person will"), (7, "7 people will")])
def test_the_confirmation_counts(people: int, sentence: str) -> None:
    """Also where nobody was left."""
    assert sentence in words(calls.nudged(Nudged(people=people)))

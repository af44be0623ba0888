from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import available_timezones

import pytest

from bot.rules.criteria import DEFAULT
from bot.rules.phases import Phase
from bot.rules.secret import Secret
from bot.usecases.accounts.accounts import Credentials
from bot.usecases.contests.contests import JudgesAdded
from bot.usecases.judging.ratings import Progress, RatingValues, Saved
from handlers.accounts import views as accounts
from handlers.contests import editing_views
from handlers.contests import views as contests
from handlers.ids import Block
from handlers.judging import views as ratings
from handlers.views import guide, zones
from tests.unit.handlers import samples
from tests.unit.handlers.block_kit import problems_of_message, problems_of_view, words

PREFILL = editing_views.Prefill("Europe/Berlin", "C0COMPOSERS", date(2026, 11, 22))
FULL = RatingValues(samples.SCORES, "x" * 2000, "y" * 2000)


@pytest.mark.parametrize(
    "view",
    [
        editing_views.new_contest(PREFILL),
        editing_views.new_contest(editing_views.Prefill("Antarctica/Troll", None, date(2026, 12, 30))),
        contests.created(samples.summary(samples.LONG)),
        contests.advanced(samples.summary(samples.LONG)),
        contests.phase_preview(samples.preview((samples.LONG,) * 50)),
        accounts.offer(samples.offer(name=samples.LONG)),
        accounts.offer(samples.offer(samples.HELD, samples.LONG)),
        accounts.credentials(samples.GIVEN),
        ratings.rating(samples.form(FULL, samples.LONG)),
        ratings.saved(Saved(Progress(5, 12), samples.LONG, waiting=samples.LONG)),
        ratings.saved(Saved(Progress(5, 12), samples.LONG, samples.form(FULL, samples.LONG))),
        guide.refused(samples.LONG * 3),
        guide.loading("Loading"),
        guide.window("Contest status", contests.status(samples.status(samples.LONG))),
        guide.window("How it works", guide.help_message({"judge", "organizer"})),
    ],
)
def test_views_keep_slacks_limits(view: dict[str, Any]) -> None:
    """However long names and lists are, each view is one that Slack takes."""
    assert problems_of_view(view) == []


def test_messages_keep_slacks_limits() -> None:
    """So do the messages that answer commands."""
    blocks = contests.status(samples.status(samples.LONG))
    assert problems_of_message(contests.status_text(samples.status(samples.LONG)), blocks) == []
    assert problems_of_message(guide.HELP_TEXT, guide.help_message({"organizer"})) == []


def _input(view: dict[str, Any], block: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in view["blocks"] if each.get("block_id", "").partition("~")[0] == block)
    return found


def test_new_contest_is_prefilled() -> None:
    """The organizer's zone, the channel of the command, a deadline in a week and a daily board stand there already."""
    view = editing_views.new_contest(PREFILL)
    assert _input(view, Block.TIME_ZONE)["element"]["initial_option"]["value"] == "Europe/Berlin"
    assert _input(view, Block.CHANNEL)["element"]["initial_conversation"] == "C0COMPOSERS"
    assert _input(view, Block.DEADLINE_DATE)["element"]["initial_date"] == "2026-11-29"
    assert _input(view, Block.DEADLINE_TIME)["element"]["initial_time"] == "18:00"
    assert _input(view, Block.BOARD_PRESET)["element"]["initial_option"]["value"] == "0 18 * * *"


def test_zones_are_known_everywhere() -> None:
    """Each zone of the menu is one of the time zone database, and the menu has room for one more."""
    assert set(zones.COMMON) - available_timezones() == set()
    assert len(set(zones.COMMON)) == len(zones.COMMON) < 100


def test_the_end_asks_twice_in_red_and_names_what_nobody_rated() -> None:
    """Unlike every other phase: no green button ends a contest."""
    unrated = tuple(f"#winter-jam-ada-{number}" for number in range(36))
    view = contests.phase_preview(replace(samples.preview(phase=Phase.FINAL), unrated=unrated))
    assert "submit" not in view
    (button,) = view["blocks"][-1]["elements"]
    assert ("Finish Winter Jam for good ...", "danger") == (button["text"]["text"], button["style"])
    asked = button["confirm"]
    assert ("Finish Winter Jam?", "danger") == (asked["title"]["text"], asked["style"])
    assert "36 compositions without a rating" in asked["text"]["text"]
    assert "#winter-jam-ada-0" in words(view)
    assert "21 more" in words(view)
    assert [] == problems_of_view(view)


def test_phase_preview_has_effects_and_warnings() -> None:
    """The preview says what happens and what to mind, and its button says what it does."""
    view = contests.phase_preview(samples.preview())
    assert "Draft  →  *Open for compositions*" in words(view)
    assert "*What happens*\n•  People can upload." in words(view)
    assert "*Before you go on*\n•  There are no judges yet." in words(view)
    assert view["submit"]["text"] == "Open the contest"


@pytest.mark.parametrize("phase", [Phase.DRAFT, Phase.OPEN, Phase.JUDGING])
def test_each_phase_has_its_preview(phase: Phase) -> None:
    """Every step has a button that fits Slack's 24 characters."""
    assert problems_of_view(contests.phase_preview(samples.preview(phase=phase))) == []


@pytest.mark.parametrize(
    ("added", "already", "said"),
    [
        (("U1",), (), "🎧 <@U1> is now a judge of *Jam*, and I have written to them."),
        (("U1", "U2"), (), "🎧 <@U1>, <@U2> now judge *Jam*, and I have written to them."),
        ((), ("U1",), "<@U1> judged *Jam* already."),
    ],
)
def test_added_judges(added: tuple[str, ...], already: tuple[str, ...], said: str) -> None:
    """One, several, or those who were there."""
    assert contests.judges_added(JudgesAdded("Jam", added, already)) == said


def test_rating_scales_have_titles() -> None:
    """Each criterion is a group of five radio buttons with the titles of the scores."""
    view = ratings.rating(samples.form())
    for block in DEFAULT.keys:
        element = _input(view, block)["element"]
        titles = [option["text"]["text"] for option in element["options"]]
        assert titles == [
            "5 - AWSome!",
            "4 - Now we're rocking",
            "3 - Groovin'",
            "2 - Faint, but forgettable",
            "1 - Noise",
        ]
        assert "initial_option" not in element
    assert [_input(view, block)["optional"] for block in (Block.COMMENT, Block.PRIVATE_NOTE)] == [True, True]


def test_rating_again_shows_what_was_given() -> None:
    """An edit begins with the judge's own values."""
    view = ratings.rating(samples.form(RatingValues(samples.SCORES, "Lovely", "mine")))
    given = [_input(view, block)["element"]["initial_option"]["value"] for block in DEFAULT.keys]  # fmt: skip
    assert given == ["4", "3", "5"]
    assert _input(view, Block.COMMENT)["element"]["initial_value"] == "Lovely"


def test_rating_progress() -> None:
    """The confirmation says how far the judge has come."""
    assert "*5 of 12*" in words(ratings.saved(Saved(Progress(5, 12), "quiet heron")))
    assert "the last one" in words(ratings.saved(Saved(Progress(12, 12), "quiet heron")))
    assert "More may come" in words(ratings.saved(Saved(Progress(12, 12), "quiet heron", more=True)))


def test_password_stands_alone_to_be_copied() -> None:
    """The password is in a code block of its own, escaped as Slack shows it, and nowhere else."""
    view = accounts.credentials(samples.GIVEN)
    assert [block["text"]["text"] for block in view["blocks"] if "ss&amp;word" in str(block)] == [
        "```Pa&lt;ss&amp;word&gt;-7f3q```"
    ]


def test_password_with_a_backtick() -> None:
    """One that would end the code block is shown as plain text, unescaped."""
    view = accounts.credentials(replace(samples.GIVEN, password=Secret("a`b&c")))
    shown = [block["text"] for block in view["blocks"] if block["text"]["type"] == "plain_text"]
    assert shown == [{"type": "plain_text", "text": "a`b&c", "emoji": False}]


def test_account_view_sends_nothing_back() -> None:
    """Nothing in the view with the password can be clicked: a click would send the whole view to us."""
    view = accounts.credentials(samples.GIVEN)
    assert {block["type"] for block in view["blocks"]} == {"section"}
    assert not any("accessory" in block for block in view["blocks"])
    assert "notify_on_close" not in view


def test_second_time_has_no_password() -> None:
    """Without a password the view says so, and gives account, user and address."""
    given = Credentials("123456789012", "composer-07", None, "https://example.org/?a=1&b=2")
    for view in (accounts.credentials(given), accounts.offer(samples.offer(samples.HELD))):
        assert "Ask to see it once more: an organizer has to agree" in words(view)
        assert "`composer-07`" in words(view)
        assert "&amp;b=2>" in words(view)


def test_help_by_role() -> None:
    """Everybody reads how to take part; judges and organizers read more."""
    everybody, organizer = words(guide.help_message(frozenset())), words(guide.help_message({"organizer"}))
    assert "/kantor contest new" not in everybody
    assert "/kantor contest new" in organizer
    assert everybody in organizer


@pytest.mark.parametrize(
    ("phase", "said"),
    [
        (Phase.FINAL, "The final, 2 compositions\n"),
        (Phase.FINISHED, "Finished, 2 compositions had gone on to the final"),
    ],
)
def test_the_status_says_what_the_number_of_finalists_is(phase: Phase, said: str) -> None:
    """After the end it is no longer what there is to judge."""
    plain = samples.status()
    shown = replace(plain, finalists=2, contest=replace(plain.contest, phase=phase))
    assert said in words(contests.status(shown)) + "\n"

"""Organizers: a contest is made, looked at and moved on, by slash commands and modals."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tests.makers.pieces import melody
from tests.makers.stage import CHANNEL, Stage, eventually


def all_words(surface: dict[str, Any]) -> str:
    """Everything on a message or view."""
    return json.dumps(surface.get("blocks", []), ensure_ascii=False) + str(surface.get("text", ""))


def more_about_organizers(stage: Stage, seen: int) -> bool:
    """Whether Ada has read that word more often than ``seen`` times."""
    return json.dumps([stage.ada.ephemerals(CHANNEL), stage.ada.views()]).count("organizer") > seen


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("slug", "Not A Slug!", "such as bach-jam"),
        ("deadline_date", "2020-01-01", "passed"),
        ("board_cron", "every day", "minute"),
        ("channel_id", "C0LOUNGE", "/invite"),
    ],
)
def test_a_wrong_field_of_a_new_contest_is_told_beside_it(stage: Stage, field: str, value: str, words: str) -> None:
    """The modal stays open, what was filled in stays, and the sentence gives an example or the way out."""
    answer = stage.new_contest(**{field: value})
    assert not answer["ok"]
    assert [field] == list(answer["errors"])
    assert words in answer["errors"][field]


def test_two_contests_cannot_share_a_channel_or_a_slug(stage: Stage) -> None:
    """The second one is told which field to change."""
    stage.contest()
    taken = stage.new_contest(slug="another")
    assert ["channel_id"] == list(taken["errors"])
    stage.close_all(stage.olive)
    garden = stage.slack.create_channel("garden", ["U0OLIVE", "U0ADA", "U0KANTOR"])
    assert ["slug"] == list(stage.new_contest(channel_id=garden)["errors"])
    stage.close_all(stage.olive)
    assert stage.new_contest(channel_id=garden, slug="garden-jam")["ok"]


def test_a_new_contest_and_its_opening_delivered_twice_are_one(stage: Stage) -> None:
    """Slack repeats both submissions: one contest, one phase, told to the channel once, and no error on the screen."""
    stage.slack.fault(event="view_submission", mode="double", times=1)
    assert stage.new_contest()["ok"]
    stage.olive.wait_for_view("is a draft")
    stage.close_all(stage.olive)
    stage.slack.fault(event="view_submission", mode="double", times=1)
    stage.olive.command(CHANNEL, "/kantor phase next")
    assert stage.fill_in(stage.olive, "advance_phase", {})["ok"]
    stage.olive.wait_for_view("is now")
    stage.close_all(stage.olive)
    stage.ada.wait_for_message(CHANNEL, "is open!")
    stage.olive.command(CHANNEL, "/kantor status")
    assert "Open for compositions" in all_words(stage.olive.wait_for_ephemeral(CHANNEL, "Phase"))
    assert 1 == sum("is open!" in message["text"] for message in stage.slack.all_messages(CHANNEL))


def test_an_answer_that_came_too_late_is_given_at_the_second_try(stage: Stage) -> None:
    """Slack's "Try again?" is taken at its word: the contest is there, and nothing is "taken"."""
    stage.slack.fault(method="conversations.info", mode="slow", seconds=3.5, times=1)
    stage.olive.command(CHANNEL, "/kantor contest new")
    view = stage.olive.wait_for_view(lambda view: view["callback_id"] == "new_contest")
    close = stage.clock.now() + timedelta(days=2)
    values = {"name": "Spring Jam", "slug": "spring-jam", "deadline_date": close.strftime("%Y-%m-%d"), "board_cron": ""}
    assert not stage.olive.submit(view, values)["ok"]

    def made() -> int:
        with stage.database.store.read() as work:
            return len(work.contests.newest_first())

    eventually(made, "the contest")
    assert stage.olive.submit(view, values)["ok"]
    stage.olive.wait_for_view("is a draft")
    assert 1 == made()


def test_a_private_contest_is_nobody_elses_business(stage: Stage) -> None:
    """Gus the guest asks in his direct messages and learns nothing, not even that it is there."""
    secret = stage.slack.create_channel("secret-jam", ["U0OLIVE", "U0JUDY", "U0KANTOR"], private=True)
    assert stage.new_contest(channel_id=secret, slug="secret-jam", name="Secret Jam")["ok"]
    dm = stage.gus.open_dm()
    for command in ("/kantor status", "/kantor board"):
        seen = len(stage.gus.ephemerals(dm))
        stage.gus.command(dm, command)
        told = eventually(partial(lambda seen: stage.gus.ephemerals(dm)[seen:], seen), "the answer")
        assert "There is no contest here yet" in all_words(told[-1])
    assert "Secret" not in json.dumps([stage.gus.ephemerals(dm), stage.gus.messages(dm)])


def test_only_organizers_run_contests(stage: Stage) -> None:
    """Ada is told kindly, and sees no modal of a contest."""
    stage.contest()
    for command in ("/kantor phase next", "/kantor contest new", "/kantor judges add @ben"):
        seen = json.dumps([stage.ada.ephemerals(CHANNEL), stage.ada.views()]).count("organizer")
        stage.ada.command(CHANNEL, command)
        told = partial(more_about_organizers, stage, seen)
        assert eventually(told, f"the reason why Ada may not {command}")
        assert [] == [view for view in stage.ada.views() if view["callback_id"] in {"new_contest", "advance_phase"}]
        stage.close_all(stage.ada)


def test_help_is_by_role(stage: Stage) -> None:
    """Ada reads how to hand in; Olive also how to run the contest."""
    stage.contest()
    stage.ada.command(CHANNEL, "/kantor help")
    stage.olive.command(CHANNEL, "/kantor help")
    ada = all_words(stage.ada.wait_for_ephemeral(CHANNEL, "/kantor"))
    olive = all_words(stage.olive.wait_for_ephemeral(CHANNEL, "/kantor phase next"))
    assert "phase next" not in ada
    assert "MIDI" in ada
    assert "contest new" in olive


def test_the_preview_tells_what_will_happen_and_a_stale_one_changes_nothing(stage: Stage) -> None:
    """Two organizers (an admin, and one of the settings) press at once: the contest moves one phase, not two."""
    stage.contest()
    stage.submit(stage.ada, melody(1), "dawn.mid")
    for organizer in (stage.olive, stage.jack):
        organizer.command(CHANNEL, "/kantor phase next")
    previews = [
        who.wait_for_view(lambda view: view["callback_id"] == "advance_phase") for who in (stage.olive, stage.jack)
    ]
    assert "1 composition" in all_words(previews[0])
    assert stage.olive.submit(previews[0], {})["ok"]
    stage.close_all(stage.olive)
    stale = json.dumps([stage.jack.submit(previews[1], {}), stage.jack.views()])
    assert "moved on" in stale or "already" in stale
    stage.olive.command(CHANNEL, "/kantor status")
    status = all_words(stage.olive.wait_for_ephemeral(CHANNEL, "Being judged"))
    assert "1 accepted" in status


def test_judges_are_told_and_named_once(stage: Stage) -> None:
    """Added again they are known already; a bot is no judge."""
    stage.contest()
    stage.judy.wait_for_message(stage.judy.open_dm(), "judge of *Spring Jam*")
    stage.olive.command(CHANNEL, "/kantor judges add @judy @ben")
    said = all_words(stage.olive.wait_for_ephemeral(CHANNEL, "already"))
    assert "U0BEN" in said
    stage.ben.wait_for_message(stage.ben.open_dm(), "judge of *Spring Jam*")
    welcomes = [one for one in stage.slack.all_messages(stage.judy.open_dm()) if "made you a judge" in one["text"]]
    assert 1 == len(welcomes)


def test_words_in_the_direct_messages_delivered_twice_are_answered_once(stage: Stage) -> None:
    """Slack repeats what it thinks was lost."""
    stage.contest()
    dm = stage.ada.open_dm()
    stage.slack.fault(event="message", mode="double", times=1)
    stage.ada.say(dm, "hello?")
    stage.ada.wait_for_message(dm, "Welcome to *Spring Jam*")
    stage.ada.say(dm, "account")
    stage.ada.wait_for_message(dm, "has no accounts")
    answers = [one for one in stage.slack.all_messages(dm) if one["user"] == "U0KANTOR"]
    assert 2 == len(answers)


def test_a_dm_that_could_mean_two_contests_asks_which(stage: Stage) -> None:
    """Ada is in both channels: the file is not filed anywhere, and she reads what to do."""
    stage.contest()
    garden = stage.slack.create_channel("garden", ["U0OLIVE", "U0ADA", "U0KANTOR"])
    assert stage.new_contest(channel_id=garden, slug="garden-jam", name="Garden Jam")["ok"]
    stage.close_all(stage.olive)
    stage.olive.command(garden, "/kantor phase next")
    assert stage.fill_in(stage.olive, "advance_phase", {})["ok"]
    dm = stage.ada.open_dm()
    stage.ada.upload(dm, "dawn.mid", melody(1))
    said = stage.ada.wait_for_message(dm, "Garden Jam")["text"]
    assert "Spring Jam" in said


def test_a_judge_who_has_rated_is_let_go_by_a_window(stage: Stage) -> None:
    """The command opens it; the reason goes to the judge; the button of the organizers' letter takes it back."""
    stage.contest()
    stage.submit(stage.ada, melody(1), "dawn.mid")
    stage.next_phase()
    message = stage.invitation(stage.judy)
    stage.judy.click(message, "rate")
    assert stage.fill_in(stage.judy, "rate", {"originality": "5", "balance": "4", "emotional": "3"})["ok"]
    stage.olive.command(CHANNEL, "/kantor judges remove @judy")
    window = stage.olive.wait_for_view(lambda view: view["callback_id"] == "void_ratings")
    assert "1 rating of theirs" in all_words(window)
    assert stage.olive.submit(window, {"reason": "knew the composer"})["ok"]
    stage.close_all(stage.olive)
    assert "knew the composer" in all_words(
        stage.judy.wait_for_message(stage.judy.open_dm(), "judge *Spring Jam* no more")
    )
    letter = stage.olive.wait_for_message(stage.olive.open_dm(), "no more")
    stage.olive.click(letter, "restore_judge")
    stage.judy.wait_for_message(stage.judy.open_dm(), "counts again")

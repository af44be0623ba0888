"""Organizers change a contest: from the menu to a part, to what it would bring, and back or on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.makers.stage import CHANNEL, Stage

if TYPE_CHECKING:
    from bot.sandbox.client import Person


def words(surface: dict[str, Any]) -> str:
    """Everything on a message or view."""
    return json.dumps(surface.get("blocks", []), ensure_ascii=False) + str(surface.get("text", ""))


def open_part(stage: Stage, who: Person, part: str) -> dict[str, Any]:
    """``who`` opens the menu, and one part of it."""
    who.command(CHANNEL, "/kantor contest edit")
    menu = who.wait_for_view(lambda view: "edit_part" in words(view))
    values = [block["accessory"]["value"] for block in menu["blocks"] if "accessory" in block]
    who.click(menu, "edit_part", next(value for value in values if value.startswith(f"{part}:")))
    return who.wait_for_view(lambda view: view["callback_id"] == "edit_contest")


def test_a_deadline_is_moved_after_a_look_at_what_that_brings(stage: Stage) -> None:
    """Olive sees from when to when, goes on, and everybody reads it in their own time; nothing of the modals stays."""
    stage.contest()
    form = open_part(stage, stage.olive, "basics")
    answer = stage.olive.submit(form, {"deadline_time": "20:15"})
    assert answer["ok"], answer
    preview = stage.olive.wait_for_view(lambda view: view["callback_id"] == "apply_edit")
    assert "The deadline moves from" in words(preview)
    assert "Nothing has changed yet" in words(preview)
    assert stage.olive.submit(preview, {})["ok"]
    done = stage.olive.wait_for_view("is changed")
    stage.olive.close(done)
    assert [] == stage.olive.views()
    news = stage.ada.wait_for_message(CHANNEL, "You have more time")
    assert "<!date^" in news["text"]
    assert "UTC)" in news["text"]


def test_what_is_wrong_keeps_the_modal_open(stage: Stage) -> None:
    """The sentence stands at its input; corrected, it goes on to the preview, and back from there nothing is lost."""
    stage.contest(phase="draft")
    form = open_part(stage, stage.olive, "criteria")
    answer = stage.olive.submit(form, {"title_3": "Harmony", "weight_3": "a lot"})
    assert ["question_3", "weight_3"] == list(answer["errors"])
    values = {"title_3": "Harmony", "question_3": "Do the chords carry it?", "weight_3": "2"}
    assert stage.olive.submit(form, values)["ok"]
    preview = stage.olive.wait_for_view(lambda view: view["callback_id"] == "apply_edit")
    assert "Harmony (40\u00a0%)" in words(preview)
    stage.olive.close(preview)
    assert ["", "edit_contest"] == [view["callback_id"] for view in stage.olive.views()]


def test_two_organizers_at_once(stage: Stage) -> None:
    """Jack changes the limit while Olive looks at her preview: hers changes nothing, and she reads why."""
    stage.contest()
    form = open_part(stage, stage.olive, "taking_part")
    assert stage.olive.submit(form, {"submission_limit": "7"})["ok"]
    preview = stage.olive.wait_for_view(lambda view: view["callback_id"] == "apply_edit")
    other = open_part(stage, stage.jack, "taking_part")
    assert stage.jack.submit(other, {"submission_limit": "4"})["ok"]
    assert stage.jack.submit(stage.jack.wait_for_view(lambda view: view["callback_id"] == "apply_edit"), {})["ok"]
    stage.olive.submit(preview, {})
    assert "has changed the number of compositions" in words(stage.olive.wait_for_view("Not this time"))
    stage.close_all(stage.olive)
    stage.olive.command(CHANNEL, "/kantor status")
    assert "up to 4 compositions" in words(stage.olive.wait_for_ephemeral(CHANNEL, "Phase"))


def test_settings_right_after_the_beginning(stage: Stage) -> None:
    """The window of a new contest leads on to its settings, and its form and preview fit over it."""
    assert stage.new_contest(rounds="2")["ok"]
    created = stage.olive.wait_for_view("is a draft")
    stage.olive.click(created, "edit_contest")
    menu = stage.olive.wait_for_view(lambda view: "edit_part" in words(view))
    assert "Two rounds, the best 15 in the final" in words(menu)
    assert 1 == len(stage.olive.views())
    stage.close_all(stage.olive)
    form = open_part(stage, stage.olive, "judging")
    assert stage.olive.submit(form, {"finalists": "8", "blind": "no"})["ok"]
    assert "Judges see who wrote each piece." in words(
        stage.olive.wait_for_view(lambda view: view["callback_id"] == "apply_edit")
    )


def test_participants_change_nothing(stage: Stage) -> None:
    """Ada is told kindly, and sees no settings."""
    stage.contest()
    stage.ada.command(CHANNEL, "/kantor contest edit")
    assert "organizers" in words(stage.ada.wait_for_view("Not this time"))

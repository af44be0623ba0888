"""Late files, more time, the wrong place, wrong files, and what happens behind our back, on the real app."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from tests.makers.pieces import melody
from tests.makers.stage import CHANNEL, Stage, eventually

if TYPE_CHECKING:
    from bot.sandbox.client import Person

LOUNGE = "C0LOUNGE"


def words(messages: list[dict[str, Any]]) -> str:
    """All that was said."""
    return "\n".join(message["text"] for message in messages)


def told_late(stage: Stage, ts: str) -> bool:
    return "late" in words(stage.thread(CHANNEL, ts))


def past_the_deadline(stage: Stage) -> None:
    """Three days go by, for Slack and for the bot."""
    stage.slack.advance(3 * 24 * 3600)
    stage.clock.shift += timedelta(days=3)


def window(who: Person, callback_id: str) -> dict[str, Any]:
    """The modal, once it has its inputs."""
    view: dict[str, Any] = who.wait_for_view(lambda one: one.get("callback_id") == callback_id)
    return view


def test_late_files_are_decided_about(stage: Stage) -> None:
    """One is let in by a button in a direct message, the other declined with a word; both authors read it in their threads."""
    stage.contest()
    past_the_deadline(stage)
    late = {
        who: who.upload(CHANNEL, f"{who.id}.mid", melody(seed)) for seed, who in enumerate((stage.ada, stage.ben), 1)
    }
    for message in late.values():
        eventually(partial(told_late, stage, message["ts"]), "the receipt")
    olive, dm = stage.olive, stage.olive.open_dm()
    olive.click(olive.wait_for_message(dm, lambda one: "<@U0ADA> sent" in one["text"]), "accept_late")
    eventually(lambda: "4 bars" in words(stage.thread(CHANNEL, late[stage.ada]["ts"])), "the card")
    assert "let *U0ADA* in" in words(stage.thread(CHANNEL, late[stage.ada]["ts"]))
    olive.wait_for_message(dm, "<@U0OLIVE> has let it in.")
    olive.command(CHANNEL, "/kantor late")
    listed = olive.wait_for_ephemeral(CHANNEL, "1 late file")
    olive.click(listed, "decline_late")
    assert olive.submit(window(olive, "decline_late"), {"reason": "Next time!"})["ok"]
    ben = late[stage.ben]["ts"]
    eventually(lambda: "could not let" in words(stage.thread(CHANNEL, ben)), "the answer")
    assert "They say: “Next time!”" in words(stage.thread(CHANNEL, ben))
    assert "4 bars" not in words(stage.thread(CHANNEL, ben))


def test_one_person_gets_more_time(stage: Stage) -> None:
    """Ada is told until when and why, with UTC beside it, and her file counts; Ben's of the same minute does not."""
    stage.contest()
    olive = stage.olive
    olive.command(CHANNEL, "/kantor extend @ada")
    until = (stage.clock.now() + timedelta(days=5)).strftime("%Y-%m-%d")
    answer = olive.submit(
        window(olive, "extend"), {"until_date": until, "until_time": "20:30", "reason": "Her train was late"}
    )
    assert answer["ok"], answer
    told = stage.ada.wait_for_message(stage.ada.open_dm(), "given you more time")["text"]
    assert "Her train was late" in told
    assert "at 20:30 (" in told
    assert "UTC" in told
    past_the_deadline(stage)
    ada = stage.submit(stage.ada, melody(1), "mine.mid")
    assert "4 bars" in words(stage.thread(CHANNEL, ada["ts"]))
    ben = stage.submit(stage.ben, melody(2), "his.mid")
    assert "late" in words(stage.thread(CHANNEL, ben["ts"]))


def test_a_midi_file_in_another_channel_is_shown_the_way(stage: Stage) -> None:
    """A direct message, with the button that takes the file at once; nothing is said in that channel."""
    stage.contest()
    stage.ada.invite(LOUNGE, "U0KANTOR")
    stage.ada.upload(LOUNGE, "beach.png", b"\x89PNG\r\n\x1a\n" + bytes(60))
    stage.ada.upload(LOUNGE, "tide.mid", melody(1))
    ada, dm = stage.ada, stage.ada.open_dm()
    hint = ada.wait_for_message(dm, "I saw *tide.mid*")
    ada.click(hint, "submit")
    form = window(ada, "submit")
    assert ada.submit(form, {"file": [ada.attach(form, "file", "tide.mid", melody(1))]})["ok"]
    ada.wait_for_message(dm, "4 bars")
    said = [one for one in stage.slack.all_messages(LOUNGE) if one["user"] == "U0KANTOR" and "subtype" not in one]
    assert [] == said


def test_an_organizer_finds_a_piece_and_replaces_its_file(stage: Stage) -> None:
    """After the deadline; Ada reads who did it and why, and Ben finds nothing of hers."""
    stage.contest()
    stage.submit(stage.ada, melody(1), "wrong.mid")
    stage.ben.command(CHANNEL, "/kantor find wrong")
    stage.ben.wait_for_ephemeral(CHANNEL, "I found nothing")
    stage.clock.shift += timedelta(days=3)
    olive = stage.olive
    olive.command(CHANNEL, "/kantor find @ada wrong")
    olive.click(olive.wait_for_ephemeral(CHANNEL, "#spring-jam-ada-Wrong"), "correct_file")
    form = window(olive, "correct_file")
    file = olive.attach(form, "file", "right.mid", melody(2))
    assert olive.submit(form, {"file": [file], "reason": "The wrong file was attached"})["ok"]
    dm = stage.ada.open_dm()
    told = stage.ada.wait_for_message(dm, "has replaced the file")["text"]
    assert "<@U0OLIVE>" in told
    assert "Why: The wrong file was attached" in told
    stage.ada.wait_for_message(dm, "This is version 2, and the one that counts now.")


def test_a_file_that_is_deleted_after_its_acceptance_is_kept(stage: Stage) -> None:
    """Ada learns once that it still counts, with the way to take it out."""
    stage.contest()
    message = stage.submit(stage.ada, melody(1), "tide.mid")
    stage.ada.delete_file(message["files"][0])
    note = stage.ada.wait_for_message(stage.ada.open_dm(), "You deleted the file")
    stage.ada.click(note, "show_mine")
    stage.ada.wait_for_view("✅ counts")


def test_somebody_who_has_left_and_a_channel_that_is_archived_block_nobody(stage: Stage) -> None:
    """Cleo's piece stays; letters to her and to the channel fail, and everybody else's arrive. The organizers learn of both."""
    stage.contest()
    stage.submit(stage.cleo, melody(1), "hers.mid")
    stage.slack.deactivate("cleo")
    stage.slack.wait_connected()
    stage.olive.archive(CHANNEL)
    told = stage.olive.wait_for_message(stage.olive.open_dm(), "was archived")["text"]
    assert "by <@U0OLIVE>" in told
    stage.ada.upload(stage.ada.open_dm(), "mine.mid", melody(2))
    stage.ada.wait_for_message(stage.ada.open_dm(), "4 bars")
    with stage.database.store.read() as work:
        (contest,) = work.contests.newest_first()
        assert {"#spring-jam-cleo-Hers", "#spring-jam-ada-Mine"} == {
            piece.name for piece in work.submissions.accepted(contest.id)
        }
    stage.olive.command(stage.olive.open_dm(), "/kantor phase next")
    assert stage.fill_in(stage.olive, "advance_phase", {})["ok"]
    stage.judy.wait_for_message(stage.judy.open_dm(), "rate it")
    stage.olive.wait_for_message(stage.olive.open_dm(), "is_archived")

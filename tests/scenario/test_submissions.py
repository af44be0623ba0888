"""Uploads, from Slack's event to the card or the refusal."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.makers.pieces import melody
from tests.makers.stage import CHANNEL, Stage, eventually

if TYPE_CHECKING:
    from typing import Any


def words(messages: list[dict[str, Any]]) -> str:
    """All that was said."""
    return "\n".join(message["text"] for message in messages)


def test_an_upload_gets_a_receipt_then_a_card_with_picture_and_sound(stage: Stage) -> None:
    """The thread shows its title and author, bars, key, meter, a readable picture and an mp3."""
    stage.contest()
    message = stage.submit(stage.ada, melody(seed=1, bars=8), "BaroqueBeatz05.mid")
    receipt, card = stage.thread(CHANNEL, message["ts"])
    assert "*BaroqueBeatz05*" in receipt["text"]
    assert "8 bars" in card["text"]
    assert "4/4" in card["text"]
    files = {file["name"].rpartition(".")[2]: stage.slack.file_bytes(file["id"]) for file in card["files"]}
    assert {"png", "mp3"} == files.keys()
    assert Image.open(io.BytesIO(files["png"])).size >= (800, 300)
    assert len(files["mp3"]) > 20_000
    assert "8 bars" in next(file["alt_txt"] for file in card["files"] if file["name"].endswith("png"))


def test_the_author_alone_reads_the_verdict(stage: Stage) -> None:
    """The score is in Ada's direct messages, and nowhere in the channel."""
    stage.contest()
    stage.submit(stage.ada, melody(seed=2, bars=8), "Dawn.mid")
    verdict = stage.ada.wait_for_message(stage.ada.open_dm(), "of 100")
    assert "AI judge" in verdict["text"]
    assert "of 100" not in words(stage.slack.all_messages(CHANNEL))


def test_the_direct_messages_take_a_composition_too(stage: Stage) -> None:
    """Receipt, card and verdict come in the thread of the direct message."""
    stage.contest()
    dm = stage.ada.open_dm()
    stage.submit(stage.ada, melody(seed=3), "Quiet.mid", channel=dm)
    assert "4 bars" in stage.ada.wait_for_message(dm, "4 bars")["text"]
    assert [] == [message for message in stage.slack.all_messages(CHANNEL) if message.get("files")]


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "empty.mid", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(60), "picture.mid", "MIDI"),
        (melody(seed=1, bars=9), "nine.mid", "9 bars"),
        (melody(seed=1)[:90], "cut.mid", "once more"),
    ],
    ids=["empty", "not MIDI", "too long", "cut off"],
)
def test_a_file_that_cannot_be_taken_is_answered_with_why(stage: Stage, data: bytes, name: str, sentence: str) -> None:
    """The person reads what is wrong and what to do, in the thread; nothing of it counts towards the limit."""
    stage.contest(submission_limit=1)
    message = stage.submit(stage.ada, data, name)
    said = words(stage.thread(CHANNEL, message["ts"]))
    assert sentence in said
    assert "<@U0ADA>" in said
    good = stage.submit(stage.ada, melody(seed=1), "good.mid")
    assert "4 bars" in words(stage.thread(CHANNEL, good["ts"]))


def test_one_more_than_the_limit_is_refused_kindly(stage: Stage) -> None:
    """Two are allowed; the third is answered, and not filed."""
    stage.contest(submission_limit=2)
    for seed in (1, 2):
        stage.submit(stage.ada, melody(seed), f"piece{seed}.mid")
    third = stage.submit(stage.ada, melody(3), "piece3.mid")
    assert "2" in words(stage.thread(CHANNEL, third["ts"]))
    assert "4 bars" not in words(stage.thread(CHANNEL, third["ts"]))
    ben = stage.submit(stage.ben, melody(4), "mine.mid")
    assert "4 bars" in words(stage.thread(CHANNEL, ben["ts"]))


def test_slacks_time_of_the_message_decides_about_the_deadline(stage: Stage) -> None:
    """A second after the deadline is late, by Slack's clock, whatever ours says."""
    stage.contest()
    stage.slack.advance(3 * 24 * 3600)
    late = stage.submit(stage.ada, melody(1), "late.mid")
    said = words(stage.thread(CHANNEL, late["ts"]))
    assert "closed" in said.lower() or "deadline" in said.lower()
    assert "UTC" in said


def test_what_was_sent_in_time_counts_although_it_arrives_days_later(stage: Stage) -> None:
    """The delivery is held until the deadline has passed by our clock; the message was there before."""
    stage.contest()
    stage.slack.fault(event="message", mode="hold_before", times=1)
    message = stage.ada.upload(CHANNEL, "intime.mid", melody(1))
    stage.clock.shift += timedelta(days=3)
    stage.olive.command(CHANNEL, "/kantor status")
    stage.olive.wait_for_ephemeral(CHANNEL, "Spring Jam")
    assert [] == stage.thread(CHANNEL, message["ts"])
    stage.slack.release()
    answered = eventually(lambda: stage.answered(CHANNEL, message["ts"]), "the card")
    assert "4 bars" in words(answered)


def test_nobodys_receipt_waits_for_a_name(stage: Stage) -> None:
    """Slack answers 429 to every question who people are: receipts come at once, and the names before the cards."""
    stage.contest()
    stage.slack.fault(method="users.info", mode="rate_limited", times=1, retry_after=30, match="U0CLEO")
    message = stage.cleo.upload(CHANNEL, "hush.mid", melody(1))
    eventually(lambda: stage.thread(CHANNEL, message["ts"]), "the receipt")
    card = eventually(lambda: stage.answered(CHANNEL, message["ts"]), "the card")
    said = words(stage.thread(CHANNEL, message["ts"]))
    assert "u0cleo" not in said
    assert "*hush* by <@U0CLEO>" in words(card)


def test_before_the_contest_opens_the_file_is_answered(stage: Stage) -> None:
    """A draft takes nothing, and says so."""
    stage.contest(phase="draft")
    early = stage.submit(stage.ada, melody(1), "early.mid")
    assert "not open" in words(stage.thread(CHANNEL, early["ts"]))


def test_other_files_in_the_channel_are_none_of_our_business(stage: Stage) -> None:
    """A holiday picture gets no answer."""
    stage.contest()
    picture = stage.ada.upload(CHANNEL, "beach.png", b"\x89PNG\r\n\x1a\n" + bytes(60))
    piece = stage.submit(stage.ada, melody(1), "after.mid")
    assert stage.thread(CHANNEL, piece["ts"])
    assert [] == stage.thread(CHANNEL, picture["ts"])


def test_an_event_delivered_twice_changes_nothing(stage: Stage) -> None:
    """One receipt, one card, one verdict."""
    stage.contest()
    stage.slack.fault(event="message", mode="double", times=1)
    message = stage.submit(stage.ada, melody(1), "twice.mid")
    stage.ada.wait_for_message(stage.ada.open_dm(), "of 100")
    other = stage.submit(stage.ben, melody(2), "after.mid")
    assert 2 == len(stage.thread(CHANNEL, other["ts"]))
    assert 2 == len(stage.thread(CHANNEL, message["ts"]))
    verdicts = [one for one in stage.slack.all_messages(stage.ada.open_dm()) if "of 100" in one["text"]]
    assert 1 == len(verdicts)


def test_an_upload_while_the_connection_was_cut_is_not_lost(stage: Stage) -> None:
    """Slack delivers again what nobody acknowledged."""
    stage.contest()
    stage.slack.disconnect()
    message = stage.submit(stage.ada, melody(1), "cut.mid", away=True)
    assert "4 bars" in words(stage.thread(CHANNEL, message["ts"]))


def test_two_files_in_one_message_are_two_compositions(stage: Stage) -> None:
    """Each gets its own receipt, card and verdict, in the one thread."""
    stage.contest()
    message = stage.ada.upload_together(CHANNEL, {"one.mid": melody(1), "two.mid": melody(2)})
    assert 2 == len(message["files"])
    eventually(lambda: len(stage.answered(CHANNEL, message["ts"])) == 2, "two cards")
    said = words(stage.thread(CHANNEL, message["ts"]))
    assert [2, 2] == [said.count("Got it"), said.count("4 bars")]
    assert {"one", "two"} <= set(said.replace("*", " ").replace(".", " ").split())


def test_a_rate_limit_is_waited_out(stage: Stage) -> None:
    """429 for the receipt: it comes a moment later, once."""
    stage.contest()
    stage.slack.fault(method="chat.postMessage", mode="rate_limited", times=2, retry_after=1)
    message = stage.submit(stage.ada, melody(1), "busy.mid")
    eventually(lambda: len(stage.thread(CHANNEL, message["ts"])) == 2, "receipt and card")


def test_ten_versions_of_one_person_do_not_hold_up_another(stage: Stage) -> None:
    """Ada sends ten files at once, then Ben one: his card comes while most of hers are still waited for."""
    stage.contest(submission_limit=10)
    adas = [stage.ada.upload(CHANNEL, f"Tide {number}.mid", melody(seed=number + 1, bars=8)) for number in range(10)]
    bens = stage.ben.upload(CHANNEL, "Rain.mid", melody(seed=99, bars=8))

    def card(message: dict[str, Any]) -> dict[str, Any] | None:
        return next((below for below in stage.thread(CHANNEL, message["ts"]) if below.get("files")), None)

    eventually(lambda: card(bens), "Ben's card")
    assert sum(card(message) is not None for message in adas) < 5

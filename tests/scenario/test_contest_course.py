"""The course of a contest: two rounds, a phase too early, the last minutes, people who come and go."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.makers.pieces import melody
from tests.makers.stage import CHANNEL, Stage

if TYPE_CHECKING:
    from bot.sandbox.client import Person


def words(surface: dict[str, Any]) -> str:
    """Everything on a message or view."""
    return json.dumps(surface.get("blocks", []), ensure_ascii=False) + str(surface.get("text", ""))


def invitation(who: Person, *, final: bool = False, but: frozenset[str] = frozenset()) -> dict[str, Any]:
    """A piece that a judge was sent."""

    def fits(message: dict[str, Any]) -> bool:
        said = words(message)
        return '"action_id": "rate"' in said and message["ts"] not in but and ("final" in said.lower()) is final

    return who.wait_for_message(who.open_dm(), fits)


def rate(stage: Stage, who: Person, message: dict[str, Any], score: int) -> None:
    """``who`` rates that piece."""
    who.click(message, "rate")
    scores = dict.fromkeys(("originality", "balance", "emotional"), str(score))
    answer = stage.fill_in(who, "rate", scores)
    assert answer["ok"], answer
    stage.close_all(who)


def sent_as(stage: Stage, author: str) -> dict[str, Any]:
    """The message in which Judy was sent that author's piece."""
    with stage.database.store.read() as work:
        pieces = work.submissions.accepted(work.contests.newest_first()[0].id)
        alias = next(piece.alias or "" for piece in pieces if piece.user_id == author)

    def fits(message: dict[str, Any]) -> bool:
        return alias in words(message) and '"action_id": "rate"' in words(message)

    return stage.judy.wait_for_message(stage.judy.open_dm(), fits)


def fewer_finalists(stage: Stage, number: int) -> None:
    """Olive lets so many compositions go on."""
    with stage.database.store.write() as work:
        work.contests.newest_first()[0].finalists = number


def test_two_rounds_from_the_first_upload_to_the_podium(stage: Stage) -> None:
    """Of two pieces one goes on: the preview says so, both authors read it privately, judges hear it once more, and it wins."""
    stage.contest(rounds="2")
    fewer_finalists(stage, 1)
    stage.submit(stage.ada, melody(1), "dawn.mid")
    stage.submit(stage.ben, melody(2), "dusk.mid")
    stage.next_phase()
    stage.ada.wait_for_message(CHANNEL, "Afterwards the best go on to a final")
    rate(stage, stage.judy, sent_as(stage, "U0ADA"), 5)
    rate(stage, stage.judy, sent_as(stage, "U0BEN"), 2)
    stage.olive.command(CHANNEL, "/kantor phase next")
    preview = stage.olive.wait_for_view(lambda view: view["callback_id"] == "advance_phase")
    assert "1 composition of 2 goes on to the final, with 5.00 or more." in words(preview)
    assert stage.olive.submit(preview, {})["ok"]
    stage.close_all(stage.olive)
    stage.cleo.wait_for_message(CHANNEL, "1 composition goes on")
    stage.ada.wait_for_message(stage.ada.open_dm(), "*dawn* is in the final")
    stage.ben.wait_for_message(stage.ben.open_dm(), "*dusk* is not in it this time")
    rate(stage, stage.judy, invitation(stage.judy, final=True), 4)
    stage.next_phase()
    end = stage.cleo.wait_for_message(CHANNEL, "Final leaderboard")
    assert words(end).index("dawn") < words(end).index("dusk")


def test_a_judging_that_began_too_early(stage: Stage) -> None:
    """Taken back: the channel and the judge are told, the piece that was sent is refused gently, and later it can be rated."""
    stage.contest()
    stage.submit(stage.ada, melody(1), "dawn.mid")
    stage.next_phase()
    sent = invitation(stage.judy)
    stage.olive.command(CHANNEL, "/kantor phase undo")
    preview = stage.olive.wait_for_view(lambda view: view["callback_id"] == "undo_phase")
    assert "People can upload again until" in words(preview)
    assert stage.olive.submit(preview, {})["ok"]
    stage.olive.wait_for_view("is back in")
    stage.close_all(stage.olive)
    stage.ada.wait_for_message(CHANNEL, "compositions count again until")
    dm = stage.judy.open_dm()
    stage.judy.wait_for_message(dm, "The piece that I sent you waits with you")
    stage.judy.click(sent, "rate")
    stage.judy.wait_for_ephemeral(dm, "has not begun")
    stage.submit(stage.ben, melody(2), "dusk.mid")
    stage.next_phase()
    stage.judy.wait_for_message(dm, "The piece above can be rated")
    rate(stage, stage.judy, sent, 4)
    stage.olive.command(CHANNEL, "/kantor phase undo")
    assert "1 rating has been given already" in words(stage.olive.wait_for_view("Not this time"))


def test_the_last_minutes_are_told_once(stage: Stage) -> None:
    """The clock stands at a quarter of an hour before the deadline: one reminder, in everybody's own time."""
    stage.contest()
    with stage.database.store.read() as work:
        deadline = work.contests.newest_first()[0].deadline
    # It opened long ago, as far as the bot can tell.
    stage.clock.shift += deadline - stage.clock.now() - timedelta(minutes=14, seconds=50)
    told = stage.ada.wait_for_message(CHANNEL, "15 minutes left")
    assert f"<!date^{int(deadline.timestamp())}^" in told["text"]
    assert 1 == sum("minutes left" in message["text"] for message in stage.slack.all_messages(CHANNEL))


def test_organizers_come_and_a_contest_goes(stage: Stage) -> None:
    """Ben helps, sees who judges, finishes the contest, and puts it away."""
    stage.contest()
    stage.olive.command(CHANNEL, "/kantor organizers add @ben")
    stage.olive.wait_for_ephemeral(CHANNEL, "now organizes")
    stage.ben.wait_for_message(stage.ben.open_dm(), "made you an organizer of *Spring Jam*")
    stage.ben.command(CHANNEL, "/kantor judges")
    assert "2 judges" in words(stage.ben.wait_for_ephemeral(CHANNEL, "Organizers:"))
    stage.ben.command(CHANNEL, "/kantor judges remove @jack")
    stage.ben.wait_for_ephemeral(CHANNEL, "no longer judges")
    stage.jack.wait_for_message(stage.jack.open_dm(), "taken you off the judges")
    stage.ben.command(CHANNEL, "/kantor contest archive")
    assert "is not over" in words(stage.ben.wait_for_view("Not this time"))
    stage.close_all(stage.ben)
    stage.next_phase()
    stage.next_phase()
    stage.ben.command(CHANNEL, "/kantor contest archive")
    assert stage.fill_in(stage.ben, "archive_contest", {})["ok"]
    stage.ben.wait_for_view("is in the archive")
    stage.close_all(stage.ben)
    stage.ada.command(CHANNEL, "/kantor status")
    assert "Finished" in words(stage.ada.wait_for_ephemeral(CHANNEL, "Phase"))
    stage.ada.command(CHANNEL, "/kantor organizers add @ada")
    assert "organizers" in words(stage.ada.wait_for_ephemeral(CHANNEL, "for the organizers"))

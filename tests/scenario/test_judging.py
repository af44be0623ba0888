"""Judges: pieces one by one, ratings, boards."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.scheduler import BoardScheduler
from bot.usecases.records.upkeep import Upkeep
from tests.makers.pieces import melody
from tests.makers.stage import CHANNEL, Stage, eventually

if TYPE_CHECKING:
    from bot.sandbox.client import Person


def rated(originality: int, balance: int, emotional: int, comment: str = "") -> dict[str, Any]:
    """What a judge fills in."""
    scores = {"originality": str(originality), "balance": str(balance), "emotional": str(emotional)}
    return {**scores, "comment": comment}


def rate_next(stage: Stage, who: Person, values: dict[str, Any], seen: set[str]) -> dict[str, Any]:
    """``who`` rates the newest invitation that is not in ``seen``; returns its message."""
    dm = who.open_dm()
    invitation = who.wait_for_message(
        dm, lambda message: message["ts"] not in seen and '"action_id": "rate"' in json.dumps(message.get("blocks", ""))
    )
    seen.add(invitation["ts"])
    who.click(invitation, "rate")
    answer = stage.fill_in(who, "rate", values)
    assert answer["ok"], answer
    stage.close_all(who)
    return invitation


def rated_before(who: Person, invitation: dict[str, Any]) -> dict[str, Any]:
    """The same message, once its button says that the piece has been rated."""
    dm = who.open_dm()
    return who.wait_for_message(
        dm, lambda message: message["ts"] == invitation["ts"] and "Change rating" in json.dumps(message)
    )


def three_pieces(stage: Stage, **changes: Any) -> None:
    """A contest in judging with a piece of Ada's, Ben's and Judy's."""
    stage.contest(**changes)
    for seed, who in enumerate((stage.ada, stage.ben, stage.judy), 1):
        stage.submit(who, melody(seed), f"piece{seed}.mid")
    stage.next_phase()


def board_words(message: dict[str, Any]) -> str:
    """All that a board says."""
    return json.dumps(message.get("blocks", [])) + str(message["text"])


def column(message: dict[str, Any], title: str) -> list[str]:
    """A column of the board's table."""
    (table,) = [block for block in message["blocks"] if block["type"] == "data_table"]
    heads, *rows = [[cell["text"] for cell in row] for row in table["rows"]]
    return [row[heads.index(title)] for row in rows]


def test_a_judge_hears_pieces_one_by_one_under_an_alias_and_never_an_own_one(stage: Stage) -> None:
    """Judy gets Ada's and Ben's, not hers; the author's name is nowhere in her messages; sound is ``<alias>.mp3``."""
    three_pieces(stage)
    dm, seen = stage.judy.open_dm(), set[str]()
    stage.invitation(stage.judy, 2)
    for _ in range(2):
        rate_next(stage, stage.judy, rated(4, 3, 5), seen)
    stage.judy.wait_for_message(dm, "you have rated 2 of 2")
    before_judging = {message["ts"] for message in stage.slack.all_messages(dm) if "AI judge" in message["text"]}
    invitations = [message for message in stage.slack.all_messages(dm) if message["ts"] not in before_judging]
    said = json.dumps([(message["text"], message.get("blocks")) for message in invitations])
    assert "quiet" in said or "You have rated" in said
    assert [] == [word for word in ("piece1", "piece2", "u0ada", "u0ben", "#spring-jam") if word in said.lower()]
    names = [file["name"] for message in invitations for file in message.get("files", [])]
    assert 2 == sum(name.endswith(".mp3") for name in names)
    assert [] == [name for name in names if "piece" in name or "ada" in name]


def test_a_rating_can_be_changed_until_the_phase_closes(stage: Stage) -> None:
    """The same button opens what was given; one rating a judge and piece; afterwards a sentence."""
    three_pieces(stage)
    seen = set[str]()
    invitation = rated_before(stage.jack, rate_next(stage, stage.jack, rated(1, 1, 1, "too short"), seen))
    stage.jack.click(invitation, "rate")
    view = stage.jack.wait_for_view(lambda view: view["callback_id"] == "rate")
    assert "too short" in json.dumps(view["blocks"])
    assert stage.jack.submit(view, rated(5, 5, 5))["ok"]
    stage.close_all(stage.jack)
    stage.olive.command(CHANNEL, "/kantor board")
    board = board_words(stage.olive.wait_for_ephemeral(CHANNEL, "Leaderboard"))
    assert '"5.00"' in board
    stage.jack.click(invitation, "rate")
    view = stage.jack.wait_for_view(lambda view: view["callback_id"] == "rate")
    stage.next_phase()
    answer = stage.jack.submit(view, rated(2, 2, 2))
    told = json.dumps(answer) + json.dumps(stage.jack.views())
    assert "closed" in told or "finished" in told


def test_a_double_submit_is_one_rating(stage: Stage) -> None:
    """The same modal submitted twice, as an impatient double click does."""
    three_pieces(stage)
    stage.jack.click(stage.invitation(stage.jack), "rate")
    view = stage.jack.wait_for_view(lambda view: view["callback_id"] == "rate")
    stage.slack.fault(event="view_submission", mode="double", times=1)
    assert stage.jack.submit(view, rated(4, 4, 4))["ok"]
    stage.invitation(stage.jack, 3)
    stage.olive.command(CHANNEL, "/kantor status")
    assert "1 of" in board_words(stage.olive.wait_for_ephemeral(CHANNEL, "Ratings"))


def test_the_board_ranks_by_the_mean_and_the_ai_stays_silent_until_the_end(stage: Stage) -> None:
    """Shared places, how many ratings each rests on, unrated pieces named; the AI's own board only when finished."""
    three_pieces(stage)
    for who, count in ((stage.judy, 2), (stage.jack, 3)):
        seen = set[str]()
        for _ in range(count):
            rate_next(stage, who, rated(4, 4, 4), seen)
    stage.ada.command(CHANNEL, "/kantor board")
    shown = stage.ada.wait_for_ephemeral(CHANNEL, "Leaderboard")
    during = board_words(shown)
    assert "piece1 by Ada" in during
    assert ["2", "2", "1"] == column(shown, "Ratings")
    assert "of 100" not in during
    stage.next_phase()
    ended = stage.ada.wait_for_message(CHANNEL, "Final leaderboard")
    assert ["4.00"] * 3 == column(ended, "Score (1-5)")
    assert 3 == board_words(ended).count("of 100")


def test_a_slot_of_the_schedule_is_posted_exactly_once_by_however_many_replicas(stage: Stage) -> None:
    """Three schedulers, the same minute, one board in the channel; the next slot one more."""
    three_pieces(stage, board_cron="*/5 * * * *")
    boards = stage.database.services.boards
    stage.clock.shift = timedelta(minutes=5, seconds=30)
    for _ in range(3):
        BoardScheduler(boards, Upkeep(stage.database.store, stage.clock), stage.clock).arm()

    def posted() -> int:
        return sum("Leaderboard" in board_words(message) for message in stage.slack.all_messages(CHANNEL))

    first = eventually(posted, "the board")
    rate_next(stage, stage.judy, rated(4, 3, 5), set())
    stage.clock.shift = timedelta(minutes=10, seconds=30)
    for _ in range(3):
        BoardScheduler(boards, Upkeep(stage.database.store, stage.clock), stage.clock).arm()
    eventually(lambda: posted() > first, "the second board")
    assert 1 == first
    assert 2 == posted()

"""Boards on the real app: what everybody sees, and what stands still."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.rules.criteria import DEFAULT
from bot.rules.standings import BoardMode
from bot.scheduler import BoardScheduler
from bot.usecases.judging.ratings import RateSubmission, RatingValues
from bot.usecases.records.upkeep import Upkeep
from tests.makers.boards import crowd_rows
from tests.makers.pieces import melody
from tests.makers.stage import CHANNEL, Stage, eventually

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.sandbox.client import Person


def judged(stage: Stage, **changes: Any) -> list[str]:
    """A contest that is being judged, with a piece of Ada's and one of Ben's; the ids of the submissions."""
    stage.contest(**changes)
    for seed, who in enumerate((stage.ada, stage.ben), 1):
        stage.submit(who, melody(seed), f"piece{seed}.mid")
    stage.next_phase()
    with stage.database.store.read() as work:
        (contest,) = work.contests.newest_first()
        return [piece.id for piece in work.submissions.accepted(contest.id)]


def rate(stage: Stage, judge: str, piece: str, score: int, comment: str = "") -> None:
    """A judge's rating; how judges give it is told elsewhere."""
    values = RatingValues(dict.fromkeys(DEFAULT.keys, score), comment)
    stage.database.services.ratings.rate(RateSubmission(judge, piece, values))


def said(message: Any) -> str:
    """All the words of a message or a view."""
    return json.dumps(message, ensure_ascii=False)


def ask(who: Person, words: str, expected: str) -> dict[str, Any]:
    """The answer that only the asker sees."""
    who.command(CHANNEL, words)
    return who.wait_for_ephemeral(CHANNEL, expected)


def in_order(text: str, parts: Sequence[str]) -> bool:
    """Whether all of them are there, one behind the other."""
    places = [text.find(part) for part in parts]
    return -1 not in places and places == sorted(places)


def post_a_board(stage: Stage, minutes: int) -> None:
    """The clock goes on, and the schedule's alarm rings."""
    stage.clock.shift = timedelta(minutes=minutes, seconds=30)
    BoardScheduler(stage.database.services.boards, Upkeep(stage.database.store, stage.clock), stage.clock).arm()


def test_a_frozen_board_keeps_a_secret_until_the_end(stage: Stage) -> None:
    """Frozen by an organizer, and rated on: nobody but organizers sees it until the podium tells. Pictures, where Slack has no tables yet."""
    stage.slack.without_blocks("data_table", "data_visualization")
    ada, ben = judged(stage, board_cron="*/5 * * * *")
    rate(stage, "U0JUDY", ada, 5)
    rate(stage, "U0JUDY", ben, 3)
    post_a_board(stage, 5)
    stage.ada.wait_for_message(CHANNEL, "Leaderboard of Spring Jam: 1. piece1 by Ada (5.00)")
    pictures = [
        file
        for each in stage.slack.all_messages(CHANNEL)
        for file in each.get("files", [])
        if file["name"] == "top.png"
    ]
    assert ["The top of Spring Jam"] == [picture["title"] for picture in pictures]
    _freeze(stage, "freeze")
    stage.ada.wait_for_message(CHANNEL, "The board of *Spring Jam* is frozen")
    rate(stage, "U0JACK", ada, 1)
    rate(stage, "U0JACK", ben, 5)
    public = said(ask(stage.ada, "/kantor board", "frozen since")["blocks"])
    assert in_order(public, ["piece1", "*5.00*", "piece2", "*3.00*"])
    assert "*place 1* of the 2 rated" in said(ask(stage.ada, "/kantor place", "place 1"))
    own = said(ask(stage.olive, "/kantor board", "Only you as an organizer")["blocks"])
    assert in_order(own, ["piece2", "*4.00*", "piece1", "*3.00*"])
    before = len(stage.slack.all_messages(CHANNEL))
    post_a_board(stage, 10)
    stage.next_phase()
    podium = said(stage.ada.wait_for_message(CHANNEL, "The winners of Spring Jam")["blocks"])
    assert in_order(podium, ["First place", "piece2", "<@U0BEN>", "Second place", "piece1", "AI judge", "Thank you"])
    final = said(stage.ada.wait_for_message(CHANNEL, "Final leaderboard")["blocks"])
    assert in_order(final, ["piece2", "*4.00*", "piece1", "*3.00*"])
    later = stage.slack.all_messages(CHANNEL)[before:]
    assert [] == [message for message in later if "Leaderboard of" in message["text"]]
    assert {"top.png", "ai-top.png"} == {file["name"] for message in later for file in message.get("files", [])}


def _freeze(stage: Stage, word: str) -> None:
    stage.olive.command(CHANNEL, f"/kantor board {word}")
    answer = stage.fill_in(stage.olive, "freeze_board", {})
    assert answer["ok"], answer
    stage.close_all(stage.olive)


def test_hidden_and_thawed(stage: Stage) -> None:
    """A hidden board tells a composer nothing but when it will; a judge of a blind contest sees posted boards only."""
    ada, _ = judged(stage)
    rate(stage, "U0JUDY", ada, 5)
    assert "No board was posted yet" in said(ask(stage.judy, "/kantor board", "Leaderboard"))
    _freeze(stage, "freeze")
    stage.olive.command(CHANNEL, "/kantor board freeze")
    stage.olive.wait_for_view("is frozen already")
    stage.close_all(stage.olive)
    _freeze(stage, "thaw")
    stage.ada.wait_for_message(CHANNEL, "moves again")
    with stage.database.store.write() as work:
        work.contests.newest_first()[0].board_mode = BoardMode.HIDDEN
    hidden = said(ask(stage.ada, "/kantor board", "stay hidden"))
    assert "5.00" not in hidden
    assert "Only you as an organizer" in said(ask(stage.olive, "/kantor board", "Only you"))
    assert "until the contest is finished" in said(ask(stage.ada, "/kantor place", "Your place"))


def test_long_boards_are_turned_in_an_answer_of_ones_own(stage: Stage) -> None:
    """From the channel's board to an own one, on and back in place; the board in the channel never changes."""
    stage.slack.without_blocks("data_table")
    judged(stage, board_cron="*/5 * * * *")
    _fill(stage, 60)
    post_a_board(stage, 5)
    posted = stage.ada.wait_for_message(CHANNEL, "Leaderboard of Spring Jam")
    stage.ada.click(posted, "board_on")
    second = stage.ada.wait_for_ephemeral(CHANNEL, "page 2 of 3")
    assert "Piece 25" in said(second)
    stage.ada.click(second, "board_on")
    third = stage.ada.wait_for_ephemeral(CHANNEL, "page 3 of 3")
    stage.ada.click(third, "board_back")
    eventually(lambda: "page 2 of 3" in said(stage.ada.ephemerals(CHANNEL)[-1:]), "the second page again")
    (still,) = [each for each in stage.slack.all_messages(CHANNEL) if each["ts"] == posted["ts"]]
    assert posted["blocks"] == still["blocks"]


def test_boards_are_tables_where_slack_has_them(stage: Stage) -> None:
    """100 rows in one table, the others a press away, no picture; the results come with charts."""
    ada, ben = judged(stage, board_cron="*/5 * * * *")
    _fill(stage, 110)
    rate(stage, "U0JUDY", ada, 1)
    rate(stage, "U0JUDY", ben, 1)
    post_a_board(stage, 5)
    posted = stage.ada.wait_for_message(CHANNEL, "Leaderboard of Spring Jam")
    (table,) = [block for block in posted["blocks"] if block["type"] == "data_table"]
    assert ["Place", "Composition", "Score (1-5)", "Ratings"] == [cell["text"] for cell in table["rows"][0]]
    assert (101, 10) == (len(table["rows"]), table["page_size"])
    assert "top.png" not in _files(stage)
    stage.ada.click(posted, "board_on")
    rest = stage.ada.wait_for_ephemeral(CHANNEL, "piece1 by Ada")
    (table,) = [block for block in rest["blocks"] if block["type"] == "data_table"]
    assert 13 == len(table["rows"])
    stage.ada.click(rest, "board_back")
    eventually(lambda: "Piece 1 " in said(stage.ada.ephemerals(CHANNEL)[-1:]), "the first table again")
    stage.next_phase()
    podium = stage.ada.wait_for_message(CHANNEL, "The winners of Spring Jam")
    assert 2 == len([block for block in podium["blocks"] if block["type"] == "data_visualization"])
    assert not {"top.png", "ai-top.png"} & _files(stage)


def test_a_workspace_without_tables_is_asked_once(stage: Stage) -> None:
    """The first board finds out; from then on the plain form goes out at once, in the channel and as an answer."""
    stage.slack.without_blocks("data_table")
    ada, _ = judged(stage, board_cron="*/5 * * * *")
    rate(stage, "U0JUDY", ada, 5)
    before = stage.slack.log()[-1]["n"]
    assert "*5.00*" in said(ask(stage.ada, "/kantor board", "Leaderboard"))
    for number in (1, 2):
        rate(stage, "U0JUDY", ada, 5 - number)
        post_a_board(stage, 5 * number)
        _wait_for_boards(stage, number)
    refused = [line for line in stage.slack.log(before) if (line["answer"] or {}).get("error") == "invalid_blocks"]
    assert ["response_url"] == [line["kind"] for line in refused]
    assert [True, True] == [f"*{score}.00*" in said(board) for score, board in zip((4, 3), _boards(stage), strict=True)]


def _files(stage: Stage) -> set[str]:
    return {file["name"] for message in stage.slack.all_messages(CHANNEL) for file in message.get("files", [])}


def _wait_for_boards(stage: Stage, number: int) -> None:
    eventually(lambda: len(_boards(stage)) == number, "the next board")


def _boards(stage: Stage) -> list[Any]:
    return [each for each in stage.slack.all_messages(CHANNEL) if "Leaderboard of" in each["text"]]


def _fill(stage: Stage, number: int) -> None:
    """So many compositions more, each with a rating of its own, all better than what came before."""
    with stage.database.store.write() as work:
        contest = work.contests.newest_first()[0]
        pieces, ratings = crowd_rows(contest.id, number)
        work.submissions.add_all(pieces)
        work.ratings.add_all(ratings)

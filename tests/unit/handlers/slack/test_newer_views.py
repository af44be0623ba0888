"""Boards and results in Slack's newer blocks: whole, within Slack's limits, and in the plain form where they have not come yet."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.usecases.boards.leaderboard import page_of
from bot.usecases.boards.letters import Podium, Winner
from handlers import letters
from handlers.boards import letters as boardtables
from handlers.slack.newer import PATIENCE, NewerBlocks
from handlers.views.drawn import Drawn
from tests.unit.handlers.block_kit import problems_of_message
from tests.unit.handlers.boards.test_board_views import AT, CONTEST, LONG, SNAPSHOT, post, row

PLAIN = {"type": "divider"}
TABLE = {"type": "data_table"}
BOARD = Drawn("Board", (PLAIN,), (PLAIN, TABLE))


def table_of(blocks: list[Any]) -> Any:
    """The one table among them."""
    (table,) = [block for block in blocks if block["type"] == "data_table"]
    return table


def column(table: Any, title: str) -> list[str]:
    """What stands below that heading."""
    at = [cell["text"] for cell in table["rows"][0]].index(title)
    return [line[at]["text"] for line in table["rows"][1:]]


def test_a_board_as_a_table_says_what_the_plain_one_says() -> None:
    """Places and scores as numbers, so that they sort; movements in words; names as they are, since a cell has no markup."""
    rows = [row(1, moved=2, score=4.5), row(2, is_new=True, title="<Sun> & *Sea*"), row(3, moved=0)]
    table = table_of(boardtables.board_table(post(rows)))
    assert ["Place", "Composition", "Score (1-5)", "Ratings", "Since the last board"] == [
        cell["text"] for cell in table["rows"][0]
    ]
    assert ["🥇 1.", "🥈 2.", "🥉 3."] == column(table, "Place")
    assert "<Sun> & *Sea* by Ada" == column(table, "Composition")[1]
    assert ["▲ up 2", "new", "= same"] == column(table, "Since the last board")
    assert (1, 4.5, 3) == tuple(table["rows"][1][at]["value"] for at in (0, 2, 3))


def test_a_table_of_places_alone_has_no_other_number() -> None:
    """Neither scores nor how many ratings they rest on."""
    table = table_of(boardtables.board_table(post([row(1, score=None, ratings=0)], mode="ranks")))
    assert ["Place", "Composition"] == [cell["text"] for cell in table["rows"][0]]


def test_a_table_of_a_final_tells_the_rounds_apart() -> None:
    """Score and ratings are those of the round that the row names: a finalist that nobody rated there has none, and a first round."""
    rows = [row(1, in_final=True, first_round=4.0), row(2, in_final=True, by_first_round=True, score=3.125), row(3)]
    table = table_of(boardtables.board_table(post(rows, phase="final")))
    assert ["Final", "Final, not rated there", "Preliminary"] == column(table, "Round")
    assert ["4.00", "3.13", "-"] == column(table, "First round")
    assert ["4.50", "-", "4.50"] == column(table, "Score (1-5)")
    assert ["3", "0", "3"] == column(table, "Ratings")
    places = boardtables.board_table(
        post([each.model_copy(update={"score": None, "first_round": None}) for each in rows])
    )
    assert ["Place", "Composition", "Round"] == [cell["text"] for cell in table_of(places)["rows"][0]]


def test_a_board_has_one_title() -> None:
    """The header's: the table's caption says what is in it, and neither the board's name nor the contest's once more."""
    blocks = boardtables.board_table(post([row(1)]))
    assert "Leaderboard · Winter Jam" == blocks[0]["text"]["text"]
    assert "By the judges' ratings" == table_of(blocks)["caption"]


@pytest.mark.parametrize("changes", [{"mode": "hidden"}, {"seen_as": "judge", "snapshot_id": ""}, {}])
def test_a_board_without_rows_has_no_table(changes: dict[str, Any]) -> None:
    """Its sentence says why."""
    assert [] == boardtables.board_table(post([], **changes))


@pytest.mark.parametrize(("page", "labels"), [
    (1, ["Places 101 to 200"]), (5, ["Places 1 to 100", "Places 201 to 250"]), (9, ["Places 101 to 200"]),
    (3, ["Places 1 to 100", "Places 151 to 250"]),
])  # fmt: skip
def test_a_table_holds_a_hundred_rows_and_the_others_are_a_press_away(page: int, labels: list[str]) -> None:
    """Also from a page that somebody named in the command."""
    board = page_of(post([row(number) for number in range(1, 251)]), page)
    blocks = boardtables.board_table(board)
    first = (page - 1) * 25 + 1
    assert [f"Piece {at} by Ada" for at in range(first, min(first + 100, 251))] == column(
        table_of(blocks), "Composition"
    )
    assert labels == [button["text"]["text"] for button in blocks[-1]["elements"]]
    assert blocks[-1]["elements"][0]["value"].startswith(f"{CONTEST}:{SNAPSHOT}:")
    assert [] == problems_of_message("x", blocks)


def test_the_longest_table_keeps_slacks_limits() -> None:
    """A hundred of the longest names, with all columns."""
    rows = [row(1000 + at, name=f"{at}{LONG}", first_round=1.0, in_final=at < 9, moved=-900) for at in range(120)]
    assert [] == problems_of_message(
        "x", boardtables.board_table(page_of(post(rows, pending=[LONG] * 30, frozen_at=AT), 1))
    )


def test_the_final_board_has_a_table_and_the_ai_judges_own_below() -> None:
    """Both turn their pages together, so the table has the rows of the page alone."""
    rows = [row(number) for number in range(1, 61)]
    blocks = boardtables.board_table(page_of(post(rows, ai_rows=rows, final=True, phase="finished"), 2))
    assert 26 == len(table_of(blocks)["rows"])
    assert "The AI judge's own board" in str(blocks)
    assert ["Page 1: 1 to 25", "Page 3: 51 to 60"] == [
        element["text"]["text"] for element in blocks[-1]["elements"] if element["type"] == "button"
    ]
    assert [] == problems_of_message("x", blocks)


def _winner(place: int, title: str = "Rain", score: float = 4.5) -> Winner:
    return Winner(place=place, name="#jam-ada-Rain", title=title, user_id="U0ADA", score=score, ratings=3)


def _podium(*winners: Winner) -> Podium:
    return Podium(
        contest_name="Winter Jam", winners=winners, ai_winners=winners, composers=12, pieces=20, ratings=60,
        judges=("U0JUDY",), organizers=("U0OLIVE",),
    )  # fmt: skip


def test_the_results_come_with_a_chart_of_each_board() -> None:
    """All the words of the plain form, and a bar a winner; titles that look alike stay apart."""
    drawn = letters.draw(_podium(_winner(1, LONG, 4.666), _winner(2, "Rain"), _winner(2, "Rain"), _winner(2, "Rain")))
    assert [] == problems_of_message(drawn.text, list(drawn.newer))
    assert [block for block in drawn.newer if block["type"] != "data_visualization"] == list(drawn.blocks)
    (mine, machines) = [block for block in drawn.newer if block["type"] == "data_visualization"]
    assert ("The judges' choice", "The AI judge's own top") == (mine["title"], machines["title"])
    points = mine["chart"]["series"][0]["data"]
    assert [4.67, 4.5, 4.5, 4.5] == [point["value"] for point in points]
    assert ["2. Rain", "2. Rain (2)", "2. Rain (3)"] == [point["label"] for point in points[1:]]


def test_the_winners_post_tells_all_prizes() -> None:
    """Also those that stand beside nobody, and who decides where a place is shared."""
    first = _winner(1).model_copy(update={"prize": "a synthesizer"})
    podium = _podium(first, first.model_copy(update={"user_id": "U0BEN"}))
    shown = str(
        letters.draw(podium.model_copy(update={"for_everybody": ("a sticker",), "left_over": ("Place 2: a book",)}))
    )
    assert "Everybody who took part gets: a sticker" in shown
    assert "the organizers decide on it: Place 2: a book" in shown
    assert "Where several share a place" in shown
    assert "Where several share a place" not in str(letters.draw(_podium(first, _winner(2))))


@pytest.mark.parametrize("winners", [(), (_winner(1),)])
def test_one_winner_alone_needs_no_chart(winners: tuple[Winner, ...]) -> None:
    """There is nothing to compare: the picture goes out as ever."""
    assert () == letters.draw(_podium(*winners)).newer
    assert [] == boardtables.winners_chart("The judges' choice", "Score", winners)


def test_a_shared_first_place_of_many_keeps_slacks_limits() -> None:
    """A hundred winners with one long title."""
    drawn = letters.draw(_podium(*[_winner(1, LONG)] * 100))
    assert [] == problems_of_message(drawn.text, list(drawn.newer))


class Slack:
    """Takes blocks, or refuses those that have not come yet."""

    def __init__(self, *missing: str, error: str = "invalid_blocks") -> None:
        self.missing, self.error = missing, error
        self.asked: list[list[str]] = []

    def send(self, blocks: list[Any]) -> str:
        """Say when it was sent."""
        self.asked.append([block["type"] for block in blocks])
        if {block["type"] for block in blocks} & set(self.missing):
            raise SlackApiError("no", {"ok": False, "error": self.error})  # type: ignore[no-untyped-call]  # slack_sdk leaves it untyped
        return "sent"


def test_what_was_refused_is_tried_again_after_a_day() -> None:
    """And not before: each board would fail first. Another kind of block is another question."""
    now = [100.0]
    newer, slack = NewerBlocks(lambda: now[0]), Slack("data_table")
    chart = Drawn("Chart", (PLAIN,), ({"type": "data_visualization"},))
    assert [None, None] == [newer.attempt(BOARD, slack.send) for _ in range(2)]
    assert [["divider", "data_table"]] == slack.asked
    assert "sent" == newer.attempt(chart, slack.send)
    now[0] += PATIENCE
    slack.missing = ()
    assert ["sent", "sent"] == [newer.attempt(BOARD, slack.send) for _ in range(2)]


def test_another_failure_is_no_refusal() -> None:
    """It goes on as it is, and the newer form is tried the next time."""
    newer, slack = NewerBlocks(), Slack("data_table", error="channel_not_found")
    for _ in range(2):
        with pytest.raises(SlackApiError):
            newer.attempt(BOARD, slack.send)
    assert 2 == len(slack.asked)


def test_a_message_without_a_newer_form_is_not_tried() -> None:
    """Most messages have none."""
    assert None is NewerBlocks().attempt(Drawn("x", (PLAIN,)), Slack().send)

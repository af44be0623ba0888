"""Boards, podiums and own places as people read them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.usecases.boards.freezing import FreezePreview, Frozen
from bot.usecases.boards.leaderboard import page_of
from bot.usecases.boards.letters import (
    BoardFrozen,
    BoardPiece,
    BoardPost,
    BoardRow,
    OwnPlace,
    PlacesReply,
    Podium,
    Winner,
)
from handlers import letters
from handlers.boards import letters as places
from handlers.boards import views as boards
from handlers.boards import views as freezing
from handlers.boards.parsing import page_asked, turned
from tests.unit.handlers.block_kit import problems_of_message, problems_of_view, words

AT = datetime(2026, 12, 4, 17, 0, tzinfo=UTC)
LONG = "<!channel> & *Ünïcode* " * 20
CONTEST, SNAPSHOT = "c" * 32, "5" * 32


def row(place: int, **changes: Any) -> BoardRow:
    plain = {
        "place": place,
        "name": f"#jam-ada-Piece{place}",
        "title": f"Piece {place}",
        "author": "Ada",
        "score": 4.5,
        "ratings": 3,
    }
    return BoardRow.model_validate(plain | {"submission_id": f"s{place}"} | changes)


def post(rows: list[BoardRow], **changes: Any) -> BoardPost:
    plain: dict[str, Any] = {
        "contest_name": "Winter Jam", "phase": "judging", "taken_at": AT, "unrated": (), "ai_rows": None, "final": False,
        "contest_id": CONTEST, "snapshot_id": SNAPSHOT, "total": len(rows),
    }  # fmt: skip
    return BoardPost.model_validate(plain | {"rows": rows} | changes)


def shown(board: BoardPost) -> str:
    return words(boards.board(board))


def test_movements_are_said_in_words_beside_their_signs() -> None:
    """Up, down, the same, new; nothing where there is nothing to compare with."""
    rows = [row(1, moved=2), row(2, moved=-1), row(3, moved=0), row(4, is_new=True), row(5)]
    lines = [line for line in shown(post(rows)).splitlines() if "Piece" in line]
    assert ["▲ up 2", "▼ down 1", "= same", "new", "3 ratings"] == [line.split("  ·  ")[-1] for line in lines]


def test_finalists_stand_under_their_own_heading_with_both_scores() -> None:
    """The others follow under the preliminary round, and those who were not heard in the final are named."""
    rows = [row(1, in_final=True, first_round=4.0), row(3)]
    text = shown(post(rows, phase="final", pending=[BoardPiece(name="#jam-ben-Sun", title="Sun", author="Ben")]))
    final, preliminary = text.split("*Preliminary round*")
    assert "*The final* (its ratings alone decide these places)" in final
    assert "*4.50* of 5  ·  first round 4.00  ·  3 ratings" in final
    assert "Piece 3 by Ada" in preliminary
    assert "In the final, not rated there yet (1): Sun by Ben" in preliminary


def test_a_finalist_whom_nobody_rated_there_is_said_to_be_one() -> None:
    """On the finished board nothing is "not yet": the heading says the rule, the row what its score is."""
    rows = [row(1, in_final=True), row(2, in_final=True, by_first_round=True, score=4.875), row(3)]
    text = shown(
        post(rows, phase="finished", final=True, unrated=[BoardPiece(name="#jam-ben-Sun", title="Sun", author="Ben")])
    )
    assert "these places; whoever was not rated there comes behind, by the first round)" in text
    assert "*2.*  Piece 2 by Ada  ·  *4.88* of 5 from 3 ratings in the first round  ·  not rated in the final" in text
    assert "Without a rating (1): Sun by Ben" in text
    assert " yet" not in text


def test_ranks_only_have_no_numbers_but_places() -> None:
    """Neither in the blocks nor in the line for notifications."""
    board = post([row(1, score=None, ratings=0, moved=1)], mode="ranks")
    assert "🥇 *1.*  Piece 1 by Ada  ·  ▲ up 1" in shown(board)
    assert "Leaderboard of Winter Jam: 1. Piece 1 by Ada" == boards.fallback(board)
    assert "of 5" not in shown(board)


def test_a_hidden_board_says_when_the_places_are_known() -> None:
    """And not that nobody was rated."""
    board = post([], mode="hidden", total=7)
    assert "The places stay hidden until the end." in shown(board)
    assert "Leaderboard of Winter Jam: the places are hidden until the end" == boards.fallback(board)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"mode": "hidden"}, "For everybody else the places stay hidden until the end."),
        ({"mode": "ranks"}, "Everybody else sees places without scores."),
        ({"frozen_at": AT}, "Everybody else sees the board, frozen since"),
    ],
)
def test_an_organizers_board_is_marked_as_theirs_alone(changes: dict[str, Any], sentence: str) -> None:
    """And says what everybody else sees."""
    text = shown(post([row(1)], seen_as="organizer", **changes))
    assert "Only you as an organizer see this board." in text
    assert sentence in text
    assert "*4.50* of 5" in text


def test_a_frozen_board_says_since_when() -> None:
    """In the reader's own zone, with UTC for clients that cannot."""
    text = shown(post([row(1)], frozen_at=AT))
    assert "frozen since <!date^1796403600^{date_short_pretty}, {time}|2026-12-04 17:00 UTC>" in text


def test_a_blind_judge_reads_why_the_board_is_an_older_one() -> None:
    """And, where none was posted, when to ask again."""
    assert "as it was last posted in the channel" in shown(post([row(1)], seen_as="judge"))
    assert "No board was posted yet." in shown(post([], seen_as="judge", snapshot_id=""))


@pytest.mark.parametrize(("page", "labels"), [
    (1, ["Page 2: 26 to 50"]),
    (2, ["Page 1: 1 to 25", "Page 3: 51 to 75"]),
    (41, ["Page 40: 976 to 1000"]),
])  # fmt: skip
def test_long_boards_have_buttons_to_the_pages_beside_and_a_menu_of_all(page: int, labels: list[str]) -> None:
    """Each carries what it asks about, within Slack's 75 characters of a menu's value."""
    board = page_of(post([row(number) for number in range(1, 1002)]), page)
    blocks = boards.board(board)
    *buttons, menu = blocks[-1]["elements"]
    assert labels == [button["text"]["text"] for button in buttons]
    assert 41 == len(menu["options"])
    assert "Page 41: 1001 to 1001" == menu["options"][-1]["text"]["text"]
    assert f"{CONTEST}:{SNAPSHOT}:41" == menu["options"][-1]["value"]
    assert [] == problems_of_message("x", blocks)


@pytest.mark.parametrize("number", [0, 1, 25])
def test_short_boards_have_nothing_to_turn(number: int) -> None:
    """All of it is in sight."""
    board = page_of(post([row(place) for place in range(1, number + 1)]), 1)
    assert [] == [block for block in boards.board(board) if block["type"] == "actions"]


def test_a_full_page_of_both_boards_keeps_slacks_limits() -> None:
    """25 of each, with the longest names there are."""
    rows = [row(1000 + number, name=LONG, first_round=1.0, in_final=number < 9, moved=-900) for number in range(25)]
    board = post(
        rows, ai_rows=rows, final=True, phase="finished", pending=[LONG] * 30, unrated=[LONG] * 30, pages=90, page=9
    )
    assert [] == problems_of_message(boards.fallback(board)[:3900], boards.board(board))
    assert [] == problems_of_view({"type": "home", "blocks": boards.board(board)})


def test_every_row_of_a_full_page_is_whole() -> None:
    """No section is cut in the middle of a row, with the longest names that compositions have."""
    rows = [row(place, name=f"#{'a' * 98}{place}", first_round=1.0, moved=-900) for place in range(101, 126)]
    assert 25 == shown(post(rows)).count("▼ down 900")


def test_the_page_of_a_command() -> None:
    """``/kantor board 3``; words that are no number mean the first page."""
    assert [1, 3, 1, 1] == [page_asked(words) for words in ("", "3", "please", "9999999")]


@pytest.mark.parametrize(("container", "own"), [
    ({"type": "message", "is_ephemeral": True}, True), ({"type": "message"}, False), ({"type": "view"}, True),
])  # fmt: skip
def test_a_turned_page_takes_the_place_of_an_own_board_only(container: dict[str, Any], own: bool) -> None:
    """The board in the channel belongs to everybody."""
    button = {"actions": [{"value": f"{CONTEST}::2"}], "user": {"id": "U1"}, "container": container}
    menu = {**button, "actions": [{"selected_option": {"value": f"{CONTEST}:{SNAPSHOT}:7"}}]}
    assert (("", 2, own), (SNAPSHOT, 7, own)) == tuple(
        (each.snapshot_id, each.page, each.in_place) for each in (turned(button), turned(menu))
    )


def _podium(winners: list[Winner], **changes: Any) -> Podium:
    plain: dict[str, Any] = {
        "contest_name": "Winter Jam", "winners": winners, "ai_winners": winners[:1], "composers": 12, "pieces": 20, "ratings": 60,
        "judges": ["U0JUDY", "U0JACK"], "organizers": ["U0OLIVE"],
    }  # fmt: skip
    return Podium.model_validate(plain | changes)


def _winner(place: int, title: str = "Rain") -> Winner:
    return Winner(place=place, name="#jam-ada-Rain", title=title, user_id="U0ADA", score=4.5, ratings=3)


def test_the_podium_names_people_and_thanks_everybody() -> None:
    """First, second and a shared third place; the AI's own apart; judges and organizers by name."""
    drawn = letters.draw(_podium([_winner(1), _winner(2), _winner(3), _winner(3)]))
    text = words(list(drawn.blocks))
    people, machine = text.split("*The AI judge's own top*")
    assert "🥇 *First place*: *Rain* by <@U0ADA>  ·  4.50 of 5 from 3 ratings" in people
    assert 2 == people.count("🥉 *Third place*")
    assert "4.5 of 100" in machine
    assert "Thank you, all 12 composers, for 20 compositions" in text
    assert "listening: <@U0JUDY>, <@U0JACK>. 60 ratings came together." in text
    assert "And thank you for putting it together: <@U0OLIVE>." in text


def test_a_winner_who_was_not_in_the_final_is_told_by_which_round() -> None:
    """Three go on to a final of two: the third place may have the higher number, and says why."""
    third = _winner(3).model_copy(update={"before_final": True})
    text = words(list(letters.draw(_podium([_winner(1), _winner(2), third])).blocks))
    assert 1 == text.count("4.50 of 5 from 3 ratings in the preliminary round")
    assert 3 == text.count("4.50 of 5 from 3 ratings")


def test_a_podium_shared_by_many_keeps_slacks_limits() -> None:
    """A hundred at the first place, with long titles, and a hundred judges."""
    podium = _podium([_winner(1, LONG)] * 100, judges=["U0JUDY"] * 100, contest_name=LONG)
    drawn = letters.draw(podium)
    assert [] == problems_of_message(drawn.text, list(drawn.blocks))
    assert "… and 88 more" in words(list(drawn.blocks))


def test_a_podium_of_nobody_is_kind() -> None:
    """No rating at all."""
    assert "Nobody was rated, so there is no winner." in words(list(letters.draw(_podium([])).blocks))


def test_freezing_is_told_with_a_way_to_the_frozen_board() -> None:
    """The button carries the snapshot; thawing has none."""
    frozen = BoardFrozen(contest_id=CONTEST, contest_name="Jam", snapshot_id=SNAPSHOT, frozen=True)
    assert f"{CONTEST}:{SNAPSHOT}:1" == letters.draw(frozen).blocks[1]["elements"][0]["value"]
    thawed = frozen.model_copy(update={"frozen": False})
    assert "moves again" in letters.draw(thawed).text


@pytest.mark.parametrize("frozen_at", [None, AT])
def test_the_preview_says_what_freezing_and_thawing_bring(frozen_at: datetime | None) -> None:
    """With the numbers of now, and a button that says the same as the title."""
    view = freezing.preview(FreezePreview(CONTEST, LONG, "C0COMPOSERS", frozen_at, 12, 30, scheduled=True))
    assert [] == problems_of_view(view)
    assert view["title"]["text"] == view["submit"]["text"]
    assert "12 compositions with a place, 30 ratings." in words(view)
    assert ("thaw" in view["title"]["text"].lower()) == (frozen_at is not None)
    assert [] == problems_of_view(freezing.done(Frozen(LONG, "C0COMPOSERS", frozen=frozen_at is None)))


def _reply(*own: OwnPlace, **changes: Any) -> PlacesReply:
    plain: dict[str, Any] = {
        "contest_name": "Winter Jam", "phase": "judging", "mode": "full", "total": 40, "taken_at": AT, "places": own,
    }  # fmt: skip
    return PlacesReply.model_validate(plain | changes)


def _own(**changes: Any) -> OwnPlace:
    plain: dict[str, Any] = {"name": "#jam-ada-Rain", "title": "Rain", "place": 3, "score": 4.25, "ratings": 5}
    return OwnPlace.model_validate(plain | changes)


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (_reply(_own()), "*Rain*: *place 3* of the 40 rated so far  ·  4.25 of 5  ·  5 ratings"),
        (_reply(_own(score=None), mode="ranks"), "*place 3* of the 40 rated so far  ·  5 ratings"),
        (_reply(_own(place=None, score=None), mode="hidden"), "The places stay hidden until the contest is finished."),
        (_reply(_own(place=None, score=None), mode="hidden"), "*Rain*: 5 ratings so far"),
        (_reply(_own(place=None, score=None, ratings=0)), "no rating yet"),
        (_reply(_own(in_final=True, first_round=4.0), phase="final"), "4.00 in the first round  ·  in the final"),
        (_reply(_own(place=1), total=1), "*Rain*: the only one rated so far  ·  4.25 of 5"),
        (_reply(_own(place=1), total=1, phase="finished"), "*Rain*: the only one rated  ·  4.25 of 5"),
        (_reply(_own(), phase="finished"), "*place 3* of the 40 rated  ·  4.25 of 5"),
        (
            _reply(_own(in_final=True, by_first_round=True), phase="finished"),
            "*place 3* of the 40 rated  ·  4.25 of 5 from 5 ratings in the first round  ·  in the final, not rated there",
        ),
        (_reply(_own(), frozen_at=AT), "that is how you stood then."),
        (_reply(), "You have no composition on the board yet."),
        (_reply(_own(place=None, ratings=0), phase="open"), "The judging has not begun."),
        (
            _reply(_own(ai_place=2, ai_score=71.26), phase="finished", ai_total=40),
            "AI judge's own board: place 2 of 40 with 71.3 of 100",
        ),
        (
            _reply(_own(ai_place=1, ai_score=71.26), phase="finished", ai_total=1),
            "AI judge's own board: the only one with 71.3 of 100",
        ),
    ],
)
def test_own_places_say_all_that_may_be_known(reply: PlacesReply, expected: str) -> None:
    """Where one stands, what it rests on, and when more will be known."""
    assert expected in words(places.places_blocks(reply))
    drawn = letters.draw(reply)
    assert [] == problems_of_message(drawn.text, list(drawn.blocks))

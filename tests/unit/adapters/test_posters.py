"""The picture of the top of a board."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from PIL import Image

from bot.adapters.posters import FOOT, GREEN, HEAD, ROW, WIDTH, PaintedPosters
from bot.usecases.boards.letters import BoardPost, BoardRow

AT = datetime(2026, 12, 4, 17, 0, tzinfo=UTC)


def row(place: int, **changes: Any) -> BoardRow:
    plain = {
        "place": place,
        "name": f"#jam-ada-Piece{place}",
        "title": f"Piece {place}",
        "author": "Ada",
        "score": 4.5,
        "ratings": 3,
    }
    return BoardRow.model_validate(plain | changes)


def post(rows: list[BoardRow], **changes: Any) -> BoardPost:
    plain: dict[str, Any] = {
        "contest_name": "Winter Jam", "phase": "judging", "taken_at": AT, "unrated": (), "ai_rows": None, "final": False,
        "total": len(rows),
    }  # fmt: skip
    return BoardPost.model_validate(plain | {"rows": rows} | changes)


def picture(board: BoardPost, *, ai: bool = False) -> Image.Image:
    return Image.open(io.BytesIO(PaintedPosters().draw(board, ai=ai).png))


@pytest.mark.parametrize("number", [0, 1, 3, 10, 11, 1001])
def test_it_has_a_row_for_each_of_the_first_ten(number: int) -> None:
    """And never more, however long the board is."""
    drawn = picture(post([row(place) for place in range(1, number + 1)]))
    assert (WIDTH, HEAD + ROW * min(10, max(1, number)) + FOOT) == drawn.size


def test_the_same_board_is_the_same_picture() -> None:
    """Byte by byte: nothing in it depends on the moment of drawing."""
    board = post([row(1, moved=2), row(2, is_new=True)])
    assert PaintedPosters().draw(board) == PaintedPosters().draw(board)


def _bar_length(drawn: Image.Image, number: int) -> int:
    """Green pixels in the middle of a row."""
    y = HEAD + ROW * number + ROW // 2
    return sum(drawn.getpixel((x, y)) == GREEN for x in range(600, WIDTH))


def test_bars_are_as_long_as_their_scores() -> None:
    """5 of 5 is all of it, 2.5 half of it."""
    drawn = picture(post([row(1, score=5.0), row(2, score=2.5)]))
    assert abs(_bar_length(drawn, 0) - 2 * _bar_length(drawn, 1)) <= 2


def test_with_ranks_only_there_is_no_bar() -> None:
    """Nothing in the picture tells a score."""
    board = post([row(1, score=None, ratings=0)], mode="ranks")
    assert 0 == _bar_length(picture(board), 0)
    assert "of 5" not in PaintedPosters().draw(board).alt_text


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "W" * 400, "name": f"#jam-{'w' * 400}"},
        {"title": "海の歌"},
        {"title": "نص عربي"},
        {"title": "🎵🎵🎵", "first_round": 5.0, "score": 0.0},
        {"title": "A\nB\u202eC"},
        {"title": ""},
    ],
)
def test_any_name_fits_into_its_row(changes: dict[str, Any]) -> None:
    """Long ones, letters that the font lacks, scripts from the right, nothing at all: what stands beside stays as it is."""
    plain, odd = (
        picture(post([row(1), row(2)])),
        picture(post([row(1, **changes), row(2)])),
    )
    below = (0, HEAD + ROW, WIDTH, HEAD + 2 * ROW)
    assert plain.crop(below).tobytes() == odd.crop(below).tobytes()
    numbers = (980, HEAD, WIDTH, HEAD + ROW)
    if "score" not in changes:
        assert plain.crop(numbers).tobytes() == odd.crop(numbers).tobytes()


def test_the_alt_text_says_the_same_in_words() -> None:
    """Title, moment, and each row with its place, score, ratings and movement."""
    text = PaintedPosters().draw(post([row(1, moved=2), row(2, moved=-1, ratings=1), row(2, is_new=True)])).alt_text
    assert (
        "Leaderboard of Winter Jam, The judges are listening · as of 2026-12-04 17:00 UTC. "
        "1. Piece 1 by Ada, 4.50 of 5 from 3 ratings, up 2; 2. Piece 2 by Ada, 4.50 of 5 from 1 rating, down 1; "
        "2. Piece 2 by Ada, 4.50 of 5 from 3 ratings, new."
    ) == text


def test_the_picture_says_whose_place_is_by_the_first_round() -> None:
    """Beside its score, and in the alt text."""
    plain, told = (
        post([row(1, in_final=True, by_first_round=told)], final=True, phase="finished") for told in (False, True)
    )
    assert PaintedPosters().draw(plain) != PaintedPosters().draw(told)
    assert "4.50 of 5 from 3 ratings in the first round, not rated in the final" in PaintedPosters().draw(told).alt_text


def test_a_fair_score_stands_with_its_plain_mean() -> None:
    """In the picture as a line in the bar and in words below the score, and in the alt text; the bar leaves room for the words."""
    beside = {"mean": 4.1, "best": 1, "worst": 3, "first": 0.4}
    fair, plain = (PaintedPosters().draw(post([row(1, fair=each)])) for each in (beside, None))
    assert "1. Piece 1 by Ada, fair score 4.50, mean 4.10, 3 ratings." in fair.alt_text
    assert fair.png != plain.png
    other = PaintedPosters().draw(post([row(1, fair={**beside, "mean": 3.0})]))
    assert other.png != fair.png


def test_the_alt_text_of_long_names_stays_within_slacks_limit() -> None:
    """1,000 characters with an upload; it ends with a whole row."""
    text = PaintedPosters().draw(post([row(place, title="n" * 300) for place in range(1, 11)])).alt_text
    assert len(text) <= 1000
    assert text.endswith(" and so on.")


def test_the_ai_judges_picture_is_its_own() -> None:
    """Out of 100, in another title and colour, and never with people's scores."""
    board = post([row(1, score=5.0)], ai_rows=[row(1, score=71.26, ratings=0)], final=True, phase="finished")
    text = PaintedPosters().draw(board, ai=True).alt_text
    assert "The AI judge's board of Winter Jam" in text
    assert "71.3 of 100" in text
    assert "of 5" not in text
    assert 0 == _bar_length(picture(board, ai=True), 0)

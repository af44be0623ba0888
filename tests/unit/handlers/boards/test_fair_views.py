"""What is said of fair scores on boards, at own places, on the podium, in feedback and to organizers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.rules.caveats import Caveat
from bot.rules.standings import Scores, Step
from bot.usecases.boards.letters import (
    BoardPost,
    BoardRow,
    Fairness,
    FeedbackCard,
    OwnPlace,
    PlacesReply,
    Podium,
    Winner,
)
from handlers import letters
from handlers.boards import fairness, views
from handlers.boards.letters import board_table
from handlers.contests.inputs import INPUTS
from tests.unit.handlers.block_kit import problems_of_message, words

AT = datetime(2026, 12, 4, 17, 0, tzinfo=UTC)
BESIDE = {"mean": 4.5, "best": 1, "worst": 4, "first": 0.3, "podium": 0.8, "within": 0.95, "ahead": 0.9}


BESIDE_IT = {step: Fairness.model_validate({**BESIDE, "decided": step}) for step in Step}


def row(place: int, beside: dict[str, Any] | None = None, **changes: Any) -> BoardRow:
    plain = {
        "place": place,
        "name": f"#jam-ada-P{place}",
        "title": f"Piece {place}",
        "author": "Ada",
        "score": 4.21,
        "ratings": 3,
    }
    fair = {**BESIDE, **(beside or {})}
    return BoardRow.model_validate(plain | {"submission_id": f"s{place}", "fair": fair} | changes)


def post(rows: list[BoardRow], **changes: Any) -> BoardPost:
    plain: dict[str, Any] = {
        "contest_name": "Winter Jam", "phase": "judging", "taken_at": AT, "unrated": (), "ai_rows": None, "final": False,
        "total": len(rows), "scores": Scores.FAIR, "winners": 3,
    }  # fmt: skip
    return BoardPost.model_validate(plain | {"rows": rows} | changes)


def shown(board: BoardPost) -> str:
    return words(views.board(board))


def test_a_row_says_the_fair_score_the_mean_beside_it_and_how_surely_it_is_known() -> None:
    """And of a finalist the first round; below the rows stands what all that is."""
    text = shown(post([row(1), row(2, first_round=4.0, ratings=9)]))
    assert "Piece 1 by Ada  ·  *4.21* fair  ·  mean 4.50  ·  3 ratings  ·  likely 1 to 4" in text
    assert "*4.21* fair  ·  mean 4.50  ·  first round 4.00  ·  9 ratings  ·  likely 1 to 4" in text
    assert "how strict or lenient each judge is" in text
    assert "in 90 of 100 cases" in text


def test_nobody_is_promised_a_range_where_there_is_none() -> None:
    """Where nothing was rated twice the caveat says why."""
    text = shown(post([row(1, {"first": None})], caveats=(Caveat.ONE_RATING_EACH,)))
    assert "likely" not in text.lower()
    assert "Nothing has been rated twice yet" in text


@pytest.mark.parametrize("caveat", [each for each in Caveat if each is not Caveat.NO_RATINGS])
def test_every_caveat_is_a_friendly_sentence(caveat: Caveat) -> None:
    """On the board and at an own place, once."""
    text = shown(post([row(1)], caveats=(caveat,)))
    assert 1 == text.count(fairness.CAVEATS[caveat])
    own = places(
        OwnPlace.model_validate({"name": "n", "title": "T", "place": 1, "score": 4.2, "ratings": 3, "fair": BESIDE}),
        caveats=(caveat,),
    )
    assert fairness.CAVEATS[caveat] in own


def test_a_board_without_scores_explains_none() -> None:
    """Nor does one of plain means."""
    for changes in ({"score": None, "fair": None}, {"fair": None}):
        text = shown(post([row(1, None, **changes)], mode="ranks"))
        assert "air score" not in text


@pytest.mark.parametrize(
    ("aheads", "said"),
    [
        ([0.9, 0.9, 0.9, None], None),
        ([0.55, 0.9, 0.9, None], "Too close to call are places 1 and 2:"),
        ([0.55, 0.6, 0.9, None], "Too close to call are places 1 to 3:"),
        ([0.55, 0.9, 0.51, None], "Too close to call are places 1 and 2, and places 3 and 4:"),
        ([0.9, 0.9, 0.9, 0.5], None),
    ],
)
def test_it_says_which_winners_are_too_close_to_call(aheads: list[float | None], said: str | None) -> None:
    """And nothing of places that win nothing."""
    text = shown(post([row(at, {"ahead": each}) for at, each in enumerate(aheads, 1)]))
    assert (said is not None) == ("Too close" in text)
    assert (said or "") in text


def test_those_who_share_a_place_are_not_too_close_to_call() -> None:
    """They have the same place already."""
    rows = [row(1, {"ahead": 0.5}), row(1, {"ahead": 0.9}), row(3)]
    assert "Too close" not in shown(post(rows))


@pytest.mark.parametrize(
    ("open_", "said"),
    [((12, 18), "places 12 and 18"), ((4, 5, 6, 9), "places 4 to 6 and 9"), ((2, 5, 6, 9), "places 2, 5, 6 and 9")],
)
def test_it_names_the_open_places_alone(open_: tuple[int, ...], said: str) -> None:
    """Those between two open ones may be sure."""
    rows = [row(at, {"within": 0.5 if at in open_ else 0.9}) for at in range(1, 20)]
    assert f"(15 go on): {said}. The ratings" in shown(post(rows, cut=15))


def test_an_open_place_that_is_shared_is_named_once() -> None:
    """It is one place."""
    rows = [row(1, {"within": 0.9}), row(2, {"within": 0.5}), row(2, {"within": 0.5})]
    assert "(2 go on): place 2. The ratings" in shown(post(rows, cut=2))


def test_before_a_final_it_says_where_the_cut_is_open() -> None:
    """Of all who may still go either way; the podium is not what is decided then."""
    rows = [row(at, {"within": within, "ahead": 0.5}) for at, within in enumerate([0.99, 0.8, 0.6, 0.4, 0.2], 1)]
    text = shown(post(rows, cut=3))
    assert "Too close to call at the edge of the final (3 go on): places 3 and 4." in text
    assert 1 == text.count("Too close")


@pytest.mark.parametrize(
    ("step", "why"),
    [
        (Step.FINAL, "the better mean in the final"),
        (Step.COUNT_BACK, "more of the highest scores"),
        (Step.CRITERION, "more in the first criterion"),
    ],
)
def test_where_the_ladder_decided_it_says_by_what(step: Step, why: str) -> None:
    """In words in the plain form, and in a column of the table."""
    board = post([row(1), row(2, {"decided": step})])
    assert f"same score as above, which has {why}" in shown(board)
    heads = [cell["text"] for cell in table(board)["rows"][0]]
    assert table(board)["rows"][2][heads.index("Equal score, behind by")]["text"] == fairness.behind(BESIDE_IT[step])


def table(board: BoardPost) -> dict[str, Any]:
    (found,) = [block for block in board_table(board) if block["type"] == "data_table"]
    return found


def test_the_table_has_the_mean_and_the_likely_places_in_columns() -> None:
    """Within what Slack takes, with a hundred rows and the longest names."""
    heads = [cell["text"] for cell in table(post([row(1)]))["rows"][0]]
    assert ["Place", "Composition", "Fair", "Mean", "Ratings", "Likely"] == heads
    rows = [
        row(
            at,
            {"decided": Step.COUNT_BACK, "worst": 5000, "best": 1000},
            title="Ü" * 300,
            in_final=True,
            first_round=4.0,
            moved=-100,
        )
        for at in range(1, 26)
    ]
    board = post(
        rows,
        more=[each.model_copy(update={"place": each.place + 25}) for each in rows * 3],
        caveats=tuple(Caveat),
        cut=100,
    )
    assert problems_of_message("x", board_table(board)) == []
    assert problems_of_message("x", views.board(board)) == []


def places(own: OwnPlace, **changes: Any) -> str:
    plain: dict[str, Any] = {
        "contest_name": "Winter Jam",
        "phase": "judging",
        "mode": "full",
        "total": 60,
        "taken_at": AT,
    }
    return words(list(letters.draw(PlacesReply.model_validate(plain | {"places": [own]} | changes)).blocks))


def test_an_own_place_says_between_which_it_lies_and_how_likely_the_final_is() -> None:
    """With the plain mean beside, and a word on what that is."""
    own = OwnPlace.model_validate(
        {"name": "n", "title": "Tide", "place": 4, "score": 4.21, "ratings": 3, "fair": BESIDE}
    )
    text = places(own, cut=15)
    assert "fair score 4.21  ·  mean 4.50" in text
    assert "likely 1 to 4  ·  in the final in 95% of cases" in text
    assert "how strict or lenient each judge is" in text
    assert "in the final" not in places(own)
    out, sure = (
        own.model_copy(update={"fair": Fairness.model_validate({**BESIDE, "within": at})}) for at in (0.04, 1.0)
    )
    assert "in the final" not in places(out, cut=15)
    assert "in the final in 99% of cases" in places(sure, cut=15)


def winner(place: int, **beside: Any) -> Winner:
    return Winner.model_validate(
        {
            "place": place,
            "name": "n",
            "title": f"Piece {place}",
            "user_id": f"U{place}",
            "score": 4.21,
            "ratings": 9,
            "fair": {**BESIDE, **beside},
        }
    )


def podium(*winners: Winner) -> str:
    message = Podium.model_validate(
        {
            "contest_name": "Jam",
            "winners": winners,
            "ai_winners": (),
            "composers": 3,
            "pieces": 3,
            "ratings": 9,
            "judges": (),
            "organizers": (),
        }
    )
    return words(list(letters.draw(message).blocks))


def test_the_podium_says_what_decided_and_how_close_it_was() -> None:
    """The mean beside each score."""
    text = podium(winner(1, ahead=0.55), winner(2, decided=Step.FINAL), winner(3, ahead=None))
    assert "fair score 4.21, mean 4.50, from 9 ratings" in text
    assert "same score as above, which has the better mean in the final" in text
    assert "It was close: places 1 and 2 could as well be the other way round." in text
    assert "It was close" not in podium(winner(1), winner(2, ahead=None))


def test_it_was_close_is_said_of_neighbours_alone() -> None:
    """The last winner and who came right behind, named or not; never of two places with others in between."""
    text = podium(winner(1), winner(2), winner(3, ahead=0.5), winner(10, ahead=0.6))
    assert "It was close: places 3 and 4, and places 10 and 11 could as well" in text
    shared = podium(winner(1, ahead=0.5), winner(1, ahead=0.5), winner(3, ahead=0.5), winner(4))
    assert "It was close: places 1 and 3, and places 3 and 4" not in shared
    assert "It was close: places 1, 3 and 4 could as well" in shared


def test_the_podium_says_how_surely_the_first_is_the_best() -> None:
    """Of the first place alone, never as if it were certain; nothing where it is less likely than not, or nobody can tell."""
    text = podium(winner(1, first=0.72), winner(2, first=0.6))
    assert 1 == text.count("the best in ")
    assert "from 9 ratings, the best in 72% of cases" in text
    assert "the best in 99% of cases" in podium(winner(1, first=1.0))
    assert "of cases" not in podium(winner(1, first=0.49), winner(1, first=None))


def test_without_a_final_an_own_place_says_how_likely_the_first_three_are() -> None:
    """While it is judged; not in a final, which is not heard to its end, nor afterwards, nor where it would only discourage."""
    own = OwnPlace.model_validate(
        {"name": "n", "title": "Tide", "place": 4, "score": 4.21, "ratings": 3, "fair": BESIDE}
    )
    assert "likely 1 to 4  ·  among the first three in 80% of cases" in places(own)
    for text in (places(own, cut=15), places(own, phase="final"), places(own, phase="finished")):
        assert "first three" not in text
    low = own.model_copy(update={"fair": Fairness.model_validate({**BESIDE, "podium": 0.04})})
    assert "first three" not in places(low)


def test_what_a_mean_is_holds_in_a_final_too() -> None:
    """There it is that of the final alone, and the order may be another than the fair one even where all hear all."""
    (asked,) = INPUTS["scores"].draw({"scores": "fair"})
    assert "the final" in asked["hint"]["text"]
    assert "the final" in fairness.WHAT


def test_feedback_says_by_what_a_piece_has_its_place() -> None:
    """Above the means of each round."""
    card = FeedbackCard.model_validate(
        {
            "contest_name": "Jam",
            "title": "Tide",
            "name": "n",
            "rounds": (),
            "place": 2,
            "total": 9,
            "ai_score": None,
            "comments": (),
            "score": 4.21,
            "fair_criteria": ({"title": "Originality", "score": 4.5}, {"title": "Balance", "score": 3.9}),
            "fair": BESIDE,
        }
    )
    text = words(views.card_blocks(card))
    assert "*Fair score*: 4.21, by which it has its place. Its place lies within 1 to 4 in 90 of 100 cases." in text
    assert "Of each criterion alone: Originality 4.50  ·  Balance 3.90." in text

"""The worked example of docs/fairness.md: its numbers are what Kantor finds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.rules.fairscores import Fair, Observation, fair
from bot.rules.numbers import percent, spelled
from tests.makers.boards import LENA, MAX, SHARED_OUT, SVEN

PAGE = (Path(__file__).parents[3] / "docs" / "fairness.md").read_text(encoding="utf-8")
JUDGES = {LENA: "Lena", MAX: "Max", SVEN: "Sven"}


def rows(after: str) -> list[list[str]]:
    """The cells of the table whose first line begins so, without that line."""
    table = re.search(rf"^\| {re.escape(after)}.*\n\|[-|]+\n((?:\|.*\n)+)", PAGE, flags=re.MULTILINE)
    assert table is not None
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[1].splitlines()]


@pytest.fixture(scope="module")
def found() -> Fair:
    return fair(
        [
            Observation(title, JUDGES[judge], sum(scores) / 3)
            for title, given in SHARED_OUT.items()
            for judge, scores in given.items()
        ]
    )


def test_what_was_given(found: Fair) -> None:
    """Of each piece by each judge, and the plain means, in their order."""
    raw = {each.entry: each.raw for each in found.scores}
    told = [
        [title, *(spelled(sum(given[judge]) / 3) if judge in given else "" for judge in JUDGES), spelled(raw[title])]
        for title, given in sorted(SHARED_OUT.items(), key=lambda each: -raw[each[0]])
    ]
    assert told == rows("piece | Lena")


def test_how_lenient_each_judge_is(found: Fair) -> None:
    """In points above or below the others."""
    told = {judge: re.sub(r"[^\d.]", "", text) for judge, text in rows("judge | gives")}
    assert {judge: spelled(abs(each.points)) for judge, each in found.leniency.items()} == told
    assert ["Lena", "Max"] == [judge for judge, each in found.leniency.items() if each.points > 0]
    assert all(0.4 < each.error < 0.6 for each in found.leniency.values())


def test_the_board(found: Fair) -> None:
    """Places, fair scores, means, ratings and likely places."""
    told = [
        [
            str(place),
            each.entry,
            spelled(each.score),
            spelled(each.raw),
            str(each.ratings),
            f"{each.best} to {each.worst}",
        ]
        for place, each in enumerate(found.scores, 1)
    ]
    assert told == rows("place | piece")


def test_how_sure_the_order_is(found: Fair) -> None:
    """In percent."""
    assert f"better than Sun is {percent(found.ahead('Rain', 'Sun'))} sure" in PAGE
    assert f"Snow is the better of the two is {percent(found.ahead('Snow', 'Fog'))} sure" in PAGE

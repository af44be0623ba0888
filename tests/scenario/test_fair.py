"""A contest of fair scores on the real app: a lenient judge and a strict one, pieces that are shared out, a final, and its end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.rules.criteria import DEFAULT
from bot.usecases.judging.ratings import RateSubmission, RatingValues
from tests.makers.pieces import melody
from tests.makers.stage import CHANNEL

if TYPE_CHECKING:
    from bot.sandbox.client import Person
    from tests.makers.stage import Stage

STRICT, LENIENT, MIDDLE = "U0JUDY", "U0JACK", "U0CLEO"
GIVES = {STRICT: -1, LENIENT: 1, MIDDLE: 0}


def rate(stage: Stage, judge: str, piece: str, worth: tuple[int, int, int]) -> None:
    """As that judge would, by the use case: how judges fill in forms is told elsewhere."""
    scores = [min(5, max(1, each + GIVES[judge])) for each in worth]
    values = RatingValues(dict(zip(DEFAULT.keys, scores, strict=True)))
    stage.database.services.ratings.rate(RateSubmission(judge, piece, values))


def shared_out(stage: Stage) -> dict[str, frozenset[str]]:
    """Six pieces, each to be heard by two of three judges, two by each pair of them; who hears which."""
    stage.contest("draft", fair=True, rounds="2")
    stage.with_text("listens", "2")
    with stage.database.store.write() as work:
        work.contests.newest_first()[0].finalists = 2
    stage.olive.command(CHANNEL, "/kantor judges add @cleo")
    stage.olive.wait_for_ephemeral(CHANNEL, "judge")
    stage.next_phase()
    for number in range(6):
        stage.submit((stage.ada, stage.ben)[number % 2], melody(number + 1), f"piece{number}.mid")
    stage.next_phase()
    with stage.database.store.read() as work:
        pairs = work.panels.pairs(work.contests.newest_first()[0].id)
    pieces = {piece for _, piece in pairs}
    return {piece: frozenset(judge for judge, heard in pairs if heard == piece) for piece in sorted(pieces)}


def board(who: Person) -> dict[str, Any]:
    """As that person sees it who has not looked before."""
    who.command(CHANNEL, "/kantor board")
    return who.wait_for_ephemeral(CHANNEL, "Leaderboard")


def columns(message: dict[str, Any]) -> dict[str, list[str]]:
    """Of the board's table, by their heads."""
    (table,) = [block for block in message["blocks"] if block["type"] == "data_table"]
    heads, *rows = [[cell["text"] for cell in row] for row in table["rows"]]
    return {head: [row[at] for row in rows] for at, head in enumerate(heads)}


def titles(message: dict[str, Any]) -> list[str]:
    """Of the compositions, in their order."""
    return [each.split(" by ")[0] for each in columns(message)["Composition"]]


def said(message: dict[str, Any]) -> str:
    return json.dumps(message["blocks"], ensure_ascii=False)


def test_the_fair_order_is_not_the_raw_one_and_leads_to_the_final_and_its_end(stage: Stage) -> None:
    """Who was heard by the strict stands where they belong: on the board, at their own place, in the final and on the podium."""
    heard = shared_out(stage)
    by_judges = {judges: piece for piece, judges in heard.items()}
    unlucky, lucky = by_judges[frozenset({STRICT, MIDDLE})], by_judges[frozenset({LENIENT, MIDDLE})]
    others = zip(heard.keys() - {unlucky, lucky}, [(3, 3, 3), (3, 2, 3), (2, 2, 3), (2, 2, 2)], strict=True)
    for piece, worth in {unlucky: (4, 4, 4), lucky: (3, 4, 4), **dict(others)}.items():
        for judge in heard[piece]:
            rate(stage, judge, piece, worth)
    with stage.database.store.read() as work:
        names = [work.submissions.by_ids({piece})[piece].title for piece in (unlucky, lucky)]

    shown = board(stage.ada)
    assert names == titles(shown)[:2]
    assert ["3.50", "4.17"] == columns(shown)["Mean"][:2]
    assert ["2"] * 6 == columns(shown)["Ratings"]
    assert "how strict or lenient each judge is" in said(shown)
    stage.ada.command(CHANNEL, "/kantor place")
    assert "fair score" in said(stage.ada.wait_for_ephemeral(CHANNEL, "Your place"))
    stage.olive.command(CHANNEL, "/kantor panel")
    strictness = said(stage.olive.wait_for_view(lambda view: "How strict the judges are" in said(view)))
    assert strictness.rindex(LENIENT) < strictness.rindex(STRICT)
    stage.close_all(stage.olive)

    stage.next_phase()
    for judge in GIVES:
        rate(stage, judge, unlucky, (4, 4, 4))
        rate(stage, judge, lucky, (3, 3, 4))
    in_final = board(stage.ben)
    assert (names, ["Final"] * 2 + ["Preliminary"] * 4) == (titles(in_final)[:2], columns(in_final)["Round"])
    assert ["5", "5"] == columns(in_final)["Ratings"][:2]
    stage.next_phase()
    podium = said(stage.ada.wait_for_message(CHANNEL, "The winners of"))
    assert podium.index(names[0]) < podium.index(names[1])
    assert "fair score" in podium
    assert names == titles(stage.ada.wait_for_message(CHANNEL, "Final leaderboard"))[:2]

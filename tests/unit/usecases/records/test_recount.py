"""Whoever has the export alone comes to the same boards and numbers, at every step of a contest."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import pytest

from bot.rules.criteria import DEFAULT
from bot.rules.numbers import decimal
from bot.rules.phases import Phase, Round
from bot.rules.standings import band
from bot.usecases.records.exports import EXPORT
from models.submissions import SubmissionState
from tests.makers.boards import LENA, MAX, SVEN, change, give, shared_out
from tests.makers.recount import Recount
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, JACK, JUDY, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TITLES = ("Rain", "Sun", "Wind", "Moon", "Snow", "Fog", "Hail", "Dew")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        world.directory.add(MAX, "Max", CHANNEL)
        yield world


def exported(world: World) -> Recount:
    """The export of now."""
    world.clock.advance(minutes=1)
    world.exports.ask(OLIVE, CHANNEL)
    lease = world.later(hours=1) - world.clock.now()
    with world.store.write() as work:
        jobs = iter(lambda: work.jobs.claim(world.clock.now(), lease), None)
        args = [job.args for job in jobs if job.name == EXPORT]
    for each in args:
        world.exports.make(**each)
    (upload,) = world.letters("export_ready", OLIVE)[-1].uploads
    return Recount.of(world.objects.get(upload["object_key"]))


def recounted(world: World) -> Recount:
    """The export of now; its board, and the numbers that people see, are those that a recount of its rows comes to."""
    export = exported(world)
    assert export.people() == export.exported("now")
    round_ = "final" if export.in_final else "preliminary"
    (home,) = world.people.home(OLIVE).contests
    assert home.organizing is not None
    status, counted = world.contests.status(OLIVE, CHANNEL), len(export.counting(round_))
    assert (counted, counted) == (home.organizing.ratings, status.ratings)
    told = next(row for row in export.table("rounds") if row["round"] == round_)
    assert str(counted) == told["ratings_that_count"]
    return export


def told(world: World, contest: str, export: Recount) -> None:
    """What authors are told of their places and scores, by letter and when they ask, is what the export comes to."""
    places = {name: place for place, name, _, _ in export.people()}
    world.feedback.send(OLIVE, contest)
    cards = [letter.message for letter in world.letters("feedback")]
    bands = {card["name"]: (card["place"], card["last_place"] or card["place"]) for card in cards}
    assert {name: band(place, len(places)) for name, place in places.items()} == bands
    assert {len(places)} == {card["total"] for card in cards}
    rounds = [(card["name"], each) for card in cards for each in card["rounds"]]
    for round_ in ("preliminary", "final"):
        assert export.scores(round_) == {
            name: (decimal(each["mean"]), each["ratings"]) for name, each in rounds if each["round"] == round_
        }
    for author in (ADA, BEN, CLEO):
        reply = world.boards.place_of(author, CHANNEL)
        assert len(places) == reply.total
        assert [(each.name, places[each.name]) for each in reply.places] == [
            (each.name, each.place) for each in reply.places
        ]


def reasons(export: Recount) -> dict[str, int]:
    """How many ratings do not count, by why not."""
    why = [row["why_not"] for row in export.table("ratings") if row["counts"] == "no"]
    return {each: why.count(each) for each in why}


def begun(world: World) -> tuple[str, list[str]]:
    """Eight compositions for four judges, one of whom has composed; originality counts double. The contest and the compositions."""
    contest = world.contest(rounds=2, submission_limit=9)
    scheme = DEFAULT.dump()
    weighted = [{**each, "weight": 2 if each["key"] == "originality" else 1.5} for each in scheme["criteria"]]
    change(world, contest, finalists=3, scheme={**scheme, "criteria": weighted})
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY, JACK, MAX, ADA])
    pieces = [
        world.accepted((ADA, BEN, CLEO)[n % 3], f"F{n}", f"{title}.mid", 50 + 5.05 * n)
        for n, title in enumerate(TITLES)
    ]
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    return contest, pieces


def heard(world: World, pieces: list[str]) -> None:
    """All judges rate all that they may; the third and the fourth are equal."""
    for number, piece in enumerate(pieces):
        for at, judge in enumerate((JUDY, JACK, MAX, ADA)):
            if judge != world.piece(piece).user_id:
                level = 5 - number // 2
                world.rate(judge, piece, level, level if number in {2, 3} else max(1, level - (at + number) % 2), 3)


def test_every_board_follows_from_the_export_alone(world: World) -> None:
    """Weights, a tie at the cut, recusals, a judge who leaves, a withdrawal, a final: each step is recounted from the rows that count."""
    contest, pieces = begun(world)
    heard(world, pieces)
    assert {} == reasons(recounted(world))
    world.marks.recuse(JUDY, pieces[0], "I helped to write it")
    world.compositions.withdraw(BEN, pieces[7])
    world.marks.leave(MAX, contest, "My sister is in it", counted=False)
    export = recounted(world)
    assert {
        "the judge recused from the composition": 8, "the composition was withdrawn": 4
    } == reasons(export)  # fmt: skip
    assert {("Judy", "no"), ("Max", "yes")} == {
        (row["user_id_name"], row["is_over"]) for row in export.table("roles") if row["user_id"] in {MAX, JUDY}
    }
    assert {(JUDY, "recused"), (MAX, "recused")} == {(row["judge"], row["kind"]) for row in export.table("marks")}
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    export = recounted(world)
    assert export.first_round() == export.exported("preliminary")
    for number, piece in enumerate(piece for piece in pieces if world.piece(piece).in_final):
        for judge in (JUDY, JACK):
            # The last one is heard by nobody, and Judy recused from the first.
            if number < 3 and (piece, judge) != (pieces[0], JUDY):
                world.rate(judge, piece, 3 + number % 3, 3, 4)
        recounted(world)
    world.boards.post_slot(contest, world.clock.now())
    world.freezing.freeze(OLIVE, contest)
    export = recounted(world)
    assert export.people() == export.exported("posted") == export.exported("frozen")
    world.contests.advance(OLIVE, contest, Phase.FINAL)
    world.tell_finale(contest)
    export = recounted(world)
    assert export.people() == export.exported("final")
    assert export.machine() == export.exported("final", "ai")
    assert len(pieces) - 1 == len(export.people())
    assert 4 == sum(row["in_final"] == "yes" for row in export.table("submissions"))
    assert 1 == sum(row.by_first_round for row in world.boards.show(OLIVE, CHANNEL).rows)
    told(world, contest, export)
    (podium,) = world.letters("podium")
    assert podium.message["ratings"] == len(export.counting("preliminary")) + len(export.counting("final"))


def test_fair_scores_are_what_another_program_finds_in_the_export(world: World) -> None:
    """statsmodels, from the rows that README.txt names and nothing else: the scores, and each judge's leniency; beside a score stands its plain mean."""
    import pandas as pd  # noqa: PLC0415 - a second each, which only this test needs
    import statsmodels.formula.api as smf  # noqa: PLC0415

    contest, pieces = shared_out(world)
    change(world, contest, rounds=2, finalists=2)
    with world.store.write() as work:
        gone = work.submissions.get(pieces["Wind"])
        assert gone is not None
        gone.state = SubmissionState.WITHDRAWN
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    give(world, pieces["Sun"], {LENA: (5, 4, 4), MAX: (3, 3, 4), SVEN: (2, 3, 2)}, Round.FINAL)
    give(world, pieces["Rain"], {LENA: (5, 5, 4), MAX: (4, 3, 4), SVEN: (2, 3, 3)}, Round.FINAL)
    export = exported(world)
    left = ("the composition was withdrawn", "another version of the composition counts")
    rows = [row for row in export.table("ratings") if row["counts"] == "yes" or row["why_not"] in left]
    table = pd.DataFrame(rows).assign(all="one", mean=[float(row["mean"]) for row in rows])
    parts = {"piece": "0 + C(submission_id)", "judge": "0 + C(judge)"}
    model = smf.mixedlm("mean ~ 0 + C(round)", table, groups="all", vc_formula=parts)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its gradient is 0 to more digits than it likes
        found = model.fit(reml=True, method=["bfgs"], gtol=1e-10, maxiter=5000)
    level = sum(found.fe_params[f"C(round)[{name}]"] * (table["round"] == name).mean() for name in set(table["round"]))
    effects = found.random_effects["one"]

    def effect(key: str) -> float:
        return next(float(value) for name, value in effects.items() if key in name)

    board = [row for row in export.table("boards") if row["board"] == "now" and row["judged_by"] == "people"]
    assert ["Rain", "Sun"] == [row["title"] for row in board][:2]
    assert {"Snow", "Fog", "Ice"} == {row["title"] for row in board[2:]}
    for row in board:
        assert float(row["score"]) == float(decimal(level + effect(row["submission_id"])))
        shown = [each for each in rows if each["submission_id"] == row["submission_id"]]
        here = [each for each in shown if (each["round"] == "final") == (row["in_final"] == "yes")]
        assert float(row["fair_mean"]) == float(decimal(sum(float(each["mean"]) for each in here) / len(here)))
        assert int(row["ratings"]) == len(shown)
    for row in export.table("leniency"):
        assert float(row["points"]) == pytest.approx(effect(row["judge"]), abs=1e-4)

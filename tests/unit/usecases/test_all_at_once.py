"""Whoever has written several things wrong reads all of them at once, each at its place, and nothing is done by halves."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from bot.errors import Problems, Refusal, refuse
from bot.rules.criteria import DEFAULT
from bot.rules.phases import Intake, Phase
from bot.rules.prizes import PrizeError, parse
from bot.rules.schedule import CronError, normalise
from bot.rules.secret import Secret
from bot.usecases.accounts.pools import PoolRow, pasted_rows
from bot.usecases.contests.editing import EditContest
from bot.usecases.contests.settings import BY_NAME, Fields, WrittenCriterion
from bot.usecases.judging.behalf import EnterRating
from bot.usecases.judging.ratingforms import MAX_TEXT
from bot.usecases.judging.ratings import RateSubmission, RatingValues
from bot.usecases.submissions.latefiles import Extend
from tests.makers.world import ADA, CHANNEL, DINA, GUS, JACK, JUDY, LOUNGE, OLIVE, ROBOT, World, small_world

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PAST = datetime.fromisoformat("2026-11-20T09:00")
LONG = "x" * 5000


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def wrong(act: Callable[[], object]) -> list[str | None]:
    """The inputs that a refusal names, in order."""
    with pytest.raises(Refusal) as refusal:
        act()
    return [each.field for each in refusal.value.parts]


def test_a_single_refusal_stays_as_it_is() -> None:
    """And none is none; the same sentence about the same input is said once."""
    refuse([])
    single = Refusal("No.", field="name")
    with pytest.raises(Refusal) as caught:
        refuse([single, Refusal("No.", field="name")])
    assert ("No.", "name", 1) == (caught.value.sentence, caught.value.field, len(caught.value.parts))
    assert (single,) == single.parts


def test_refusals_of_refusals_are_flat() -> None:
    """Each part is told with its own input, and the whole sentence has a line each."""
    inner, outer = Problems(), Problems()
    for name in ("a", "b"):
        inner.of(None, refuse, [Refusal(f"{name} is wrong.", field=name)])
    outer.of(None, inner.settle)
    assert 7 == outer.of(7, _never)
    with pytest.raises(Refusal) as caught:
        outer.settle()
    assert ["a", "b", None] == [each.field for each in caught.value.parts]
    assert "a is wrong.\nb is wrong.\nNever." == caught.value.sentence


def _never() -> int:
    raise Refusal("Never.")


def test_a_new_contest(world: World) -> None:
    """What the form has wrong, the channel that is not ours, and prizes and schedule as they were written."""
    world.contest(slug="taken")
    form = world.new_contest(
        name="",
        slug="N",
        time_zone="Mars",
        channel_id="C0NONE",
        submission_limit=0,
        board_cron="often",
        prizes="nothing",
    )
    expected = {"name", "slug", "time_zone", "submission_limit", "board_cron", "prizes", "channel_id"}
    assert expected == set(wrong(lambda: world.contests.create(form)))
    busy = world.new_contest(slug="taken", deadline=PAST)
    assert ["deadline", "slug", "channel_id"] == wrong(lambda: world.contests.create(busy))
    with world.store.read() as work:
        assert 1 == len(work.contests.newest_first())


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        (
            {"name": "", "slug": "N", "channel_id": LOUNGE, "time_zone": "Mars", "deadline": PAST},
            ["name", "slug", "time_zone"],
        ),
        (
            {"name": "Jam", "slug": "N", "channel_id": LOUNGE, "time_zone": "Europe/Berlin", "deadline": PAST},
            ["slug", "deadline"],
        ),
        ({"name": "Jam", "slug": "taken", "channel_id": LOUNGE}, ["slug", "channel_id"]),
        ({"submission_limit": 0, "intake": Intake.BOTH, "grace_seconds": 999}, ["submission_limit", "grace_seconds"]),
        (
            {"rounds": 3, "finalists": 0, "winners": 0, "blind": True, "practice": True},
            ["rounds", "finalists", "winners"],
        ),
        (
            {"criteria": (WrittenCriterion("Harmony", "", "0"), WrittenCriterion(LONG, "Does it?", "x"))},
            ["question_0", "weight_0", "title_1", "weight_1"],
        ),
        (
            {"criteria": (WrittenCriterion("Harmony", "Does it?", "0"), WrittenCriterion("harmony", "Does it?", "1"))},
            ["weight_0", "title_1"],
        ),
        (
            {"titles": ("", "2", "3", "4", LONG), "meanings": ("", LONG, "", "", "")},
            ["score_1", "score_5", "meaning_2"],
        ),
        ({"rules": LONG, "tenets": LONG, "terms": "", "retention_days": "soon"}, ["rules", "tenets", "retention_days"]),
    ],
)
def test_a_contest_that_is_edited(world: World, change: Fields, fields: list[str]) -> None:
    """Each part of it."""
    world.contest(Phase.DRAFT, slug="taken", channel_id=LOUNGE)
    contest = world.contest(Phase.DRAFT)
    part = BY_NAME[next(iter(change))].part
    seen = world.editing.form(OLIVE, contest, part).seen
    assert fields == wrong(lambda: world.editing.prepare(EditContest(OLIVE, contest, part, change, seen)))


def test_prizes_and_schedules() -> None:
    """Each line, and each part of a schedule; of very many lines the first few."""
    with pytest.raises(PrizeError, match=r"“nothing”.*“3-2” are no places"):
        parse("nothing\n1: a book\n3-2: headphones")
    with pytest.raises(PrizeError, match="6 more lines are wrong, too"):
        parse("\n".join(f"nothing {number}" for number in range(10)))
    with pytest.raises(CronError, match=r"“61” is no minute.*“x” is no hour.*“13” is no month"):
        normalise("61 x * 13 *")


def test_accounts_that_are_pasted_or_imported(world: World) -> None:
    """Lines with too many cells, empty cells and a wrong address; and the contest that is not there beside them."""
    text = "1,ada,x,y,https://a.example\n2,,pw,http://b.example\n3,ben,pw,https://c.example\n3,ben,pw,https://c.example"
    with pytest.raises(Refusal) as pasted:
        pasted_rows(text)
    for said in (
        "Line 1: 5 cells",
        "Line 2: user_name is empty.",
        "Line 2: sign_in_url must",
        "Line 4 is about the same",
    ):
        assert said in pasted.value.sentence
    row = PoolRow("1", "", Secret("pw"), "http://a.example", 2)
    with pytest.raises(Refusal, match=r"user_name is empty(.|\n)*no contest with the slug"):
        world.pools.import_pool("nowhere", [row])


def test_people_who_cannot_judge_or_organize(world: World) -> None:
    """All of them are named, and nobody is added."""
    contest = world.contest()
    with pytest.raises(Refusal, match=r"<@U0ROBOT> is a bot.*<@U0DINA> has been.*U0NOBODY.*I added nobody"):
        world.contests.add_judges(OLIVE, CHANNEL, [JUDY, ROBOT, DINA, "U0NOBODY"])
    with pytest.raises(Refusal, match=r"<@U0GUS> is a guest.*<@U0ROBOT> is a bot.*I added nobody"):
        world.staff.add_organizers(OLIVE, CHANNEL, [JUDY, GUS, ROBOT])
    with world.store.read() as work:
        assert [] == work.contests.roles.holders(contest, "judge")


def test_judges_who_cannot_be_let_go(world: World) -> None:
    """Both who have rated are named, and the third one stays, too."""
    contest = world.contest()
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY, JACK, "U0CLEO"])
    piece = world.accepted()
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    for judge in (JUDY, JACK):
        world.rate(judge, piece)
    with pytest.raises(Refusal, match=r"<@U0JUDY> has given(.|\n)*<@U0JACK> has given"):
        world.staff.remove_judges(OLIVE, CHANNEL, ["U0CLEO", JUDY, JACK])
    with world.store.read() as work:
        assert {JUDY, JACK, "U0CLEO"} == set(work.contests.roles.holders(contest, "judge"))


def test_ratings(world: World) -> None:
    """Scores off the scale and texts that are too long; in a judge's name the reason as well."""
    contest = world.contest()
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    piece = world.accepted()
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    scores = dict.fromkeys(DEFAULT.keys, 3) | {DEFAULT.keys[0]: 9, DEFAULT.keys[2]: 0}
    values = RatingValues(scores, "x" * (MAX_TEXT + 1))
    fields = [DEFAULT.keys[0], DEFAULT.keys[2], "comment"]
    assert fields == wrong(lambda: world.ratings.rate(RateSubmission(JUDY, piece, values)))
    entry = EnterRating(OLIVE, JUDY, piece, reason="", values=values)
    assert ["reason", *fields] == wrong(lambda: world.behalf.enter(entry))


def test_more_time_for_one(world: World) -> None:
    """Who, until when, and why."""
    contest = world.contest()
    asked = Extend(OLIVE, contest, ROBOT, PAST, "")
    assert ["user_id", "reason", "until"] == wrong(lambda: world.extensions.extend(asked))
    assert ["reason", "until"] == wrong(lambda: world.extensions.extend(Extend(OLIVE, contest, ADA, PAST, "")))

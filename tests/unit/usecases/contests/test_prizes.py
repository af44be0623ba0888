"""Prizes: how they are written, and where they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Refusal
from bot.rules.criteria import Criterion, Scheme
from bot.rules.phases import Phase
from bot.rules.prizes import Category, Prize, PrizeError, beyond, dump, load, parse, told, written
from bot.usecases.contests.editing import EditContest
from bot.usecases.contests.settings import Part
from bot.usecases.people.letters import WayReply
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, JUDY, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LINES = "1: a synthesizer\n2-3: headphones\nAI 1: a score of Bach's\neverybody: stickers\nTalk of the jury: 2 x tickets (from the city's opera)"
TOLD = (
    "Place 1: a synthesizer",
    "Places 2 to 3, each: headphones",
    "Place 1 of the AI judge's own board: a score of Bach's",
    "Everybody who takes part: stickers",
    "Talk of the jury: 2 x tickets (from the city's opera)",
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def test_lines_are_read_told_and_written_back() -> None:
    """What for which places of which board; stored and loaded they are the same."""
    prizes = parse(LINES)
    assert Prize(Category.AI, 1, 1, "a score of Bach's") == prizes[2]
    assert TOLD == told(prizes)
    assert prizes == load(dump(prizes)) == parse(written(prizes))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("1st: a book", Prize(Category.JUDGES, 1, 1, "a book")),
        ("2nd to 3rd: a pen", Prize(Category.JUDGES, 2, 3, "a pen")),
        ("ai: a bust", Prize(Category.AI, 1, 1, "a bust")),
        ("AI judge 1-2 : a mug", Prize(Category.AI, 1, 2, "a mug")),
        ("1. a book", Prize(Category.JUDGES, 1, 1, "a book")),
        ("2) a pen", Prize(Category.JUDGES, 2, 2, "a pen")),
        ("Everyone: tea", Prize(Category.EVERYBODY, 0, 0, "tea")),
        ("1: 2 x headphones (from Acme Music)", Prize(Category.JUDGES, 1, 1, "headphones", 2, "Acme Music")),
        ("1: 3 X-ray pictures", Prize(Category.JUDGES, 1, 1, "3 X-ray pictures")),
        ("1: (from Acme)", Prize(Category.JUDGES, 1, 1, "(from Acme)")),
        ("1: 0 x a pen", Prize(Category.JUDGES, 1, 1, "0 x a pen")),
        ("Golden  Ear: 2 \u00d7 tickets", Prize(Category.EAR, 0, 0, "tickets", 2)),
        ("The specialist: a lens", Prize(Category.SPECIALIST, 0, 0, "a lens")),
        ("Human against machine: a robot", Prize(Category.MACHINE, 0, 0, "a robot")),
    ],
)
def test_people_write_it_in_several_ways(line: str, expected: Prize) -> None:
    """Ordinals, words and signs."""
    assert (expected,) == parse(line)


@pytest.mark.parametrize(
    "text",
    ["a synthesizer", "first: a book", "1:", ": a book", "3-2: a pen", "0: a pen", "1: " + "x" * 151, "1: a\n" * 21],
)
def test_what_cannot_be_read_gets_a_sentence(text: str) -> None:
    """With an example of what would be right."""
    with pytest.raises(PrizeError, match=r"[.]$"):
        parse(text)


def test_prizes_are_told_at_the_opening_in_the_rules_and_in_how_it_works(world: World) -> None:
    """Wherever people ask what they can win."""
    contest = world.contest(Phase.DRAFT, prizes=LINES)
    world.contests.advance(OLIVE, contest, Phase.DRAFT)
    (news,) = world.letters("phase_news", CHANNEL)
    assert list(TOLD) == news.message["prizes"]
    assert world.rulebook.rules(ADA, CHANNEL).prizes == TOLD
    reply = world.answers.reply(ADA, CHANNEL, "how does it work?")
    assert isinstance(reply, WayReply)
    assert reply.prizes == TOLD


def test_the_winners_read_what_they_have_won(world: World) -> None:
    """Each place of either board its own."""
    contest = world.contest(prizes=LINES)
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    best, other = world.accepted(ADA, "F1", score=60), world.accepted(BEN, "F2", score=70)
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    world.rate(JUDY, best, 5, 5, 5)
    world.rate(JUDY, other, 3, 3, 3)
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    world.tell_finale(contest)
    (podium,) = world.letters("podium", CHANNEL)
    assert ["a synthesizer", "headphones"] == [each["prize"] for each in podium.message["winners"]]
    assert ["a score of Bach's", ""] == [each["prize"] for each in podium.message["ai_winners"]]


def test_a_prize_for_place_0_is_told_where_places_begin() -> None:
    """That the first comes first would be no help."""
    for line in ("0: a pen", "0-2: a pen", "AI 0: a pen"):
        with pytest.raises(PrizeError, match="places begin at 1"):
            parse(line)


def test_prizes_behind_the_winners_are_remarked_on_and_handed_out_all_the_same(world: World) -> None:
    """Two tie for the first place of two winners: the third has headphones, nobody the second's book, everybody a sticker."""
    lines = "1: synthesizer\n2: book\n3: headphones\nAI 1: score\neverybody: sticker"
    contest = world.contest(Phase.DRAFT, prizes=lines)
    seen = world.editing.form(OLIVE, contest, Part.JUDGING).seen
    preview = world.editing.prepare(
        EditContest(
            OLIVE,
            contest,
            Part.JUDGING,
            {"rounds": 1, "finalists": 15, "winners": 2, "blind": True, "practice": False},
            seen,
        )
    )
    (warning,) = preview.warnings
    assert warning.startswith("The first 2 win, and there are prizes for places behind: Place 3: headphones.")
    world.editing.apply(OLIVE, preview.edit_id)
    assert (warning,) == world.contests.preview_next(OLIVE, CHANNEL).warnings
    world.contests.advance(OLIVE, contest, Phase.DRAFT)
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    pieces = [world.accepted(person, f"F{number}") for number, person in enumerate((ADA, BEN, CLEO))]
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    for piece, score in zip(pieces, (5, 5, 3), strict=True):
        world.rate(JUDY, piece, score, score, score)
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    world.tell_finale(contest)
    (podium,) = world.letters("podium", CHANNEL)
    assert [(1, "synthesizer"), (1, "synthesizer"), (3, "headphones")] == [
        (each["place"], each["prize"]) for each in podium.message["winners"]
    ]
    assert ["sticker"] == podium.message["for_everybody"]
    assert ["Place 2: book"] == podium.message["left_over"]


def test_prizes_up_to_the_last_winner_need_no_remark() -> None:
    """Nor do those for everybody."""
    assert beyond(parse("1: a\nAI 2: b\neverybody: c"), 2) == ""
    assert beyond(parse("1-2: a"), 1).startswith("Only the first wins, and")


def shares(weights: list[float]) -> tuple[str, ...]:
    criteria = tuple(Criterion(f"c{n}", f"C{n}", "?", weight) for n, weight in enumerate(weights))
    return Scheme(criteria, ("",) * 5).shares


@given(st.lists(st.sampled_from([0.01, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 10.0]), min_size=2, max_size=6))
def test_what_counts_alike_is_told_alike_and_all_of_it_adds_up(weights: list[float]) -> None:
    """Whatever is rounded: in whole percents, or else in parts."""
    said = shares(weights)
    assert len(set(zip(weights, said, strict=True))) == len(set(weights))
    if len(set(weights)) == 1:
        assert set(said) == {""}
    elif said[0].endswith("%"):
        percents = [int(each.removesuffix("\u00a0%")) for each in said]
        assert (sum(percents), 0 in percents) == (100, False)
    else:
        parts, wholes = zip(*(each.split(" of ") for each in said), strict=True)
        assert len(set(wholes)) == 1
        assert sum(map(float, parts)) == pytest.approx(float(wholes[0]))


@pytest.mark.parametrize(
    ("weights", "told"),
    [
        ([2, 1, 1], ("50\u00a0%", "25\u00a0%", "25\u00a0%")),
        ([1, 3, 1, 1], ("1 of 6", "3 of 6", "1 of 6", "1 of 6")),
        ([1.5, 1, 1], ("1.5 of 3.5", "1 of 3.5", "1 of 3.5")),
        ([0.1, 30], ("0.1 of 30.1", "30 of 30.1")),
    ],
)
def test_parts_are_told_where_whole_percents_would_not_be_true(weights: list[float], told: tuple[str, ...]) -> None:
    """16 % beside 17 % for the same weight, or 0 % for what counts a little."""
    assert told == shares(weights)


def test_changed_prizes_are_previewed_and_told(world: World) -> None:
    """And what cannot be read is refused at its input, in the new contest's form as well."""
    contest = world.contest()
    seen = world.editing.form(OLIVE, contest, Part.PRIZES).seen
    preview = world.editing.prepare(EditContest(OLIVE, contest, Part.PRIZES, {"prizes": LINES}, seen))
    assert preview.effects[0] == f"The prizes: {'; '.join(TOLD)}."
    world.editing.apply(OLIVE, preview.edit_id)
    (letter,) = world.letters("contest_news", CHANNEL)
    assert (["prizes"], list(TOLD)) == (letter.message["changed"], letter.message["prizes"])
    for step in (
        lambda: world.editing.prepare(EditContest(OLIVE, contest, Part.PRIZES, {"prizes": "a book"}, seen)),
        lambda: world.contest(slug="other", prizes="a book"),
    ):
        with pytest.raises(Refusal) as refusal:
            step()
        assert "prizes" == refusal.value.field or "has changed" in refusal.value.sentence


@pytest.mark.parametrize("category", list(Category))
def test_a_prize_of_each_category_is_read_as_it_was_written(category: Category) -> None:
    """The line that an organizer writes comes back into the window, and says the same."""
    (prize,) = parse(Prize(category, 1, 1, "a book").line)
    assert (category, "a book") == (prize.category, prize.what)
    assert (prize,) == parse(prize.line)

"""Ratings that an organizer writes down for a judge, and the reminders of what is left."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal
from bot.rules.criteria import DEFAULT
from bot.rules.phases import Phase
from bot.usecases.judging.behalf import EnterRating
from bot.usecases.judging.ratings import RateSubmission, RatingValues
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, JACK, JUDY, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from models.judging import Rating


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def judged(world: World, *, practice: bool = False) -> str:
    """A contest in which Judy judges three pieces; its id."""
    contest = world.contest(practice=practice)
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    for author in (ADA, BEN, JUDY):
        world.accepted(author, f"F{author}", f"{author}.mid")
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    return contest


def invited(world: World) -> list[str]:
    """What Judy was sent."""
    return [letter.message["submission_id"] for letter in world.letters("rating_invitation", JUDY)]


def entry(world: World, *scores: int, **changes: str) -> EnterRating:
    """Olive writes down Judy's word."""
    plain = {"actor": OLIVE, "judge": JUDY, "submission_id": invited(world)[0], "reason": "Her phone is broken"}
    return EnterRating(
        **{**plain, **changes}, values=RatingValues(dict(zip(DEFAULT.keys, scores, strict=True)), "A fine ending")
    )


def stored(world: World, contest: str) -> list[Rating]:
    """All ratings."""
    with world.store.read() as work:
        return list(work.ratings.of_contest(contest))


def test_the_judge_is_told_at_once_what_was_written_down(world: World) -> None:
    """The rating counts as hers, says who entered it, is in the trail with the reason, and she gets the next piece."""
    contest = judged(world)
    world.behalf.enter(entry(world, 4, 3, 5))
    world.behalf.enter(entry(world, 4, 3, 5))
    (rating,) = stored(world, contest)
    assert (JUDY, OLIVE, {"originality": 4, "balance": 3, "emotional": 5}) == (
        rating.judge,
        rating.entered_by,
        rating.scores,
    )
    (letter,) = world.letters("rating_entered", JUDY)
    assert ("Her phone is broken", OLIVE, False) == (
        letter.message["reason"],
        letter.message["organizer"],
        letter.message["changed"],
    )
    assert "4 - Now we're rocking" == letter.message["scores"][0]["label"]
    with world.store.read() as work:
        (note,) = [row for row in work.audit.of_contest(contest) if row.action == "rating.entered"]
    assert (OLIVE, JUDY, "Her phone is broken", None) == (
        note.actor,
        note.facts["judge"],
        note.facts["reason"],
        note.facts["before"],
    )


def test_a_correction_keeps_the_note_and_says_what_was_before(world: World) -> None:
    """The private note stays the judge's: the organizer neither sees nor loses it."""
    contest = judged(world)
    (first, _) = invited(world)
    values = RatingValues(dict.fromkeys(DEFAULT.keys, 1), "Hm", "mine alone")
    world.ratings.rate(RateSubmission(JUDY, first, values))
    shown = world.behalf.form(OLIVE, JUDY, first).values
    assert shown is not None
    assert ("Hm", "") == (shown.comment, shown.private_note)
    world.behalf.enter(entry(world, 2, 2, 2))
    (rating,) = stored(world, contest)
    assert ("mine alone", "A fine ending", 2) == (rating.private_note, rating.comment, rating.scores["balance"])
    with world.store.read() as work:
        (note,) = [row for row in work.audit.of_contest(contest) if row.action == "rating.entered"]
    assert 1 == note.facts["before"]["balance"]
    assert "mine alone" not in str(note.facts)
    assert world.letters("rating_entered", JUDY)[0].message["changed"]


def test_the_judges_own_word_counts_in_the_end(world: World) -> None:
    """She changes it, and it is hers alone."""
    contest = judged(world)
    first = invited(world)[0]
    world.behalf.enter(entry(world, 2, 2, 2))
    world.rate(JUDY, first, 5, 5, 5)
    (rating,) = stored(world, contest)
    assert (None, 5) == (rating.entered_by, rating.scores["balance"])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"actor": JUDY}, "for the organizers"),
        ({"judge": JACK}, "does not judge"),
        ({"reason": " "}, "Please say why"),
        ({"submission_id": "f" * 32}, "cannot find"),
    ],
)
def test_what_cannot_be_written_down(world: World, changes: dict[str, str], said: str) -> None:
    """Not by a judge, not for somebody who is none, not without a reason, not for what is not there."""
    contest = judged(world)
    with pytest.raises(Refusal) as refusal:
        world.behalf.enter(entry(world, 4, 3, 5, **changes))
    assert said in refusal.value.sentence
    assert [] == stored(world, contest)


def test_not_her_own_and_not_where_she_recused(world: World) -> None:
    """The rules for the judge hold for whoever writes in her name."""
    contest = judged(world)
    with world.store.read() as work:
        own = next(piece.id for piece in work.submissions.accepted(contest) if piece.user_id == JUDY)
    first = invited(world)[0]
    world.marks.recuse(JUDY, first, "My sister's")
    for piece in (own, first):
        with pytest.raises(Refusal) as refusal:
            world.behalf.enter(entry(world, 4, 3, 5, submission_id=piece))
        assert "piece" == refusal.value.field


def test_the_choice_names_judges_and_pieces(world: World) -> None:
    """By name; pieces by alias and name, in the order of the alias; and the one who was named in the command."""
    judged(world)
    choice = world.behalf.choice(OLIVE, CHANNEL, JUDY)
    assert (((JUDY, "Judy"),), JUDY, 3) == (choice.judges, choice.judge, len(choice.pieces))
    labels = [label for _, label in choice.pieces]
    assert sorted(labels) == labels
    assert "by Ada" in str(labels)
    for actor, judge in ((CLEO, None), (OLIVE, CLEO)):
        with pytest.raises(Refusal):
            world.behalf.choice(actor, CHANNEL, judge)


def test_before_the_judging_nothing_is_written_down(world: World) -> None:
    """The sentence says why."""
    world.contest()
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    with pytest.raises(Refusal) as refusal:
        world.behalf.choice(OLIVE, CHANNEL)
    assert "is not being judged now" in refusal.value.sentence


def digests(world: World) -> list[int]:
    """How many pieces each reminder says are left."""
    return [letter.message["left"] for letter in world.letters("judging_digest", JUDY)]


def test_a_digest_after_a_day_without_a_rating(world: World) -> None:
    """Not before; once a day, by however many replicas; not after a rating; not when all is done."""
    judged(world)
    world.clock.advance(hours=23)
    assert 0 == world.digests.send_due()
    world.clock.advance(hours=2)
    assert [1, 0] == [world.digests.send_due(), world.digests.send_due()]
    world.clock.advance(days=1)
    assert 1 == world.digests.send_due()
    first, second = invited(world)
    world.rate(JUDY, first)
    world.clock.advance(hours=23)
    assert 0 == world.digests.send_due()
    world.clock.advance(days=1)
    assert 1 == world.digests.send_due()
    assert [2, 2, 1] == digests(world)
    world.rate(JUDY, second)
    world.clock.advance(days=2)
    assert 0 == world.digests.send_due()


def test_a_digest_does_not_wait_for_a_time_that_was_never_there(world: World) -> None:
    """A judge who rated while the machine's clock was a month ahead is reminded when the day is over."""
    judged(world)
    world.clock.advance(days=30)
    world.rate(JUDY, invited(world)[0])
    world.clock.turn_back(days=28)
    assert 1 == world.digests.send_due()


def test_no_digest_at_night_or_in_a_pause(world: World) -> None:
    """Three in the morning in Berlin is no time to be reminded, and a judge who pauses knows why."""
    contest = judged(world)
    world.clock.advance(days=1, hours=14)
    assert 0 == world.digests.send_due()
    world.clock.advance(hours=8)
    world.judging.pause(JUDY, contest)
    assert 0 == world.digests.send_due()
    world.judging.resume(JUDY, contest)
    assert 1 == world.digests.send_due()


def test_a_digest_offers_what_comes_next(world: World) -> None:
    """The piece that is with the judge; the practice piece, where that is still before them."""
    judged(world)
    world.clock.advance(days=1)
    world.digests.send_due()
    (letter,) = world.letters("judging_digest", JUDY)
    assert (invited(world)[0], False) == (letter.message["submission_id"], letter.message["practice"])


def test_a_digest_for_the_practice_piece(world: World) -> None:
    """Whoever left it is reminded of it, since nothing else comes before."""
    judged(world, practice=True)
    world.clock.advance(days=1)
    world.digests.send_due()
    assert world.letters("judging_digest", JUDY)[0].message["practice"]


def test_a_new_judge_has_a_day(world: World) -> None:
    """Somebody who was added this morning is not reminded this noon."""
    judged(world)
    world.clock.advance(hours=22)
    world.contests.add_judges(OLIVE, CHANNEL, [JACK])
    world.clock.advance(timedelta(hours=2))
    assert 1 == world.digests.send_due()
    assert [] == world.letters("judging_digest", JACK)


def test_a_search_finds_by_all_words_and_asks_for_the_role(world: World) -> None:
    """Whatever the case; for organizers alone."""
    contest = judged(world)
    everything = world.behalf.search(OLIVE, contest, "")
    assert (1, 3) == (len(everything.judges), len(everything.pieces))
    found = world.behalf.search(OLIVE, contest, "ADA by")
    assert ((), 1) == (found.judges, len(found.pieces))
    assert "by Ada" in found.pieces[0][1]
    for actor, where in ((CLEO, contest), (OLIVE, "another")):
        with pytest.raises(Refusal):
            world.behalf.search(actor, where, "")

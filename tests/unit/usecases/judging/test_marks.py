"""What judges do instead of rating: skip, flag, recuse, leave; and how that goes on in the final."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal
from bot.rules.criteria import DEFAULT
from bot.rules.phases import Phase, Round
from bot.usecases.judging.behalf import EnterRating
from bot.usecases.judging.counting import counting, counting_with_texts
from bot.usecases.judging.ratings import RateSubmission, RatingValues
from models.outbox import LetterState
from tests.makers.judged import actions, invited, judged, save
from tests.makers.world import CHANNEL, JACK, JUDY, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def final(world: World, contest: str, *finalists: str) -> None:
    """The final begins: Jack likes these pieces best."""
    for piece in finalists:
        world.rate(JACK, piece, 5, 5, 5)
    with world.store.write() as work:
        row = work.contests.lock(contest)
        assert row is not None
        row.finalists = len(finalists)
    world.contests.advance(OLIVE, contest, Phase.JUDGING)


def test_a_skipped_piece_comes_back_at_the_end(world: World) -> None:
    """Another one is sent for it, and it comes again, as a message of its own, once nothing else is left."""
    judged(world)
    first, second = invited(world)
    world.clock.advance(seconds=5)
    assert 4 == world.marks.skip(JUDY, first).left
    third = invited(world)[2]
    save(world, second)
    fourth = invited(world)[3]
    save(world, third)
    assert [first, second, third, fourth, first] == invited(world)
    again = world.letters("rating_invitation", JUDY)[-1]
    assert again.message["again"]
    save(world, fourth)
    save(world, first)
    assert 1 == len(world.letters("ratings_done", JUDY))


def test_the_last_one_skipped_comes_again_at_once(world: World) -> None:
    """There is nothing else to send; each skip sends it once more, and a double click does not."""
    judged(world, 1)
    (only,) = invited(world)
    world.clock.advance(seconds=5)
    world.marks.skip(JUDY, only)
    world.marks.skip(JUDY, only)
    assert [only, only] == invited(world)
    world.clock.advance(seconds=5)
    assert 1 == world.marks.skip(JUDY, only).left
    assert [only] * 3 == invited(world)


def test_a_rated_piece_is_not_skipped(world: World) -> None:
    """Its sentence says how it is changed."""
    judged(world)
    first, _ = invited(world)
    save(world, first)
    with pytest.raises(Refusal) as refusal:
        world.marks.skip(JUDY, first)
    assert "Its button changes the rating." in refusal.value.sentence


def test_a_flag_goes_to_the_organizers_and_puts_the_piece_aside(world: World) -> None:
    """The judge gets another piece; the flagged one comes back only after somebody has looked."""
    contest = judged(world, 3)
    first, second = invited(world)
    world.marks.flag(JUDY, first, "copy", "It is Für Elise, bar by bar")
    (alarm,) = world.letters("flag_alarm")
    assert (OLIVE, "copy", "It is Für Elise, bar by bar") == (
        alarm.recipient,
        alarm.message["what"],
        alarm.message["reason"],
    )
    third = invited(world)[2]
    save(world, second)
    assert 2 == save(world, third).progress.total
    (flag,) = world.marks.flags(OLIVE, CHANNEL).flags
    world.marks.settle(OLIVE, flag.mark_id, "It is allowed: a variation", comes_back=True)
    world.marks.settle(OLIVE, flag.mark_id, "It is allowed: a variation", comes_back=True)
    assert [(True, "It is allowed: a variation")] == [
        (letter.message["comes_back"], letter.message["note"]) for letter in world.letters("flag_settled", JUDY)
    ]
    assert 3 == save(world, first).progress.total
    assert OLIVE == world.marks.flags(OLIVE, CHANNEL).flags[0].resolved_by
    assert 1 == actions(world, contest).count("flag.settled")


def test_a_window_that_comes_twice_is_one_deed(world: World) -> None:
    """A flag, a recusal and a farewell: the second delivery says the same again, and nobody reads it twice."""
    contest = judged(world)
    first, second = invited(world)
    for _ in range(2):
        world.clock.advance(seconds=3)
        world.marks.flag(JUDY, first, "copy", "It is Für Elise, bar by bar")
    for _ in range(2):
        world.clock.advance(seconds=3)
        world.marks.recuse(JUDY, second, "My pupil wrote it")
    for _ in range(2):
        world.clock.advance(seconds=3)
        assert "Bach Jam" == world.marks.leave(JUDY, contest, "No more time", counted=True).contest_name
    assert (1, 2) == (len(world.letters("flag_alarm")), len(world.letters("recusal_news")))
    done = actions(world, contest)
    assert [1, 1, 1] == [done.count(each) for each in ("piece.flagged", "piece.recused", "judge.recused")]


def test_a_flag_settled_otherwise(world: World) -> None:
    """The judge need not rate it: it never comes back."""
    judged(world, 2)
    first, second = invited(world)
    world.marks.flag(JUDY, first, "offensive", "The title in the picture")
    (flag,) = world.marks.flags(OLIVE, CHANNEL).flags
    world.marks.settle(OLIVE, flag.mark_id, "", comes_back=False)
    assert 1 == save(world, second).progress.total
    with pytest.raises(Refusal) as refusal:
        world.ratings.form(JUDY, first)
    assert "You recused from this piece" in refusal.value.sentence


@pytest.mark.parametrize(("what", "reason", "field"), [("noise", "It hurts", "flag_kind"), ("other", " ", "reason")])
def test_a_flag_needs_a_kind_and_a_reason(world: World, what: str, reason: str, field: str) -> None:
    """The sentence stands where the mistake is."""
    judged(world)
    with pytest.raises(Refusal) as refusal:
        world.marks.flag(JUDY, invited(world)[0], what, reason)
    assert field == refusal.value.field


def test_flags_are_for_organizers(world: World) -> None:
    """A judge neither lists nor settles them."""
    judged(world)
    world.marks.flag(JUDY, invited(world)[0], "other", "It stops in the middle")
    (flag,) = world.marks.flags(OLIVE, CHANNEL).flags
    for attempt in (
        lambda: world.marks.flags(JUDY, CHANNEL),
        lambda: world.marks.settle(JUDY, flag.mark_id, "", comes_back=True),
    ):
        with pytest.raises(Refusal) as refusal:
            attempt()
        assert "for the organizers" in refusal.value.sentence


def test_recusing_before_the_rating(world: World) -> None:
    """It never comes back, another one is sent, the organizers are told, and it counts for nothing in the progress."""
    contest = judged(world, 3)
    first, _ = invited(world)
    world.marks.recuse(JUDY, first, "I know the melody: my sister wrote it")
    assert 3 == len(set(invited(world)))
    (news,) = world.letters("recusal_news")
    assert (OLIVE, 0, world.piece(first).alias) == (news.recipient, news.message["rated"], news.message["alias"])
    listed = world.judging.pieces(JUDY, contest)
    assert (0, 2) == (listed.done, listed.total)
    assert first not in {piece.submission_id for piece in listed.pieces}
    with pytest.raises(Refusal):
        world.rate(JUDY, first)


def test_recusing_after_the_rating(world: World) -> None:
    """The rating is kept, and no longer counts."""
    contest = judged(world, 2, (JUDY, JACK))
    first, _ = invited(world)
    world.rate(JUDY, first, 5, 5, 5)
    world.rate(JACK, first, 1, 1, 1)
    world.marks.recuse(JUDY, first, "I helped to write it")
    with world.store.read() as work:
        assert 2 == len(work.ratings.of_contest(contest))
        assert [dict.fromkeys(DEFAULT.keys, 1)] == [
            given.scores for given in counting_with_texts(work, world.row(contest))
        ]
    assert 1 == world.letters("recusal_news")[0].message["rated"]


def test_leaving_with_fair_ratings(world: World) -> None:
    """Nothing comes any more, what was rated counts on, and the organizers are told; an organizer brings the judge back."""
    contest = judged(world)
    first, _ = invited(world)
    save(world, first)
    world.marks.leave(JUDY, contest, "No more time", counted=True)
    with world.store.read() as work:
        assert [] == work.contests.roles.holders(contest, "judge")
        assert 1 == len(counting(work, world.row(contest)))
    with pytest.raises(Refusal):
        world.rate(JUDY, invited(world)[1])
    world.clock.advance(hours=1)
    assert (JUDY,) == world.contests.add_judges(OLIVE, CHANNEL, [JUDY]).added
    assert 1 == world.judging.pieces(JUDY, contest).done
    assert 2 == len(world.letters("judge_welcome", JUDY))


def test_leaving_for_a_conflict(world: World) -> None:
    """What was rated is kept and counts no more."""
    contest = judged(world)
    first, _ = invited(world)
    save(world, first)
    world.marks.leave(JUDY, contest, "Ada is my student", counted=False)
    with world.store.read() as work:
        assert (1, 0) == (len(work.ratings.of_contest(contest)), len(counting(work, world.row(contest))))
    (news,) = world.letters("recusal_news")
    assert (None, 1, False) == (news.message["alias"], news.message["rated"], news.message["counted"])


def test_in_the_final_the_finalists_are_heard_again(world: World) -> None:
    """As messages of their own, with empty forms; both ratings are kept; what is not in the final is not rated any more."""
    contest = judged(world, 3, (JUDY, JACK))
    for turn in range(3):
        world.rate(JUDY, invited(world)[turn], 2, 2, 2)
    best, second, out = invited(world)
    world.clock.advance(hours=1)
    final(world, contest, best, second)
    heard = world.letters("rating_invitation", JUDY)[3:]
    assert ({best, second}, {True}) == (
        {letter.message["submission_id"] for letter in heard},
        {letter.message["final"] for letter in heard},
    )
    form = world.ratings.form(JUDY, best)
    assert (None, 0, 2) == (form.values, form.done, form.total)
    world.rate(JUDY, best, 5, 5, 5)
    with world.store.read() as work:
        found = {
            round_: rating.scores["balance"]
            for (_, _, round_), rating in work.ratings.by_judges([best], [JUDY]).items()
        }
    assert {"preliminary": 2, "final": 5} == found
    with pytest.raises(Refusal) as refusal:
        world.rate(JUDY, out, 5, 5, 5)
    assert "not in the final" in refusal.value.sentence
    world.rate(JUDY, second, 4, 4, 4)
    assert 2 == len(world.letters("ratings_done", JUDY))


def test_a_form_of_the_first_round_is_no_rating_of_the_final(world: World) -> None:
    """It was open while the final began: what stands in it was heard in the other round. A form of the final is taken."""
    contest = judged(world, 3, (JUDY, JACK))
    best = invited(world)[0]
    values = RatingValues(dict.fromkeys(DEFAULT.keys, 5))
    final(world, contest, best)
    with pytest.raises(Refusal, match="Another round"):
        world.ratings.rate(RateSubmission(JUDY, best, values, round="preliminary"))
    with pytest.raises(Refusal, match="Another round"):
        world.behalf.enter(EnterRating(OLIVE, JUDY, best, values, "Her phone is broken", round="preliminary"))
    world.ratings.rate(RateSubmission(JUDY, best, values, round="final"))
    with world.store.read() as work:
        assert [JUDY] == [rating.judge for rating in work.ratings.of_round(contest, Round.FINAL)]


def test_recusals_hold_in_the_final_and_skips_do_not(world: World) -> None:
    """Whoever should not have rated it should not do so later; what was put off in the first round is as good as new."""
    contest = judged(world, 3, (JUDY, JACK))
    first, second = invited(world)
    world.clock.advance(seconds=5)
    world.marks.skip(JUDY, second)
    world.marks.recuse(JUDY, first, "My own brother's")
    world.clock.advance(hours=1)
    final(world, contest, first, second)
    (letter,) = world.letters("rating_invitation", JUDY)[-1:]
    assert (second, False, True) == (
        letter.message["submission_id"],
        letter.message["again"],
        letter.message["final"],
    )
    assert 1 == world.judging.pieces(JUDY, contest).total


def test_a_lost_invitation_in_a_hand_of_two(world: World) -> None:
    """One that never arrives is not with the judge, and another one goes out in its place."""
    judged(world)
    first, _ = invited(world)
    with world.store.write() as work:
        row = work.outbox.by_key(f"invite:{JUDY}:{first}")
        assert row is not None
        row.state = LetterState.FAILED
    save(world, invited(world)[1])
    assert 4 == len(set(invited(world)))


def test_a_flagged_piece_is_not_the_end(world: World) -> None:
    """Nobody reads that this was the last one while an organizer looks at another."""
    contest = judged(world, 2)
    first, second = invited(world)
    world.marks.flag(JUDY, first, "file", "Silence")
    save(world, second)
    assert [] == world.letters("ratings_done")
    assert 1 == world.judging.pieces(JUDY, contest).aside
    (flag,) = world.marks.flags(OLIVE, CHANNEL).flags
    world.marks.settle(OLIVE, flag.mark_id, "", comes_back=True)
    save(world, first)
    assert 1 == len(world.letters("ratings_done"))

"""Ratings, and the compositions that reach the judges one at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal
from bot.rules.criteria import DEFAULT
from bot.rules.phases import Phase
from bot.rules.queue import AT_ONCE
from bot.usecases.judging.ratings import Progress, RateSubmission, RatingValues
from models.outbox import LetterState
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, JACK, JUDY, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from models.outbox import OutboxRow


def scores(*values: int) -> dict[str, int]:
    return dict(zip(DEFAULT.keys, values, strict=True))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def judged(world: World, authors: tuple[str, ...] = (ADA, BEN, CLEO), judges: tuple[str, ...] = (JUDY,)) -> list[str]:
    """A contest that is being judged, with a composition of each author; their ids."""
    contest = world.contest()
    world.contests.add_judges(OLIVE, CHANNEL, judges)
    pieces = [world.accepted(author, f"F{number}") for number, author in enumerate(authors)]
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    return pieces


def invited(world: World, judge: str) -> list[str]:
    """The compositions that the judge was sent, in order."""
    return [letter.message["submission_id"] for letter in world.letters("rating_invitation", judge)]


def finish(world: World, piece: str) -> None:
    """End the judging."""
    world.contests.advance(OLIVE, world.piece(piece).contest_id, Phase.JUDGING)


MANY = AT_ONCE + 2


def test_compositions_come_a_few_at_a_time_until_all_are_rated(world: World) -> None:
    """One more is sent when one is rated, and the end is told once."""
    pieces = judged(world, (ADA, BEN, CLEO) * (MANY // 3))
    for done in range(1, MANY + 1):
        assert min(AT_ONCE + done - 1, MANY) == len(invited(world, JUDY))
        assert Progress(done, MANY) == world.rate(JUDY, invited(world, JUDY)[done - 1])
    assert set(pieces) == set(invited(world, JUDY))
    assert [MANY] == [letter.message["total"] for letter in world.letters("ratings_done", JUDY)]


def lose(world: World, letter: OutboxRow) -> None:
    """The letter is given up."""
    with world.store.write() as work:
        row = work.outbox.get(letter.id)
        assert row is not None
        row.state = LetterState.FAILED


def test_a_lost_invitation_does_not_hold_up_the_judge(world: World) -> None:
    """Nothing is with the judge, so the next thing that happens sends them another composition."""
    contest = world.contest()
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    world.accepted(ADA, "F1")
    world.accepted(BEN, "F2")
    being_checked = world.upload(CLEO, "F3")
    assert being_checked is not None
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    lose(world, world.letters("rating_invitation", JUDY)[0])
    world.verdicts.check(being_checked.id)
    assert 3 == len(set(invited(world, JUDY)))


def test_an_invitation_is_blind(world: World) -> None:
    """Judges see the alias, in the message and in the files' names, and never the author or the title."""
    judged(world, (ADA,))
    (letter,) = world.letters("rating_invitation", JUDY)
    alias = letter.message["alias"]
    assert [f"{alias.replace(' ', '-')}.png", f"{alias.replace(' ', '-')}.mp3"] == [
        u["filename"] for u in letter.uploads
    ]
    shown = [letter.message["alias"], *(u["filename"] + u["title"] for u in letter.uploads)]
    assert not any(word in text for text in shown for word in ("ada", "Ada", "Morning"))


def test_every_judge_has_an_order_of_their_own(world: World) -> None:
    """Two judges hear the same six compositions in different orders."""
    world.contest(submission_limit=6)
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY, JACK])
    pieces = [world.accepted(ADA, f"F{number}") for number in range(6)]
    world.contests.advance(OLIVE, world.piece(pieces[0]).contest_id, Phase.OPEN)
    for judge in (JUDY, JACK):
        for _ in pieces:
            world.rate(judge, invited(world, judge)[-1])
    assert set(pieces) == set(invited(world, JUDY)) == set(invited(world, JACK))
    assert invited(world, JUDY) != invited(world, JACK)


def test_rating_another_one_first_sends_nothing_more(world: World) -> None:
    """While as many compositions as a judge takes are with them no other one is sent."""
    pieces = judged(world, (ADA, BEN, CLEO) * (MANY // 3))
    other = next(piece for piece in pieces if piece not in invited(world, JUDY))
    assert Progress(1, MANY) == world.rate(JUDY, other)
    assert AT_ONCE == len(invited(world, JUDY))


def test_compositions_that_come_late_wait_their_turn(world: World) -> None:
    """While enough are with the judge, those accepted meanwhile are not sent, wherever in the order they fall."""
    contest = world.contest(submission_limit=12)
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    world.accepted(ADA, "F0")
    slow = [world.upload(ADA, f"F{number}") for number in range(1, 11)]
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    for piece in slow:
        assert piece is not None
        world.verdicts.check(piece.id)
    assert AT_ONCE == len(invited(world, JUDY))


def test_judges_never_get_their_own(world: World) -> None:
    """A judge who composed is sent the others' compositions only, and counts without their own."""
    pieces = judged(world, (JUDY, ADA))
    assert [pieces[1]] == invited(world, JUDY)
    assert Progress(1, 1) == world.rate(JUDY, pieces[1])


def test_rating_ones_own_is_refused(world: World) -> None:
    """Whoever composed it does not rate it."""
    pieces = judged(world, (JUDY, ADA))
    with pytest.raises(Refusal) as refusal:
        world.rate(JUDY, pieces[0])
    assert "This composition is your own, so the other judges rate it." == refusal.value.sentence


def test_only_judges_rate(world: World) -> None:
    """Somebody who is no judge is told who is."""
    pieces = judged(world)
    with pytest.raises(Refusal) as refusal:
        world.rate(CLEO, pieces[0])
    assert (
        "Ratings come from the judges of *Bach Jam*, and you are not one of them. "
        "An organizer can add you with `/kantor judges add`."
    ) == refusal.value.sentence


def test_a_second_rating_is_an_edit(world: World) -> None:
    """One judge has one rating of a composition: the later one, with the earlier one in the audit trail."""
    pieces = judged(world)
    world.rate(JUDY, pieces[0], 1, 2, 3)
    world.rate(JUDY, pieces[0], 4, 5, 5, comment="Better on a second hearing")
    with world.store.read() as work:
        (rating,) = work.ratings.of_contest(world.piece(pieces[0]).contest_id)
        trail = [row for row in work.audit.of_contest(rating.contest_id) if row.action.startswith("rating")]
    assert (4, 5, 5) == tuple(rating.scores[key] for key in DEFAULT.keys)
    assert ["rating.given", "rating.changed"] == [row.action for row in trail]
    assert {"originality": 1, "balance": 2, "emotional": 3, "comment": ""} == trail[1].facts["before"]


def test_the_same_rating_again_leaves_no_trace(world: World) -> None:
    """A double click is one rating."""
    pieces = judged(world)
    assert Progress(1, 3) == world.rate(JUDY, pieces[0], 4, 4, 4) == world.rate(JUDY, pieces[0], 4, 4, 4)
    with world.store.read() as work:
        trail = work.audit.of_contest(world.piece(pieces[0]).contest_id)
    assert 1 == len([row for row in trail if row.action.startswith("rating")])


def test_two_clicks_at_once_are_one_rating(world: World) -> None:
    """Both are answered, one row is kept, and one next composition is sent."""
    judged(world, (ADA, BEN, CLEO) * (MANY // 3))
    first, *_ = invited(world, JUDY)
    with ThreadPoolExecutor(2) as threads:
        progress = list(threads.map(lambda _: world.rate(JUDY, first), range(2)))
    assert [Progress(1, MANY)] * 2 == progress
    assert AT_ONCE + 1 == len(invited(world, JUDY))


def test_editing_after_the_end_is_refused_with_the_time(world: World) -> None:
    """After the contest is finished nothing changes any more, and the sentence says since when."""
    pieces = judged(world)
    world.rate(JUDY, pieces[0], 2, 2, 2)
    world.clock.advance(hours=3)
    finish(world, pieces[0])
    sentence = (
        "The ratings of *Bach Jam* closed on Friday 20 November at 16:00 (15:00 UTC). What you gave before then counts."
    )
    with pytest.raises(Refusal) as refusal:
        world.rate(JUDY, pieces[0], 5, 5, 5)
    assert sentence == refusal.value.sentence
    with pytest.raises(Refusal) as refusal:
        world.ratings.form(JUDY, pieces[0])
    assert sentence == refusal.value.sentence


def test_before_the_judging_nothing_is_rated(world: World) -> None:
    """While uploads are open the form does not open."""
    world.contest()
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    piece = world.accepted()
    with pytest.raises(Refusal) as refusal:
        world.ratings.form(JUDY, piece)
    assert (
        "The judging of *Bach Jam* has not begun. I will send you the compositions when it does."
    ) == refusal.value.sentence


def test_a_composition_that_is_not_there_is_refused(world: World) -> None:
    """An old button leads to a sentence."""
    with pytest.raises(Refusal) as refusal:
        world.ratings.form(JUDY, "f" * 32)
    assert (
        "I cannot find that composition any more. Your Home tab shows what there is to rate."
    ) == refusal.value.sentence


def test_the_form_shows_what_was_given_before(world: World) -> None:
    """An edit begins with the judge's own values."""
    pieces = judged(world)
    assert world.ratings.form(JUDY, pieces[0]).values is None
    values = RatingValues(scores(4, 3, 5), "Lovely", "the one with the bells")
    world.ratings.rate(RateSubmission(JUDY, pieces[0], values))
    form = world.ratings.form(JUDY, pieces[0])
    assert (values, "Bach Jam", 1, 3) == (form.values, form.contest_name, form.done, form.total)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (RatingValues(scores(0, 3, 3)), "originality"),
        (RatingValues(scores(3, 6, 3)), "balance"),
        (RatingValues(scores(3, 3, -1)), "emotional"),
        (RatingValues(scores(3, 3, 3), comment="x" * 3001), "comment"),
        (RatingValues(scores(3, 3, 3), private_note="x" * 3001), "private_note"),
    ],
)
def test_values_off_the_scale_are_refused_at_their_field(world: World, values: RatingValues, field: str) -> None:
    """The modal shows the sentence where the mistake is."""
    pieces = judged(world)
    with pytest.raises(Refusal) as refusal:
        world.ratings.rate(RateSubmission(JUDY, pieces[0], values))
    assert field == refusal.value.field


def test_the_private_note_stays_out_of_the_audit_trail(world: World) -> None:
    """Judges' notes are theirs alone."""
    pieces = judged(world)
    for note in ("too loud for me", "no, it is fine"):
        world.ratings.rate(RateSubmission(JUDY, pieces[0], RatingValues(scores(3, 3, 3), private_note=note)))
    with world.store.read() as work:
        trail = str([row.facts for row in work.audit.of_contest(world.piece(pieces[0]).contest_id)])
    assert "'note_changed': True" in trail
    assert "loud" not in trail


def test_a_composition_after_the_last_one_is_sent_as_well(world: World) -> None:
    """A judge who was done gets what is accepted later, and is told again when that is rated."""
    world.contest()
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    first = world.accepted(ADA, "F1")
    slow = world.upload(BEN, "F2")
    assert slow is not None
    world.contests.advance(OLIVE, slow.contest_id, Phase.OPEN)
    world.rate(JUDY, first)
    world.verdicts.check(slow.id)
    assert [first, slow.id] == invited(world, JUDY)
    world.rate(JUDY, slow.id)
    assert [1, 2] == [letter.message["total"] for letter in world.letters("ratings_done", JUDY)]

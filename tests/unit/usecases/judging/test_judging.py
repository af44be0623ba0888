"""A judge's way: the form that leads on, drafts, the list, pauses, the practice piece."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal
from bot.rules.criteria import DEFAULT
from bot.rules.phases import Phase
from bot.rules.queue import AT_ONCE
from bot.rules.tenets import TENETS
from bot.usecases.contests.editing import EditContest
from bot.usecases.contests.settings import Part
from bot.usecases.judging.practice import PIECES, Practised
from bot.usecases.judging.ratings import KeepDraft, RatingForm, RatingValues
from tests.makers.boards import change
from tests.makers.judged import ALL_THREE, actions, invited, judged, save
from tests.makers.world import ADA, CHANNEL, CLEO, JACK, JUDY, LOUNGE, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def begin(world: World, piece: str, values: RatingValues, **later: float) -> None:
    """Something is filled in, that much later than now."""
    world.ratings.keep_draft(KeepDraft(JUDY, piece, values, world.clock.now() + timedelta(**later)))


def test_the_form_leads_on_to_what_the_judge_may_have_heard(world: World) -> None:
    """Two are with the judge when the window opens: saving the first shows the second, and then it says what waits."""
    judged(world)
    first, second = invited(world)
    form = world.ratings.form(JUDY, first)
    assert (second,) == form.ahead
    saved = save(world, first, form.ahead)
    assert saved.following is not None
    assert (second, (), None, 1) == (
        saved.following.submission_id,
        saved.following.ahead,
        saved.following.values,
        saved.following.done,
    )
    last = save(world, second, saved.following.ahead)
    assert last.following is None
    third = world.piece(invited(world)[2])
    assert third.alias == last.waiting


def test_a_change_of_an_earlier_rating_leads_nowhere(world: World) -> None:
    """Whoever comes back to one piece wants that one."""
    judged(world)
    first, _ = invited(world)
    save(world, first)
    assert () == world.ratings.form(JUDY, first).ahead


def test_what_was_rated_meanwhile_is_not_shown_next(world: World) -> None:
    """The second piece was rated by its own button, in another window."""
    judged(world)
    first, second = invited(world)
    save(world, second)
    assert save(world, first, (second,)).following is None


def test_one_at_a_time_closes_the_window(world: World) -> None:
    """A judge who hears each piece just before rating it has one at a time."""
    contest = judged(world)
    world.judging.take_at_once(JUDY, contest, 1)
    first, second = invited(world)
    saved = save(world, first)
    assert saved.one_by_one
    assert 2 == len(invited(world))
    save(world, second)
    assert 3 == len(invited(world))


def test_four_at_a_time(world: World) -> None:
    """More are sent at once to a judge who wants that; anything else is refused."""
    contest = judged(world, 6)
    world.judging.take_at_once(JUDY, contest, 4)
    assert 4 == len(invited(world))
    with pytest.raises(Refusal):
        world.judging.take_at_once(JUDY, contest, 40)


def test_a_rated_piece_changes_its_button(world: World) -> None:
    """The invitation's message is rewritten once, however often the rating changes."""
    judged(world)
    first, _ = invited(world)
    save(world, first)
    world.rate(JUDY, first, 5, 5, 5)
    (edit,) = world.letters("rating_stands", JUDY)
    assert (f"invite:{JUDY}:{first}", first) == (edit.edits, edit.message["submission_id"])


def test_a_draft_comes_back_and_goes_with_the_rating(world: World) -> None:
    """What was filled in before the window was closed stands in the form; saving forgets it."""
    judged(world)
    first, _ = invited(world)
    begun = RatingValues({"originality": 4}, comment="The bass", private_note="again at 0:12")
    begin(world, first, begun)
    form = world.ratings.form(JUDY, first)
    assert (begun, True) == (form.values, form.begun)
    save(world, first)
    form = world.ratings.form(JUDY, first)
    assert (RatingValues(ALL_THREE), False) == (form.values, form.begun)


def test_drafts_out_of_order(world: World) -> None:
    """What was written later wins, whichever arrives first; and what was written before the rating never comes back."""
    judged(world)
    first, _ = invited(world)
    begin(world, first, RatingValues({}, comment="The bass walks"), seconds=2)
    begin(world, first, RatingValues({}, comment="The bass"), seconds=1)
    shown = world.ratings.form(JUDY, first).values
    assert shown is not None
    assert "The bass walks" == shown.comment
    world.clock.advance(seconds=3)
    save(world, first)
    begin(world, first, RatingValues({}, comment="The bass walks"), seconds=-1)
    assert not world.ratings.form(JUDY, first).begun


def test_drafts_that_come_together(world: World) -> None:
    """Of one form the newest letter is kept; what somebody else sends is not; each is answered."""
    judged(world, judges=(JUDY, JACK))
    first, _ = invited(world)
    now = world.clock.now()
    letters = [(JUDY, "The bass walks", 2), (JUDY, "The bass", 1), (CLEO, "me too", 3), (JACK, "Hm", 1)]
    commands = [KeepDraft(who, first, RatingValues({}, text), now + timedelta(seconds=at)) for who, text, at in letters]
    assert [True] * 4 == world.ratings.keep_drafts([*commands])
    places = [(first, who, "preliminary") for who in (JUDY, JACK, CLEO)]
    with world.store.read() as work:
        kept = {
            judge: draft.values["comment"] for (_, judge, _), draft in work.ratings.drafts.of_places(places).items()
        }
    assert {JUDY: "The bass walks", JACK: "Hm"} == kept


def test_a_draft_of_a_change(world: World) -> None:
    """A change that was begun stands before what was given; it moves nothing until it is saved."""
    contest = judged(world)
    first, _ = invited(world)
    save(world, first)
    begin(world, first, RatingValues(ALL_THREE | {"balance": 5}), seconds=5)
    form = world.ratings.form(JUDY, first)
    assert form.begun
    with world.store.read() as work:
        (rating,) = work.ratings.of_contest(contest)
    assert ALL_THREE == rating.scores


def test_nobody_elses_draft(world: World) -> None:
    """Drafts of people who may not rate are not kept, and each judge has their own."""
    judged(world, judges=(JUDY, JACK))
    first, _ = invited(world)
    begin(world, first, RatingValues({}, comment="mine"))
    world.ratings.keep_draft(KeepDraft(CLEO, first, RatingValues({}, comment="Cleo's"), world.clock.now()))
    assert world.ratings.form(JACK, first).values is None
    with world.store.read() as work:
        assert work.ratings.drafts.of((first, CLEO, "preliminary")) is None


def test_the_next_form_has_its_draft(world: World) -> None:
    """Where the second form was begun before, it is shown so, after the first one is saved."""
    judged(world)
    first, second = invited(world)
    begin(world, second, RatingValues({"balance": 2}))
    following = save(world, first, (second,)).following
    assert following is not None
    assert (RatingValues({"balance": 2}), True) == (following.values, following.begun)


def test_pausing_and_going_on_days_later(world: World) -> None:
    """While a judge pauses nothing new comes, whatever happens; then what is due."""
    contest = judged(world)
    first, _ = invited(world)
    assert world.judging.pause(JUDY, contest).paused
    save(world, first)
    assert 2 == len(invited(world))
    world.clock.advance(days=3)
    assert not world.judging.resume(JUDY, contest).paused
    assert 3 == len(invited(world))
    assert ["judge.paused", "judge.resumed"] == [
        each for each in actions(world, contest) if each.startswith(("judge.p", "judge.r"))
    ]


def test_the_list_has_pages_and_what_is_here_first(world: World) -> None:
    """Forty pieces in pages of eight: what is with the judge, what comes, what was skipped, what is rated with its mean."""
    contest = judged(world, 40)
    first, second = invited(world)
    world.rate(JUDY, first, 5, 4, 4)
    world.clock.advance(seconds=5)
    world.marks.skip(JUDY, second)
    listed = world.judging.pieces(JUDY, contest)
    assert (1, 40, 5, 8) == (listed.done, listed.total, listed.pages, len(listed.pieces))
    assert ["here", "here", "later"] == [piece.standing.value for piece in listed.pieces[:3]]
    last = world.judging.pieces(JUDY, contest, 99)
    assert [("skipped", None), ("rated", pytest.approx(13 / 3))] == [
        (piece.standing.value, piece.mean) for piece in last.pieces[-2:]
    ]
    seen = [piece.submission_id for page in range(5) for piece in world.judging.pieces(JUDY, contest, page).pieces]
    assert 40 == len(set(seen))


def test_an_open_contest_has_names(world: World) -> None:
    """Where it is not blind judges hear pieces under their composers' names, in messages, files and forms."""
    contest = world.contest()
    with world.store.write() as work:
        row = work.contests.lock(contest)
        assert row is not None
        row.blind = False
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    piece = world.accepted(ADA)
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    (letter,) = world.letters("rating_invitation", JUDY)
    assert ("Morning Tide by Ada", "Morning-Tide-by-Ada.png") == (
        letter.message["alias"],
        letter.uploads[0]["filename"],
    )
    assert "Morning Tide by Ada" == world.ratings.form(JUDY, piece).alias
    assert not world.letters("judge_welcome", JUDY)[0].message["blind"]


def test_which_contest_a_judge_means(world: World) -> None:
    """The only one; the channel's; and a sentence for those who judge none."""
    contest = judged(world)
    assert contest == world.judging.contest_judged(JUDY, "D0JUDY")
    with pytest.raises(Refusal) as refusal:
        world.judging.contest_judged(CLEO, CHANNEL)
    assert "You are not a judge" in refusal.value.sentence


def test_the_practice_pieces_come_first(world: World) -> None:
    """Nothing else is sent before they are tried; what they get counts nowhere; then the pieces come."""
    contest = judged(world, practice=True)
    world.practice.offer(contest, JUDY)
    world.practice.offer(contest, JUDY)
    (letter,) = world.letters("practice_invitation", JUDY)
    files = [f"practice-{piece}.{kind}" for piece in PIECES for kind in ("png", "mp3")]
    assert files == [upload["filename"] for upload in letter.uploads]
    assert all(world.objects.exists(upload["object_key"]) for upload in letter.uploads)
    assert [] == invited(world)
    assert 1 == len(world.letters("practice_waits", JUDY))
    assert practised(world, JUDY, contest, 4, 2).judging
    assert 2 == len(invited(world))
    with world.store.read() as work:
        assert [] == list(work.ratings.of_contest(contest))
    assert world.letters("practice_invitation", JUDY)[-1].message["done"]


def practised(world: World, judge: str, contest: str, *scores: int) -> Practised:
    """The judge rates both practice pieces, with one score in everything of each."""
    form = world.practice.form(judge, contest)
    for score in scores:
        assert (True, 2) == (form.practice, form.total)
        done = world.practice.rate(judge, contest, form.submission_id, RatingValues(dict.fromkeys(DEFAULT.keys, score)))
        if isinstance(done, RatingForm):
            form = done
    assert isinstance(done, Practised)
    return done


def test_what_judges_gave_the_practice_pieces_is_compared(world: World) -> None:
    """From two others on: with one alone the mean would be that one's rating. It can be looked at again, and counts on no board."""
    contest = world.contest(practice=True)
    judges = (JUDY, JACK, CLEO)
    world.contests.add_judges(OLIVE, CHANNEL, judges)
    first, second, third = (
        practised(world, judge, contest, *scores)
        for judge, scores in zip(judges, ((4, 2), (3, 3), (5, 1)), strict=True)
    )
    assert [(4.0, None, 0), (2.0, None, 0)] == [(each.own, each.panel, each.others) for each in first.compared]
    assert [None, None] == [each.panel for each in second.compared]
    assert [(5.0, 3.5, 2), (1.0, 2.5, 2)] == [(each.own, each.panel, each.others) for each in third.compared]
    again = world.practice.compared(JUDY, contest).compared
    assert [4.0, 2.0] == [each.panel for each in again]
    assert [4.0] * 3 == [mean for _, _, mean in again[0].criteria]
    with pytest.raises(Refusal):
        world.practice.compared(ADA, contest)


def test_an_invitation_of_the_days_of_one_practice_piece_asks_for_that_one(world: World) -> None:
    """Nobody rates what they were not sent to hear: after it the judging begins."""
    contest = judged(world, practice=True)
    world.practice.offer(contest, JUDY)
    (letter,) = world.letters("practice_invitation", JUDY)
    with world.store.write() as work:
        row = work.outbox.by_key(letter.key)
        assert row is not None
        row.message = {name: value for name, value in row.message.items() if name != "others"}
    form = world.practice.form(JUDY, contest)
    assert ("maman", 0, 1) == (form.submission_id, form.done, form.total)
    after = world.practice.rate(JUDY, contest, "maman", RatingValues(dict.fromkeys(DEFAULT.keys, 4)))
    assert isinstance(after, Practised)
    assert after.judging


def test_practice_goes_on_where_it_was_left(world: World) -> None:
    """The window was closed after the first piece; a second rating of one takes the first one's place; an unknown piece is refused."""
    contest = judged(world, practice=True)
    values = RatingValues(dict.fromkeys(DEFAULT.keys, 4))
    one, two = PIECES
    for _ in range(2):
        assert isinstance(world.practice.rate(JUDY, contest, one, values), RatingForm)
    assert two == world.practice.form(JUDY, contest).submission_id
    assert [] == invited(world)
    for piece, given in (("", values), (two, RatingValues(dict.fromkeys(DEFAULT.keys, 9)))):
        with pytest.raises(Refusal):
            world.practice.rate(JUDY, contest, piece, given)


def test_own_ratings_stand_side_by_side(world: World) -> None:
    """The highest first, with how the judge uses the scale; what was withdrawn is not among them, nor what others gave."""
    contest = judged(world, count=3)
    pieces = invited(world)
    for piece, scores in zip(pieces, ((2, 3, 4), (5, 5, 5)), strict=True):
        world.rate(JUDY, piece, *scores, comment="A fine bass")
    shown = world.judging.ratings(JUDY, contest)
    assert [pieces[1], pieces[0]] == [each.submission_id for each in shown.ratings]
    assert ((5, 3), (4, 1), (3, 1), (2, 1)) == shown.used
    assert [("Originality", 3.5), ("Balance", 4.0), ("Emotional", 4.5)] == list(shown.means)
    assert ("A fine bass", True, 2) == (shown.ratings[0].comment, shown.open, shown.number)
    world.compositions.withdraw(world.piece(pieces[1]).user_id, pieces[1])
    assert [pieces[0]] == [each.submission_id for each in world.judging.ratings(JUDY, contest).ratings]
    assert () == world.judging.ratings(JUDY, contest, 7).ratings[1:]
    with pytest.raises(Refusal):
        world.judging.ratings(ADA, contest)


def test_practice_is_skipped_with_one_tap(world: World) -> None:
    """Twice is as good as once."""
    contest = judged(world, practice=True)
    for _ in range(2):
        world.practice.finish(JUDY, contest, tried=False)
    assert 2 == len(invited(world))
    assert 1 == actions(world, contest).count("judge.practised")


def test_after_the_end_the_practice_promises_no_pieces(world: World) -> None:
    """The button of long ago is pressed when the contest is finished: nothing is sent, and nothing is said to come."""
    contest = judged(world, practice=True)
    assert world.practice.finish(JUDY, contest, tried=False).begun
    change(world, contest, rounds=1)
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    sent = len(invited(world))
    done = world.practice.finish(JUDY, contest, tried=False)
    assert (False, True, sent) == (done.judging, done.begun, len(invited(world)))


def test_a_practice_piece_that_cannot_be_made_holds_up_nobody(world: World) -> None:
    """After the last try of the job the judge begins without."""
    contest = judged(world, practice=True)
    world.practice.give_up(contest, JUDY)
    assert 2 == len(invited(world))


def test_practice_before_the_judging_needs_no_reminder(world: World) -> None:
    """Whoever tried it while uploads were open gets the pieces when the judging begins."""
    contest = world.contest(practice=True)
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    world.practice.offer(contest, JUDY)
    assert not world.practice.finish(JUDY, contest, tried=True).judging
    world.accepted()
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    assert 1 == len(invited(world))
    assert [] == world.letters("practice_waits")


def test_a_contest_without_practice(world: World) -> None:
    """No job, no letter."""
    contest = judged(world)
    world.practice.offer(contest, JUDY)
    assert [] == world.letters("practice_invitation")


def test_switching_practice_off_lets_those_begin_who_waited(world: World) -> None:
    """By the contest's settings, while the judging runs."""
    contest = judged(world, practice=True)
    without = {"practice": False}
    form = world.editing.form(OLIVE, contest, Part.JUDGING)
    preview = world.editing.prepare(EditContest(OLIVE, contest, Part.JUDGING, without, form.seen))
    assert [] == invited(world)
    world.editing.apply(OLIVE, preview.edit_id)
    assert 2 == len(invited(world))
    with world.store.read() as work:
        edit = work.outbox.latest_edit(f"practice_waits:{contest}:{JUDY}")
        assert edit is not None
        assert edit.message["done"]  # and no letter offers it


def test_a_late_judge_gets_the_practice_piece_and_then_the_pieces(world: World) -> None:
    """Somebody who is made a judge while the judging runs."""
    contest = judged(world, practice=True)
    world.clock.advance(hours=1)
    world.contests.add_judges(OLIVE, CHANNEL, [JACK])
    assert [] == world.letters("practice_waits", JACK)
    assert (True, True) == (
        world.letters("judge_welcome", JACK)[0].message["practice"],
        world.letters("judge_welcome", JACK)[0].message["judging"],
    )
    world.practice.offer(contest, JACK)
    world.practice.finish(JACK, contest, tried=True)
    assert AT_ONCE == len(invited(world, JACK))


def test_the_welcome_has_the_tenets(world: World) -> None:
    """Ours, or what the organizers wrote in their place."""
    contest = world.contest()
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    assert "\n".join(TENETS) == world.letters("judge_welcome", JUDY)[0].message["tenets"]
    with world.store.write() as work:
        row = work.contests.lock(contest)
        assert row is not None
        row.texts = {"tenets": "Listen twice.\n\nSmile.", "meanings": "one\ntwo"}
    found = world.judging.guidance(JUDY, contest)
    assert ("Listen twice.", "Smile.") == found.tenets
    assert 5 == len(found.meanings)


def test_a_judge_in_the_channel_of_another_contest_is_not_taken_elsewhere(world: World) -> None:
    """That channel's own contest is meant there, and Judy does not judge it."""
    contest = judged(world)
    world.contest(slug="blue-notes", name="Blue Notes", channel_id=LOUNGE)
    with pytest.raises(Refusal, match=r"You do not judge \*Blue Notes\*, .* \*Bach Jam\* in <#C0MUSIC>"):
        world.judging.contest_judged(JUDY, LOUNGE)
    assert contest == world.judging.contest_judged(JUDY, "C0ELSEWHERE")

"""Judges, presenter and speaker are asked; they say yes or no, think better of it, and are reminded."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.errors import Refusal
from bot.rules.duties import Duty, Standing
from bot.rules.phases import Phase
from bot.usecases.contests.editing import EditContest
from bot.usecases.contests.settings import Part
from bot.usecases.people.recruiting import Ask, AskDone, RequestList
from tests.makers.boards import change
from tests.makers.world import (
    ADA,
    BEN,
    CHANNEL,
    CLEO,
    DINA,
    EVE,
    GUS,
    JACK,
    JUDY,
    LOUNGE,
    OLIVE,
    ROBOT,
    World,
    small_world,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.usecases.people.recruiting import Request

A_WEEK_ON = datetime.fromisoformat("2026-11-30T15:00")
"""The deadline of these tests, by the clocks of Berlin."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


@pytest.fixture
def contest(world: World) -> str:
    return world.contest(deadline=A_WEEK_ON)


def ask(world: World, contest: str, *people: str, duty: str = "judge", **more: Any) -> AskDone:
    """Olive asks."""
    given: dict[str, Any] = {"day": None, "words": ""} | more
    return world.recruiting.ask(Ask(given.pop("actor", OLIVE), contest, people, duty, **given))


def listed(world: World) -> RequestList:
    """What Olive sees."""
    found = world.recruiting.listed(OLIVE, CHANNEL)
    assert found is not None
    return found


def of(world: World, user_id: str) -> Request:
    """What that person was asked, as Olive sees it."""
    (found,) = [each for each in listed(world).requests if each.user_id == user_id]
    return found


def newest(world: World, kind: str, to: str) -> dict[str, Any]:
    """The newest letter of that kind to somebody, or its newest edit."""
    row = [each for each in world.letters(kind, to) if each.edits is None][-1]
    with world.store.read() as work:
        edit = work.outbox.latest_edit(row.key)
    return (edit or row).message


def asked(world: World, to: str) -> dict[str, Any]:
    """The request as it reads now."""
    return newest(world, "duty_asked", to)


def test_people_are_asked_once_and_told_what_it_takes(world: World, contest: str) -> None:
    """Judy reads who asks, for what, how much it is and when; asked again she gets nothing, and Olive learns why."""
    day = datetime.fromisoformat("2026-12-04T18:00")
    done = ask(world, contest, JUDY, JACK, JUDY, day=day, words="  We need your ears ")
    assert ((JUDY, JACK), ()) == (done.people, done.known)
    message = asked(world, JUDY)
    asking = message["asking"]
    assert ("judge", OLIVE, "We need your ears", "Europe/Berlin") == tuple(
        asking[key] for key in ("duty", "asked_by", "words", "time_zone")
    )
    assert ("2026-11-30T14:00:00Z", "2026-12-04T17:00:00Z") == (asking["begins"], asking["ends"])
    again = ask(world, contest, JUDY, BEN)
    assert ((BEN,), (JUDY,)) == (again.people, again.those(Standing.WAITING))
    assert 1 == len(world.letters("duty_asked", JUDY))


def test_what_it_takes_follows_from_what_is_there(world: World, contest: str) -> None:
    """Nobody takes part: nobody can tell. Two people may send three each; then there are compositions, and each judge hears some of them."""
    ask(world, contest, JUDY)
    assert (0, 0, 0) == takes(world, JUDY)
    world.pool(2)
    world.upload(ADA, "F1")
    world.upload(BEN, "F2", dm=True)
    ask(world, contest, JACK)
    assert (6, 9, 0) == takes(world, JACK)
    for number in range(6):
        world.accepted((ADA, BEN, CLEO)[number % 3], f"F{number + 3}", f"P{number}.mid")
    ask(world, contest, GUS)
    pieces, minutes, handed_in = takes(world, GUS)
    assert (6, 6) == (pieces, handed_in)
    change(world, contest, texts={**world.row(contest).texts, "listens": "2"})
    ask(world, contest, EVE)  # the fourth: 12 ratings, and 3 for each
    assert 3 == takes(world, EVE)[0]
    assert takes(world, EVE)[1] < minutes


def takes(world: World, to: str) -> tuple[int, int, int]:
    """Pieces, minutes, and compositions that there are, as the person reads it."""
    asking = asked(world, to)["asking"]
    return asking["pieces"], asking["minutes"], asking["handed_in"]


def test_who_accepts_to_judge_is_a_judge(world: World, contest: str) -> None:
    """She is welcomed in the name of who asked; the letter says what she said, and Olive is told. A second press changes nothing."""
    ask(world, contest, JUDY, JACK)
    request = of(world, JUDY).request_id
    assert world.volunteering.accept(JUDY, request).accepted
    assert world.volunteering.accept(JUDY, request).accepted
    assert [JUDY] == holders(world, contest)
    (welcome,) = world.letters("judge_welcome", JUDY)
    assert OLIVE == welcome.message["added_by"]
    assert ("accepted", True) == (asked(world, JUDY)["standing"], asked(world, JUDY)["changeable"])
    (told,) = world.letters("duty_answered", OLIVE)
    assert (JUDY, True, False, 1, 1) == tuple(
        told.message[key] for key in ("person", "accepted", "changed", "waiting", "judges")
    )
    assert Standing.ACCEPTED is of(world, JUDY).standing


def holders(world: World, contest: str) -> list[str]:
    """Who judges."""
    with world.store.read() as work:
        return work.contests.roles.holders(contest, "judge")


def test_who_declines_says_why_if_they_like(world: World, contest: str) -> None:
    """Olive reads it, and sees it in the list; asking again is no use."""
    ask(world, contest, JUDY)
    world.volunteering.decline(JUDY, of(world, JUDY).request_id, "  I am on\nholiday ")
    (told,) = world.letters("duty_answered", OLIVE)
    assert (False, "I am on holiday") == (told.message["accepted"], told.message["why"])
    assert (Standing.DECLINED, "I am on holiday") == (of(world, JUDY).standing, of(world, JUDY).why)
    assert [] == holders(world, contest)
    assert (JUDY,) == ask(world, contest, JUDY).those(Standing.DECLINED)
    with pytest.raises(Refusal, match="300 characters") as caught:
        world.volunteering.decline(JUDY, of(world, JUDY).request_id, "x" * 301)
    assert "reason" == caught.value.field


def test_people_may_think_better_of_it(world: World, contest: str) -> None:
    """No, then yes, then no: as long as she has rated nothing. Olive is told each time."""
    ask(world, contest, JUDY)
    request = of(world, JUDY).request_id
    for answer, judges in ((False, []), (True, [JUDY]), (False, []), (True, [JUDY])):
        world.clock.advance(minutes=1)
        world.volunteering.accept(JUDY, request) if answer else world.volunteering.decline(JUDY, request, "")
        assert judges == holders(world, contest)
    assert [False, True, True, True] == [each.message["changed"] for each in world.letters("duty_answered", OLIVE)]
    piece = world.accepted()
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    world.rate(JUDY, piece)
    for refused in (world.volunteering.declining, lambda who, which: world.volunteering.decline(who, which, "")):
        with pytest.raises(Refusal, match="given 1 rating already"):
            refused(JUDY, request)
    assert [JUDY] == holders(world, contest)


def test_only_who_was_asked_answers(world: World, contest: str) -> None:
    """Not even the organizer who asked; and a request that never was has a sentence."""
    ask(world, contest, JUDY)
    request = of(world, JUDY).request_id
    for who in (OLIVE, JACK):
        with pytest.raises(Refusal, match="Somebody else was asked"):
            world.volunteering.accept(who, request)
    with pytest.raises(Refusal, match="I cannot find that request any more"):
        world.volunteering.accept(JUDY, "f" * 32)


@pytest.mark.parametrize(
    ("person", "duty", "words"),
    [
        (ROBOT, "judge", "is a bot and cannot judge. So I asked nobody"),
        (DINA, "presenter", "has been deactivated and cannot present"),
        ("U0NOBODY", "speaker", "I know nobody"),
    ],
)
def test_who_cannot_is_named_and_nobody_is_asked(
    world: World, contest: str, person: str, duty: str, words: str
) -> None:
    """One wrong name stops all of it, and stands at the field of the people."""
    with pytest.raises(Refusal, match=words) as caught:
        ask(world, contest, JUDY, person, duty=duty)
    assert "people" == caught.value.field
    assert [] == world.letters("duty_asked")


@pytest.mark.parametrize(
    ("people", "more", "field", "words"),
    [
        ((), {}, "people", "choose at least one person"),
        ((JUDY,) * 21, {}, "people", "up to 20 people"),
        ((JUDY,), {"duty": "king"}, "duty", "what you would like them to do"),
        ((JUDY,), {"words": "x" * 301}, "words", "300 characters; it has 301"),
        ((JUDY,), {"day": datetime.fromisoformat("2026-11-20T12:59")}, "day", "has passed"),
        ((JUDY,), {"day": datetime.fromisoformat("2026-11-30T15:00")}, "day", "Compositions come in until"),
        ((JUDY,), {"day": datetime.fromisoformat("2027-03-28T02:30")}, "day", "clocks skip this hour"),
    ],
)
def test_what_is_wrong_stands_at_its_field(  # noqa: PLR0917 - a table
    world: World, contest: str, people: tuple[str, ...], more: dict[str, Any], field: str, words: str
) -> None:
    """Nobody is asked before all of it is right."""
    with pytest.raises(Refusal, match=words) as caught:
        ask(world, contest, *people, **more)
    assert field == caught.value.field
    assert [] == world.letters("duty_asked")


def test_only_organizers_ask_and_look(world: World, contest: str) -> None:
    """Ada can neither ask nor see who was asked, nor take it back."""
    ask(world, contest, JUDY)
    for forbidden in (
        lambda: ask(world, contest, JACK, actor=ADA),
        lambda: world.recruiting.form(ADA, CHANNEL),
        lambda: world.recruiting.withdraw(ADA, of(world, JUDY).request_id),
    ):
        with pytest.raises(Refusal, match="for the organizers"):
            forbidden()
    assert world.recruiting.listed(ADA, CHANNEL) is None
    world.contest(slug="other", channel_id=LOUNGE)
    found = world.recruiting.listed(OLIVE, LOUNGE)
    assert found is not None
    assert () == found.requests


def test_what_is_taken_back_has_no_buttons_and_may_be_asked_anew(world: World, contest: str) -> None:
    """The letter says so; the old buttons have a sentence, and a new request is a new letter."""
    ask(world, contest, JUDY)
    first = of(world, JUDY).request_id
    assert not world.recruiting.withdraw(OLIVE, first).had_accepted
    world.recruiting.withdraw(OLIVE, first)
    assert ("withdrawn", False) == (asked(world, JUDY)["standing"], asked(world, JUDY)["changeable"])
    with pytest.raises(Refusal, match="taken that request back"):
        world.volunteering.accept(JUDY, first)
    assert () == listed(world).requests
    assert (JUDY,) == ask(world, contest, JUDY).people
    with pytest.raises(Refusal, match="I cannot find that request any more"):
        world.volunteering.accept(JUDY, first)
    assert 2 == len([each for each in world.letters("duty_asked", JUDY) if each.edits is None])
    assert world.volunteering.accept(JUDY, of(world, JUDY).request_id).accepted


def test_who_had_agreed_is_told_that_they_are_not_needed(world: World, contest: str) -> None:
    """A presenter by a letter; a judge is let go in the way that judges are."""
    ask(world, contest, BEN, duty="presenter")
    world.volunteering.accept(BEN, of(world, BEN).request_id)
    assert world.recruiting.withdraw(OLIVE, of(world, BEN).request_id).had_accepted
    assert [BEN] == [each.recipient for each in world.letters("duty_withdrawn")]
    ask(world, contest, JUDY)
    world.volunteering.accept(JUDY, of(world, JUDY).request_id)
    with pytest.raises(Refusal, match="judges remove"):
        world.recruiting.withdraw(OLIVE, of(world, JUDY).request_id)


def test_who_is_made_a_judge_otherwise_need_not_answer(world: World, contest: str) -> None:
    """The letter says so; taken off the judges again, the request waits as before. Who judges already is not asked."""
    ask(world, contest, JUDY)
    request = of(world, JUDY).request_id
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    assert "appointed" == asked(world, JUDY)["standing"]
    with pytest.raises(Refusal, match=r"You judge .* already"):
        world.volunteering.decline(JUDY, request, "")
    assert (JUDY,) == ask(world, contest, JUDY).those(Standing.APPOINTED)
    world.clock.advance(minutes=1)
    world.staff.remove_judges(OLIVE, CHANNEL, [JUDY])
    assert "waiting" == asked(world, JUDY)["standing"]
    world.volunteering.accept(JUDY, request)
    world.clock.advance(minutes=1)
    world.staff.remove_judges(OLIVE, CHANNEL, [JUDY])
    assert ("left", False) == (asked(world, JUDY)["standing"], asked(world, JUDY)["changeable"])
    with pytest.raises(Refusal, match="You have left the judging"):
        world.volunteering.accept(JUDY, request)
    assert (JUDY,) == ask(world, contest, JUDY).people


def test_a_judge_whose_ratings_are_void_is_not_asked(world: World, contest: str) -> None:
    """As for ``judges add``: that is taken back first."""
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    piece = world.accepted()
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    world.rate(JUDY, piece)
    world.voiding.void(OLIVE, contest, JUDY, "Not fair")
    with pytest.raises(Refusal, match="judges restore"):
        ask(world, contest, JUDY, JACK)
    assert [] == world.letters("duty_asked")


def test_what_the_contest_is_past_nobody_is_asked_for(world: World, contest: str) -> None:
    """After the end the letters say so, the buttons have a sentence, and there is nothing to ask for."""
    ask(world, contest, JUDY)
    ask(world, contest, BEN, CLEO, duty="speaker")
    world.volunteering.accept(CLEO, of(world, CLEO).request_id)
    requests = {each.user_id: each.request_id for each in listed(world).requests}
    world.accepted()
    for phase in (Phase.OPEN, Phase.JUDGING):
        world.clock.advance(minutes=1)
        world.contests.advance(OLIVE, contest, phase)
    assert ["over", "over", "accepted"] == [asked(world, who)["standing"] for who in (JUDY, BEN, CLEO)]
    assert not asked(world, CLEO)["changeable"]
    for who in (JUDY, BEN):
        with pytest.raises(Refusal, match="has moved on"):
            world.volunteering.accept(who, requests[who])
    for refused in (
        lambda: ask(world, contest, JACK),
        lambda: world.recruiting.form(OLIVE, CHANNEL),
        lambda: world.volunteering.decline(CLEO, requests[CLEO], ""),
    ):
        with pytest.raises(Refusal, match="has moved on"):
            refused()
    world.clock.advance(days=3)
    assert 0 == world.duty_reminders.send_due()


def test_a_new_deadline_stands_in_the_letters(world: World, contest: str) -> None:
    """Whoever waits, or has accepted, reads when the judging begins now."""
    ask(world, contest, JUDY)
    move_deadline(world, contest, days=7)
    assert "2026-12-07T14:00:00Z" == asked(world, JUDY)["asking"]["begins"]
    world.clock.advance(minutes=1)
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    assert asked(world, JUDY)["asking"]["running"]
    world.clock.advance(minutes=1)
    world.undoing.undo(OLIVE, contest, Phase.JUDGING)
    assert not asked(world, JUDY)["asking"]["running"]


def move_deadline(world: World, contest: str, **parts: float) -> None:
    """Olive moves it, in the window."""
    form = world.editing.form(OLIVE, contest, Part.BASICS)
    fields = {"time_zone": "Europe/Berlin", "deadline": A_WEEK_ON + timedelta(**parts)}
    edit = world.editing.prepare(EditContest(OLIVE, contest, Part.BASICS, fields, form.seen))
    world.editing.apply(OLIVE, edit.edit_id)


def test_reminders_come_after_two_days_and_on_the_day_before(world: World, contest: str) -> None:
    """Judy has not answered; Jack has agreed; Ben has declined. Each reminder once, by daylight, and nobody is asked twice a day."""
    ask(world, contest, JUDY, JACK, BEN)
    world.volunteering.accept(JACK, of(world, JACK).request_id)
    world.volunteering.decline(BEN, of(world, BEN).request_id, "")
    sent = []
    for _ in range(24 * 11):
        world.clock.advance(hours=1)
        if world.duty_reminders.send_due():
            sent.append(world.clock.now().isoformat())
    assert ["2026-11-22T12:00:00+00:00", "2026-11-29T14:00:00+00:00"] == sent
    told = [(each.recipient, each.message["reminder"]) for each in world.letters("duty_reminder")]
    assert [(JUDY, "waits"), (JACK, "soon"), (JUDY, "soon")] == told
    reminded = of(world, JUDY).reminded_at
    assert reminded is not None
    assert sent[-1] == reminded.isoformat()


def test_a_ceremony_that_is_put_off_is_told_again(world: World, contest: str) -> None:
    """Who presents is reminded on the day before, where there is a day; who was asked today is not reminded today."""
    ask(world, contest, BEN, CLEO, duty="presenter", day=datetime.fromisoformat("2026-12-01T15:00"))
    ask(world, contest, JUDY, duty="speaker")
    world.volunteering.accept(BEN, of(world, BEN).request_id)
    world.volunteering.accept(JUDY, of(world, JUDY).request_id)
    world.clock.advance(days=10, hours=3)
    assert 2 == world.duty_reminders.send_due()
    assert {(BEN, "soon"), (CLEO, "soon")} == {
        (each.recipient, each.message["reminder"]) for each in world.letters("duty_reminder")
    }
    ask(world, contest, EVE, duty="presenter", day=datetime.fromisoformat("2026-12-01T15:00"))
    assert 0 == world.duty_reminders.send_due()


def test_who_was_asked_for_two_things_is_reminded_of_one_a_day(world: World, contest: str) -> None:
    """The other comes the day after; an answer rewrites the reminder, too."""
    ask(world, contest, JUDY)
    ask(world, contest, JUDY, duty="speaker")
    world.clock.advance(days=2)
    assert [1, 0] == [world.duty_reminders.send_due(), world.duty_reminders.send_due()]
    world.clock.advance(days=1)
    assert [1, 0] == [world.duty_reminders.send_due(), world.duty_reminders.send_due()]
    judging = next(each for each in listed(world).requests if each.duty is Duty.JUDGE)
    world.volunteering.accept(JUDY, judging.request_id)
    edits = [each for each in world.letters("duty_reminder", JUDY) if each.edits]
    assert ["accepted"] == [each.message["standing"] for each in edits]


def test_the_list_says_how_many_judges_it_takes(world: World, contest: str) -> None:
    """Twelve compositions, three ratings each, a minute and a half for each of these; and nobody rates anything twice."""
    assert listed(world).needed is None
    change(world, contest, texts={**world.row(contest).texts, "listens": "3", "minutes": "10"})
    assert listed(world).needed is None  # nobody takes part yet
    for number, who in enumerate((ADA, BEN, CLEO, JACK)):
        world.upload(who, f"F{number}")
    found = listed(world)
    assert (12, 0, 6) == (found.pieces, found.handed_in, found.needed)
    assert 6 == world.recruiting.form(OLIVE, CHANNEL).needed
    change(world, contest, texts={**world.row(contest).texts, "minutes": "6000"})
    assert 3 == listed(world).needed

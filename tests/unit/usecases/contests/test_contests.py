"""Contests: their beginning, their phases, their judges."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.errors import Refusal
from bot.rules.phases import Intake, Phase
from bot.usecases.contests.contests import JudgesAdded
from tests.makers.world import ADA, BEN, CHANNEL, DINA, EVE, JACK, JUDY, LOUNGE, OLIVE, ROBOT, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def test_a_new_contest_is_a_draft_of_its_organizer(world: World) -> None:
    """The deadline is kept in UTC, and whoever began the contest organizes it."""
    summary = world.contests.create(world.new_contest(slug="", name=" Bach  Jam "))
    assert ("Bach Jam", "bach-jam", Phase.DRAFT) == (summary.name, summary.slug, summary.phase)
    assert datetime(2026, 11, 20, 14, 0, tzinfo=UTC) == summary.deadline
    with world.store.read() as work:
        assert [OLIVE] == work.contests.roles.holders(summary.contest_id, "organizer")


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"name": " "}, "name", "Please give the contest a name of 1 to 80 characters, such as Bach Jam."),
        ({"slug": "Bach Jam!"}, "slug", "Please use 2 to 40 of a-z, 0-9 and single hyphens, such as bach-jam."),
        ({"slug": "", "name": "♪"}, "slug", "Please use 2 to 40 of a-z, 0-9 and single hyphens, such as bach-jam."),
        (
            {"time_zone": "Berlin"},
            "time_zone",
            "I do not know that time zone. Please write it like Europe/Berlin or America/New_York.",
        ),
        (
            {"deadline": datetime.fromisoformat("2026-11-20T13:00")},
            "deadline",
            "That moment has passed: it is Friday 20 November at 13:00 (12:00 UTC) now. Please choose a later one.",
        ),
        (
            {"deadline": datetime.fromisoformat("2027-03-28T02:30")},
            "deadline",
            "On that day clocks skip this hour. Please choose a time an hour later.",
        ),
        ({"submission_limit": 0}, "submission_limit", "Please write a whole number from 1 to 100, such as 5."),
        (
            {"board_cron": "0 18 * *"},
            "board_cron",
            (
                "A schedule has five parts (minute, hour, day, month, day of the week), and this one has 4. "
                "For 18:00 on working days write 0 18 * * mon-fri; leave it empty for no posts."
            ),
        ),
        (
            {"channel_id": "C0ELSEWHERE"},
            "channel_id",
            "I am not in that channel. Please invite me there first, with /invite @kantor, and press the button again.",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_field_with_an_example(
    world: World, changes: dict[str, Any], field: str, sentence: str
) -> None:
    """A wrong part is refused where it stands in the modal, with an example of a right one."""
    with pytest.raises(Refusal) as refusal:
        world.contests.create(world.new_contest(**changes))
    assert (field, sentence) == (refusal.value.field, refusal.value.sentence)


def test_only_organizers_begin_a_contest(world: World) -> None:
    """A participant is told whom to ask."""
    with pytest.raises(Refusal) as refusal:
        world.contests.create(world.new_contest(actor=ADA))
    assert refusal.value.sentence.startswith("That is for the organizers of the contest.")


def test_an_organizer_outside_the_channel_is_refused(world: World) -> None:
    """Nobody begins a contest in a channel that they are not in."""
    world.directory.members[CHANNEL].discard(OLIVE)
    with pytest.raises(Refusal) as refusal:
        world.contests.create(world.new_contest())
    assert "channel_id" == refusal.value.field


def test_one_unfinished_contest_a_channel(world: World) -> None:
    """A second one waits until the first is finished."""
    world.contest()
    with pytest.raises(Refusal) as refusal:
        world.contests.create(world.new_contest(slug="other"))
    assert (
        "That channel has a contest already, Bach Jam, which is not finished. Please choose another channel."
    ) == refusal.value.sentence


def test_a_slug_is_used_once(world: World) -> None:
    """A slug that is taken is refused with one that looks alike."""
    world.contest(Phase.FINISHED)
    with pytest.raises(Refusal) as refusal:
        world.contests.create(world.new_contest())
    assert ("slug", "The slug bach-jam is taken. Please choose another one, such as bach-jam-2.") == (
        refusal.value.field,
        refusal.value.sentence,
    )


def test_a_contest_that_is_made_twice_is_one(world: World) -> None:
    """Slack's "Try again?" after an answer that came too late must not end in "that is taken"."""
    first = world.contests.create(world.new_contest())
    assert first == world.contests.create(world.new_contest(name=" Bach  Jam"))
    with world.store.read() as work:
        assert 1 == len(work.contests.newest_first())
        assert ["contest.created"] == [row.action for row in work.audit.of_contest(first.contest_id)]


@pytest.mark.parametrize("changes", [{"submission_limit": 5}, {"actor": JUDY}, {"board_cron": ""}])
def test_another_contest_of_that_name_is_refused(world: World, changes: dict[str, Any]) -> None:
    """Only the very same is taken for a repeat."""
    world.contests.create(world.new_contest())
    world.directory.add(JUDY, "Judy", CHANNEL, is_admin=True)
    with pytest.raises(Refusal, match="is taken"):
        world.contests.create(world.new_contest(**changes))


def test_a_repeat_after_the_opening_is_refused(world: World) -> None:
    """Then it is not what was asked for any more."""
    world.contest()
    with pytest.raises(Refusal, match="is taken"):
        world.contests.create(world.new_contest())


def test_a_name_mentions_nobody(world: World) -> None:
    """An organizer's words are kept as they were typed, and call nobody in sentences."""
    summary = world.contests.create(world.new_contest(name="<@U0ADA> Jam"))
    assert "<@U0ADA> Jam" == summary.name
    with pytest.raises(Refusal, match="<\u2060@U0ADA> Jam"):
        world.staff.archiving(OLIVE, CHANNEL)


def test_the_end_waits_for_uploads_that_are_being_checked(world: World) -> None:
    """The final board is posted once, so it has to be final; the preview says so before anybody presses."""
    contest = world.contest()
    piece = world.upload()
    assert piece is not None
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    reason = (
        "1 upload is still being checked, so a board would not be final yet. "
        "Please finish the contest in a minute, when that is done."
    )
    assert reason in world.contests.preview_next(OLIVE, CHANNEL).warnings
    with pytest.raises(Refusal) as refusal:
        world.contests.advance(OLIVE, contest, Phase.JUDGING)
    assert reason == refusal.value.sentence
    assert (Phase.JUDGING, []) == (world.row(contest).phase, world.letters("board"))
    world.verdicts.check(piece.id)
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    world.tell_finale(contest)
    (board,) = world.letters("board")
    assert ["#bach-jam-ada-MorningTide"] == [row["name"] for row in board.message["ai_rows"]]


def test_each_phase_is_told_to_the_channel(world: World) -> None:
    """Opening, judging and the end are three letters, in their order."""
    world.contest(Phase.FINISHED)
    assert ["open", "judging", "finished"] == [row.message["phase"] for row in world.letters("phase_news", CHANNEL)]


def test_a_stale_move_is_refused(world: World) -> None:
    """Two organizers who confirm the same preview move the contest by one phase."""
    contest = world.contest(Phase.DRAFT)
    world.directory.add(JACK, "Jack", CHANNEL, is_admin=True)
    world.contests.advance(JACK, contest, Phase.DRAFT)
    with pytest.raises(Refusal) as refusal:
        world.contests.advance(OLIVE, contest, Phase.DRAFT)
    assert (
        "*Bach Jam* is in the phase *open* already, so nothing was changed. `/kantor status` shows how it stands."
    ) == refusal.value.sentence
    assert Phase.OPEN == world.row(contest).phase


def test_a_move_that_is_repeated_is_one(world: World) -> None:
    """Slack delivers the same confirmation again: the same answer, and the channel is told once."""
    contest = world.contest(Phase.DRAFT)
    first = world.contests.advance(OLIVE, contest, Phase.DRAFT)
    assert first == world.contests.advance(OLIVE, contest, Phase.DRAFT)
    assert 1 == len(world.letters("phase_news"))
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    with pytest.raises(Refusal, match="phase \\*judging\\* already"):
        world.contests.advance(OLIVE, contest, Phase.DRAFT)


def test_two_moves_at_once_are_one(world: World) -> None:
    """Of two organizers' confirmations at the same moment one is refused."""
    contest = world.contest(Phase.OPEN)
    world.directory.add(JACK, "Jack", CHANNEL, is_admin=True)

    def move(organizer: str) -> bool:
        try:
            world.contests.advance(organizer, contest, Phase.OPEN)
        except Refusal:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        assert [False, True] == sorted(threads.map(move, [OLIVE, JACK]))
    assert Phase.JUDGING == world.row(contest).phase


def test_participants_move_nothing(world: World) -> None:
    """Neither preview nor move is for people who do not organize this contest."""
    contest = world.contest()
    with pytest.raises(Refusal):
        world.contests.preview_next(ADA, CHANNEL)
    with pytest.raises(Refusal):
        world.contests.advance(ADA, contest, Phase.OPEN)
    assert Phase.OPEN == world.row(contest).phase


def test_after_the_end_there_is_no_next_phase(world: World) -> None:
    """A finished contest has no preview, and no move."""
    contest = world.contest(Phase.FINISHED)
    with pytest.raises(Refusal) as refusal:
        world.contests.preview_next(OLIVE, CHANNEL)
    assert (
        "*Bach Jam* is finished: no phase comes after that. `/kantor board` shows how it ended."
        == refusal.value.sentence
    )
    with pytest.raises(Refusal):
        world.contests.advance(OLIVE, contest, Phase.FINISHED)


def test_the_preview_of_the_opening(world: World) -> None:
    """Who may upload how much until when; a deadline that has passed is a warning."""
    world.contest(Phase.DRAFT)
    preview = world.contests.preview_next(OLIVE, CHANNEL)
    assert (Phase.DRAFT, Phase.OPEN, ()) == (preview.phase, preview.next_phase, preview.warnings)
    assert (
        "I tell <#C0MUSIC> that the contest is open.",
        "Everybody there can upload up to 3 compositions until Friday 20 November at 15:00 (14:00 UTC), in 2 hours.",
    ) == preview.effects
    world.clock.advance(hours=3)
    assert (
        "The deadline, Friday 20 November at 15:00 (14:00 UTC), has passed: every upload would be late.",
    ) == world.contests.preview_next(OLIVE, CHANNEL).warnings


def test_the_preview_of_the_judging_warns_of_what_is_missing(world: World) -> None:
    """No judges, nothing accepted, something in the works, and a deadline to come."""
    world.contest()
    world.upload()
    preview = world.contests.preview_next(OLIVE, CHANNEL)
    assert (
        "Uploads close: what is sent from now on counts only for people whom you give more time (`/kantor extend`).",
        "Each judge gets the compositions in their direct messages, a few at a time: no compositions for no judges.",
        "I post the board in <#C0MUSIC> at 18:00, Monday through Friday (Europe/Berlin).",
    ) == preview.effects
    assert (
        "The deadline is only on Friday 20 November at 15:00 (14:00 UTC), in 2 hours: people may be counting on it.",
        "There are no judges yet. Add them with `/kantor judges add @...`, now or later.",
        "No composition has been accepted yet.",
        "1 upload is still being checked; whatever is accepted goes on to the judges.",
    ) == preview.warnings


def test_the_preview_of_the_end_warns_of_what_is_not_rated(world: World) -> None:
    """Compositions without a rating, and judges who are not through."""
    contest = world.contest()
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    world.accepted(ADA, "F1")
    rated = world.accepted(BEN, "F2")
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    world.rate(JUDY, rated)
    preview = world.contests.preview_next(OLIVE, CHANNEL)
    assert (
        "1 composition has no rating and gets no place.",
        "<@U0JUDY> has rated 1 of 2.",
    ) == preview.warnings
    assert [
        "Ratings close: judges can add or change nothing after this.",
        "I announce the winners of both boards in <#C0MUSIC>, thank everybody, and post the final board.",
    ] == list(preview.effects)


def test_judges_are_welcomed_once(world: World) -> None:
    """Adding a judge again changes nothing and says so."""
    world.contest()
    assert JudgesAdded("Bach Jam", (JUDY,), ()) == world.contests.add_judges(OLIVE, CHANNEL, [JUDY, JUDY])
    assert JudgesAdded("Bach Jam", (JACK,), (JUDY,)) == world.contests.add_judges(OLIVE, CHANNEL, [JUDY, JACK])
    assert [JUDY, JACK] == [letter.recipient for letter in world.letters("judge_welcome")]


def test_a_judge_who_comes_during_the_judging_is_invited_at_once(world: World) -> None:
    """The welcome is followed by the first composition."""
    contest = world.contest()
    world.accepted()
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    assert [True] == [letter.message["judging"] for letter in world.letters("judge_welcome", JUDY)]
    assert 1 == len(world.letters("rating_invitation", JUDY))


@pytest.mark.parametrize(
    ("stranger", "sentence"),
    [
        (ROBOT, "<@U0ROBOT> is a bot and cannot judge. So I added nobody. Please name the others once more."),
        (DINA, "<@U0DINA> has been deactivated and cannot judge. So I added nobody. Please name the others once more."),
        (
            "U0NOBODY",
            (
                "I know nobody with the id `U0NOBODY` here: please pick people from the list that Slack offers after `@`. "
                "So I added nobody. Please name the others once more."
            ),
        ),
    ],
)
def test_who_cannot_judge_is_refused_and_nobody_is_added(world: World, stranger: str, sentence: str) -> None:
    """One bad name stops the whole command."""
    contest = world.contest()
    with pytest.raises(Refusal) as refusal:
        world.contests.add_judges(OLIVE, CHANNEL, [JUDY, stranger])
    assert sentence == refusal.value.sentence
    with world.store.read() as work:
        assert [] == work.contests.roles.holders(contest, "judge")


def test_adding_nobody_is_refused_with_an_example(world: World) -> None:
    """An empty list shows how it is written."""
    world.contest()
    with pytest.raises(Refusal) as refusal:
        world.contests.add_judges(OLIVE, CHANNEL, [])
    assert "Please name the judges, such as `/kantor judges add @judy @jack`." == refusal.value.sentence


def test_a_finished_contest_takes_no_judges(world: World) -> None:
    """There is nothing left to judge."""
    world.contest(Phase.FINISHED)
    with pytest.raises(Refusal) as refusal:
        world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    assert "*Bach Jam* is finished, so there is nothing left to judge." == refusal.value.sentence


def test_the_status_counts(world: World) -> None:
    """Compositions by state, ratings given and possible, free accounts."""
    contest = world.contest()
    world.pool(4)
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY, BEN])
    rated = world.accepted(ADA, "F1")
    world.accepted(BEN, "F2")
    world.upload(ADA, "F3")
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    world.rate(JUDY, rated)
    status = world.contests.status(OLIVE, CHANNEL)
    counts = {state: count for state, count in status.submissions.items() if count}
    assert {"received": 1, "accepted": 2} == counts
    assert ((BEN, JUDY), 1, 3, 1, 0) == (
        status.judges,
        status.ratings,
        status.ratings_possible,
        status.unrated,
        status.fewest_ratings,
    )
    assert ("Friday 20 November at 15:00 (14:00 UTC)", 4) == (status.deadline_text, status.pool_left)
    assert status.letters_waiting


def test_organizers_see_how_many_messages_were_lost(world: World) -> None:
    """What Slack will never take is counted."""
    world.contest()
    assert 0 == world.contests.status(OLIVE, CHANNEL).letters_failed
    with world.store.write() as work:
        now = world.clock.now()
        (lost,) = work.outbox.claim(work.outbox.due(now), now, timedelta(seconds=60))
        work.outbox.fail(lost.id, "is_archived")
    assert 1 == world.contests.status(OLIVE, CHANNEL).letters_failed
    assert world.contests.status(ADA, CHANNEL).letters_failed is None


def test_a_judge_who_reads_where_people_upload_is_not_blind(world: World) -> None:
    """Organizers are warned before the opening and in the status; nobody is, where it makes no difference."""
    contest = world.contest(Phase.DRAFT)
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY, EVE])
    warning = (
        "<@U0JUDY> judges and reads the channel, and would see who uploads what. `/kantor contest edit` takes compositions in "
        "direct messages only."
    )
    assert warning in world.contests.preview_next(OLIVE, CHANNEL).warnings
    world.contests.advance(OLIVE, contest, Phase.DRAFT)
    assert (JUDY,) == world.contests.status(OLIVE, CHANNEL).watching
    assert () == world.contests.status(ADA, CHANNEL).watching
    with world.store.write() as work:
        row = work.contests.get(contest)
        assert row is not None
        row.intake = Intake.DM
    assert () == world.contests.status(OLIVE, CHANNEL).watching


def test_the_deadline_is_told_in_the_readers_zone(world: World) -> None:
    """Ada lives in New York, the contest in Berlin; UTC is beside both."""
    world.contest()
    world.directory.people[ADA] = replace(world.directory.people[ADA], time_zone="America/New_York")
    assert (
        "Friday 20 November at 09:00 (14:00 UTC), in 2 hours"
        == world.contests.status(ADA, CHANNEL, is_there=True).deadline_text
    )
    assert (
        "Friday 20 November at 15:00 (14:00 UTC), in 2 hours"
        == world.contests.status(BEN, CHANNEL, is_there=True).deadline_text
    )
    world.directory.forgotten.add(ADA)
    assert (
        "Friday 20 November at 15:00 (14:00 UTC), in 2 hours"
        == world.contests.status(ADA, CHANNEL, is_there=True).deadline_text
    )


def test_participants_see_no_inner_figures(world: World) -> None:
    """The pool and the outbox are the organizers' business."""
    world.contest()
    status = world.contests.status(ADA, CHANNEL)
    assert (None, None) == (status.pool_left, status.letters_waiting)


def test_elsewhere_several_contests_are_listed(world: World) -> None:
    """Where a word could mean two contests the person is asked to go to the channel."""
    world.contest()
    world.contest(name="Blue Notes", slug="blue-notes", channel_id=LOUNGE)
    with pytest.raises(Refusal) as refusal:
        world.contests.status(ADA, "D0ADA")
    assert (
        "Several contests are on: *Bach Jam* in <#C0MUSIC>, *Blue Notes* in <#C0LOUNGE>. "
        "Please ask in the channel of the one you mean."
    ) == refusal.value.sentence


def test_the_channels_own_contest_comes_first(world: World) -> None:
    """Running before finished, own before others', nothing where there never was one."""
    with pytest.raises(Refusal):
        world.contests.status(ADA, CHANNEL)
    world.contest(Phase.FINISHED)
    assert "bach-jam" == world.contests.status(ADA, "D0ADA").contest.slug
    world.clock.advance(minutes=1)
    world.contest(name="Second", slug="second")
    assert ["second", "second"] == [world.contests.status(ADA, channel).contest.slug for channel in (CHANNEL, LOUNGE)]


def test_what_is_done_is_in_the_audit_trail(world: World) -> None:
    """Beginning, judges and phases, each with who did it."""
    contest = world.contest()
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY, EVE])
    with world.store.read() as work:
        trail = [(row.actor, row.action) for row in work.audit.of_contest(contest)]
    assert sorted(
        [(OLIVE, "contest.created"), (OLIVE, "contest.advanced"), (OLIVE, "judge.added"), (OLIVE, "judge.added")]
    ) == sorted(trail)


def test_a_judge_who_composes_is_remarked_on(world: World) -> None:
    """They never get their own piece, but judge what it competes with: an organizer should know."""
    world.contest()
    world.accepted(ADA)
    assert (ADA,) == world.contests.add_judges(OLIVE, CHANNEL, [ADA, JUDY]).composing

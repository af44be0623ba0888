"""Roles, the Home tab, and plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal, Unavailable
from bot.rules.phases import Phase
from bot.rules.roles import Role
from bot.usecases.accounts.accounts import ClaimAccount
from bot.usecases.finding import listed
from bot.usecases.people.home import AccountState, HomeAccount, JudgeProgress
from bot.usecases.who import Who
from models.contests import Contest
from tests.makers.boards import two_rounds
from tests.makers.world import ADA, BEN, CHANNEL, DINA, EVE, GUS, JUDY, LOUNGE, OLIVE, ROBOT, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


@pytest.mark.parametrize(
    ("user_id", "roles"),
    [
        (OLIVE, {Role.ORGANIZER, Role.PARTICIPANT}),
        (JUDY, {Role.JUDGE, Role.PARTICIPANT}),
        (ADA, {Role.PARTICIPANT}),
        (GUS, set()),
        (DINA, set()),
        (ROBOT, set()),
        ("U0NOBODY", set()),
    ],
)
def test_roles(world: World, user_id: str, roles: set[Role]) -> None:
    """Admins organize, judges judge, members take part; guests, bots and strangers have no part."""
    contest = world.contest()
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    assert roles == world.desk.who.roles(user_id)
    assert roles == world.desk.who.roles(user_id, contest) == world.people.help(user_id)


def test_people_of_other_workspaces_have_no_part(world: World) -> None:
    """Somebody who is in the channel because it is shared with their workspace: no role, no account, no composition, no staff."""
    contest = world.contest()
    world.directory.add("U0FAR", "Farah", CHANNEL, is_stranger=True, is_admin=True)
    assert frozenset() == world.desk.who.roles("U0FAR", contest)
    with pytest.raises(Refusal):
        world.accounts.claim(ClaimAccount("U0FAR", contest, "V1", accepted_terms=True))
    with pytest.raises(Refusal, match="another workspace"):
        world.contests.add_judges(OLIVE, CHANNEL, ["U0FAR"])
    with pytest.raises(Refusal):
        world.boards.show("U0FAR", CHANNEL)
    world.upload("U0FAR")
    with world.store.read() as work:
        assert [] == list(work.submissions.of_contest(contest))


def test_the_first_organizers_are_a_setting(world: World) -> None:
    """Whoever the operator names organizes."""
    who = Who(world.store, world.directory, frozenset({ADA}))
    assert Role.ORGANIZER in who.roles(ADA)
    with pytest.raises(Refusal):
        who.require_organizer(BEN)


def test_organizing_one_contest_is_not_organizing_another(world: World) -> None:
    """A role belongs to its contest."""
    mine = world.contest()
    other = world.contest(name="Blue Notes", slug="blue-notes", channel_id=LOUNGE)
    with world.store.write() as work:
        work.contests.roles.give(mine, ADA, Role.ORGANIZER, added_by=OLIVE, now=world.clock.now())
    world.desk.who.require_organizer(ADA, mine)
    with pytest.raises(Refusal):
        world.desk.who.require_organizer(ADA, other)


def test_a_judge_of_a_finished_contest_is_no_judge_any_more(world: World) -> None:
    """The help lists what one can do now."""
    contest = world.contest()
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    assert {Role.PARTICIPANT} == world.people.help(JUDY)


def test_while_slack_is_silent_nobody_organizes(world: World) -> None:
    """We met Olive as an admin: whether she still is one, only Slack knows. The help is shorter meanwhile."""
    contest = world.contest()
    world.directory.silent = True
    with pytest.raises(Unavailable):
        world.desk.who.require_organizer(OLIVE, contest)
    with pytest.raises(Unavailable):
        world.contests.advance(OLIVE, contest, Phase.OPEN)
    assert frozenset() == world.people.help(OLIVE)
    assert Phase.OPEN == world.row(contest).phase


def test_the_home_tab_of_a_participant(world: World) -> None:
    """Own account, own compositions with their verdicts and refusals, nothing of others."""
    contest = world.contest()
    world.pool(2)
    assert HomeAccount(AccountState.AVAILABLE) == world.people.home(ADA).contests[0].account
    world.accounts.claim(ClaimAccount(ADA, contest, "V1", accepted_terms=True))
    world.accepted(ADA, "F1", score=64.5)
    world.accepted(BEN, "F2")
    (shown,) = world.people.home(ADA).contests
    assert HomeAccount(AccountState.HELD, "acc-1", "lab1", "https://lab.example/signin") == shown.account
    assert [("Morning Tide", "accepted", 64.5, None)] == [
        (piece.title, piece.state, piece.score, piece.refusal) for piece in shown.submissions
    ]
    assert (None, None, Phase.OPEN) == (shown.judging, shown.organizing, shown.phase)


def test_the_home_tab_of_a_judge(world: World) -> None:
    """How far they have come, and which composition is with them."""
    contest = world.contest()
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    piece = world.accepted()
    assert JudgeProgress(0, 1) == world.people.home(JUDY).contests[0].judging
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    assert JudgeProgress(0, 1, piece) == world.people.home(JUDY).contests[0].judging
    world.rate(JUDY, piece)
    assert JudgeProgress(1, 1) == world.people.home(JUDY).contests[0].judging


def test_the_home_tab_of_an_organizer(world: World) -> None:
    """Counts at a glance, drafts included."""
    world.contest()
    world.contest(Phase.DRAFT, name="Blue Notes", slug="blue-notes", channel_id=LOUNGE)
    world.accepted()
    world.upload(BEN, "F2")
    counts = {contest.name: contest.organizing for contest in world.people.home(OLIVE).contests}
    jam = counts["Bach Jam"]
    assert jam is not None
    assert (1, 1, 0, 0) == (jam.accepted, jam.waiting, jam.refused, jam.judges)
    assert "Blue Notes" in counts


@pytest.mark.parametrize("user_id", [EVE, GUS])
def test_outsiders_see_no_contest(world: World, user_id: str) -> None:
    """A contest shows on the Home tab of those who are in its channel."""
    world.contest()
    assert () == world.people.home(user_id).contests


def test_a_guest_who_was_let_into_the_channel_sees_its_contest(world: World) -> None:
    """And can ask about it, though guests have no part in the workspace."""
    contest = world.contest()
    world.directory.members[CHANNEL].add(GUS)
    assert [contest] == [each.contest_id for each in world.people.home(GUS).contests]
    assert contest == world.desk.who.contest_meant(GUS, "D0GUS").id


def test_of_many_contests_one_is_shown_whole(world: World) -> None:
    """The newest that runs, or the chosen one; the others by name. One that was put away is none of them."""
    for number in range(5):
        channel = f"C0JAM{number}"
        world.directory.names[channel] = f"jam{number}"
        world.directory.members[channel] = {OLIVE, ADA}
        world.clock.advance(minutes=1)
        world.contest(name=f"Jam {number}", slug=f"jam-{number}", channel_id=channel)
    with world.store.write() as work:
        gone, first = (work.contests.by_slug(slug) for slug in ("jam-4", "jam-0"))
        assert gone is not None
        assert first is not None
        gone.archived_at = world.clock.now()
    seen, chosen = world.people.home(ADA), world.people.home(ADA, first.id)
    assert ["Jam 3", "Jam 2", "Jam 1", "Jam 0"] == [name for _, name in seen.choices]
    assert (["Jam 3"], ["Jam 0"]) == ([each.name for each in seen.contests], [each.name for each in chosen.contests])
    # What needs whoever runs them is told of all of them.
    assert ((), ["Jam 2", "Jam 1", "Jam 0"]) == (seen.others, [each.name for each in world.people.home(OLIVE).others])


def test_coverage(world: World) -> None:
    """Ratings a piece, who is not through, what waits: counted for organizers."""
    contest = world.contest()
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    first = world.accepted(ADA, "F1")
    world.accepted(BEN, "F2")
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    world.rate(JUDY, first)
    counts = world.people.home(OLIVE).contests[0].organizing
    assert counts is not None
    assert (2, 2, 1, 2, 0, 0.5, (JUDY,)) == (
        counts.accepted, counts.authors, counts.ratings, counts.possible, counts.fewest, counts.mean, counts.behind,
    )  # fmt: skip


def test_in_the_final_all_authors_are_counted(world: World) -> None:
    """The ratings are the final's; the compositions beside them are everybody's, and so are their authors."""
    contest, _ = two_rounds(world, finalists=2)
    (shown,) = (each for each in world.people.home(OLIVE).contests if each.contest_id == contest)
    assert shown.organizing is not None
    assert (3, 3, 0) == (shown.organizing.accepted, shown.organizing.authors, shown.organizing.ratings)


def test_versions_on_the_home_tab(world: World) -> None:
    """A composition is one line, with the version that counts."""
    world.contest()
    piece = world.accepted(ADA, "F1")
    root = world.piece(piece)
    world.upload(ADA, "F2", thread_ts=root.message_ts)
    (contest,) = world.people.home(ADA).contests
    (shown,) = contest.submissions
    assert (1, 2, "accepted", "received", 1) == (shown.version, shown.versions, shown.state, shown.newest, contest.used)


def test_a_draft_is_the_organizers_secret(world: World) -> None:
    """Participants see a contest when it opens."""
    world.contest(Phase.DRAFT)
    assert () == world.people.home(ADA).contests


def test_the_end_is_not_offered_to_be_taken_back(world: World) -> None:
    """The phases before it are; how it ended has been told."""
    world.contest(Phase.FINISHED)
    world.contest(slug="blue-notes", name="Blue Notes", channel_id=LOUNGE)
    offered = {contest.phase: contest.may_undo for contest in world.people.home(OLIVE).contests}
    assert {Phase.OPEN: True, Phase.FINISHED: False} == offered


def test_a_sentence_names_ten_contests_at_most() -> None:
    """Of 120 the first, and how many more there are: Slack cuts a sentence that is too long."""
    sentence = listed([Contest(name=f"Jam {each}", channel_id=f"C{each}") for each in range(120)])
    assert sentence.startswith("*Jam 0* in <#C0>, *Jam 1* in <#C1>")
    assert sentence.endswith("*Jam 9* in <#C9>, and 110 more")
    assert "*Jam 0* in <#C0>" == listed([Contest(name="Jam 0", channel_id="C0")])


def test_a_word_from_outside_is_told_for_which_contest_it_was_taken(world: World) -> None:
    """Where it could have been another; a channel's own contest is meant there, and where several run we ask."""
    world.contest(Phase.FINISHED)
    assert None is world.people.meant_from_outside(ADA, "C0ELSEWHERE")
    second = world.contest(slug="blue-notes", name="Blue Notes", channel_id=LOUNGE)
    meant = world.people.meant_from_outside(ADA, "C0ELSEWHERE")
    assert meant is not None
    assert second == meant.id == world.desk.who.contest_meant(ADA, "C0ELSEWHERE").id
    assert [None, None] == [world.people.meant_from_outside(ADA, channel) for channel in (CHANNEL, LOUNGE)]

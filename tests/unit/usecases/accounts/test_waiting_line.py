"""The line for accounts: the longest waiting is first, an account is kept for a day, nobody jumps the queue."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal
from bot.rules.phases import Phase
from bot.rules.secret import Secret
from bot.usecases.accounts.accounts import AccountOffer, ClaimAccount, Credentials, Line
from bot.usecases.accounts.pools import Imported, PoolRow
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, EVE, JACK, JUDY, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

URL = "https://lab.example/signin"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


@pytest.fixture
def contest(world: World) -> str:
    """An open contest whose one account Judy has; Ada waits, an hour later Ben does, and Cleo."""
    contest = world.contest()
    world.pool(1)
    assert taken(world, contest, JUDY) == "acc-1"
    for user_id in (ADA, BEN, CLEO):
        world.accounts.wait(user_id, contest)
        world.clock.advance(hours=1)
    return contest


def taken(world: World, contest: str, user_id: str) -> str:
    """The account that the person gets now; "none" where there is none for them."""
    given = world.accounts.claim(ClaimAccount(user_id, contest, f"V{user_id}", accepted_terms=True))
    return given.account_id if isinstance(given, Credentials) else "none"


def bring(world: World, *numbers: int) -> Imported:
    """Olive brings these accounts."""
    return world.pools.import_pool(
        "bach-jam", [PoolRow(f"acc-{n}", f"lab{n}", Secret(f"Secret-{n}"), URL) for n in numbers]
    )


def told(world: World, kind: str = "account_free") -> list[str]:
    """Who was told, in order."""
    return [letter.recipient for letter in world.letters(kind)]


def test_whoever_waits_knows_their_place(world: World, contest: str) -> None:
    """First, second, third; somebody new reads how many wait."""
    lines = [world.accounts.offer(user_id, CHANNEL).line for user_id in (ADA, BEN, CLEO, OLIVE)]
    assert [Line(1, 3), Line(2, 3), Line(3, 3), Line(0, 3)] == lines


def test_plain_words_lead_to_the_line_where_none_is_free(world: World, contest: str) -> None:
    """Olive is new and Ada waits: both read that all are taken; Judy, who has one, does not, nor Ada once one is hers."""
    bring(world, 2)
    for number, user_id in enumerate((OLIVE, BEN, JUDY, ADA)):
        world.answers.answer(user_id, f"D{user_id}", "account please", f"Ev{number}")
    assert [True, True, False, False] == [letter.message["empty"] for letter in world.letters("account_reply")]


def test_asking_twice_is_one_place(world: World, contest: str) -> None:
    """A second wish neither doubles nor moves anybody."""
    assert Line(1, 3) == world.accounts.wait(ADA, contest).line
    assert Line(1, 3) == world.accounts.wait(ADA, contest).line


def test_new_accounts_go_to_the_longest_waiting_in_order(world: World, contest: str) -> None:
    """Two come: Ada and Ben are told, Cleo is not; and once only."""
    bring(world, 2, 3)
    assert [ADA, BEN] == told(world)
    bring(world, 2, 3)
    world.pools.pass_on()
    assert [ADA, BEN] == told(world)
    assert ["acc-2", "acc-3", "none"] == [taken(world, contest, user_id) for user_id in (ADA, BEN, CLEO)]


def test_nobody_jumps_the_queue(world: World, contest: str) -> None:
    """One comes, for Ada: Olive who has just come, and Ben who waits behind Ada, get none, whatever window is open."""
    bring(world, 2)
    assert ["none", "none"] == [taken(world, contest, user_id) for user_id in (OLIVE, BEN)]
    assert world.accounts.offer(ADA, CHANNEL).line is None
    assert "acc-2" == taken(world, contest, ADA)


def test_what_is_left_after_the_line_is_for_everybody(world: World, contest: str) -> None:
    """Four come for three who wait: Olive takes the fourth before they took theirs."""
    bring(world, 2, 3, 4, 5)
    assert "none" != taken(world, contest, OLIVE)
    assert "none" == taken(world, contest, "U0JACK")
    assert "none" not in [taken(world, contest, user_id) for user_id in (ADA, BEN, CLEO)]


def test_what_is_kept_is_free_for_nobody_else(world: World, contest: str) -> None:
    """One is kept for Ada: Home, the status, the list of accounts and the checklist offer it to her alone, and count it as kept."""
    bring(world, 2)
    for who, offered in ((ADA, "available"), (BEN, "empty"), (JACK, "empty")):
        (home,) = world.people.home(who).contests
        assert offered == home.account.state
        world.onboarding.joined(who, CHANNEL)
    assert ["free", "empty"] == [world.letters("checklist", who)[0].message["account"] for who in (ADA, JACK)]
    (own,) = world.people.home(OLIVE).contests
    pool, counts = world.pools.status(OLIVE, CHANNEL), own.organizing
    assert pool is not None
    assert counts is not None
    assert (0, 0, 0) == (counts.pool_left, world.contests.status(OLIVE, CHANNEL).pool_left, pool.free)
    # Ben and Cleo wait, and Ada is waited for.
    assert (1, 1, 2) == (counts.kept, pool.kept, counts.queue)
    assert Line(0, 2) == world.accounts.offer(JACK, CHANNEL).line
    bring(world, 3, 4, 5)
    pool = world.pools.status(OLIVE, CHANNEL)
    assert pool is not None
    assert (1, 3) == (pool.free, pool.kept)
    assert "available" == world.people.home(JACK).contests[0].account.state


def test_an_alarm_counts_what_is_left_for_others(world: World) -> None:
    """Of eleven one is taken and nine are kept: one is left, and from one on a pool of eleven is low."""
    contest = world.contest()
    world.pool(1)
    taken(world, contest, JUDY)
    for number in range(9):
        world.directory.add(f"U{number}", f"Person {number}", CHANNEL)
        world.accounts.wait(f"U{number}", contest)
    bring(world, *range(2, 13))
    assert [] == [letter for letter in world.letters("pool_alarm") if not letter.message["asked_by"]]
    assert "none" != taken(world, contest, BEN)
    (alarm,) = (letter for letter in world.letters("pool_alarm") if not letter.message["asked_by"])
    assert 1 == alarm.message["left"]


def test_after_a_day_it_goes_to_the_next(world: World, contest: str) -> None:
    """Ada slept; Ben is told, Ada reads so, and stands at the end if she asks again."""
    bring(world, 2)
    world.clock.advance(hours=23, minutes=59)
    world.pools.pass_on()
    assert ([ADA], []) == (told(world), told(world, "account_passed_on"))
    world.clock.advance(minutes=1)
    world.pools.pass_on()
    assert ([ADA, BEN], [ADA]) == (told(world), told(world, "account_passed_on"))
    assert "none" == taken(world, contest, ADA)
    assert Line(2, 2) == world.accounts.wait(ADA, contest).line
    assert "acc-2" == taken(world, contest, BEN)


def test_what_nobody_is_left_to_take_is_free(world: World, contest: str) -> None:
    """All three let it pass: anybody may have it."""
    bring(world, 2)
    for _ in range(3):
        world.clock.advance(hours=24)
        world.pools.pass_on()
    assert [ADA, BEN, CLEO] == told(world)
    assert "acc-2" == taken(world, contest, OLIVE)


def test_two_who_were_told_of_one_account_never_share_it(world: World, contest: str) -> None:
    """Ada was told a day ago and Ben just now; both press at once: Ben has it, Ada is told how it stands."""
    bring(world, 2)
    world.clock.advance(hours=24)
    world.pools.pass_on()
    with ThreadPoolExecutor(2) as threads:
        given = list(threads.map(lambda user_id: taken(world, contest, user_id), [ADA, BEN]))
    assert ["none", "acc-2"] == given


def test_two_at_once_for_the_last_one_without_a_line(world: World) -> None:
    """Exactly one gets it, the other the line."""
    contest = world.contest()
    world.pool(1)
    with ThreadPoolExecutor(2) as threads:
        given = list(threads.map(lambda user_id: taken(world, contest, user_id), [ADA, BEN]))
    assert ["acc-1", "none"] == sorted(given)


def test_who_leaves_the_line_gives_way(world: World, contest: str) -> None:
    """Ada was told, and needs none any more: Ben is told at once."""
    bring(world, 2)
    assert world.accounts.stop_waiting(ADA, contest).line == Line(0, 1)
    assert [ADA, BEN] == told(world)


def test_who_has_one_waits_for_none(world: World, contest: str) -> None:
    """Judy's old window offers the line: she sees what she has."""
    offered = world.accounts.wait(JUDY, contest)
    assert offered.held is not None
    assert "acc-1" == offered.held.account_id


def test_the_line_is_for_those_who_may_have_an_account(world: World, contest: str) -> None:
    """Eve is in no channel; and after the end nobody waits."""
    with pytest.raises(Refusal, match="join that channel"):
        world.accounts.wait(EVE, contest)
    for phase in (Phase.OPEN, Phase.JUDGING):
        world.contests.advance(OLIVE, contest, phase)
    with pytest.raises(Refusal, match="over"):
        world.accounts.wait(ADA, contest)
    bring(world, 2)
    assert [] == told(world)


def test_a_claim_ends_the_wait(world: World, contest: str) -> None:
    """Ada has hers; another account is for Ben."""
    bring(world, 2)
    taken(world, contest, ADA)
    bring(world, 3)
    assert [ADA, BEN] == told(world)


def test_a_returned_account_waits_for_its_new_password(world: World, contest: str) -> None:
    """Judy gives hers back: nobody gets it, whoever waits; with the old password it stays out, with a new one Ada is told."""
    account = world.accounts.returning(JUDY, CHANNEL)
    world.accounts.give_back(JUDY, contest, account.row_id)
    world.pools.pass_on()
    assert ([], "none") == (told(world), taken(world, contest, ADA))
    assert Imported(0, 0, 0, 1) == bring(world, 1)
    assert ([], "none") == (told(world), taken(world, contest, ADA))
    renewed = [PoolRow("acc-1", "lab1", Secret("Secret-new"), f"{URL}/2")]
    assert Imported(0, 0, 1) == world.pools.import_pool("bach-jam", renewed)
    assert Imported(0, 1) == world.pools.import_pool("bach-jam", renewed)
    assert [ADA] == told(world)
    given = world.accounts.claim(ClaimAccount(ADA, contest, "V9", accepted_terms=True))
    assert Credentials("acc-1", "lab1", Secret("Secret-new"), f"{URL}/2") == given


def test_a_return_is_told_and_safe_to_repeat(world: World, contest: str) -> None:
    """The second delivery says the same, and gives back nothing that came since."""
    account = world.accounts.returning(JUDY, CHANNEL)
    assert account == world.accounts.give_back(JUDY, contest, account.row_id)
    (letter,) = world.letters("account_returned")
    assert (OLIVE, "acc-1", JUDY) == (letter.recipient, letter.message["account_id"], letter.message["returned_by"])
    bring(world, 2, 3, 4, 5)
    for user_id in (ADA, BEN, CLEO):
        taken(world, contest, user_id)
    world.reissues.ask_another(JUDY, contest)
    with world.store.read() as work:
        (asked,) = work.accounts.requests.undecided(contest)
    world.reissues.decide(OLIVE, asked.id, approve=True)
    assert "acc-5" == taken(world, contest, JUDY)
    assert account == world.accounts.give_back(JUDY, contest, account.row_id)
    assert 1 == len(world.letters("account_returned"))
    with world.store.read() as work:
        assert work.accounts.held_by(contest, JUDY) is not None


def test_nobody_gives_back_what_is_anothers(world: World, contest: str) -> None:
    """Judy's account is hers to return, and only while she has it; one who has none reads so."""
    account = world.accounts.returning(JUDY, CHANNEL)
    with pytest.raises(Refusal, match="no longer yours"):
        world.accounts.give_back(ADA, contest, account.row_id)
    with pytest.raises(Refusal, match="nothing to give back"):
        world.accounts.returning(ADA, CHANNEL)


def test_a_low_pool_is_told_once_a_day(world: World) -> None:
    """A pool of twenty is low at two; a small one is never low, only empty."""
    contest = world.contest()
    world.pool(20)
    people = [f"U0P{number}" for number in range(18)]
    for user_id in people:
        world.directory.add(user_id, user_id, CHANNEL)
        taken(world, contest, user_id)
    (alarm,) = world.letters("pool_alarm", OLIVE)
    assert (2, "") == (alarm.message["left"], alarm.message["asked_by"])
    taken(world, contest, ADA)
    assert 1 == len(world.letters("pool_alarm", OLIVE))


def test_the_offer_of_own_terms(world: World) -> None:
    """What organizers wrote stands in the place of ours."""
    contest = world.contest()
    world.pool(1)
    with world.store.write() as work:
        row = work.contests.lock(contest)
        assert row is not None
        row.texts = {"terms": "Be kind."}
    offered = world.accounts.offer(ADA, CHANNEL)
    assert isinstance(offered, AccountOffer)
    assert "Be kind." == offered.terms

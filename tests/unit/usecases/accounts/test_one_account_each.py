"""One account a person and contest: whoever gave one back gets another when an organizer says so, and reads passwords slowly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal
from bot.rules.phases import Phase
from bot.rules.secret import Secret
from bot.usecases.accounts.accounts import LOOKS, AccountOffer, ClaimAccount, Credentials, HadAccount, Line
from bot.usecases.accounts.letters import AccountReply
from bot.usecases.people.home import AccountState, HomeAccount
from bot.usecases.stored import load
from models.accounts import RequestKind
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, EVE, JUDY, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIZE = 6


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


@pytest.fixture
def contest(world: World) -> str:
    """An open contest with six accounts."""
    contest = world.contest()
    world.pool(SIZE)
    return contest


def take(world: World, contest: str, user_id: str, view_id: str) -> Credentials | AccountOffer:
    """The person sends in the modal with the terms."""
    return world.accounts.claim(ClaimAccount(user_id, contest, view_id, accepted_terms=True))


def took_and_returned(world: World, contest: str, user_id: str = ADA, view_id: str = "V1") -> None:
    """The person takes an account, and gives it back."""
    assert isinstance(take(world, contest, user_id, view_id), Credentials)
    world.accounts.give_back(user_id, contest, world.accounts.returning_of(user_id, contest).row_id)


def asked(world: World, contest: str, user_id: str = ADA) -> str:
    """The person asks for another account; the id of the request."""
    world.reissues.ask_another(user_id, contest)
    with world.store.read() as work:
        (request,) = work.accounts.requests.undecided(contest)
    assert (user_id, RequestKind.ANOTHER) == (request.user_id, request.kind)
    return request.id


def free(world: World, contest: str) -> int:
    """How many accounts nobody has had yet."""
    with world.store.read() as work:
        return work.accounts.free(contest)


def test_nobody_empties_the_pool_by_taking_and_giving_back(world: World, contest: str) -> None:
    """Take, return, take, return ...: Ada reads one password of six, and five accounts are left for others."""
    seen = set()
    for number in range(SIZE):
        given = take(world, contest, ADA, f"V{number}")
        if isinstance(given, Credentials):
            seen.add(given.password)
            world.accounts.give_back(ADA, contest, world.accounts.returning(ADA, CHANNEL).row_id)
    assert ({Secret("Secret-1")}, SIZE - 1) == (seen, free(world, contest))


def test_asked_again_they_read_what_they_had(world: World, contest: str) -> None:
    """By command, by a window that was open all the time, by the line, on the Home tab and by plain words."""
    took_and_returned(world, contest)
    had = HadAccount("acc-1", "lab1", world.clock.now(), None)
    world.clock.advance(hours=1)
    offers = (world.accounts.offer(ADA, CHANNEL), take(world, contest, ADA, "V2"), world.accounts.wait(ADA, contest))
    assert [(had, None)] * 3 == [(offer.had, offer.line) for offer in offers if isinstance(offer, AccountOffer)]
    assert HomeAccount(AccountState.RETURNED) == world.people.home(ADA).contests[0].account
    world.answers.answer(ADA, "D0ADA", "account", "Ev1")
    (letter,) = world.letters("account_reply")
    reply = load(letter.message)
    assert isinstance(reply, AccountReply)
    assert reply.had
    with world.store.read() as work:
        assert [] == list(work.accounts.waits.queue(contest))


def test_the_view_of_an_account_that_was_given_back_shows_no_other(world: World, contest: str) -> None:
    """The modal of the first claim, delivered once more after the return, hands out nothing."""
    took_and_returned(world, contest)
    assert isinstance(take(world, contest, ADA, "V1"), AccountOffer)
    assert SIZE - 1 == free(world, contest)


def test_an_organizer_allows_another_one_and_only_one(world: World, contest: str) -> None:
    """Olive is asked once, Ada is told; she takes the second account, and after its return has to ask anew."""
    took_and_returned(world, contest)
    request = asked(world, contest)
    assert world.accounts.offer(ADA, CHANNEL).had == world.reissues.ask_another(ADA, contest).had
    (letter,) = world.letters("another_asked")
    assert (OLIVE, ADA, "acc-1") == (letter.recipient, letter.message["asked_by"], letter.message["account_id"])
    decided = world.reissues.decide(OLIVE, request, approve=True)
    assert (ADA, True, True) == (decided.asked_by, decided.approved, decided.by_now)
    assert [ADA] == [told.recipient for told in world.letters("another_allowed")]
    given = take(world, contest, ADA, "V2")
    assert isinstance(given, Credentials)
    assert ("acc-2", Secret("Secret-2")) == (given.account_id, given.password)
    world.accounts.give_back(ADA, contest, world.accounts.returning(ADA, CHANNEL).row_id)
    assert isinstance(take(world, contest, ADA, "V3"), AccountOffer)
    assert request != asked(world, contest)


def test_a_decline_comes_with_a_reason_and_opens_nothing(world: World, contest: str) -> None:
    """Ada reads why; only organizers decide, and the first decision counts."""
    took_and_returned(world, contest)
    request = asked(world, contest)
    for person in (ADA, BEN, JUDY):
        with pytest.raises(Refusal, match="for the organizers"):
            world.reissues.decide(person, request, approve=True)
    world.reissues.decide(OLIVE, request, approve=False, reason="They are short.")
    assert not world.reissues.decide(OLIVE, request, approve=True).approved
    (letter,) = world.letters("another_declined")
    assert (ADA, "They are short.") == (letter.recipient, letter.message["reason"])
    assert isinstance(take(world, contest, ADA, "V2"), AccountOffer)


def test_a_wish_for_another_account_outlives_the_next_holder_of_the_first(world: World, contest: str) -> None:
    """Ben gets the account that Ada gave back and returns it, too: Ada's question still waits, and shows nobody a password."""
    took_and_returned(world, contest)
    request = asked(world, contest)
    world.accounts.give_back(OLIVE, contest, _handed_on(world, contest))
    world.reissues.decide(OLIVE, request, approve=True)
    with pytest.raises(Refusal, match="no such permission"):
        world.reissues.reveal(ADA, request, "V9")


def _handed_on(world: World, contest: str) -> str:
    """The first account gets a new password, and Olive takes it; the id of its row."""
    with world.store.write() as work:
        account = work.accounts.find(contest, "acc-1", "lab1")
        assert account is not None
        account.returned_at = None
    given = take(world, contest, OLIVE, "V5")
    assert isinstance(given, Credentials)
    assert "acc-1" == given.account_id
    return account.id


def test_who_may_have_one_or_is_not_entitled_asks_nobody(world: World, contest: str) -> None:
    """Cleo, who never had one, sees the ordinary window; Eve is told to join; after the end there is nothing to ask for."""
    assert (None, None) == (world.reissues.ask_another(CLEO, contest).had, world.accounts.offer(CLEO, CHANNEL).had)
    with pytest.raises(Refusal, match="join that channel"):
        world.reissues.ask_another(EVE, contest)
    took_and_returned(world, contest)
    for phase in (Phase.OPEN, Phase.JUDGING):
        world.contests.advance(OLIVE, contest, phase)
    with pytest.raises(Refusal, match="is over"):
        world.reissues.ask_another(ADA, contest)
    assert [] == world.letters("another_asked")


def test_an_allowed_one_stands_in_line_like_others(world: World) -> None:
    """Where none is free the organizer's word lets Ada into the line."""
    contest = world.contest()
    world.pool(1)
    took_and_returned(world, contest)
    world.reissues.decide(OLIVE, asked(world, contest), approve=True)
    assert Line(1, 1) == world.accounts.wait(ADA, contest).line


def test_passwords_are_shown_slowly(world: World, contest: str) -> None:
    """Olive allows whatever Ada asks for: three passwords within an hour, then no more, and the account stays in the pool."""
    for number in range(LOOKS):
        took_and_returned(world, contest, view_id=f"V{number}")
        world.reissues.decide(OLIVE, asked(world, contest), approve=True)
    left = free(world, contest)
    with pytest.raises(Refusal, match=f"shown you {LOOKS} passwords within an hour"):
        take(world, contest, ADA, "V9")
    assert left == free(world, contest)
    assert isinstance(take(world, contest, BEN, "V9"), Credentials)
    world.clock.advance(hours=1, seconds=1)
    assert isinstance(take(world, contest, ADA, "V9"), Credentials)


def test_looks_at_one_password_count_too(world: World, contest: str) -> None:
    """Approvals in a row: the same window again costs nothing, the fourth window within an hour waits."""
    first = take(world, contest, ADA, "V0")
    assert first == take(world, contest, ADA, "V0")
    for number in range(1, LOOKS):
        request = world.reissues.ask(ADA, contest).request_id
        world.reissues.decide(OLIVE, request, approve=True)
        assert (
            first
            == world.reissues.reveal(ADA, request, f"V{number}")
            == world.reissues.reveal(ADA, request, f"V{number}")
        )
        world.clock.advance(minutes=1)
    request = world.reissues.ask(ADA, contest).request_id
    world.reissues.decide(OLIVE, request, approve=True)
    with pytest.raises(Refusal, match="within an hour"):
        world.reissues.reveal(ADA, request, "V9")
    world.clock.advance(hours=1)
    assert first == world.reissues.reveal(ADA, request, "V9")


def test_erasing_a_person_takes_what_they_had_and_looked_at(world: World, contest: str) -> None:
    """Of Ada, who had an account and asked for another, no row is left."""
    took_and_returned(world, contest)
    asked(world, contest)
    world.erasure.erase(OLIVE, ADA, "Ada")
    with world.store.read() as work:
        assert ([], [], None) == (
            list(work.accounts.looks.since(ADA, world.row(contest).created_at)),
            list(work.accounts.requests.undecided(contest)),
            work.accounts.returns.barring(contest, ADA),
        )

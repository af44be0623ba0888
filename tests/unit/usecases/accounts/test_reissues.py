"""A lost password once more: asked for, decided by an organizer, shown once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal
from bot.rules.phases import Phase
from bot.rules.secret import Secret
from bot.usecases.accounts.accounts import ClaimAccount, Credentials
from tests.makers.world import ADA, BEN, CHANNEL, JUDY, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


@pytest.fixture
def contest(world: World) -> str:
    """Ada has the first of two accounts, and has seen its password."""
    contest = world.contest()
    world.pool(2)
    world.accounts.claim(ClaimAccount(ADA, contest, "V1", accepted_terms=True))
    return contest


def approved(world: World, contest: str) -> str:
    """Ada asked, Olive agreed; the request's id."""
    request = world.reissues.ask(ADA, contest)
    world.reissues.decide(OLIVE, request.request_id, approve=True)
    return request.request_id


def test_an_approval_shows_the_password_once_more(world: World, contest: str) -> None:
    """In one window, and in a redelivery of the same; another window reads that it was shown."""
    request = approved(world, contest)
    shown = Credentials("acc-1", "lab1", Secret("Secret-1"), "https://lab.example/signin")
    assert shown == world.reissues.reveal(ADA, request, "V2")
    assert shown == world.reissues.reveal(ADA, request, "V2")
    with pytest.raises(Refusal, match="shown it once"):
        world.reissues.reveal(ADA, request, "V3")


def test_organizers_are_asked_and_the_person_is_told(world: World, contest: str) -> None:
    """A letter to Olive that names the account, one to Ada with the answer."""
    request = approved(world, contest)
    (asked,) = world.letters("reissue_asked")
    assert (OLIVE, ADA, "acc-1", "lab1") == (
        asked.recipient,
        *(asked.message[key] for key in ("asked_by", "account_id", "user_name")),
    )
    (answer,) = world.letters("reissue_approved")
    assert (ADA, request) == (answer.recipient, answer.message["request_id"])


def test_an_open_request_is_not_doubled(world: World, contest: str) -> None:
    """Asked twice, and again after the approval: one request, one letter; the window shows how it stands."""
    first = world.reissues.ask(ADA, contest)
    assert first == world.reissues.ask(ADA, contest)
    world.reissues.decide(OLIVE, first.request_id, approve=True)
    assert first.request_id == world.reissues.ask(ADA, contest).request_id
    assert 1 == len(world.letters("reissue_asked"))
    held = world.accounts.offer(ADA, CHANNEL).held
    assert held is not None
    assert held.request is not None
    assert held.request.approved_until == world.later(hours=24)


def test_after_the_look_one_can_ask_anew(world: World, contest: str) -> None:
    """A second loss is a second request."""
    request = approved(world, contest)
    world.reissues.reveal(ADA, request, "V2")
    world.clock.advance(minutes=1)
    assert request != world.reissues.ask(ADA, contest).request_id
    assert 2 == len(world.letters("reissue_asked"))


def test_without_an_approval_nothing_is_shown(world: World, contest: str) -> None:
    """Neither undecided nor declined."""
    request = world.reissues.ask(ADA, contest).request_id
    with pytest.raises(Refusal, match="No organizer has approved"):
        world.reissues.reveal(ADA, request, "V2")
    with pytest.raises(Refusal, match="why"):
        world.reissues.decide(OLIVE, request, approve=False, reason=" ")
    world.reissues.decide(OLIVE, request, approve=False, reason="Please come to the desk.")
    with pytest.raises(Refusal, match="No organizer has approved"):
        world.reissues.reveal(ADA, request, "V2")
    (answer,) = world.letters("reissue_declined")
    assert (ADA, OLIVE, "Please come to the desk.") == (
        answer.recipient,
        *(answer.message[key] for key in ("declined_by", "reason")),
    )


def test_an_approval_is_good_for_a_day(world: World, contest: str) -> None:
    """A day later it shows nothing, except to the window that showed it in time."""
    request = approved(world, contest)
    world.clock.advance(hours=24)
    with pytest.raises(Refusal, match="the day is over"):
        world.reissues.reveal(ADA, request, "V2")
    assert request != world.reissues.ask(ADA, contest).request_id


def test_only_the_holder_looks_and_only_organizers_decide(world: World, contest: str) -> None:
    """Ben can neither use Ada's approval nor give one; nor can a judge."""
    request = world.reissues.ask(ADA, contest).request_id
    for user_id in (ADA, BEN, JUDY):
        with pytest.raises(Refusal, match="for the organizers"):
            world.reissues.decide(user_id, request, approve=True)
    world.reissues.decide(OLIVE, request, approve=True)
    with pytest.raises(Refusal, match="no such permission"):
        world.reissues.reveal(BEN, request, "V2")
    with pytest.raises(Refusal, match="You have no account"):
        world.reissues.ask(BEN, contest)


def test_the_first_decision_counts(world: World, contest: str) -> None:
    """Another organizer's button says how it stands; nobody is told twice."""
    request = world.reissues.ask(ADA, contest).request_id
    assert world.reissues.decide(OLIVE, request, approve=True).by_now
    second = world.reissues.decide(OLIVE, request, approve=False, reason="no")
    assert (True, False) == (second.approved, second.by_now)
    assert [] == world.letters("reissue_declined")
    with pytest.raises(Refusal, match="has decided about that already"):
        world.reissues.asked_by(OLIVE, request)


def test_a_returned_account_is_no_longer_shown(world: World, contest: str) -> None:
    """The approval goes with the account."""
    request = approved(world, contest)
    world.accounts.give_back(ADA, contest, world.accounts.returning(ADA, CHANNEL).row_id)
    with pytest.raises(Refusal, match="no such permission"):
        world.reissues.reveal(ADA, request, "V2")


def test_retired_passwords_are_gone(world: World, contest: str) -> None:
    """Only after the end, only by organizers; then nobody sees one, and no byte of it is left."""
    request = approved(world, contest)
    with pytest.raises(Refusal, match="still need"):
        world.pools.retire(OLIVE, contest)
    for phase in (Phase.OPEN, Phase.JUDGING):
        world.contests.advance(OLIVE, contest, phase)
    with pytest.raises(Refusal, match="for the organizers"):
        world.pools.retire(ADA, contest)
    assert (2, 0) == (world.pools.retire(OLIVE, contest), world.pools.retire(OLIVE, contest))
    with pytest.raises(Refusal, match="deleted the passwords"):
        world.reissues.reveal(ADA, request, "V2")
    with world.store.read() as work:
        assert (0, {b""}) == (
            work.accounts.free(contest),
            {row.sealed_password for row in work.accounts.of_contest(contest)},
        )


def test_every_step_is_in_the_trail_without_the_password(world: World, contest: str) -> None:
    """Who asked, who agreed, who looked: and no value."""
    world.reissues.reveal(ADA, approved(world, contest), "V2")
    with world.store.read() as work:
        trail = work.audit.of_contest(contest)
        letters = [row.message for row in work.outbox.of_kinds()]
    steps = [(row.actor, row.action) for row in trail if row.action.startswith("account.")]
    assert [
        (ADA, "account.claimed"),
        (ADA, "account.reissue_asked"),
        (OLIVE, "account.reissue_approved"),
        (ADA, "account.revealed_again"),
    ] == steps
    assert "Secret" not in repr([[row.facts for row in trail], letters, repr(trail)])

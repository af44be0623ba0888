"""Lab accounts: who gets one, and how often the password is seen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.errors import ConfigurationError, Refusal, Unavailable
from bot.rules.phases import Phase
from bot.rules.secret import Secret
from bot.usecases.accounts.accounts import AccountOffer, ClaimAccount, Credentials, HeldAccount, Line
from bot.usecases.accounts.pools import Imported, PoolRow
from models.store import Store
from tests.makers.databases import with_tables
from tests.makers.fakes import FakeVault
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, DINA, EVE, GUS, LOUNGE, OLIVE, World, small_world, world_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bot.ports import Binding
    from models.store import Work


class LostKey(FakeVault):
    """Opens nothing."""

    def unseal(self, sealed: bytes, binding: Binding) -> Secret:
        """Never."""
        raise ConfigurationError("wrong key")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def claim(world: World, contest: str, user_id: str = ADA, view_id: str = "V1", *, accepted: bool = True) -> Credentials:
    """The person submits the modal, and gets an account."""
    given = world.accounts.claim(ClaimAccount(user_id, contest, view_id, accepted))
    assert isinstance(given, Credentials)
    return given


def in_vain(world: World, contest: str, user_id: str, view_id: str = "V1") -> AccountOffer:
    """The person submits the modal, and gets none."""
    offered = world.accounts.claim(ClaimAccount(user_id, contest, view_id, accepted_terms=True))
    assert isinstance(offered, AccountOffer)
    return offered


def test_the_first_claim_gives_the_password(world: World) -> None:
    """Somebody who accepts the terms gets the first free account, whole."""
    contest = world.contest()
    world.pool(2)
    assert Credentials("acc-1", "lab1", Secret("Secret-1"), "https://lab.example/signin") == claim(world, contest)


class Crowded(Store):
    """Others come first."""

    turn: Callable[[], None] = staticmethod(lambda: None)

    @contextmanager
    def write(self) -> Iterator[Work]:
        with super().write() as work:
            self.turn()
            yield work


def test_the_trail_tells_when_a_claim_had_its_turn(tmp_path: Path) -> None:
    """Two claims that came in one moment are in the trail as they were served, and not by who asked the clock first."""
    store = Crowded(with_tables(tmp_path / "kantor.db"))
    world = world_of(store)
    contest = world.contest()
    world.pool(1)
    store.turn = lambda: world.clock.advance(minutes=1)
    claim(world, contest)
    with store.read() as work:
        (line,) = [row for row in work.audit.of_contest(contest) if row.action == "account.claimed"]
    assert world.clock.now() == line.at
    store.dispose()


def test_asked_again_the_password_is_not_shown(world: World) -> None:
    """Another modal shows the account and the address, and no password."""
    contest = world.contest()
    world.pool(2)
    claim(world, contest)
    assert Credentials("acc-1", "lab1", None, "https://lab.example/signin") == claim(world, contest, view_id="V2")


def test_the_same_view_delivered_again_shows_it_again(world: World) -> None:
    """Slack's redelivery of a submission must not cost the person their password."""
    contest = world.contest()
    world.pool(2)
    assert claim(world, contest) == claim(world, contest)


def test_nobody_sees_anothers_password(world: World) -> None:
    """The view of one person shows another one their own account."""
    contest = world.contest()
    world.pool(2)
    claim(world, contest, ADA, "V1")
    assert Secret("Secret-2") == claim(world, contest, BEN, "V1").password
    assert claim(world, contest, ADA, "V2").password is None


def test_two_claims_of_one_person_take_one_account(world: World) -> None:
    """A double click leaves the second account in the pool."""
    contest = world.contest()
    world.pool(2)
    with ThreadPoolExecutor(2) as threads:
        given = list(threads.map(lambda view: claim(world, contest, view_id=view), ["V1", "V2"]))
    assert ["acc-1", "acc-1"] == [credentials.account_id for credentials in given]
    assert 1 == sum(credentials.password is not None for credentials in given)


def test_the_last_account_goes_to_one_of_two(world: World) -> None:
    """Two people who claim at once never get the same account."""
    contest = world.contest()
    world.pool(1)

    def outcome(user_id: str) -> str:
        given = world.accounts.claim(ClaimAccount(user_id, contest, "V1", accepted_terms=True))
        return given.account_id if isinstance(given, Credentials) else "none"

    with ThreadPoolExecutor(2) as threads:
        assert ["acc-1", "none"] == sorted(threads.map(outcome, [ADA, BEN]))


def test_an_empty_pool_is_the_line_and_one_alarm_a_day(world: World) -> None:
    """The window offers the line; the organizers are told once a day, however many people ask."""
    contest = world.contest()
    world.pool(1)
    claim(world, contest)
    for view in ("V2", "V3"):
        assert Line(0, 0) == in_vain(world, contest, BEN, view).line
    (alarm,) = world.letters("pool_alarm", OLIVE)
    assert ("bach-jam", 0, BEN) == (alarm.message["slug"], alarm.message["left"], alarm.message["asked_by"])
    world.clock.advance(days=1)
    in_vain(world, contest, BEN, "V4")
    assert 2 == len(world.letters("pool_alarm", OLIVE))


def test_an_account_that_does_not_open_stays_in_the_pool(world: World) -> None:
    """With a wrong key nothing is used up; the person reads whose fault it is, and the organizers learn of it once a day."""
    contest = world.contest()
    world.pool(2)
    accounts = replace(world.accounts, vault=LostKey())
    for user_id in (ADA, BEN):
        with pytest.raises(Refusal) as refusal:
            accounts.claim(ClaimAccount(user_id, contest, "V1", accepted_terms=True))
    assert (
        "I cannot open the accounts right now: that is our fault, not yours. I have told the organizers, and no account is "
        "used up. Please ask again a little later."
    ) == refusal.value.sentence
    with world.store.read() as work:
        assert (2, None) == (work.accounts.free(contest), work.accounts.held_by(contest, ADA))
    (alarm,) = world.letters("trouble_alarm")
    assert OLIVE == alarm.recipient
    assert "KANTOR_SECRET_KEY" in alarm.message["what"]
    assert Secret("Secret-1") == claim(world, contest).password


def test_alarms_reach_the_organizers_of_the_settings_too(world: World) -> None:
    """Olive organizes the contest and stands in the settings: one letter for her, one for Cleo."""
    contest = world.contest()
    world.pool(1)
    claim(world, contest, BEN)
    who = replace(world.desk.who, organizer_ids=frozenset({OLIVE, CLEO}))
    accounts = replace(world.accounts, desk=replace(world.desk, who=who))
    accounts.claim(ClaimAccount(ADA, contest, "V1", accepted_terms=True))
    assert [CLEO, OLIVE] == sorted(letter.recipient for letter in world.letters("pool_alarm"))


def test_where_no_account_was_ever_brought_none_is_promised(world: World) -> None:
    """The window says so at once, and nobody is alarmed."""
    contest = world.contest()
    none = (
        "*Bach Jam* has no accounts to hand out, and you can take part without one. "
        "If you were promised an account, please ask an organizer."
    )
    with pytest.raises(Refusal) as refusal:
        world.accounts.offer(ADA, CHANNEL)
    assert none == refusal.value.sentence
    with pytest.raises(Refusal) as refusal:
        claim(world, contest)
    assert none == refusal.value.sentence
    assert [] == world.letters("pool_alarm")


def test_while_slack_does_not_say_who_somebody_is_nothing_is_handed_out(world: World) -> None:
    """Gus was met as a guest: that we remember him does not make him a member."""
    contest = world.contest()
    world.pool(1)
    world.directory.members[CHANNEL].add(GUS)
    world.upload(GUS)
    world.directory.forgotten.add(GUS)
    with pytest.raises(Unavailable):
        claim(world, contest, GUS)
    with world.store.read() as work:
        assert 1 == work.accounts.free(contest)


def test_without_the_terms_there_is_no_account(world: World) -> None:
    """The sentence stands at the box that was not ticked."""
    contest = world.contest()
    world.pool(1)
    with pytest.raises(Refusal) as refusal:
        claim(world, contest, accepted=False)
    assert "accepted_terms" == refusal.value.field
    assert claim(world, contest).password == Secret("Secret-1")


@pytest.mark.parametrize(
    ("user_id", "sentence"),
    [
        (EVE, "Accounts are for the people of <#C0MUSIC>. Please join that channel first, then ask me again."),
        (
            GUS,
            (
                "Accounts are for the people of <#C0MUSIC>. Please join that channel first, then ask me again. "
                "As a guest you need an organizer to let you in."
            ),
        ),
        (
            DINA,
            "I do not know you as a member of this workspace, so I cannot give you an account. Please ask an organizer.",
        ),
        (
            "U0NOBODY",
            "I do not know you as a member of this workspace, so I cannot give you an account. Please ask an organizer.",
        ),
    ],
)
def test_who_is_not_entitled_is_told_what_to_do(world: World, user_id: str, sentence: str) -> None:
    """Neither the offer nor the claim is open to guests and people outside the channel."""
    contest = world.contest()
    world.pool(1)
    with pytest.raises(Refusal) as refusal:
        world.accounts.offer(user_id, CHANNEL)
    assert sentence == refusal.value.sentence
    with pytest.raises(Refusal) as refusal:
        claim(world, contest, user_id)
    assert sentence == refusal.value.sentence


def test_of_several_contests_only_those_that_one_sees_are_named(world: World) -> None:
    """Ada is asked which one she means; Eve, who is in no channel, learns of none, by command as by plain words."""
    world.contest()
    world.contest(name="Blue Notes", slug="blue-notes", channel_id=LOUNGE)
    with pytest.raises(Refusal, match="Several contests are on: \\*Bach Jam\\* in <#C0MUSIC>, \\*Blue Notes\\*"):
        world.accounts.offer(ADA, "D0ADA")
    with pytest.raises(Refusal, match="There is no contest here yet"):
        world.accounts.offer(EVE, "D0EVE")
    world.answers.answer(EVE, "D0EVE", "account", "Ev1")
    (letter,) = world.letters("help_reply")
    assert letter.message["sentence"].startswith("There is no contest here yet")


def test_a_guest_inside_the_channel_is_sent_to_the_organizers(world: World) -> None:
    """Guests get no accounts, wherever they are."""
    world.contest()
    world.pool(1)
    world.directory.members[CHANNEL].add(GUS)
    with pytest.raises(Refusal) as refusal:
        world.accounts.offer(GUS, CHANNEL)
    assert (
        "Accounts are for full members of this workspace, and you are here as a guest. Please ask an organizer of the contest."
    ) == refusal.value.sentence


def test_the_offer_shows_terms_or_what_is_held(world: World) -> None:
    """Before the claim there are the terms; after it, the account without its password."""
    contest = world.contest()
    world.pool(1)
    offer = world.accounts.offer(ADA, CHANNEL)
    assert ("Bach Jam", None) == (offer.contest_name, offer.held)
    assert "switch off what you started" in offer.terms
    claim(world, contest)
    assert HeldAccount("acc-1", "lab1", "https://lab.example/signin") == world.accounts.offer(ADA, CHANNEL).held


def test_after_the_end_no_accounts_are_given(world: World) -> None:
    """A finished contest says that it is over."""
    world.contest(Phase.FINISHED)
    with pytest.raises(Refusal) as refusal:
        world.accounts.offer(ADA, CHANNEL)
    assert "*Bach Jam* is over, so it hands out no accounts any more." == refusal.value.sentence


def test_importing_twice_keeps_what_is_there(world: World) -> None:
    """Rows that are known are counted and left as they are."""
    world.contest()
    rows = [
        PoolRow("acc-1", "lab1", Secret("Secret-1"), "https://lab.example"),
        PoolRow("acc-1", "lab2", Secret("x"), "https://lab.example"),
    ]
    assert Imported(2, 0) == world.pools.import_pool("bach-jam", rows)
    assert Imported(0, 2) == world.pools.import_pool("bach-jam", rows)
    assert Imported(1, 1) == world.pools.import_pool(
        "bach-jam", [PoolRow("acc-2", "lab1", Secret("y"), "https://lab.example"), rows[0]]
    )


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (
            PoolRow("acc-2", "lab2", Secret(" "), "https://lab.example"),
            "Line 2: password is empty. Nothing was imported.",
        ),
        (
            PoolRow("acc-2", "", Secret(" "), "https://lab.example", line=7),
            "Line 7: user_name, password are empty. Nothing was imported.",
        ),
        (
            PoolRow("acc-2", "lab2", Secret("Secret-2"), "lab.example"),
            "Line 2: sign_in_url must start with https://, as in https://example.com/console. Nothing was imported.",
        ),
    ],
)
def test_an_incomplete_row_stops_the_import(world: World, row: PoolRow, sentence: str) -> None:
    """The line is told without what is in it, and nothing is kept."""
    world.contest()
    with pytest.raises(Refusal) as refusal:
        world.pools.import_pool("bach-jam", [PoolRow("acc-1", "lab1", Secret("Secret-1"), "https://lab.example"), row])
    assert sentence == refusal.value.sentence
    with world.store.read() as work:
        contest = work.contests.by_slug("bach-jam")
        assert contest is not None
        assert 0 == work.accounts.free(contest.id)


def test_an_unknown_slug_is_answered_with_the_known_ones(world: World) -> None:
    """Whoever imports learns what there is."""
    world.contest()
    with pytest.raises(Refusal) as refusal:
        world.pools.import_pool("bach", [])
    assert "There is no contest with the slug “bach”. Contests: bach-jam." == refusal.value.sentence


def test_no_secret_anywhere(world: World, tmp_path: Path) -> None:
    """A password is in no repr, no letter, no audit row, and in no byte of the database."""
    contest = world.contest()
    world.pool(2)
    given = claim(world, contest)
    claim(world, contest, view_id="V2")
    with world.store.read() as work:
        account = work.accounts.held_by(contest, ADA)
        trail = work.audit.of_contest(contest)
        letters = [row.message for row in work.outbox.of_kinds()]
    shown = [
        repr(given),
        repr(account),
        repr(PoolRow("a", "b", Secret("Secret-1"), "d")),
        repr([row.facts for row in trail]),
        repr(letters),
    ]
    assert [] == [text for text in shown if "Secret" in text]
    assert [] == [path.name for path in tmp_path.iterdir() if b"Secret-" in path.read_bytes()]
    assert ["account.claimed", "account.shown"] == [row.action for row in trail if row.action.startswith("account.")]

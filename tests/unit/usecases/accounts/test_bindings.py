"""A password in the database opens for whoever has the account, and for nobody else; what somebody has seen is known again, however they lost it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.adapters.vault import AesGcmVault
from bot.errors import ConfigurationError, KeysFailed, Refusal
from bot.ports import Binding
from bot.rules.secret import Secret
from bot.usecases.accounts.accounts import ClaimAccount, Credentials
from bot.usecases.accounts.pools import PoolRow
from tests.makers.world import ADA, BEN, CHANNEL, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PASSWORD = Secret("Secret-1")
VAULT = AesGcmVault(bytes(range(32)))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


@pytest.fixture
def contest(world: World) -> str:
    """One account, in a pool of Olive's contest."""
    contest = world.contest()
    world.pool(1)
    return contest


def sealed(world: World, contest: str) -> tuple[str, bytes]:
    """The id of the only account, and its password as the database has it."""
    with world.store.read() as work:
        (account,) = work.accounts.of_contest(contest)
    return account.id, account.sealed_password


def readers(world: World, contest: str) -> list[str | None]:
    """For whom of Ada, Ben and nobody it opens."""
    row, value = sealed(world, contest)
    found = list[str | None]()
    for person in (ADA, BEN, None):
        try:
            assert PASSWORD == world.accounts.vault.unseal(value, Binding(row, contest, person))
        except ConfigurationError:
            continue
        found.append(person)
    return found


def claim(world: World, contest: str, user_id: str = ADA, view_id: str = "V1") -> Secret | None:
    """They accept the terms; the password in their window."""
    given = world.accounts.claim(ClaimAccount(user_id, contest, view_id, accepted_terms=True))
    assert isinstance(given, Credentials)
    return given.password


def brought_again(world: World, contest: str) -> tuple[int, int]:
    """The list is brought once more with the old password: how many accounts are free by that, and how many stay out."""
    url = "https://lab.example/signin"
    imported = world.pools.bring(OLIVE, contest, [PoolRow("acc-1", "lab1", PASSWORD, url)])
    return imported.replaced, imported.stale


def test_a_claim_seals_it_for_the_person(world: World, contest: str) -> None:
    """Nobody's before, Ada's after, and the same window still shows it."""
    assert [None] == readers(world, contest)
    assert [PASSWORD, PASSWORD] == [claim(world, contest), claim(world, contest)]
    assert [ADA] == readers(world, contest)


def test_given_back_it_is_nobodys_and_known_as_seen(world: World, contest: str) -> None:
    """The account stays out of the pool while the list has the password that Ada has seen."""
    claim(world, contest)
    world.accounts.give_back(ADA, contest, world.accounts.returning(ADA, CHANNEL).row_id)

    assert [None] == readers(world, contest)
    assert (0, 1) == brought_again(world, contest)


def test_an_erased_holders_password_is_known_as_seen(world: World, contest: str) -> None:
    """Nothing is left that would need their id."""
    claim(world, contest)
    world.erasure.erase(OLIVE, ADA, "ada")

    assert [None] == readers(world, contest)
    assert (0, 1) == brought_again(world, contest)


def test_a_copied_row_shows_nobody_anothers_password(world: World, contest: str) -> None:
    """Somebody writes Ada's sealed password into an account of Ben's: it does not open there."""
    claim(world, contest)
    _, value = sealed(world, contest)
    with world.store.write() as work:
        (account,) = work.accounts.of_contest(contest)
        account.holder = BEN
    with pytest.raises(ConfigurationError):
        world.accounts.vault.unseal(value, Binding(account.id, contest, BEN))
    assert [ADA] == readers(world, contest)


def test_what_is_used_is_sealed_in_todays_way(world: World, contest: str) -> None:
    """From the first way, that knew the row alone, to the present one, at the claim."""
    row, _ = sealed(world, contest)
    accounts = replace(world.accounts, vault=VAULT)
    with world.store.write() as work:
        (account,) = work.accounts.of_contest(contest)
        account.sealed_password = first_way(PASSWORD, row)

    given = accounts.claim(ClaimAccount(ADA, contest, "V1", accepted_terms=True))

    _, value = sealed(world, contest)
    assert isinstance(given, Credentials)
    assert PASSWORD == given.password == VAULT.unseal(value, Binding(row, contest, ADA))
    assert VAULT.is_current(value)


def test_looked_at_again_it_is_sealed_in_todays_way(world: World, contest: str) -> None:
    """A holder of before: the window that comes a second time leaves it in the present way."""
    claim(world, contest)
    row, _ = sealed(world, contest)
    with world.store.write() as work:
        (account,) = work.accounts.of_contest(contest)
        account.sealed_password = first_way(PASSWORD, row)

    given = replace(world.accounts, vault=VAULT).claim(ClaimAccount(ADA, contest, "V1", accepted_terms=True))

    _, value = sealed(world, contest)
    assert isinstance(given, Credentials)
    assert PASSWORD == given.password == VAULT.unseal(value, Binding(row, contest, ADA))


def first_way(secret: Secret, row: str) -> bytes:
    """As Kantor sealed before it knew contests and people."""
    return (
        b"\x01" + bytes(12) + AESGCM(bytes(range(32))).encrypt(bytes(12), secret.reveal_text().encode(), row.encode())
    )


class KeyAway(AesGcmVault):
    """Whoever keeps its key does not answer."""

    def prepare(self) -> None:
        raise KeysFailed("KMS does not answer: ThrottlingException")


def test_while_the_key_is_out_of_reach_nothing_is_used_up(world: World, contest: str) -> None:
    """Who asks reads that it is our fault; the organizers learn why, once a day; giving back needs no key."""
    away = replace(world.accounts, vault=KeyAway(bytes(32)))
    for user_id in (ADA, BEN):
        with pytest.raises(Refusal, match="cannot open the accounts right now"):
            away.claim(ClaimAccount(user_id, contest, "V1", accepted_terms=True))
    (alarm,) = world.letters("trouble_alarm")
    assert "KMS does not answer" in alarm.message["what"]

    assert PASSWORD == claim(world, contest)
    away.give_back(ADA, contest, world.accounts.returning(ADA, CHANNEL).row_id)
    with pytest.raises(Refusal, match="no account of"):
        world.accounts.returning(ADA, CHANNEL)

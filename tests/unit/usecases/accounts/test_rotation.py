"""A new key: what the old one sealed opens all the time, is sealed anew in small steps, and then the old one can go."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.adapters.vault import AesGcmVault
from bot.errors import Refusal
from bot.rules.secret import Secret
from bot.usecases.accounts.accounts import ClaimAccount, Credentials
from bot.usecases.accounts.pools import PoolRow, Pools
from bot.usecases.accounts.rotation import AT_ONCE, KeyUse, Rotated, Rotation
from tests.makers.world import ADA, BEN, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.ports import Binding, Vault

OLD, NEW = bytes(range(32)), bytes(range(1, 33))
BEFORE = AesGcmVault(OLD, [NEW])
BETWEEN = AesGcmVault(NEW, [OLD])
AFTER = AesGcmVault(NEW)
SIZE = AT_ONCE + 10


class Dying(AesGcmVault):
    """Its process is killed at the seal that comes after so many."""

    left = AT_ONCE + 3

    def seal(self, secret: Secret, binding: Binding) -> bytes:
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt
        return super().seal(secret, binding)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


@pytest.fixture
def contest(world: World) -> str:
    """A pool that the old key sealed."""
    contest = world.contest()
    rows = [PoolRow(f"acc-{n:03}", "lab", Secret(f"Secret-{n}"), "https://lab.example") for n in range(SIZE)]
    Pools(world.accounts.desk, BEFORE).import_pool("bach-jam", rows)
    return contest


def claim(world: World, vault: Vault, contest: str, user_id: str = ADA, view_id: str = "V1") -> Secret | None:
    """They take an account, at a bot with these keys; the password in their window."""
    given = replace(world.accounts, vault=vault).claim(ClaimAccount(user_id, contest, view_id, accepted_terms=True))
    assert isinstance(given, Credentials)
    return given.password


def rotation(world: World, vault: Vault) -> Rotation:
    """At the machine, with these keys."""
    return Rotation(world.accounts.desk, vault)


def counted(world: World, vault: AesGcmVault) -> dict[str, int]:
    """How many passwords by key, as far as these know: "present", "other" or "unknown"."""
    words = {(True, True): "present", (False, True): "other", (False, False): "unknown"}
    return {words[use.is_present, use.is_known]: use.passwords for use in rotation(world, vault).status()}


def test_all_is_sealed_anew_and_the_old_key_can_go(world: World, contest: str) -> None:
    """Free and held alike; with the new key alone everybody still gets theirs."""
    assert Secret("Secret-0") == claim(world, BEFORE, contest)
    assert {"present": 0, "other": SIZE} == counted(world, BETWEEN)

    assert Rotated(SIZE, 0) == rotation(world, BETWEEN).rotate()

    assert {"present": SIZE} == counted(world, AFTER)
    assert Secret("Secret-0") == claim(world, AFTER, contest)
    assert Secret("Secret-1") == claim(world, AFTER, contest, BEN)
    assert Rotated(0, 0) == rotation(world, BETWEEN).rotate()


def test_killed_in_the_middle_it_is_run_again(world: World, contest: str) -> None:
    """What was sealed anew stays so, the rest still opens, and the second run does that rest."""
    with pytest.raises(KeyboardInterrupt):
        rotation(world, Dying(NEW, [OLD])).rotate()
    assert {"present": AT_ONCE, "other": SIZE - AT_ONCE} == counted(world, BETWEEN)
    assert Secret("Secret-0") == claim(world, BETWEEN, contest)

    assert Rotated(SIZE - AT_ONCE, 0) == rotation(world, BETWEEN).rotate()

    assert {"present": SIZE} == counted(world, AFTER)


def test_bots_that_know_both_keys_open_what_either_sealed(world: World, contest: str) -> None:
    """One bot has the new key already, another seals with the old one still: they read each other's."""
    assert Secret("Secret-0") == claim(world, BETWEEN, contest)
    assert Secret("Secret-0") == claim(world, BEFORE, contest)
    assert Secret("Secret-1") == claim(world, BEFORE, contest, BEN)
    assert Secret("Secret-1") == claim(world, BETWEEN, contest, BEN)


def test_what_no_key_opens_is_counted_and_left(world: World, contest: str) -> None:
    """Without the old key nothing is changed, and nobody's account is used up."""
    assert Rotated(0, SIZE) == rotation(world, AFTER).rotate()
    assert {"present": 0, "unknown": SIZE} == counted(world, AFTER)
    with pytest.raises(Refusal, match="cannot open the accounts"):
        claim(world, AFTER, contest)
    assert Rotated(SIZE, 0) == rotation(world, BETWEEN).rotate()


def test_retired_passwords_are_not_counted(world: World, contest: str) -> None:
    """There is nothing to seal in their place."""
    with world.store.write() as work:
        for account in work.accounts.of_contest(contest)[1:]:
            account.sealed_password = b""
    assert Rotated(1, 0) == rotation(world, BETWEEN).rotate()
    assert KeyUse(AFTER.keys[0], 1, is_present=True, is_known=True) == rotation(world, AFTER).status()[0]


def test_the_trail_has_how_many(world: World, contest: str) -> None:
    """One entry for each step, without a secret or a key."""
    rotation(world, BETWEEN).rotate()
    with world.store.read() as work:
        entries = [row.facts for row in work.audit.of_contest(contest) if row.action == "accounts.resealed"]
    assert [{"count": AT_ONCE}, {"count": SIZE - AT_ONCE}] == entries

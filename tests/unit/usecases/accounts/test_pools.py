"""The pool as organizers see it: pasted lists, and how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal
from bot.rules.secret import Secret
from bot.usecases.accounts.accounts import ClaimAccount
from bot.usecases.accounts.pools import PASTED, Imported, PoolRow, pasted_rows
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

URL = "https://lab.example/signin"
ROW = PoolRow("1", "ada", Secret("s3c;r,et"), URL)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


@pytest.mark.parametrize(
    "text",
    [
        f'1,ada,"s3c;r,et",{URL}',
        f"1\tada\ts3c;r,et\t{URL}\n\n",
        f'account_id;user_name;password;sign_in_url\n1;ada;"s3c;r,et";{URL}',
        f'password,user_name,account_id,sign_in_url,note\n"s3c;r,et",ada,1,{URL},x',
        f'\n Account_ID, User_Name, Password, Sign_In_URL\n1, ada, "s3c;r,et", {URL}',
    ],
    ids=["commas", "a spreadsheet", "semicolons", "other columns", "capitals and blanks"],
)
def test_a_pasted_list_is_read_however_it_was_copied(text: str) -> None:
    """With or without a line of names."""
    assert [ROW] == list(pasted_rows(text))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "I see no account there: one line each, as in the example."),
        ("account_id,user_name,password,sign_in_url", "I see no account there: one line each, as in the example."),
        (f"1,ada,s3cret,{URL}\n2,ben,,{URL}", "Line 2: password is empty. Nothing was imported."),
        ("1,ada,s3cret", "Line 1: sign_in_url is empty. Nothing was imported."),
        (
            "1,ada,s3cret,http://x",
            "Line 1: sign_in_url must start with https://, as in https://example.com/console. Nothing was imported.",
        ),
        (
            f"1,ada,s3,cret,{URL}",
            "Line 1: 5 cells in place of 4. Put double quotes around a cell with a comma. Nothing was imported.",
        ),
        (
            f"1,ada,s3cret,{URL}\n1,ada,other-s3cret,{URL}",
            "Line 2 is about the same account and user as line 1. Nothing was imported.",
        ),
        (
            "\n".join(f"{number},ada,s3cret," for number in range(1, 9)),
            (
                "Line 1: sign_in_url is empty. Line 2: sign_in_url is empty. Line 3: sign_in_url is empty. Line 4: sign_in_url is "
                "empty. Line 5: sign_in_url is empty. 3 more lines are wrong. Nothing was imported."
            ),
        ),
    ],
)
def test_what_is_wrong_names_the_line_and_no_cell(text: str, sentence: str) -> None:
    """A cell could be a password."""
    with pytest.raises(Refusal) as refusal:
        pasted_rows(text)
    assert (sentence, "pool_passwords") == (refusal.value.sentence, refusal.value.field)
    assert "s3c" not in refusal.value.sentence


def test_a_list_that_was_cut_off_is_not_taken() -> None:
    """3,000 characters are all that a window takes: the last line may be half of one, and who pastes learns how many fit."""
    line = f"1111,lab,s3cret,{URL}\n"
    text = (line * 100)[:PASTED]
    with pytest.raises(Refusal, match=f"Paste {text.count(chr(10))} lines at a time") as refusal:
        pasted_rows(text)
    assert "kantor accounts import" in refusal.value.sentence


def test_the_preview_changes_nothing_and_tells_what_the_import_does(world: World) -> None:
    """New and known, then the same numbers; several pastes add up."""
    contest = world.contest()
    world.pool(1)
    rows = [PoolRow("acc-1", "lab1", Secret("x"), URL), PoolRow("acc-2", "lab2", Secret("x"), URL)]
    for _ in range(2):
        assert Imported(1, 1) == world.pools.preview(OLIVE, contest, rows)
    assert Imported(1, 1) == world.pools.bring(OLIVE, contest, rows)
    assert Imported(1, 0) == world.pools.bring(OLIVE, contest, [PoolRow("acc-3", "lab3", Secret("x"), URL)])
    with world.store.read() as work:
        assert 3 == work.accounts.free(contest)
        noted = [row for row in work.audit.of_contest(contest) if row.action == "accounts.imported"]
    assert [{"new": 1, "known": 1, "replaced": 0}] == [row.facts for row in noted if row.actor == OLIVE][:1]


def test_bringing_accounts_is_for_organizers(world: World) -> None:
    """Ada can neither look, nor check, nor bring."""
    contest = world.contest()
    for attempt in (
        lambda: world.pools.place(ADA, CHANNEL),
        lambda: world.pools.preview(ADA, contest, [ROW]),
        lambda: world.pools.bring(ADA, contest, [ROW]),
        lambda: world.pools.status_of(ADA, contest),
    ):
        with pytest.raises(Refusal, match="for the organizers"):
            attempt()
    assert world.pools.status(ADA, CHANNEL) is None


def test_the_status_counts_what_is_where(world: World) -> None:
    """One held, one returned, one kept for Cleo and so free for nobody else; Ada's request waits."""
    contest = world.contest()
    world.pool(2)
    for user_id in (ADA, BEN):
        world.accounts.claim(ClaimAccount(user_id, contest, f"V{user_id}", accepted_terms=True))
    world.accounts.wait(CLEO, contest)
    world.accounts.give_back(BEN, contest, world.accounts.returning(BEN, CHANNEL).row_id)
    world.reissues.ask(ADA, contest)
    world.pools.import_pool("bach-jam", [PoolRow("acc-3", "lab3", Secret("x"), URL)])
    status = world.pools.status(OLIVE, CHANNEL)
    assert status is not None
    assert (3, 0, 1, -1, 0) == (status.size, status.free, status.kept, status.low_water, status.retired)
    assert [("acc-1", ADA, world.clock.now())] == [(each.account_id, each.who, each.since) for each in status.held]
    assert [("acc-2", None)] == [(each.account_id, each.who) for each in status.returned]
    assert [(CLEO, world.later(hours=24))] == [(each.user_id, each.kept_until) for each in status.waiting]
    assert [ADA] == [each.user_id for each in status.requests]


def test_no_repr_of_a_paste_shows_a_password() -> None:
    """Rows end up in tracebacks."""
    assert "s3c" not in repr(pasted_rows(f'1,ada,"s3c;r,et",{URL}'))

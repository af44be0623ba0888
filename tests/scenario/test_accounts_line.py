"""The life of an account after it was handed out: the line, the return, the lost password, the paste."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.makers.stage import CHANNEL, Stage, eventually

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from bot.sandbox.client import Person

FIRST, SECOND, THIRD = "pw-1-first-of-all", "pw-2-pasted-later", "pw-3-a-new-one"
URL = "https://a.example.com"


def view_with(who: Person, words: str) -> dict[str, Any]:
    """The open window that says so."""
    found: dict[str, Any] = who.wait_for_view(lambda view: words in json.dumps(view["blocks"], ensure_ascii=False))
    return found


def take(stage: Stage, who: Person) -> str:
    """``who`` accepts the terms in the open modal; all that the next window says."""
    assert stage.fill_in(who, "claim_account", {"accepted_terms": ["accepted"]})["ok"]
    shown = json.dumps(view_with(who, "is yours"))
    stage.close_all(who)
    return shown


def paste(stage: Stage, text: str) -> dict[str, Any]:
    """Olive pastes a list, looks at what it would do, and imports it; the last window."""
    stage.olive.command(CHANNEL, "/kantor accounts import")
    assert stage.fill_in(stage.olive, "import_accounts", {"pool_passwords": text})["ok"]
    answer = stage.olive.submit(view_with(stage.olive, "Nothing is kept yet"), {"pool_passwords": text})
    assert answer["ok"], answer
    done = view_with(stage.olive, "The passwords are sealed")
    stage.close_all(stage.olive)
    return done


def nowhere(stage: Stage, people: Iterable[Person], secrets: Iterable[str]) -> None:
    """No message, no view that is open, and no byte of a file of ours has one of these."""
    places = [CHANNEL, *(who.open_dm() for who in people)]
    said = json.dumps([[stage.slack.all_messages(place) for place in places], [who.views() for who in people]])
    stored = [path for path in stage.settings.data_folder.rglob("*") if path.is_file()]
    for secret in secrets:
        assert secret not in said
        assert [] == [path.name for path in stored if secret.encode() in path.read_bytes()]


def test_the_line_the_paste_and_the_button(stage: Stage, tmp_path: Path) -> None:
    """Ada finds the pool empty and waits; Olive pastes one, and Ada's button opens the ordinary window; Cleo gets none before."""
    stage.contest()
    stage.pool(tmp_path, [FIRST])
    (tmp_path / "pool.csv").unlink()
    stage.ben.command(CHANNEL, "/kantor account")
    assert FIRST in take(stage, stage.ben)
    stage.ada.command(CHANNEL, "/kantor account")
    assert stage.fill_in(stage.ada, "wait_for_account", {})["ok"]
    view_with(stage.ada, "you are the next")
    stage.close_all(stage.ada)
    done = paste(stage, f"account_id,user_name,password,sign_in_url\n7,lab-7,{SECOND},{URL}")
    assert "*1* new" in json.dumps(done)
    dm = stage.ada.open_dm()
    letter = stage.ada.wait_for_message(dm, "is yours to take")
    stage.cleo.command(CHANNEL, "/kantor account")
    view_with(stage.cleo, "All accounts of")
    stage.close_all(stage.cleo)
    stage.ada.click(letter, "open_account")
    assert SECOND in take(stage, stage.ada)
    nowhere(stage, (stage.olive, stage.ada, stage.ben, stage.cleo), (FIRST, SECOND))


def test_a_paste_that_is_wrong_says_which_line_and_keeps_nothing(stage: Stage) -> None:
    """The error stands under the input; a changed list is checked anew before it is taken."""
    stage.contest()
    stage.olive.command(CHANNEL, "/kantor accounts import")
    answer = stage.fill_in(stage.olive, "import_accounts", {"pool_passwords": f"7,lab-7,{SECOND}"})
    assert {"pool_passwords": "Line 1: sign_in_url is empty. Nothing was imported."} == answer["errors"]
    view = stage.olive.wait_for_view(lambda view: view["callback_id"] == "import_accounts")
    one = f"7,lab-7,{SECOND},{URL}"
    assert stage.olive.submit(view, {"pool_passwords": one})["ok"]
    view = view_with(stage.olive, "*1* new")
    assert SECOND not in view["private_metadata"] + json.dumps(view["blocks"])
    both = f"{one}\n8,lab-8,{THIRD},{URL}"
    assert stage.olive.submit(view, {"pool_passwords": both})["ok"]
    assert stage.olive.submit(view_with(stage.olive, "*2* new"), {"pool_passwords": both})["ok"]
    view_with(stage.olive, "The passwords are sealed")
    stage.close_all(stage.olive)
    nowhere(stage, (stage.olive,), (SECOND, THIRD))
    stage.ada.command(CHANNEL, "/kantor accounts import")
    view_with(stage.ada, "for the organizers")


def test_given_back_replaced_and_handed_on(stage: Stage, tmp_path: Path) -> None:
    """Ada gives hers back from its window; Olive replaces the password; Ben, who waited, gets it with the new one."""
    stage.contest()
    stage.pool(tmp_path, [FIRST])
    stage.ada.command(CHANNEL, "/kantor account")
    take(stage, stage.ada)
    stage.ben.command(CHANNEL, "/kantor account")
    assert stage.fill_in(stage.ben, "wait_for_account", {})["ok"]
    stage.ada.command(CHANNEL, "/kantor account")
    stage.ada.click(view_with(stage.ada, "already"), "return_account")
    assert stage.fill_in(stage.ada, "return_account", {})["ok"]
    view_with(stage.ada, "no longer yours")
    told = stage.olive.wait_for_message(stage.olive.open_dm(), "gave back account")
    assert "<@U0ADA>" in told["text"]
    stage.olive.click(told, "show_pool")
    stage.olive.click(view_with(stage.olive, "Given back, the password is to be replaced"), "import_accounts")
    view_with(stage.olive, "Accounts for")
    stage.close_all(stage.olive)
    stage.ada.command(CHANNEL, "/kantor account return")
    view_with(stage.ada, "nothing to give back")
    assert "*1* with a new password" in json.dumps(paste(stage, f"0\tlab-0\t{THIRD}\t{URL}"))
    stage.close_all(stage.ben)
    stage.ben.click(stage.ben.wait_for_message(stage.ben.open_dm(), "is yours to take"), "open_account")
    assert THIRD in take(stage, stage.ben)


def test_a_lost_password_is_shown_once_more_after_an_organizer_agreed(stage: Stage, tmp_path: Path) -> None:
    """Ada asks in her window, Olive agrees in her letter, Ada's button shows it once; later it shows nothing."""
    stage.contest()
    stage.pool(tmp_path, [FIRST])
    (tmp_path / "pool.csv").unlink()
    stage.ada.command(CHANNEL, "/kantor account")
    take(stage, stage.ada)
    stage.ada.command(CHANNEL, "/kantor account")
    stage.ada.click(view_with(stage.ada, "already"), "ask_reissue")
    view_with(stage.ada, "I have asked the organizers")
    stage.close_all(stage.ada)
    olives = stage.olive.open_dm()
    stage.olive.click(stage.olive.wait_for_message(olives, "once more"), "approve_reissue")
    stage.olive.wait_for_message(olives, "may see their password once more")
    dm = stage.ada.open_dm()
    letter = stage.ada.wait_for_message(dm, "once more")
    stage.ada.click(letter, "show_again")
    assert stage.fill_in(stage.ada, "reveal_password", {})["ok"]
    assert FIRST in json.dumps(view_with(stage.ada, "is yours"))
    stage.close_all(stage.ada)
    stage.ada.click(letter, "show_again")
    assert stage.fill_in(stage.ada, "reveal_password", {})["ok"]
    view_with(stage.ada, "shown it once")
    # Another organizer's letter says how it stands, and shows nothing.
    stage.jack.click(stage.jack.wait_for_message(stage.jack.open_dm(), "once more"), "approve_reissue")
    eventually(lambda: "decided already" in json.dumps(stage.jack.ephemerals(stage.jack.open_dm())), "the answer")
    nowhere(stage, (stage.olive, stage.ada, stage.jack), (FIRST,))


def test_a_declined_request_comes_with_a_reason_and_an_old_approval_shows_nothing(stage: Stage, tmp_path: Path) -> None:
    """Olive declines in the pool's window and must say why; the second time she agrees, and Ada comes a day too late."""
    stage.contest()
    stage.pool(tmp_path, [FIRST])
    stage.ada.command(CHANNEL, "/kantor account")
    take(stage, stage.ada)

    def ask() -> None:
        stage.ada.command(CHANNEL, "/kantor account")
        stage.ada.click(view_with(stage.ada, "already"), "ask_reissue")
        view_with(stage.ada, "I have asked the organizers")
        stage.close_all(stage.ada)

    ask()
    stage.olive.command(CHANNEL, "/kantor accounts")
    stage.olive.click(view_with(stage.olive, "wants to see"), "decline_reissue")
    assert stage.fill_in(stage.olive, "decline_reissue", {"reason": "Come to the desk, please."})["ok"]
    view_with(stage.olive, "may not see")
    stage.close_all(stage.olive)
    stage.ada.wait_for_message(stage.ada.open_dm(), "Come to the desk, please.")
    ask()
    stage.olive.command(CHANNEL, "/kantor accounts")
    stage.olive.click(view_with(stage.olive, "wants to see"), "approve_reissue")
    letter = stage.ada.wait_for_message(stage.ada.open_dm(), "You can see the password")
    stage.clock.shift += timedelta(hours=24, minutes=1)
    stage.ada.click(letter, "show_again")
    assert stage.fill_in(stage.ada, "reveal_password", {})["ok"]
    view_with(stage.ada, "the day is over")
    stage.close_all(stage.ada)
    stage.ada.command(CHANNEL, "/kantor accounts")
    view_with(stage.ada, "You have your account for")


def test_another_account_needs_an_organizers_word(stage: Stage, tmp_path: Path) -> None:
    """Ada gave hers back: she reads so, asks, Olive agrees in her letter, and Ada's button leads to the second one."""
    stage.contest()
    stage.pool(tmp_path, [FIRST, SECOND])
    (tmp_path / "pool.csv").unlink()
    stage.ada.command(CHANNEL, "/kantor account")
    take(stage, stage.ada)
    stage.ada.command(CHANNEL, "/kantor account return")
    assert stage.fill_in(stage.ada, "return_account", {})["ok"]
    view_with(stage.ada, "no longer yours")
    stage.close_all(stage.ada)
    stage.ada.command(CHANNEL, "/kantor account")
    stage.ada.click(view_with(stage.ada, "gave it back"), "ask_another")
    view_with(stage.ada, "I asked the organizers")
    stage.close_all(stage.ada)
    olives = stage.olive.open_dm()
    stage.olive.click(stage.olive.wait_for_message(olives, "asks for another account"), "approve_reissue")
    stage.olive.wait_for_message(olives, "may have another account")
    stage.ada.click(stage.ada.wait_for_message(stage.ada.open_dm(), "an organizer agreed"), "open_account")
    assert SECOND in take(stage, stage.ada)
    nowhere(stage, (stage.olive, stage.ada), (FIRST, SECOND))

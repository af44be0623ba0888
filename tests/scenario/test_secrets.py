"""No secret leaves the window that shows it: not into a log line, the sandbox's log of the wire, a job, a message, a file or an export."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, text

from bot.wiring import database_url
from tests.makers.databases import looked_at
from tests.makers.pieces import melody
from tests.makers.stage import CHANNEL, Theatre, eventually

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PASSWORD = "pw-4k2-shown-once"
PASTED, WRONG = "pw-6m1-pasted-well", "pw-2z9-pasted-wrongly"
NOTE = "a private note that nobody else reads"


def tables_with(theatre: Theatre, secret: str) -> set[str]:
    """The names of the tables in one of whose values the secret stands, as text or inside bytes."""
    with looked_at(database_url(theatre.settings)) as connection:
        names = inspect(connection).get_table_names()
        rows = {name: repr(connection.execute(text(f'SELECT * FROM "{name}"')).fetchall()) for name in names}
    assert {"job", "outbox", "audit", "rating", "account"} <= rows.keys()
    return {name for name, found in rows.items() if secret in found}


def test_passwords_keys_and_private_notes_are_nowhere_but_in_their_window(theatre: Theatre, tmp_path: Path) -> None:
    """A whole contest at the most talkative log level; then everything that was written is searched."""
    theatre.pool(tmp_path, [PASSWORD])
    (tmp_path / "pool.csv").unlink()
    theatre.ada.command(CHANNEL, "/kantor account")
    assert theatre.fill_in(theatre.ada, "claim_account", {"accepted_terms": ["accepted"]})["ok"]
    shown = theatre.ada.wait_for_view(lambda view: PASSWORD in json.dumps(view))
    theatre.ada.close(shown)
    theatre.submit(theatre.ada, melody(1), "dawn.mid")
    theatre.next_phase()
    dm = theatre.judy.open_dm()
    theatre.judy.click(theatre.invitation(theatre.judy), "rate")
    scores = {"originality": "4", "balance": "4", "emotional": "4", "private_note": NOTE}
    assert theatre.fill_in(theatre.judy, "rate", scores)["ok"]
    eventually(lambda: "1 of 1" in json.dumps(theatre.slack.all_messages(dm)), "the end of the ratings")
    theatre.next_phase()

    people = (theatre.olive, theatre.ada, theatre.ben, theatre.judy, theatre.jack)
    said = json.dumps([theatre.slack.all_messages(place) for place in (CHANNEL, *(who.open_dm() for who in people))])
    key = (theatre.settings.data_folder / "secret.key").read_text(encoding="utf-8").strip()
    stored = [path for path in theatre.settings.data_folder.rglob("*") if path.is_file() and path.name != "secret.key"]
    assert "running" in theatre.log()
    assert [] == [secret for secret in (PASSWORD, NOTE, key) if secret in theatre.log()]
    assert [] == [secret for secret in (PASSWORD, NOTE, key) if secret in said]
    assert [] == [secret for secret in (PASSWORD, NOTE, key) if secret in json.dumps(theatre.slack.log())]
    assert [] == [path.name for path in stored if PASSWORD.encode() in path.read_bytes()]
    assert [] == [path.name for path in stored if key.encode() in path.read_bytes()]
    assert [] == [path.name for path in stored if NOTE.encode() in path.read_bytes() and "kantor.db" not in path.name]
    assert {"rating"} == tables_with(theatre, NOTE)
    assert set() == tables_with(theatre, PASSWORD) | tables_with(theatre, key)


def said_in(words: str) -> Callable[[dict[str, Any]], bool]:
    """Whether a window says so."""
    return lambda view: words in json.dumps(view)


def test_pasted_returned_and_shown_again_a_password_is_in_its_window_only(theatre: Theatre) -> None:
    """All other ways of a password, wrong turns among them, at the most talkative log level; then all is searched, the export, too."""
    olive, ada = theatre.olive, theatre.ada
    olive.command(CHANNEL, "/kantor accounts import")
    wrong = f"1,lab-1,{PASTED},a.example.com\n2,lab-2,{WRONG},"
    assert "pool_passwords" in theatre.fill_in(olive, "import_accounts", {"pool_passwords": wrong})["errors"]
    lines = {"pool_passwords": f"1,lab-1,{PASTED},https://a.example.com"}
    for said in ("Bring accounts", "Nothing is kept yet"):
        view = olive.wait_for_view(said_in(said))
        assert olive.submit(view, lines)["ok"]
    olive.wait_for_view(lambda view: "sealed" in json.dumps(view["blocks"]))
    theatre.close_all(olive)
    ada.command(CHANNEL, "/kantor account")
    assert theatre.fill_in(ada, "claim_account", {"accepted_terms": ["accepted"]})["ok"]
    ada.close(ada.wait_for_view(lambda view: PASTED in json.dumps(view["blocks"])))
    ada.command(CHANNEL, "/kantor account")
    ada.click(ada.wait_for_view(lambda view: "ask_reissue" in json.dumps(view)), "ask_reissue")
    olive.click(olive.wait_for_message(olive.open_dm(), "once more"), "approve_reissue")
    theatre.close_all(ada)
    ada.click(ada.wait_for_message(ada.open_dm(), "You can see the password"), "show_again")
    assert theatre.fill_in(ada, "reveal_password", {})["ok"]
    ada.close(ada.wait_for_view(lambda view: PASTED in json.dumps(view["blocks"])))
    ada.command(CHANNEL, "/kantor account return")
    assert theatre.fill_in(ada, "return_account", {})["ok"]
    theatre.close_all(ada)
    olive.command(CHANNEL, "/kantor export")
    exported = olive.wait_for_message(olive.open_dm(), "Everything of")

    people = (olive, ada, theatre.ben, theatre.judy, theatre.jack)
    said = json.dumps([theatre.slack.all_messages(place) for place in (CHANNEL, *(who.open_dm() for who in people))])
    key = (theatre.settings.data_folder / "secret.key").read_text(encoding="utf-8").strip()
    secrets = (PASTED, WRONG, key, theatre.server.bot_token, theatre.server.app_token)
    stored = [path for path in theatre.settings.data_folder.rglob("*") if path.is_file() and path.name != "secret.key"]
    (archive,) = [path for path in stored if path.name == exported["files"][0]["name"]]
    with zipfile.ZipFile(archive) as opened:
        files = b"".join(opened.read(name) for name in opened.namelist())
    assert b"lab-1" in files
    assert [] == [secret for secret in secrets if secret in theatre.log()]
    assert [] == [secret for secret in secrets if secret in said]
    assert [] == [secret for secret in secrets if secret in json.dumps(theatre.slack.log())]
    assert [] == [secret for secret in secrets if secret.encode() in files]
    assert [] == [path.name for path in stored for secret in secrets if secret.encode() in path.read_bytes()]

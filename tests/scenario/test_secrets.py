"""No secret leaves the window that shows it: not into a log line, the sandbox's log of the wire, a job, a message, a file or an export."""

from __future__ import annotations

import base64
import html
import json
import zipfile
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import httpx
import pytest
from sqlalchemy import inspect, text

from bot.wiring import database_url
from tests.makers.databases import looked_at
from tests.makers.pieces import melody
from tests.makers.searched import found_in, tables
from tests.makers.stage import CHANNEL, Theatre, eventually, free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PASSWORD = "pw-4k2-shown-once"
PASTED, WRONG, SECOND = r"pw-6m1\ü&<+/ well", r"pw-2z9\ü&<+/ wrongly", r"pw-5t8\ü&<+/ unseen"
"""With letters that JSON, HTML, Slack and URLs all write in their own way."""
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


def shows(secret: str) -> Callable[[dict[str, Any]], bool]:
    """Whether a window shows it, escaped or not."""
    return lambda view: bool(found_in({"window": json.dumps(view["blocks"]).encode()}, {"it": secret}))


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Theatre]:
    """An open contest; the bot is a process of its own, and tells its figures."""
    with Theatre.opened(tmp_path, KANTOR_METRICS_ADDRESS=f"127.0.0.1:{free_port()}") as opened:
        opened.contest()
        yield opened


def imported(theatre: Theatre) -> None:
    """A list that is wrong, then one that is right, both pasted by Olive."""
    olive = theatre.olive
    olive.command(CHANNEL, "/kantor accounts import")
    wrong = f"1,lab-1,{PASTED},a.example.com\n2,lab-2,{WRONG},"
    assert "pool_passwords" in theatre.fill_in(olive, "import_accounts", {"pool_passwords": wrong})["errors"]
    lines = {"pool_passwords": f"1,lab-1,{PASTED},https://a.example.com\n2,lab-2,{SECOND},https://a.example.com"}
    for said in ("Bring accounts", "Nothing is kept yet"):
        assert olive.submit(olive.wait_for_view(said_in(said)), lines)["ok"]
    olive.wait_for_view(lambda view: "sealed" in json.dumps(view["blocks"]))
    theatre.close_all(olive)


def claimed_shown_again_and_returned(theatre: Theatre) -> None:
    """Ada's way with her account."""
    olive, ada = theatre.olive, theatre.ada
    ada.command(CHANNEL, "/kantor account")
    assert theatre.fill_in(ada, "claim_account", {"accepted_terms": ["accepted"]})["ok"]
    ada.close(ada.wait_for_view(shows(PASTED)))
    ada.command(CHANNEL, "/kantor account")
    ada.click(ada.wait_for_view(lambda view: "ask_reissue" in json.dumps(view)), "ask_reissue")
    olive.click(olive.wait_for_message(olive.open_dm(), "once more"), "approve_reissue")
    theatre.close_all(ada)
    ada.click(ada.wait_for_message(ada.open_dm(), "You can see the password"), "show_again")
    assert theatre.fill_in(ada, "reveal_password", {})["ok"]
    ada.close(ada.wait_for_view(shows(PASTED)))
    ada.command(CHANNEL, "/kantor account return")
    assert theatre.fill_in(ada, "return_account", {})["ok"]
    theatre.close_all(ada)


def failed(theatre: Theatre, key: Path) -> str:
    """The bot comes back with a key that opens nothing, and Ben asks for an account in vain; that key."""
    right, wrong = key.read_text(encoding="ascii"), base64.b64encode(bytes(range(100, 132))).decode()
    key.write_text(wrong, encoding="ascii")
    assert theatre.bot.stop() == 0
    theatre.restart()
    theatre.ben.command(CHANNEL, "/kantor account")
    answer = theatre.fill_in(theatre.ben, "claim_account", {"accepted_terms": ["accepted"]})
    assert answer["ok"] or answer["errors"]
    theatre.olive.wait_for_message(theatre.olive.open_dm(), "the secret key is not the one")
    theatre.close_all(theatre.ben)
    key.write_text(right, encoding="ascii")
    return wrong


def written(theatre: Theatre) -> dict[str, bytes]:
    """All that the bot, its database, its store and the workspace have written down, but for the key itself."""
    people = (theatre.olive, theatre.ada, theatre.ben, theatre.judy, theatre.jack)
    said = [theatre.slack.all_messages(place) for place in (CHANNEL, *(who.open_dm() for who in people))]
    stored = [path for path in theatre.settings.data_folder.rglob("*") if path.is_file() and path.name != "secret.key"]
    figures = httpx.get(f"http://{theatre.settings.metrics_address}/metrics", trust_env=False, timeout=30).content
    places = {
        "log": theatre.log().encode(),
        "messages": json.dumps(said).encode(),
        "wire": json.dumps(theatre.slack.log()).encode(),
        "metrics": figures,
        **{f"file {path.relative_to(theatre.settings.data_folder)}": path.read_bytes() for path in stored},
        **tables(database_url(theatre.settings)),
    }
    for path in (path for path in stored if path.suffix == ".zip"):
        with zipfile.ZipFile(path) as opened:
            places |= {f"export {name}": opened.read(name) for name in opened.namelist()}
    return places


def test_no_secret_is_written_anywhere_in_any_dress(watched: Theatre) -> None:
    """Import, claim, look again, return, export, and a bot that has the wrong key, at the most talkative log level; then all that was written is searched."""
    imported(watched)
    claimed_shown_again_and_returned(watched)
    key = watched.settings.data_folder / "secret.key"
    wrong_key = failed(watched, key)
    watched.olive.command(CHANNEL, "/kantor export")
    watched.olive.wait_for_message(watched.olive.open_dm(), "Everything of")

    places = written(watched)
    own = key.read_text(encoding="ascii").strip()
    secrets: dict[str, str | bytes] = {
        "password": PASTED,
        "password of a wrong line": WRONG,
        "password that nobody has seen": SECOND,
        "key": own,
        "key in bytes": base64.b64decode(own),
        "wrong key": wrong_key,
        "bot token": watched.server.bot_token,
        "app token": watched.server.app_token,
    }
    assert [] == found_in(places, secrets)
    assert {"log", "messages", "wire", "metrics", "table job", "table account"} <= places.keys()
    assert any(name.startswith("export ") and b"lab-1" in data for name, data in places.items())
    assert any(name.startswith("file kantor.db") for name in places) or database_url(watched.settings).startswith(
        "postgresql"
    )


@pytest.mark.parametrize(
    "dress",
    [
        lambda word: word,
        json.dumps,
        lambda word: json.dumps(json.dumps({"a": word})),
        lambda word: json.dumps(word, ensure_ascii=False),
        lambda word: quote(word, safe=""),
        lambda word: urlencode({"a": word}),
        lambda word: repr({"a": word}),
        html.escape,
        lambda word: json.dumps(html.escape(word, quote=False)),
        lambda word: word.encode().hex(),
        *(lambda word, pad=pad: base64.b64encode(("x" * pad + word + "y").encode()).decode() for pad in range(4)),
        lambda word: base64.urlsafe_b64encode(json.dumps({"a": word}).encode()).decode(),
    ],
)
def test_the_search_finds_each_dress(dress: Callable[[str], str]) -> None:
    """What it finds nothing of is not there."""
    assert [("log", "it")] == found_in({"log": f"before {dress(PASTED)} after".encode()}, {"it": PASTED})
    assert [] == found_in({"log": f"before {dress(SECOND)} after".encode()}, {"it": PASTED})

"""Lets demo people open a contest and hand in the first pieces, through the sandbox's control API: as people would, click by click."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.demo.pieces import ALL, FRERE_JACQUES, MINUET_IN_G, ODE_TO_JOY
from bot.sandbox.client import Sandbox
from judge.writer import write

if TYPE_CHECKING:
    from pathlib import Path

    from bot.sandbox.client import Person

CONTEST_CHANNEL = "C0COMPOSERS"
BOTLESS_CHANNEL = "C0LOUNGE"
SLUG = "demo-jam"
ACCOUNTS = 5
MARK = "seeded"


def write_examples(folder: Path) -> Path:
    """Write the demo's pieces as MIDI files into ``folder``, for people who have none at hand; returns it."""
    folder.mkdir(parents=True, exist_ok=True)
    for score in ALL:
        (folder / f"{score.title}.mid").write_bytes(write(score))
    return folder.resolve()


def seed(base_url: str, data: Path) -> None:
    """An open contest with judges, a pool of accounts and two submissions; does nothing where that has been done."""
    if (data / MARK).exists():
        return
    with Sandbox(base_url) as sandbox:
        _play(sandbox)
    (data / MARK).touch()


def _play(sandbox: Sandbox) -> None:
    olive = sandbox.person("olive")
    _open_contest(olive)
    _fill_pool(olive)
    for who, score in (("ben", MINUET_IN_G), ("cleo", FRERE_JACQUES)):
        sandbox.person(who).upload(CONTEST_CHANNEL, f"{score.title}.mid", write(score))
    olive.upload(
        BOTLESS_CHANNEL,
        "Ode to Joy.mid",
        write(ODE_TO_JOY),
        text="A little something to play with: download it, change it, and hand it in in #composers.",
    )


def _open_contest(olive: Person) -> None:
    """Create the contest by its modal, name the judges, and open it."""
    close = datetime.now(UTC) + timedelta(days=7)
    olive.command(CONTEST_CHANNEL, "/kantor contest new")
    values = {
        "name": "Demo Jam",
        "slug": SLUG,
        "channel_id": CONTEST_CHANNEL,
        "deadline_date": close.strftime("%Y-%m-%d"),
        "board_cron": "*/2 * * * *",
    }
    _submit(olive, "new_contest", values)
    olive.command(CONTEST_CHANNEL, "/kantor judges add @judy @jack")
    olive.wait_for_ephemeral(CONTEST_CHANNEL, "judge")
    olive.command(CONTEST_CHANNEL, "/kantor phase next")
    _submit(olive, "advance_phase", {})


def _submit(who: Person, callback_id: str, values: dict[str, str], times: int = 1) -> None:
    """Fill in the modal that is being opened, as often as it asks to be sent, and close what it leaves behind."""
    view = who.wait_for_view(lambda view: callback_id == view["callback_id"])
    for _ in range(times):
        answer = who.submit(view, values)
        if not answer["ok"]:
            raise RuntimeError(f"the demo's modal was not accepted: {answer}")
    for view in who.views():
        who.close(view)


def _fill_pool(olive: Person) -> None:
    """Made-up lab accounts, pasted, checked and imported; example.com belongs to nobody."""
    rows = "".join(
        f"1000000000{number:02d},lab-{number:02d},{secrets.token_urlsafe(12)},https://signin.example.com/lab\n"
        for number in range(1, ACCOUNTS + 1)
    )
    olive.command(CONTEST_CHANNEL, "/kantor accounts import")
    _submit(olive, "import_accounts", {"pool_passwords": f"account_id,user_name,password,sign_in_url\n{rows}"}, times=2)

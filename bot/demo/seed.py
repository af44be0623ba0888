"""Lets demo people open a contest and hand in the first pieces, through the sandbox's control API: as people would, click by click."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.demo.pieces import ALL, FRERE_JACQUES, MINUET_IN_G, ODE_TO_JOY
from bot.sandbox.client import Sandbox
from judge.writer import write

if TYPE_CHECKING:
    from collections.abc import Mapping
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


def seed(base_url: str, data: Path, settings: Mapping[str, str]) -> None:
    """An open contest with judges, a pool of accounts and two submissions; does nothing where that has been done.

    ``settings`` are the environment variables of the bot that is being seeded.
    """
    if (data / MARK).exists():
        return
    with Sandbox(base_url) as sandbox:
        _play(sandbox, data, settings)
    (data / MARK).touch()


def _play(sandbox: Sandbox, data: Path, settings: Mapping[str, str]) -> None:
    olive = sandbox.person("olive")
    _open_contest(olive)
    _fill_pool(data, settings)
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


def _submit(who: Person, callback_id: str, values: dict[str, str]) -> None:
    """Fill in the modal that is being opened, and close what it leaves behind."""
    answer = who.submit(who.wait_for_view(lambda view: callback_id == view["callback_id"]), values)
    if not answer["ok"]:
        raise RuntimeError(f"the demo's modal was not accepted: {answer}")
    for view in who.views():
        who.close(view)


def _fill_pool(data: Path, settings: Mapping[str, str]) -> None:
    """Made-up lab accounts; example.com belongs to nobody."""
    rows = "".join(
        f"1000000000{number:02d},lab-{number:02d},{secrets.token_urlsafe(12)},https://signin.example.com/lab\n"
        for number in range(1, ACCOUNTS + 1)
    )
    file = data / "pool.csv"
    file.write_text("account_id,user_name,password,sign_in_url\n" + rows, encoding="utf-8")
    command = (sys.executable, "-m", "bot", "accounts", "import", str(file), "--contest", SLUG)
    try:
        # As an operator would, and without the database's libraries in the memory of the supervisor.
        subprocess.run(command, env={**os.environ, **settings}, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - ours
    finally:
        file.unlink()

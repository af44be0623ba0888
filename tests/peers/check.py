"""Other people's Slack apps, unchanged, in the sandbox: ``python -m tests.peers.check [FOLDER]`` (``make check-peers``).

Without a folder slack-machine, errbot, hubot, bolt-python and bolt-js are installed into a temporary one, and answer a person. With one,
the Bolt app in it is used: each command and shortcut of its manifest. Exit status 1 with what is wrong.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bot.sandbox.client import Sandbox
from bot.sandbox.server import SandboxServer
from tests.peers.modals import uses_everything

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).parent
APPS = HERE / "apps"
ROOM = "C0COMPOSERS"
START, ANSWER = 60.0, 30.0
"""Seconds: a large app on a slow machine takes its time."""


@dataclass(frozen=True)
class Peer:
    """An app: how it is started, with which settings, and what a person does with it."""

    name: str
    command: tuple[str, ...]
    folder: Path
    use: Callable[[Sandbox], None]
    settings: dict[str, str] = field(default_factory=dict)
    manifest: Path | None = None


def answers(words: str, expected: str) -> Callable[[Sandbox], None]:
    """A person says something, and the app answers in the channel."""

    def use(sandbox: Sandbox) -> None:
        ada = sandbox.person("ada")
        ada.say(ROOM, words)
        ada.wait_for_message(ROOM, expected, timeout=ANSWER)

    return use


def asks(sandbox: Sandbox) -> None:
    """The modal of the plain apps, by command and by shortcut."""
    assert [] == uses_everything(sandbox, APPS / "manifest.json"), "no modal was opened or submitted"
    sandbox.person("ada").wait_for_message(ROOM, "Asked: Words", timeout=ANSWER)


def python_environment(folder: Path, requirements: str) -> Path:
    """An environment of its own with those packages."""
    venv.create(folder, with_pip=True)
    pip = (str(folder / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check")
    subprocess.run((*pip, "-r", str(HERE / requirements)), check=True)
    return folder / "bin"


def packages(folder: Path) -> Path:
    """The apps for Node.js with what they need."""
    folder.mkdir()
    for each in (HERE / "package.json", APPS / "bolt_app.mjs"):
        shutil.copy(each, folder)
    (folder / "scripts").mkdir()
    shutil.copy(APPS / "hubot_ping.mjs", folder / "scripts")
    npm = ("npm", "install", "--ignore-scripts", "--no-fund", "--no-audit", "--loglevel=error")
    subprocess.run(npm, cwd=folder, check=True)
    return folder


def peers(folder: Path) -> Iterator[Peer]:
    """All of them, each installed when its turn comes."""
    node = packages(folder / "node")
    through = ("node", "--import", str(HERE / "address" / "address.mjs"))
    adapter = ("--adapter", "@hubot-friends/hubot-slack", "--name", "kantor", "--disable-httpd")
    hubot = (*through, str(node / "node_modules/hubot/bin/Hubot.mjs"), *adapter)
    yield Peer("hubot", hubot, node, answers("ping", "PONG"))
    yield Peer("bolt-js", (*through, "bolt_app.mjs"), node, asks, manifest=APPS / "manifest.json")
    python = python_environment(folder / "python", "requirements-python.txt")
    yield Peer("slack-machine", (str(python / "slack-machine"),), folder, answers("ping", "pong"))
    bolt = (str(python / "python"), str(APPS / "bolt_app.py"))
    yield Peer("bolt-python", bolt, folder, asks, manifest=APPS / "manifest.json")
    errbot = python_environment(folder / "errbot", "requirements-errbot.txt")
    config = (str(errbot / "errbot"), "--config", str(APPS / "errbot_config.py"))
    yield Peer("errbot", config, folder, answers("!uptime", "up for"), {"PEER_FOLDER": str(folder)})


def own(folder: Path) -> Peer:
    """The Bolt app in a folder."""
    manifest = folder / "manifest.json"

    def use(sandbox: Sandbox) -> None:
        wrong = uses_everything(sandbox, manifest)
        assert [] == wrong, "; ".join(wrong)

    if (folder / "app.py").exists():
        python = next((one for one in (folder / ".venv/bin/python",) if one.exists()), Path(sys.executable))
        return Peer(folder.name, (str(python), "app.py"), folder, use, manifest=manifest)
    through = ("node", "--import", str(HERE / "address" / "address.mjs"))
    return Peer(folder.name, (*through, "app.js"), folder, use, manifest=manifest)


@contextlib.contextmanager
def running(peer: Peer, server: SandboxServer, log: Path) -> Iterator[None]:
    """The app, until it was used."""
    tokens = {"SLACK_BOT_TOKEN": server.bot_token, "SLACK_APP_TOKEN": server.app_token}
    own_names = {f"{prefix}{name}": token for name, token in tokens.items() for prefix in ("", "SM_", "HUBOT_")}
    settings = {"PYTHONPATH": str(HERE / "address"), "SANDBOX_API_URL": server.api_url, "HOME": str(peer.folder)}
    kept = {"PATH": os.environ["PATH"], **own_names, **settings, **peer.settings}
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(peer.command, cwd=peer.folder, env=kept, stdout=out, stderr=subprocess.STDOUT)
        try:
            yield
        finally:
            process.terminate()
            process.wait()


def check(peer: Peer, folder: Path) -> bool:
    """Whether it connects and answers; what is wrong is written out."""
    log = folder / f"{peer.name}.log"
    try:
        with (
            SandboxServer(manifest=peer.manifest) as server,
            Sandbox(server.base_url) as sandbox,
            running(peer, server, log),
        ):
            sandbox.wait_connected(timeout=START)
            peer.use(sandbox)
    except AssertionError as wrong:
        said = log.read_text(encoding="utf-8")[-2000:]
        sys.stdout.write(f"  WRONG  {peer.name}: {wrong}\n{said}\n")
        return False
    sys.stdout.write(f"  ok  {peer.name}\n")
    sys.stdout.flush()
    return True


def main(folders: list[str]) -> int:
    """Check the app in the folder, or all peers; 0 if all is well."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if folders:
            app = Path(folders[0]).resolve()
            try:
                json.loads((app / "manifest.json").read_text(encoding="utf-8"))
            except (OSError, ValueError) as error:
                sys.exit(f"Name a folder with a manifest.json, and app.py or app.js: {error}")
            return 0 if check(own(app), folder) else 1
        if shutil.which("npm") is None:
            sys.exit("This check needs Node.js 20 or newer with npm. Install it, then run: make check-peers")
        kept = [check(peer, folder) for peer in peers(folder)]
        return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main([one for one in sys.argv[1:] if one]))

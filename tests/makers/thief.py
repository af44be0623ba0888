"""What a file that got hold of its child would try; ``python -m tests.makers.thief`` sends it to a child, with ``free`` it stays here.

Both print what was found, and then what else could be done.
"""

from __future__ import annotations

import json
import os
import socket
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from bot.adapters.inspector import Findings, ProcessInspector
from bot.settings import Settings
from bot.wiring import vault

if TYPE_CHECKING:
    from collections.abc import Callable

DEEDS = b"\nDEEDS "
"""Stands between what was read and what was done."""


def steal(data: bytes, title: str) -> Findings:
    """Everything that can be read of the bot: files and folders that ``data`` names, environments, open files; the deeds go into the text."""
    loot = [repr(dict(os.environ)).encode(), *map(_read, map(Path, json.loads(data)))]
    loot += [_read(Path("/proc", process, "environ")) for process in ("self", str(os.getppid()), *_names("/proc"))]
    loot += [_read(Path("/proc", process, "fd", name)) for process in _own() for name in _names(f"/proc/{process}/fd")]
    folder = Path(json.loads(data)[0]).parent
    loot += [_read(folder / name) for name in _names(folder)]
    return Findings(None, b"\n".join(loot), " ".join(_deeds(folder, title)), b"")  # type: ignore[arg-type]  # no verdict is looked at here


def _own() -> tuple[str, str]:
    return ("self", str(os.getppid()))


def _read(path: Path) -> bytes:
    with suppress(OSError):
        if stat.S_ISREG(path.stat().st_mode):
            return path.read_bytes()[: 1 << 20]
    return b""


def _names(folder: Path | str) -> list[str]:
    with suppress(OSError):
        return os.listdir(folder)  # noqa: PTH208 - names
    return []


def _deeds(folder: Path, port: str) -> list[str]:
    deeds: dict[str, Callable[[], object]] = {
        "listed": lambda: list(folder.iterdir()),
        "wrote": lambda: (folder / "mark").write_text("x"),
        "ran": lambda: subprocess.run(["/bin/true"], check=True),
        "connected": lambda: socket.create_connection(("127.0.0.1", int(port)), timeout=5).close(),
        "signalled": lambda: os.kill(os.getppid(), 0),
        "looked": lambda: Path(f"/proc/{os.getppid()}/maps").read_bytes(),
    }
    done = []
    for name, deed in deeds.items():
        with suppress(OSError):
            deed()
            done.append(name)
    return done


def main() -> None:
    """As ``kantor run`` would: settings, vault, inspector; then a composition that is a thief."""
    settings = Settings()
    vault(settings)
    names = [settings.data_folder.absolute() / name for name in ("secret.key", "kantor.db")] + [Path(".env").absolute()]
    data = json.dumps([str(name) for name in names]).encode()
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        if sys.argv[1:] == ["free"]:
            found = steal(data, port)
        else:
            inspector = ProcessInspector(1, examine=steal, play=_mute)
            found = inspector.inspect(data, port)  # type: ignore[assignment]  # has a picture and a text as well
            inspector.close()
    sys.stdout.buffer.write(found.picture + DEEDS + found.alt_text.encode())


def _mute(_data: bytes, _sound_bank: Path | None) -> None:
    return None


if __name__ == "__main__":
    from tests.makers import thief

    thief.main()

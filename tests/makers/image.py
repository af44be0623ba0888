"""The Dockerfile, carried out without Docker: its RUN and COPY in a clean Debian root, and what comes of it run as the image says.

Only FROM is replaced, by that root and its python3, and the registry of packages by a folder of what the locks name. Needs root on a Debian of its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tests.makers.dockerfile import exec_form, in_context, stages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.makers.dockerfile import Stage

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
NEEDED = ("debootstrap", "unshare", "nsenter", "setpriv", "apt-get")
KEPT = frozenset({"LABEL", "ENV", "USER", "WORKDIR", "HEALTHCHECK", "ENTRYPOINT", "CMD", "COPY", "RUN"})


def require_tools() -> None:
    """Raises AssertionError with what to install where something is missing."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    assert not missing, (
        f"This check needs {', '.join(missing)}: on Debian apt-get install debootstrap util-linux, then again."
    )
    assert os.geteuid() == 0, "This check makes a root of its own: run it as root."


def mirror() -> tuple[str, str]:
    """Where this machine's apt gets Debian from, and which release it is. Raises AssertionError where it says neither."""
    asked = ("apt-get", "indextargets", "--format", "$(REPO_URI) $(CODENAME) $(COMPONENT)", "Created-By: Packages")
    told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.splitlines()
    here = next(
        (
            line.partition("=")[2]
            for line in Path("/etc/os-release").read_text().splitlines()
            if line.startswith("VERSION_CODENAME=")
        ),
        "",
    )
    found = next((line.split()[0] for line in told if line.split()[1:] == [here, "main"]), "")
    assert found, (
        f"apt knows no package source of Debian {here or 'here'} (main): this check makes a clean root from it."
    )
    return found, here


def clean_root(folder: Path) -> Path:
    """A Debian with nothing in it but python3 and its venv; the python of the image is that one."""
    address, release = mirror()
    made = subprocess.run(
        ("debootstrap", "--variant=minbase", "--include=python3,python3-venv", release, str(folder), address),
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout[-2000:]
    (folder / "usr/local/bin/python").symlink_to("/usr/bin/python3")
    return folder


def packages(folder: Path, *locks: Path) -> Path:
    """What the locks name, each by its hash, from wherever this machine's pip gets packages."""
    for lock in locks:
        subprocess.run(
            (
                sys.executable,
                "-m",
                "pip",
                "download",
                "-q",
                "--no-deps",
                "--require-hashes",
                "-r",
                str(lock),
                "-d",
                str(folder),
            ),
            check=True,
            capture_output=True,
        )
    return folder


@dataclass
class Image:
    """What the Dockerfile made, and how it wants to be run."""

    root: Path
    environment: dict[str, str]
    user: str
    folder: str
    command: list[str]
    health: list[str]


@dataclass
class Builder:
    """Carries out a Dockerfile.

    Args:
        context: The folder that is sent to the builder; .dockerignore in it counts.
        base: The root that stands for each FROM.
        wheels: The folder of packages that stands for the registry.
        work: Where the stages are made.
    """

    context: Path
    base: Path
    wheels: Path
    work: Path
    _roots: dict[str, Path] = field(default_factory=dict)

    def build(self) -> Image:
        """All stages; the last one is the image."""
        all_stages = stages(self.context / "Dockerfile")
        for number, stage in enumerate(all_stages):
            root = self.work / f"stage{number}"
            subprocess.run(("cp", "-a", str(self.base), str(root)), check=True)
            self._roots[stage.name or str(number)] = root
            self._carry_out(stage, root)
        last = all_stages[-1]
        return Image(
            root,
            last.environment({"PATH": PATH}),
            last.last("USER"),
            last.last("WORKDIR"),
            [*exec_form(last.last("ENTRYPOINT")), *exec_form(last.last("CMD"))],
            exec_form(last.last("HEALTHCHECK")),
        )

    def _carry_out(self, stage: Stage, root: Path) -> None:
        folder, environment = "/", stage.environment({"PATH": PATH})
        for name, words in stage.steps:
            assert name in KEPT, f"{name} is no instruction that this builder knows"
            if name == "WORKDIR":
                folder = words
                (root / folder.strip("/")).mkdir(parents=True, exist_ok=True)
            elif name == "COPY":
                self._copy(words.split(), root, folder)
            elif name == "RUN":
                self._run(words, root, folder, environment)

    def _copy(self, words: Sequence[str], root: Path, folder: str) -> None:
        source, names = self.context, list(words)
        if names[0].startswith("--from="):
            source = self._roots[names.pop(0).removeprefix("--from=")]
        *names, target = names
        place = root / (Path(folder) / target).relative_to("/")
        for name in names:
            origin = source / name.lstrip("/")
            if source == self.context:
                assert in_context(name, self.context / ".dockerignore"), f"{name} is not sent to the builder"
            if origin.is_dir():
                shutil.copytree(
                    origin,
                    place,
                    symlinks=True,
                    dirs_exist_ok=True,
                    ignore=None if source != self.context else shutil.ignore_patterns("__pycache__"),
                )
            else:
                shutil.copy2(origin, place / origin.name if target.endswith("/") else place)

    def _run(self, words: str, root: Path, folder: str, environment: Mapping[str, str]) -> None:
        """Without a network: nothing is needed but what was locked."""
        (root / "wheels").mkdir(exist_ok=True)
        script = 'mount --bind "$1" "$2/wheels" && mount -t proc proc "$2/proc" && shift && root=$1 && shift && exec chroot "$root" /bin/sh -c "$@"'
        inside = f"cd {folder} && {words}"
        registry = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/wheels", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        done = subprocess.run(
            (
                "unshare",
                "--mount",
                "--net",
                "--pid",
                "--fork",
                "--kill-child",
                "/bin/sh",
                "-c",
                script,
                "sh",
                str(self.wheels),
                str(root),
                inside,
            ),
            env={**environment, **registry},
            capture_output=True,
            text=True,
            check=False,
        )
        (root / "wheels").rmdir()
        assert done.returncode == 0, f"RUN {words}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"


class Container:
    """An image that runs: its user, no rights of root's, a root that is read-only, and memory for /data, /tmp and /dev/shm.

    Unlike Docker's it has this machine's network, processes and system calls.
    """

    def __init__(self, image: Image, environment: Mapping[str, str], log: Path) -> None:
        self.image, self._environment = image, {**image.environment, **environment}
        data = (image.root / "data").stat()  # a new volume is made as the image has the folder
        script = """
            mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && mount -t proc proc "$0/proc" &&
            mount -t tmpfs -o mode=1777 tmpfs "$0/tmp" && mount -t tmpfs -o mode=1777 tmpfs "$0/dev/shm" &&
            mount -t tmpfs -o "$1" tmpfs "$0/data" && root=$0 && shift && exec chroot "$root" "$@"
        """
        volume = f"mode={data.st_mode & 0o777:o},uid={data.st_uid},gid={data.st_gid}"
        with log.open("ab") as stream:
            self.process = subprocess.Popen(
                ("unshare", "--mount", "/bin/sh", "-c", script, str(image.root), volume, *self._as_user(image.command)),
                env=self._environment,
                stdout=stream,
                stderr=stream,
            )

    def inside(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Another command in it, as `docker exec` would: the same user, root and folders."""
        there = f"/proc/{self.process.pid}/ns/mnt"
        return subprocess.run(
            ("nsenter", f"--mount={there}", "chroot", str(self.image.root), *self._as_user(command)),
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def status(self) -> dict[str, str]:
        """What the kernel says of its first process."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8").splitlines()
        return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}

    def stop(self) -> int:
        """SIGTERM; its exit status."""
        self.process.terminate()
        return self.process.wait(60)

    def kill(self) -> None:
        """Whatever it is doing."""
        self.process.kill()
        self.process.wait(60)

    def _as_user(self, command: Sequence[str]) -> tuple[str, ...]:
        user, _, group = self.image.user.partition(":")
        lowered = (
            "/usr/bin/setpriv",
            f"--reuid={user}",
            f"--regid={group}",
            "--clear-groups",
            "--no-new-privs",
            "--bounding-set=-all",
            "--inh-caps=-all",
        )
        return (*lowered, "/bin/sh", "-c", f'cd {self.image.folder} && exec "$0" "$@"', *command)

"""A Dockerfile, read: its stages, and in each the instructions one after the other."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from fnmatch import fnmatch
from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Stage:
    """What stands from one FROM to the next.

    Attributes:
        base: The image that it begins with.
        name: By which later stages copy from it; may be empty.
        steps: (instruction, what stands behind it), in order.
    """

    base: str
    name: str
    steps: tuple[tuple[str, str], ...]

    def all(self, instruction: str) -> list[str]:
        """What stands behind each such instruction."""
        return [words for name, words in self.steps if name == instruction]

    def last(self, instruction: str) -> str:
        """What stands behind the last such instruction. Raises IndexError where there is none."""
        return self.all(instruction)[-1]

    def environment(self, before: dict[str, str]) -> dict[str, str]:
        """What ENV makes of the variables that were there before."""
        found = dict(before)
        for words in self.all("ENV"):
            pairs = [pair.split("=", 1) for pair in words.split()]
            found |= {name: Template(value).substitute(found) for name, value in pairs}
        return found


def stages(file: Path) -> list[Stage]:
    """The stages of a Dockerfile. Raises ValueError for an instruction before the first FROM other than ARG."""
    text = re.sub(r"^\s*#.*\n", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found: list[Stage] = []
    for line in re.sub(r"\\\n", " ", text).splitlines():
        name, _, words = line.strip().partition(" ")
        if name == "FROM":
            base, _, alias = words.partition(" AS ")
            found.append(Stage(base, alias, ()))
        elif found and name:
            last = found[-1]
            found[-1] = Stage(last.base, last.name, (*last.steps, (name, words.strip())))
        elif name not in {"ARG", ""}:
            raise ValueError(line)
    return found


def exec_form(words: str) -> list[str]:
    """The arguments of ENTRYPOINT, CMD and HEALTHCHECK in the form of a list."""
    arguments: list[str] = json.loads(words[words.index("[") :])
    return arguments


def in_context(path: str, ignored: Path) -> bool:
    """Whether a file or folder of the top level is sent to the builder, by .dockerignore: the last line that fits decides."""
    sent = True
    for line in ignored.read_text(encoding="utf-8").splitlines():
        pattern = line.strip()
        if pattern and not pattern.startswith("#") and fnmatch(path, pattern.removeprefix("!")):
            sent = pattern.startswith("!")
    return sent

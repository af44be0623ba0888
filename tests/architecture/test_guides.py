"""The guides are true: what they tell people to type exists, nothing is left out, and they are found."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from handlers.commands import Sub, sub_of
from tests.makers import write_commands

ROOT = Path(__file__).parents[2]
GUIDES = ("organizer.md", "judge.md", "participant.md")
PAGES = (*(f"docs/guides/{name}" for name in GUIDES), "docs/tutorial.md", "docs/slack.md", "docs/data.md", "README.md")
COMMAND = re.compile(r"`/kantor ([^`]+)`")


def read(name: str) -> str:
    """A page's text."""
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_what_people_are_told_to_type_exists(page: str) -> None:
    """Each command is one that Kantor knows, by all of its words."""
    typed = COMMAND.findall(read(page))
    assert [] == [words for words in typed if _command(words) is None or _command(words) is not sub_of(words)]


def _command(typed: str) -> Sub | None:
    """The longest command that the words begin with."""
    fitting = [sub for sub in Sub if typed == sub or typed.startswith(f"{sub} ")]
    return max(fitting, key=len, default=None)


def test_the_guides_name_every_command() -> None:
    """One of the three says when to use it."""
    named = {sub_of(typed) for name in GUIDES for typed in COMMAND.findall(read(f"docs/guides/{name}"))}
    assert set() == set(Sub) - named - {Sub.HELP}


def test_the_list_of_commands_is_the_table() -> None:
    """Where this fails: ``python -m tests.makers.write_commands``."""
    assert write_commands.page() == read("docs/commands.md")
    assert "](docs/commands.md)" in read("README.md")


@pytest.mark.parametrize("guide", GUIDES)
def test_each_guide_is_linked(guide: str) -> None:
    """From the front page and from the tutorial."""
    assert f"](docs/guides/{guide})" in read("README.md")
    assert f"](guides/{guide})" in read("docs/tutorial.md")


@pytest.mark.parametrize(("guide", "words"), [("judge.md", 500), ("participant.md", 500), ("organizer.md", 1100)])
def test_they_stay_short(guide: str, words: int) -> None:
    """One page each; the organizer's two."""
    assert len(read(f"docs/guides/{guide}").split()) <= words

"""One tone: what all sentences that people read have in common."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
VIEWS = sorted((ROOT / "handlers").rglob("*.py"))
SPEAKING = [*VIEWS, *sorted((ROOT / "bot" / "usecases").rglob("*.py"))]
EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u266c\u2670-\u27bf\u2b00-\u2bff\u23e9-\u23fa]")
SHORT_FORM = re.compile(
    r"\b(?:do|ca|is|are|wo|does|did|have|has|could|would|should)n't\b|\bI'm\b|\byou're\b|\bit's\b", re.IGNORECASE
)
SHOUT = re.compile(r"[a-z]!!|\?\?|\b(?:ERROR|FAILED|WARNING|INVALID)\b")

SLACKS_NAMES = ("probe", "questions.py")
"""Its report is for whoever knows Slack's documents, and calls things as they do."""


def sentences(path: Path) -> Iterator[str]:
    """The texts with a blank in them that a module holds, but for its docstrings; what is filled in is ``{}``."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(each.value) if isinstance(each, ast.Constant) else "{}" for each in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and not {id(node)} & (parts | docs):
            yield node.value


def test_there_is_something_to_read() -> None:
    """The tests below look at hundreds of sentences."""
    assert len([text for path in SPEAKING for text in sentences(path) if len(text.split()) > 3]) > 500


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: str(path.relative_to(ROOT)))
def test_at_most_one_emoji_and_only_at_the_start(path: Path) -> None:
    """It catches the eye, and screen readers read it out: one is enough."""
    assert [] == [text for text in sentences(path) if EMOJI.search(text[1:].lstrip("\ufe0f"))]


@pytest.mark.parametrize("path", SPEAKING, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_short_forms_and_no_shouting(path: Path) -> None:
    """Warm, and plain for people who learn English: *do not*, and never in capitals."""
    assert [] == [text for text in sentences(path) if SHORT_FORM.search(text) or SHOUT.search(text)]


@pytest.mark.parametrize(
    "path", [each for each in VIEWS if each.parts[-2:] != SLACKS_NAMES], ids=lambda path: str(path.relative_to(ROOT))
)
def test_no_name_of_the_code_is_in_a_sentence(path: Path) -> None:
    """A function that gets another name takes no word of a sentence with it; what is filled in, or is code, may have one."""
    said = (re.sub(r"\{[^}]*\}|`[^`]*`", "", text) for text in sentences(path) if " " in text)
    assert [] == [text for text in said if re.search(r"\b[a-z]+_[a-z_]+\b", text)]

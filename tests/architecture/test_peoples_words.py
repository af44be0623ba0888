"""People's words in the sentences of use cases and rules are quoted, so that nothing in them is bold, a link or a call."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

BOT = Path(__file__).parents[2] / "bot"
PAIRS = (("*", "*"), ("“", "”"))
HARMLESS = frozenset({"called", "contest.phase", "EXAMPLE", "PIECE.title", "shared.work"})
"""An alias or a name that we have made, a phase, an example, and titles of our own music."""


def unquoted(sentence: ast.JoinedStr) -> Iterator[str]:
    """What stands between marks of a sentence, and did not come through ``quoted``."""
    parts = ["", *(part.value if isinstance(part, ast.Constant) else part for part in sentence.values), ""]
    for before, part, after in zip(parts, parts[1:], parts[2:], strict=False):
        if not isinstance(part, ast.FormattedValue):
            continue
        marked = any(str(before).endswith(left) and str(after).startswith(right) for left, right in PAIRS)
        called = ast.unparse(part.value).partition("(")[0]
        if marked and called != "quoted" and called not in HARMLESS:
            yield ast.unparse(part.value)


def test_whatever_stands_between_marks_is_quoted() -> None:
    """``*Bach Jam*`` and ``“Morning Tide”`` are people's words; a name such as ``a*b <!channel>`` stays one."""
    found = [
        f"{path.relative_to(BOT)}: {words}"
        for folder in ("usecases", "rules")
        for path in (BOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.JoinedStr)
        for words in unquoted(node)
    ]
    assert [] == found

"""Writes docs/commands.md out of the table of commands: ``python -m tests.makers.write_commands``."""

from __future__ import annotations

from pathlib import Path

from handlers.commands import EVERYBODY, FOR_JUDGES, FOR_ORGANIZERS, Sub, of_role

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"
_HEAD = """# What can be typed

Each word below follows `/kantor`, in any channel or in the direct messages. The same things are on Kantor's Home tab, and most of them behind buttons.
This page is written out of `handlers/commands.py`, the one table of them (`python -m tests.makers.write_commands`).
"""


def page() -> str:
    """The page as it should be."""
    chapters = {EVERYBODY: "Everybody", FOR_JUDGES: "Judges", FOR_ORGANIZERS: "Organizers"}
    parts = [f"\n## {title}\n\n{_table([*of_role(role)])}" for role, title in chapters.items()]
    return _HEAD + "".join(parts)


def _table(subs: list[Sub]) -> str:
    rows = (f"| `{sub.usage}` | {sub.row.does} | {', '.join(f'`{each}`' for each in sub.row.also)} |\n" for sub in subs)
    return "| typed | what it does | also |\n|---|---|---|\n" + "".join(rows)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")

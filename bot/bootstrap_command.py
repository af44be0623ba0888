"""What ``kantor aws bootstrap`` shows, asks and does."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.adapters.bootstrap import Bootstrap, Step


def bootstrap_bucket(bootstrap: Bootstrap, *, apply: bool, has_policy: bool) -> None:
    """Show the plan, and apply it where that was asked for, or where somebody at the terminal says yes. Raises ConfigurationError."""
    console = Console(highlight=False)
    steps = bootstrap.plan()
    _show(console, f"s3://{bootstrap.place.bucket}/{bootstrap.place.prefix}", steps)
    due = [step for step in steps if step.apply is not None]
    if not due:
        console.print("All is as it should be: nothing was changed.")
    elif apply or _wanted(len(due)):
        bootstrap.apply(due, lambda step: console.print(f"done: {escape(step.name)}"))
        console.print(f"{len(due)} changes were made. A second run changes nothing.")
    else:
        console.print("Nothing was changed. To make these changes, add --yes.")
        return
    if not has_policy:
        said = "Kantor's own credentials need this policy, and nothing else (--policy-name makes it in IAM):"
        console.print(said, soft_wrap=True)
        console.print_json(json.dumps(bootstrap.policy))


def _show(console: Console, where: str, steps: Sequence[Step]) -> None:
    table = Table("", "now", "then", title=escape(where), title_justify="left")
    for step in steps:
        then = "as it is" if step.apply is None else f"[bold]{escape(step.after)}[/bold]"
        table.add_row(escape(step.name), escape(step.before), then)
    console.print(table)


def _wanted(number: int) -> bool:
    """Asks whoever sits at the terminal; where nobody does, the answer is no."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    answer = Console(highlight=False).input(f"Make these {number} changes? \\[y/N] ")
    return answer.strip().casefold() in {"y", "yes"}

"""What ``kantor rejudge`` shows and asks."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from bot.rules.numbers import decimal

if TYPE_CHECKING:
    from bot.usecases.verdicts.rejudging import Change, Rejudgement, Rejudging


def rejudge_contest(use_case: Rejudging, slug: str, *, apply: bool) -> None:
    """Compare, show, and apply where that was asked for, or where somebody at the terminal says yes. Raises Refusal and Unavailable."""
    console = Console(highlight=False)
    found = _compared(use_case, slug)
    if found.up_to_date:
        console.print(f"{escape(found.contest_name)} is judged by {found.model_version} already: nothing would change.")
        return
    _show(console, found)
    if not apply and not _wanted(found):
        console.print("Nothing was changed. To let the new verdicts count, add --apply.")
        return
    changed = use_case.apply(found)
    console.print(
        f"{len(found.changes)} verdicts are {found.model_version}'s now, {changed} with another score. The old ones are kept."
    )


def _compared(use_case: Rejudging, slug: str) -> Rejudgement:
    """With a progress bar where a person looks at the terminal."""
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        bar = progress.add_task("Listening", total=None)
        return use_case.compare(slug, lambda done, total: progress.update(bar, completed=done, total=total))


def _show(console: Console, found: Rejudgement) -> None:
    table = Table(title=f"{escape(found.contest_name)}, judged again by {found.model_version}", title_justify="left")
    for column in ("Composition", "before", "after", "change", "place before", "place after"):
        table.add_column(column, justify="left" if column == "Composition" else "right")
    for change in found.changes:
        table.add_row(*_row(change))
    console.print(table)
    changed = sum(change.changed for change in found.changes)
    moved = sum(change.place_before != change.place_after for change in found.changes)
    console.print(f"{changed} of {len(found.changes)} scores would change, {moved} places on the AI judge's board.")


def _row(change: Change) -> tuple[str, ...]:
    before, after = decimal(change.score_before, 1), decimal(change.score_after, 1)
    difference = f"{after - before:+}" if change.changed else "same"
    places = (str(change.place_before), str(change.place_after))
    return (escape(change.name), f"{before}", f"{after}", difference, *places)


def _wanted(found: Rejudgement) -> bool:
    """Asks whoever sits at the terminal; where nobody does, the answer is no."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    answer = Console(highlight=False).input(f"Let all {len(found.changes)} new verdicts count? \\[y/N] ")
    return answer.strip().casefold() in {"y", "yes"}

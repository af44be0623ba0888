"""Hold the sandbox and Kantor against Slack's own JavaScript: ``python -m tests.node.check`` (``make check-node`` installs what it needs).

bolt-js plays a whole conversation as the sandbox's second client, then TypeScript's compiler holds all that Kantor and the sandbox say
in a short contest against the types of @slack/types and @slack/web-api. Exit status 1 with what is wrong.
"""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

from tests.makers.newer_blocks import EVERY
from tests.makers.whole_contest import played
from tests.node.second_client import STEPS, Play
from tests.node.typed import COMPILER, UNTYPED_BLOCKS, Declaration, complaints, kantors, sandboxes
from tests.official.slack_wire import wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

_MISSING = "This check needs Node.js 20 or newer with npm. Install it (nodejs.org, or your system's packages), then run: make check-node"
_NEWER = [
    Declaration(f"our own {block['type']}", "KnownBlock[]", [block])
    for block in EVERY
    if block["type"] not in UNTYPED_BLOCKS
]
_WRONG = Declaration("a wrong block", "KnownBlock[]", [{"type": "divider", "colour": "red"}])


def second_client(node: str) -> None:
    """bolt-js's conversation; AssertionError at the first step that fails."""
    sys.stdout.write("bolt-js, unchanged from npm, as a second client of the sandbox:\n")
    with Play.raised(node) as play:
        for step in STEPS:
            step(play)
            sys.stdout.write(f"  ok  {step.__doc__}\n")
            sys.stdout.flush()


def types() -> bool:
    """The compiler's reading of a contest; False where it complains, or where it lets a wrong block pass."""
    sys.stdout.write("TypeScript with Slack's types:\n")
    with played() as stage:
        contest = stage.slack.log()
    with wire() as everything:
        pass
    kept = [
        _report(contest, kantors, "things that Kantor sends"),
        _report([*contest, *everything], sandboxes, "answers of the sandbox"),
    ]
    wrong = complaints(_NEWER)
    sys.stdout.write(
        f"  {'WRONG' if wrong else 'ok'}  {len(_NEWER)} newer blocks that the sandbox takes, {len(wrong)} complaints\n"
    )
    sys.stdout.writelines(f"      {line}\n" for line in wrong)
    bites = len(complaints([_WRONG])) == 1
    sys.stdout.write(
        "  ok  a wrong block is refused\n" if bites else "  WRONG  a wrong block passes: nothing was checked\n"
    )
    return all([*kept, not wrong, bites])


def _report(
    log: list[dict[str, Any]], told: Callable[[list[dict[str, Any]]], Iterable[Declaration]], what: str
) -> bool:
    declarations = list(told(log))
    wrong = complaints(declarations)
    sys.stdout.write(f"  {'WRONG' if wrong else 'ok'}  {len(declarations)} {what}, {len(wrong)} complaints\n")
    sys.stdout.writelines(f"      {line}\n" for line in wrong)
    return bool(declarations) and not wrong


def main() -> int:
    """Run both; 0 if all is well."""
    node = shutil.which("node")
    if node is None or not COMPILER.exists():
        sys.exit(_MISSING)
    try:
        second_client(node)
    except AssertionError as wrong:
        sys.exit(f"  WRONG  {wrong}")
    return 0 if types() else 1


if __name__ == "__main__":
    sys.exit(main())

"""What went over the sandbox's wire as TypeScript, one declaration a line, for the compiler to hold against Slack's own types."""

from __future__ import annotations

import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FOLDER = Path(__file__).parent
COMPILER = FOLDER / "node_modules" / "typescript" / "bin" / "tsc"

# The types' own `AnyBlock` takes any object with a `type`: held against `KnownBlock`, no key goes unnoticed. The types of answers were
# collected by machine: they know no null, have some of the blocks' keys only, and call a picture's width a string.
HEADER = """\
import type { HomeView, KnownBlock, ModalView } from '@slack/types';
import type * as web from '@slack/web-api';
import type { RespondArguments, SlashCommand } from '@slack/bolt';
type Home = Omit<HomeView, 'blocks'> & { blocks: KnownBlock[] };
type Modal = Omit<ModalView, 'blocks'> & { blocks: KnownBlock[] };
type Errors = { response_action: 'errors'; errors: Record<string, string> };
type Shown = { response_action: 'update' | 'push'; view: Modal };
type Untyped = 'blocks' | 'original_w' | 'original_h';
type Loose<T> = T extends string ? string
  : T extends number | boolean ? T
  : T extends (infer Item)[] ? Loose<Item>[]
  : T extends object ? { [Key in keyof T]: Key extends Untyped ? unknown : Loose<T[Key]> | null }
  : T;
type Submitted = Errors | Shown | { response_action: 'clear' } | Record<string, never>;
"""
# The calls whose arguments travel as JSON; the others are forms, in which all values are text.
_CALLS = {
    "chat.postMessage": "web.ChatPostMessageArguments",
    "chat.postEphemeral": "web.ChatPostEphemeralArguments",
    "chat.update": "web.ChatUpdateArguments",
    "views.open": "web.ViewsOpenArguments",
    "views.push": "web.ViewsPushArguments",
    "views.update": "web.ViewsUpdateArguments",
    "views.publish": "web.ViewsPublishArguments",
}
# On Slack's page since June 2026, and in no release of its types yet.
UNTYPED_BLOCKS = frozenset({"data_visualization"})
# On the method's page, and not in the type: whom a direct message is with.
_ALSO = {"conversations.info": " & { channel?: { user?: string } }"}


@dataclass(frozen=True)
class Declaration:
    """One thing that was said: who says what (`label`), the type it must have, and the thing itself."""

    label: str
    type: str
    value: Any


def kantors(log: Iterable[dict[str, Any]]) -> Iterator[Declaration]:
    """What the app said: calls with their blocks and views, answers by response URL, acknowledgements."""
    for line in log:
        name, args, label = line["name"], line["args"], f"{line['kind']} {line['name']} (line {line['n']} of the log)"
        if line["kind"] == "api" and name in _CALLS:
            # The library adds the workspace's id by itself.
            yield Declaration(label, _CALLS[name], _typed({key: args[key] for key in args if key != "team_id"}))
        if line["kind"] == "response_url":
            yield Declaration(label, "RespondArguments", _typed(args))
        if line["kind"] in {"api", "response_url"}:
            yield from _surfaces(label, args)
        if line["kind"] == "delivery" and name == "view_submission":
            yield Declaration(label, "Submitted", line["answer"] or {})


def sandboxes(log: Iterable[dict[str, Any]]) -> Iterator[Declaration]:
    """What the sandbox said: its answers to calls."""
    for line in log:
        label = f"answer to {line['name']} (line {line['n']} of the log)"
        if line["kind"] == "api" and line["answer"]["ok"]:
            parts = "".join(part[0].upper() + part[1:] for part in line["name"].split("."))
            yield Declaration(label, f"Loose<web.{parts}Response>{_ALSO.get(line['name'], '')}", line["answer"])


def _surfaces(label: str, args: dict[str, Any]) -> Iterator[Declaration]:
    view = args.get("view")
    if view:
        yield Declaration(label, "Home" if view["type"] == "home" else "Modal", view)
    if args.get("blocks"):
        yield Declaration(label, "KnownBlock[]", _typed(args)["blocks"])


def _typed(args: dict[str, Any]) -> dict[str, Any]:
    """What was said without the blocks that Slack's types do not have yet."""
    if not isinstance(args.get("blocks"), list):
        return args
    return args | {"blocks": [one for one in args["blocks"] if one["type"] not in UNTYPED_BLOCKS]}


def complaints(declarations: Iterable[Declaration]) -> list[str]:
    """Let the compiler read them; what it says, with the label of each thing instead of a line number."""
    unique = list({(one.type, json.dumps(one.value)): one for one in declarations}.values())
    (FOLDER / "var").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER / "var") as folder:
        file = Path(folder) / "said.ts"
        lines = [f"const said{n}: {one.type} = {json.dumps(one.value)};" for n, one in enumerate(unique)]
        names = ", ".join(f"said{n}" for n in range(len(unique)))
        file.write_text("\n".join([HEADER.rstrip(), *lines, f"export {{ {names} }};", ""]), encoding="utf-8")
        options = ("--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--types", "", "--pretty", "false")
        done = subprocess.run(("node", str(COMPILER), *options, str(file)), capture_output=True, text=True, check=False)
    first = HEADER.count("\n") + 1
    return [_labelled(line, unique, first) for line in done.stdout.splitlines() if line]


def _labelled(line: str, declarations: list[Declaration], first: int) -> str:
    place, _, said = line.partition("): ")
    number = place.rpartition("(")[2].partition(",")[0]
    if not number.isdigit() or not 0 <= int(number) - first < len(declarations):
        return line
    return f"{declarations[int(number) - first].label}: {said}"

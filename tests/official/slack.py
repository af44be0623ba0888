"""Hold the sandbox against Slack's official files: ``python -m tests.official.slack FOLDER``.

The folder has samples/ and rate_limit_tiers.json (of slackapi/java-slack-sdk) and manifest.schema.2.0.0.json (of slackapi/manifest-schema);
docs/checks.md says where to get them. Exit status 1 where a payload of the sandbox has another shape than Slack's sample without a reason
in slack_differences.toml, where a rate limit is another, or where manifest.json is not valid.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema

from bot.sandbox.rate_limits import METHODS
from bot.sandbox.server import SandboxServer
from tests.official.shapes_compared import Difference, differences, outdated, read_allowed, unlisted
from tests.official.slack_wire import wire

if TYPE_CHECKING:
    from collections.abc import Iterable

MANIFEST = Path(__file__).parents[2] / "manifest.json"
REASONS = Path(__file__).parent / "slack_differences.toml"

_INTERACTIVE = {
    "block_actions": "app-backend/interactive-components/BlockActionPayload",
    "view_submission": "app-backend/views/ViewSubmissionPayload",
    "view_closed": "app-backend/views/ViewClosedPayload",
    "slash_command": "app-backend/slash-commands/SlashCommandPayload",
}


def sample_of(line: dict[str, Any]) -> str | None:
    """The official sample for a line of the log; None where Slack has published none."""
    if line["kind"] == "api":
        return f"api/{line['name']}"
    if line["kind"] != "delivery":
        return None
    event = line["args"]["payload"].get("event")
    if event is None:
        return _INTERACTIVE.get(line["name"])
    words = [event["type"]]
    if event["type"] == "message" and "subtype" in event:
        words = ["message", event["subtype"].removeprefix("message_")]
    return f"events/{''.join(word.title().replace('_', '') for word in words)}Payload"


def payloads(log: Iterable[dict[str, Any]]) -> dict[str, list[Any]]:
    """What the sandbox said, by the sample that it must be like."""
    by_sample: dict[str, list[Any]] = {}
    for line in log:
        if (name := sample_of(line)) is not None:
            by_sample.setdefault(name, []).append(line["answer"] if line["kind"] == "api" else line["args"]["payload"])
    return by_sample


def shapes(samples: Path) -> list[str]:
    """What is wrong with the shapes of payloads."""
    with wire() as log:
        ours = payloads(log)
    found: list[Difference] = []
    without = []
    for name, said in sorted(ours.items()):
        file = samples / f"{name}.json"
        if file.exists():
            found += differences(name, json.loads(file.read_text(encoding="utf-8")), said)
        else:
            without.append(name)
    allowed = read_allowed(REASONS)
    wrong = [f"{one.kind} {one.path} ({one.said}) in {one.sample}" for one in unlisted(found, allowed)]
    wrong += [f"listed in {REASONS.name}, but no longer so: {one}" for one in outdated(found, allowed)]
    _say(f"{len(ours) - len(without)} kinds of payloads beside Slack's samples, {len(found)} differences", wrong)
    sys.stdout.write(f"      no official sample: {', '.join(without)}\n")
    return wrong


def rate_limits(folder: Path) -> list[str]:
    """What is wrong with the rate limits."""
    official = json.loads((folder / "rate_limit_tiers.json").read_text(encoding="utf-8"))
    wrong = [f"{one}: {METHODS[one]}, not {official.get(one)}" for one in METHODS if METHODS[one] != official.get(one)]
    with SandboxServer() as server:
        offered = set(server._backend.api.methods)
    wrong += [f"{one} has no rate limit" for one in sorted(offered - METHODS.keys())]
    _say(f"{len(METHODS)} methods with Slack's rate limits", wrong)
    return wrong


def manifest(folder: Path) -> list[str]:
    """What is wrong with the app's manifest."""
    schema = json.loads((folder / "manifest.schema.2.0.0.json").read_text(encoding="utf-8"))
    checker = jsonschema.validators.validator_for(schema)(schema)
    told = json.loads(MANIFEST.read_text(encoding="utf-8"))
    wrong = [f"{error.json_path}: {error.message}" for error in checker.iter_errors(told)]
    bites = any(checker.iter_errors({**told, "display_information": {"name": 5}}))
    wrong += [] if bites else ["the schema takes anything"]
    _say("manifest.json by Slack's schema", wrong)
    return wrong


def _say(what: str, wrong: list[str]) -> None:
    sys.stdout.write(f"  {'WRONG' if wrong else 'ok'}  {what}\n")
    sys.stdout.writelines(f"      {one}\n" for one in wrong)


def main(folder: Path) -> int:
    """Run all three; 0 if nothing is wrong."""
    sys.stdout.write(f"The sandbox beside Slack's official files in {folder}:\n")
    wrong = [*shapes(folder / "samples"), *rate_limits(folder), *manifest(folder)]
    return int(bool(wrong))


if __name__ == "__main__":
    if len(sys.argv) != 2 or not (Path(sys.argv[1]) / "samples").is_dir():
        sys.exit("Usage: python -m tests.official.slack FOLDER (with samples/; docs/checks.md says where to get it)")
    sys.exit(main(Path(sys.argv[1])))

"""Windows in which files are handed in, and the buttons around them; what organizers fill in about late files, more time and wrong files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.usecases.submissions.corrections import Correct
from bot.usecases.submissions.handins import HandIn, WindowFile
from bot.usecases.submissions.latefiles import Extend
from handlers import payloads
from handlers.ids import Block
from handlers.payloads import GONE

if TYPE_CHECKING:
    from handlers.payloads import Payload, Sent


def hand_in(sent: Sent) -> HandIn:
    """A composition, or a new version of one."""
    return HandIn(
        user_id=sent.user_id,
        contest_id=sent.text(Block.CONTEST) or sent.facts.get("contest_id", ""),
        title=sent.text(Block.TITLE),
        file=window_file(sent),
        replaces=sent.text(Block.REPLACES) or sent.facts.get("replaces", ""),
    )


@payloads.as_we_sent_it()
def window_file(sent: Sent) -> WindowFile:
    """The one file of a window: the one it was opened with, or that of its input. Raises Refusal where there is none."""
    known = sent.facts.get("file")
    if known:
        return _described(json.loads(known))
    files = sent.state.values.get(Block.FILE, {}).get(Block.FILE, {}).get("files") or []
    if not files:
        raise Refusal("Please choose a file first.", field=Block.FILE)
    return _described(files[0])


@payloads.as_we_sent_it()
def own_file(body: Payload) -> WindowFile:
    """The file of a message that its own author wants to hand in. Raises Refusal where there is no such file."""
    there = [one for one in body["message"].get("files") or [] if one.get("mode") not in GONE]
    if not there:
        raise Refusal("There is no file in that message. Choose one that has your MIDI file.")
    theirs = [one for one in there if one.get("user") == body["user"]["id"]]
    if not theirs:
        raise Refusal("That file is somebody else's. You can hand in only what you have put into Slack yourself.")
    if len(theirs) > 1:
        raise Refusal(
            "There are several files in that message. Please send the one you mean alone, or use `/kantor submit`."
        )
    return _described(theirs[0])


def fact_of(file: WindowFile) -> str:
    """What a window keeps of the file that it was opened with."""
    kept = {"id": file.file_id, "name": file.filename, "mimetype": file.mimetype, "filetype": file.filetype}
    return json.dumps(kept | {"size": file.size, "created": int(file.created_at.timestamp())})


def _described(file: Payload) -> WindowFile:
    return WindowFile(
        file_id=file["id"],
        filename=file.get("name") or file.get("title") or file["id"],
        mimetype=file.get("mimetype") or "",
        filetype=file.get("filetype") or "",
        size=int(file.get("size") or 0),
        created_at=datetime.fromtimestamp(int(file.get("created") or file.get("timestamp") or 0), UTC),
    )


@payloads.as_we_sent_it()
def page(body: Payload) -> int:
    """The page of a person's compositions that the window shows, or the one below it; 0 for other windows."""
    facts = json.loads((body.get("view") or {}).get("private_metadata") or "{}")
    return int(facts.get("page") or 0) if isinstance(facts, dict) else 0


@payloads.as_we_sent_it()
def extend(sent: Sent) -> Extend:
    """The submitted window of more time."""
    return Extend(
        actor=sent.user_id,
        contest_id=sent.contest_id,
        user_id=sent.text(Block.PERSON),
        until=datetime.combine(
            date.fromisoformat(sent.text(Block.UNTIL_DATE)), time.fromisoformat(sent.text(Block.UNTIL_TIME))
        ),
        reason=sent.text(Block.REASON),
    )


@dataclass(frozen=True)
class Sought:
    """What ``/kantor find`` is to look for."""

    words: str
    people: tuple[str, ...]
    """User ids."""
    shown: str
    """As the person wrote it."""


def sought(typed: str) -> Sought:
    """The words behind ``find``; people who are mentioned are taken out of them."""
    people = payloads.mentioned(typed)
    words = payloads.without_mentions(typed)
    return Sought(words, people, words or "that person")


def correct(sent: Sent) -> Correct:
    """The window in which an organizer replaces a file."""
    return Correct(sent.user_id, sent.facts["submission_id"], window_file(sent), sent.text(Block.REASON))

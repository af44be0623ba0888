"""Windows in which files are handed in, and the buttons around them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.usecases.submissions.handins import HandIn, WindowFile
from handlers import payloads
from handlers.ids import Block
from handlers.payloads import State

if TYPE_CHECKING:
    from handlers.payloads import Payload


@dataclass(frozen=True)
class NewTitle:
    """The window in which a composition gets another title."""

    user_id: str
    submission_id: str
    title: str


def hand_in(body: Payload) -> HandIn:
    """A composition, or a new version of one."""
    known, state = payloads.facts(body), State.of(body)
    return HandIn(
        user_id=body["user"]["id"],
        contest_id=state.text(Block.CONTEST) or known.get("contest_id", ""),
        title=state.text(Block.TITLE),
        file=window_file(body),
        replaces=known.get("replaces", ""),
    )


def window_file(body: Payload) -> WindowFile:
    """The one file of a window's file input. Raises Refusal where there is none."""
    files = body["view"]["state"]["values"].get(Block.FILE, {}).get(Block.FILE, {}).get("files") or []
    if not files:
        raise Refusal("Please choose a file first.", field=Block.FILE)
    file = files[0]
    return WindowFile(
        file_id=file["id"],
        filename=file.get("name") or file.get("title") or file["id"],
        mimetype=file.get("mimetype") or "",
        filetype=file.get("filetype") or "",
        size=int(file.get("size") or 0),
        created_at=datetime.fromtimestamp(int(file.get("created") or file.get("timestamp") or 0), UTC),
    )


def new_title(body: Payload) -> NewTitle:
    """The submitted window of another title."""
    about = payloads.facts(body)["submission_id"]
    return NewTitle(body["user"]["id"], about, State.of(body).text(Block.TITLE))


def chosen(body: Payload) -> str:
    """What was chosen from a menu that acts at once."""
    return str(body["actions"][0]["selected_option"]["value"])


def view_below(body: Payload) -> str:
    """The id of the view below the one that was submitted; empty where there is none."""
    return str(body["view"].get("previous_view_id") or "")


def in_window(body: Payload) -> bool:
    """Whether a button was pressed in an open modal."""
    return bool((body.get("view") or {}).get("type") == "modal")

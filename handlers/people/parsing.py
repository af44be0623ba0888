"""What people choose on the Home tab and in the starter kit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handlers.payloads import Payload


@dataclass(frozen=True)
class Chosen:
    """A choice of a menu that acts at once, or of a button among several."""

    user_id: str
    value: str
    wish: str
    """The click's own id: a repeat of it is not a second wish."""
    trigger_id: str
    view_id: str
    """The modal or Home tab that it stands in; empty in a message."""
    in_modal: bool


def chosen(body: Payload) -> Chosen:
    """A menu, in a message, a modal or on the Home tab."""
    action = body["actions"][0]
    view = body.get("view") or {}
    return Chosen(
        user_id=body["user"]["id"],
        value=(action.get("selected_option") or action).get("value") or "",
        wish=str(action["action_ts"]),
        trigger_id=body["trigger_id"],
        view_id=str(view.get("id") or ""),
        in_modal=view.get("type") == "modal",
    )

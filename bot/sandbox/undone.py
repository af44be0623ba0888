"""Arguments that Slack knows and the sandbox does not do: refused, since an answer of ``ok: true`` would say that they were done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.shapes import SlackError, clipped

if TYPE_CHECKING:
    from bot.sandbox.shapes import Json

_OF_ANSWERS = frozenset({"attachments", "markdown_text", "reply_broadcast"})
# `as_user` is done where it is true: the app's messages are always by its own user.
_OF_MESSAGES = _OF_ANSWERS | {"icon_emoji", "icon_url", "parse", "username"}
_UNDONE = {
    "chat.postMessage": _OF_MESSAGES,
    "chat.postEphemeral": _OF_MESSAGES,
    "chat.scheduleMessage": _OF_MESSAGES,
    "chat.update": _OF_MESSAGES | {"file_ids"},
    "conversations.create": frozenset({"team_id"}),
    "conversations.invite": frozenset({"force"}),
    "conversations.list": frozenset({"team_id"}),
    "conversations.open": frozenset({"prevent_creation"}),
    "files.getUploadURLExternal": frozenset({"snippet_type"}),
    "response_url": _OF_ANSWERS,
    "users.conversations": frozenset({"team_id"}),
    "users.list": frozenset({"team_id"}),
}
# What stands for "not asked for", as a form, JSON or a client's default has it.
_NOT_ASKED: tuple[object, ...] = (None, "", "[]", "0", "false", "False", "none", 0, False, [], {})


def demand_done(method: str, args: Json) -> None:
    """Raise SlackError `not_supported` where a method (or what is posted to a response URL) asks for what is not done."""
    undone = sorted(name for name in _UNDONE.get(method, ()) if args.get(name) not in _NOT_ASKED)
    if undone:
        sentences = [f"the sandbox does not do this [json-pointer:/{name}]" for name in undone]
        raise SlackError("not_supported", response_metadata=clipped(sentences))

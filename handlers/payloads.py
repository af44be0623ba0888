"""Slack's dictionaries, parsed once at the door; inside, nobody sees them."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.errors import Refusal
from bot.usecases.submissions.arrivals import Upload

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Payload: TypeAlias = dict[str, Any]

GONE = frozenset({"tombstone", "hidden_by_limit"})
"""Modes of files that are no longer to be had."""

_ILLEGIBLE = re.compile("[\0\ud800-\udfff]")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


@dataclass(frozen=True)
class Pressed:
    """A button, or a choice of a menu that acts at once."""

    user_id: str
    value: str
    channel_id: str
    """Where the message with the button is; empty on the Home tab."""
    action_id: str
    in_modal: bool
    """And not in a message or on the Home tab."""
    wish: str
    """The click's own id: a repeat of it is not a second wish."""

    @property
    def about(self) -> str:
        """The channel that the button is about: its value, or where it stands."""
        return self.value or self.channel_id

    @property
    def pair(self) -> tuple[str, str]:
        """The two things that it names: ``skip:<id>``, ``<contest>:2``."""
        first, _, second = self.value.partition(":")
        return first, second


@dataclass(frozen=True)
class PlainWords:
    """A direct message without a file."""

    user_id: str
    channel_id: str
    text: str
    slack_event_id: str


_KINDS = {"event_callback": "event"} | {
    kind: kind
    for kind in (
        *("block_actions", "view_submission", "view_closed", "block_suggestion", "shortcut", "message_action"),
        "url_verification",
    )
}


def kind_of(payload: Payload) -> str:
    """What kind of thing Slack tells: ``event``, ``command``, or an interaction by its own name; ``other`` for what we do not know."""
    return "command" if "command" in payload else _KINDS.get(str(payload.get("type")), "other")


def legible(body: Payload) -> Payload:
    """The same without what no database keeps and no file has: the letter NUL, and halves of letters (lone surrogates, which JSON allows)."""
    mended: Payload = body if _is_legible(body) else _mended(body)
    return mended


def _is_legible(part: Any) -> bool:
    if isinstance(part, str):
        return "\0" not in part and (part.isascii() or not _ILLEGIBLE.search(part))
    if isinstance(part, dict):
        return all(map(_is_legible, part.values()))
    return all(map(_is_legible, part)) if isinstance(part, list) else True


def _mended(part: Any) -> Any:
    if isinstance(part, str):
        return _ILLEGIBLE.sub("\ufffd", part)
    if isinstance(part, dict):
        return {key: _mended(value) for key, value in part.items()}
    return [_mended(each) for each in part] if isinstance(part, list) else part


@contextmanager
def as_we_sent_it() -> Iterator[None]:
    """What we write into a button or a window comes back as it was. Raises Refusal where it cannot be understood."""
    try:
        yield
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
        raise _not_understood() from error


def _not_understood() -> Refusal:
    return Refusal(
        "I cannot tell any more what that is about: it may be from before I was updated. Please open it once more; `/kantor help` says how."
    )


class _Facts(dict[str, str]):
    """What a window brings back; what it lacks is refused."""

    def __missing__(self, key: str) -> str:
        raise _not_understood()


_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")


def cause(body: Payload) -> str:
    """The name of all that comes of it: Slack's id of the event, or of the window that was sent in.

    Of all else a short one made of its trigger, since that is a key itself for a while.
    """
    known = str(body.get("event_id") or _part(body, "view").get("id") or "")
    if _NAME.fullmatch(known):
        return known
    trigger = str(body.get("trigger_id") or known)
    return f"T{sha256(trigger.encode(errors='replace')).hexdigest()[:12]}"


def heard(body: Payload) -> tuple[str, bool]:
    """What it is, in our own words and Slack's, none of people's; and whether it is talk, of which there is much, and which is seldom for us."""
    event = _part(body, "event")
    if event:
        is_talk = event.get("type") == "message" and not event.get("files")
        return f"{event.get('type')}:{event.get('subtype', '')}", is_talk
    pressed_ = body.get("actions")
    actions = (
        [each.get("action_id") for each in pressed_ if isinstance(each, dict)] if isinstance(pressed_, list) else []
    )
    named = _part(body, "view").get("callback_id") or body.get("callback_id") or body.get("command")
    return ":".join(map(str, (body.get("type") or "command", *(actions or [named])))), False


def _part(body: Payload, name: str) -> Payload:
    """Whatever somebody made up in its place, it is looked at before anything is parsed."""
    found = body.get(name)
    return found if isinstance(found, dict) else {}


def mentioned(text: str) -> tuple[str, ...]:
    """The people mentioned in a command's text, each once, in order (the manifest asks Slack to escape them)."""
    return tuple(dict.fromkeys(_MENTION.findall(text)))


def without_mentions(text: str) -> str:
    """A command's text without the people mentioned in it."""
    return " ".join(_MENTION.sub(" ", text).split())


def pressed(body: Payload) -> Pressed:
    """A button or a menu, in a message, in a window or on the Home tab."""
    action = body["actions"][0]
    value = action.get("value") or (action.get("selected_option") or {}).get("value") or ""
    channel = (body.get("channel") or {}).get("id") or (body.get("container") or {}).get("channel_id") or ""
    return Pressed(body["user"]["id"], value, channel, action["action_id"], in_modal(body), str(action["action_ts"]))


def in_modal(body: Payload) -> bool:
    """Whether it was pressed in a window, and not in a message or on the Home tab."""
    return (body.get("view") or {}).get("type") == "modal"


def uploads(body: Payload) -> Iterator[Upload]:
    """The files of a ``file_share`` message of a person; none for messages of bots."""
    event = body["event"]
    if event.get("bot_id") or not event.get("user"):
        return
    for file in event.get("files", ()):
        if file.get("mode") not in GONE:
            yield _upload(event, file)


def _upload(event: Payload, file: Payload) -> Upload:
    # In Slack's history a message that has been answered says that it is in its own thread.
    thread_ts = event.get("thread_ts")
    return Upload(
        file_id=file["id"],
        user_id=event["user"],
        channel_id=event["channel"],
        is_dm=event.get("channel_type") == "im",
        message_ts=event["ts"],
        thread_ts=None if thread_ts == event["ts"] else thread_ts,
        filename=file.get("name") or file.get("title") or file["id"],
        mimetype=file.get("mimetype") or "",
        filetype=file.get("filetype") or "",
        size=int(file.get("size") or 0),
        is_empty=file.get("size") == 0,
    )


def plain_words(body: Payload) -> PlainWords | None:
    """A person's direct message; None for messages in channels, and for bots'."""
    event = body["event"]
    if event.get("channel_type") != "im" or event.get("bot_id") or not event.get("user"):
        return None
    return PlainWords(event["user"], event["channel"], event.get("text") or "", body["event_id"])


def input_blocks(body: Payload) -> tuple[str, ...]:
    """The ids of the inputs of a submitted modal, in order."""
    return tuple(block["block_id"] for block in body["view"]["blocks"] if block["type"] == "input")


@dataclass(frozen=True)
class State:
    """What stands in a modal's inputs, whatever kind they are."""

    values: Mapping[str, Mapping[str, Payload]]

    def text(self, block: str) -> str:
        """The one value; empty where nothing was given."""
        state = self.values.get(block, {}).get(block, {})
        option = (state.get("selected_option") or {}).get("value")
        keys = ("value", "selected_conversation", "selected_user", "selected_date", "selected_time")
        given = option or next((state[key] for key in keys if state.get(key)), "")
        return str(given).strip()

    def people(self, block: str) -> tuple[str, ...]:
        """The ids of the people who were chosen."""
        return tuple(self.values.get(block, {}).get(block, {}).get("selected_users") or ())

    def chosen(self, block: str) -> tuple[str, ...]:
        """The ticked boxes."""
        ticked = self.values.get(block, {}).get(block, {}).get("selected_options") or ()
        return tuple(option["value"] for option in ticked)


@dataclass(frozen=True)
class Sent:
    """A modal that was sent in, or in which something is being filled in."""

    user_id: str
    view_id: str
    facts: Mapping[str, str]
    """What it was opened with (``handlers.views.blocks.Submit``)."""
    state: State = field(repr=False)
    """Passwords may be in it."""

    @property
    def contest_id(self) -> str:
        """Of the contest that it is about."""
        return self.facts["contest_id"]

    def text(self, block: str) -> str:
        """As ``State.text``."""
        return self.state.text(block)


def sent(body: Payload) -> Sent:
    """A modal's payload."""
    view = body["view"]
    state = State((view.get("state") or {}).get("values") or {})
    facts = _Facts()
    with suppress(ValueError, AttributeError):  # what is no record of ours lacks all that a listener looks for
        facts.update({str(key): str(fact) for key, fact in _mended(json.loads(view["private_metadata"])).items()})
    return Sent(body["user"]["id"], view["id"], facts, state)

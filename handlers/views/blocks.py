"""Builders of Block Kit pieces that keep Slack's limits, whatever people's names are.

Sources of the limits: docs.slack.dev, reference of blocks, elements and views.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from handlers.views.text import cut, cut_markup

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from handlers.ids import Action, Callback

Block: TypeAlias = dict[str, Any]
View: TypeAlias = dict[str, Any]
Option: TypeAlias = dict[str, Any]

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
SECTION_TEXT = 3000
HEADER_TEXT = 150
TITLE_TEXT = 24
BUTTON_TEXT = 75
OPTION_TEXT = 75
LABEL_TEXT = 2000
INPUT_TEXT = 3000
SELECT_OPTIONS = 100
MESSAGE_TEXT = 3900
"""Slack cuts above 40,000 characters; below 4,000 a message is never split."""
FRAME = 20_000
"""Bytes of an acknowledgement. No document says so, but Slack's end of Socket Mode hangs up at a frame of more than 20,480, which people read as trouble with the
connection. What is larger goes another way: ``handlers.windows.Windows.answer``."""


def frame_bytes(answer: object) -> int:
    """How much it takes in an acknowledgement: slack_sdk writes each character beyond ASCII as six bytes or twelve."""
    return len(json.dumps(answer))


def offered(options: Sequence[Option]) -> list[Option]:
    """The first of what was found by a search, as many as one answer has room for; who types more finds the others."""
    offer = list(options[:SELECT_OPTIONS])
    while frame_bytes(offer) > FRAME:
        offer.pop()
    return offer


def plain(text: str, limit: int) -> Block:
    """A plain-text object, shown as it was typed: ``:tada:`` in a title or a name stays a word, and our own emoji are characters."""
    return {"type": "plain_text", "text": cut(text, limit), "emoji": False}


def mrkdwn(text: str, limit: int = SECTION_TEXT) -> Block:
    """A mrkdwn object; people's words in it are escaped by whoever wrote ``text``."""
    return {"type": "mrkdwn", "text": cut_markup(text, limit)}


def header(text: str) -> Block:
    """A large line."""
    return {"type": "header", "text": plain(text, HEADER_TEXT)}


def section(text: str, accessory: Block | None = None) -> Block:
    """A paragraph, perhaps with a button beside it."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return block if accessory is None else block | {"accessory": accessory}


def context(text: str) -> Block:
    """A small line."""
    return {"type": "context", "elements": [mrkdwn(text)]}


def called(block_id: str, block: Block) -> Block:
    """The block under an id of its own: where a view is shown again, a click on the one before still finds its button."""
    return block | {"block_id": block_id}


def divider() -> Block:
    """A line across."""
    return {"type": "divider"}


def actions(buttons: Iterable[Block]) -> Block:
    """A row of buttons, 25 at most."""
    return {"type": "actions", "elements": list(buttons)[:25]}


def button(text: str, action: str, value: str = "", *, primary: bool = False) -> Block:
    """A button; its words say what it does, the colour only repeats it."""
    element: Block = {"type": "button", "text": plain(text, BUTTON_TEXT), "action_id": str(action)}
    element |= {"value": value[:2000]} if value else {}
    return element | ({"style": "primary"} if primary else {})


def menu(text: str, action: Action, options: Sequence[Option]) -> Block:
    """A menu that acts at once; ``text`` stands in it until something is chosen."""
    return {
        "type": "static_select",
        "action_id": action.value,
        "placeholder": plain(text, 150),
        **_offered(options),
    }


def _offered(options: Sequence[Option]) -> Block:
    """The options as they are, or in groups where they are more than Slack shows in one: none is left out."""
    if len(options) <= SELECT_OPTIONS:
        return {"options": list(options)}
    groups = [options[at : at + SELECT_OPTIONS] for at in range(0, len(options), SELECT_OPTIONS)]
    return {
        "option_groups": [
            {"label": plain(f"{part[0]['text']['text'].split()[0]} ...", 75), "options": list(part)} for part in groups
        ]
    }


def confirmed(  # noqa: PLR0913 - a question is what it says
    element: Block, *, title: str, text: str, confirm: str, deny: str = "Keep it", danger: bool = False
) -> Block:
    """A button that asks once more before it does anything."""
    asked: Block = {
        "title": plain(title, 100),
        "text": plain(text, 300),
        "confirm": plain(confirm, 30),
        "deny": plain(deny, 30),
    }
    return element | {"confirm": asked | ({"style": "danger"} if danger else {})}


def overflow(action: Action, options: Sequence[Option]) -> Block:
    """A menu behind three dots, of at most 5 options; it acts at once."""
    return {"type": "overflow", "action_id": action.value, "options": list(options)[:5]}


def option(text: str, value: str) -> Option:
    """A choice of a select, a radio group or check boxes."""
    return {"text": plain(text, OPTION_TEXT), "value": value}


def input_block(block: str, label: str, element: Block, *, hint: str = "", optional: bool = False) -> Block:
    """A labelled input; its element carries the block's own id."""
    made: Block = {
        "type": "input",
        "block_id": str(block),
        "label": plain(label, LABEL_TEXT),
        "element": element | {"action_id": str(block)},
        "optional": optional,
    }
    return made | ({"hint": plain(hint, LABEL_TEXT)} if hint else {})


def text_input(
    *, initial: str = "", placeholder: str = "", max_length: int = INPUT_TEXT, multiline: bool = False
) -> Block:
    """A text field of at most ``max_length`` characters (3,000 by Slack)."""
    element: Block = {"type": "plain_text_input", "multiline": multiline, "max_length": max_length}
    element |= {"initial_value": initial[:max_length]} if initial else {}
    return element | ({"placeholder": plain(placeholder, 150)} if placeholder else {})


def number_input(initial: int, smallest: int, largest: int) -> Block:
    """A whole number."""
    return {
        "type": "number_input",
        "is_decimal_allowed": False,
        "initial_value": str(initial),
        "min_value": str(smallest),
        "max_value": str(largest),
    }


def select(options: Sequence[Option], initial: Option | None = None) -> Block:
    """A menu of up to 10,000 options."""
    element: Block = {"type": "static_select", **_offered(options)}
    return element if initial is None else element | {"initial_option": initial}


def searched(initial: Option | None = None) -> Block:
    """A menu whose options are asked for while somebody types: for lists of any length."""
    element: Block = {"type": "external_select", "min_query_length": 0}
    return element if initial is None else element | {"initial_option": initial}


def select_or_search(options: Sequence[Option], initial: Option | None = None) -> Block:
    """A menu of all options; where they are more than Slack shows, one that searches (``handlers.routes.Routes.searches``)."""
    return select(options, initial) if len(options) <= SELECT_OPTIONS else searched(initial)


def radio(options: Sequence[Option], initial: Option | None = None) -> Block:
    """A group of at most 10 choices, all in sight."""
    element: Block = {"type": "radio_buttons", "options": list(options)[:10]}
    return element if initial is None else element | {"initial_option": initial}


def checkboxes(options: Sequence[Option]) -> Block:
    """At most 10 boxes to tick."""
    return {"type": "checkboxes", "options": list(options)[:10]}


def channel_select(initial: str | None) -> Block:
    """A menu of the workspace's channels, without direct messages."""
    element: Block = {
        "type": "conversations_select",
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    return element if initial is None else element | {"initial_conversation": initial}


def user_select(initial: str | None = None) -> Block:
    """A menu of the workspace's people."""
    element: Block = {"type": "users_select"}
    return element if initial is None else element | {"initial_user": initial}


def users_select(initial: Sequence[str] = ()) -> Block:
    """The same for several of them."""
    element: Block = {"type": "multi_users_select"}
    return element | {"initial_users": list(initial)} if initial else element


def file_input(most: int = 1) -> Block:
    """A place for files. No kinds are named: MIDI is not on Slack's list, and the bytes decide."""
    return {"type": "file_input", "max_files": most}


def date_picker(initial: date | None = None) -> Block:
    """A day."""
    element: Block = {"type": "datepicker"}
    return element if initial is None else element | {"initial_date": initial.isoformat()}


def time_picker(initial: str) -> Block:
    """A time of day, ``HH:MM``."""
    return {"type": "timepicker", "initial_time": initial}


def modal(title: str, blocks: Sequence[Block], close: str = "Close") -> View:
    """A modal that only shows."""
    return {
        "type": "modal",
        "title": plain(title, TITLE_TEXT),
        "close": plain(close, TITLE_TEXT),
        "blocks": list(blocks)[:VIEW_BLOCKS],
    }


@dataclass(frozen=True)
class Submit:
    """The button of a modal that is sent in, and what comes back with it."""

    text: str
    callback: Callback
    facts: Mapping[str, str] = field(default_factory=dict)


def form(title: str, blocks: Sequence[Block], submit: Submit) -> View:
    """A modal that is sent in. Slack wants a submit button wherever there is an input."""
    return modal(title, blocks, close="Cancel") | {
        "callback_id": submit.callback.value,
        "submit": plain(submit.text, TITLE_TEXT),
        "private_metadata": json.dumps(dict(submit.facts)),
    }


def home(blocks: Sequence[Block], chosen: str = "") -> View:
    """The App Home; ``chosen`` comes back when it is opened again."""
    view: View = {"type": "home", "blocks": list(blocks)[:VIEW_BLOCKS]}
    return view | ({"private_metadata": chosen} if chosen else {})

"""The validator beside slack_sdk.models and blockkit: limits are found by trying, and where two differ, a reason stands here."""

from __future__ import annotations

import copy
import datetime as dt
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import blockkit
import pytest
from blockkit.core import ComponentValidationError, FieldValidationError
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.sandbox.shapes import SlackError
from bot.sandbox.validate import Validator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Path = tuple[str | int, ...]
    Json = dict[str, Any]

NOT_EXPRESSED = (AttributeError, KeyError, TypeError, ValueError)
"""What the others say of pieces that they have no words for."""
OURS = Validator(lambda file_id: file_id == "F1")
BEYOND = 13_000
"""Longer than any limit of Slack's blocks."""


def plain(text: str = "Text") -> Json:
    return {"type": "plain_text", "text": text}


def option(value: str = "a") -> Json:
    return {"text": plain(), "value": value, "description": plain()}


CONFIRM = {"title": plain(), "text": plain(), "confirm": plain("Yes"), "deny": plain("No")}
ASKING = {"placeholder": plain(), "focus_on_load": False, "action_id": "a"}
GROUP = {"label": plain(), "options": [option()]}
ELEMENTS: list[Json] = [
    {"type": "checkboxes", "options": [option()], "action_id": "a"},
    {"type": "radio_buttons", "options": [option()], "action_id": "a"},
    {"type": "static_select", "options": [option()], **ASKING},
    {"type": "static_select", "option_groups": [GROUP], **ASKING},
    {"type": "multi_static_select", "options": [option()], "max_selected_items": 2, **ASKING},
    {"type": "external_select", "min_query_length": 1, **ASKING},
    {"type": "users_select", "initial_user": "U0ADA", **ASKING},
    {"type": "conversations_select", "filter": {"include": ["im"]}, **ASKING},
    {"type": "channels_select", "initial_channel": "C0GENERAL", **ASKING},
    {"type": "multi_users_select", "initial_users": ["U0ADA"], **ASKING},
    {"type": "datepicker", "initial_date": "2026-11-22", **ASKING},
    {"type": "timepicker", "initial_time": "12:30", **ASKING},
]
BUTTONS: list[Json] = [
    {
        "type": "button",
        "text": plain(),
        "value": "v",
        "url": "https://example.com",
        "style": "danger",
        "confirm": CONFIRM,
    },
    {"type": "overflow", "options": [{**option(), "url": "https://example.com"}], "action_id": "a"},
]
INPUTS: list[Json] = [
    {"type": "plain_text_input", "initial_value": "x", "min_length": 1, "max_length": 3000, **ASKING},
    {"type": "number_input", "is_decimal_allowed": True, "min_value": "1", "max_value": "9", **ASKING},
    {"type": "email_text_input", **ASKING},
    {"type": "url_text_input", **ASKING},
    {"type": "datetimepicker", "initial_date_time": 1_790_000_000, "action_id": "a"},
]
PLACES: dict[str, Callable[[Json], Json]] = {
    "section": lambda element: {"type": "section", "text": plain(), "accessory": element},
    "actions": lambda element: {"type": "actions", "elements": [element]},
    "input": lambda element: {"type": "input", "label": plain(), "hint": plain(), "element": element},
    "context": lambda element: {"type": "context", "elements": [element]},
}
PICTURE = {"type": "image", "alt_text": "A picture", "image_url": "https://example.com/a.png"}
VIDEO = {"type": "video", "title": plain(), "alt_text": "x", "description": plain(), "author_name": "x"}
VIDEO |= {f"{key}_url": "https://example.com/v" for key in ("video", "thumbnail", "title")} | {"provider_name": "x"}
BLOCKS: list[Json] = [
    *(PLACES["input"](one) for one in [*INPUTS, *ELEMENTS]),
    *(PLACES["actions"](one) for one in BUTTONS),
    {"type": "section", "fields": [plain()], "block_id": "b"},
    {"type": "header", "text": plain(), "block_id": "b"},
    {"type": "divider", "block_id": "b"},
    {**PICTURE, "title": plain(), "block_id": "b"},
    {"type": "context", "elements": [plain(), PICTURE], "block_id": "b"},
    {"type": "markdown", "text": "# Text", "block_id": "b"},
    {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]], "column_settings": [{"align": "left"}]},
    VIDEO,
]
MODAL: Json = {
    "type": "modal",
    **{key: plain() for key in ("title", "submit", "close")},
    "private_metadata": "m",
    "callback_id": "c",
    "blocks": [{"type": "divider"}],
}

# Where a limit of ours is not that of another: (ours, the other's) and why.
DIFFERENT_LIMITS: dict[str, tuple[int | None, int | None, str]] = {
    "option value": (75, 150, "Slack's page says 150, its errors have said 75: the stricter."),
    "image alt_text": (2000, 255, "Slack's page says 2,000; blockkit is behind."),
    "section fields": (2000, 3000, "blockkit takes a field for any text; Slack's page says 2,000."),
    "video title": (200, 199, "The page says less than 200: slack_sdk and blockkit read it differently."),
    "video author_name": (50, 49, "As with the title."),
    "video video_url": (3000, 2000, "Slack's page names no limit: that of other addresses."),
    "video thumbnail_url": (3000, 2000, "As with video_url."),
    "video title_url": (3000, 2000, "As with video_url."),
    "table rows": (None, 10_000, "Slack's page names no limit of a cell."),
}
# What another refuses and the sandbox accepts, and why. Beside these, blockkit wants a letter in each optional text that is
# there at all, ids among them; Slack takes an empty one for none.
ACCEPTED_HERE: dict[str, str] = {
    "without confirm confirm": "Optional on Slack's page.",
    "without confirm deny": "Optional on Slack's page.",
    "without divider": "The last block of a view: apps empty App Home so.",
    "empty modal blocks": "The same.",
}
# Where only blockkit refuses an element, and why.
OTHER_PLACES: dict[tuple[str, str], str] = {
    ("datetimepicker", "actions"): "Slack's page names actions and input.",
}


def by_ours(block: Json) -> bool:
    try:
        OURS.view(block, "modal") if block["type"] == "modal" else OURS.blocks([block])
    except SlackError:
        return False
    return True


def by_sdk(block: Json) -> bool:
    try:
        if block["type"] == "modal":
            View(**block).to_dict()
        else:
            parsed = Block.parse(block)
            assert parsed is not None
            parsed.to_dict()
    except (SlackObjectFormationError, *NOT_EXPRESSED):
        return False
    return True


UNTYPED = {"confirm": "Confirm", "filter": "ConversationFilter", "options": "Option", "initial_options": "Option"}
UNTYPED |= {"initial_option": "Option", "option_groups": "OptionGroup", "slack_file": "SlackFile"}
NAMES = {"datetimepicker": "DatetimePicker", "datepicker": "DatePicker", "timepicker": "TimePicker"}
UNTYPED |= {"column_settings": "ColumnSettings"}
NAMES |= {"email_text_input": "EmailInput", "url_text_input": "UrlInput"}


def built(part: Any, key: str = "", *, inside: bool = False) -> Any:
    """Give blockkit's object for a piece of Block Kit; ValueError and TypeError where it can express no such thing."""
    if isinstance(part, list):
        return [built(one, key, inside=True) for one in part]
    if not isinstance(part, dict):
        return CONVERTED.get(key, lambda value: value)(part)
    fields = {name: built(value, name, inside=True) for name, value in part.items() if name != "type"}
    kind = str(part.get("type"))
    if kind in {"plain_text", "mrkdwn"}:
        return blockkit.Text(**fields, type=part["type"])
    name = UNTYPED.get(key) or NAMES.get(kind) or "".join(word.title() for word in kind.split("_"))
    return getattr(blockkit.core, "ImageEl" if name == "Image" and inside else name)(**fields)


CONVERTED: dict[str, Callable[[Any], Any]] = {
    "initial_date": dt.date.fromisoformat,
    "initial_time": dt.time.fromisoformat,
    "timezone": ZoneInfo,
    "min_value": float,
    "max_value": float,
}


def by_blockkit(block: Json) -> bool:
    try:
        built(block).build()
    except (FieldValidationError, ComponentValidationError, *NOT_EXPRESSED):
        return False
    return True


def places(part: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Give each place of a piece of JSON."""
    yield path, part
    inside = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, value in inside:
        yield from places(value, (*path, key))


def changed(block: Json, path: Path, value: Any) -> Json:
    """Give a copy with another value in one place (None: without it)."""
    made = copy.deepcopy(block)
    holder: Any = made
    for key in path[:-1]:
        holder = holder[key]
    if value is None:
        del holder[path[-1]]
    else:
        holder[path[-1]] = value
    return made


def grown(value: Any, length: int) -> Any:
    """Give a longer text, or a longer list, with ids that differ."""
    if isinstance(value, str):
        return ("https://" if value.startswith("https://") else "").ljust(length, "x")[:length]
    made = [copy.deepcopy(value[0]) for _ in range(length)]
    for number, one in enumerate(made):
        if isinstance(one, dict):
            one |= {key: f"n{number}" for key in ("action_id", "value") if key in one and number}
    return made


def limit(accepts: Callable[[Json], bool], block: Json, path: Path, value: Any) -> int | None:
    """Find how long the value may be; None where there is no limit."""
    low, high = 1 if isinstance(value, list) else 10, 300 if isinstance(value, list) else BEYOND
    if not accepts(changed(block, path, grown(value, low))):
        return low - 1
    if accepts(changed(block, path, grown(value, high))):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        fits = accepts(changed(block, path, grown(value, middle)))
        low, high = (middle, high) if fits else (low, middle)
    return low


def called(block: Json, path: Path) -> str:
    """Name a place: the innermost thing with a type, and the keys from there."""
    holder: Any = block
    name, keys = str(block["type"]), list[str]()
    for key in path:
        holder = holder[key]
        if isinstance(key, str):
            keys.append(key)
        if isinstance(holder, dict) and holder.get("type") not in {None, "plain_text", "raw_text"}:
            name, keys = str(holder["type"]), []
    words = [one for one in keys if one != "text" or len(keys) == 1]
    for special in ("options", "initial_option", "initial_options"):
        if special in words[:-1]:
            return " ".join(["option", *words[words.index(special) + 1 :]])
    if "confirm" in words[:-1]:
        return " ".join(["confirm", *words[words.index("confirm") + 1 :]])
    return " ".join([name, *words])


FREE = ("type", "style", "align", "include", "initial_date", "initial_time", "min_value", "max_value")
"""No texts of any length: what these may be is tested elsewhere."""
WORDS = sorted({str(key) for block in [*BLOCKS, MODAL] for path, _ in places(block) for key in path})


def names(block: Json) -> str:
    """Name a block for the test's id."""
    inside = [block.get("element") or {}, *block.get("elements", [])]
    return "-".join([str(block["type"]), *(str(one["type"]) for one in inside if one)])


@pytest.mark.parametrize("block", [*BLOCKS, MODAL], ids=names)
def test_limits(block: Json) -> None:
    """Each limit that another library knows is ours too, to the character, or it stands in the list with a reason."""
    differences = []
    for path, value in places(block):
        if isinstance(value, (str, list)) and not set(FREE) & set(path):
            ours, *others = (limit(accepts, block, path, value) for accepts in (by_ours, by_sdk, by_blockkit))
            name = called(block, path)
            known = DIFFERENT_LIMITS.get(name, (ours, ours, ""))
            differences += [(name, ours, one) for one in others if one not in {None, ours} and known[:2] != (ours, one)]
    assert [] == differences


@pytest.mark.parametrize("block", [*BLOCKS, MODAL], ids=names)
def test_nothing_passes_that_others_refuse(block: Json) -> None:
    """With each part in turn missing, empty or a number, what another library refuses is refused here too."""
    passed = []
    for path, value in places(block):
        if not path or path[-1] == "type" or not isinstance(value, (str, list, dict)):
            continue
        for kind, other in (("without", None), ("empty", type(value)()), ("number", 7)):
            mutant, name = changed(block, path, other), f"{kind} {called(block, path)}"
            others = by_sdk(mutant) and (by_blockkit(mutant) or (kind == "empty" and isinstance(value, str)))
            if by_ours(mutant) and not others and name not in ACCEPTED_HERE:
                passed.append(name)
    assert [] == passed


@pytest.mark.parametrize("place", PLACES)
def test_places(place: str) -> None:
    """An element stands where blockkit lets it stand, and nowhere else."""
    around = PLACES[place]
    differences = [
        element["type"]
        for element in [*ELEMENTS, *BUTTONS, *INPUTS, PICTURE]
        if by_ours(around(element)) != by_blockkit(around(element))
    ]
    assert [kind for kind, where in OTHER_PLACES if where == place] == differences


@pytest.mark.parametrize("block", [*BLOCKS, MODAL], ids=names)
def test_good_ones_pass_everywhere(block: Json) -> None:
    """What the comparisons begin with is accepted by all three."""
    assert [True, True, True] == [accepts(block) for accepts in (by_ours, by_sdk, by_blockkit)]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "x", "plain_text", "section", "1"]),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inside, max_size=4),
    max_leaves=12,
)


@settings(max_examples=200)
@given(data=st.data(), odd=JSON)
def test_nonsense_is_refused_in_words(data: st.DataObject, odd: object) -> None:
    """Whatever stands wherever in a block, the validator accepts it or says what is wrong; it never breaks."""
    block = data.draw(st.sampled_from([*BLOCKS, MODAL]))
    path = data.draw(st.sampled_from([path for path, _ in places(block) if path]))
    by_ours(changed(block, path, odd) | {"type": block["type"]})

"""The limits of blocks and views: what is at the limit passes, one more is refused with a json pointer."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.shapes import SlackError
from bot.sandbox.validate import Validator

VALIDATOR = Validator(lambda file_id: file_id == "F1")


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def button(**more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain("Go"), "action_id": "go", **more}


def option(value: str, text: str = "Option") -> dict[str, Any]:
    return {"text": plain(text), "value": value}


def select(count: int, kind: str = "static_select", **more: Any) -> dict[str, Any]:
    return {"type": kind, "action_id": "s", "options": [option(str(n)) for n in range(count)], **more}


def section(**more: Any) -> dict[str, Any]:
    return {"type": "section", "text": plain("Text"), **more}


def actions(*elements: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def entry(element: dict[str, Any]) -> dict[str, Any]:
    return {"type": "input", "label": plain("Label"), "element": element}


def modal(*blocks: Any, **more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain("Title"), "blocks": list(blocks), **more}


TEXT_INPUT = {"type": "plain_text_input", "action_id": "t"}
NUMBER = {"type": "number_input", "is_decimal_allowed": False}
TABLE = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
PICTURE = {"type": "image", "alt_text": "A picture"}
CONFIRM = {"title": plain("x" * 100), "text": plain("x" * 300), "confirm": plain("Yes"), "deny": plain("No")}

ACCEPTED = [
    [{"type": "divider"}] * 50,
    [section(text=plain("x" * 3000))],
    [section(fields=[plain("x" * 2000)] * 10)],
    [section(accessory=select(100))],
    [section(accessory=select(10, "radio_buttons", initial_option=option("3")))],
    [section(accessory=select(5, "overflow"))],
    [actions(*(button(action_id=f"a{n}") for n in range(25)))],
    [actions(button(text=plain("x" * 75), value="x" * 2000, style="primary", confirm=CONFIRM))],
    [{"type": "header", "text": plain("x" * 150)}],
    [{"type": "context", "elements": [plain("x"), {**PICTURE, "image_url": "https://example.com/a.png"}]}],
    [{**PICTURE, "slack_file": {"id": "F1"}, "title": plain("Title")}],
    [entry({**TEXT_INPUT, "max_length": 3000, "placeholder": plain("x" * 150)})],
    [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 20] * 100}],
]

REFUSED = [
    ([{"type": "divider"}] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    ([{"type": "nonsense"}], "unsupported type: nonsense [json-pointer:/blocks/0/type]"),
    ([section(block_id="b"), section(block_id="b")], "`block_id` already exists: b [json-pointer:/blocks/1/block_id]"),
    ([section(text=plain("x" * 3001))], "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    ([section(text=plain(""))], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    ([{"type": "section"}], "missing required field: text [json-pointer:/blocks/0]"),
    ([section(fields=[plain("x")] * 11)], "no more than 10 items allowed [json-pointer:/blocks/0/fields]"),
    ([section(colour="red")], "invalid additional property: colour [json-pointer:/blocks/0]"),
    ([section(block_id="x" * 256)], "must be less than 256 characters [json-pointer:/blocks/0/block_id]"),
    ([section(accessory=TEXT_INPUT)], "unsupported type: plain_text_input [json-pointer:/blocks/0/accessory/type]"),
    ([section(accessory=select(101))], "no more than 100 items allowed [json-pointer:/blocks/0/accessory/options]"),
    (
        [section(accessory=select(11, "checkboxes"))],
        "no more than 10 items allowed [json-pointer:/blocks/0/accessory/options]",
    ),
    (
        [section(accessory=select(6, "overflow"))],
        "no more than 5 items allowed [json-pointer:/blocks/0/accessory/options]",
    ),
    (
        [section(accessory=select(2, initial_option=option("9")))],
        "must match one of the provided options [json-pointer:/blocks/0/accessory/initial_option]",
    ),
    (
        [section(accessory={**select(1), "options": [option("x" * 76)]})],
        "must be less than 76 characters [json-pointer:/blocks/0/accessory/options/0/value]",
    ),
    (
        [actions(*(button(action_id=f"a{n}") for n in range(26)))],
        "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
    ),
    ([actions()], "no fewer than 1 items allowed [json-pointer:/blocks/0/elements]"),
    ([actions(button(), button())], "`action_id` already exists: go [json-pointer:/blocks/0/elements/1/action_id]"),
    (
        [actions(button(text=plain("x" * 76)))],
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
    ),
    (
        [actions(button(value="x" * 2001))],
        "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
    ),
    ([actions(button(value=7))], "must be a string [json-pointer:/blocks/0/elements/0/value]"),
    ([actions(button(style="green"))], "must be one of: primary, danger [json-pointer:/blocks/0/elements/0/style]"),
    (
        [actions(button(confirm={**CONFIRM, "title": plain("x" * 101)}))],
        "must be less than 101 characters [json-pointer:/blocks/0/elements/0/confirm/title/text]",
    ),
    (
        [{"type": "header", "text": plain("x" * 151)}],
        "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ),
    (
        [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
        "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
    ),
    (
        [{"type": "context", "elements": [plain("x")] * 11}],
        "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
    ),
    ([{**PICTURE, "slack_file": {"id": "F2"}}], "invalid slack file [json-pointer:/blocks/0/slack_file]"),
    ([PICTURE], "must provide either image_url or slack_file [json-pointer:/blocks/0]"),
    ([{"type": "image", "slack_file": {"id": "F1"}}], "missing required field: alt_text [json-pointer:/blocks/0]"),
    (
        [entry({**TEXT_INPUT, "initial_value": "x" * 3001})],
        "must be less than 3001 characters [json-pointer:/blocks/0/element/initial_value]",
    ),
    ([entry({"type": "number_input"})], "missing required field: is_decimal_allowed [json-pointer:/blocks/0/element]"),
    (["text"], "must provide an object [json-pointer:/blocks/0]"),
    ([entry({"type": "file_input"})], "unsupported type: file_input [json-pointer:/blocks/0/element/type]"),
    ([TABLE, TABLE], "only_one_table_allowed [json-pointer:/blocks/1]"),
    (
        [{"type": "table", "rows": [[{"type": "text"}]]}],
        "unsupported type: text [json-pointer:/blocks/0/rows/0/0/type]",
    ),
    (
        [{**TABLE, "column_settings": [{"align": "middle"}]}],
        "must be one of: left, center, right [json-pointer:/blocks/0/column_settings/0/align]",
    ),
    (
        [{"type": "markdown", "text": "x" * 7000}] * 2,
        "must be less than 12001 characters in all [json-pointer:/blocks/1/text]",
    ),
    (
        [{"type": "rich_text", "elements": [{"type": "text"}]}],
        "unsupported type: text [json-pointer:/blocks/0/elements/0/type]",
    ),
    (
        [{"type": "rich_text", "elements": [{"type": "rich_text_section"}]}],
        "missing required field: elements [json-pointer:/blocks/0/elements/0]",
    ),
    ([{**PICTURE, "image_url": "a.png"}], "must be a valid URL [json-pointer:/blocks/0/image_url]"),
    (
        [{**PICTURE, "alt_text": "", "slack_file": {"id": "F1"}}],
        "must be more than 0 characters [json-pointer:/blocks/0/alt_text]",
    ),
    ([{**entry(TEXT_INPUT), "optional": "yes"}], "must be a boolean [json-pointer:/blocks/0/optional]"),
    (
        [actions(button(confirm={**CONFIRM, "style": "red"}))],
        "must be one of: primary, danger [json-pointer:/blocks/0/elements/0/confirm/style]",
    ),
    (
        [section(accessory=select(2, option_groups=[]))],
        "invalid additional property: option_groups [json-pointer:/blocks/0/accessory]",
    ),
    *(
        ([entry(element)], f"{problem} [json-pointer:/blocks/0/element{at}]")
        for element, problem, at in (
            ({**TEXT_INPUT, "min_length": -1}, "must be between 0 and 3000", "/min_length"),
            ({**TEXT_INPUT, "max_length": 3001}, "must be between 1 and 3000", "/max_length"),
            ({**TEXT_INPUT, "min_length": "5"}, "must be an integer", "/min_length"),
            (
                {**TEXT_INPUT, "min_length": 5, "max_length": 4},
                "min_length must not be greater than max_length",
                "/min_length",
            ),
            ({**NUMBER, "min_value": 1}, "must be a string", "/min_value"),
            ({**NUMBER, "min_value": "1.5"}, "must be a valid number", "/min_value"),
            ({**NUMBER, "min_value": "3", "max_value": "2"}, "must be between min_value and max_value", ""),
            ({**NUMBER, "initial_value": "9", "max_value": "2"}, "must be between min_value and max_value", ""),
            (
                {"type": "datepicker", "initial_date": "22.11.2026"},
                "must be a date in the format YYYY-MM-DD",
                "/initial_date",
            ),
            ({"type": "timepicker", "initial_time": "24:00"}, "must be a time in the format HH:mm", "/initial_time"),
            (
                {"type": "datetimepicker", "initial_date_time": 17},
                "must be between 1000000000 and 9999999999",
                "/initial_date_time",
            ),
            ({"type": "users_select", "initial_user": 7}, "must be a string", "/initial_user"),
            ({"type": "multi_users_select", "initial_users": "U1"}, "must be a list of ids", "/initial_users"),
            (
                {"type": "multi_users_select", "max_selected_items": 0},
                "must be between 1 and 1000000",
                "/max_selected_items",
            ),
            (
                {**TEXT_INPUT, "dispatch_action_config": {"trigger_actions_on": ["on_blur"]}},
                "must be one of: on_enter_pressed, on_character_entered",
                "/dispatch_action_config/trigger_actions_on/0",
            ),
            ({"type": "conversations_select", "filter": {}}, "must provide an object", "/filter"),
            (
                {"type": "conversations_select", "filter": {"include": ["dm"]}},
                "must be one of: im, mpim, private, public",
                "/filter/include/0",
            ),
        )
    ),
]

REFUSED_VIEWS = [
    (modal(*[{"type": "divider"}] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
    (modal(title=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
    (modal(submit=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/submit/text]"),
    (modal(entry(TEXT_INPUT)), "missing required field: submit [json-pointer:/view]"),
    (modal(private_metadata="x" * 3001), "must be less than 3001 characters [json-pointer:/view/private_metadata]"),
    (modal(id="V1"), "invalid additional property: id [json-pointer:/view]"),
    ({"type": "modal", "blocks": []}, "missing required field: title [json-pointer:/view]"),
    (modal() | {"type": "home"}, "must be modal [json-pointer:/view/type]"),
    ({"type": "modal", "title": plain("x")}, "missing required field: blocks [json-pointer:/view]"),
    (modal(section(text=plain(""))), "must be more than 0 characters [json-pointer:/view/blocks/0/text/text]"),
    ("no json", "must provide an object [json-pointer:/view]"),
    (modal(clear_on_close="yes"), "must be a boolean [json-pointer:/view/clear_on_close]"),
    (modal({"type": "markdown", "text": "x"}), "unsupported type: markdown [json-pointer:/view/blocks/0/type]"),
    (
        modal(entry({"type": "file_input", "max_files": 11}), submit=plain("Go")),
        "must be between 1 and 10 [json-pointer:/view/blocks/0/element/max_files]",
    ),
    (
        modal(entry({"type": "file_input", "filetypes": "mid"}), submit=plain("Go")),
        "must be a list of file types [json-pointer:/view/blocks/0/element/filetypes]",
    ),
]


@pytest.mark.parametrize("blocks", ACCEPTED, ids=range(len(ACCEPTED)))
def test_blocks_at_their_limits(blocks: list[Any]) -> None:
    """What Slack allows passes unchanged."""
    assert blocks == VALIDATOR.blocks(blocks)


@pytest.mark.parametrize(("blocks", "problem"), REFUSED, ids=[problem for _, problem in REFUSED])
def test_blocks_beyond_their_limits(blocks: list[Any], problem: str) -> None:
    """What Slack refuses is refused as invalid_blocks, with the one sentence that says where and why."""
    with pytest.raises(SlackError) as refusal:
        VALIDATOR.blocks(blocks)
    assert refusal.value.answer() == {
        "ok": False,
        "error": "invalid_blocks",
        "errors": [problem],
        "response_metadata": {"messages": [f"[ERROR] {problem}"]},
    }


@pytest.mark.parametrize(
    "view", [modal(entry(TEXT_INPUT), submit=plain("x" * 24)), modal(*[{"type": "divider"}] * 100)]
)
def test_views_at_their_limits(view: dict[str, Any]) -> None:
    """What Slack allows passes unchanged."""
    assert view == VALIDATOR.view(view, "modal")


@pytest.mark.parametrize(("view", "problem"), REFUSED_VIEWS, ids=[problem for _, problem in REFUSED_VIEWS])
def test_views_beyond_their_limits(view: Any, problem: str) -> None:
    """What Slack refuses is refused as invalid_arguments, with a pointer into the view."""
    with pytest.raises(SlackError) as refusal:
        VALIDATOR.view(view, "modal")
    assert refusal.value.error == "invalid_arguments"
    assert refusal.value.fields["response_metadata"] == {"messages": [f"[ERROR] {problem}"]}


def test_home_has_no_buttons_of_a_modal() -> None:
    """App Home can neither be submitted nor closed, nor hold a file input."""
    home = {"type": "home", "submit": plain("Go"), "blocks": [entry({"type": "file_input"})]}
    with pytest.raises(SlackError) as refusal:
        VALIDATOR.view(home, "home")
    assert refusal.value.fields["response_metadata"]["messages"] == [
        "[ERROR] unsupported type: file_input [json-pointer:/view/blocks/0/element/type]",
        "[ERROR] invalid additional property: submit [json-pointer:/view]",
    ]


def test_view_too_large() -> None:
    """A view of more than 250 kB is refused."""
    with pytest.raises(SlackError, match="view_too_large"):
        VALIDATOR.view(modal(*[section(text=plain("x" * 3000))] * 90), "modal")


@pytest.mark.parametrize("asked", ["no json", {"type": "section"}, '"text"'])
def test_blocks_that_are_no_list(asked: Any) -> None:
    """Something that is no list of blocks is invalid_blocks_format."""
    with pytest.raises(SlackError, match="invalid_blocks_format"):
        VALIDATOR.blocks(asked)

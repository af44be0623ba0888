"""Slack's limits of elements and blocks as tables: what each may hold, how long, how many, and where it may stand.

Sources: Slack's reference of Block Kit. Where sources disagree, the stricter number stands here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

PLAIN = "plain_text"
MARKDOWN = "mrkdwn"

SECTION, ACTIONS, INPUT, CONTEXT_ACTIONS = "section", "actions", "input", "context_actions"
ANYWHERE = frozenset({SECTION, ACTIONS, INPUT})

ID_LENGTH = 255
OPTION_TEXT = 75
OPTION_VALUE = 75
OPTION_DESCRIPTION = 75
OPTION_URL = 3000
CONFIRM_TITLE, CONFIRM_TEXT, CONFIRM_BUTTON = 100, 300, 30
VIEW_TITLE = 24
VIEW_METADATA = 3000
VIEW_BYTES = 250_000
MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100


@dataclass(frozen=True)
class Shape:
    """What a block or an element may hold.

    `plain` and `texts`: text objects by key (plain only, or either kind) with their longest text; `strings`: longest strings;
    `required`: keys that must be there; `options`: how many options at the most; `places`: blocks an element may stand in.
    """

    required: tuple[str, ...] = ()
    plain: dict[str, int] = field(default_factory=dict)
    texts: dict[str, int] = field(default_factory=dict)
    strings: dict[str, int] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    options: int = 0
    places: frozenset[str] = ANYWHERE

    @property
    def keys(self) -> frozenset[str]:
        """All keys that may be there, but for `type` and the ids."""
        options = ("options", "option_groups") if self.options else ()
        return frozenset({*self.required, *self.plain, *self.texts, *self.strings, *self.others, *options})


_PLACEHOLDER = {"placeholder": 150}
_COMMON = ("confirm", "focus_on_load")
_TYPED = ("initial_value", "dispatch_action_config", "focus_on_load")


def _select(*others: str, options: int = 0) -> Shape:
    return Shape(plain=_PLACEHOLDER, others=(*_COMMON, *others), options=options)


ELEMENTS: dict[str, Shape] = {
    "button": Shape(
        required=("text",),
        plain={"text": 75},
        strings={"value": 2000, "url": 3000, "accessibility_label": 75},
        others=("style", "confirm"),
        places=frozenset({SECTION, ACTIONS}),
    ),
    "workflow_button": Shape(
        required=("text", "workflow"),
        plain={"text": 75},
        strings={"accessibility_label": 75},
        others=("style",),
        places=frozenset({SECTION, ACTIONS}),
    ),
    "overflow": Shape(options=5, others=("confirm",), places=frozenset({SECTION, ACTIONS})),
    "image": Shape(
        required=("alt_text",),
        strings={"alt_text": 2000, "image_url": 3000},
        others=("slack_file",),
        places=frozenset({SECTION}),
    ),
    "checkboxes": Shape(options=10, others=(*_COMMON, "initial_options")),
    "radio_buttons": Shape(options=10, others=(*_COMMON, "initial_option")),
    "static_select": _select("initial_option", options=100),
    "multi_static_select": _select("initial_options", "max_selected_items", options=100),
    "external_select": _select("initial_option", "min_query_length"),
    "multi_external_select": _select("initial_options", "max_selected_items", "min_query_length"),
    "users_select": _select("initial_user"),
    "multi_users_select": _select("initial_users", "max_selected_items"),
    "channels_select": _select("initial_channel", "response_url_enabled"),
    "multi_channels_select": _select("initial_channels", "max_selected_items"),
    "conversations_select": _select(
        "initial_conversation", "default_to_current_conversation", "response_url_enabled", "filter"
    ),
    "multi_conversations_select": _select(
        "initial_conversations", "default_to_current_conversation", "max_selected_items", "filter"
    ),
    "datepicker": _select("initial_date"),
    "timepicker": _select("initial_time", "timezone"),
    "datetimepicker": Shape(others=(*_COMMON, "initial_date_time"), places=frozenset({ACTIONS, INPUT})),
    "plain_text_input": Shape(
        plain=_PLACEHOLDER, others=(*_TYPED, "multiline", "min_length", "max_length"), places=frozenset({INPUT})
    ),
    "email_text_input": Shape(plain=_PLACEHOLDER, others=_TYPED, places=frozenset({INPUT})),
    "url_text_input": Shape(plain=_PLACEHOLDER, others=_TYPED, places=frozenset({INPUT})),
    "rich_text_input": Shape(plain=_PLACEHOLDER, others=_TYPED, places=frozenset({INPUT})),
    "number_input": Shape(
        required=("is_decimal_allowed",),
        plain=_PLACEHOLDER,
        others=(*_TYPED, "min_value", "max_value"),
        places=frozenset({INPUT}),
    ),
    "file_input": Shape(others=("filetypes", "max_files"), places=frozenset({INPUT})),
    "feedback_buttons": Shape(required=("positive_button", "negative_button"), places=frozenset({CONTEXT_ACTIONS})),
    "icon_button": Shape(
        required=("icon", "text"),
        plain={"text": 75},
        strings={"value": 2000, "accessibility_label": 75},
        others=("confirm", "visible_to_user_ids"),
        places=frozenset({CONTEXT_ACTIONS}),
    ),
}

_VIDEO_URLS = ("video_url", "thumbnail_url", "title_url", "provider_icon_url")
BLOCKS: dict[str, Shape] = {
    "section": Shape(texts={"text": 3000}, others=("fields", "accessory", "expand")),
    "header": Shape(required=("text",), plain={"text": 150}),
    "divider": Shape(),
    "image": Shape(
        required=("alt_text",),
        plain={"title": 2000},
        strings={"alt_text": 2000, "image_url": 3000},
        others=("slack_file",),
    ),
    "context": Shape(required=("elements",)),
    "actions": Shape(required=("elements",)),
    "input": Shape(
        required=("label", "element"), plain={"label": 2000, "hint": 2000}, others=("dispatch_action", "optional")
    ),
    "markdown": Shape(required=("text",), strings={"text": 12_000}),
    "rich_text": Shape(required=("elements",)),
    "file": Shape(required=("external_id", "source")),
    "video": Shape(
        required=("alt_text", "title", "thumbnail_url", "video_url"),
        plain={"title": 200, "description": 200},
        strings={"alt_text": 2000, "author_name": 50, "provider_name": 50, **dict.fromkeys(_VIDEO_URLS, 3000)},
    ),
    "table": Shape(required=("rows",), others=("column_settings",)),
    "data_table": Shape(
        required=("caption", "rows"), strings={"caption": 3000}, others=("page_size", "row_header_column_index")
    ),
    "data_visualization": Shape(required=("title", "chart"), strings={"title": 50}),
    "alert": Shape(required=("text",), texts={"text": 200}, others=("level",)),
    "card": Shape(
        texts={"title": 150, "subtitle": 150, "body": 200}, others=("hero_image", "icon", "slack_icon", "actions")
    ),
    "carousel": Shape(required=("elements",)),
    "container": Shape(
        required=("child_blocks",),
        plain={"title": 150},
        texts={"subtitle": 150},
        others=("rich_text_title", "width", "icon", "is_collapsible", "default_collapsed", "has_header_divider"),
    ),
    "context_actions": Shape(required=("elements",)),
    "task_card": Shape(
        required=("task_id", "title", "status"),
        strings={"task_id": ID_LENGTH, "title": 3000},
        others=("details", "output", "sources"),
    ),
    "plan": Shape(required=("title",), strings={"title": 3000}, others=("tasks",)),
}


@dataclass(frozen=True)
class Nested:
    """Blocks inside a block: under which key, of which kinds, and how many at the most (0: one, and not a list)."""

    key: str
    kinds: frozenset[str]
    most: int = 0


_IN_CONTAINERS = frozenset(
    {"actions", "context", "divider", "file", "header", "image", "input", "rich_text", "section", "table", "video"}
)
_RICH = frozenset({"rich_text"})
NESTED: dict[str, tuple[Nested, ...]] = {
    "carousel": (Nested("elements", frozenset({"card"}), 10),),
    "container": (Nested("child_blocks", _IN_CONTAINERS, 10), Nested("rich_text_title", _RICH)),
    "plan": (Nested("tasks", frozenset({"task_card"}), 100),),
    "task_card": (Nested("details", _RICH), Nested("output", _RICH)),
}
# Which surfaces take a block that not all of them take.
SURFACES: dict[str, frozenset[str]] = {
    "alert": frozenset({"modal"}),
    "card": frozenset({"message", "home"}),
    "carousel": frozenset({"message", "home"}),
    **dict.fromkeys(
        (
            "container",
            "context_actions",
            "data_table",
            "data_visualization",
            "markdown",
            "plan",
            "table",
            "task_card",
        ),
        frozenset({"message"}),
    ),
}

FIELDS_MOST, FIELD_LENGTH = 10, 2000
CONTEXT_MOST, CONTEXT_LENGTH = 10, 3000
ACTIONS_MOST = 25
TABLE_ROWS, TABLE_CELLS = 100, 20
CELLS = ("raw_text", "raw_number", "rich_text")
ALIGNMENTS = ("left", "center", "right")
RICH_PARTS = ("rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote")
# Slack names no number; this one only keeps a mistake from going on for ever.
RICH_MOST = 1000
DATA_ROWS, DATA_CHARACTERS, DATA_PAGE = 101, 10_000, 100
# Slack's page says six; twelve is said elsewhere: the stricter.
CHART_PARTS, CHART_CATEGORIES, CHART_LABEL, CHART_AXIS, CHARTS = 6, 20, 20, 50, 2
MARKDOWN_LENGTH = 12_000
GROUPS_MOST = 100
INPUT_LENGTH = 3000
FILES_MOST = 10
FLAGS = (
    "dispatch_action",
    "optional",
    "expand",
    "focus_on_load",
    "multiline",
    "is_decimal_allowed",
    "default_to_current_conversation",
    "response_url_enabled",
    "is_collapsible",
    "default_collapsed",
    "has_header_divider",
)
LEVELS = ("default", "info", "warning", "error", "success")
WIDTHS = ("narrow", "standard", "wide", "full")
STATES = ("pending", "in_progress", "complete", "error")
STYLES = ("primary", "danger")
DISPATCHES = ("on_enter_pressed", "on_character_entered")
CONVERSATIONS = ("im", "mpim", "private", "public")

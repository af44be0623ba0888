"""One of each of the blocks that Slack brought in 2025 and 2026, with all that it may hold."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def words(text: str) -> Json:
    """A text in mrkdwn."""
    return {"type": "mrkdwn", "text": text}


def plain(text: str) -> Json:
    """A plain text."""
    return {"type": "plain_text", "text": text}


def raw(text: str) -> Json:
    """A cell of words."""
    return {"type": "raw_text", "text": text}


def number(value: float) -> Json:
    """A cell of a number."""
    return {"type": "raw_number", "value": value, "text": f"{value:g}"}


def rich(text: str) -> Json:
    """A rich text of one line."""
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}],
    }


def button(text: str, action: str = "go") -> Json:
    """A button."""
    return {"type": "button", "text": plain(text), "action_id": action, "value": text}


def series(name: str, *values: float) -> Json:
    """A series over Monday, Tuesday and Wednesday."""
    return {
        "name": name,
        "data": [{"label": day, "value": value} for day, value in zip(DAYS, values, strict=True)],
    }


DAYS = ("Mon", "Tue", "Wed")
AXES: Json = {"categories": list(DAYS), "x_label": "Day", "y_label": "Ratings"}
PICTURE: Json = {"type": "image", "alt_text": "A cover", "image_url": "https://example.com/cover.png"}
DATA_TABLE: Json = {
    "type": "data_table",
    "caption": "Leaderboard of Winter Jam",
    "page_size": 3,
    "row_header_column_index": 1,
    "rows": [
        [raw("Place"), raw("Composition"), raw("Score")],
        *([number(place), raw(f"Piece {place}"), number(round(5 - place / 10, 2))] for place in range(1, 8)),
    ],
}
BAR: Json = {
    "type": "data_visualization",
    "title": "Ratings a day",
    "chart": {"type": "bar", "series": [series("Judy", 3, 8, 5), series("Jack", 4, 2, 7)], "axis_config": AXES},
}
LINE: Json = {**BAR, "chart": BAR["chart"] | {"type": "line"}}
AREA: Json = {**BAR, "chart": BAR["chart"] | {"type": "area"}}
PIE: Json = {
    "type": "data_visualization",
    "title": "Who was heard",
    "chart": {
        "type": "pie",
        "segments": [{"label": label, "value": value} for label, value in (("Ada", 45), ("Ben", 28), ("Cleo", 18))],
    },
}
ALERT: Json = {"type": "alert", "text": words("*Five minutes* are left."), "level": "warning"}
CARD: Json = {
    "type": "card",
    "hero_image": PICTURE,
    "icon": PICTURE,
    "title": words("*Rain*"),
    "subtitle": words("by Ada"),
    "body": words("Eight bars in D minor."),
    "actions": [button("Listen")],
}
CAROUSEL: Json = {
    "type": "carousel",
    "elements": [{**CARD, "title": words(f"*Piece {at}*"), "actions": [button(f"Play {at}")]} for at in (1, 2, 3)],
}
CONTAINER: Json = {
    "type": "container",
    "title": plain("Round one"),
    "subtitle": words("What the judges *said*"),
    "child_blocks": [
        {"type": "section", "text": words("All was heard.")},
        {"type": "actions", "elements": [button("Open round one", "open")]},
    ],
    "width": "wide",
    "icon": PICTURE,
    "is_collapsible": True,
    "default_collapsed": False,
}
CONTEXT_ACTIONS: Json = {
    "type": "context_actions",
    "elements": [
        {
            "type": "feedback_buttons",
            "action_id": "feedback",
            "positive_button": {"text": plain("Good answer"), "value": "good"},
            "negative_button": {"text": plain("Bad answer"), "value": "bad"},
        },
        {"type": "icon_button", "action_id": "bin", "icon": "trash", "text": plain("Throw away"), "value": "x"},
    ],
}
TASK: Json = {
    "type": "task_card",
    "task_id": "t1",
    "title": "Listening to Rain",
    "status": "in_progress",
    "details": rich("Bar by bar."),
    "output": rich("It rains."),
    "sources": [{"type": "url", "url": "https://example.com/rain", "text": "Rain"}],
}
PLAN: Json = {
    "type": "plan",
    "title": "Judging",
    "tasks": [TASK, {"type": "task_card", "task_id": "t2", "title": "Writing it down", "status": "complete"}],
}
IN_MESSAGES = (DATA_TABLE, BAR, PIE, CARD, CAROUSEL, CONTAINER, CONTEXT_ACTIONS, TASK, PLAN)
"""Each kind once that a message may hold."""
EVERY = (*IN_MESSAGES, LINE, AREA, ALERT)

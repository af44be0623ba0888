"""A small one of each kind of table and chart that messages may have by Slack's pages."""

from __future__ import annotations

from typing import Any

_ROWS = [
    [{"type": "raw_text", "text": head} for head in ("Place", "Score")],
    [{"type": "raw_number", "value": 1, "text": "1."}, {"type": "raw_text", "text": "4.5"}],
]

TABLES: dict[str, list[dict[str, Any]]] = {
    "table": [
        {
            "type": "table",
            "rows": [
                [{"type": "raw_text", "text": cell} for cell in row] for row in (("Place", "Score"), ("1", "4.5"))
            ],
        }
    ],
    "table with a number": [{"type": "table", "rows": _ROWS}],
    "data_table": [
        {"type": "data_table", "caption": "A board", "rows": _ROWS, "page_size": 5, "row_header_column_index": 0}
    ],
    "data_visualization": [
        {
            "type": "data_visualization",
            "title": "Points",
            "chart": {"type": "pie", "segments": [{"label": "One", "value": 2}, {"label": "Two", "value": 1}]},
        }
    ],
}
"""By what the report calls them."""

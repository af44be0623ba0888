"""Results as Slack's own charts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.numbers import decimal
from handlers.views.text import cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.usecases.boards.letters import Winner
    from handlers.views import blocks as b

MOST = 12
"""As many as the words above it name; Slack takes 20."""
LABEL = 20
FEWEST = 2
"""One bar alone compares nothing."""


def scores(title: str, measure: str, winners: Sequence[Winner]) -> list[b.Block]:
    """A bar for each winner, or nothing where there is nothing to compare."""
    shown = winners[:MOST]
    if len(shown) < FEWEST:
        return []
    labels = _labels(shown)
    points = [
        {"label": label, "value": float(decimal(winner.score))} for label, winner in zip(labels, shown, strict=True)
    ]
    chart = {
        "type": "bar",
        "series": [{"name": "Score", "data": points}],
        "axis_config": {"categories": labels, "y_label": measure},
    }
    return [{"type": "data_visualization", "title": title, "chart": chart}]


def _labels(winners: Sequence[Winner]) -> list[str]:
    """Places and titles within Slack's 20 characters, no two alike."""
    labels: list[str] = []
    for winner in winners:
        whole = f"{winner.place}. {' '.join(winner.title.split())}"
        label, number = cut(whole, LABEL), 1
        while label in labels:
            number += 1
            label = f"{cut(whole, LABEL - 5)} ({number})"
        labels.append(label)
    return labels

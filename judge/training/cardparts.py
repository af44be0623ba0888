"""Parts of CARD.md that are written on their own."""

import re


def with_part(card: str, title: str, text: str) -> str:
    """The card with the part under that title (``## ...``) anew, before "Limits" or at the end."""
    part = f"{title}\n\n{text}\n\n"
    without = re.sub(rf"{title}\n.*?(?=\n## |\Z)\n?", "", card, flags=re.DOTALL)
    head, limits, tail = without.partition("## Limits")
    return head.rstrip() + "\n\n" + part + limits + tail if limits else without.rstrip() + "\n\n" + part.rstrip() + "\n"

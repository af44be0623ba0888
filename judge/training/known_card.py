"""What CARD.md says of the scores of known music."""

from typing import Any

from judge.known import FILE
from judge.training.cardparts import with_part

_TITLE = "## Where a score stands"
_SHOWN = (10, 25, 50, 75, 90)

_WORDS = """The judge's score of eight bars of each work of the corpus ({bach} of Bach's, {others} of others'), in hundredths ({file}). With them a
verdict says how many of a hundred pieces of each kind it is ahead of. The judge has learned from these very works, so Bach's score
higher there, and others' lower, than music that it never saw: read it as "the music it knows".

| | {columns} |
|---|{rules}
{rows}"""


def with_known(card: str, facts: dict[str, Any]) -> str:
    """The card with this part anew."""
    return with_part(card, _TITLE, _text(facts))


def _text(facts: dict[str, Any]) -> str:
    rows = [
        f"| {name} | " + " | ".join(f"{facts[kind][percent]:.1f}" for percent in _SHOWN) + " |"
        for name, kind in (("Bach's works", "bach"), ("everybody else's", "others"))
    ]
    columns = " | ".join(f"{percent} %" for percent in _SHOWN)
    return _WORDS.format(file=FILE, columns=columns, rules="---|" * len(_SHOWN), rows="\n".join(rows), **facts["works"])

"""Names: slugs, titles, ``#contest-user-composition``, and the blind aliases that judges see."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from hashlib import sha256
from itertools import count, islice, product
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    Taken = Callable[[Collection[str]], Collection[str]]

MAX_SLUG = 40
MAX_TITLE = 80

_DIGITS = re.compile(r"(\d+)")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Letters that Unicode's decomposition leaves alone.
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "Æ": "Ae", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "œ": "oe", "Œ": "Oe", "þ": "th", "ð": "d"})  # fmt: skip

_QUALITIES = ("amber", "azure", "brisk", "bright", "calm", "coral", "dusky", "eager", "fleet", "gentle", "golden", "hidden", "ivory", "jade", "keen", "lively", "mellow", "misty", "noble", "opal", "quiet", "rapid", "silver", "sunny", "tidal", "velvet", "vivid", "warm", "wild", "winter")  # fmt: skip
_BIRDS = ("avocet", "bittern", "bunting", "curlew", "dipper", "dunlin", "egret", "finch", "godwit", "grebe", "heron", "hoopoe", "jackdaw", "kestrel", "kingfisher", "lapwing", "linnet", "magpie", "nightjar", "oriole", "osprey", "pipit", "plover", "redstart", "robin", "siskin", "starling", "swallow", "thrush", "wagtail", "warbler", "wren")  # fmt: skip

_WITHOUT_NUMBER, _TWO_DIGITS = 20, 100
"""So many aliases are tried without a number, and then with one from 2 to 99: there are 94,080 of those."""


def is_slug(text: str) -> bool:
    """Whether ``text`` is a slug: 2 to 40 of a-z and 0-9, with single hyphens between."""
    return 2 <= len(text) <= MAX_SLUG and _SLUG.fullmatch(text) is not None


def slug_of(text: str) -> str:
    """``text`` in lower-case ASCII words joined by hyphens, at most 40 characters; empty where nothing is left of it."""
    return "-".join(_words(text)).lower()[:MAX_SLUG].strip("-")


def title_of(filename: str) -> str:
    """The title that a file's name gives: without folders and ending, at most 80 characters, never empty."""
    stem = PurePosixPath(filename.replace("\\", "/")).stem.lstrip(".")
    return cleaned_title(stem.replace("_", " ")) or "Untitled"


def cleaned_title(written: str) -> str:
    """A title as somebody wrote it, on one line, at most 80 characters; empty where nothing is left of it."""
    printable = "".join(letter if letter.isprintable() else " " for letter in written)
    return " ".join(printable.split())[:MAX_TITLE].strip()


@lru_cache(maxsize=8192)  # the same names are put in order at each look at a board
def natural(name: str) -> tuple[tuple[str | int, ...], str]:
    """The key by which names are put in order, as people count: P9 before P89, in any case."""
    parts = _DIGITS.split(name.casefold())
    return tuple(int(part) if at % 2 else part for at, part in enumerate(parts)), name


def submission_name(contest_slug: str, person: str, title: str, taken: Taken) -> str:
    """``#contest-user-composition``, numbered where it is taken: ``#bach-jam-ada-MorningTide``, ``...-2``.

    Args:
        contest_slug: The contest's slug.
        person: The display name; its slug is used.
        title: The composition's title; its words are joined, each with a capital.
        taken: Tells which of some names other submissions have.
    """
    composition = "".join(word[0].upper() + word[1:] for word in _words(title)) or "Untitled"
    base = f"#{contest_slug}-{slug_of(person) or 'someone'}-{composition}"
    return _first_free((base if number == 1 else f"{base}-{number}" for number in count(1)), taken)


def by_author(title: str, author: str) -> str:
    """How people read whose it is: ``Morning Tide by Ada``; the title alone where nobody knows its author."""
    return f"{title} by {author}" if author else title


def is_named_after(name: str, contest_slug: str, person: str) -> bool:
    """Whether a submission's name begins as that of a person of this display name does."""
    return name.startswith(f"#{contest_slug}-{slug_of(person) or 'someone'}-")


def is_nameless(name: str, user_id: str) -> bool:
    """Whether the id stands for the person in a submission's name, since nobody could say who they are."""
    return f"-{slug_of(user_id)}-" in name


def alias(submission_id: str, taken: Taken) -> str:
    """A blind name such as ``quiet heron``, chosen by the id alone: it says nothing of the author, the title or the order.

    ``taken`` tells which of some names other submissions have. Among many it has a number, by chance and not in order.
    """
    return _first_free(_aliases(submission_id), taken)


def _aliases(seed: str) -> Iterator[str]:
    pairs = [f"{quality} {bird}" for quality, bird in product(_QUALITIES, _BIRDS)]
    start = _chance(seed) % len(pairs)
    yield from (pairs[(start + step) % len(pairs)] for step in range(_WITHOUT_NUMBER))
    for step in count():
        pair, number = divmod(_chance(f"{seed}:{step}"), 98 if step < _TWO_DIGITS else 9998)
        yield f"{pairs[pair % len(pairs)]} {number + 2}"


def _first_free(names: Iterator[str], taken: Taken) -> str:
    """The first one that is not taken: asked about some at a time, and ever more, since there may be thousands."""
    most = 4
    while True:
        some = list(islice(names, most))
        gone = taken(some)
        for name in some:
            if name not in gone:
                return name
        most = min(4 * most, 1000)


def _chance(seed: str) -> int:
    return int.from_bytes(sha256(seed.encode()).digest()[:8], "big")


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return re.findall(r"[A-Za-z0-9]+", "".join(letter for letter in plain if not unicodedata.combining(letter)))

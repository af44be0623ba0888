"""What people mean when they write plain words: in the direct messages, and after the slash command."""

from __future__ import annotations

import itertools
import re
from difflib import get_close_matches
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_WORDS = re.compile(r"[^\W_]+")
LIKE = 0.75
"""How much a word must be like one that we know, to be taken for a slip of the finger (difflib's ratio)."""


class Wish(StrEnum):
    """What a message asks for."""

    ACCOUNT = "account"
    WITHDRAW = "withdraw"
    STARTER = "starter"
    DEADLINE = "deadline"
    RULES = "rules"
    PLACE = "place"
    BOARD = "board"
    STATUS = "status"
    JUDGE = "judge"
    JUDGES = "judges"
    MINE = "mine"
    SUBMIT = "submit"
    FORMAT = "format"
    THANKS = "thanks"
    HOW = "how"
    HELP = "help"
    HELLO = "hello"
    ERASE = "erase"


_PHRASES: tuple[tuple[Wish, str], ...] = (
    (Wish.WITHDRAW, r"\b(take|pull) (it |this |that |mine |my \w+ )?(back|out)\b"),
    (Wish.HOW, r"\bhow (does|do) (it|this|that|the contest|everything) (all )?works?\b|\bhow it works\b"),
    (Wish.PLACE, r"\bhow (am i|are we|did i|do i) (doing|do|stand)\b"),
)
# The first wish with a word in the message is the one: the rarer a word is in other sentences, the further up it stands.
_SAID: tuple[tuple[Wish, frozenset[str]], ...] = (
    (Wish.ERASE, frozenset({"erase", "erasure", "gdpr", "dsgvo", "privacy", "data"})),
    (Wish.ACCOUNT, frozenset({"account", "accounts", "credentials", "login", "password", "konto"})),
    (Wish.WITHDRAW, frozenset({"withdraw", "retract", "remove", "delete", "unsubmit"})),
    (Wish.STARTER, frozenset({"starter", "musescore", "garageband", "melody", "melodies", "daw"})),
    (Wish.FORMAT, frozenset({"wav", "mp3", "audio", "recording", "musicxml", "midi", "format", "formats"})),
    (Wish.DEADLINE, frozenset({"deadline", "due"})),
    (Wish.RULES, frozenset({"rule", "rules", "allowed", "regulations", "prize", "prizes", "criteria"})),
    (Wish.JUDGES, frozenset({"judges", "jury"})),
    (
        Wish.PLACE,
        frozenset({"score", "scores", "place", "rank", "ranking", "points", "final", "finalist", "finalists"}),
    ),
    (Wish.RULES, frozenset({"win", "wins"})),
    (Wish.BOARD, frozenset({"board", "leaderboard", "results", "result", "winner", "winners", "won"})),
    (Wish.STATUS, frozenset({"status", "phase", "round"})),
    (Wish.JUDGE, frozenset({"judge", "judging", "next", "rate", "rating"})),
    (Wish.MINE, frozenset({"mine", "replace", "change", "rename", "version", "versions", "submissions"})),
    (Wish.SUBMIT, frozenset({"submit", "upload", "submission", "enter", "participate"})),
    (Wish.DEADLINE, frozenset({"when", "until", "late"})),
    (Wish.THANKS, frozenset({"thanks", "thank", "thx", "ty", "cheers", "danke", "merci"})),
    (Wish.HELP, frozenset({"help", "commands"})),
    (Wish.HELLO, frozenset({"hello", "hi", "hey", "hallo", "moin", "morning", "evening", "afternoon", "greetings"})),
    (Wish.HOW, frozenset({"how", "what", "contest"})),
)


OF_ORGANIZERS = frozenset({"accounts", "erase", "late"})
"""Commands for organizers whose one word means something else where other people write it."""


def wish_of(text: str) -> Wish | None:
    """What the words ask for; None where we do not know."""
    folded = text.casefold()
    words = frozenset(_WORDS.findall(folded))
    by_phrase = next((wish for wish, phrase in _PHRASES if re.search(phrase, folded)), None)
    return by_phrase or next((wish for wish, said in _SAID if not said.isdisjoint(words)), None)


def command_of(text: str, commands: Collection[str]) -> str | None:
    """The command that the words begin with, with ``/kantor`` before them or without; None where they begin with none."""
    words = text.casefold().removeprefix("/").split()
    words = words[1:] if words[:1] == ["kantor"] else words
    return next((said for length in (2, 1) if (said := " ".join(words[:length])) in commands), None)


def guess(text: str, commands: Collection[str]) -> str | None:
    """A word or command that was perhaps meant; None where nothing is like the words. Never a part of ``text`` itself."""
    words = text.casefold().split()[:4]
    pairs = [" ".join(pair) for pair in itertools.pairwise(words)]
    for said in (*pairs, *(word for word in words if len(word) > 3)):
        known = [each for each in commands if " " in each] if " " in said else [*_EVERY_WORD, *commands]
        found = get_close_matches(said, known, n=1, cutoff=LIKE)
        if found:
            return found[0]
    return None


_EVERY_WORD = tuple(sorted({word for _, said in _SAID for word in said if len(word) > 3}))

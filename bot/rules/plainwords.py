"""What people mean when they write plain words."""

from __future__ import annotations

import re
from enum import StrEnum

_WORDS = re.compile(r"[^\W\d_]+")


class Wish(StrEnum):
    """What a message in the direct messages asks for."""

    ACCOUNT = "account"
    WITHDRAW = "withdraw"
    STARTER = "starter"
    DEADLINE = "deadline"
    RULES = "rules"
    PLACE = "place"
    BOARD = "board"
    JUDGE = "judge"
    MINE = "mine"
    SUBMIT = "submit"
    THANKS = "thanks"
    HELP = "help"
    HELLO = "hello"
    ERASE = "erase"


# The first wish with a word in the message is the one: the rarer a word is in other sentences, the further up it stands.
_SAID: tuple[tuple[Wish, frozenset[str]], ...] = (
    (Wish.ERASE, frozenset({"erase", "erasure", "gdpr", "dsgvo", "privacy", "data"})),
    (Wish.ACCOUNT, frozenset({"account", "accounts", "credentials", "login", "password", "konto"})),
    (Wish.WITHDRAW, frozenset({"withdraw", "retract", "remove", "delete", "unsubmit"})),
    (Wish.STARTER, frozenset({"starter", "musescore", "garageband", "melody", "melodies", "daw"})),
    (Wish.DEADLINE, frozenset({"deadline", "due"})),
    (Wish.RULES, frozenset({"rule", "rules", "allowed", "regulations"})),
    (Wish.PLACE, frozenset({"score", "scores", "place", "rank", "ranking", "points"})),
    (Wish.BOARD, frozenset({"board", "leaderboard", "results", "result", "winner", "winners"})),
    (Wish.JUDGE, frozenset({"judge", "judging", "next", "rate", "rating"})),
    (Wish.MINE, frozenset({"mine", "replace", "rename", "version", "versions", "submissions"})),
    (Wish.SUBMIT, frozenset({"submit", "upload", "submission", "enter", "participate"})),
    (Wish.DEADLINE, frozenset({"when", "until", "late"})),
    (Wish.THANKS, frozenset({"thanks", "thank", "thx", "ty", "cheers", "danke", "merci"})),
    (Wish.HELP, frozenset({"help", "commands", "how", "what"})),
    (Wish.HELLO, frozenset({"hello", "hi", "hey", "hallo", "moin", "morning", "evening", "afternoon", "greetings"})),
)


def wish_of(text: str) -> Wish | None:
    """What the words ask for; None where we do not know."""
    words = frozenset(_WORDS.findall(text.casefold()))
    return next((wish for wish, said in _SAID if not said.isdisjoint(words)), None)

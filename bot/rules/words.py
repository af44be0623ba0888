"""People's words, as parts of what the program says."""

from __future__ import annotations

import re

_REFERENCE = re.compile(r"<(?=[@#!])")
_LIVE = re.compile(r"(?<!\w)[*_~]|[*_~](?!\w)|`")
"""Marks that could begin or end a style; mrkdwn has no way to escape them."""
_LOOKS_LIKE = str.maketrans({"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "\u02cb"})
_SHORTCODE = re.compile(r":(?=[\w+'-]+:|//)")
_QUOTE = re.compile(r"^(?=>)", re.MULTILINE)
_UNSEEN = "\u200b"
_BREAKS = re.compile(r"[^\S\u00a0]+")
_WORD_JOINER = "\u2060"


def one_line(text: str) -> str:
    """The words on one line; what must not be torn apart, as in ``20\u00a0%``, stays together."""
    return _BREAKS.sub(" ", text).strip()


def no_backtick(text: str) -> str:
    """What can stand between backticks: nothing but a backtick is live there."""
    return text.replace("`", _LOOKS_LIKE[ord("`")])


def lifeless(text: str) -> str:
    """People's words, to be read as they were typed: nothing in them is bold, a quote, an emoji or a link.

    Marks that would begin or end a style give way to signs that look like them, and what would become an emoji or a link holds
    a sign that nobody sees.
    """
    marked = _LIVE.sub(lambda mark: mark[0].translate(_LOOKS_LIKE), text)
    return _QUOTE.sub(_UNSEEN, _SHORTCODE.sub(":" + _UNSEEN, marked))


def quoted(text: str) -> str:
    """The same on one line: people's words in the middle of a sentence of ours.

    A sentence's own ``<@U0OLIVE>`` becomes a mention when it is shown, so theirs must not look like one.
    """
    return _REFERENCE.sub(f"<{_WORD_JOINER}", lifeless(one_line(text)))

"""People's words in the middle of a sentence."""

from __future__ import annotations

import re

_REFERENCE = re.compile(r"<(?=[@#!])")
_WORD_JOINER = "\u2060"


def quoted(words: str) -> str:
    """The words on one line, unable to mention anybody: ``<@U0OLIVE>`` in a file's name reads the same and calls nobody.

    A sentence's own ``<@U0OLIVE>`` and ``<#C0MUSIC>`` become mentions when it is shown, so what people wrote must not look
    like one: an invisible character that never breaks a line goes behind the bracket.
    """
    return _REFERENCE.sub(f"<{_WORD_JOINER}", " ".join(words.split()))

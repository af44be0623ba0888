from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.views import text


def test_people_cannot_mention_or_link() -> None:
    """People's words cannot call the channel, link, or break the markup, even where ``*bold*`` was offered."""
    assert text.escape("<!channel> & <@U1>\n<http://x|y>") == "&lt;!channel&gt; &amp; &lt;@U1&gt;\n&lt;http://x|y&gt;"


def test_sentences_keep_mentions_only() -> None:
    """A use case's sentence keeps its mentions of people and channels, and nothing else that calls."""
    assert text.sentence("<@U0ADA> in <#C0A>: <!here> a<b") == "<@U0ADA> in <#C0A>: &lt;!here&gt; a&lt;b"


@given(st.text(), st.integers(1, 40))
def test_cut_keeps_the_limit(words: str, limit: int) -> None:
    """What was cut is never longer than asked, and what fits stays as it is."""
    assert len(text.cut(words, limit)) <= limit
    assert len(text.cut_markup(words, limit)) <= limit
    assert words == text.cut(words, len(words)) == text.cut_markup(words, len(words))


@pytest.mark.parametrize("limit", range(1, 12))
def test_cut_never_tears_an_entity(limit: int) -> None:
    """Cutting escaped words leaves no half of an entity, which Slack would show as it stands."""
    whole = text.escape("a<&b>")
    torn = text.cut_markup(whole, limit).removesuffix("…")
    assert torn.count("&") == torn.count(";")


def test_names_are_cut_before_they_are_escaped() -> None:
    """A long name full of ampersands still ends in whole entities."""
    assert text.name("&" * 10, 4) == "&amp;&amp;&amp;…"


@pytest.mark.parametrize(("number", "said"), [(0, "0 pieces"), (1, "1 piece"), (2, "2 pieces")])
def test_counts(number: int, said: str) -> None:
    """One is singular, all else plural."""
    assert text.count(number, "piece") == said


def test_viewers_time() -> None:
    """Slack shows the reader's own time; who cannot, reads UTC."""
    at = datetime(2026, 12, 4, 17, 0, tzinfo=UTC)
    assert text.viewers_time(at) == "<!date^1796403600^{date_short_pretty}, {time}|2026-12-04 17:00 UTC>"


@pytest.mark.parametrize(("seconds", "said"), [(0.4, "0:00"), (17.2, "0:17"), (75.0, "1:15")])
def test_lengths(seconds: float, said: str) -> None:
    """Lengths read like those of a player."""
    assert text.clock_length(seconds) == said


@pytest.mark.parametrize("typed", ["*Star*", "_x_", "~no~", "`c`", ":tada:", "> said", "https://a.example", "a *b"])
def test_titles_are_shown_as_they_were_typed(typed: str) -> None:
    """No mark of a title begins a style, a quote, an emoji or a link; words and names of files keep their signs."""
    shown = text.name(typed)
    assert not re.search(r"[*~`]|(?<!\w)_|:[\w+'-]+:|://|^&gt;", shown)
    assert text.name("my_piece_2.mid: a*b") == "my_piece_2.mid: a*b"


def test_what_people_copy_keeps_its_signs() -> None:
    """A name of an account stands between backticks as it is."""
    assert text.code("_ada*:x:") == "`_ada*:x:`"

"""The verdict in words: what a score means, and the window that says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.numbers import decimal, percent, spelled
from handlers.views import blocks as b
from handlers.views.text import at_most, bullets, count, cut, name, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.usecases.verdicts.explanations import WhyScore

UNCLEAR, CLEAR = 0.15, 0.5
"""Of a key's confidence (``judge.keys``): below the one another key fits as well, from the other on it stands alone."""
TITLE = "Why this score"

_MEANINGS = (
    (85, "It could pass for a page of his."),
    (65, "It speaks his language, with an accent of its own."),
    (40, "You can hear Bach in it, and something else as well."),
    (15, "There is a hint of Bach here and there; mostly it goes its own way."),
    (0, "It is another kind of music than Bach's, which is no fault: people rate other things."),
)
_PLACES = {"below": "less than Bach", "within": "like Bach", "above": "more than Bach"}
_TONES = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")
_OF_SOUND = 80
"""So many of the score's 100 points are for the sound, the others for the pitches (``judge.verdict.Verdict``)."""
_BAR, _FULL = 12, 0.3
"""Letters of a full bar, and the share that fills it: hardly a tone has more."""


def meaning(score: float) -> str:
    """A sentence on a score from 0 to 100."""
    return next(words for least, words in _MEANINGS if score >= least)


def made_of(score: float, probability: float) -> tuple[str, str]:
    """What the score adds up from, in points: percents beside it would read as sureness.

    ``probability`` is the judge's, 0 to 1; the rest of the score is for how the pitches are spread.
    """
    sound = decimal(_OF_SOUND * probability, 1)
    return (
        f"{sound} of {_OF_SOUND} points for sounding like Bach",
        f"{decimal(score, 1) - sound} of {100 - _OF_SOUND} for pitches spread like his",
    )


def why(found: WhyScore) -> b.View:
    """The window: reasons, measures beside Bach's, parallels, tones, nearest works, numbers."""
    return b.modal(TITLE, list(_blocks(found)))


def _blocks(found: WhyScore) -> Iterator[b.Block]:
    said = found.verdict
    yield b.header(f"{spelled(said.score, 1)} of 100 · {cut(found.title, 100)}")
    yield b.section(f"{meaning(said.score)} {sentence(said.standing.said) if said.standing else ''}".rstrip())
    yield from _reasons("What pulled it up", said.reasons_up)
    yield from _reasons("What pulled it down", said.reasons_down)
    if said.measures:
        yield b.section("*Beside Bach's works*\nIn brackets: where four of five of them lie.")
        yield b.section(bullets(_measures(found)))
    yield b.section(f"*Parallels*, which Bach avoids\n{_parallels(found)}")
    yield b.section(f"*Key*: {_key(found)}. Each tone's share of the time:")
    yield b.section(f"```{_tones(said.pitch_classes, said.bach_pitch_classes)}```")
    yield b.section(f"*Nearest works of Bach* (any two pieces share a little)\n{_works(found)}")
    yield from _small(found)


def _key(found: WhyScore) -> str:
    """The key, by how far the next one is behind it; that is no probability, so no share is told."""
    key, confidence = name(found.verdict.key), found.verdict.key_confidence
    if confidence < UNCLEAR:
        return f"none is clear; {key} fits best"
    return f"heard as {key}" if confidence >= CLEAR else f"most like {key}, which others come near"


def _reasons(label: str, reasons: Sequence[str]) -> Iterator[b.Block]:
    if reasons:
        yield b.section(f"*{label}*\n{bullets(at_most([sentence(cut(each, 250)) for each in reasons], 8))}")


def _measures(found: WhyScore) -> list[str]:
    return [
        f"{name(each.name)}: *{each.said(each.value)}*, {_PLACES[each.place]} ({each.said(each.low)} to {each.said(each.high)})"
        for each in found.verdict.measures
    ]


def _parallels(found: WhyScore) -> str:
    said = found.verdict
    if said.voices_known == "none":
        return (
            "I did not look for any: this file does not say which notes make a voice. Export each voice as a track of its own,"
            " and I can tell."
        )
    kinds = (("Fifths", said.parallel_fifths), ("Octaves", said.parallel_octaves))
    told = bullets([f"{kind}: {_in_bars(bars)}" for kind, bars in kinds])
    return f"{told}\n{_SOME}" if said.voices_known == "some" else told


_SOME = "I looked only between the tracks or channels that play one note at a time; the others hold chords."


def _in_bars(bars: Sequence[int]) -> str:
    if not bars:
        return "none"
    return ("in bar " if len(bars) == 1 else "in bars ") + ", ".join(map(str, bars))


def _tones(here: Sequence[float], bach: Sequence[float]) -> str:
    """Twelve rows: the piece, and Bach's mean in this key."""
    rows = [f"{'':2}  {'here':<{_BAR + 5}}  Bach's"]
    for tone, own, his in zip(_TONES, here, bach, strict=True):
        rows.append(f"{tone:2}  {percent(own):>4} {_bar(own):<{_BAR}}  {percent(his):>4} {_bar(his)}".rstrip())
    return "\n".join(rows)


def _bar(share: float) -> str:
    return "█" * round(_BAR * min(1.0, share / _FULL))


def _works(found: WhyScore) -> str:
    lines = [
        f"{name(each.work)}: {percent(each.coverage)} of the notes, {bars(each.bars_here)} here, {bars(each.bars_there)} there"
        for each in found.verdict.nearest_works
    ]
    return bullets(lines) if lines else "It shares no passage with any that I know."


def bars(span: tuple[int, int]) -> str:
    """``bar 3``, ``bars 3-8``; a pickup is bar 0."""
    first, last = span
    return f"bar {first}" if first == last else f"bars {first}-{last}"


def _small(found: WhyScore) -> Iterator[b.Block]:
    said = found.verdict
    if found.picture:
        yield b.context("📊 The picture of this is in your messages, or on its way there.")
    sound, pitches = made_of(said.score, said.probability)
    numbers = (
        f"{sound}  ·  {pitches} (KS distance {spelled(said.ks_distance)})  ·  {count(said.bars, 'bar')}"
        f"  ·  {name(said.meter)}  ·  {count(said.notes, 'note')}"
    )
    yield b.context(numbers)
    for warning in said.warnings[:5]:
        yield b.context(f"Note: {sentence(cut(warning, 300))}")
    yield b.context(f"{name(said.model_version)} · weights {name(said.weights_sha256[:12])}")

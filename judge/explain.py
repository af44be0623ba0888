"""A verdict in plain text, for a terminal: what pulled, where the parallels are, what it shares with Bach, and its tones beside his."""

from collections.abc import Iterator, Sequence

from judge.constants import PROBABILITY_WEIGHT
from judge.numbers import decimal, percent
from judge.verdict import Known, NearestWork, Position, Verdict
from judge.words import PITCH_NAMES, counted

_PLACES = {Position.BELOW: "less than Bach", Position.WITHIN: "like Bach", Position.ABOVE: "more than Bach"}
_WIDTH = 24
_FULL = 0.3
"""Share of the sounding time that fills a bar of the table: hardly a tone has more."""


def explanation(verdict: Verdict) -> str:
    """Several lines, the last one without a line end."""
    parts = (_facts, _reasons, _measures, _parallels, _shared, _tones)
    return "\n".join(line for part in parts for line in part(verdict))


def _facts(verdict: Verdict) -> Iterator[str]:
    whole, sound = decimal(100 * PROBABILITY_WEIGHT, 0), decimal(100 * PROBABILITY_WEIGHT * verdict.probability, 1)
    rest = decimal(verdict.score, 1) - sound
    yield f"{sound} of {whole} points for sounding like Bach, {rest} of {100 - whole} for pitches spread like his."
    if verdict.standing:
        yield verdict.standing.said
    length = f"{counted(verdict.bars, 'bar')}, {verdict.meter}, {counted(verdict.notes, 'note')}, {decimal(verdict.seconds, 1)} s"
    yield f"Heard as {verdict.key} (confidence {percent(verdict.key_confidence)}); {length}."
    for warning in verdict.warnings:
        yield f"Note: {warning}"


def _reasons(verdict: Verdict) -> Iterator[str]:
    for title, reasons in (("What spoke for it", verdict.reasons_up), ("What spoke against it", verdict.reasons_down)):
        if reasons:
            yield f"{title}:"
            yield from (f"  - {reason}" for reason in reasons)


def _measures(verdict: Verdict) -> Iterator[str]:
    """What was measured, and where four of five works of Bach's lie."""
    if verdict.measures:
        yield "Beside Bach's works (in brackets: where four of five of them lie):"
    for each in verdict.measures:
        value, low, high = (each.said(number) for number in (each.value, each.low, each.high))
        yield f"  - {each.name}: {value}, {_PLACES[each.place]} ({low} to {high})"


def _parallels(verdict: Verdict) -> Iterator[str]:
    if verdict.voices_known is Known.NONE:
        yield "Parallel fifths and octaves: not looked for, as the file does not say which notes make a voice (a track for each would)."
        return
    if verdict.voices_known is Known.SOME:
        yield "Parallels between the tracks or channels that play one note at a time:"
    for kind, bars in (("fifths", verdict.parallel_fifths), ("octaves", verdict.parallel_octaves)):
        yield f"Parallel {kind}: {_listed(bars)}."


def _listed(bars: Sequence[int]) -> str:
    if not bars:
        return "none"
    return ("bar " if len(bars) == 1 else "bars ") + ", ".join(map(str, bars))


def _shared(verdict: Verdict) -> Iterator[str]:
    if not verdict.nearest_works:
        yield "Nearest works of Bach: it shares no passage with any that I know."
        return
    yield "Nearest works of Bach (any two pieces share a little):"
    yield from (f"  - {_passage(work)}" for work in verdict.nearest_works)


def _passage(work: NearestWork) -> str:
    here, there = (_span(bars) for bars in (work.bars_here, work.bars_there))
    alarm = " That is so much that people should compare the two." if work.copied else ""
    return f"{work.work}: {percent(work.coverage)} of the notes, {here} here and {there} there.{alarm}"


def _span(bars: tuple[int, int]) -> str:
    return f"bar {bars[0]}" if bars[0] == bars[1] else f"bars {bars[0]}-{bars[1]}"


def _tones(verdict: Verdict) -> Iterator[str]:
    """Twelve rows from C: the share of the sounding time, here and in Bach's pieces in this key."""
    yield f"{'Tone':4}  {'here':<{_WIDTH + 5}}  Bach's"
    for name, here, his in zip(PITCH_NAMES, verdict.pitch_classes, verdict.bach_pitch_classes, strict=True):
        yield f"{name:4}  {percent(here):>4} {_bar(here):<{_WIDTH}}  {percent(his):>4} {_bar(his)}".rstrip()


def _bar(share: float) -> str:
    return "█" * round(_WIDTH * min(1.0, share / _FULL))

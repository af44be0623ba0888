"""Starter melodies: tunes in the public domain, eight bars of one voice each, to be changed and harmonized (sources in NOTICE)."""

from __future__ import annotations

from dataclasses import dataclass

from judge.writer import Score


@dataclass(frozen=True)
class Melody:
    """A tune to begin with.

    Attributes:
        key: Its name for machines, in lower case.
        source: Whose it is, and from when.
        idea: What one could do with it.
        score: The notes: one voice, eight bars.
    """

    key: str
    source: str
    idea: str
    score: Score

    @property
    def title(self) -> str:
        """Its name for people."""
        return self.score.title


ODE_TO_JOY = Melody(
    key="ode-to-joy",
    source="Ludwig van Beethoven, Symphony No. 9, 1824",
    idea="Steps almost all the way: put it in minor, or let a second voice move against it.",
    score=Score(
        title="Ode to Joy",
        meter=(4, 4),
        bpm=112,
        voices=(
            (
                "E5:1 E5 F5 G5 | G5 F5 E5 D5 | C5 C5 D5 E5 | E5:1.5 D5:0.5 D5:2 |"
                "E5:1 E5 F5 G5 | G5 F5 E5 D5 | C5 C5 D5 E5 | D5:1.5 C5:0.5 C5:2"
            ),
        ),
    ),
)

FRERE_JACQUES = Melody(
    key="frere-jacques",
    source="traditional, France, 18th century",
    idea="A round: begin the same tune two bars later, in another voice.",
    score=Score(
        title="Frère Jacques",
        meter=(4, 4),
        bpm=116,
        voices=(
            (
                "F4:1 G4 A4 F4 | F4 G4 A4 F4 | A4:1 Bb4 C5:2 | A4:1 Bb4 C5:2 |"
                "C5:0.5 D5 C5 Bb4 A4:1 F4 | C5:0.5 D5 C5 Bb4 A4:1 F4 | F4:1 C4 F4:2 | F4:1 C4 F4:2"
            ),
        ),
    ),
)

GREENSLEEVES = Melody(
    key="greensleeves",
    source="traditional, England, 16th century",
    idea="It sways: a bass on each half bar is all that it needs.",
    score=Score(
        title="Greensleeves",
        meter=(6, 8),
        bpm=90,
        voices=(
            (
                "C5:1 D5:0.5 E5:0.75 F#5:0.25 E5:0.5 | D5:1 B4:0.5 G4:0.75 A4:0.25 B4:0.5 |"
                "C5:1 A4:0.5 A4:0.75 G#4:0.25 A4:0.5 | B4:1 G#4:0.5 E4:1 A4:0.5 |"
                "C5:1 D5:0.5 E5:0.75 F#5:0.25 E5:0.5 | D5:1 B4:0.5 G4:0.75 A4:0.25 B4:0.5 |"
                "C5:0.75 B4:0.25 A4:0.5 G#4:0.75 F#4:0.25 G#4:0.5 | A4:1.5 A4:1.5"
            ),
        ),
    ),
)

SAKURA = Melody(
    key="sakura",
    source="traditional, Japan, Edo period",
    idea="Five tones and much air: leave room, and let the harmony wait.",
    score=Score(
        title="Sakura Sakura",
        meter=(4, 4),
        bpm=84,
        voices=(
            (
                "A4:1 A4 B4:2 | A4:1 A4 B4:2 | A4:1 B4 C5 B4 | A4:1 B4:0.5 A4 F4:2 |"
                "E4:1 C4 E4 F4 | E4:1 E4:0.5 C4 B3:2 | A4:1 B4 C5 B4 | A4:1 B4:0.5 A4 F4:2"
            ),
        ),
    ),
)

AMAZING_GRACE = Melody(
    key="amazing-grace",
    source="traditional, USA; as “New Britain” in The Southern Harmony, 1835",
    idea="It ends on an open question: answer it, or give each long note a chord of its own.",
    score=Score(
        title="Amazing Grace",
        meter=(3, 4),
        bpm=84,
        voices=(("G4:2 B4:0.5 G4 | B4:2 A4:1 | G4:2 E4:1 | D4:2 D4:1 |G4:2 B4:0.5 G4 | B4:2 A4:1 | D5:3 | D5:3"),),
    ),
)

MELODIES = (ODE_TO_JOY, FRERE_JACQUES, GREENSLEEVES, SAKURA, AMAZING_GRACE)
"""All, in the order in which they are offered."""

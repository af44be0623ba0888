"""Short pieces for the demo: melodies in the public domain set in voices for Kantor, and one of our own (sources in NOTICE)."""

from __future__ import annotations

from judge import melodies
from judge.writer import Score

ODE_TO_JOY = Score(
    title="Ode to Joy",
    meter=(4, 4),
    bpm=112,
    voices=(
        *melodies.ODE_TO_JOY.score.voices,
        "C4:2 G3 | C4 G3 | A3 G3 | G3:4 | C4:2 G3 | E3 G3 | A3 F3 | G3:2 C3",
    ),
)

MINUET_IN_G = Score(
    title="Minuet in G",
    meter=(3, 4),
    bpm=120,
    voices=(
        (
            "D5:1 G4:0.5 A4 B4 C5 | D5:1 G4 G4 | E5:1 C5:0.5 D5 E5 F#5 | G5:1 G4 G4 |"
            "C5:1 D5:0.5 C5 B4 A4 | B4:1 C5:0.5 B4 A4 G4 | F#4:1 G4:0.5 A4 B4 G4 | A4:3"
        ),
        "G3:2 A3:1 | B3:3 | C4:3 | B3:3 | A3:3 | G3:3 | D4:1 B3 G3 | D4:1 D3:0.5 C4 B3 A3",
    ),
    program=6,
)

FRERE_JACQUES = Score(
    title="Frere Jacques in two voices",
    meter=(4, 4),
    bpm=116,
    voices=(
        *melodies.FRERE_JACQUES.score.voices,
        (
            "R:4 | R:4 | F3:1 G3 A3 F3 | F3 G3 A3 F3 | A3:1 Bb3 C4:2 | A3:1 Bb3 C4:2 |"
            "C4:0.5 D4 C4 Bb3 A3:1 F3 | C4:0.5 D4 C4 Bb3 A3:1 F3"
        ),
    ),
    program=19,
)

EVENING_CHORALE = Score(
    title="Evening Chorale",
    meter=(4, 4),
    bpm=76,
    voices=(
        (
            "C5:1 D5 E5:0.5 D5 C5:1 | D5 B4 C5:2 | E5:1 D5 C5 B4 | A4 A4 G4:2 | "
            "B4:1 C5 D5:0.5 E5 F5:1 | E5 C5 C5:0.5 B4 C5:1 | C5 D5 E5 D5:0.5 C5 | B4:1 C5:3"
        ),
        (
            "G4:1 G4 G4 A4:0.5 G4 | A4:1 G4:0.5 F4 E4:2 | G4:1 G4 E4 E4 | E4 G4:0.5 F#4 D4:2 | "
            "G4:1 E4 G4 F4 | G4 A4 G4 G4 | E4 F4 G4 A4 | G4 G4:3"
        ),
        (
            "E4:1 D4:0.5 F4 E4:1 E4 | D4 D4 G3:2 | C4:1 D4:0.5 B3 A3:1 G3 | C4 D4:0.5 C4 B3:2 | "
            "D4:1 C4 D4 A3 | C4 F4 D4:0.5 F4 E4:1 | A3 A3 C4 A3 | D4:0.5 F4 E4:3"
        ),
        (
            "C3:1 B2 C3 A2 | F3 G3:0.5 G2 C3:2 | C3:0.5 A2 B2 G2 A2:1 E3 | C3 D3 G2:2 | "
            "G2:1 A2 B2 D3 | E3 F3 G3:0.5 G2 C3 B2 | A2 G2 F2:1 C3 F3 | G3:0.5 G2 C3:3"
        ),
    ),
    program=19,
)

ALL = (ODE_TO_JOY, MINUET_IN_G, FRERE_JACQUES, EVENING_CHORALE)

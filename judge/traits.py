"""What a verdict says in words: traits of the music, and how much each moved the judge.

Method: a trait is a set of features. To see how much it counts, its features are set to Bach's medians and, again, to the medians of
all other music, and the network is asked both times. Where Bach's values would raise the log-odds the trait pulls down; where the
others' would lower them it pulls up. A sentence is said only if it is also true of the piece: the trait's leading feature must lie
within Bach's middle 80 % for praise, and outside of it for blame.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from judge.features import Reading, places
from judge.grid import Flags, Ints
from judge.measures import MANY, TOGETHER
from judge.network import Facts, Network

LEAST_EFFECT = 0.04
"""Log-odds below which a trait is not worth a sentence."""
MOST_REASONS = 4


@dataclass(frozen=True)
class Trait:
    """A leading feature, the prefixes of all features that belong to it, and what to say of it.

    An empty sentence is not said; `together` is for what takes several voices and says nothing of a single line; `parallels` is for
    what is said of these, which must agree with the bars where the file's own voices have them.
    """

    lead: str
    prefixes: tuple[str, ...]
    like_bach: str
    too_low: str
    too_high: str
    together: bool = False
    parallels: str = ""


TRAITS = (
    Trait(
        "voices.step",
        ("voices.step", "voices.interval", "voices.semitone", "top.step", "top.runs", "bass.runs"),
        "Voices move by step about as often as Bach's do.",
        "Voices leap more than Bach's: bind them with more steps between neighbouring notes.",
        "Voices hardly ever leap: mix the runs with a leap now and then, as Bach does.",
    ),
    Trait(
        "clash.resolved",
        ("clash.resolved", "clash.passing", "clash.by_step", "clash.by_leap"),
        "Dissonances move on by step, the way Bach lets them go.",
        "Many dissonances are left hanging: let the clashing note move one step on.",
        "",
        together=True,
    ),
    Trait(
        "clash.beat",
        ("clash.beat", "clash.half", "clash.weak", "clash.semitone", "clash.struck", "held_clash"),
        "Consonance and friction are mixed as in Bach.",
        "It is sweeter than Bach: put a few dissonances on the beat, for spice.",
        "More notes clash on the beat than in Bach: move some of them off it, or into the chord.",
        together=True,
    ),
    Trait(
        "motion.contrary",
        (
            "motion.contrary",
            "motion.similar",
            "motion.parallel",
            "motion.thirds",
            "outer_motion.contrary",
            "outer_motion.similar",
            "outer_motion.parallel",
        ),
        "Voices answer each other in contrary motion, as Bach's do.",
        "The voices go up and down together: let one rise while another falls.",
        "The voices move apart and together more than Bach's do: let them go the same way now and then.",
        together=True,
    ),
    Trait(
        "motion.octaves",
        ("motion.octaves", "outer_motion.octaves", "motion.hidden", "outer_motion.hidden"),
        "The voices stay independent: hardly any parallel octaves.",
        "",
        "Two voices run in parallel octaves, which Bach avoids: lead one of them another way.",
        together=True,
        parallels="octaves",
    ),
    Trait(
        "motion.fifths",
        ("motion.fifths", "outer_motion.fifths"),
        "No chains of parallel fifths, just as Bach taught it.",
        "",
        "Two voices run in parallel fifths, which Bach avoids: lead one of them another way.",
        together=True,
        parallels="fifths",
    ),
    Trait(
        "chord.entropy",
        ("chord.entropy", "chord.pair_entropy", "chord.root", "chord.function_pair", "chord.recurring", "quality.sets"),
        "The harmony travels as far as Bach's.",
        "The harmony stays with few chords: visit more of them, as Bach does.",
        "The harmony wanders through more chords than Bach's: stay with the chords of one key for longer.",
    ),
    Trait(
        "chord.changes",
        ("chord.changes", "chord.motion", "chord.authentic", "chord.minor", "pace"),
        "Chords change at Bach's pace.",
        "Chords change more slowly than Bach's: take a new one at each beat now and then.",
        "Chords change faster than Bach's: let some of them last longer.",
    ),
    Trait(
        "key.chromatic",
        ("key", "degree", "degree_struck", "degree_strong"),
        "The key is clear, and coloured by foreign notes about as often as Bach's.",
        "It hardly ever leaves its scale: borrow a note or two, which lead on to new keys.",
        "Many notes lie outside the key: keep more of them in it, so that home is felt.",
    ),
    Trait(
        "quality.13",
        ("quality", "beat_quality", "over_bass", "outer"),
        "What sounds together makes chords that Bach would use.",
        "Hardly anything but plain chords and thirds sounds: add passing notes, which set it in motion.",
        "Many notes sounding together make no chord that Bach would use: build more of them from thirds.",
        together=True,
    ),
    Trait(
        "rhythm.onsets_a_beat",
        ("rhythm", "place", "place_struck", "pulse"),
        "It flows at Bach's density of notes.",
        "It moves more slowly than Bach: add running eighths or sixteenths.",
        "More happens in each beat than in Bach: leave some notes out.",
    ),
    Trait(
        "voice.gap_entropy",
        ("voice.gap", "voice.gap_entropy", "voice.gap_pair_entropy", "top_rhythm", "bass_rhythm", "all"),
        "Long and short notes are mixed like Bach's.",
        "The voices all keep to one note length: mix long and short ones.",
        "Note lengths are more mixed than Bach's: keep the pulse steadier.",
    ),
    Trait(
        "voice.syncopated",
        ("voice.syncopated", "voice.tied_over", "suspension"),
        "Notes held over the beat come about as often as Bach's.",
        "Nothing is held over the beat: hold a note over now and then, as Bach loves to.",
        "There is more syncopation than in Bach: let more notes begin on the beat.",
    ),
    Trait(
        "voices.mean",
        (
            "voices.mean",
            "voices.spread",
            "voices.sounding",
            "voices.struck",
            "voices.changes",
            "voices.together",
            "voices.balance",
        ),
        "As many voices sound together as in Bach.",
        "Few voices sound together: add a second or third one, for depth.",
        "More notes sound together than Bach's voices would: leave some of them out.",
    ),
    Trait(
        "spacing.mean_gap",
        ("spacing",),
        "The voices stand as far apart as Bach's.",
        "The voices crowd together: give them room.",
        "Wide holes gape between the voices: lead them closer together.",
        together=True,
    ),
    Trait(
        "figure.4.recurring",
        ("figure", "repeat", "top.recurring", "bass.recurring"),
        "Figures come back as often as Bach's do.",
        "Hardly any figure comes back: build on a short idea, as Bach does.",
        "The same figure is repeated more often than Bach would: change it when it comes back.",
    ),
    Trait(
        "bass.interval_entropy",
        (
            "bass.interval",
            "bass.interval_entropy",
            "bass.pair_entropy",
            "bass.degree",
            "bass.tones",
            "bass.range",
            "bass.repeats",
            "bass.mean_interval",
        ),
        "The bass is a melody of its own, like Bach's.",
        "The bass does little: give it a melody of its own.",
        "The bass jumps about more than Bach's: lead it by step more often.",
        together=True,
    ),
    Trait(
        "top.interval_entropy",
        (
            "top.interval",
            "top.interval_entropy",
            "top.pair_entropy",
            "top.degree",
            "top.tones",
            "top.range",
            "top.mean_interval",
            "top.repeats",
        ),
        "The melody has the variety of Bach's.",
        "The melody uses few kinds of intervals: mix steps with leaps of several sizes.",
        "The melody is more erratic than Bach's: keep to fewer kinds of intervals.",
    ),
    Trait(
        "top.leap_answered",
        (
            "top.leap_answered",
            "top.leap_followed",
            "top.neighbours",
            "top.zigzag",
            "top.arpeggio",
            "top.returns",
            "top.step_then_leap",
        ),
        "Leaps are balanced by steps back, as Bach does.",
        "Leaps are seldom balanced by a step back: take one after each leap.",
        "Leap and step back follow each other more often than in Bach: let a leap lead on now and then.",
    ),
)


def _belongs(name: str, prefixes: tuple[str, ...]) -> bool:
    return any(name == prefix or name.startswith(f"{prefix}.") for prefix in prefixes)


@cache
def _columns() -> tuple[Ints, Flags]:
    """The index of each trait's leading feature, and which features are the trait's, bool[traits, features]."""
    index = places()
    belongs = [[_belongs(name, trait.prefixes) for name in index] for trait in TRAITS]
    return np.array([index[trait.lead] for trait in TRAITS]), np.array(belongs)


@dataclass(frozen=True)
class _Said:
    """A sentence that is true of the piece, on the trait of that number."""

    sentence: str
    like_bach: bool
    trait: int


def _true_of(facts: Facts, values: NDArray[np.float32], parallels: Mapping[str, tuple[int, ...]]) -> Iterator[_Said]:
    many = float(values[places()[TOGETHER]]) >= MANY
    leads, _ = _columns()
    lower, higher = (values[leads] < facts.low[leads]).tolist(), (values[leads] > facts.high[leads]).tolist()
    for number, (trait, below, above) in enumerate(zip(TRAITS, lower, higher, strict=True)):
        if trait.together and not many:
            continue
        told = parallels.get(trait.parallels)
        if not below and not above and (not trait.parallels or told == ()):
            yield _Said(trait.like_bach, True, number)
        elif (below or above) and (not trait.parallels or told):
            yield _Said(trait.too_low if below else trait.too_high, False, number)


def _replaced(values: NDArray[np.float32], facts: Facts, said: Sequence[_Said]) -> NDArray[np.float32]:
    """The piece as it is, and with each trait taken from elsewhere: what is like Bach from all others, what is not from him."""
    like = np.array([one.like_bach for one in said], dtype=bool)[:, None]
    theirs = np.where(like, facts.others, facts.middle).astype(np.float32)
    taken = np.where(_columns()[1][[one.trait for one in said]], theirs, values)
    return np.concatenate((values[None], taken))


@dataclass(frozen=True)
class Heard:
    """What the network says of a reading: its log-odds, and what pulled them up and down, strongest first, at most four sentences each."""

    odds: float
    up: tuple[str, ...]
    down: tuple[str, ...]


def hear(network: Network, reading: Reading, parallels: Mapping[str, tuple[int, ...]]) -> Heard:
    """Asks for the score and for its reasons at once.

    `parallels` are the bars with parallel "fifths" and "octaves" in voices that are sure; what is not among them was not looked for.
    """
    facts, values = network.facts, reading.values
    said = list(_true_of(facts, values, parallels))
    odds = network.log_odds(_replaced(values, facts, said), reading.bag()[None, :])
    won = (odds[0] - odds[1:]).tolist()
    up = [(by, one.sentence) for by, one in zip(won, said, strict=True) if one.like_bach and by > LEAST_EFFECT]
    down = [(-by, one.sentence) for by, one in zip(won, said, strict=True) if not one.like_bach and -by > LEAST_EFFECT]
    return Heard(float(odds[0]), _strongest(up), _strongest(down))


def _strongest(found: list[tuple[float, str]]) -> tuple[str, ...]:
    ranked = sorted(found, key=lambda pair: -pair[0])
    return tuple(dict.fromkeys(sentence for _, sentence in ranked if sentence))[:MOST_REASONS]

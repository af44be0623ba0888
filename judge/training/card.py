"""Writes CARD.md: what the judge was trained on, what it can do, and where it disappoints."""

from collections import Counter
from typing import Any

from judge.phrases import WORDS
from judge.training.corpus import Work
from judge.training.dataset import CROPS, Dataset

_HEAD = """# Model card: {version}

How much like J. S. Bach are these at most eight bars? {features} features of the notes and a bag of {words:,} hashed phrases (short turns of
line, rhythm, chord and counterpoint); none of them knows tempo, loudness, tracks or absolute pitch. Gradient-boosted trees (LightGBM, on the
features, three seeds), perceptrons (on features and phrases, three seeds) and a logistic regression on the phrases; the mean of their
log-odds over the two likeliest keys, by their likelihood; one ONNX graph of {size:.2f} MB; Platt calibration.
`score = 100 (0.8 p + 0.2 s)`: p is the calibrated probability, s = exp(-JSD / 0.08) the likeness of the pitch classes to Bach's mean in the same
mode.

- Version `{version}`, sha256 of the ONNX file `{sha256}`
- ONNX against the trainer, largest difference in log-odds over all samples: {parity:.1e}
"""

_NOTES = """The models of the folds have one seed each, the shipped one three. "Synthetic" holds the ends of hill-climbs too, which were made against
models of the strangers' folds. Corrupted Bach is of the works held out. "All" weighs Bach a third and each other kind a sixth. Strangers' groups are new to the model, but other
groups of the same edition may not be. Which kinds of model were compared, and what did not help: docs/decisions/0018-phrases-beside-features.md.
"""

_LIMITS = """## Limits

- It knows style, not worth: a good imitation of Bach scores like Bach, and a fine piece in another style scores low.
- Folds by source are hard: where all chorales are held out, the model has never seen a chorale called Bach. Folds by work are too
  kind. What a stranger's file meets lies between. The shipped model has seen all sources; the tables of patterns,
  climbs, order and shifts above are measured with it, so its Bach crops there are from works it was trained on.
- The probabilities are calibrated to a mix of a third Bach and two thirds other music. A contest has no Bach in it: read them as an order.
- Handel, Corelli and their time are the hardest to tell apart in eight bars; so are well-made hymns from chorales.
- Preludes of broken chords are taken for cheap arpeggios: the first eight bars of BWV 846, which is in no training set, get a
  probability of about .3.
- It never hears sound, and never sees dynamics, ornaments' signs or words. Drums are left out.

## Train it anew

    make train CORPUS=folder-or-zip SCALE={scale}

That makes `.venv-train` from requirements-train.lock and runs `python -m judge.training.fit`. A run that was killed goes on where it was;
`make check-train` tries all of it on a tiny made-up corpus. The corpus is a folder or zip with `corpus.csv` (path, is_bach, group, work, source, licence) and the MIDI files; it is not part of this
repository. Seeds are fixed, so that the same corpus, code and libraries give the same bytes: shown on the tiny corpus, also where a run was killed.
"""


def text(facts: dict[str, Any], data: Dataset, works: list[Work], size: int) -> str:
    """The whole card."""
    figures = facts["figures"]
    parts = [
        _HEAD.format(
            version=facts["version"],
            sha256=facts["sha256"],
            features=len(facts["features"]),
            words=WORDS,
            size=size / 1e6,
            parity=figures["parity"],
        ),
        _data(data, works),
        "## Validation\n\nAUC of Bach against each kind of other music; ECE with the calibration of the other folds.",
        "Each fold holds out whole sources of both classes and whole kinds of patterns (bach_solo and scarlatti, of which each has some works "
        "from\nMutopia, lie in the second fold whole, since the corpus does not tell which):\n\n"
        + _table(figures["folds by source"]),
        "Folds that hold out Bach by genre (chorales by work), other music by group, patterns by kind:\n\n"
        + _table(figures["folds by genre"]),
        "Folds that hold out Bach by work, other music by group, patterns by kind: strangers before a judge who knows Bach's genres. The "
        "shipped model is calibrated on these:\n\n" + _table(figures["strangers"]),
        _NOTES,
        f"## Checks with the shipped model\n\nBach's crops: 10th percentile {figures['bach']['p10']:.3f}, median {figures['bach']['median']:.3f}.",
        "Patterns that must not win (probability; share below Bach's 10th percentile):\n\n"
        + _table(figures["patterns"]),
        "Hill-climbs of 50 random edits from a pattern, each kept where the score does not fall:\n\n"
        + _list(figures["climbs"]),
        "Notes of Bach altered at random (share of crops in the right order):\n\n" + _list(figures["order"]),
        "Mean absolute change of the probability when the same notes are played otherwise:\n\n"
        + _list(figures["shifts"]),
        _LIMITS.format(scale=facts["scale"]),
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _table(rows: dict[str, dict[str, float]]) -> str:
    columns = list(dict.fromkeys(name for row in rows.values() for name in row))
    lines = ["| | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    lines += [
        f"| {name} | " + " | ".join(f"{row[c]:.3f}" if c in row else "" for c in columns) + " |"
        for name, row in rows.items()
    ]
    means = {c: sum(row.get(c, 0.0) for row in rows.values()) / len(rows) for c in columns}
    return "\n".join([*lines, "| mean | " + " | ".join(f"{means[c]:.3f}" for c in columns) + " |"])


def _list(rows: dict[str, float]) -> str:
    return "\n".join(f"- {name}: {value:.3f}" for name, value in rows.items())


def _data(data: Dataset, works: list[Work]) -> str:
    crops = Counter(s.origin.group for s in data.samples if s.origin.kind != "corrupted")
    corrupted = Counter(s.origin.group for s in data.samples if s.origin.kind == "corrupted")
    sources = Counter((w.group, w.is_bach, w.source, w.licence) for w in works)
    lines = ["| group | class | works | crops | altered | source | licence |", "|---|---|---|---|---|---|---|"]
    for (group, bach, source, licence), count in sorted(sources.items(), key=lambda item: (not item[0][1], item[0])):
        lines.append(
            f"| {group} | {'Bach' if bach else 'other'} | {count} | {crops[group]} | {corrupted[group]} | {source} | {licence} |"
        )
    patterns = ", ".join(f"{name} {count}" for name, count in crops.items() if name not in CROPS)
    return (
        "## Data\n\nCrops of up to eight bars; a third of them with loose timing (up to 30 ms) or other note lengths, some with octaves doubled as in an orchestra.\n\n"
        + "\n".join(lines)
        + f"\n\nMade by code, other: {patterns} (a third of them with 1-50 random edits, and ends of hill-climbs against earlier models)."
    )

#!/usr/bin/env bash
# partitura 1.9.0 (PyPI), save_score_midi(..., anacrusis_behavior="time_sig_change"): a short first bar gets a meter of its own (mido 1.3.3 reads it back).
#
# Found: where the score has no pickup, this choice writes no time signature at all. A waltz or a piece in 6/8 without a short first bar
# therefore leaves as a file without a meter, which every reader takes for 4/4: eight bars of 6/8 are counted as six. With "shift" and
# "pad_bar" the same score keeps its 6/8. So a program that always asks for "time_sig_change", because some of its scores have a pickup, damages the
# others; a reader who counts bars cannot see from the file that anything is missing.
#
# Run 2026-11-29 on Python 3.11.7. Output:
#   8 bars of 6/8, shift: 6/8
#   8 bars of 6/8, pad_bar: 6/8
#   8 bars of 6/8, time_sig_change: no time signature
# Fails (exit 1) if that changes. Takes about 40 seconds.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check partitura==1.9.0 mido==1.3.3
cat >"$folder/meters.py" <<'PYTHON'
import sys
import warnings

import mido

warnings.filterwarnings("ignore")
import partitura  # noqa: E402
from partitura.score import Note, Part, TimeSignature, add_measures  # noqa: E402

WANTED = {"shift": "6/8", "pad_bar": "6/8", "time_sig_change": "no time signature"}


def jig():
    """Eight bars of 6/8, two dotted quarters each, no pickup."""
    part = Part("P1", quarter_duration=4)
    part.add(TimeSignature(6, 8), start=0)
    for number in range(16):
        part.add(Note(id=f"n{number}", step="C", octave=4, voice=1), start=number * 6, end=number * 6 + 6)
    add_measures(part)
    return part


def meters(file):
    events = [event for track in mido.MidiFile(file).tracks for event in track if event.type == "time_signature"]
    return ", ".join(f"{event.numerator}/{event.denominator}" for event in events) or "no time signature"


found = {}
for choice in WANTED:
    file = f"{sys.argv[1]}/{choice}.mid"
    partitura.save_score_midi(jig(), file, anacrusis_behavior=choice)
    found[choice] = meters(file)
    print(f"8 bars of 6/8, {choice}: {found[choice]}")
sys.exit(found != WANTED)
PYTHON
"$folder/venv/bin/python" "$folder/meters.py" "$folder"

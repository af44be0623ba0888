#!/usr/bin/env bash
# pypianoroll 1.0.4 with numpy 2.4.6 (PyPI): read a MIDI file, and write it again.
#
# Found: read() gives `tempo` and `downbeat` the shape (steps, 1), and not (steps,). The package's own validate() refuses that
# ("`tempo` must be a 1D NumPy array."), and write() ends with a TypeError: current numpy no longer turns an array of one element into a
# number, which older ones did with a warning, so a program that worked stops with an upgrade of numpy alone. Both arrays taken flat (.ravel()) make validate()
# and write() work again. Multitracks made from arrays of one's own are not concerned.
#
# Run 2026-11-29 on Python 3.11.7. Output:
#   read: tempo (192, 1), downbeat (192, 1)
#   as read:    validate ValueError, write TypeError
#   made flat:  validate passes, write passes
# Fails (exit 1) if that changes. Takes about 30 seconds.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check pypianoroll==1.0.4 numpy==2.4.6 mido==1.3.3
cat >"$folder/again.py" <<'PYTHON'
import sys

import mido
import pypianoroll

folder = sys.argv[1]
song, track = mido.MidiFile(ticks_per_beat=480), mido.MidiTrack()
song.tracks.append(track)
track.append(mido.MetaMessage("set_tempo", tempo=500000, time=0))
track.append(mido.MetaMessage("time_signature", numerator=4, denominator=4, time=0))
for pitch in range(60, 68):
    track.append(mido.Message("note_on", note=pitch, velocity=90, time=0))
    track.append(mido.Message("note_off", note=pitch, velocity=0, time=480))
song.save(f"{folder}/song.mid")


def outcome(call):
    try:
        call()
    except Exception as problem:
        return type(problem).__name__
    return "passes"


piece = pypianoroll.read(f"{folder}/song.mid")
shapes = piece.tempo.shape, piece.downbeat.shape
print(f"read: tempo {shapes[0]}, downbeat {shapes[1]}")
as_read = outcome(piece.validate), outcome(lambda: piece.write(f"{folder}/again.mid"))
print(f"as read:    validate {as_read[0]}, write {as_read[1]}")
piece.tempo, piece.downbeat = piece.tempo.ravel(), piece.downbeat.ravel()
flat = outcome(piece.validate), outcome(lambda: piece.write(f"{folder}/again.mid"))
print(f"made flat:  validate {flat[0]}, write {flat[1]}")
sys.exit(not (len(shapes[0]) == len(shapes[1]) == 2 and as_read == ("ValueError", "TypeError") and flat == ("passes", "passes")))
PYTHON
"$folder/venv/bin/python" "$folder/again.py" "$folder"

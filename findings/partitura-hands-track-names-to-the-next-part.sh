#!/usr/bin/env bash
# partitura 1.9.0 (PyPI), load_performance_midi and save_performance_midi: a file read and written again (mido 1.3.3 reads it back).
#
# Found: each part comes back under the name of the part before it. Loading numbers the tracks anew, counting only those that have notes, controllers or programs; names, time
# signatures and keys keep the number that they had in the file. With the usual first track for tempo and meter, the violin's notes go into
# the nameless first track, the cello's into the one called Violin, and the last name stands over nothing. It is worse with more parts: the numbers are dealt out in the order of a Python
# set, so ten parts are shuffled, too, and any of them may stand under any name. There is no warning, and each note is where it was in time and on its channel, so only
# somebody who goes by names or by the tracks' order sees it. Until then: write the names again oneself, by the channels.
#
# Run 2026-11-30 on Python 3.11.7. Output:
#   3 parts, before: Violin 76, Cello 48, Flute 72
#   3 parts, after:  (no name) 76, Violin 48, Cello 72, Flute nothing
#   10 parts: 1 of 10 under its own name; in the order they had: no
# Fails (exit 1) if that changes. Takes about 40 seconds.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check partitura==1.9.0 mido==1.3.3
cat >"$folder/names.py" <<'PYTHON'
import sys
import warnings

import mido

warnings.filterwarnings("ignore")
import partitura  # noqa: E402

BEFORE, AFTER = f"{sys.argv[1]}/before.mid", f"{sys.argv[1]}/after.mid"


def write(parts):
    """A file of format 1: a track with the tempo, then for each part a track with its name, and one note on its own channel."""
    song = mido.MidiFile(ticks_per_beat=480)
    song.tracks.append(mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=500000)]))
    for number, (name, pitch) in enumerate(parts):
        channel = number + (number > 8)
        struck = mido.Message("note_on", channel=channel, note=pitch, velocity=80)
        let_go = mido.Message("note_off", channel=channel, note=pitch, velocity=0, time=480)
        song.tracks.append(mido.MidiTrack([mido.MetaMessage("track_name", name=name), struck, let_go]))
    song.save(BEFORE)


def told(file):
    """(name, pitch) of each track that has one of the two."""
    tracks = []
    for track in mido.MidiFile(file).tracks:
        pitches = [event.note for event in track if event.type == "note_on" and event.velocity]
        if track.name or pitches:
            tracks.append((track.name or "(no name)", pitches[0] if pitches else "nothing"))
    return tracks


def again(parts):
    write(parts)
    partitura.save_performance_midi(partitura.load_performance_midi(BEFORE), AFTER)
    return told(BEFORE), told(AFTER)


def line(tracks):
    return ", ".join(f"{name} {pitch}" for name, pitch in tracks)


before, after = again([("Violin", 76), ("Cello", 48), ("Flute", 72)])
print(f"3 parts, before: {line(before)}")
print(f"3 parts, after:  {line(after)}")
ten, shuffled = again([(f"Part {number}", 50 + number) for number in range(10)])
kept = len(set(ten) & set(shuffled))
pitches = [pitch for _, pitch in shuffled if pitch != "nothing"]
print(f"10 parts: {kept} of 10 under its own name; in the order they had: {'yes' if pitches == sorted(pitches) else 'no'}")
expected = [("(no name)", 76), ("Violin", 48), ("Cello", 72), ("Flute", "nothing")]
sys.exit(not (after == expected and kept < 5 and pitches != sorted(pitches)))
PYTHON
"$folder/venv/bin/python" "$folder/names.py" "$folder"

#!/usr/bin/env bash
# music21 10.5.1 (PyPI): a tune with a bass drum on each beat, read from a file of format 1 and from the same music in format 0 (one track for all channels, merged by mido 1.3.3).
#
# Found: in format 0 every note of the tune that begins together with a drum becomes a drum itself. music21 gathers what begins at one time in a track into one chord,
# whatever the channel, and a chord with one message of channel 10 in it is a PercussionChord. Those notes are gone from score.pitches, and with them from the key, the range
# and the intervals: the ones on the beat, which matter most. Where drums are few the piece reads as one part of notes and drums. Written again, the whole tune
# plays on channel 10, and a pitch that names no drum that music21 knows comes out as 60. Nothing warns. Downloads, karaoke files and keyboards are often of
# format 0: split channels into tracks before music21 reads them. In format 1 with a track for each channel all is right.
#
# Run 2026-11-30 on Python 3.11.7. Output:
#   format 1, pitches: C4 D4 E4 F4 G4 A4 B4 C5; written again: drums 36 36 36 36, others 60 62 64 65 67 69 71 72
#   format 0, pitches: D4 F4 A4 C5; written again: drums 36 36 36 36 60 60 62 64 65 67 69 72, others none
# Fails (exit 1) if that changes. Takes about 40 seconds.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check music21==10.5.1 mido==1.3.3
cat >"$folder/drums.py" <<'PYTHON'
import sys

import mido
from music21 import converter

SCALE, EIGHTH = [60, 62, 64, 65, 67, 69, 71, 72], 240


def track(channel, pitches, rest):
    """Eighth notes on one channel, each followed by a rest of so many ticks."""
    made, wait = mido.MidiTrack(), 0
    for pitch in pitches:
        made.append(mido.Message("note_on", channel=channel, note=pitch, velocity=80, time=wait))
        made.append(mido.Message("note_off", channel=channel, note=pitch, velocity=0, time=EIGHTH))
        wait = rest
    return made


def written(name, tracks):
    song = mido.MidiFile(type=int(len(tracks) > 1), ticks_per_beat=2 * EIGHTH)
    song.tracks.extend(tracks)
    song.save(name)
    return name


def played(name):
    """The pitches that the file strikes on channel 10, and those of all other channels."""
    struck = [event for track in mido.MidiFile(name).tracks for event in track if event.type == "note_on" and event.velocity]
    drums = sorted(event.note for event in struck if event.channel == 9)
    return drums, sorted(event.note for event in struck if event.channel != 9)


def told(numbers):
    return " ".join(map(str, numbers)) or "none"


folder = sys.argv[1]
tracks = [track(0, SCALE, 0), track(9, [36] * 4, EIGHTH)]
files = {1: written(f"{folder}/1.mid", tracks), 0: written(f"{folder}/0.mid", [mido.merge_tracks(tracks)])}
found = {}
for kind, file in files.items():
    score = converter.parse(file, forceSource=True)
    drums, others = played(score.write("midi", fp=f"{folder}/again.mid"))
    found[kind] = [str(pitch) for pitch in score.pitches], drums, others
    print(f"format {kind}, pitches: {told(found[kind][0])}; written again: drums {told(drums)}, others {told(others)}")
same = played(files[0]) == played(files[1])
expected = {
    1: ("C4 D4 E4 F4 G4 A4 B4 C5".split(), [36] * 4, SCALE),
    0: ("D4 F4 A4 C5".split(), [36, 36, 36, 36, 60, 60, 62, 64, 65, 67, 69, 72], []),
}
sys.exit(not (same and found == expected))
PYTHON
"$folder/venv/bin/python" "$folder/drums.py" "$folder"

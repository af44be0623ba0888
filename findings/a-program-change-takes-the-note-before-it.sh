#!/usr/bin/env bash
# MIDIUtil 1.2.1 (PyPI) writes a tune whose instrument changes; pretty_midi 0.2.11.post0, miditoolkit 1.0.1, symusic 0.6.0 (PyPI) and @tonejs/midi 2.0.28 (npm) read it.
#
# Found: the last note before a change goes to the wrong instrument, or is gone. MIDIUtil writes what falls on one tick in the order program change, note off, note on, which is
# right for any synthesizer: a sounding note keeps its sound. pretty_midi and miditoolkit file a note under the program that is in force when it ENDS, so here under the next one;
# @tonejs/midi deals the events out to a track for each program before it pairs them, finds no end to the note in the track that has its beginning, and drops it. In
# a melody that changes its instrument with every note only the last one is left there. symusic goes by the beginning. It holds for any note that sounds
# across a change; where the note off stands first, all four agree. No warning anywhere. Whoever writes ends the notes a tick earlier; whoever reads checks the count of notes.
#
# Run 2026-11-30 on Python 3.11.7 and Node.js 20.20. Output (pitch:program; a violin is 40, a flute 73):
#   written:       60:40 62:73 64:40 65:73
#   symusic:       60:40 62:73 64:40 65:73
#   pretty_midi:   60:73 62:40 64:73 65:73
#   miditoolkit:   60:73 62:40 64:73 65:73
#   @tonejs/midi:  65:73
# Fails (exit 1) if that changes. Needs npm. Takes about 40 seconds.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check setuptools==80.9.0 MIDIUtil==1.2.1 pretty_midi==0.2.11.post0 miditoolkit==1.0.1 symusic==0.6.0 mido==1.3.3 numpy==2.4.6
cd "$folder"
npm install --silent --no-fund --no-audit --ignore-scripts @tonejs/midi@2.0.28 >/dev/null
cat >read.js <<'JS'
const { Midi } = require("@tonejs/midi");
const song = new Midi(require("fs").readFileSync("tune.mid"));
console.log(JSON.stringify(song.tracks.flatMap((track) => track.notes.map((note) => [note.midi, track.instrument.number]))));
JS
cat >tune.py <<'PYTHON'
import json
import subprocess
import sys

import miditoolkit
import midiutil
import pretty_midi
import symusic

TUNE = [(60, 40), (62, 73), (64, 40), (65, 73)]
LATE = [(60, 73), (62, 40), (64, 73), (65, 73)]

song = midiutil.MIDIFile(1)
for beat, (pitch, program) in enumerate(TUNE):
    song.addProgramChange(0, 0, beat, program)
    song.addNote(0, 0, pitch, beat, 1, 80)
with open("tune.mid", "wb") as file:
    song.writeFile(file)


def of(parts):
    return [(int(note.pitch), int(part.program)) for part in parts for note in part.notes]


read = {
    "symusic": (of(symusic.Score("tune.mid").tracks), TUNE),
    "pretty_midi": (of(pretty_midi.PrettyMIDI("tune.mid").instruments), LATE),
    "miditoolkit": (of(miditoolkit.MidiFile("tune.mid").instruments), LATE),
    "@tonejs/midi": (json.loads(subprocess.check_output(["node", "read.js"])), TUNE[-1:]),
}
told = {"written": TUNE} | {who: sorted(map(tuple, notes)) for who, (notes, _) in read.items()}
for who, notes in told.items():
    print(f"{who + ':':<14} " + " ".join(f"{pitch}:{program}" for pitch, program in notes))
sys.exit(any(told[who] != expected for who, (_, expected) in read.items()))
PYTHON
"$folder/venv/bin/python" -W ignore tune.py

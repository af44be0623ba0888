#!/usr/bin/env bash
# @tonejs/midi 2.0.28 (npm), header.keySignatures, and mido 1.3.3 (PyPI), which reads what web pages export with it.
#
# Found: the byte for the key is fourteen too many: C major goes out as 14 sharps in place of 0, F major as 13 in place of -1, and a minor key
# as if it were the major key of that name (A minor as 17). Only C flat major stays among the numbers that the MIDI file format knows, and
# reads as C sharp major. The package does not read its own bytes either: the key signature comes back without a key. mido raises KeySignatureError for the whole file, with clip=True, too. So each
# file of a web page that sets a key is refused whole by everything built on mido (pretty_midi, pypianoroll ...): whoever takes uploads has to look at
# ff 59 before mido does, and forgive it. Files without a key signature are read by all.
#
# Run 2026-11-29 on Node.js 20.20 and Python 3.11.7. Output:
#   C major: sf=14 mi=0; read again by @tonejs/midi: no key; by mido: KeySignatureError; with clip=True: KeySignatureError
#   G major: sf=15 mi=0; ...  F major: sf=13 mi=0; ...  A minor: sf=17 mi=1; ...
#   Cb major: sf=7 mi=0; read again by @tonejs/midi: C#; by mido: C#; with clip=True: C#
# Fails (exit 1) if any of that changes. Needs npm. Takes about 15 seconds.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check mido==1.3.3
cd "$folder"
npm install --silent --no-fund --no-audit --ignore-scripts @tonejs/midi@2.0.28 >/dev/null
cat >write.js <<'JS'
const { Midi } = require("@tonejs/midi");
const { writeFileSync } = require("fs");
const keys = [["C", "major"], ["G", "major"], ["F", "major"], ["A", "minor"], ["Cb", "major"]];
const seen = keys.map(([key, scale]) => {
  const song = new Midi();
  song.header.keySignatures.push({ key, scale, ticks: 0 });
  song.addTrack().addNote({ midi: 60, ticks: 0, durationTicks: 480 });
  const bytes = Buffer.from(song.toArray());
  const file = `${key}-${scale}.mid`;
  writeFileSync(file, bytes);
  const event = bytes.indexOf(Buffer.from([0xff, 0x59, 0x02]));
  const [again] = new Midi(bytes).header.keySignatures;
  return { file, name: `${key} ${scale}`, sf: bytes.readInt8(event + 3), mi: bytes[event + 4], again: again.key ?? "no key" };
});
writeFileSync("seen.json", JSON.stringify(seen));
JS
node write.js
cat >read.py <<'PYTHON'
import json
import sys

import mido

wanted = {"C major": (14, 0), "G major": (15, 0), "F major": (13, 0), "A minor": (17, 1), "Cb major": (7, 0)}


def by_mido(file, clip):
    try:
        song = mido.MidiFile(file, clip=clip)
    except Exception as problem:
        return type(problem).__name__
    return next(event.key for track in song.tracks for event in track if event.type == "key_signature")


same = True
for song in json.load(open("seen.json")):
    plain, clipped = by_mido(song["file"], False), by_mido(song["file"], True)
    print(f"{song['name']}: sf={song['sf']} mi={song['mi']}; read again by @tonejs/midi: {song['again']}; by mido: {plain}; with clip=True: {clipped}")
    same &= (song["sf"], song["mi"]) == wanted[song["name"]] and song["again"] == ("C#" if song["name"] == "Cb major" else "no key")
    same &= plain == clipped == ("C#" if song["name"] == "Cb major" else "KeySignatureError")
sys.exit(not same)
PYTHON
"$folder/venv/bin/python" read.py

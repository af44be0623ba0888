#!/usr/bin/env bash
# music21 10.5.1 (PyPI): a MusicXML score with a transposing instrument, written as MIDI (mido 1.3.3 reads it back).
#
# Found: write("midi") of the score plays what stands on paper, and write("midi") of a part out of that very score plays what sounds. The writer turns to sounding pitch whatever
# says of itself that it is not at sounding pitch; the importer says so of the clarinet, but leaves the score at "unknown", and nobody looks at the parts then. A flute and
# a clarinet in B flat that play in unison come out a whole tone apart, without a warning; horns are a fifth, guitars and double basses an octave off. Each part tried alone is
# right, so a test with one part does not show it. score.toSoundingPitch().write("midi") is right.
#
# Run 2026-11-30 on Python 3.11.7. Output (both instruments sound C5 D5, MIDI 72 74):
#   says it is at sounding pitch: score unknown, flute True, clarinet False
#   the parts alone:                  flute 72 74, clarinet 72 74
#   the score:                        flute 72 74, clarinet 74 76
#   score.toSoundingPitch():          flute 72 74, clarinet 72 74
# Fails (exit 1) if that changes. Takes about 40 seconds.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check music21==10.5.1 mido==1.3.3
cat >"$folder/unison.musicxml" <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" "http://www.musicxml.org/dtds/partwise.dtd">
<score-partwise version="4.0">
  <part-list>
    <score-part id="P1"><part-name>Flute</part-name></score-part>
    <score-part id="P2"><part-name>Clarinet in B flat</part-name></score-part>
  </part-list>
  <part id="P1"><measure number="1">
    <attributes><divisions>1</divisions><time><beats>2</beats><beat-type>4</beat-type></time><clef><sign>G</sign><line>2</line></clef></attributes>
    <note><pitch><step>C</step><octave>5</octave></pitch><duration>1</duration><type>quarter</type></note>
    <note><pitch><step>D</step><octave>5</octave></pitch><duration>1</duration><type>quarter</type></note>
  </measure></part>
  <part id="P2"><measure number="1">
    <attributes><divisions>1</divisions><time><beats>2</beats><beat-type>4</beat-type></time><clef><sign>G</sign><line>2</line></clef>
      <transpose><diatonic>-1</diatonic><chromatic>-2</chromatic></transpose></attributes>
    <note><pitch><step>D</step><octave>5</octave></pitch><duration>1</duration><type>quarter</type></note>
    <note><pitch><step>E</step><octave>5</octave></pitch><duration>1</duration><type>quarter</type></note>
  </measure></part>
</score-partwise>
XML
cat >"$folder/unison.py" <<'PYTHON'
import sys

import mido
from music21 import converter

folder = sys.argv[1]


def sounds(stream):
    """The MIDI numbers of each track that has notes."""
    file = stream.write("midi", fp=f"{folder}/unison.mid")
    tracks = ([event.note for event in track if event.type == "note_on" and event.velocity] for track in mido.MidiFile(file).tracks)
    return [" ".join(map(str, notes)) for notes in tracks if notes]


score = converter.parse(f"{folder}/unison.musicxml", forceSource=True)
flute, clarinet = score.parts
says = tuple(str(stream.atSoundingPitch) for stream in (score, flute, clarinet))
found = {
    "the parts alone:": [*sounds(flute), *sounds(clarinet)],
    "the score:": sounds(score),
    "score.toSoundingPitch():": sounds(score.toSoundingPitch()),
}
print("says it is at sounding pitch: score {}, flute {}, clarinet {}".format(*says))
for what, (first, second) in found.items():
    print(f"{what:<33} flute {first}, clarinet {second}")
right = ["72 74", "72 74"]
sys.exit(not (says == ("unknown", "True", "False") and list(found.values()) == [right, ["72 74", "74 76"], right]))
PYTHON
"$folder/venv/bin/python" "$folder/unison.py" "$folder"

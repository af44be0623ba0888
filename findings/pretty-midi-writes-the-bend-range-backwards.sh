#!/usr/bin/env bash
# pretty_midi 0.2.11.post0 (PyPI): a file with pitch bends read and written again; midirenderer 0.1.3 (PyPI) plays both with the sounds that pretty_midi brings along.
#
# Found: a bend of an octave comes out as a whole tone. How far a bend reaches is said by four controllers in a fixed order: 101 and 100 choose the parameter, then 6 and 38 give it its
# value. write() sorts the controllers of one tick by their number, so the value goes out before the choice, and a synthesizer drops it, or gives it to whatever was chosen
# before; the range stays at two semitones. All notes, bends and controllers are there, with the right values and times, so a comparison of what pretty_midi
# reads from both files finds no difference. Guitar, bass and synth lines of most sequencers set a range. Everything that writes by pretty_midi is concerned (note_seq, for one); mido, miditoolkit and symusic
# keep the order. Controllers that are a tick apart come out right, so moving those of one tick apart before write() mends it.
#
# Run 2026-11-30 on Python 3.11.7, Linux on x86-64. Output:
#   as composed:     101=0 100=0 6=12 38=0; the bend raises the note by 12.0 semitones
#   by pretty_midi:  6=12 38=0 100=0 101=0; the bend raises the note by 2.0 semitones
#   a tick apart:    101=0 100=0 6=12 38=0; the bend raises the note by 12.0 semitones
# Fails (exit 1) if that changes. Takes about 30 seconds.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check setuptools==80.9.0 pretty_midi==0.2.11.post0 mido==1.3.3 numpy==2.4.6 midirenderer==0.1.3
cat >"$folder/bend.py" <<'PYTHON'
import io
import sys
import wave
from pathlib import Path

import midirenderer
import mido
import numpy as np
import pretty_midi

FOLDER = Path(sys.argv[1])
BANK = (Path(pretty_midi.__file__).parent / "TimGM6mb.sf2").read_bytes()
RANGE = [(101, 0), (100, 0), (6, 12), (38, 0)]


def compose(file):
    """A flute's note of two seconds, the second one bent up as far as it goes."""
    track = mido.MidiTrack([mido.Message("program_change", program=73)])
    track += [mido.Message("control_change", control=control, value=value) for control, value in RANGE]
    track.append(mido.Message("note_on", note=60, velocity=100, time=10))
    track.append(mido.Message("pitchwheel", pitch=8191, time=960))
    track.append(mido.Message("note_off", note=60, time=960))
    track.append(mido.MetaMessage("end_of_track", time=480))
    song = mido.MidiFile(ticks_per_beat=480)
    song.tracks.append(track)
    song.save(file)


def order(file):
    controls = [event for track in mido.MidiFile(file).tracks for event in track if event.type == "control_change"]
    return " ".join(f"{event.control}={event.value}" for event in controls)


def raised(file):
    """By how many semitones the loudest partial rises from the first second to the second one."""
    with wave.open(io.BytesIO(midirenderer.render_wave_from(BANK, file.read_bytes()))) as sound:
        rate, samples = sound.getframerate(), np.frombuffer(sound.readframes(sound.getnframes()), dtype=np.int16)
        left = samples[:: sound.getnchannels()].astype(float)

    def loudest(second):
        part = left[int(second * rate) : int((second + 0.5) * rate)]
        return np.argmax(np.abs(np.fft.rfft(part * np.hanning(len(part)), 1 << 19)))

    return round(float(12 * np.log2(loudest(1.4) / loudest(0.4))), 1)


def apart(song):
    """Each controller a tick after the last one, in the order of the file."""
    for instrument in song.instruments:
        for number, event in enumerate(instrument.control_changes):
            event.time = song.tick_to_time(song.time_to_tick(event.time) + number)
    return song


composed, again, mended = (FOLDER / f"{name}.mid" for name in ("composed", "again", "mended"))
compose(composed)
pretty_midi.PrettyMIDI(str(composed)).write(str(again))
apart(pretty_midi.PrettyMIDI(str(composed))).write(str(mended))
found = []
for told, file in (("as composed:", composed), ("by pretty_midi:", again), ("a tick apart:", mended)):
    found.append((order(file), raised(file)))
    print(f"{told:<16} {found[-1][0]}; the bend raises the note by {found[-1][1]} semitones")
right, backwards = "101=0 100=0 6=12 38=0", "6=12 38=0 100=0 101=0"
sys.exit(found != [(right, 12.0), (backwards, 2.0), (right, 12.0)])
PYTHON
"$folder/venv/bin/python" -W ignore "$folder/bend.py" "$folder"

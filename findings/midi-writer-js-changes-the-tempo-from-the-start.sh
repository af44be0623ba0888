#!/usr/bin/env bash
# midi-writer-js 3.2.1 (npm), track.setTempo(bpm, tick): its README calls setTempo(120) and then setTempo(80, 512), "slow to 80 BPM at tick 512". midi-file 1.2.4 (npm) reads what comes out.
#
# Found: the change goes out where the call stands among the other calls, and the tick moves nothing. With both calls before the notes, as the README has them, both
# tempi stand at tick 0, the later one wins, and the piece is slow from its first note. Called last it comes after the music. The tick is not without effect, however: the writer takes it for the place that
# it has reached, so notes with a tick of their own beside notes without come out earlier by as much, here the second half on top of the first. Nothing is raised or logged, and a
# file with one tempo is right, so that a test of setTempo(120) does not show it. A change in the middle is right only if it is called between its two notes, all notes without
# ticks. The option "grace" of the same README writes no note at all.
#
# Run 2026-11-30 on Node.js 20.20. Output (128 ticks a beat; 8 quarter notes):
#   as the README:        120 bpm at 0, 80 bpm at 0; notes at 0 1 2 3 4 5 6 7 beats
#   notes first:          120 bpm at 0, 80 bpm at 8; notes at 0 1 2 3 4 5 6 7 beats
#   last 4 with a tick:   120 bpm at 0, 80 bpm at 0; notes at 0 0 1 1 2 2 3 3 beats
#   between the notes:    120 bpm at 0, 80 bpm at 4; notes at 0 1 2 3 4 5 6 7 beats
#   a note with a grace:  1 note
# Fails (exit 1) if that changes. Needs npm. Takes about 5 seconds.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-fund --no-audit --ignore-scripts midi-writer-js@3.2.1 midi-file@1.2.4 >/dev/null
cat >tempo.js <<'JS'
const MidiWriter = require("midi-writer-js");
const { parseMidi } = require("midi-file");

const BEAT = 128;
const note = (more) => new MidiWriter.NoteEvent({ pitch: "C4", duration: "4", ...more });
const notes = (track, from, to, at) => {
  for (let beat = from; beat < to; beat++) track.addEvent(note(at && { tick: beat * BEAT }));
};
const slower = (track) => track.setTempo(80, 4 * BEAT);

function written(fill) {
  const track = new MidiWriter.Track();
  fill(track);
  let tick = 0;
  const seen = { tempi: [], notes: [] };
  for (const event of parseMidi(new MidiWriter.Writer([track]).buildFile()).tracks[0]) {
    tick += event.deltaTime;
    if (event.type === "setTempo") seen.tempi.push(`${60e6 / event.microsecondsPerBeat} bpm at ${tick / BEAT}`);
    if (event.type === "noteOn") seen.notes.push(tick / BEAT);
  }
  return seen;
}

const pieces = {
  "as the README:": (track) => (track.setTempo(120), slower(track), notes(track, 0, 8)),
  "notes first:": (track) => (track.setTempo(120), notes(track, 0, 8), slower(track)),
  "last 4 with a tick:": (track) => (track.setTempo(120), slower(track), notes(track, 0, 4), notes(track, 4, 8, true)),
  "between the notes:": (track) => (track.setTempo(120), notes(track, 0, 4), slower(track), notes(track, 4, 8)),
};
const found = Object.entries(pieces).map(([told, fill]) => {
  const { tempi, notes } = written(fill);
  console.log(`${told.padEnd(21)} ${tempi.join(", ")}; notes at ${notes.join(" ")} beats`);
  return [tempi.at(-1), notes.join("")].join();
});
const graced = written((track) => track.addEvent(note({ grace: "D4" }))).notes.length;
console.log(`a note with a grace:  ${graced} note${graced === 1 ? "" : "s"}`);
const wanted = ["80 bpm at 0,01234567", "80 bpm at 8,01234567", "80 bpm at 0,00112233", "80 bpm at 4,01234567"];
process.exit(found.join(";") === wanted.join(";") && graced === 1 ? 0 : 1);
JS
node tempo.js

#!/usr/bin/env bash
# @tonejs/midi 2.0.28 (npm), pitch bends: a file read by new Midi() and written again by toArray().
#
# Found: every bend comes out as no bend at all. Reading divides the file's 14-bit numbers (-8192 to 8191) by 8192; writing does not multiply by it, and hands the fraction to the byte writer,
# whose bit operations cut it to 0, the middle of the wheel; a bend down, however far, comes out one step below it. The events are all there, at the right ticks, and what the page shows
# from the object (value 0.5) is right; only the saved file plays straight. Nor can one tell from the type, which says "number". It reads its own file back as 0. Whoever
# saves has to multiply by 8192 and round before toArray(), and must not do so twice to one object; a program that receives such files gets no bends to mend.
#
# Run 2026-11-30 on Node.js 20.20. Output (the bytes of each bend as a 14-bit number, 8192 is the middle):
#   in the file:           8192 12288 16383 4096 0
#   read:                  0 0.5 0.9998779296875 -0.5 -1
#   written again:         8192 8192 8192 8191 8191
#   times 8192, written:   8192 12288 16383 4096 0
# Fails (exit 1) if that changes. Needs npm. Takes about 5 seconds.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-fund --no-audit --ignore-scripts @tonejs/midi@2.0.28 midi-file@1.2.4 >/dev/null
cat >bends.js <<'JS'
const { Midi } = require("@tonejs/midi");
const { parseMidi, writeMidi } = require("midi-file");

const WHEEL = [8192, 12288, 16383, 4096, 0];
const wheel = (bytes) =>
  parseMidi(bytes)
    .tracks.flat()
    .filter((event) => event.type === "pitchBend")
    .map((event) => event.value + 8192);

const events = WHEEL.map((value) => ({ deltaTime: 96, type: "pitchBend", channel: 0, value: value - 8192 }));
const file = writeMidi({
  header: { format: 0, ticksPerBeat: 480 },
  tracks: [
    [
      { deltaTime: 0, type: "noteOn", channel: 0, noteNumber: 60, velocity: 100 },
      ...events,
      { deltaTime: 480, type: "noteOff", channel: 0, noteNumber: 60, velocity: 0 },
      { deltaTime: 0, meta: true, type: "endOfTrack" },
    ],
  ],
});

const song = new Midi(file);
const bends = song.tracks.flatMap((track) => track.pitchBends);
const read = bends.map((bend) => bend.value);
const again = wheel(song.toArray());
bends.forEach((bend) => (bend.value = Math.round(bend.value * 8192)));
const mended = wheel(song.toArray());
console.log(`in the file:           ${wheel(file).join(" ")}`);
console.log(`read:                  ${read.join(" ")}`);
console.log(`written again:         ${again.join(" ")}`);
console.log(`times 8192, written:   ${mended.join(" ")}`);
const same = (some, others) => some.join() === others.join();
const asSeen = same(read, [0, 0.5, 8191 / 8192, -0.5, -1]) && same(again, [8192, 8192, 8192, 8191, 8191]) && same(mended, WHEEL);
process.exit(asSeen ? 0 : 1);
JS
node bends.js

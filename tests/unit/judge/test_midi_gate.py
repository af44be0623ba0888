"""The gate and the reader on hostile files: one answer each, typed, quick, and in words that help."""

import io
import pickle
import subprocess
import sys
import time

import mido
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from judge import gate
from judge.midi import Limits, MidiRefusal, Performance, RefusalCode, read
from tests.makers.midi_files import (
    END,
    Hostile,
    chorale,
    hostile_files,
    meter,
    midi,
    note,
    number,
    on,
    scale,
    track,
    tune,
)

FILES = hostile_files()


def refusal(data: bytes, limits: Limits | None = None) -> MidiRefusal:
    with pytest.raises(MidiRefusal) as caught:
        read(data, limits or Limits())
    return caught.value


@pytest.mark.parametrize("file", FILES, ids=[file.name for file in FILES])
def test_each_hostile_file_gets_its_outcome_within_two_seconds(file: Hostile) -> None:
    """A file is scored or refused with its code, and nobody waits for it."""
    before = time.perf_counter()
    try:
        read(file.data)
        answer = ("score", "")
    except MidiRefusal as refused:
        answer = ("refuse", str(refused.code))
    assert (file.outcome, file.code) == answer
    assert time.perf_counter() - before < 2


@pytest.mark.parametrize("file", [file for file in FILES if file.outcome == "refuse"], ids=lambda file: file.name)
def test_each_refusal_is_one_or_two_sentences_that_say_what_to_do(file: Hostile) -> None:
    """A person reads at most three short sentences, the last of which asks for something."""
    sentence = refusal(file.data).sentence
    assert len(sentence) < 260
    assert sentence.endswith(".")
    assert any(word in sentence for word in ("xport", "upload", "Upload"))


def test_riff_is_named_and_told_the_way_out() -> None:
    """A .rmi file gets the sentence of the contest."""
    data = next(file.data for file in FILES if file.name == "RIFF")
    expected = "This is a RIFF MIDI file (.rmi). Export it as a plain .mid and upload it again."
    assert expected == refusal(data).sentence


def test_other_uploads_are_called_by_their_name() -> None:
    """A WAV recording is told that it is one."""
    assert "This is a WAV recording, not a MIDI file." in refusal(b"RIFF\x00\x00\x00\x00WAVEfmt ").sentence


def test_nine_bars_are_counted_in_the_sentence() -> None:
    """Too long a piece hears how long it is, and what to do."""
    refused = refusal(tune(36))
    expected = "This piece has 9 bars, and the contest takes at most 8. Choose the 8 bars that you like best and upload them again."
    assert expected == refused.sentence
    assert refused.facts == {"bars": 9, "max_bars": 8, "first_bar": 1}


def test_a_late_start_that_makes_a_piece_too_long_is_told_so() -> None:
    """Four bars of music that begin in bar 6 are asked to move."""
    sentence = refusal(midi(track(note(60, after=5 * 1920), *scale(15)))).sentence
    assert "Its first 5 bars are empty, and the first note comes only in bar 6: delete them" in sentence


def test_a_last_note_that_rings_on_is_told_so() -> None:
    """Half a bar too much is no reason to throw bars away."""
    sentence = refusal(midi(track(*scale(31), note(60, 480 * 4)))).sentence
    assert "Only notes that began earlier ring on past bar 8: shorten them" in sentence


def test_a_note_that_begins_in_bar_nine_is_named() -> None:
    """Shortening the last note would not help who has one too many."""
    sentence = refusal(midi(track(*scale(32), note(60, 480 * 3)))).sentence
    assert "Only the last note begins in bar 9: remove it, or move it into bar 8" in sentence


def test_an_empty_bar_of_count_in_before_a_pickup_is_to_be_deleted() -> None:
    """An empty bar, a pickup in the last beat of the next one, eight bars: without the first all is well."""
    counted_in = midi(track(note(67, after=7 * 480), *scale(32)))
    assert "Its first bar is empty, and the first note comes only in bar 2: delete it" in refusal(counted_in).sentence
    assert 8 == read(midi(track(note(67, after=3 * 480), *scale(32)))).bars


def test_drums_that_count_in_are_no_music() -> None:
    """A bar of clicks is to be deleted like an empty one, and clicks under a pickup's rest leave it a pickup."""
    clicks = [note(37, channel=9)] * 4
    sentence = refusal(midi(track(*clicks, *scale(32)))).sentence
    assert "Its first bar has only drums, and the first note that is judged comes only in bar 2: delete it" in sentence
    performance = read(midi(track(*clicks[:3], *scale(33))))
    assert (8, True, 18.0) == (performance.bars, performance.pickup, performance.seconds)


def test_a_repeat_that_was_played_out_is_recognised() -> None:
    """abc2midi and abcjs write repeats twice."""
    eight = [note(pitch) for pitch in (60, 64, 62, 67) * 7 + (65, 64, 62, 60)]
    assert "Its second half repeats the first note for note" in refusal(midi(track(*eight, *eight))).sentence


def test_seconds_that_were_counted_at_the_default_tempo_are_recognised() -> None:
    """Eight bars at 96 beats a minute are ten at 120, and no note stands on a beat."""
    stretched = [note(pitch, 600) for pitch in (60, 64, 62, 67, 69, 65, 64, 62) * 4]
    sentence = refusal(midi(track(meter(4), *stretched))).sentence
    assert "they do at 96: your program seems to have written seconds" in sentence


def test_what_cannot_be_read_is_named_with_another_way_out() -> None:
    """Exporting it once more would write the same bytes."""
    sentence = refusal(midi(track(b"\x00\xf4", *scale(4)))).sentence
    assert "track 1 holds the byte F4" in sentence
    assert "open it in another program" in sentence
    assert "Upload it once more" in refusal(tune()[:-40]).sentence


BROKEN = (
    b"\x00\xf5",
    b"\x00\x90\xbc\x50",
    b"\x00\xff\x51\x02\x07\xa1",
    b"\x00\xff\x51\x03\x00\x00\x00",
    b"\x00\xff\x58\x01\x04",
    b"\x00\xff\x58\x04\x00\x02\x18\x08",
    b"\x00\xf1\x90",
    b"\x84\x84\x84\x84\x04\x90\x3c\x50",
    b"\x00\x90",
)


@pytest.mark.parametrize("events", BROKEN)
def test_the_track_that_cannot_be_read_is_named(events: bytes) -> None:
    """By its number and its name: in a program with twenty tracks nobody finds it otherwise."""
    named = track(b"\x00\xff\x03\x04Bass", *scale(2), events, end=b"")
    assert "track 3 (“Bass”)" in refusal(midi(track(meter(4)), track(*scale(8)), named, kind=1)).sentence


def test_a_tracks_name_is_told_without_its_tricks() -> None:
    """Strangers choose names: no mention, no link, no markup, no essay."""
    for name, told in (
        (b"<@U0OLIVE> *now*", "track 1 (“U0OLIVE now”)"),
        (b"<!channel>&amp; `x` _y_ :bomb:", "track 1 (“channel amp x y bomb”)"),
        ("Flöte\n2".encode(), "track 1 (“Flöte 2”)"),
        (b"\xff\xfe<>", "track 1 holds"),
        (b"x" * 100, f"track 1 (“{'x' * 40}”)"),
    ):
        sentence = refusal(midi(track(b"\x00\xff\x03" + bytes((len(name),)) + name + b"\x00\xf4"))).sentence
        assert told in sentence


def test_the_track_of_the_note_too_many_is_named() -> None:
    """Where several tracks play; one alone needs no name."""
    bass = b"\x00\xff\x03\x04Bass"
    later = midi(track(*scale(32)), track(bass, *scale(32), note(48, 480 * 3)), kind=1)
    assert "Only the last note in track 2 (“Bass”) begins in bar 9: remove it" in refusal(later).sentence
    ringing = midi(track(*scale(32)), track(bass, note(48, 480 * 35)), kind=1)
    assert "Only notes in track 2 (“Bass”) that began earlier ring on" in refusal(ringing).sentence
    endless = midi(track(*scale(32)), track(bass, on(48), end=number(40 * 480) + END[1:]), kind=1)
    assert "Some of its notes in track 2 (“Bass”) are never switched off" in refusal(endless).sentence


def test_endless_notes_that_make_a_piece_too_long_are_told_so() -> None:
    """A note without an end rings on to the far end of its track."""
    sentence = refusal(midi(track(on(61), *scale(8), end=number(40 * 480) + END[1:]))).sentence
    assert "Some of its notes are never switched off" in sentence


def test_only_drums_are_told_so() -> None:
    """Drums alone hear that the judge wants pitches."""
    assert "only drums" in refusal(midi(track(note(36, channel=9)))).sentence


def test_a_refusal_crosses_to_another_process_whole() -> None:
    """Code, sentence and facts survive pickling."""
    refused = refusal(tune(36))
    copy = pickle.loads(pickle.dumps(refused))
    assert (refused.code, refused.sentence, refused.facts) == (copy.code, copy.sentence, copy.facts)


def test_limits_are_the_callers() -> None:
    """A contest that allows twelve bars takes nine."""
    assert read(tune(36), Limits(max_bars=12)).bars == 9
    assert refusal(tune(), Limits(max_bytes=328)).code is RefusalCode.TOO_LARGE
    assert refusal(chorale(), Limits(max_tracks=4)).code is RefusalCode.TOO_MANY_TRACKS
    assert refusal(tune(), Limits(max_messages=66)).code is RefusalCode.TOO_LARGE


def test_limits_are_inclusive() -> None:
    """A file that exactly reaches each limit passes."""
    assert read(tune(), Limits(max_bytes=329, max_tracks=1, max_messages=67, max_bars=8)).bars == 8


def test_what_passes_is_written_anew_without_text_and_sysex() -> None:
    """Neither mido nor the synthesizer ever sees a stranger's text."""
    data = midi(track(b"\x00\xff\x01\x06secret", b"\x60\xf0\x03\x01\x02\xf7", note(60, after=96)))
    plain = gate.check(data, Limits())
    assert b"secret" not in plain.as_bytes()
    assert plain.tracks[0][0] == (192, b"\x90\x3c\x50")


def test_what_passes_says_the_same_to_mido() -> None:
    """The rewritten file and the original one hold the same notes at the same ticks."""

    def notes(data: bytes) -> list[tuple[int, str]]:
        merged = mido.MidiFile(file=io.BytesIO(data)).merged_track
        return [(message.time, str(message)) for message in merged]

    data = chorale()
    assert notes(data) == notes(gate.check(data, Limits()).as_bytes())


def test_all_hostile_files_together_stay_below_300_megabytes() -> None:
    """A process that reads each of them never takes more memory than 300 MB."""
    code = (
        "from pathlib import Path\n"
        "from judge.midi import MidiRefusal, read\n"
        "from tests.makers.midi_files import hostile_files\n"
        "for file in hostile_files():\n"
        "    try:\n"
        "        read(file.data)\n"
        "    except MidiRefusal:\n"
        "        pass\n"
        # Not ru_maxrss: a child inherits that of the process that started it.
        "lines = Path('/proc/self/status').read_text().splitlines()\n"
        "print(next(line.split()[1] for line in lines if line.startswith('VmHWM')))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 300 * 1024


def test_reading_needs_numpy_and_mido_only() -> None:
    """The way to a score stays free of pypianoroll, Pillow and onnxruntime."""
    code = "import sys, judge.midi; print(sorted({'pypianoroll', 'PIL', 'onnxruntime', 'matplotlib', 'scipy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def sane(performance: Performance) -> bool:
    """What each Performance promises."""
    count = len(performance.onset)
    columns = (
        performance.duration,
        performance.pitch,
        performance.velocity,
        performance.track,
        performance.channel,
        performance.program,
    )
    return (
        count > 0
        and all(len(column) == count for column in columns)
        and bool((performance.onset >= 0).all() and (performance.duration > 0).all())
        and list(zip(performance.onset, performance.pitch, strict=True))
        == sorted(zip(performance.onset, performance.pitch, strict=True))
        and len(performance.bar_starts) == performance.bars + performance.pickup
        and 1 <= performance.bars <= 8
        and performance.seconds > 0
    )


def answered(data: bytes) -> bool:
    """Whether a file got a sane Performance or a MidiRefusal; anything else rises."""
    try:
        return sane(read(data))
    except MidiRefusal as refused:
        return bool(refused.sentence)


@given(st.binary(max_size=400))
@example(b"MThd")
def test_random_bytes_get_nothing_but_a_refusal(data: bytes) -> None:
    """Any bytes at all are answered."""
    assert answered(data)


@given(st.binary(max_size=400), st.integers(0, 0xFFFF), st.integers(0, 3))
def test_random_tracks_get_nothing_but_an_answer(body: bytes, division: int, declared: int) -> None:
    """Any bytes in the shape of a track are answered."""
    assert answered(midi(track(body, end=b""), kind=1, division=division, declared=declared))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.sampled_from([tune(), chorale(2), midi(track(*scale(8), end=b""))]))
def test_mutated_files_get_nothing_but_an_answer(choose: st.DataObject, good: bytes) -> None:
    """A good file with some bytes changed, and perhaps an end missing, is answered."""
    data = bytearray(good)
    for _ in range(choose.draw(st.integers(1, 6))):
        data[choose.draw(st.integers(0, len(data) - 1))] = choose.draw(st.integers(0, 255))
    assert answered(bytes(data[: choose.draw(st.integers(len(data) // 2, len(data)))]))

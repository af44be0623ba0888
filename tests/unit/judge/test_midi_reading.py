"""What the reader makes of notes, programs, tempi and tracks."""

import io
import itertools
import pickle

import mido
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.midi import Performance, read
from judge.notes import NoteBook
from tests.makers.midi_files import (
    END,
    SCALE,
    chorale,
    midi,
    note,
    number,
    off,
    on,
    program,
    scale,
    tempo,
    track,
    tune,
)

Heard = list[tuple[float, float, int]]  # onset, duration, pitch


def heard(performance: Performance) -> Heard:
    return list(zip(performance.onset.tolist(), performance.duration.tolist(), performance.pitch.tolist(), strict=True))


def heard_in(*events: bytes, end: bytes = END) -> Heard:
    return heard(read(midi(track(*events, end=end))))


def test_columns_have_their_types_and_order() -> None:
    """Four voices come out sorted by onset, then pitch, in the promised types."""
    performance = read(chorale())
    assert ["float64", "float64"] == [str(column.dtype) for column in (performance.onset, performance.duration)]
    columns = (performance.pitch, performance.velocity, performance.track, performance.channel, performance.program)
    assert {"int16"} == {str(column.dtype) for column in columns}
    assert sorted(heard(performance), key=lambda one: (one[0], one[2])) == heard(performance)
    assert (32 * 3 + 64, 0, 480, 8) == (
        len(performance.onset),
        performance.drum_notes,
        performance.ticks_per_quarter,
        performance.bars,
    )
    assert [1, 2, 3, 4] == np.unique(performance.track).tolist()


def test_a_performance_crosses_to_another_process() -> None:
    """It is picklable, whole."""
    performance = read(chorale())
    assert heard(performance) == heard(pickle.loads(pickle.dumps(performance)))


def test_running_status_is_the_same_music() -> None:
    """Leaving out status bytes changes nothing."""
    plain = [b"\x00\x90\x3c\x50", number(480) + b"\x90\x3c\x00", b"\x00\x90\x3e\x50", number(480) + b"\x90\x3e\x00"]
    running = [b"\x00\x90\x3c\x50", number(480) + b"\x3c\x00", b"\x00\x3e\x50", number(480) + b"\x3e\x00"]
    assert heard_in(*plain) == heard_in(*running)


def test_running_status_goes_on_after_a_meta_event() -> None:
    """Many programs write it so, and players accept it."""
    assert [(0.0, 1.0, 60), (1.0, 1.0, 62)] == heard_in(
        on(60), off(60, after=480), tempo(), b"\x00\x90\x3e\x50", tempo(), number(480) + b"\x3e\x00"
    )


def test_notes_never_switched_off_sound_to_the_end_of_their_track() -> None:
    """Chosen: they are read, and the person is warned."""
    performance = read(midi(track(on(60), on(64, after=480), end=number(480) + END[1:])))
    assert [(0.0, 2.0, 60), (1.0, 1.0, 64)] == heard(performance)
    assert performance.warnings == ("2 notes were never switched off; read as sounding to the end of the track.",)


def test_a_note_that_begins_where_its_track_ends_does_not_sound() -> None:
    """The last of eight endless notes has no length, so seven are heard."""
    performance = read(midi(track(*(on(pitch, after=96) for pitch in (60, 62, 64, 65, 67, 69, 71, 72)))))
    assert [60, 62, 64, 65, 67, 69, 71] == performance.pitch.tolist()
    assert performance.warnings[-1] == "1 note was without length; left out."


def test_notes_without_length_are_left_out() -> None:
    """A grace note without duration does not sound."""
    assert [(0.0, 1.0, 60)] == heard_in(note(62, 0), note(60))


def test_a_missing_end_of_track_is_forgiven() -> None:
    """Chosen: all notes are read, with a warning."""
    performance = read(midi(track(*scale(4), end=b"")))
    assert len(performance.onset) == 4
    assert performance.warnings == ("A track lacks its end mark; it was read to its last event.",)


def test_events_after_the_end_of_track_are_not_music() -> None:
    """What a chunk holds behind its end mark is ignored, as players do."""
    assert [(0.0, 1.0, 60)] == heard_in(note(60), END, note(62))


def test_a_key_struck_again_ends_the_earlier_note() -> None:
    """As on a keyboard: a long note and a short one of the same key share its time."""
    assert [(0.0, 2.0, 60), (2.0, 2.0, 60)] == heard_in(
        on(60), on(60, after=960), off(60, after=480), off(60, after=480)
    )


def test_overlapping_repeats_keep_their_own_ends() -> None:
    """The first note-off ends the first note, so a legato repetition is not cut short."""
    assert [(0.0, 1.0, 60), (1.0, 1.0, 60)] == heard_in(
        on(60), on(60, after=480), off(60, after=24), off(60, after=456)
    )


def test_one_note_off_ends_all_notes_of_its_key() -> None:
    """A doubled note-on does not leave a note hanging."""
    performance = read(midi(track(on(60), on(60, after=480), off(60, after=480), note(62, 1920))))
    assert [(0.0, 1.0, 60), (1.0, 1.0, 60), (2.0, 4.0, 62)] == heard(performance)
    assert performance.warnings == ()


def test_of_two_equal_notes_the_longer_stays() -> None:
    """A unison written twice in one channel is one note."""
    assert [(0.0, 2.0, 60)] == heard_in(on(60), on(60), off(60, after=480), off(60, after=480))


def test_a_unison_of_two_voices_is_two_notes() -> None:
    """Different channels are different voices."""
    assert [(0.0, 1.0, 60), (0.0, 2.0, 60)] == heard_in(
        on(60), on(60, channel=1), off(60, after=480), off(60, after=480, channel=1)
    )


def test_velocity_zero_is_a_note_off() -> None:
    """The usual way to end a note in running status."""
    assert [(0.0, 1.0, 60)] == heard_in(on(60), number(480) + b"\x90\x3c\x00")


def test_no_note_of_a_late_start_without_a_meter_is_lost() -> None:
    """A silent first bar hides nothing."""
    performance = read(midi(track(note(60, after=1920), *scale(27))))
    assert (28, 4.0, 8, False) == (len(performance.onset), performance.onset[0], performance.bars, performance.pickup)


def test_drums_are_counted_and_kept_out() -> None:
    """Channel 10 is no melody."""
    performance = read(midi(track(note(60), note(36, channel=9), note(38, channel=9))))
    assert ([60], 2) == (performance.pitch.tolist(), performance.drum_notes)


def test_drums_make_no_piece_longer_and_are_told_of() -> None:
    """They sound, but nobody judges them: a last stroke in bar 9 costs nobody eight bars, and the card says so."""
    performance = read(midi(track(*scale(32), note(36, 120, channel=9))))
    assert (8, 1) == (performance.bars, performance.drum_notes)
    assert (
        "1 note on MIDI channel 10, the drums, can be heard, but the judge leaves drums out.",
    ) == performance.warnings


@pytest.mark.parametrize("controller", [120, 123, 127])
def test_all_notes_off_ends_notes(controller: int) -> None:
    """Some sequencers let go of keys by a controller alone."""
    let_go = number(480) + bytes((0xB0, controller, 0))
    performance = read(midi(track(*[on(pitch) + let_go for pitch in SCALE])))
    assert [1.0] * 8 == performance.duration.tolist()
    assert () == performance.warnings


@pytest.mark.parametrize("controller", [120, 123, 127])
def test_a_note_of_the_same_tick_outlives_all_notes_off(controller: int) -> None:
    """Programs that set their controllers after the first note lose nothing."""
    assert [(0.0, 1.0, 60)] == heard_in(on(60), b"\x00" + bytes((0xB0, controller, 0)), off(60, after=480))


def test_other_channels_go_on_where_one_falls_silent() -> None:
    """Controller 123 is for its own channel."""
    silence = number(480) + bytes((0xB0, 123, 0))
    performance = read(midi(track(on(60), on(48, channel=1), silence, off(48, after=480, channel=1))))
    assert [2.0, 1.0] == performance.duration.tolist()


@pytest.mark.parametrize("content", [b"\x03\x02", b"\x03\x02\x18\x08\x00"])
def test_a_time_signature_of_another_length_is_read_with_a_warning(content: bytes) -> None:
    """Its first two bytes say all that bars need."""
    performance = read(midi(track(b"\x00\xff\x58" + bytes((len(content),)) + content, *scale(24))))
    assert (8, ((0.0, 3, 4),)) == (performance.bars, performance.meters)
    assert f"has {len(content)} bytes instead of 4" in performance.warnings[0]


def test_real_time_messages_in_a_track_are_passed_over_with_a_warning() -> None:
    """Keyboards send active sensing and clock, and recorders write them down; the time before them counts."""
    performance = read(midi(track(note(60), number(240) + b"\xfe", number(240) + b"\xf8", note(62))))
    assert [0.0, 2.0] == performance.onset.tolist()
    assert 1 == len(performance.warnings)


@pytest.mark.parametrize("stray", [b"\xf1\x23", b"\xf2\x10\x20", b"\xf3\x05", b"\xf6"])
def test_system_messages_in_a_track_are_passed_over_with_a_warning(stray: bytes) -> None:
    """By their lengths, as mido and symusic read them, and so do we; what comes after them is heard as mido hears it."""
    data = midi(track(note(60), number(240) + stray, note(62, after=240), note(64)))
    performance = read(data)
    assert [0.0, 2.0, 3.0] == performance.onset.tolist()
    assert "meant for instruments" in performance.warnings[0]
    theirs = [message.note for message in mido.MidiFile(file=io.BytesIO(data)) if message.type == "note_on"]
    assert theirs == performance.pitch.tolist()


def test_a_tempo_of_four_bytes_is_read_with_a_warning() -> None:
    """mido, symusic and MuseScore take the first three."""
    performance = read(midi(track(b"\x00\xff\x51\x04\x07\xa1\x20\x00", *scale(8))))
    assert ((0.0, 120.0),) == performance.tempi
    assert ("A tempo has 4 bytes instead of 3; its first three were read.",) == performance.warnings


@pytest.mark.parametrize("controller", [120, 123])
def test_all_notes_off_in_another_track_ends_what_nothing_else_ends(controller: int) -> None:
    """A channel is one instrument, whichever track its messages stand in; but a note with an end of its own keeps it."""
    silence = track(number(960) + bytes((0xB0, controller, 0)), number(960) + bytes((0xB1, controller, 0)))
    performance = read(
        midi(silence, track(on(60), note(64, 1440)), track(on(48, channel=1), end=number(4800) + END[1:]), kind=1)
    )
    assert [(60, 2.0), (64, 3.0), (48, 4.0)] == sorted(
        zip(performance.pitch.tolist(), performance.duration.tolist(), strict=True), key=lambda each: each[1]
    )
    assert () == performance.warnings


def test_two_ports_are_two_instruments() -> None:
    """The same channel of another port plays another program."""
    port = b"\x00\xff\x21\x01"
    first = track(port + b"\x00", program(0), note(60), note(36, channel=9))
    second = track(port + b"\x01", program(48), note(64), note(38, channel=9))
    performance = read(midi(first, second, kind=1))
    assert [0, 48] == performance.program.tolist()
    assert 2 == len(set(performance.channel.tolist()))
    assert 2 == performance.drum_notes


def test_a_program_holds_for_its_channel_in_all_tracks() -> None:
    """Many files choose all instruments in their first track."""
    performance = read(
        midi(track(program(40, channel=1)), track(note(60), note(62, channel=1), program(6), note(64)), kind=1)
    )
    assert [0, 40, 6] == performance.program.tolist()


def test_without_a_tempo_a_quarter_takes_half_a_second() -> None:
    """The standard's default."""
    performance = read(midi(track(*scale(8))))
    assert (((0.0, 120.0),), 4.0) == (performance.tempi, performance.seconds)


def test_seconds_follow_the_tempo_map() -> None:
    """Two quarters at 60 and two at 120, counted from the first note."""
    performance = read(
        midi(track(tempo(1_000_000), tempo(500_000, after=1440)), track(note(60, 1920, after=480)), kind=1)
    )
    assert ((0.0, 60.0), (3.0, 120.0)) == performance.tempi
    assert pytest.approx(2 * 1 + 2 * 0.5) == performance.seconds


def test_of_two_tempi_at_one_place_the_last_counts() -> None:
    """Replaced, not added."""
    assert ((0.0, 60.0),) == read(midi(track(tempo(), tempo(1_000_000), *scale(4)))).tempi


def test_reading_twice_gives_the_same() -> None:
    """Same bytes, same Performance."""
    first, second = read(chorale()), read(chorale())
    assert heard(first) == heard(second)
    assert (first.meters, first.bar_starts, first.seconds) == (second.meters, second.bar_starts, second.seconds)


def test_tracks_beyond_the_declared_ones_are_music() -> None:
    """Chosen: a header that counts too few tracks is forgiven."""
    assert len(read(midi(*([tune()[14:]] * 3), kind=1, declared=1)).onset) == 96


KEYS = st.tuples(st.sampled_from(["on", "off"]), st.integers(0, 50), st.integers(60, 62))


@given(st.lists(KEYS, max_size=40))
def test_notes_of_one_key_never_overlap_and_none_begins_from_nothing(moves: list[tuple[str, int, int]]) -> None:
    """Whatever the order of messages, each note begins at a note-on, has length, and ends before its key's next one begins."""
    book, tick, struck = NoteBook(0), 0, set()
    for kind, after, pitch in moves:
        tick += after
        if kind == "on":
            book.on(tick, 0, pitch, 80)
            struck.add((tick, pitch))
        else:
            book.off(tick, 0, pitch)
    notes = sorted(book.close(tick, {}))
    assert struck >= {(one.onset, one.pitch) for one in notes}
    for pitch in (60, 61, 62):
        own = [one for one in notes if one.pitch == pitch]
        assert all(one.onset < one.end <= tick for one in own)
        assert all(earlier.end <= later.onset for earlier, later in itertools.pairwise(own))

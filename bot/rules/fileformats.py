"""Kinds of files by their names: what may be MIDI, and what to do with music in another form."""

from __future__ import annotations

from pathlib import PurePath

_MIDI_ENDINGS = (".mid", ".midi", ".smf", ".rmi", ".kar")
_MIDI_TYPES = frozenset(
    {"audio/mid", "audio/midi", "audio/x-midi", "audio/sp-midi", "application/x-midi", "x-music/x-midi"}
)
_MIDI_FILETYPES = frozenset({"mid", "midi"})

_RECORDING = (
    "It is a recording, and I need the notes: please open the piece in the program that you made it with, look for MIDI under "
    "*File*, *Export* (or *Save as*), and upload the .mid file."
)
_MUSESCORE = (
    "It is a MuseScore file: please open it in MuseScore, choose *File*, *Export*, *MIDI*, and upload the .mid file."
)
_NOTATION = (
    "It is sheet music, and I read MIDI only: please open it in a notation program (MuseScore is free and reads most), choose "
    "*File*, *Export*, *MIDI*, and upload the .mid file."
)
_TEXT_NOTATION = (
    "It is music as text, and I read MIDI only: `abc2midi` makes a .mid file of ABC notation, and LilyPond makes one where the "
    "score has a `\\midi { }` block. Please upload that."
)
_PROJECT = (
    "It is a project of the program that you made it with, which nobody else can open: please look for MIDI under *File*, "
    "*Export* there, and upload the .mid file."
)
_ARCHIVE = "It is an archive, and I do not look into those: please unpack it and upload each .mid file by itself."

_ADVICE = {
    _RECORDING: "wav wave mp3 m4a aac ogg oga opus flac aif aiff aifc wma caf mp4 mov webm",
    _MUSESCORE: "mscz mscx msczip",
    _NOTATION: "musicxml mxl sib mus musx gp gp3 gp4 gp5 gpx gp7 tg enc capx mei krn ove dorico nwc",
    _TEXT_NOTATION: "abc ly",
    _PROJECT: "als alp flp logicx logic band cpr rpp mmp mmpz ptx song dawproject aup3 bwproject xrns ardour",
    _ARCHIVE: "zip rar 7z gz tgz tar bz2 xz",
}
_BY_ENDING = {f".{ending}": advice for advice, endings in _ADVICE.items() for ending in endings.split()}


def looks_like_midi(filename: str, mimetype: str, filetype: str) -> bool:
    """Whether name or types (MIME, and Slack's own) say MIDI; the bytes are looked at later."""
    named = filename.lower().endswith(_MIDI_ENDINGS)
    return named or filetype.lower() in _MIDI_FILETYPES or mimetype.lower() in _MIDI_TYPES


def advice(filename: str) -> str | None:
    """How to make MIDI of a file that is music in another form, or may hold some; None where its name says nothing of that."""
    return _BY_ENDING.get(PurePath(filename.lower()).suffix)

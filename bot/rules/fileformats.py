"""Kinds of files by their names: what may be MIDI, and what to do with music in another form."""

from __future__ import annotations

from pathlib import PurePath

_MIDI_ENDINGS = (".mid", ".midi", ".smf", ".rmi", ".kar")
_MIDI_TYPES = frozenset(
    {"audio/mid", "audio/midi", "audio/x-mid", "audio/x-midi", "audio/sp-midi", "application/x-midi", "x-music/x-midi"}
)
_MIDI_FILETYPES = frozenset({"mid", "midi"})
_UNTOLD = frozenset({"", "binary", "application/octet-stream", "binary/octet-stream"})
"""Types that say nothing: Slack calls many a MIDI file so."""
OTHER = "It is no MIDI file, as its name and its type say. Please export your piece as a .mid file and upload that."

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
    """Whether name or types (MIME, and Slack's own) say MIDI, or none of them says anything; the bytes are looked at later."""
    named = filename.lower().endswith(_MIDI_ENDINGS)
    typed = filetype.lower() in _MIDI_FILETYPES or _bare(mimetype) in _MIDI_TYPES
    return named or typed or (not PurePath(filename).suffix and _bare(mimetype) in _UNTOLD and filetype == "binary")


def is_plainly_other(filename: str, mimetype: str, filetype: str) -> bool:
    """Whether the type says what it is, neither it nor the name says MIDI, and so nobody needs to look at the bytes."""
    return not looks_like_midi(filename, mimetype, filetype) and _bare(mimetype) not in _UNTOLD


def _bare(mimetype: str) -> str:
    return mimetype.partition(";")[0].strip().lower()


def advice(filename: str) -> str | None:
    """How to make MIDI of a file that is music in another form, or may hold some; None where its name says nothing of that."""
    return _BY_ENDING.get(PurePath(filename.lower()).suffix)

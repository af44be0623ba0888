"""The starter kit: how to come by a MIDI file, and melodies to begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.commands import Sub
from handlers.ids import Action
from handlers.views import blocks as b
from handlers.views import guide
from handlers.views.text import bullets, name

if TYPE_CHECKING:
    from collections.abc import Iterable

TITLE = Sub.STARTER.row.window
LEAD = (
    "🎹 *No MIDI file yet?* You need no instrument and no score: eight bars and one free program are enough."
    " MIDI holds the notes, not the sound, so an MP3 or WAV recording will not do."
)
TOOLS = (
    "<https://musescore.org|MuseScore Studio> (free; Windows, macOS, Linux): write notes on a staff, then *File*, *Export*, *MIDI*",
    "<https://signal.vercel.app|Signal> (free, in the browser, no account): draw notes as bars; it opens and saves MIDI files",
    "<https://onlinesequencer.net|Online Sequencer> (free, in the browser): click notes into a grid, then export MIDI",
    "<https://lmms.io|LMMS> (free; Windows, macOS, Linux): beats and melodies in layers, then *File*, *Export MIDI*",
    "<https://easyabc.sourceforge.net|EasyABC> (free): music as text in ABC notation, which AI assistants write, too; then export MIDI",
    "GarageBand writes no MIDI files: open the project in Logic Pro, or write the tune again in one of the above",
    "Logic Pro, Ableton Live, FL Studio, Cubase, Reaper: all of them export MIDI; look for it in the *File* menu",
)
ADVICE = (
    "At most *eight bars*. Two or three voices say more than one",
    "Want a tune to begin with? Choose one of ours below: change it, give it a bass or a second voice, make it yours",
)


def kit(melodies: Iterable[tuple[str, str]]) -> list[b.Block]:
    """The kit as blocks; ``melodies`` are keys and titles."""
    options = [b.option(title, key) for key, title in melodies]
    return [
        b.section(LEAD),
        b.section(bullets(TOOLS)),
        b.section(bullets(ADVICE)),
        b.actions([b.menu("Send me a melody", Action.STARTER_MELODY, options)]),
    ]


def window(melodies: Iterable[tuple[str, str]]) -> b.View:
    """The kit as a modal."""
    return b.modal(TITLE, kit(melodies))


def sent(title: str) -> b.View:
    """What the modal says after a choice."""
    return guide.notice(
        TITLE, f"🎵 *{name(title)}* is on its way to you as a MIDI file: look into our direct messages."
    )

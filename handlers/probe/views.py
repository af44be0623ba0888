"""What the person reads and presses. Nothing here says more than is needed to do it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from handlers.views import blocks as b

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

STEPS = 7


class Press(StrEnum):
    """The probe's buttons, and the inputs of its windows."""

    BEGIN = "probe_begin"
    HEARD = "probe_heard"
    OPEN = "probe_open"
    INPUT = "probe_input"
    SEEN = "probe_seen"


class Window(StrEnum):
    """The probe's windows."""

    PICTURES = "probe_pictures"
    FILE = "probe_file"
    DRAFT = "probe_draft"
    SLOW = "probe_slow"


HEARD = {"plays": "A player, and it plays", "silent": "A player that does not play", "download": "Only a file"}
"""What a person may see of a sound; by what the report calls it."""


def begin() -> list[b.Block]:
    """The first message."""
    said = (
        f"*Kantor's probe* asks {STEPS} things of Slack that no document settles. Whoever presses *Begin* does the rest: about five minutes, "
        "in this channel. Afterwards everything is taken away again; no name and no word of yours is written down."
    )
    return [b.section(said), b.actions([b.button("Begin", Press.BEGIN, primary=True)])]


def asked(step: int, said: str, buttons: Sequence[b.Block] = ()) -> list[b.Block]:
    """One request to the person."""
    return [b.section(f"*{step} of {STEPS}*  {said}"), *([b.actions(buttons)] if buttons else [])]


def heard(step: int, where: str) -> list[b.Block]:
    """What does the sound look like there?"""
    return asked(
        step,
        f"An mp3 is {where}. What do you see, and hear?",
        [b.button(text, f"{Press.HEARD}_{value}", value) for value, text in HEARD.items()],
    )


def opening(step: int, said: str) -> list[b.Block]:
    """A button that opens a window."""
    return asked(step, said, [b.button("Open the window", Press.OPEN, primary=True)])


def moment() -> b.View:
    """While pictures are tried in it."""
    return _window(
        Window.PICTURES, "One moment", [b.section("Pictures are being tried in this window, one after the other.")]
    )


def picture(file: Mapping[str, str]) -> b.View:
    """A window with one picture, by its id or its address."""
    return _window(Window.PICTURES, "One moment", [_image(file, "A picture that is being tried")])


def pictures(taken: Mapping[str, Mapping[str, str]]) -> b.View:
    """The pictures that Slack took, and which of them a person sees."""
    shown = [
        block
        for number, file in enumerate(taken.values(), 1)
        for block in (b.section(f"*{number}*"), _image(file, f"Picture {number}"))
    ]
    options = [b.option(str(number), name) for number, name in enumerate(taken, 1)]
    ticked = _input("Which of them do you see?", b.checkboxes(options) | {"action_id": Press.SEEN.value}, optional=True)
    return _window(Window.PICTURES, "Pictures", [*shown, ticked], submit="Send")


def file() -> b.View:
    """A place for a MIDI file."""
    return _window(
        Window.FILE,
        "A file",
        [_input("A MIDI file (.mid)", b.file_input() | {"action_id": Press.INPUT.value})],
        submit="Send",
    )


def draft() -> b.View:
    """A window that is to be closed with something in it."""
    said = b.section("Write a word or two, then *close* this window: Cancel, or the cross. Do not send it.")
    typed = _input("Anything", {"type": "plain_text_input", "action_id": Press.INPUT.value}, optional=True)
    return _window(Window.DRAFT, "Do not send", [said, typed], submit="Send")


def slow(stage: int, seconds: float | None) -> b.View:
    """A window whose sending in is acknowledged after so many seconds; None: there is nothing more to send."""
    if seconds is None:
        return _window(Window.SLOW, "Thank you", [b.section("That was the last one. Close this window.")], stage=stage)
    said = f"Press *Send*. Kantor answers after {seconds:g} s. Where the window says that something went wrong, close it: that is an answer, too."
    return _window(Window.SLOW, f"Answer {stage + 1}", [b.section(said)], submit="Send", stage=stage)


def _window(callback: Window, title: str, blocks: Sequence[b.Block], *, submit: str = "", stage: int = 0) -> b.View:
    more: dict[str, Any] = {"callback_id": callback.value, "notify_on_close": True, "private_metadata": str(stage)}
    if submit:
        more["submit"] = b.plain(submit, b.TITLE_TEXT)
    return b.modal(title, blocks, close="Cancel") | more


def _input(label: str, element: b.Block, *, optional: bool = False) -> b.Block:
    return {
        "type": "input",
        "block_id": Press.INPUT.value,
        "label": b.plain(label, b.LABEL_TEXT),
        "element": element,
        "optional": optional,
    }


def _image(file: Mapping[str, str], alt: str) -> b.Block:
    return {"type": "image", "slack_file": dict(file), "alt_text": alt}

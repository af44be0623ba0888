"""What is asked, one question after the other; what the sandbox says of each stands beside it, and a test holds it to that."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError

from bot.errors import Unavailable
from bot.rules.numbers import spelled
from handlers.probe import views
from handlers.probe.report import NOBODY, TAKEN, Answer, word
from handlers.probe.tables import TABLES
from handlers.probe.views import Press, Window
from handlers.slack.errors import code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from handlers.probe.hand import Hand
    from handlers.probe.line import Line, Received

SLACKS_LIMIT = 3.0
"""Seconds in which Slack's pages want an acknowledgement; the sandbox goes by it."""
REFUSED = "refused"
NO = "no"
YES = "yes"
_EVENTS = {"file_shared", "file_created", "file_public", "file_change", "message"}
_WITH_A_FILE = ("message/file_share", "file_shared, message/file_share")
"""Without and with a subscription to ``file_shared``, which the probe's own manifest has, and Kantor's not."""


@dataclass(frozen=True)
class Samples:
    """Files to show. ``sound``: None where this machine makes none."""

    midi: bytes
    picture: bytes
    sound: bytes | None


@dataclass(frozen=True)
class Patience:
    """How long is waited, in seconds.

    Attributes:
        person: For each thing that somebody has to do.
        events: For what comes after something, if it comes at all.
        answers: The delays of acknowledgements that are tried, in rising order.
    """

    person: float = 300.0
    events: float = 10.0
    answers: tuple[float, ...] = (1.0, 2.0, 2.5, 2.8, 3.1, 3.5)


class Silence(Exception):
    """Nobody did what was asked."""


@dataclass
class Probe:
    """The questions, to one Slack in one channel."""

    hand: Hand
    line: Line
    channel: str
    samples: Samples
    patience: Patience = field(default_factory=Patience)
    tell: Callable[[str], None] = print
    _person: str = ""

    def answers(self) -> Iterator[Answer]:
        """All answers, each as soon as it is there. What fails is an answer, too."""
        for name, ask in (
            ("The line", self._round_trip),
            ("Tables in messages", self._tables),
            ("Files of the app", self._own_files),
        ):
            yield from self._explained(name, ask)
        if not self._begun():
            yield Answer("All that needs a person", "who presses Begin", NOBODY)
            return
        questions: tuple[tuple[str, Callable[[], Iterator[Answer]]], ...] = (
            ("Sound", self._sounds),
            ("A MIDI file of a person's", self._midi),
            ("Pictures in windows", self._pictures),
            ("A file in a window", self._file_input),
            ("A window that is closed", self._draft),
            ("A late acknowledgement", self._slow),
        )
        for name, ask in questions:
            self.tell(name)
            yield from self._explained(name, ask)

    def _explained(self, name: str, ask: Callable[[], Iterator[Answer]]) -> Iterator[Answer]:
        try:
            yield from ask()
        except Silence:
            yield Answer(name, "what was asked", NOBODY)
        except SlackApiError as error:
            yield Answer(name, "how it ended", f"Slack said {word(code(error))}", ("to its end",))
        except Unavailable as error:
            yield Answer(name, "how it ended", str(error), ("to its end",))

    def _round_trip(self) -> Iterator[Answer]:
        taken = []
        for _ in range(5):
            began = time.monotonic()
            self.hand.ask("auth.test")
            taken.append(time.monotonic() - began)
        yield Answer("The line", "a call and its answer, the middle of five", f"{spelled(statistics.median(taken))} s")

    def _tables(self) -> Iterator[Answer]:
        for kind, blocks in TABLES.items():
            found = TAKEN
            try:
                self.hand.post(self.channel, kind, blocks)
            except SlackApiError as error:
                found = word(code(error))
            yield Answer("Tables in messages", kind, found, (TAKEN,))

    def _own_files(self) -> Iterator[Answer]:
        about, since = "Files of the app", time.monotonic()
        midi = self.hand.settled(self.hand.upload("probe.mid", self.samples.midi, self.channel), self.channel)
        yield from _typed(about, "a .mid", midi.file)
        yield Answer(about, "typed and shared after", f"{spelled(midi.seconds, 1)} s")
        if self.samples.sound is not None:
            sound = self.hand.settled(
                self.hand.upload("probe.mp3", self.samples.sound, self.channel), self.channel
            ).file
            yield Answer(about, "an mp3: filetype", word(sound.get("filetype")), ("mp3",))
            yield Answer(about, "an mp3: mimetype", word(sound.get("mimetype")), ("audio/mpeg",))
            yield Answer(about, "an mp3: media_display_type", word(sound.get("media_display_type")), ("audio",))
        yield Answer(about, "events", self._came(since), _WITH_A_FILE)

    def _begun(self) -> bool:
        self.tell("Somebody has to press Begin in the channel.")
        ts = self.hand.post(self.channel, "Kantor's probe", views.begin())
        pressed = self.line.wait(lambda each: _pressed(each) == Press.BEGIN, self.patience.person)
        if pressed is None:
            return False
        self.line.answer(pressed)
        self._person = str(pressed.payload["user"]["id"])
        self.hand.note(self.channel, ts, "Kantor's probe has begun.")
        return True

    def _sounds(self) -> Iterator[Answer]:
        if self.samples.sound is None:
            yield Answer("Sound", "an mp3", "none could be made on this machine")
            return
        direct = str(self.hand.ask("conversations.open", users=self._person)["channel"]["id"])
        root = self.hand.post(self.channel, "A thread for an mp3")
        places = (
            ("in the thread of the message above this one", self.channel, root),
            ("in Kantor's direct messages to you", direct, None),
        )
        for step, (where, place, thread) in enumerate(places, 1):
            self.hand.settled(self.hand.upload("probe.mp3", self.samples.sound, place, thread), place)
            ts = self.hand.post(self.channel, "What do you see?", views.heard(step, where))
            pressed = self._theirs(lambda each: (_pressed(each) or "").startswith(Press.HEARD))
            self.line.answer(pressed)
            self.hand.note(self.channel, ts, "Noted.")
            yield Answer(
                "Sound",
                f"an mp3 {'in a thread' if thread else 'in direct messages'}",
                word(pressed.payload["actions"][0].get("value")),
                ("plays",),
            )

    def _midi(self) -> Iterator[Answer]:
        about, since = "A MIDI file of a person's", time.monotonic()
        ts = self.hand.post(
            self.channel,
            "Drop a MIDI file",
            views.asked(3, "Drop any MIDI file (`.mid`) into this channel, as a message of yours."),
        )
        event = self.line.wait_for_event(
            lambda each: bool(each.get("files")) and each.get("user") == self._person, since, self.patience.person
        )
        if event is None:
            raise Silence
        self.hand.note(self.channel, ts, "Noted. Your file stays: delete it yourself.")
        yield from _typed(about, "in the event", event["files"][0])
        yield from _typed(about, "by files.info", self.hand.settled(str(event["files"][0]["id"])).file)
        yield Answer(about, "events", self._came(since), _WITH_A_FILE)

    def _pictures(self) -> Iterator[Answer]:
        about = "Pictures in windows"
        fresh = self.hand.upload("probe.png", self.samples.picture)
        shared = self.hand.settled(self.hand.upload("probe.png", self.samples.picture, self.channel), self.channel).file
        ways: dict[str, tuple[dict[str, str], str]] = {
            "shared here, by its id": ({"id": str(shared["id"])}, TAKEN),
            "shared here, by url_private": ({"url": str(shared["url_private"])}, "invalid_arguments"),
            "shared here, by its permalink": ({"url": str(shared["permalink"])}, "invalid_arguments"),
            "shared with nobody, by its id": ({"id": fresh}, TAKEN),
        }
        view_id = self._opened(
            4, "Pictures in a window: look at them, tick those that you see, and send it.", views.moment()
        )
        at_once = self.hand.upload("probe.png", self.samples.picture)
        found = self.hand.attempt("views.update", view_id=view_id, view=views.picture({"id": at_once}))
        yield Answer(about, "right after its upload, by its id", found, ("invalid_arguments",))
        self.hand.settled(fresh)
        taken = {}
        for name, (file, sandbox) in ways.items():
            found = self.hand.attempt("views.update", view_id=view_id, view=views.picture(file))
            yield Answer(about, name, found, (sandbox,))
            if found == TAKEN:
                taken[name] = file
        if not taken:
            return
        self.hand.ask("views.update", view_id=view_id, view=views.pictures(taken))
        sent = self._sent(Window.PICTURES)
        self.line.answer(sent)
        ticked = sent.payload["view"]["state"]["values"][Press.INPUT][Press.SEEN].get("selected_options") or []
        seen = {option["value"] for option in ticked}
        for name in taken:
            yield Answer(about, f"{name}: a person sees it", YES if name in seen else NO, (YES,))

    def _file_input(self) -> Iterator[Answer]:
        about = "A file in a window"
        since = time.monotonic()
        self._opened(5, "A window with a place for a file: put any MIDI file into it, and send it.", views.file())
        sent = self._sent(Window.FILE)
        before = self._named(since)
        self.line.answer(sent)
        (file,) = sent.payload["view"]["state"]["values"][Press.INPUT][Press.INPUT]["files"]
        yield from _typed(about, "in view_submission", file)
        yield Answer(about, "events before it is sent", before, ("none",))
        yield Answer(about, "events afterwards", self._came(sent.at), ("none",))
        there = self.hand.attempt("files.info", file=str(file["id"]))
        yield Answer(about, "files.info of it", there, (TAKEN,))
        places = [key for key in ("channels", "groups", "ims") if file.get(key)]
        yield Answer(about, "where it is shared", ", ".join(places) or "nowhere", ("nowhere",))

    def _draft(self) -> Iterator[Answer]:
        self._opened(6, "A window that is closed with something in it.", views.draft())
        closed = self._theirs(lambda each: _about(each, Window.DRAFT) in {"view_closed", "view_submission"})
        self.line.answer(closed)
        if closed.payload["type"] == "view_submission":
            raise Silence
        values = ((closed.payload["view"].get("state") or {}).get("values") or {}).values()
        filled = any(element.get("value") for block in values for element in block.values())
        yield Answer("A window that is closed", "what was typed is in view_closed", YES if filled else NO, (NO,))

    def _slow(self) -> Iterator[Answer]:
        delays, tried = self.patience.answers, -1
        self._opened(
            7,
            "How late may Kantor answer? Press *Send* in the window as long as it lets you.",
            views.slow(0, delays[0]),
        )
        while True:
            received = self._theirs(lambda each: bool(_about(each, Window.SLOW)))
            # The window shows the next stage where Slack took the answer to the one before.
            stage = int(received.payload["view"]["private_metadata"])
            if tried >= 0:
                limit = TAKEN if delays[tried] < SLACKS_LIMIT else REFUSED
                found = TAKEN if stage > tried else REFUSED
                yield Answer("A late acknowledgement", f"after {delays[tried]:g} s", found, (limit,))
            if received.payload["type"] == "view_closed" or stage <= tried:
                self.line.answer(received, {"response_action": "clear"} if stage <= tried else None)
                break
            tried = stage
            self._late(received, delays[stage], views.slow(stage + 1, next(iter(delays[stage + 1 :]), None)))
        if tried < 0:
            raise Silence

    def _late(self, sent: Received, seconds: float, then: Mapping[str, Any]) -> None:
        time.sleep(max(0.0, sent.at + seconds - time.monotonic()))
        self.line.answer(sent, {"response_action": "update", "view": then})

    def _opened(self, step: int, said: str, view: Mapping[str, Any]) -> str:
        """The id of the window that the person opened. Raises SlackApiError, Silence."""
        ts = self.hand.post(self.channel, "A window", views.opening(step, said))
        pressed = self._theirs(lambda each: _pressed(each) == Press.OPEN)
        self.line.answer(pressed)
        opened = self.hand.ask("views.open", trigger_id=str(pressed.payload["trigger_id"]), view=view)
        self.hand.note(self.channel, ts, "The window is open.")
        return str(opened["view"]["id"])

    def _sent(self, window: Window) -> Received:
        """That the person sent the window in, not acknowledged yet. Raises Silence where it was closed."""
        received = self._theirs(lambda each: bool(_about(each, window)))
        if received.payload["type"] == "view_closed":
            self.line.answer(received)
            raise Silence
        return received

    def _theirs(self, fits: Callable[[Received], bool]) -> Received:
        received = self.line.wait(lambda each: _by(each) == self._person and fits(each), self.patience.person)
        if received is None:
            raise Silence
        return received

    def _came(self, since: float) -> str:
        """Which events with files came, after a while."""
        time.sleep(self.patience.events)
        return self._named(since)

    def _named(self, since: float) -> str:
        names = {
            "/".join(filter(None, (str(each["type"]), each.get("subtype"))))
            for each in self.line.events(since)
            if each.get("type") in _EVENTS and (each["type"] != "message" or each.get("files"))
        }
        return ", ".join(sorted(names)) or "none"


def _typed(about: str, where: str, file: Mapping[str, Any]) -> Iterator[Answer]:
    """The type of a MIDI file; the sandbox has both of the kinds that people have met."""
    yield Answer(about, f"{where}: filetype", word(file.get("filetype")), ("mid", "binary"))
    yield Answer(about, f"{where}: mimetype", word(file.get("mimetype")), ("audio/midi", "application/octet-stream"))
    yield Answer(about, f"{where}: pretty_type", word(file.get("pretty_type")), ("MIDI", "Binary"))


def _by(received: Received) -> str:
    return str((received.payload.get("user") or {}).get("id") or "")


def _pressed(received: Received) -> str | None:
    """Which button of a message or window it is; None for all else."""
    if received.payload.get("type") != "block_actions":
        return None
    return str(received.payload["actions"][0]["action_id"])


def _about(received: Received, window: Window) -> str | None:
    """``view_submission`` or ``view_closed`` of that window; None for all else."""
    kind = received.payload.get("type")
    if kind not in {"view_submission", "view_closed"} or received.payload["view"].get("callback_id") != window:
        return None
    return str(kind)

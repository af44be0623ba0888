"""What the use cases ask of the world outside: protocols, and the plain values that cross them.

The adapters (``bot.adapters``, and for all that is Slack ``handlers``) implement them; ``bot.wiring`` joins the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime, timedelta

    from bot.rules.fairreport import Report
    from bot.rules.secret import Secret
    from bot.usecases.boards.letters import BoardPost
    from judge.verdict import NearestWork, Verdict


class Clock(Protocol):
    """Tells the time, and how much of it has passed."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC: for what people wrote on a calendar. It jumps where somebody sets the machine's clock."""

    def elapsed(self) -> timedelta:
        """The time since some moment before the start: for all that lasts, or is waited for. It never goes back."""


class Ids(Protocol):
    """Makes ids for rows."""

    def new(self) -> str:
        """A new id: 32 lower-case hexadecimal digits, never given twice."""


class ObjectStore(Protocol):
    """Keeps bytes by key, such as ``boards/<id>.png``. Each call but ``link`` may raise Unavailable or ConfigurationError."""

    def put(self, key: str, data: bytes) -> None:
        """Store what we have drawn, and may draw again; an existing object of that key is replaced whole."""

    def keep(self, key: str, data: bytes) -> None:
        """Store what somebody handed in, once and for all; the same bytes a second time change nothing.

        Raises AlreadyKept where other bytes are there: they stay.
        """

    def get(self, key: str) -> bytes:
        """The bytes stored under ``key``. Raises KeyError where there are none."""

    def exists(self, key: str) -> bool:
        """Whether there is an object of that key."""

    def below(self, folder: str) -> Sequence[str]:
        """The keys of all objects below a folder, such as ``submissions/<id>``, sorted."""

    def delete(self, key: str) -> None:
        """Delete the object for good, with all its older versions; where there is none, nothing happens."""

    def clear(self, folder: str) -> None:
        """Delete for good all that is below a folder, or ever was; where there is nothing, nothing happens."""

    def link(self, key: str, filename: str, lifetime: timedelta) -> str | None:
        """Where whoever has the address can fetch the object, under that name and for so long, whether it is there or not.

        None where people's browsers do not reach the store. Asks nobody.
        """


@dataclass(frozen=True)
class Binding:
    """What a sealed secret belongs to: it opens for the very same and for nothing else."""

    row_id: str
    contest_id: str = ""
    """Empty: it is no contest's."""
    person: str | None = None
    """The user id of whoever may read it; None: nobody has it yet, or any more."""


class Vault(Protocol):
    """Seals secrets for the database (AES-GCM; the binding is associated data, so a value copied to another row or person does not open)."""

    def prepare(self) -> None:
        """Fetch the key, where somebody else keeps it: asks outside, once, so never while a transaction is open.

        Raises ConfigurationError where an operator has to mend something, Unavailable where it may pass.
        """

    def seal(self, secret: Secret, binding: Binding) -> bytes:
        """The sealed form of ``secret``, for that binding only."""

    def unseal(self, sealed: bytes, binding: Binding) -> Secret:
        """The secret again. Raises ConfigurationError where the key or the binding does not fit."""

    def is_current(self, sealed: bytes) -> bool:
        """Whether ``seal`` would do it the same way and with the same key today; False: seal it again when it is opened next."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of the keys that open here, 16 hexadecimal digits each, that of the present one first; they say nothing of the keys."""

    def key_of(self, sealed: bytes) -> str:
        """The name of the key that sealed it; empty where that is not written down."""

    def marks(self, text: str) -> tuple[str, ...]:
        """``mark`` by each of the keys, in the order of ``keys``."""

    def mark(self, text: str) -> str:
        """The same for the same text and key, 64 hexadecimal digits: nobody who has not the key can tell what it was made of."""


@dataclass(frozen=True)
class Profile:
    """A person of the workspace, as Slack knows them."""

    user_id: str
    name: str
    """Display name, or real name where there is none."""
    time_zone: str
    """IANA name, such as ``Europe/Berlin``."""
    is_admin: bool = False
    is_bot: bool = False
    is_guest: bool = False
    is_deleted: bool = False
    is_stranger: bool = False
    """Of another workspace, here by a shared channel (Slack Connect)."""

    @property
    def is_ours(self) -> bool:
        """Whether this is a living person of this workspace: every door asks it first. Guests are, and some doors ask more."""
        return not (self.is_bot or self.is_deleted or self.is_stranger)


class Directory(Protocol):
    """Who is who in the workspace. Every call may raise Unavailable."""

    def profile(self, user_id: str) -> Profile:
        """That person. Raises KeyError for an unknown id."""

    def is_member(self, channel_id: str, user_id: str) -> bool:
        """Whether the person is in the channel. False where the bot cannot see the channel."""

    def everybody_in(self, channel_id: str) -> frozenset[str]:
        """Ids of all who are in the channel; nobody where the bot cannot see it."""

    def channel_name(self, channel_id: str) -> str | None:
        """The channel's name without ``#``; None where the bot is not a member of it, or cannot see it."""

    def is_private(self, channel_id: str) -> bool:
        """Whether only its members see what is in that channel. False where the bot cannot see it."""


class FileSource(Protocol):
    """Fetches what people uploaded to Slack."""

    def download(self, file_id: str, max_bytes: int) -> bytes:
        """The file's bytes; of a file larger than ``max_bytes`` the first ``max_bytes + 1``.

        Raises Unavailable where it failed for now, KeyError where the file is gone (deleted).
        """


@dataclass(frozen=True)
class Picture:
    """A PNG, and the sentence that stands for it where it cannot be seen."""

    png: bytes
    alt_text: str


@dataclass(frozen=True)
class Assessment:
    """What the present model thinks of a piece."""

    verdict: Verdict
    chart: Picture


@dataclass(frozen=True)
class Inspection:
    """What a child process found in a MIDI file that passed."""

    verdict: Verdict
    picture: bytes
    """PNG, 1200 x 480."""
    alt_text: str
    sound: bytes | None
    """mp3, or None where this machine cannot render sound."""
    fingerprint: bytes
    """What later submissions are compared with; nothing can be played from it."""
    chart: Picture | None = None
    """The verdict as a picture: what was measured, beside Bach's range."""


class Inspector(Protocol):
    """Opens untrusted MIDI bytes, in a child process with limits of time and memory."""

    def inspect(self, data: bytes, title: str) -> Inspection:
        """Check, assess, draw and render. Raises judge.midi.MidiRefusal; InspectionFailed where the child died or took too long."""

    def compare(self, data: bytes, others: Mapping[str, bytes]) -> Sequence[NearestWork]:
        """Which of the pieces, given by their fingerprints, share passages with a file that passed. Raises as ``inspect``."""

    def starters(self, data: bytes) -> Sequence[NearestWork]:
        """The starter melodies that a file which passed is built on, by their titles. Raises as ``inspect``."""

    def assess(self, data: bytes) -> Assessment:
        """The verdict alone, with its picture. Raises as ``inspect``."""

    def align(self, data: bytes, other: bytes | None, shared: NearestWork, names: tuple[str, str]) -> Picture:
        """Both pieces, one above the other, with what they share; ``names`` stand beside them. Raises as ``inspect``.

        Without ``other`` it is a work of Bach's, of which there is a fingerprint only.
        """


class Posters(Protocol):
    """Draws leaderboards."""

    def draw(self, board: BoardPost, *, ai: bool = False) -> Picture:
        """The first ten rows of a board (``ai``: of the AI judge's); the alt text says the same in words."""


@dataclass(frozen=True)
class Certificate:
    """What stands on one; people's words as they wrote them."""

    contest: str
    recipient: str
    honour: str
    """``First place``, ``Golden ear``, ``Took part``."""
    reason: str
    """A line about it; may be empty."""
    title: str
    """Of the composition; empty for what a judge gets."""
    day: date
    signed: tuple[str, ...] = ()
    """Names of the organizers."""
    medal: int = 0
    """The place, where it is one of a podium; 0: none."""
    mark: str = ""
    """The SHA-256 of the results, or the first digits of it."""


@dataclass(frozen=True)
class RevealCard:
    """What a channel sees of one step of a ceremony."""

    contest: str
    heading: str
    lines: tuple[str, ...]
    """Whom it is about, a line each."""
    below: str
    alt_text: str
    medal: int = 0
    """As in ``Certificate``."""


@dataclass(frozen=True)
class Paper:
    """A certificate, to print and to show."""

    pdf: bytes
    png: bytes
    alt_text: str


@dataclass(frozen=True)
class Leaflet:
    """A report of one page, to open in a browser and to show."""

    html: bytes
    """UTF-8."""
    png: bytes
    alt_text: str


class Printer(Protocol):
    """Sets names of any script in print."""

    def report(self, report: Report) -> Leaflet:
        """A fairness report: HTML that needs nothing else, and a picture 1600 pixels across."""

    def certificate(self, certificate: Certificate) -> Paper:
        """On A4, across."""

    def card(self, card: RevealCard) -> Picture:
        """1280 x 720."""

    def unwritable(self, text: str) -> str:
        """The letters of a text that no font has, each once, in order: they would be left out. Empty where all can be written."""


@dataclass(frozen=True)
class Enclosure:
    """A file that goes out with a message."""

    object_key: str
    filename: str
    title: str
    alt_text: str = ""
    file_id: str | None = None
    """Slack's id once the file has been handed over: remembered before it is shared, so that a second try can see whether it was."""
    by_link: bool = False
    """It does not go out itself: whoever gets the message asks for a link to it."""


@dataclass(frozen=True)
class Posted:
    """Where a message landed."""

    channel_id: str
    ts: str


@dataclass(frozen=True)
class Letter:
    """One outbox row, ready to be sent."""

    key: str
    """Unique; goes into the message's metadata, where a second try looks for it."""
    to: str
    """A channel's id (C..., G..., D...) or a person's (U..., W...: sent to the direct messages)."""
    thread_ts: str | None
    message: Mapping[str, Any]
    """A dumped message (``bot.usecases.messages``)."""
    uploads: tuple[Enclosure, ...]
    tried_before: bool
    """True where an earlier claim may have sent it: look for the key before sending again."""
    written_at: datetime
    """When it came into being, by our clock: no message of its key is older."""
    rewrites: Posted | None = None
    """The message that it takes the place of; None: it is a message of its own."""


class Claim(Protocol):
    """A letter in our hands, for the time of a lease."""

    def renew(self) -> None:
        """Hold it for a whole lease more, from now on. Raises Overtaken where another has taken it up since."""

    def remember(self, object_key: str, file_id: str) -> None:
        """Note Slack's id of a file that was handed over; returns after the commit. Raises Overtaken as ``renew``."""


class Postman(Protocol):
    """Delivers letters to Slack."""

    def deliver(self, letter: Letter, claim: Claim) -> Posted:
        """Send it once, or rewrite the message that it ``rewrites``, and say where it is.

        The claim is renewed right before each call that people can see, and remembers a file before it is shared.
        Raises RateLimited, Unavailable (tried again), Undeliverable (given up) or Overtaken (another sends it).
        """

    def withdraw(self, posted: Posted) -> None:
        """Take back a message of ours: the same letter stands elsewhere. Raises as ``deliver``."""


@dataclass(frozen=True)
class Outside:
    """All that the use cases ask of the world outside."""

    directory: Directory
    door: Directory
    """The same for those who wait at the door: asked once, for a moment only."""
    files: FileSource
    objects: ObjectStore
    inspector: Inspector
    posters: Posters
    printer: Printer
    vault: Vault
    clock: Clock
    ids: Ids

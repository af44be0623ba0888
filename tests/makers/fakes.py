"""Fakes of what the use cases ask of the world outside. They are passed to constructors; nothing is patched."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.errors import AlreadyKept, ConfigurationError, Unavailable
from bot.ports import Assessment, Binding, Inspection, Leaflet, Paper, Picture, Posted, Profile
from bot.rules.secret import Secret
from judge.verdict import NearestWork, Standing, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.ports import Certificate, Claim, Letter, RevealCard
    from bot.rules.fairreport import Report
    from bot.usecases.boards.letters import BoardPost

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
"""Friday 20 November 2026, 12:00 UTC: 13:00 in Berlin."""


@dataclass
class FakeClock:
    """A clock that stands still until it is told otherwise."""

    moment: datetime = NOON
    passed: timedelta = timedelta()

    def now(self) -> datetime:
        return self.moment

    def elapsed(self) -> timedelta:
        return self.passed

    def advance(self, step: timedelta | None = None, **parts: float) -> None:
        """Go on by ``step``, or by ``hours=1``, ``seconds=2`` and so on."""
        step = step if step is not None else timedelta(**parts)
        self.moment, self.passed = self.moment + step, self.passed + step

    def turn_back(self, **parts: float) -> None:
        """Somebody sets the machine's clock back; no time passes."""
        self.moment -= timedelta(**parts)


@dataclass
class SequenceIds:
    """Ids in order: 32 hexadecimal digits, from ...0001."""

    made: int = 0

    def new(self) -> str:
        self.made += 1
        return f"{self.made:032x}"


@dataclass
class FakeDirectory:
    """A workspace of a few people and channels. ``silent = True``: Slack does not answer."""

    people: dict[str, Profile] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=dict)
    """User ids by channel."""
    names: dict[str, str] = field(default_factory=dict)
    """Names of the channels that the bot is in."""
    private: set[str] = field(default_factory=set)
    """Ids of channels that only their members see."""
    silent: bool = False
    forgotten: set[str] = field(default_factory=set)
    """Ids of people of whom Slack does not tell just now, while it answers the rest."""
    asked: list[str] = field(default_factory=list)
    """Whose profiles were asked for."""
    during: Callable[[], None] = lambda: None
    """Called while Slack is being asked: what happens elsewhere meanwhile."""

    def profile(self, user_id: str) -> Profile:
        self.asked.append(user_id)
        self._answer()
        if user_id in self.forgotten:
            raise Unavailable("Slack answers other things")
        return self.people[user_id]

    def is_member(self, channel_id: str, user_id: str) -> bool:
        self._answer()
        return channel_id in self.names and user_id in self.members.get(channel_id, set())

    def everybody_in(self, channel_id: str) -> frozenset[str]:
        self._answer()
        return frozenset(self.members.get(channel_id, set())) if channel_id in self.names else frozenset()

    def channel_name(self, channel_id: str) -> str | None:
        self._answer()
        return self.names.get(channel_id)

    def is_private(self, channel_id: str) -> bool:
        self._answer()
        return channel_id in self.private

    def add(self, user_id: str, name: str, *channels: str, **facts: bool) -> None:
        """A person who is in these channels; ``facts`` are flags of Profile, such as ``is_guest=True``."""
        self.people[user_id] = Profile(user_id, name, "Europe/Berlin", **facts)
        for channel in channels:
            self.members.setdefault(channel, set()).add(user_id)

    def _answer(self) -> None:
        self.during()
        if self.silent:
            raise Unavailable("Slack is silent")


@dataclass
class MemoryObjects:
    """An object store in memory. ``broken = True``: it fails."""

    kept: dict[str, bytes] = field(default_factory=dict)
    broken: bool = False
    address: str | None = None
    """Where browsers reach it."""
    during: Callable[[], None] = lambda: None
    """Called while it is being asked."""

    def put(self, key: str, data: bytes) -> None:
        self._answer()
        self.kept[key] = data

    def keep(self, key: str, data: bytes) -> None:
        self._answer()
        if self.kept.setdefault(key, data) != data:
            raise AlreadyKept(key)

    def get(self, key: str) -> bytes:
        self._answer()
        return self.kept[key]

    def exists(self, key: str) -> bool:
        self._answer()
        return key in self.kept

    def below(self, folder: str) -> list[str]:
        self._answer()
        return sorted(key for key in self.kept if key.startswith(f"{folder}/"))

    def delete(self, key: str) -> None:
        self._answer()
        self.kept.pop(key, None)

    def clear(self, folder: str) -> None:
        for key in self.below(folder):
            self.kept.pop(key, None)

    def link(self, key: str, filename: str, lifetime: timedelta) -> str | None:
        return self.address and f"{self.address}/{key}?as={filename}&for={lifetime.seconds}"

    def _answer(self) -> None:
        self.during()
        if self.broken:
            raise Unavailable("the object store is out")


@dataclass
class MemoryFiles:
    """What people uploaded, by Slack's file id; ``failures`` downloads fail first."""

    uploaded: dict[str, bytes] = field(default_factory=dict)
    failures: int = 0
    downloads: list[str] = field(default_factory=list)
    during: Callable[[], None] = lambda: None
    """Called while a file is on its way."""

    def download(self, file_id: str, max_bytes: int) -> bytes:
        self.downloads.append(file_id)
        self.during()
        if self.failures:
            self.failures -= 1
            raise Unavailable("the download failed")
        return self.uploaded[file_id][: max_bytes + 1]


def made_up_verdict(score: float = 72.5, works: tuple[NearestWork, ...] = ()) -> Verdict:
    """A verdict on 8 bars in G major."""
    return Verdict(
        score=score,
        probability=0.7,
        pitch_similarity=0.82,
        ks_distance=0.1,
        key="G major",
        key_confidence=0.9,
        bars=8,
        meter="4/4",
        notes=32,
        seconds=16.0,
        reasons_up=("Its melody moves in steps.",),
        reasons_down=("Its bass stays on one note.",),
        parallel_fifths=(),
        parallel_octaves=(),
        pitch_classes=(0.0,) * 12,
        bach_pitch_classes=(0.0,) * 12,
        nearest_works=works,
        warnings=(),
        model_version="judge-test",
        weights_sha256="0" * 64,
        standing=Standing(bach=3, others=62),
    )


def a_copy_of(work: str) -> NearestWork:
    """What a copied passage of 8 bars looks like."""
    return NearestWork(work, 0.9, (1, 8), (3, 10), 400.0, copied=True)


@dataclass
class FakeInspector:
    """Finds the same in every file, unless told otherwise by its bytes."""

    answers: dict[bytes, Inspection | Exception] = field(default_factory=dict)
    sound: bytes | None = b"mp3"
    inspected: list[bytes] = field(default_factory=list)
    during: Callable[[], None] = lambda: None
    """Called while a file is being inspected: what happens elsewhere meanwhile."""
    shared: dict[bytes, bytes] = field(default_factory=dict)
    """Which file is a copy of which."""
    tunes: dict[bytes, tuple[NearestWork, ...]] = field(default_factory=dict)
    """Which starter melodies a file is built on."""
    reassessed: dict[bytes, Verdict] = field(default_factory=dict)
    """What a newer model thinks of a file."""

    def inspect(self, data: bytes, title: str) -> Inspection:
        self.inspected.append(data)
        self.during()
        answer = self.answers.get(data)
        if isinstance(answer, Exception):
            raise answer
        chart = Picture(b"chart", "A chart")
        return answer or Inspection(made_up_verdict(), b"png", f"Piano roll of {title}", self.sound, data, chart)

    def compare(self, data: bytes, others: Mapping[str, bytes]) -> tuple[NearestWork, ...]:
        """Here a fingerprint is the file itself."""
        return tuple(a_copy_of(name) for name, other in others.items() if self.shared.get(data) == other)

    def starters(self, data: bytes) -> tuple[NearestWork, ...]:
        """As ``tunes`` has it."""
        self.during()
        return self.tunes.get(data, ())

    def assess(self, data: bytes) -> Assessment:
        """As ``inspect``, or what ``reassessed`` says of the file by now."""
        verdict = self.reassessed.get(data) or self.inspect(data, "").verdict
        return Assessment(verdict, Picture(b"new chart", "A new chart"))

    def align(self, data: bytes, other: bytes | None, shared: NearestWork, names: tuple[str, str]) -> Picture:
        """Says which two it was given."""
        self.during()
        return Picture(b"aligned", f"{names[0]} above {names[1]}")

    def score(self, data: bytes, score: float) -> None:
        """Give the file of these bytes that score."""
        self.answers[data] = Inspection(made_up_verdict(score), b"png", "Piano roll", self.sound, data)


@dataclass
class FakePosters:
    """Paints nothing; ``during`` is called meanwhile."""

    drawn: list[BoardPost] = field(default_factory=list)
    during: Callable[[], None] = lambda: None

    def draw(self, board: BoardPost, *, ai: bool = False) -> Picture:
        self.drawn.append(board)
        self.during()
        rows = (board.ai_rows or ()) if ai else board.rows
        return Picture(b"poster", ", ".join(f"{row.place}. {row.name}" for row in rows[:10]))


@dataclass
class FakePrinter:
    """Prints nothing; cuneiform it has no letters for. ``during`` is called meanwhile."""

    certificates: list[Certificate] = field(default_factory=list)
    cards: list[RevealCard] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    during: Callable[[], None] = lambda: None

    def certificate(self, certificate: Certificate) -> Paper:
        self.during()
        self.certificates.append(certificate)
        return Paper(b"pdf", b"png", f"{certificate.honour} for {certificate.recipient}")

    def card(self, card: RevealCard) -> Picture:
        self.during()
        self.cards.append(card)
        return Picture(b"card", card.alt_text)

    def report(self, report: Report) -> Leaflet:
        self.during()
        self.reports.append(report)
        return Leaflet(b"html", b"png", report.verdict)

    def unwritable(self, text: str) -> str:
        self.during()
        return "".join(letter for letter in text if "\U00012000" <= letter <= "\U000123ff")


class FakeVault:
    """Seals by turning into base64 with the binding: unreadable enough to be searched for in tests, safe for nothing."""

    def prepare(self) -> None:
        pass

    def seal(self, secret: Secret, binding: Binding) -> bytes:
        return b64encode(f"{binding}/{secret.reveal_text()}".encode())

    def unseal(self, sealed: bytes, binding: Binding) -> Secret:
        owner, _, secret = b64decode(sealed).decode().partition("/")
        if owner != str(binding):
            raise ConfigurationError("sealed for another row or person")
        return Secret(secret)

    def is_current(self, sealed: bytes) -> bool:
        return True

    @property
    def keys(self) -> tuple[str, ...]:
        return ("0" * 16,)

    def key_of(self, sealed: bytes) -> str:
        return "0" * 16

    def marks(self, text: str) -> tuple[str, ...]:
        return (self.mark(text),)

    def mark(self, text: str) -> str:
        return sha256(text.encode()).hexdigest()


@dataclass
class RecordingPostman:
    """Delivers letters into a list. ``failures`` are raised first, in their order."""

    delivered: list[Letter] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    withdrawn: list[Posted] = field(default_factory=list)

    def withdraw(self, posted: Posted) -> None:
        self.withdrawn.append(posted)

    def deliver(self, letter: Letter, claim: Claim) -> Posted:
        for number, upload in enumerate(letter.uploads, start=1):
            claim.remember(upload.object_key, f"F{letter.key}{number}")
        if self.failures:
            raise self.failures.pop(0)
        self.delivered.append(letter)
        if letter.rewrites is not None:
            return letter.rewrites
        channel = letter.to if letter.to.startswith(("C", "D", "G")) else f"D{letter.to}"
        return Posted(channel, f"17900000{len(self.delivered):02d}.000100")

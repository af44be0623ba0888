"""All parts of the sandbox, made in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.sandbox.api import WebApi
from bot.sandbox.api_chat import ChatApi
from bot.sandbox.api_conversations import AboutApi, ConversationsApi
from bot.sandbox.api_scheduled import ScheduledApi
from bot.sandbox.api_surfaces import FilesApi, ViewsApi
from bot.sandbox.clock import Clock
from bot.sandbox.delivery import AppLink, Events
from bot.sandbox.faults import Faults
from bot.sandbox.files import Files
from bot.sandbox.http_mode import HttpMode
from bot.sandbox.hub import Hub
from bot.sandbox.interactions import Interactions
from bot.sandbox.journal import Journal
from bot.sandbox.manifest import Manifest
from bot.sandbox.messages import Messages
from bot.sandbox.rate_limits import RateLimits
from bot.sandbox.reactions import Reactions, ReactionsApi
from bot.sandbox.replies import Replies
from bot.sandbox.seeds import Seed
from bot.sandbox.shapes import SlackError
from bot.sandbox.socket_mode import SocketMode
from bot.sandbox.store import Collection, Store
from bot.sandbox.triggers import ResponseUrls, Triggers
from bot.sandbox.validate import Validator
from bot.sandbox.views import Views
from bot.sandbox.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.sandbox.store import Snapshot

    _Family = ChatApi | ConversationsApi | ViewsApi | FilesApi | AboutApi | ReactionsApi | ScheduledApi


@dataclass(frozen=True)
class Options:
    """What kind of workspace it is: the app's manifest, its request URL (else Socket Mode), who is there, and how strict it is."""

    manifest: Path | None = None
    request_url: str | None = None
    seed: Path | None = None
    rate_limits: bool = False
    without_blocks: frozenset[str] = frozenset()
    """Types of blocks that have not come to this workspace yet."""
    clock_file: Path | None = None
    """Where the seconds are written that the clock was moved on by, for a bot that is to live at the same time."""


class Backend:
    """One workspace and one app, with everything that connects them."""

    def __init__(self, path: Path | None, options: Options, clock: Callable[[], float], base_url: str) -> None:
        self.base_url = base_url
        self._options = options
        # Files that may be wrong are read before anything is opened.
        self.manifest = Manifest.read(options.manifest)
        self._seed = Seed.read(options.seed).with_app(self.manifest.name, self.manifest.handle)
        self.store = Store(path)
        self.clock = Clock(clock)
        self.hub = Hub()
        self.journal = Journal(self.clock)
        self.faults = Faults()
        self.sockets = SocketMode(self.clock, self.hub)
        self.http = HttpMode(options.request_url, self.clock, self.hub, self.journal) if options.request_url else None
        self.link = AppLink(self.clock, self.journal, self.faults, self.http or self.sockets)
        self.without_blocks = set(options.without_blocks)
        self._snapshots: dict[str, Snapshot] = {}
        self._furnish()

    def _furnish(self) -> None:
        """Make what lives in the store; done again after a reset."""
        self.store.readdress(self.base_url)
        self._settings = Collection(self.store, "setting")
        self.clock.set_offset(float((self._settings.get("clock") or {}).get("offset", 0)))
        self._show_clock()
        self.events = Events(self.store, self.clock, self.link, self.manifest)
        self.workspace = Workspace(self.store, self.clock, self.hub, self.events.emit, self._seed)
        self.messages = Messages(self.store, self.workspace)
        self.files = Files(self.store, self.workspace, self.messages, self.faults, self._base)
        self.validator = Validator(self.files.usable_picture, self.without_blocks)
        self.views = Views(self.store, self.workspace, self.validator)
        self.triggers = Triggers(self.store, self.clock)
        self.urls = ResponseUrls(self.store, self.clock)
        self.replies = Replies(self.workspace, self.messages, self.views, self.validator)
        self.interactions = Interactions(
            self.workspace,
            self.messages,
            self.files,
            self.views,
            self.link,
            self.triggers,
            self.urls,
            self.replies,
            self.manifest,
            self._base,
        )
        self.reactions = Reactions(self.workspace, self.messages)
        chat = ChatApi(self.workspace, self.messages, self.views, self.validator, self._base)
        self.scheduled = ScheduledApi(self.store, self.clock, chat)
        families: list[_Family] = [
            AboutApi(self.workspace, self._base),
            chat,
            self.scheduled,
            ReactionsApi(self.workspace, self.messages, self.reactions),
            ConversationsApi(self.workspace, self.messages, self.manifest, self._ticket, self._base),
            ViewsApi(self.workspace, self.views, self.triggers),
            FilesApi(self.workspace, self.files, self.views, self.validator, self._base),
        ]
        methods = {name: method for family in families for name, method in family.methods().items()}
        rates = RateLimits(self.clock.now, enabled=self._options.rate_limits)
        self.api = WebApi(
            methods,
            self.files,
            self.urls,
            self.replies,
            self.manifest,
            self.workspace.kind,
            rates,
            self.journal,
            self.faults,
        )

    def _base(self) -> str:
        return self.base_url

    def _ticket(self) -> str:
        if self.http is not None:
            raise SlackError("access_denied", text="This app has a request URL: Socket Mode is off.")
        return self.sockets.ticket()

    def start(self) -> None:
        """Begin, on the server's event loop."""
        self.files.resume()
        self.scheduled.resume()
        self.events.start()
        if self.http is not None:
            self.http.start()

    def advance(self, seconds: float) -> float:
        """Move the clock forward, for good, and give the time it shows."""
        self.clock.advance(seconds)
        self._settings.put("clock", {"offset": self.clock.offset})
        self._show_clock()
        return self.clock.now()

    def _show_clock(self) -> None:
        file = self._options.clock_file
        if file is not None:
            # Whole or not at all: it is read at any moment.
            new = file.with_suffix(".new")
            new.write_text(repr(self.clock.offset), encoding="ascii")
            new.replace(file)

    async def reset(self) -> None:
        """Forget everything and begin with the seeded workspace; the app stays connected."""
        self.without_blocks.clear()
        self.without_blocks |= self._options.without_blocks
        await self._refurnish(self.store.clear)
        self.journal.clear()

    def snapshot(self, name: str) -> None:
        """Remember the workspace as it is, until this server stops."""
        self._snapshots[name] = self.store.copy()

    async def restore(self, name: str) -> None:
        """Bring a remembered workspace back, its clock and its counters too; SlackError `snapshot_not_found`."""
        snapshot = self._snapshots.get(name)
        if snapshot is None:
            raise SlackError("snapshot_not_found", text=f"There is no snapshot {name!r}.")
        await self._refurnish(lambda: self.store.restore(snapshot))

    async def _refurnish(self, change: Callable[[], None]) -> None:
        await self._quiet()
        change()
        self._furnish()
        self.start()
        self.hub.publish({"type": "reset"})

    async def stop(self) -> None:
        """End streams, held calls and connections, so that the server can stop at once."""
        self.hub.close()
        await self.sockets.close()
        await self._quiet()
        if self.http is not None:
            await self.http.close()

    async def _quiet(self) -> None:
        self.faults.abandon()
        await self.events.close()
        await self.interactions.finish()
        self.files.close()
        self.clock.close()

    def close(self) -> None:
        """Close the store, once nothing runs any more."""
        self.store.close()

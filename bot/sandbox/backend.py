"""All parts of the sandbox, made in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.api import WebApi
from bot.sandbox.api_chat import ChatApi
from bot.sandbox.api_conversations import ConversationsApi
from bot.sandbox.api_surfaces import FilesApi, ViewsApi
from bot.sandbox.clock import Clock
from bot.sandbox.events import Events
from bot.sandbox.faults import Faults
from bot.sandbox.files import Files
from bot.sandbox.hub import Hub
from bot.sandbox.interactions import Interactions
from bot.sandbox.journal import Journal
from bot.sandbox.manifest import Manifest
from bot.sandbox.messages import Messages
from bot.sandbox.replies import Replies
from bot.sandbox.socket_mode import SocketMode
from bot.sandbox.store import Collection, Store
from bot.sandbox.triggers import ResponseUrls, Triggers
from bot.sandbox.validate import Validator
from bot.sandbox.views import Views
from bot.sandbox.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Backend:
    """One workspace and one app, with everything that connects them."""

    def __init__(self, path: Path | None, manifest: Path | None, clock: Callable[[], float], base_url: str) -> None:
        self.base_url = base_url
        self.store = Store(path)
        self.manifest = Manifest.read(manifest)
        self.clock = Clock(clock)
        self.hub = Hub()
        self.journal = Journal(self.clock)
        self.faults = Faults()
        self.sockets = SocketMode(self.clock, self.hub, self.journal, self.faults)
        self._furnish()

    def _furnish(self) -> None:
        """Make what lives in the store; done again after a reset."""
        self.store.readdress(self.base_url)
        self._settings = Collection(self.store, "setting")
        self.clock.set_offset(float((self._settings.get("clock") or {}).get("offset", 0)))
        self.events = Events(self.store, self.clock, self.sockets, self.manifest)
        self.workspace = Workspace(self.store, self.clock, self.hub, self.events.emit)
        self.messages = Messages(self.store, self.workspace)
        self.files = Files(self.store, self.workspace, self.messages, self._base)
        self.validator = Validator(self.files.usable_picture)
        self.views = Views(self.store, self.workspace, self.validator)
        self.triggers = Triggers(self.store, self.clock)
        self.urls = ResponseUrls(self.store, self.clock)
        self.replies = Replies(self.workspace, self.messages, self.views, self.validator)
        self.interactions = Interactions(
            self.workspace,
            self.messages,
            self.views,
            self.sockets,
            self.triggers,
            self.urls,
            self.replies,
            self.manifest,
            self._base,
        )
        families: list[ChatApi | ConversationsApi | ViewsApi | FilesApi] = [
            ChatApi(self.workspace, self.messages, self.views, self.validator, self._base),
            ConversationsApi(self.workspace, self.messages, self.sockets, self._base),
            ViewsApi(self.workspace, self.views, self.triggers),
            FilesApi(self.workspace, self.files, self.views, self.validator, self._base),
        ]
        methods = {name: method for family in families for name, method in family.methods().items()}
        self.api = WebApi(methods, self.files, self.urls, self.replies, self.manifest, self.journal, self.faults)

    def _base(self) -> str:
        return self.base_url

    def start(self) -> None:
        """Begin, on the server's event loop."""
        self.files.resume()
        self.events.start()

    def advance(self, seconds: float) -> float:
        """Move the clock forward, for good, and give the time it shows."""
        self.clock.advance(seconds)
        self._settings.put("clock", {"offset": self.clock.offset})
        return self.clock.now()

    async def reset(self) -> None:
        """Forget everything and begin with the seeded workspace; the app stays connected."""
        await self._quiet()
        self.store.clear()
        self.journal.clear()
        self._furnish()
        self.start()
        self.hub.publish({"type": "reset"})

    async def stop(self) -> None:
        """End streams, held calls and connections, so that the server can stop at once."""
        self.hub.close()
        await self.sockets.close()
        await self._quiet()

    async def _quiet(self) -> None:
        self.faults.abandon()
        await self.events.close()
        await self.interactions.finish()
        self.files.close()
        self.clock.close()

    def close(self) -> None:
        """Close the store, once nothing runs any more."""
        self.store.close()

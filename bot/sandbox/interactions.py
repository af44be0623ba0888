"""What people do with the app: commands, buttons, forms. Each has three seconds to be acknowledged, or the person is told."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.sandbox.delivery import Delivery, NotAckedError, NotConnectedError
from bot.sandbox.forms import complete_state, elements, refusals
from bot.sandbox.messages import escaped_command, public
from bot.sandbox.shapes import APP_ID, BOT_USER, TEAM_DOMAIN, TEAM_ID, VERIFICATION_TOKEN, Json, SlackError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.delivery import AppLink
    from bot.sandbox.files import Files
    from bot.sandbox.manifest import Manifest
    from bot.sandbox.messages import Messages
    from bot.sandbox.replies import Replies
    from bot.sandbox.triggers import ResponseUrls, Triggers
    from bot.sandbox.views import Views
    from bot.sandbox.workspace import Workspace


_TROUBLE = "We had some trouble connecting. Try again?"
_NO_ANSWER = "{} did not answer in time. Try again?"
_NO_COMMAND = (
    'is not a valid command. In Slack, all messages that start with the "/" character are interpreted as commands.'
)


@dataclass(frozen=True)
class Interactions:
    """Interactive payloads to the app, and what its acknowledgement does."""

    workspace: Workspace
    messages: Messages
    files: Files
    views: Views
    link: AppLink
    triggers: Triggers
    urls: ResponseUrls
    replies: Replies
    manifest: Manifest
    base_url: Callable[[], str]
    _background: set[asyncio.Task[None]] = field(default_factory=set, init=False)

    async def command(self, user: Json, channel: Json, line: str, thread_ts: str | None) -> Json:
        """Run a slash command as typed (`/kantor status`)."""
        name, _, text = line.strip().partition(" ")
        if thread_ts is not None:
            return _told("not_supported", f"{name} is not supported in threads. Sorry!")
        entry = self.manifest.command(name)
        if entry is None:
            return _told("invalid_command", f"{name} {_NO_COMMAND}")
        if entry.get("should_escape"):
            text = escaped_command(text, self.workspace.users, self.workspace.channels)
        url = self.base_url() + self.urls.issue("commands", user["id"], channel["id"])
        form = command_form(user, channel, name, text.strip()) | {
            "response_url": url,
            "trigger_id": self._trigger(user),
        }
        try:
            answer = await self.link.call(Delivery("slash_commands", form, "slash_command", accepts=True))
        except NotAckedError as error:
            return self._failed(user, channel, f'{name} failed with the error "{error.failure.shown}"')
        except NotConnectedError:
            return self._failed(user, channel, f'{name} failed with the error "dispatch_failed"')
        if answer.get("text") or answer.get("blocks") or answer.get("attachments"):
            self.replies.post(channel, user["id"], answer)
        return {"ok": True}

    async def act(self, user: Json, container: Json, asked: Json) -> Json:
        """Use an element: `asked` has block_id, action_id, action (its payload part) and the state of the inputs around."""
        origin = self._origin(user, container)
        block, element = _element(origin.blocks, asked)
        values = complete_state(origin.blocks, (asked.get("state") or {}).get("values") or {})
        self._describe_files(user, values)
        action = action_part(block, element, asked.get("action") or {}, self.workspace.ts())
        if origin.view is not None:
            if block["type"] == "input" and not block.get("dispatch_action"):
                self.views.remember(user["id"], origin.view, values)
                return {"ok": True}
            origin.view = self.views.remember(user["id"], origin.view, values)
        payload = self._payload("block_actions", user, origin, values)
        payload |= {"trigger_id": self._trigger(user, origin), "actions": [action]}
        if origin.channel is not None:
            payload["response_url"] = self._response_url(user, origin)
        return await self._acked("block_actions", payload, user, origin, _NO_ANSWER.format(self.manifest.name))

    async def shortcut(self, user: Json, callback_id: str) -> Json:
        """Use one of the app's global shortcuts: the app hears who, and has a trigger, but no channel to answer in."""
        if not self.manifest.shortcut("global", callback_id):
            raise SlackError("unknown_shortcut")
        payload = shortcut_payload(user, callback_id, self.workspace.ts()) | {"trigger_id": self._trigger(user)}
        return await self._acked("shortcut", payload, user, Origin(), _NO_ANSWER.format(self.manifest.name))

    async def message_shortcut(self, user: Json, callback_id: str, channel: Json, ts: str) -> Json:
        """Use one of the app's shortcuts on a message: the app hears of the message, wherever it stands."""
        if not self.manifest.shortcut("message", callback_id):
            raise SlackError("unknown_shortcut")
        origin = Origin(channel=channel, message=self.messages.find(channel["id"], ts))
        message = origin.message or {}
        payload = message_action_payload(user, callback_id, self.workspace.ts(), channel, message)
        url = self.base_url() + self.urls.issue("app", user["id"], channel["id"])
        payload |= {"trigger_id": self._trigger(user), "response_url": url, "message": public(message)}
        return await self._acked("message_action", payload, user, origin, _NO_ANSWER.format(self.manifest.name))

    async def submit(self, user: Json, view_id: str, values: Json) -> Json:
        """Submit a modal: refused as Slack's client would, or decided by the app's acknowledgement."""
        view = self.views.opened(user["id"], view_id)
        values = complete_state(view["blocks"], values)
        self._describe_files(user, values)
        errors = refusals(view["blocks"], values)
        if errors:
            return {"ok": False, "error": "invalid_form", "errors": errors, "text": ""}
        view = self.views.remember(user["id"], view, values)
        payload = base_payload("view_submission", user) | {"trigger_id": self._trigger(user, Origin(view=view))}
        payload |= {"view": view, "response_urls": []}
        try:
            answer = await self.link.call(Delivery("interactive", payload, "view_submission", accepts=True))
        except (NotAckedError, NotConnectedError):
            return self._trouble(user, view_id)
        return self._decided(user, view, answer)

    def close(self, user: Json, view_id: str) -> Json:
        """Close a modal (or, with clear_on_close, all of them) and tell an app that wants to know."""
        view = self.views.opened(user["id"], view_id)
        cleared = bool(view["clear_on_close"])
        for gone in self.views.close(user["id"], None if cleared else view_id):
            if gone["notify_on_close"]:
                # What was filled in is not told: a sample in bolt-python's own tests has a filled form without its values.
                closed = gone | {"state": {"values": {}}}
                payload = base_payload("view_closed", user) | {"view": closed, "is_cleared": cleared}
                self._later("view_closed", payload)
        return {"ok": True}

    async def suggest(self, user: Json, container: Json, asked: Json) -> Json:
        """Ask the app for the options of an external select."""
        origin = self._origin(user, container)
        payload = self._payload("block_suggestion", user, origin, {})
        payload |= {key: asked.get(key) or "" for key in ("block_id", "action_id", "value")}
        try:
            answer = await self.link.call(Delivery("interactive", payload, "block_suggestion", accepts=True))
        except (NotAckedError, NotConnectedError):
            return _told("timeout", "Result could not be loaded. Try again?")
        return {"ok": True, "options": answer.get("options", []), "option_groups": answer.get("option_groups", [])}

    def open_home(self, user: Json, tab: str) -> Json:
        """Open the app's home tab (or its messages tab)."""
        channel, _ = self.workspace.direct(user["id"], BOT_USER)
        event: Json = {"type": "app_home_opened", "user": user["id"], "channel": channel["id"], "tab": tab}
        home = self.views.home(user["id"])
        shown = {"view": home} if home and tab == "home" else {}
        self.workspace.emit(event | shown | {"event_ts": self.workspace.ts()})
        return {"ok": True, "channel": channel["id"], "view": home}

    def _describe_files(self, user: Json, values: Json) -> None:
        """Put Slack's own descriptions of a person's files in the place of what the page says; SlackError `file_not_found`."""
        for state in (state for block in values.values() for state in block.values()):
            if state["type"] == "file_input":
                found = [self.files.find(str(one.get("id"))) for one in state["files"] or []]
                if any(one["user"] != user["id"] for one in found):
                    raise SlackError("file_not_found")
                state["files"] = [self.files.shown(one) for one in found]

    async def finish(self) -> None:
        """Drop what is still being told in the background."""
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)

    def _origin(self, user: Json, container: Json) -> Origin:
        if container.get("type") == "view":
            view = self.views.opened(user["id"], str(container.get("view_id")))
            return Origin(view=view)
        channel = self.workspace.joined(str(container.get("channel")), user["id"])
        ts = str(container.get("ts"))
        if container.get("type") == "ephemeral":
            return Origin(channel=channel, message=self.messages.find_ephemeral(channel["id"], ts, user["id"]))
        return Origin(channel=channel, message=self.messages.find(channel["id"], ts))

    def _payload(self, kind: str, user: Json, origin: Origin, values: Json) -> Json:
        payload = base_payload(kind, user) | {"container": origin.container}
        if origin.view is not None:
            return payload | {"view": origin.view}
        payload |= {"channel": channel_part(origin.channel or {}), "state": {"values": values}}
        if not origin.ephemeral:
            payload["message"] = public(origin.message or {})
        return payload

    def _trigger(self, user: Json, origin: Origin | None = None) -> str:
        self.triggers.expire()
        inside = origin.view["id"] if origin and origin.view and origin.view["type"] == "modal" else None
        return self.triggers.issue(user["id"], inside)

    def _response_url(self, user: Json, origin: Origin) -> str:
        message, channel = origin.message or {}, origin.channel or {}
        source = {"ts": message["ts"], "ephemeral": origin.ephemeral, "thread_ts": message.get("thread_ts")}
        return self.base_url() + self.urls.issue("actions", user["id"], channel["id"], source)

    async def _acked(self, name: str, payload: Json, user: Json, origin: Origin, text: str) -> Json:
        try:
            await self.link.call(Delivery("interactive", payload, name))
        except (NotAckedError, NotConnectedError):
            where = {"view_id": origin.view["id"]} if origin.view else {}
            where |= {"channel": origin.channel["id"]} if origin.channel else {}
            self.workspace.hub.publish({"type": "notice", **where, "text": text}, [user["id"]])
            return _told("timeout", text)
        return {"ok": True}

    def _decided(self, user: Json, view: Json, answer: Json) -> Json:
        action = answer.get("response_action")
        try:
            if action == "errors":
                known = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
                errors = {key: str(text) for key, text in answer.get("errors", {}).items() if key in known}
                return (
                    {"ok": False, "error": "errors", "errors": errors, "text": ""}
                    if errors
                    else self._trouble(user, view["id"])
                )
            if action == "update":
                self.views.replace(user["id"], self.views.opened(user["id"], view["id"]), answer.get("view"))
            elif action == "push":
                self.views.push_over(user["id"], answer.get("view"))
            else:
                self.views.close(user["id"], None if action == "clear" else view["id"])
        except SlackError:
            # Slack shows a view that it cannot accept as trouble, and says why only in the app's log.
            return self._trouble(user, view["id"])
        return {"ok": True, "response_action": action}

    def _trouble(self, user: Json, view_id: str) -> Json:
        self.workspace.hub.publish({"type": "notice", "view_id": view_id, "text": _TROUBLE}, [user["id"]])
        return _told("timeout", _TROUBLE) | {"errors": {}}

    def _failed(self, user: Json, channel: Json, text: str) -> Json:
        self.workspace.hub.publish({"type": "notice", "channel": channel["id"], "text": text}, [user["id"]])
        return _told("timeout", text)

    def _later(self, name: str, payload: Json) -> None:
        task = asyncio.create_task(self._quietly(name, payload))
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _quietly(self, name: str, payload: Json) -> None:
        with contextlib.suppress(NotAckedError, NotConnectedError):
            await self.link.call(Delivery("interactive", payload, name))


def _told(error: str, text: str) -> Json:
    return {"ok": False, "error": error, "text": text}


def _element(blocks: list[Json], asked: Json) -> tuple[Json, Json]:
    wanted = (asked.get("block_id"), asked.get("action_id"))
    for block, element in elements(blocks):
        if (block["block_id"], element["action_id"]) == wanted:
            return block, element
    raise SlackError("not_found", text="That button is no longer there.")


# What Slack repeats of an element when somebody uses it.
_REPEATED = (
    *("text", "value", "style", "url", "confirm", "placeholder", "min_query_length"),
    *(f"initial_{kind}" for kind in ("option", "user", "conversation", "channel", "date", "time")),
)
_TEAM = {"id": TEAM_ID, "domain": TEAM_DOMAIN}


@dataclass
class Origin:
    """Where an element was used: a view, or a message in a channel."""

    view: Json | None = None
    channel: Json | None = None
    message: Json | None = None

    @property
    def blocks(self) -> list[Json]:
        """The blocks around the element."""
        source = self.view or self.message or {}
        return list(source.get("blocks") or [])

    @property
    def ephemeral(self) -> bool:
        """Whether only one person sees the message."""
        return bool((self.message or {}).get("is_ephemeral"))

    @property
    def container(self) -> Json:
        """Slack's `container`."""
        if self.view is not None:
            return {"type": "view", "view_id": self.view["id"]}
        message, channel = self.message or {}, self.channel or {}
        container: Json = {"type": "message", "message_ts": message["ts"], "channel_id": channel["id"]}
        container["is_ephemeral"] = self.ephemeral
        return container | ({"thread_ts": message["thread_ts"]} if "thread_ts" in message else {})


def base_payload(kind: str, user: Json) -> Json:
    """Make what every interactive payload has."""
    return {
        "type": kind,
        "user": {"id": user["id"], "username": user["name"], "name": user["name"], "team_id": TEAM_ID},
        "api_app_id": APP_ID,
        "token": VERIFICATION_TOKEN,
        "team": _TEAM,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def shortcut_payload(user: Json, callback_id: str, stamp: str) -> Json:
    """Make what a global shortcut sends, but for its trigger."""
    return base_payload("shortcut", user) | {"callback_id": callback_id, "action_ts": stamp}


def message_action_payload(user: Json, callback_id: str, stamp: str, channel: Json, message: Json) -> Json:
    """Make what a message's shortcut sends, but for its trigger, its response URL and the message itself."""
    about = {"callback_id": callback_id, "action_ts": stamp, "message_ts": message["ts"]}
    return base_payload("message_action", user) | about | {"channel": channel_part(channel)}


def channel_part(channel: Json) -> Json:
    """Make the `channel` of an interactive payload."""
    return {"id": channel["id"], "name": channel_name(channel)}


def channel_name(channel: Json) -> str:
    """Give a channel's name as payloads have it; a DM has none of its own."""
    return "directmessage" if channel["is_im"] else str(channel["name"])


def command_form(user: Json, channel: Json, command: str, text: str) -> Json:
    """Make a slash command's payload, but for its trigger and its response URL."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": TEAM_ID,
        "team_domain": TEAM_DOMAIN,
        "channel_id": channel["id"],
        "channel_name": channel_name(channel),
        "user_id": user["id"],
        "user_name": user["name"],
        "command": command,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
    }


def action_part(block: Json, element: Json, given: Json, stamp: str) -> Json:
    """Make the one entry of `actions`: a button's own value, or what was chosen."""
    action: Json = {"type": element["type"], "block_id": block["block_id"], "action_id": element["action_id"]}
    action |= {key: element[key] for key in _REPEATED if key in element}
    if element["type"] != "button":
        action |= {key: value for key, value in given.items() if key not in action}
    return action | {"action_ts": stamp}

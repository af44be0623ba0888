"""One person at the keyboard of the sandbox, for tests, seeding and load."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from bot.sandbox.filling import NoSuchFieldError, chosen, filled
from bot.sandbox.forms import elements
from bot.sandbox.waiting import PATIENCE, SandboxError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import httpx

    from bot.sandbox.shapes import Json

    Wanted: TypeAlias = str | Callable[[Json], bool]


class Workspace(Protocol):
    """Where a person is: the sandbox's client."""

    http: httpx.Client

    def state(self, person: str, **more: Any) -> Json:
        """Read everything that a person sees."""

    def act(self, verb: str, person: str, **asked: Any) -> Json:
        """Do something as a person."""


class Person:
    """One person: says, uploads, clicks, fills in, and waits for what appears."""

    def __init__(self, sandbox: Workspace, user_id: str) -> None:
        self.sandbox = sandbox
        self.id = user_id

    def state(self) -> Json:
        """Read everything that this person sees."""
        return self.sandbox.state(self.id)

    def say(self, channel: str, text: str, thread_ts: str | None = None) -> Json:
        """Write a message, and give it."""
        message: Json = self._act("say", channel=channel, text=text, thread_ts=thread_ts)["message"]
        return message

    def upload(  # noqa: PLR0913, PLR0917 - what an upload can have, in the order of a sentence
        self,
        channel: str,
        name: str,
        data: bytes,
        text: str = "",
        mimetype: str | None = None,
        thread_ts: str | None = None,
    ) -> Json:
        """Upload a file with a text, and give the message."""
        part = (name, data, mimetype) if mimetype else (name, data)
        return self._upload([part], channel, text, thread_ts)

    def upload_together(self, channel: str, files: Mapping[str, bytes], text: str = "") -> Json:
        """Upload several files, by their names, in one message, and give it."""
        return self._upload(list(files.items()), channel, text, None)

    def _upload(self, parts: list[Any], channel: str, text: str, thread_ts: str | None) -> Json:
        form = {"as": self.id, "channel": channel, "text": text, "thread_ts": thread_ts or ""}
        sent = [("files", part) for part in parts]
        answer: Json = self.sandbox.http.post("/sandbox/act/upload", data=form, files=sent).json()
        if not answer["ok"]:
            raise SandboxError("upload", answer)
        message: Json = answer["message"]
        return message

    def attach(self, view: Json, action_id: str, name: str, data: bytes) -> Json:
        """Upload a file for a file input of a modal, and give it: submit it as `{action_id: [file]}`."""
        form = {"as": self.id, "view_id": view["id"], "action_id": action_id}
        answer: Json = self.sandbox.http.post("/sandbox/act/upload", data=form, files={"files": (name, data)}).json()
        if not answer["ok"]:
            raise SandboxError("upload", answer)
        file: Json = answer["files"][0]
        return file

    def invite(self, channel: str, *people: str) -> None:
        """Bring others into a channel."""
        self._act("invite", channel=channel, users=list(people))

    def command(self, channel: str, text: str, thread_ts: str | None = None) -> Json:
        """Run a slash command; SandboxError with the text that the person sees where it fails."""
        return self._act("command", channel=channel, text=text, thread_ts=thread_ts)

    def shortcut(self, callback_id: str) -> Json:
        """Use a global shortcut of the app."""
        return self._act("shortcut", callback_id=callback_id)

    def shortcut_on(self, message: Json, channel: str, callback_id: str) -> Json:
        """Use a shortcut of the app on a message."""
        return self._act("shortcut", callback_id=callback_id, channel=channel, ts=message["ts"])

    def open_dm(self, user: str = "U0KANTOR") -> str:
        """Open the DM with somebody (the app), and give its id."""
        return str(self._act("open_dm", user=user)["channel"]["id"])

    def open_home(self) -> Json:
        """Open the app's home."""
        return self._act("open_home")

    def home(self) -> Json | None:
        """Give the home that the app published for this person."""
        home: Json | None = self.state()["home"]
        return home

    def join(self, channel: str) -> None:
        """Join a channel."""
        self._act("join", channel=channel)

    def leave(self, channel: str) -> None:
        """Leave a channel."""
        self._act("leave", channel=channel)

    def archive(self, channel: str) -> None:
        """Archive a channel that this person is in."""
        self._act("archive", channel=channel)

    def delete_file(self, file: Json) -> None:
        """Delete an own file, everywhere."""
        self._act("delete_file", file=file["id"])

    def delete(self, message: Json, channel: str) -> None:
        """Delete an own message."""
        self._act("delete_message", channel=channel, ts=message["ts"])

    def edit(self, message: Json, channel: str, text: str) -> None:
        """Change what an own message says."""
        self._act("edit_message", channel=channel, ts=message["ts"], text=text)

    def react(self, message: Json, channel: str, name: str) -> None:
        """Put an emoji on a message."""
        self._act("react", channel=channel, ts=message["ts"], name=name)

    def unreact(self, message: Json, channel: str, name: str) -> None:
        """Take an own emoji away again."""
        self._act("unreact", channel=channel, ts=message["ts"], name=name)

    def click(self, surface: Json, action_id: str, value: Any = None, state: Mapping[str, Any] | None = None) -> Json:
        """Use an element of a message or view: press a button, or choose `value`. `state` fills the inputs around."""
        for block, element in elements(surface.get("blocks") or []):
            if element["action_id"] == action_id and _meant(element, value):
                action, values = chosen(element, value), filled(surface, state or {})
                if action_id in values.get(block["block_id"], {}):
                    values[block["block_id"]][action_id] = action
                asked = {"block_id": block["block_id"], "action_id": action_id, "action": action}
                return self._act("action", container=self._container(surface), state={"values": values}, **asked)
        known = [element["action_id"] for _, element in elements(surface.get("blocks") or [])]
        raise NoSuchFieldError(f"No element {action_id!r} with {value!r}; there are {known}.")

    def suggest(self, view: Json, action_id: str, value: str) -> list[Json]:
        """Ask for the options of an external select."""
        block = next(block for block, element in elements(view["blocks"]) if element["action_id"] == action_id)
        asked = {"block_id": block["block_id"], "action_id": action_id, "value": value}
        options: list[Json] = self._act("suggest", container=self._container(view), **asked)["options"]
        return options

    def views(self) -> list[Json]:
        """Give the open modals, bottom first."""
        views: list[Json] = self.state()["views"]
        return views

    def submit(self, view: Json, values: Mapping[str, Any] | None = None) -> Json:
        """Submit a modal; the answer has `ok`, and `errors` by block_id where fields are refused."""
        asked = {"as": self.id, "view_id": view["id"], "state": {"values": filled(view, values or {})}}
        answer: Json = self.sandbox.http.post("/sandbox/act/submit", json=asked).json()
        return answer

    def close(self, view: Json) -> None:
        """Close a modal."""
        self._act("close", view_id=view["id"])

    def messages(self, channel: str) -> list[Json]:
        """Give the messages of a channel that this person is in (by id or name), oldest first, replies among them."""
        return _inside(self.sandbox.state(self.id, channel=channel.lstrip("#")), "messages")

    def ephemerals(self, channel: str) -> list[Json]:
        """Give the messages in a channel that only this person sees."""
        return _inside(self.sandbox.state(self.id, channel=channel.lstrip("#")), "ephemerals")

    def wait_for_message(self, channel: str, wanted: Wanted, timeout: float = PATIENCE) -> Json:
        """Wait for a message: with this text in it, or for which the function says yes. The newest that fits."""
        return self._wait(lambda state: _inside(state, "messages"), wanted, timeout, channel)

    def wait_for_ephemeral(self, channel: str, wanted: Wanted, timeout: float = PATIENCE) -> Json:
        """Wait for a message that only this person sees."""
        return self._wait(lambda state: _inside(state, "ephemerals"), wanted, timeout, channel)

    def wait_for_view(self, wanted: Wanted, timeout: float = PATIENCE) -> Json:
        """Wait for an open modal: with this title, or for which the function says yes."""
        return self._wait(lambda state: list(state["views"]), wanted, timeout)

    def wait_for_home(self, wanted: Wanted, timeout: float = PATIENCE) -> Json:
        """Wait for a published home."""
        return self._wait(lambda state: [state["home"]] if state["home"] else [], wanted, timeout)

    def _wait(self, part: Callable[[Json], list[Json]], wanted: Wanted, timeout: float, channel: str = "") -> Json:
        fits = wanted if callable(wanted) else lambda one: wanted in said(one)
        deadline = time.monotonic() + timeout
        state = self.sandbox.state(self.id, channel=channel.lstrip("#"))
        while True:
            found = next((one for one in reversed(part(state)) if fits(one)), None)
            if found is not None:
                return found
            left = deadline - time.monotonic()
            if left <= 0:
                seen = [said(one)[:200] for one in part(state)[-8:]]
                raise AssertionError(f"Waited {timeout:g} s in vain for {wanted!r}; {self.id} saw {seen} {channel}")
            # The server answers as soon as anything has happened for this person.
            state = self.sandbox.state(self.id, channel=channel.lstrip("#"), since=state["seq"], wait=min(left, 5.0))

    def _act(self, verb: str, **asked: Any) -> Json:
        return self.sandbox.act(verb, self.id, **asked)

    def _container(self, surface: Json) -> Json:
        if "hash" in surface:
            return {"type": "view", "view_id": surface["id"]}
        for channel in self.state()["channels"]:
            for kind in ("messages", "ephemerals"):
                if any(one["ts"] == surface["ts"] for one in channel[kind]):
                    return {"type": kind.removesuffix("s"), "channel": channel["id"], "ts": surface["ts"]}
        raise NoSuchFieldError(f"{self.id} sees no message {surface['ts']}.")


def _inside(state: Json, kind: str) -> list[Json]:
    return [one for channel in state["channels"] for one in channel[kind]]


def said(surface: Json) -> str:
    """Give all words of a message or view, to search in."""
    return " ".join([str(surface.get("text") or ""), *_texts(surface.get("title")), *_texts(surface.get("blocks"))])


def _meant(element: Json, value: Any) -> bool:
    """Of several elements with one id the one that has the value."""
    if value is None or element["type"] not in {"button", "overflow"}:
        return True
    if element["type"] == "overflow":
        return isinstance(value, dict) or any(
            value in {one["value"], one["text"]["text"]} for one in element["options"]
        )
    return bool(element.get("value") == value)


def _texts(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["text"]] if isinstance(part.get("text"), str) else []
        alt = [part["alt_text"]] if isinstance(part.get("alt_text"), str) else []
        return [*own, *alt, *(text for value in part.values() for text in _texts(value))]
    return [text for one in part for text in _texts(one)] if isinstance(part, list) else []

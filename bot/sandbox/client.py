"""The sandbox from outside, for tests, seeding and load: typed calls of its browser and control API."""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeAlias, TypeVar

import httpx

from bot.sandbox.forms import STATE_KEYS, elements, initial

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

    from bot.sandbox.shapes import Json

    Wanted: TypeAlias = str | Callable[[Json], bool]


_POLL_SECONDS = 0.03
PATIENCE = 90.0
"""Seconds. A crowded machine has taken twenty for what takes a tenth elsewhere; only what never comes is waited for so long."""
_Found = TypeVar("_Found")


class SandboxError(Exception):
    """The sandbox refused; `error` is Slack's code, `text` what the person is shown, `answer` all of it."""

    def __init__(self, what: str, answer: Json) -> None:
        super().__init__(f"{what}: {answer.get('error')} {answer.get('text', '')} {answer.get('errors') or ''}".strip())
        self.error = str(answer.get("error"))
        self.text = str(answer.get("text", ""))
        self.answer = answer


def _done(what: str, response: httpx.Response) -> Json:
    answer: Json = response.json()
    if not answer["ok"]:
        raise SandboxError(what, answer)
    return answer


def awaited(look: Callable[[], _Found | None], timeout: float, what: Callable[[], str]) -> _Found:
    """Look again and again until there is something; AssertionError with `what` after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while True:
        found = look()
        if found is not None:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"Waited {timeout:g} s in vain for {what()}")
        time.sleep(_POLL_SECONDS)


class Sandbox:
    """A running sandbox, by its base URL; close it, or use it in a `with`."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")
        # More patience than the app has: a command waits three seconds for its acknowledgement.
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=200)
        self.http = httpx.Client(base_url=self.base_url, timeout=30, limits=limits, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self.http.close()

    def person(self, key: str) -> Person:
        """Give a person by handle or id."""
        return Person(self, str(self.state(key)["me"]["id"]))

    def state(self, person: str, **more: Any) -> Json:
        """Read everything that a person sees; `channel` narrows it, `since` and `wait` wait for what comes after."""
        return _done(f"state of {person}", self.http.get("/sandbox/state", params={"as": person, **more}))

    def act(self, verb: str, person: str, **asked: Any) -> Json:
        """Do something as a person; SandboxError where it is refused."""
        return _done(verb, self.http.post(f"/sandbox/act/{verb}", json={"as": person, **asked}))

    def fault(self, **order: Any) -> str:
        """Order a fault (method or event, mode, times, match ...) and give its id."""
        return str(self._control("fault", **order)["id"])

    def release(self, fault_id: str | None = None) -> None:
        """Let go what one fault holds, or all of them."""
        self._control("release", id=fault_id)

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Close the app's sockets as Slack does; `warning` only announces it, `cut` closes without a word."""
        self._control("disconnect", reason=reason)

    def advance(self, seconds: float) -> float:
        """Move the sandbox's clock forward and give its time."""
        return float(self._control("advance", seconds=seconds)["now"])

    def reset(self) -> None:
        """Begin anew with the seeded workspace."""
        self._control("reset")

    def snapshot(self, name: str = "snapshot") -> None:
        """Remember the workspace as it is now, until the sandbox stops."""
        self._control("snapshot", name=name)

    def restore(self, name: str = "snapshot") -> None:
        """Bring back what `snapshot` remembered; the app stays connected, the log goes on."""
        self._control("restore", name=name)

    def seed(self, people: Sequence[Json] = (), channels: Sequence[Json] = ()) -> None:
        """Let more people and channels be there, told as in the file of `kantor sandbox --seed`."""
        self._control("seed", people=list(people), channels=list(channels))

    def deactivate(self, user: str) -> None:
        """Deactivate an account: it leaves its channels, and nobody can act with it."""
        self._control("deactivate", user=user)

    def reactivate(self, user: str) -> None:
        """Bring a deactivated account back."""
        self._control("reactivate", user=user)

    def without_blocks(self, *types: str) -> None:
        """Let the workspace be one to which these types of blocks have not come yet; none: all are there."""
        self._control("without_blocks", types=list(types))

    def create_channel(self, name: str, members: list[str], by: str = "U0OLIVE", *, private: bool = False) -> str:
        """Make a channel with these people (handles or ids) and give its id."""
        made = self.act("create_channel", by, name=name, members=members, private=private)
        return str(made["channel"]["id"])

    def latency(self, since: int = 0) -> Json:
        """Give how fast the app acknowledged what the log has after line `since`: numbers by name of the delivery."""
        names: Json = self.http.get("/sandbox/control/latency", params={"since": since}).json()["names"]
        return names

    def log(self, since: int = 0) -> list[Json]:
        """Give the wire's log after line `since`."""
        lines: list[Json] = self.http.get("/sandbox/control/log", params={"since": since}).json()
        return lines

    def wait_for_log(self, predicate: Callable[[Json], bool], timeout: float = PATIENCE) -> Json:
        """Wait for a line of the log."""
        return awaited(
            lambda: next((line for line in self.log() if predicate(line)), None),
            timeout,
            lambda: f"a line of the log; seen: {[(one['name'], one['state']) for one in self.log()[-15:]]}",
        )

    def wait_connected(self, timeout: float = PATIENCE) -> None:
        """Wait until the app is connected."""
        awaited(lambda: self.state("")["bot"]["connected"] or None, timeout, lambda: "the app to connect")

    def all_messages(self, channel: str) -> list[Json]:
        """Give a channel's messages with everything, metadata too."""
        messages: list[Json] = self.http.get("/sandbox/control/messages", params={"channel": channel}).json()[
            "messages"
        ]
        return messages

    def file_bytes(self, file_id: str) -> bytes:
        """Give any file's bytes."""
        return self.http.get(f"/sandbox/control/file/{file_id}").raise_for_status().content

    def _control(self, order: str, **asked: Any) -> Json:
        return _done(order, self.http.post(f"/sandbox/control/{order}", json=asked))


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
        message: Json = self._sent(form, parts)["message"]
        return message

    def _sent(self, form: Mapping[str, str], parts: list[Any]) -> Json:
        files = [("files", part) for part in parts]
        return _done("upload", self.sandbox.http.post("/sandbox/act/upload", data=form, files=files))

    def attach(self, view: Json, action_id: str, name: str, data: bytes) -> Json:
        """Upload a file for a file input of a modal, and give it: submit it as `{action_id: [file]}`."""
        form = {"as": self.id, "view_id": view["id"], "action_id": action_id}
        file: Json = self._sent(form, [(name, data)])["files"][0]
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


class NoSuchFieldError(Exception):
    """The view has no such block, action or option."""


def filled(view: Json, values: Mapping[str, Any]) -> Json:
    """Give `state.values` for a view: `values` by block_id or action_id, initial values for the rest."""
    state: Json = {}
    unused = set(values)
    for block, element in elements(view["blocks"]):
        if element["type"] not in STATE_KEYS:
            continue
        keys = [key for key in (block["block_id"], element["action_id"]) if key in values]
        unused -= set(keys)
        told = _state(element, values[keys[0]]) if keys else initial(element)
        state.setdefault(block["block_id"], {})[element["action_id"]] = told
    if unused:
        known = [f"{block['block_id']}/{element['action_id']}" for block, element in elements(view["blocks"])]
        raise NoSuchFieldError(f"No field {sorted(unused)}; the view has {known}.")
    return state


def chosen(element: Json, value: Any) -> Json:
    """Give the payload part for using an element: a button's value, or what is selected."""
    if element["type"] == "overflow":
        return {"type": "overflow", "selected_option": _option(element, value)}
    if element["type"] not in STATE_KEYS:
        return {"type": element["type"], "value": element.get("value") if value is None else value}
    return initial(element) if value is None else _state(element, value)


def _state(element: Json, value: Any) -> Json:
    key, _ = STATE_KEYS[element["type"]]
    return {"type": element["type"], key: _shaped(element, key, value)}


def _shaped(element: Json, key: str, value: Any) -> Any:
    if value is None or isinstance(value, dict):
        return value
    if key == "selected_option":
        return _option(element, value)
    if key == "selected_options":
        return [_option(element, one) for one in value]
    return _simple(key, value)


def _simple(key: str, value: Any) -> Any:
    if key == "selected_date_time":
        return int(value.timestamp()) if isinstance(value, dt.datetime) else int(value)
    if key == "selected_time":
        return value.strftime("%H:%M") if isinstance(value, dt.time) else str(value)
    if key in {"value", "selected_date"}:
        return str(value)
    return list(value) if isinstance(value, (list, tuple, set)) else value


def _option(element: Json, value: Any) -> Json:
    if isinstance(value, dict):
        return value
    groups = element.get("option_groups") or []
    options: list[Json] = [*(element.get("options") or []), *(one for group in groups for one in group["options"])]
    for option in options:
        if str(value) in {option["value"], option["text"]["text"]}:
            return option
    raise NoSuchFieldError(f"No option {value!r}; there are {[one['value'] for one in options]}.")

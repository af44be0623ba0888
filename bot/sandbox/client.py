"""The sandbox from outside, for tests, seeding and load: typed calls of its browser and control API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import httpx

from bot.sandbox.person import Person
from bot.sandbox.waiting import PATIENCE, SandboxError, awaited

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    from bot.sandbox.shapes import Json


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
        answer: Json = self.http.get("/sandbox/state", params={"as": person, **more}).json()
        if not answer["ok"]:
            raise SandboxError(f"state of {person}", answer)
        return answer

    def act(self, verb: str, person: str, **asked: Any) -> Json:
        """Do something as a person; SandboxError where it is refused."""
        answer: Json = self.http.post(f"/sandbox/act/{verb}", json={"as": person, **asked}).json()
        if not answer["ok"]:
            raise SandboxError(verb, answer)
        return answer

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
        answer: Json = self.http.post(f"/sandbox/control/{order}", json=asked).json()
        if not answer["ok"]:
            raise SandboxError(order, answer)
        return answer

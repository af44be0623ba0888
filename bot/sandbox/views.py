"""Modals and App Home: each person's stack of open views, their hashes, and what an app may do to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.forms import BLOCKS_INSIDE, complete_state
from bot.sandbox.shapes import APP_ID, BOT_ID, TEAM_ID, Json, SlackError
from bot.sandbox.store import Collection

if TYPE_CHECKING:
    from bot.sandbox.store import Store
    from bot.sandbox.triggers import Trigger
    from bot.sandbox.validate import Validator
    from bot.sandbox.workspace import Workspace

STACK_LIMIT = 3
_BUTTONS = {"actions": ("elements",), "context_actions": ("elements",), "card": ("actions",)}


class Views:
    """Open modals by person (bottom first) and published homes."""

    def __init__(self, store: Store, workspace: Workspace, validator: Validator) -> None:
        self._workspace = workspace
        self._validator = validator
        self._views = Collection(store, "view")
        self._stacks = Collection(store, "stack")
        self._homes = Collection(store, "home")

    def stack(self, user: str) -> list[Json]:
        """Give a person's open modals, bottom first."""
        kept = self._stacks.get(user) or {"views": []}
        return [view for one in kept["views"] if (view := self._views.get(one))]

    def home(self, user: str) -> Json | None:
        """Give a person's App Home, or None before one was published."""
        return self._homes.get(user)

    def opened(self, user: str, view_id: str) -> Json:
        """Give one of a person's open modals, or their home; SlackError `not_found`."""
        home = self._homes.get(user)
        candidates = [*self.stack(user), *([home] if home else [])]
        found = next((view for view in candidates if view["id"] == view_id), None)
        if found is None:
            raise SlackError("not_found")
        return found

    def open(self, trigger: Trigger, asked: object) -> Json:
        """Open a modal for the person of the trigger, in place of what was open."""
        view = self._made(asked, "modal")
        self._set_stack(trigger.user, [])
        return self._push(trigger.user, view)

    def push(self, trigger: Trigger, asked: object) -> Json:
        """Open a modal over the one that the trigger came from; SlackError `push_limit_reached`."""
        if trigger.view_id is None or not self.stack(trigger.user):
            raise SlackError("not_found")
        return self.push_over(trigger.user, asked)

    def push_over(self, user: str, asked: object) -> Json:
        """Open a modal over a person's topmost one."""
        view = self._made(asked, "modal")
        if len(self.stack(user)) >= STACK_LIMIT:
            raise SlackError("push_limit_reached")
        return self._push(user, view)

    def update(self, key: str | None, external_id: str | None, given_hash: str | None, asked: object) -> Json:
        """Change an open view; SlackError `not_found`, `hash_conflict`."""
        user, before = self._holder(key, external_id)
        if given_hash and given_hash != before["hash"]:
            raise SlackError("hash_conflict")
        return self.replace(user, before, asked)

    def replace(self, user: str, before: Json, asked: object) -> Json:
        """Put another content into an open view; answers in fields that stay are kept."""
        made = self._made(asked, before["type"], besides=before["id"])
        kept = {key: before[key] for key in ("id", "root_view_id", "previous_view_id")}
        made["state"] = {"values": complete_state(made["blocks"], before["state"]["values"])}
        view = made | kept
        if before["type"] == "home":
            self._homes.put(user, view)
            self._workspace.hub.publish({"type": "home", "view": view}, [user])
        else:
            self._views.put(view["id"], view)
            self._tell("view_updated", user, view)
        return view

    def publish(self, user: str, given_hash: str | None, asked: object) -> Json:
        """Set a person's App Home; SlackError `hash_conflict`."""
        before = self._homes.get(user)
        if given_hash and before is not None and given_hash != before["hash"]:
            raise SlackError("hash_conflict")
        if before is not None:
            return self.replace(user, before, asked)
        view = self._made(asked, "home") | {"id": self._workspace.counters.id("V")}
        self._homes.put(user, view | {"root_view_id": view["id"]})
        self._workspace.hub.publish({"type": "home", "view": self._homes.get(user)}, [user])
        return view | {"root_view_id": view["id"]}

    def remember(self, user: str, view: Json, values: Json) -> Json:
        """Keep what a person has filled in so far."""
        kept = view | {"state": {"values": complete_state(view["blocks"], values)}}
        (self._homes if view["type"] == "home" else self._views).put(
            user if view["type"] == "home" else view["id"], kept
        )
        return kept

    def close(self, user: str, view_id: str | None = None) -> list[Json]:
        """Close one modal, or all (None), and give those that were closed, topmost first."""
        stack = self.stack(user)
        gone = [view for view in reversed(stack) if view_id in {None, view["id"]}]
        self._set_stack(user, [view["id"] for view in stack if view not in gone])
        for view in gone:
            self._views.drop(view["id"])
            self._tell("view_closed", user, view)
        return gone

    def _push(self, user: str, view: Json) -> Json:
        stack = self.stack(user)
        view["id"] = self._workspace.counters.id("V")
        view["previous_view_id"] = stack[-1]["id"] if stack else None
        view["root_view_id"] = stack[0]["id"] if stack else view["id"]
        self._views.put(view["id"], view)
        self._set_stack(user, [*(one["id"] for one in stack), view["id"]])
        self._tell("view_opened", user, view)
        return view

    def _set_stack(self, user: str, ids: list[str]) -> None:
        for view in self.stack(user):
            if view["id"] not in ids:
                self._views.drop(view["id"])
        self._stacks.put(user, {"user": user, "views": ids})

    def _tell(self, kind: str, user: str, view: Json) -> None:
        self._workspace.hub.publish({"type": kind, "view": view, "stack": self.stack(user)}, [user])

    def _holder(self, key: str | None, external_id: str | None) -> tuple[str, Json]:
        for stack in self._stacks:
            for view in self.stack(stack["user"]):
                if view["id"] == key or (external_id and view["external_id"] == external_id):
                    return stack["user"], view
        for user in self._workspace.users:
            home = self._homes.get(user["id"])
            if home is not None and home["id"] == key:
                return user["id"], home
        raise SlackError("not_found")

    def _made(self, asked: object, surface: str, besides: str | None = None) -> Json:
        view = self._validator.view(asked, surface)
        external_id = view.get("external_id") or ""
        if external_id and any(one["external_id"] == external_id and one["id"] != besides for one in self._views):
            raise SlackError("duplicate_external_id")
        made: Json = {
            "id": "",
            "team_id": TEAM_ID,
            "type": view["type"],
            "blocks": self.with_ids(view["blocks"]),
            "private_metadata": view.get("private_metadata") or "",
            "callback_id": view.get("callback_id") or "",
            "state": {"values": {}},
            "hash": self._hash(),
            "title": _inside(view.get("title")) or {"type": "plain_text", "text": "View Title", "emoji": True},
            "clear_on_close": bool(view.get("clear_on_close")),
            "notify_on_close": bool(view.get("notify_on_close")),
            "close": _inside(view.get("close")),
            "submit": _inside(view.get("submit")),
            "submit_disabled": False,
            "previous_view_id": None,
            "root_view_id": "",
            "app_id": APP_ID,
            "external_id": external_id,
            "app_installed_team_id": TEAM_ID,
            "bot_id": BOT_ID,
        }
        made["state"] = {"values": complete_state(made["blocks"], {})}
        return made

    def with_ids(self, blocks: list[Json]) -> list[Json]:
        """Give blocks with what Slack adds: a block_id each, an action_id each, and `emoji` in plain texts."""
        return [self._with_id(block) for block in blocks]

    def _with_id(self, block: Json) -> Json:
        made = _with_emoji(block) | {
            "block_id": block.get("block_id") or f"b{self._workspace.counters.next('block'):05d}"
        }
        for key in ("element", "accessory"):
            if isinstance(made.get(key), dict):
                made[key] = self._with_action_id(made[key])
        for key in _BUTTONS.get(made["type"], ()):
            made |= {key: [self._with_action_id(one) for one in made[key]]} if key in made else {}
        for key in BLOCKS_INSIDE.get(made["type"], ()):
            made |= {key: self.with_ids(made[key])} if key in made else {}
        return made

    def _with_action_id(self, element: Json) -> Json:
        if element.get("type") == "image":
            return element
        return element | {"action_id": element.get("action_id") or f"a{self._workspace.counters.next('action'):05d}"}

    def _hash(self) -> str:
        return f"{int(self._workspace.clock.now())}.{self._workspace.counters.next('hash'):08x}"


def _with_emoji(part: Json) -> Json:
    made = {key: _inside(value) for key, value in part.items()}
    return made | {"emoji": True} if part.get("type") == "plain_text" and "emoji" not in part else made


def _inside(value: object) -> object:
    if isinstance(value, dict):
        return _with_emoji(value)
    return [_inside(one) for one in value] if isinstance(value, list) else value

"""Guests, deactivated people, private channels, invitations; more people on demand, and a workspace that can be brought back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.sandbox.client import Sandbox, SandboxError, awaited
from bot.sandbox.seeds import Seed, SeedError
from bot.sandbox.server import SandboxServer

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from slack_bolt import App
    from slack_sdk import WebClient

    Connect = Callable[[App], AbstractContextManager[None]]

ROOM = "C0COMPOSERS"


def test_guest_sees_only_where_they_were_invited(sandbox: Sandbox) -> None:
    """A guest finds no channel of others, can make none, and may speak where a member brought them in."""
    gus = sandbox.person("gus")
    with pytest.raises(SandboxError, match="channel_not_found"):
        gus.say(ROOM, "hello")
    with pytest.raises(SandboxError, match="restricted_action"):
        gus.join(ROOM)
    with pytest.raises(SandboxError, match="restricted_action"):
        sandbox.create_channel("guests", [], by="gus")
    sandbox.person("ada").invite(ROOM, "gus")

    assert gus.say(ROOM, "hello")["user"] == "U0GUS"
    with pytest.raises(SandboxError, match="already_in_channel"):
        sandbox.person("ada").invite(ROOM, "gus")


def test_private_channel_is_for_its_members(sandbox: Sandbox, web: WebClient) -> None:
    """Outsiders and a bot outside know nothing of a private channel; invited, the bot sees a private, non-group channel."""
    secret = sandbox.create_channel("secret", ["ada"], private=True)
    with pytest.raises(SandboxError, match="channel_not_found"):
        sandbox.person("ben").join(secret)
    with pytest.raises(SlackApiError, match="channel_not_found"):
        web.conversations_info(channel=secret)
    with pytest.raises(SlackApiError, match="channel_not_found"):
        web.chat_postMessage(channel=secret, text="hello")
    sandbox.person("ada").invite(secret, "kantor")
    channel = web.conversations_info(channel=secret)["channel"]
    listed = [one["id"] for one in web.conversations_list(types="private_channel")["channels"]]

    assert (channel["is_private"], channel["is_channel"], channel["is_group"]) == (True, True, False)
    assert listed == [secret]
    with pytest.raises(SlackApiError, match="method_not_supported_for_channel_type"):
        web.conversations_join(channel=secret)


def test_events_of_a_private_channel(sandbox: Sandbox, app: App, connected: Connect) -> None:
    """Its messages are of the type group, its memberships of the type G, with who invited whom."""
    bodies: list[dict[str, Any]] = []

    @app.event("message")
    @app.event("member_joined_channel")
    def heard(event: dict[str, Any]) -> None:
        bodies.append(event)

    with connected(app):
        secret = sandbox.create_channel("secret", ["ada"], private=True)
        sandbox.person("ada").invite(secret, "kantor")
        joined = awaited(
            lambda: next((one for one in bodies if one["type"] != "message" and one["user"] == "U0KANTOR"), None),
            5,
            lambda: "the bot's joining",
        )
        sandbox.person("ada").say(secret, "psst")
        said = awaited(
            lambda: next((one for one in bodies if one.get("text") == "psst"), None), 5, lambda: "the message"
        )

    assert (joined["channel_type"], joined["inviter"]) == ("G", "U0ADA")
    assert (said["channel_type"], said["text"]) == ("group", "psst")


def test_old_private_channel_is_a_group() -> None:
    """A private channel with a G, from before 2021, is a group and no channel."""
    made = Seed.told({"channels": [{"name": "old", "id": "G0OLD", "private": True, "members": []}]}).channels[0]
    assert (made["is_group"], made["is_channel"], made["is_private"]) == (True, False, True)


def test_file_in_a_private_channel(sandbox: Sandbox) -> None:
    """It is shared privately, in the list of groups."""
    secret = sandbox.create_channel("secret", ["ada"], private=True)
    file = sandbox.person("ada").upload(secret, "a.txt", b"psst")["files"][0]
    assert (list(file["shares"]), file["groups"], file["channels"], file["is_public"]) == (
        ["private"],
        [secret],
        [],
        False,
    )


def test_deactivated_person(sandbox: Sandbox, web: WebClient) -> None:
    """A deactivated person is out of their channels, deleted for the app, and can do nothing until they are back."""
    before = web.conversations_open(users="U0BEN")["channel"]["id"]
    sandbox.deactivate("ben")
    with pytest.raises(SandboxError, match="deactivated"):
        sandbox.person("ben").say(ROOM, "hello")
    with pytest.raises(SlackApiError, match="user_disabled"):
        web.conversations_open(users="U0BEN")
    direct = next(one for one in web.conversations_list(types="im")["channels"] if one["id"] == before)
    members = web.conversations_members(channel=ROOM)["members"]
    deleted = web.users_info(user="U0BEN")["user"]["deleted"]
    sandbox.reactivate("ben")
    sandbox.person("ben").join(ROOM)

    assert (deleted, direct["is_user_deleted"], "U0BEN" in members) == (True, True, False)
    assert sandbox.person("ben").say(ROOM, "back")["text"] == "back"


def test_nobody_leaves_general(sandbox: Sandbox) -> None:
    """#general cannot be left, others can."""
    with pytest.raises(SandboxError, match="cant_leave_general"):
        sandbox.person("ada").leave("general")


def test_app_makes_and_leaves_a_channel(sandbox: Sandbox, web: WebClient) -> None:
    """The app can make a channel, invite people and leave again."""
    made = web.conversations_create(name="jam", is_private=False)["channel"]
    web.conversations_invite(channel=made["id"], users="U0ADA,U0BEN")
    web.conversations_leave(channel=made["id"])
    members = sandbox.state("ada", channel="jam")["channels"][0]["members"]
    with pytest.raises(SlackApiError, match="name_taken"):
        web.conversations_create(name="jam")
    with pytest.raises(SlackApiError, match="invalid_name_specials"):
        web.conversations_create(name="No such name")
    assert members == ["U0ADA", "U0BEN"]


SEED = {
    "people": [
        {"handle": "kim", "name": "Kim", "admin": True, "tz": "Asia/Tokyo"},
        {"handle": "lee", "name": "Lee", "guest": True},
        {"handle": "pat", "name": "Pat", "id": "U123", "deactivated": True},
    ],
    "channels": [{"name": "studio", "members": ["kim", "lee"], "purpose": "Sound."}, {"name": "quiet", "bot": False}],
}


def test_seed_file(tmp_path: Path) -> None:
    """A workspace begins with the people and channels of its file, again after a reset; its first person looks first."""
    file = tmp_path / "seed.json"
    file.write_text(json.dumps(SEED), encoding="utf-8")
    with SandboxServer(seed=file) as server, Sandbox(server.base_url) as sandbox:
        before = {one["name"]: one for one in sandbox.state("kim")["users"]}
        sandbox.person("kim").say("studio", "hello")
        sandbox.reset()
        state = sandbox.state("kim")
        unasked = sandbox.http.get("/sandbox/state").json()["me"]["id"]
    channels = {one["name"]: one for one in state["channels"]}

    assert set(before) == {"kim", "lee", "pat", "kantor"}
    assert (before["kim"]["tz_offset"], before["lee"]["is_restricted"], before["pat"]["id"]) == (32400, True, "U123")
    assert channels["studio"]["members"] == ["U0KIM", "U0LEE", "U0KANTOR"]
    assert (channels["general"]["members"], channels["quiet"]["members"]) == (["U0KIM", "U0KANTOR"], ["U0KIM"])
    assert (channels["studio"]["messages"], unasked) == ([], "U0KIM")


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ([], '"people" and "channels"'),
        ({"persons": []}, '"people" and "channels"'),
        ({"people": {}}, "must be a list"),
        ({"people": [{"handle": "kim"}]}, "needs handle and name"),
        ({"people": [{"handle": "Kim!", "name": "Kim"}]}, "is no handle"),
        ({"people": [{"handle": "kim", "name": "Kim", "tz": "Nowhere"}]}, "is no time zone"),
        ({"people": [{"handle": "kim", "name": "Kim", "age": 3}]}, "A person has no age"),
        ({"channels": [{"name": "The Room"}]}, "is no channel name"),
        ({"channels": [{"name": "room", "members": ["nobody"]}]}, "whom nobody knows: nobody"),
    ],
)
def test_wrong_seeds_say_what_to_change(told: Any, sentence: str) -> None:
    """A seed that makes no sense is refused with a sentence."""
    with pytest.raises(SeedError, match=sentence):
        Seed.told(told)


def test_more_people_later(sandbox: Sandbox, web: WebClient) -> None:
    """People and channels can be added while it runs, for a crowd; who is there already stays."""
    crowd = [{"handle": f"p{number}", "name": f"P {number}"} for number in range(50)]
    sandbox.seed(crowd, [{"name": "crowd", "members": ["ada", *(one["handle"] for one in crowd)]}])
    with pytest.raises(SandboxError, match="whom nobody knows"):
        sandbox.seed([], [{"name": "other", "members": ["nobody"]}])
    assert len(web.conversations_members(channel="C0CROWD", limit=200)["members"]) == 52
    assert sandbox.person("p7").say("crowd", "hi")["user"] == "U0P7"


def test_snapshot(sandbox: Sandbox, web: WebClient) -> None:
    """Messages, files, counters and the clock come back as they were; an unknown snapshot is refused."""
    ada = sandbox.person("ada")
    kept = ada.upload(ROOM, "a.txt", b"kept")["files"][0]["id"]
    sandbox.snapshot("start")
    now = sandbox.advance(0)
    first = ada.upload(ROOM, "b.txt", b"gone")["files"][0]["id"]
    ada.say(ROOM, "gone")
    sandbox.advance(5000)
    sandbox.restore("start")
    second = ada.upload(ROOM, "c.txt", b"new")["files"][0]["id"]

    assert first == second
    assert (sandbox.file_bytes(kept), sandbox.file_bytes(second)) == (b"kept", b"new")
    assert sandbox.advance(0) - now < 1000
    assert [one["files"][0]["name"] for one in sandbox.all_messages(ROOM)] == ["a.txt", "c.txt"]
    with pytest.raises(SandboxError, match="snapshot_not_found"):
        sandbox.restore("end")


def test_archived_channel(sandbox: Sandbox, web: WebClient) -> None:
    """Nobody can write there, nor share a file, and it is archived once; #general never is."""
    ada = sandbox.person("ada")
    ada.archive(ROOM)
    assert web.conversations_info(channel=ROOM)["channel"]["is_archived"]
    with pytest.raises(SlackApiError, match="is_archived"):
        web.chat_postMessage(channel=ROOM, text="hi")
    with pytest.raises(SlackApiError, match="is_archived"):
        web.files_upload_v2(channel=ROOM, filename="a.txt", content=b"text")
    with pytest.raises(SandboxError, match="is_archived"):
        ada.say(ROOM, "hi")
    with pytest.raises(SandboxError, match="already_archived"):
        ada.archive(ROOM)
    with pytest.raises(SandboxError, match="cant_archive_general"):
        ada.archive("general")

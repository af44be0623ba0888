"""The Web API in Slack's shapes and errors, asked by Slack's own client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

if TYPE_CHECKING:
    from bot.sandbox.client import Sandbox
    from bot.sandbox.server import SandboxServer

ROOM = "C0COMPOSERS"


def refusal(web: WebClient, method: str, **args: Any) -> str:
    """Give the error of a call that must fail."""
    with pytest.raises(SlackApiError) as failure:
        web.api_call(method, json=args)
    return str(failure.value.response["error"])


def test_auth_test(web: WebClient) -> None:
    """The bot knows who it is."""
    answer = web.auth_test()
    assert (answer["user_id"], answer["bot_id"], answer["team_id"]) == ("U0KANTOR", "B0KANTOR", "T0SANDBOX")


@pytest.mark.parametrize(
    ("method", "args", "error"),
    [
        ("chat.postMessage", {"channel": "C0LOUNGE", "text": "x"}, "not_in_channel"),
        ("chat.postMessage", {"channel": "C9", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": ROOM}, "no_text"),
        ("chat.postMessage", {"channel": ROOM, "text": "x" * 40_001}, "msg_too_long"),
        ("chat.postMessage", {"text": "x"}, "invalid_arguments"),
        ("chat.postMessage", {"channel": ROOM, "text": "x", "thread_ts": "1.0"}, "thread_not_found"),
        ("chat.postMessage", {"channel": ROOM, "blocks": [{"type": "nonsense"}]}, "invalid_blocks"),
        (
            "chat.postMessage",
            {"channel": ROOM, "text": "x", "metadata": {"event_type": "k"}},
            "invalid_metadata_format",
        ),
        ("chat.postEphemeral", {"channel": ROOM, "text": "x", "user": "U0GUS"}, "user_not_in_channel"),
        ("chat.update", {"channel": ROOM, "ts": "1.0", "text": "x"}, "message_not_found"),
        ("chat.delete", {"channel": ROOM, "ts": "1.0"}, "message_not_found"),
        ("conversations.open", {"users": "U9"}, "user_not_found"),
        ("conversations.open", {"users": "U0DINA"}, "user_disabled"),
        ("conversations.history", {"channel": "C0LOUNGE"}, "not_in_channel"),
        ("conversations.list", {"cursor": "?"}, "invalid_cursor"),
        ("users.info", {"user": "U9"}, "user_not_found"),
        ("views.open", {"trigger_id": "1.2", "view": {}}, "invalid_trigger_id"),
        ("views.update", {"view_id": "V9", "view": {"type": "home", "blocks": []}}, "not_found"),
        ("files.info", {"file": "F9"}, "file_not_found"),
        ("usergroups.users.list", {"usergroup": "S1"}, "paid_teams_only"),
        ("chat.nonsense", {}, "unknown_method"),
    ],
)
def test_refusals(method: str, args: dict[str, Any], error: str, web: WebClient) -> None:
    """What Slack refuses is refused with Slack's word for it."""
    assert error == refusal(web, method, **args)


def test_tokens(server: SandboxServer) -> None:
    """No token, a wrong one and one of the wrong kind have their own errors."""
    tokens = {None: "not_authed", "xoxb-other": "invalid_auth", server.app_token: "not_allowed_token_type"}
    seen = {token: refusal(WebClient(token=token, base_url=server.api_url), "auth.test") for token in tokens}
    assert tokens == seen


def test_a_persons_message_is_not_the_apps(web: WebClient, sandbox: Sandbox) -> None:
    """The app can change and delete only what it posted."""
    ts = sandbox.person("ada").say(ROOM, "mine")["ts"]
    assert refusal(web, "chat.update", channel=ROOM, ts=ts, text="x") == "cant_update_message"
    assert refusal(web, "chat.delete", channel=ROOM, ts=ts) == "cant_delete_message"


def test_update_and_delete(web: WebClient, sandbox: Sandbox) -> None:
    """An update keeps the ts and marks the message as edited; a deleted one is gone."""
    ts = web.chat_postMessage(channel=ROOM, text="one")["ts"]
    web.chat_update(channel=ROOM, ts=ts, text="two")
    changed = sandbox.person("ada").wait_for_message(ROOM, "two")
    web.chat_delete(channel=ROOM, ts=ts)

    assert (changed["ts"], changed["edited"]["user"]) == (ts, "U0KANTOR")
    assert sandbox.all_messages(ROOM) == []


def test_history_pages_and_threads(web: WebClient) -> None:
    """History comes newest first in pages without replies; a thread comes parent first; metadata only when asked for."""
    metadata = {"event_type": "key", "event_payload": {"n": 1}}
    sent = [web.chat_postMessage(channel=ROOM, text=f"m{n}", metadata=metadata)["ts"] for n in range(5)]
    web.chat_postMessage(channel=ROOM, text="reply", thread_ts=sent[0])
    pages = [page["messages"] for page in web.conversations_history(channel=ROOM, limit=2)]
    thread = web.conversations_replies(channel=ROOM, ts=sent[0])["messages"]
    known = web.conversations_history(channel=ROOM, limit=1, include_all_metadata=True)["messages"][0]

    texts = [[one["text"] for one in page] for page in pages]
    assert texts == [["m4", "m3"], ["m2", "m1"], ["m0"]]
    assert [one["text"] for one in thread] == ["m0", "reply"]
    assert (thread[0]["reply_count"], thread[1]["parent_user_id"]) == (1, "U0KANTOR")
    assert ("metadata" in pages[0][0], known["metadata"]) == (False, metadata)


def test_direct_messages_by_user_id(web: WebClient, sandbox: Sandbox) -> None:
    """conversations.open and a post to a user's id lead to the same DM, seen by the two alone."""
    opened = web.conversations_open(users="U0ADA")["channel"]["id"]
    posted = web.chat_postMessage(channel="U0ADA", text="psst")["channel"]

    assert opened == posted
    assert sandbox.person("ada").wait_for_message(opened, "psst")["user"] == "U0KANTOR"
    assert sandbox.person("ben").messages(opened) == []


def test_lists_of_people_and_channels(web: WebClient) -> None:
    """All demo people are there with their flags; members and channels come in pages."""
    people = {one["name"]: one for one in web.users_list()["members"]}
    members = [one for page in web.conversations_members(channel=ROOM, limit=3) for one in page["members"]]
    mine = [one["name"] for one in web.users_conversations()["channels"]]

    assert {"olive", "ada", "ben", "cleo", "judy", "jack", "gus", "dina", "kantor"} == set(people)
    assert (people["olive"]["is_admin"], people["gus"]["is_restricted"], people["dina"]["deleted"]) == (
        True,
        True,
        True,
    )
    assert ("U0GUS" in members, "U0KANTOR" in members, len(members)) == (False, True, 7)
    assert mine == ["general", "composers"]


def test_faults_on_calls(web: WebClient, sandbox: Sandbox) -> None:
    """A rate limit, a server's error and a chosen error come as ordered, as often as ordered."""
    sandbox.fault(method="chat.postMessage", mode="rate_limited", retry_after=7)
    sandbox.fault(method="chat.postMessage", mode="error", error="fatal_error", times=2, match="again")
    with pytest.raises(SlackApiError) as limited:
        web.chat_postMessage(channel=ROOM, text="x")
    errors = [refusal(web, "chat.postMessage", channel=ROOM, text="again") for _ in range(2)]
    answer = web.chat_postMessage(channel=ROOM, text="again")

    assert (limited.value.response.status_code, limited.value.response.headers["Retry-After"]) == (429, "7")
    assert (errors, answer["ok"]) == (["fatal_error", "fatal_error"], True)


def test_no_token_in_the_log(web: WebClient, server: SandboxServer, sandbox: Sandbox) -> None:
    """A token is in no line of the log, however it was sent."""
    web.auth_test()
    httpx.post(f"{server.api_url}auth.test", data={"token": server.bot_token})
    assert server.bot_token not in str(sandbox.log())


def test_response_url_rules(sandbox: Sandbox, server: SandboxServer) -> None:
    """An address that nobody handed out is refused."""
    answer = httpx.post(f"{server.base_url}/hooks/actions/T0SANDBOX/1/0", json={"text": "x"})
    assert (answer.status_code, answer.json()["error"]) == (404, "invalid_url")

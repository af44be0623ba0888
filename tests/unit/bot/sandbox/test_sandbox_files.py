"""Files: three steps up, a token down, shared a moment later, MIDI in both of Slack's profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from slack_sdk.errors import SlackApiError

from bot.sandbox.client import SandboxError, awaited

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from bot.sandbox.client import Sandbox
    from bot.sandbox.server import SandboxServer

ROOM = "C0COMPOSERS"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x02\x00\x00\x00\x03" + bytes(8)
MIDI = b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x00\x60"


def test_upload_is_shared_a_moment_later(web: WebClient, sandbox: Sandbox) -> None:
    """The third step answers with an untyped, unshared file, whose message with type, text and thread follows."""
    parent = sandbox.person("ada").say(ROOM, "listen")
    answer = web.files_upload_v2(
        channel=ROOM, thread_ts=parent["ts"], filename="roll.png", content=PNG, alt_txt="A roll", initial_comment="Card"
    )
    message = sandbox.person("ada").wait_for_message(ROOM, "Card")
    info = awaited(
        lambda: file if (file := web.files_info(file=answer["file"]["id"])["file"])["shares"] else None,
        5,
        lambda: "shares",
    )

    assert (answer["file"]["mimetype"], answer["file"]["shares"]) == ("", {})
    assert (message["subtype"], message["thread_ts"], message["files"][0]["mimetype"]) == (
        "file_share",
        parent["ts"],
        "image/png",
    )
    assert info["shares"]["public"][ROOM][0]["ts"] == message["ts"]
    assert (info["alt_txt"], info["original_w"], info["original_h"]) == ("A roll", 2, 3)


def test_download_needs_the_token(server: SandboxServer, sandbox: Sandbox) -> None:
    """With the token come the bytes; without it a page to sign in, with status 200, as at Slack."""
    message = sandbox.person("ada").upload(ROOM, "a.mid", MIDI, "my piece")
    url = message["files"][0]["url_private_download"]
    with_token = httpx.get(url, headers={"Authorization": f"Bearer {server.bot_token}"})
    without = httpx.get(url)

    assert with_token.content == MIDI
    assert (without.status_code, without.text[:15]) == (200, "<!DOCTYPE html>")
    assert sandbox.file_bytes(message["files"][0]["id"]) == MIDI


def test_midi_comes_in_both_profiles(sandbox: Sandbox) -> None:
    """Some MIDI files are called binary and some mid, whatever the person's browser said."""
    ada = sandbox.person("ada")
    files = [ada.upload(ROOM, f"{n}.mid", MIDI, mimetype="audio/midi")["files"][0] for n in range(8)]
    assert {(one["filetype"], one["mimetype"]) for one in files} == {
        ("mid", "audio/midi"),
        ("binary", "application/octet-stream"),
    }


def test_picture_in_a_block_must_be_ready(web: WebClient, sandbox: Sandbox) -> None:
    """A block with a file that Slack has not typed yet is refused; a moment later it is shown."""
    announced = web.files_getUploadURLExternal(filename="roll.png", length=len(PNG))
    httpx.post(announced["upload_url"], content=PNG)
    web.files_completeUploadExternal(files=[{"id": announced["file_id"], "title": "Roll"}])
    block = {"type": "image", "slack_file": {"id": announced["file_id"]}, "alt_text": "A roll"}
    with pytest.raises(SlackApiError, match="invalid slack file"):
        web.chat_postMessage(channel=ROOM, text="early", blocks=[block])
    awaited(lambda: web.files_info(file=announced["file_id"])["file"]["mimetype"] or None, 5, lambda: "its type")
    web.chat_postMessage(channel=ROOM, text="in time", blocks=[block])
    answer = httpx.get(f"{sandbox.base_url}/sandbox/files/{announced['file_id']}", params={"as": "U0ADA"})

    assert (answer.content, answer.headers["content-type"]) == (PNG, "image/png")


def test_files_are_seen_only_where_shared(sandbox: Sandbox) -> None:
    """A file in a DM is not for others; players can ask for a part of what they may hear."""
    ada = sandbox.person("ada")
    file_id = ada.upload(ada.open_dm(), "a.mp3", b"0123456789", mimetype="audio/mpeg")["files"][0]["id"]
    url = f"{sandbox.base_url}/sandbox/files/{file_id}"
    part = httpx.get(url, params={"as": "U0ADA"}, headers={"Range": "bytes=2-4"})
    other = httpx.get(url, params={"as": "U0BEN"})

    assert (part.status_code, part.content, part.headers["content-range"]) == (206, b"234", "bytes 2-4/10")
    assert other.status_code == 404


def test_wrong_bytes_are_not_completed(web: WebClient) -> None:
    """Bytes of another length than announced are refused, and the file cannot be completed."""
    announced = web.files_getUploadURLExternal(filename="a.png", length=5)
    status = httpx.post(announced["upload_url"], content=b"too many bytes").status_code
    with pytest.raises(SlackApiError, match="file_not_found"):
        web.files_completeUploadExternal(files=[{"id": announced["file_id"], "title": "x"}])

    assert status == 400


def test_deleted_file_leaves_a_tombstone(web: WebClient, sandbox: Sandbox) -> None:
    """A person deletes their file: its message shows a tombstone, the app hears file_deleted; nobody else can."""
    ada = sandbox.person("ada")
    file_id = ada.upload(ROOM, "a.mid", MIDI)["files"][0]["id"]
    with pytest.raises(SandboxError, match="only your own files"):
        sandbox.act("delete_file", "ben", file=file_id)
    sandbox.act("delete_file", "ada", file=file_id)
    with pytest.raises(SlackApiError, match="file_deleted"):
        web.files_info(file=file_id)

    assert ada.messages(ROOM)[-1]["files"] == [{"id": file_id, "mode": "tombstone"}]


def test_download_fault(server: SandboxServer, sandbox: Sandbox) -> None:
    """A download can be made to fail."""
    url = sandbox.person("ada").upload(ROOM, "a.mid", MIDI)["files"][0]["url_private"]
    sandbox.fault(method="download", mode="http_500")
    headers = {"Authorization": f"Bearer {server.bot_token}"}

    assert [httpx.get(url, headers=headers).status_code for _ in range(2)] == [500, 200]

"""The postman against the sandbox: every letter once, whatever fails in between."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

import httpx
import pytest

from bot.attempts import Deadline
from bot.errors import Overtaken, RateLimited, Unavailable, Undeliverable
from bot.ports import Enclosure, Letter, Posted
from bot.usecases.judging.letters import RatingInvitation
from bot.usecases.messages import dump
from bot.usecases.records.letters import ExportReady
from bot.usecases.submissions.letters import Card, Receipt
from handlers.slack import postman as history
from handlers.slack.clients import posting_client
from handlers.slack.postman import SlackPostman
from tests.makers.fakes import MemoryObjects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.client import Sandbox
    from bot.sandbox.server import SandboxServer
    from bot.usecases.messages import Message

COMPOSERS = "C0COMPOSERS"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(16)
MP3 = b"ID3" + bytes(64)

CARD = Card(
    title="Tide", name="#jam-ada-Tide", bars=8, key="G major", meter="4/4", seconds=17, alt_text="A roll", has_sound=True
)  # fmt: skip
INVITATION = RatingInvitation(
    contest_name="Jam", submission_id="s1", alias="quiet heron", alt_text="A roll", has_sound=True
)
UPLOADS = (
    Enclosure("s1/picture.png", "Tide.png", "Tide", "A roll of eight bars"),
    Enclosure("s1/sound.mp3", "Tide.mp3", "Tide"),
)


def stored() -> MemoryObjects:
    """Two objects in memory."""
    return MemoryObjects({"s1/picture.png": PNG, "s1/sound.mp3": MP3})


class Breaking(ThreadingHTTPServer):
    """Takes a request, and closes the connection without an answer."""

    def __init__(self) -> None:
        self.posts = 0
        super().__init__(("127.0.0.1", 0), _CutOff)

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class _CutOff(BaseHTTPRequestHandler):
    server: Breaking

    def do_POST(self) -> None:
        self.server.posts += 1
        self.close_connection = True


@dataclass
class Kept:
    """A claim that nobody takes away before its ``lost_at``-th renewal, and the files that it was asked to remember."""

    remembered: dict[str, str] = field(default_factory=dict)
    lost_at: int | None = None
    renewals: int = 0

    def renew(self) -> None:
        """Hold it, or say that it is lost."""
        self.renewals += 1
        if self.renewals == self.lost_at:
            raise Overtaken("another has it")

    def remember(self, object_key: str, file_id: str) -> None:
        """Keep it."""
        self.remembered[object_key] = file_id


@dataclass
class Post:
    """A postman, and what he was asked to remember."""

    postman: SlackPostman
    sandbox: Sandbox
    claim: Kept = field(default_factory=Kept)

    @property
    def remembered(self) -> dict[str, str]:
        """Slack's ids of files, by their objects."""
        return self.claim.remembered

    def deliver(self, letter: Letter) -> Any:
        """Deliver, and give the place."""
        return self.postman.deliver(letter, self.claim)

    def again(self, letter: Letter) -> Letter:
        """The same letter as its next claim would hand it out."""
        uploads = tuple(replace(each, file_id=self.remembered.get(each.object_key)) for each in letter.uploads)
        return replace(letter, uploads=uploads, tried_before=True)

    def there(self, channel: str = COMPOSERS) -> list[Any]:
        """The messages of the channel, without what it began with."""
        return [each for each in self.sandbox.all_messages(channel) if each["user"] == "U0KANTOR"]


@pytest.fixture
def post(server: SandboxServer, sandbox: Sandbox) -> Iterator[Post]:
    """A postman in a fresh workspace."""
    sandbox.reset()
    with httpx.Client() as http:
        client = posting_client(server.bot_token, server.api_url)
        yield Post(SlackPostman(client, stored(), http, patience=3), sandbox)


def _letter(
    message: Message, to: str = COMPOSERS, uploads: tuple[Enclosure, ...] = (), thread: str | None = None
) -> Letter:
    return Letter("key:1", to, thread, dump(message), uploads, tried_before=False, written_at=datetime.now(UTC))


RECEIPT = Receipt(name="#jam-ada-Tide", number=1, limit=3)


def test_message_with_its_key(post: Post) -> None:
    """A letter is a message with text, blocks and its key in the metadata."""
    posted = post.deliver(_letter(RECEIPT))
    (message,) = post.there()
    assert (posted.channel_id, posted.ts) == (COMPOSERS, message["ts"])
    assert message["metadata"] == {"event_type": "kantor_letter", "event_payload": {"key": "key:1"}}
    assert "#jam-ada-Tide" in message["text"]
    assert message["blocks"]


def _edit(message: Message, place: Posted, key: str = "key:2") -> Letter:
    return Letter(
        key, COMPOSERS, None, dump(message), (), tried_before=False, written_at=datetime.now(UTC), rewrites=place
    )


def test_an_edit_rewrites_the_message(post: Post) -> None:
    """The same message says something else and carries the new key; a second try changes nothing."""
    place = post.deliver(_letter(RECEIPT))
    letter = _edit(RECEIPT.model_copy(update={"name": "#jam-ada-Ebb"}), place)
    assert place == post.deliver(letter)
    assert place == post.deliver(replace(letter, tried_before=True))
    (message,) = post.there()
    assert place.ts == message["ts"]
    assert "#jam-ada-Ebb" in message["text"]
    assert "#jam-ada-Ebb" in str(message["blocks"])
    assert message["metadata"] == {"event_type": "kantor_letter", "event_payload": {"key": "key:2"}}


def test_a_deleted_message_cannot_be_rewritten(post: Post) -> None:
    """It says so for good, instead of trying for ever."""
    with pytest.raises(Undeliverable, match="message_not_found"):
        post.deliver(_edit(RECEIPT, Posted(COMPOSERS, "1.000100")))


def test_somebody_elses_message_cannot_be_rewritten(post: Post, sandbox: Sandbox) -> None:
    """As above."""
    theirs = sandbox.person("ada").say(COMPOSERS, "hello")
    with pytest.raises(Undeliverable, match="cant_update_message"):
        post.deliver(_edit(RECEIPT, Posted(COMPOSERS, theirs["ts"])))


def test_the_button_below_a_piece_can_be_rewritten(post: Post) -> None:
    """A piece to rate is a share without words and a message with the button: the edit meets the latter."""
    place = post.deliver(_letter(INVITATION, uploads=UPLOADS))
    post.deliver(_edit(RECEIPT, place))
    share, button = post.there()
    assert 2 == len(share["files"])
    assert "#jam-ada-Tide" in button["text"]


@pytest.mark.parametrize("letter", [_letter(RECEIPT), _letter(CARD, uploads=UPLOADS)], ids=["message", "share"])
def test_nothing_goes_out_without_the_claim(post: Post, letter: Letter) -> None:
    """Where another has taken the letter up meanwhile, the postman stops right before Slack would show it."""
    post.claim.lost_at = 1
    with pytest.raises(Overtaken):
        post.deliver(letter)
    assert [] == post.there()


def test_what_is_fetched_by_link_does_not_go_out(post: Post) -> None:
    """The letter does, as a message of its own."""
    export = ExportReady(
        contest_name="Spring Jam", made_at=datetime.now(UTC), submissions=2, ratings=1, kept_days=7, order="a1"
    )
    post.deliver(_letter(export, uploads=tuple(replace(each, by_link=True) for each in UPLOADS)))
    (message,) = post.there()
    assert (None, True) == (message.get("files"), "fetch_file" in str(message["blocks"]))


def test_a_twin_can_be_taken_back(post: Post) -> None:
    """One of two messages goes, the other stays; what is gone already cannot be taken back, and says so."""
    first = post.deliver(_letter(RECEIPT))
    second = post.deliver(_letter(RECEIPT))
    post.postman.withdraw(second)
    assert [first.ts] == [message["ts"] for message in post.there()]
    with pytest.raises(Undeliverable, match="message_not_found"):
        post.postman.withdraw(second)


def test_no_late_edit_without_the_claim(post: Post) -> None:
    """An edit that others have overtaken does not bring its old words back."""
    place = post.deliver(_letter(RECEIPT))
    post.claim.lost_at = 2
    with pytest.raises(Overtaken):
        post.deliver(_edit(RECEIPT.model_copy(update={"name": "#jam-ada-Ebb"}), place))
    assert "#jam-ada-Tide" in post.there()[0]["text"]


def test_the_button_needs_the_claim_as_well(post: Post) -> None:
    """Files and button are two sends, and each is asked for by itself."""
    post.claim.lost_at = 2
    with pytest.raises(Overtaken):
        post.deliver(_letter(INVITATION, uploads=UPLOADS))
    assert [2] == [len(message["files"]) for message in post.there()]


@pytest.mark.parametrize("in_thread", [False, True])
def test_sent_message_is_found_behind_a_thousand_others(post: Post, sandbox: Sandbox, *, in_thread: bool) -> None:
    """However much was said between the crash and the restart, the letter is found, and is not sent twice."""
    ada = sandbox.person("ada")
    thread = ada.say(COMPOSERS, "hello")["ts"] if in_thread else None
    letter = _letter(RECEIPT, thread=thread)
    place = post.deliver(letter)
    for number in range(1, 1002):
        ada.say(COMPOSERS, f"{number} bottles", thread_ts=thread)
    assert place == post.deliver(post.again(letter))


def test_messages_before_the_letter_are_not_looked_at(post: Post, sandbox: Sandbox) -> None:
    """A letter that is new to Slack costs one look, however long the channel's history is."""
    for number in range(1, 202):
        sandbox.person("ada").say(COMPOSERS, f"{number} bottles")
    letter = replace(_letter(RECEIPT), written_at=datetime.now(UTC) + 2 * history.SKEW, tried_before=True)
    before = len(_looks(sandbox))
    post.deliver(letter)
    assert 1 == len(_looks(sandbox)) - before


def _looks(sandbox: Sandbox) -> list[Any]:
    return [entry for entry in sandbox.log() if entry["name"] == "conversations.history"]


def test_message_to_a_person(post: Post, sandbox: Sandbox) -> None:
    """A letter to a person goes to the direct messages."""
    posted = post.deliver(_letter(RECEIPT, "U0ADA"))
    assert posted.channel_id == sandbox.person("ada").open_dm()
    assert len(post.there(posted.channel_id)) == 1


@pytest.mark.parametrize("in_thread", [False, True])
def test_sent_message_is_found(post: Post, sandbox: Sandbox, *, in_thread: bool) -> None:
    """A second try finds the message, in the channel or the thread, and sends nothing."""
    thread = sandbox.person("ada").say(COMPOSERS, "hello")["ts"] if in_thread else None
    letter = _letter(RECEIPT, thread=thread)
    assert post.deliver(letter) == post.deliver(post.again(letter))
    assert len(post.there()) == 1


def test_another_key_is_another_letter(post: Post) -> None:
    """Only the key counts: the same words under another key are sent."""
    post.deliver(_letter(RECEIPT))
    post.deliver(replace(_letter(RECEIPT), key="key:2", tried_before=True))
    assert len(post.there()) == 2


def test_lost_answer(post: Post, sandbox: Sandbox) -> None:
    """Where Slack took the message and the answer got lost, the second try finds it."""
    sandbox.fault(method="chat.postMessage", mode="http_500")
    letter = _letter(RECEIPT)
    with pytest.raises(Unavailable):
        post.deliver(letter)
    post.deliver(post.again(letter))
    assert len(post.there()) == 1


def test_card_is_one_share(post: Post, sandbox: Sandbox) -> None:
    """A card is one message in the thread: its words, the picture with its alt text, and the sound."""
    thread = sandbox.person("ada").say(COMPOSERS, "hello")["ts"]
    posted = post.deliver(_letter(CARD, uploads=UPLOADS, thread=thread))
    (message,) = post.there()
    assert (message["ts"], message["thread_ts"]) == (posted.ts, thread)
    assert message["text"].startswith("🎼 *Tide*\n8 bars")
    assert [file["name"] for file in message["files"]] == ["Tide.png", "Tide.mp3"]
    assert message["files"][0]["alt_txt"] == "A roll of eight bars"
    assert [sandbox.file_bytes(file["id"]) for file in message["files"]] == [PNG, MP3]
    assert post.remembered == dict(
        zip(("s1/picture.png", "s1/sound.mp3"), (f["id"] for f in message["files"]), strict=True)
    )


def test_shared_card_is_found(post: Post) -> None:
    """A second try finds the share by its files, and shares nothing."""
    letter = _letter(CARD, uploads=UPLOADS)
    assert post.deliver(letter) == post.deliver(post.again(letter))
    assert len(post.there()) == 1


@pytest.mark.parametrize("call", ["files.getUploadURLExternal", "upload", "files.completeUploadExternal"])
def test_card_after_a_failure(post: Post, sandbox: Sandbox, call: str) -> None:
    """Whichever step failed, the second try ends in one share."""
    sandbox.fault(method=call, mode="http_500")
    letter = _letter(CARD, uploads=UPLOADS)
    with pytest.raises(Unavailable):
        post.deliver(letter)
    post.deliver(post.again(letter))
    (message,) = post.there()
    assert len(message["files"]) == 2


def test_share_without_an_answer(post: Post, sandbox: Sandbox) -> None:
    """Where the share was taken and its answer was cut off, the second try finds it."""
    whose, where = str(post.postman.client.token), str(post.postman.client.base_url)
    impatient = posting_client(whose, where, Deadline(3.0))
    fault = sandbox.fault(method="files.completeUploadExternal", mode="hold_after")
    letter = _letter(CARD, uploads=UPLOADS)
    with pytest.raises(Unavailable):
        Post(replace(post.postman, client=impatient), sandbox, post.claim).deliver(letter)
    sandbox.release(fault)
    post.deliver(post.again(letter))
    assert len(post.there()) == 1


def test_late_share(post: Post) -> None:
    """A share that does not appear in time is no success yet; the second try finds it and shares nothing."""
    letter = _letter(CARD, uploads=UPLOADS)
    with pytest.raises(Unavailable):
        Post(replace(post.postman, patience=0), post.sandbox, post.claim).deliver(letter)
    post.deliver(post.again(letter))
    assert len(post.there()) == 1


def test_thread_that_was_deleted(post: Post, sandbox: Sandbox) -> None:
    """Where the upload was deleted meanwhile, looking for the answer finds nothing and is no failure of its own."""
    ada = sandbox.person("ada")
    message = ada.say(COMPOSERS, "hello")
    ada.delete(message, COMPOSERS)
    sandbox.fault(method="conversations.replies", mode="error", error="thread_not_found")
    assert history.find(post.postman.client, Posted(COMPOSERS, message["ts"]), "key:1", datetime.now(UTC)) is None


def test_files_that_slack_forgot(post: Post) -> None:
    """Files that were handed over long ago and are unknown to Slack are handed over anew."""
    post.remembered.update({"s1/picture.png": "F0GONE1", "s1/sound.mp3": "F0GONE2"})
    post.deliver(post.again(_letter(CARD, uploads=UPLOADS)))
    (message,) = post.there()
    assert list(post.remembered.values()) == [file["id"] for file in message["files"]]


def test_invitation_is_files_then_a_button(post: Post) -> None:
    """A judge gets the files first, then the message with the button; a second try adds neither."""
    letter = _letter(INVITATION, "U0JUDY", UPLOADS)
    posted = post.deliver(letter)
    assert post.deliver(post.again(letter)) == posted
    files, button = post.there(posted.channel_id)
    assert (len(files["files"]), files["text"]) == (2, "")
    assert button["blocks"][1]["elements"][0]["value"] == "s1:preliminary"


def test_invitation_between_files_and_button(post: Post, sandbox: Sandbox) -> None:
    """Where only the files went out, the second try adds the button alone."""
    sandbox.fault(method="chat.postMessage", mode="error", error="internal_error")
    letter = _letter(INVITATION, "U0JUDY", UPLOADS)
    with pytest.raises(Unavailable):
        post.deliver(letter)
    posted = post.deliver(post.again(letter))
    assert [len(message.get("files", [])) for message in post.there(posted.channel_id)] == [2, 0]


@pytest.mark.parametrize("call", ["chat.postMessage", "conversations.open"])
def test_rate_limit_says_how_long(post: Post, sandbox: Sandbox, call: str) -> None:
    """Slack's 429 becomes a RateLimited with its seconds; the postman does not wait himself."""
    sandbox.fault(method=call, mode="rate_limited", retry_after=7)
    with pytest.raises(RateLimited) as limited:
        post.deliver(_letter(RECEIPT, "U0ADA"))
    assert limited.value.retry_after == 7


@pytest.mark.parametrize(
    "code", ["channel_not_found", "is_archived", "not_in_channel", "user_disabled", "cannot_dm_bot"]
)
def test_for_good(post: Post, sandbox: Sandbox, code: str) -> None:
    """What Slack will never take is undeliverable, and says Slack's word for it."""
    sandbox.fault(method="chat.postMessage", mode="error", error=code)
    with pytest.raises(Undeliverable, match=code):
        post.deliver(_letter(RECEIPT))


@pytest.mark.parametrize("code", ["internal_error", "fatal_error", "invalid_auth", "missing_scope", "never_heard_of"])
def test_for_now(post: Post, sandbox: Sandbox, code: str) -> None:
    """What may pass, or what an operator can mend, is tried again."""
    sandbox.fault(method="chat.postMessage", mode="error", error=code)
    with pytest.raises(Unavailable, match=code):
        post.deliver(_letter(RECEIPT))


def test_channel_without_the_bot(post: Post) -> None:
    """A channel that the bot is not in is undeliverable."""
    with pytest.raises(Undeliverable):
        post.deliver(_letter(RECEIPT, "C0LOUNGE"))


def test_missing_object(post: Post) -> None:
    """A letter whose file is not there can never be sent."""
    with pytest.raises(Undeliverable, match="s1/none"):
        post.deliver(_letter(CARD, uploads=(Enclosure("s1/none", "x.png", "x"),)))


def test_connection_cut_in_an_answer() -> None:
    """Where the connection breaks after Slack may have taken a message, the client sends no second one by itself."""
    with Breaking() as there, httpx.Client() as http:
        postman = SlackPostman(posting_client("xoxb-x", f"http://127.0.0.1:{there.server_port}/api/"), stored(), http)
        with pytest.raises(Unavailable):
            postman.deliver(_letter(RECEIPT), Kept())
    assert there.posts == 1


def test_nobody_listens() -> None:
    """Where nothing answers at Slack's address, the letter is tried again."""
    with httpx.Client() as http:
        postman = SlackPostman(posting_client("xoxb-x", "http://127.0.0.1:9/api/"), stored(), http)
        with pytest.raises(Unavailable):
            postman.deliver(_letter(RECEIPT), Kept())

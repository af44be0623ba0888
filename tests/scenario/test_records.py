"""What organizers do with a contest's data: the pool at the end, the export, the trail, erasing a person."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

from tests.makers.pieces import melody
from tests.makers.stage import CHANNEL, Stage, eventually

if TYPE_CHECKING:
    from pathlib import Path

    from bot.sandbox.client import Person

SECRET = "pw-8d3-in-no-export"


def view_with(who: Person, said: str) -> dict[str, Any]:
    """The open window that says so."""
    found: dict[str, Any] = who.wait_for_view(lambda view: said in json.dumps(view["blocks"], ensure_ascii=False))
    return found


def file_in(stage: Stage, who: Person, said: str) -> bytes:
    """The bytes of the file that came to the person's direct messages with these words."""
    message = who.wait_for_message(who.open_dm(), said)

    def sent() -> list[Any]:
        with stage.database.store.read() as work:
            return [
                row for row in work.outbox.of_kinds("export_ready", "rotation_list") if row.sent_ts == message["ts"]
            ]

    (upload,) = eventually(sent, "the note that it was sent")[0].uploads
    assert message["files"][0]["name"] == upload["filename"]
    path: Path = stage.settings.data_folder / "objects" / upload["object_key"]
    return path.read_bytes()


def taken(stage: Stage, who: Person) -> None:
    """The person has an account."""
    who.command(CHANNEL, "/kantor account")
    assert stage.fill_in(who, "claim_account", {"accepted_terms": ["accepted"]})["ok"]
    view_with(who, "is yours")
    stage.close_all(who)


def test_export_trail_rotation_and_retirement(stage: Stage, tmp_path: Path) -> None:
    """A contest comes to its end: Olive takes everything out, reads who did what, rotates and retires; Ada may do none of it."""
    stage.contest()
    stage.pool(tmp_path, [SECRET])
    taken(stage, stage.ada)
    stage.submit(stage.ada, melody(1), "Dawn.mid")
    stage.next_phase()
    stage.next_phase()

    stage.olive.command(CHANNEL, "/kantor export")
    stage.olive.wait_for_ephemeral(CHANNEL, "I am gathering everything")
    data = file_in(stage, stage.olive, "Everything of")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        texts = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
    assert "#spring-jam-ada-Dawn" in texts["submissions.csv"]
    tokens = (stage.server.bot_token, stage.server.app_token)
    key = (stage.settings.data_folder / "secret.key").read_text(encoding="utf-8").strip()
    assert [] == [secret for secret in (SECRET, key, *tokens) if secret in "".join(texts.values())]

    stage.olive.command(CHANNEL, "/kantor audit @ada")
    trail = json.dumps(view_with(stage.olive, "took account"), ensure_ascii=False)
    assert "<@U0ADA> took account `0`, user `lab-0`" in trail
    assert "began the contest" not in trail
    stage.close_all(stage.olive)
    stage.olive.command(CHANNEL, "/kantor audit dawn")
    view_with(stage.olive, "I accepted *Dawn*")
    stage.close_all(stage.olive)

    stage.olive.command(CHANNEL, "/kantor accounts")
    stage.olive.click(view_with(stage.olive, "The contest is over"), "rotation_list")
    listed = file_in(stage, stage.olive, "whose password somebody has seen").decode("utf-8-sig")
    assert "lab-0" in listed
    assert SECRET not in listed
    stage.close_all(stage.olive)
    stage.olive.command(CHANNEL, "/kantor accounts")
    stage.olive.click(view_with(stage.olive, "The contest is over"), "retire_accounts")
    assert stage.fill_in(stage.olive, "retire_accounts", {})["ok"]
    view_with(stage.olive, "I have deleted 1 password")

    stage.ada.command(CHANNEL, "/kantor export")
    stage.ada.wait_for_ephemeral(CHANNEL, "for the organizers")
    for command in ("audit", "erase @ben"):
        stage.ada.command(CHANNEL, f"/kantor {command}")
        view_with(stage.ada, "for the organizers")
        stage.close_all(stage.ada)


def test_a_person_asks_to_be_erased_and_is(stage: Stage) -> None:
    """Ada writes so; Olive sees what would go, mistypes, then types the name: the piece is gone, the contest goes on."""
    stage.contest()
    stage.submit(stage.ada, melody(1), "Dawn.mid")
    stage.submit(stage.ben, melody(2), "Dusk.mid")
    dm = stage.ada.open_dm()
    stage.ada.say(dm, "please erase all my data")
    asks = stage.ada.wait_for_message(dm, lambda message: "ask_erasure" in json.dumps(message))
    stage.ada.click(asks, "ask_erasure")
    assert stage.fill_in(stage.ada, "ask_erasure", {})["ok"]
    view_with(stage.ada, "The organizers know")
    letter = stage.olive.wait_for_message(stage.olive.open_dm(), "asks you to erase")
    stage.olive.click(letter, "erase_person")
    view = view_with(stage.olive, "It cannot be undone")
    assert "1 composition" in json.dumps(view)
    assert "typed_name" in stage.olive.submit(view, {"typed_name": "Ben"})["errors"]
    with stage.database.store.read() as work:
        name = work.people.names()["U0ADA"]
        (contest,) = work.contests.newest_first()
        kept = stage.settings.data_folder / "objects"
        hers = [kept / piece.folder for piece in work.submissions.of_person(contest.id, "U0ADA")]
    assert [True] == [folder.exists() for folder in hers]
    assert stage.olive.submit(view, {"typed_name": name})["ok"]
    view_with(stage.olive, "is erased")
    stage.close_all(stage.olive)

    eventually(lambda: not any(folder.exists() for folder in hers), "the end of the files")
    with stage.database.store.read() as work:
        contest = work.contests.newest_first()[0]
        assert ["U0BEN"] == list(work.submissions.authors(contest.id).values())
    stage.next_phase()
    stage.olive.command(CHANNEL, "/kantor erase")
    again = stage.fill_in(stage.olive, "choose_erased", {"user_id": "U0ADA"})
    assert "nothing to erase" in again["errors"]["user_id"]

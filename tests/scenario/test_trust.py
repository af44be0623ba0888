"""What anyone can check: the rules' hash, the trail's head, and that both still hold after a person is erased."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from bot.rules.canonical import sha256_of
from bot.rules.criteria import DEFAULT
from bot.usecases.boards.recounting import recount
from bot.usecases.judging.ratings import RateSubmission, RatingValues
from bot.usecases.records.auditing import Audits
from tests.makers.pieces import melody
from tests.makers.stage import CHANNEL, Stage, eventually

if TYPE_CHECKING:
    from pathlib import Path

    from bot.usecases.records.auditing import Audited


def hash_in(message: dict[str, Any]) -> str:
    """The hash that people read there."""
    (found,) = set(re.findall(r"`([0-9a-f]{64})`", json.dumps(message)))
    return str(found)


def verified(stage: Stage, head: str = "") -> Audited:
    (found,) = Audits(stage.database.store).verify(head=head)
    return found


def test_rules_trail_and_heads(stage: Stage) -> None:
    """From the rules in the channel to the end of the contest."""
    stage.contest()
    for seed, who in enumerate((stage.ada, stage.ben), 1):
        stage.submit(who, melody(seed), f"piece{seed}.mid")
    stage.next_phase()
    rules = stage.ada.wait_for_message(CHANNEL, "By these rules *Spring Jam* is judged")
    with stage.database.store.read() as work:
        (contest,) = work.contests.newest_first()
        (charter,) = work.charters.of_contest(contest.id)
        pieces = [piece.id for piece in work.submissions.accepted(contest.id)]
    assert sha256_of(charter.document) == hash_in(rules)
    stage.ada.command(CHANNEL, "/kantor rules")
    assert charter.sha256 == hash_in(stage.ada.wait_for_ephemeral(CHANNEL, "How it is judged"))

    for piece in pieces:
        for judge in ("U0JUDY", "U0JACK"):
            values = RatingValues(dict.fromkeys(DEFAULT.keys, 4), "Lovely")
            stage.database.services.ratings.rate(RateSubmission(judge, piece, values))
    stage.olive.command(CHANNEL, "/kantor board freeze")
    assert stage.fill_in(stage.olive, "freeze_board", {})["ok"]
    frozen = hash_in(stage.ada.wait_for_message(CHANNEL, "is frozen"))
    assert verified(stage, frozen).fits

    stage.database.services.erasure.erase("U0OLIVE", "U0JUDY", "Judy")
    assert "were emptied by an erasure" in verified(stage, frozen).sentence
    stage.next_phase()
    told = stage.ada.wait_for_message(CHANNEL, "has ended. All that was done")["text"]
    sealed, _ = re.findall(r"`([0-9a-f]{64})`", told)
    assert eventually(lambda: verified(stage, sealed).fits)

    stage.olive.command(CHANNEL, "/kantor bundle")
    message = stage.olive.wait_for_message(stage.olive.open_dm(), "for anyone to reckon again")
    assert "spring-jam-results.zip" == message["files"][0]["name"]
    data = bundle_of(stage)
    assert [] == recount(data).faults
    middle = len(data) // 2
    assert recount(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]).faults


def bundle_of(stage: Stage) -> bytes:
    """The file that was sent."""
    with stage.database.store.read() as work:
        (letter,) = work.outbox.of_kinds("bundle_ready")
    path: Path = stage.settings.data_folder / "objects" / letter.uploads[0]["object_key"]
    return path.read_bytes()

"""Files for organizers: whole, without secrets, thrown away after some days."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from bot.errors import Refusal, Unavailable
from bot.rules.phases import Phase
from bot.rules.secret import Secret
from bot.usecases.accounts.accounts import ClaimAccount
from bot.usecases.accounts.pools import PoolRow
from bot.usecases.boards.recounting import recount
from bot.usecases.judging.ratings import RateSubmission, RatingValues
from bot.usecases.records.exports import EXPORT, Linked
from models.contests import Contest
from models.submissions import Submission
from tests.makers.bundles import played
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, JACK, JUDY, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOTE, PASSWORDS = "for my eyes only", ("Secret-1", "Secret-2", "Secret-new")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


@pytest.fixture
def contest(world: World) -> str:
    """Ada's piece (its title is a formula) and Ben's, rated by Judy with a note and then changed; Ada holds an account, Ben gave one back."""
    contest = world.contest()
    world.pool(2)
    for user_id in (ADA, BEN):
        world.accounts.claim(ClaimAccount(user_id, contest, f"V{user_id}", accepted_terms=True))
    world.accounts.give_back(BEN, contest, world.accounts.returning(BEN, CHANNEL).row_id)
    first = world.accepted(ADA, "F1", "=1+1.mid")
    world.accepted(BEN, "F2", "Tide.mid")
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    for comment in ("Lovely", "Lovely, but long"):
        values = RatingValues({"originality": 4, "balance": 3, "emotional": 5}, comment, NOTE)
        world.ratings.rate(RateSubmission(JUDY, first, values))
    return contest


def made(world: World, user_id: str = OLIVE) -> bytes:
    """The bytes of the file that was ordered."""
    run(world)
    kinds = ("export_ready", "rotation_list", "bundle_ready")
    letter = [each for kind in kinds for each in world.letters(kind, user_id)][-1]
    (upload,) = letter.uploads
    assert upload["object_key"].startswith("exports/")
    return world.objects.get(upload["object_key"])


def run(world: World) -> None:
    """Do the jobs that wait."""
    for args in ordered(world):
        world.exports.make(**args)


def ordered(world: World) -> list[dict[str, Any]]:
    """The arguments of the jobs, the oldest first."""
    found = []
    with world.store.write() as work:
        while (job := work.jobs.claim(world.clock.now(), world.later(hours=1) - world.clock.now())) is not None:
            if job.name == EXPORT:
                found.append(job.args)
    return found


def unzipped(data: bytes) -> dict[str, str]:
    """The texts of a zip."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


def table(files: dict[str, str], name: str) -> list[dict[str, str]]:
    """The rows of a CSV."""
    return list(csv.DictReader(io.StringIO(files[f"{name}.csv"])))


LEFT_OUT = {
    "contest_id": "contest.json says it",
    "folder": "where our own copy of the file is",
    **dict.fromkeys(("slack_file_id", "channel_id", "message_ts", "thread_ts", "in_dm"), "where in Slack it came from"),
    **dict.fromkeys(("alt_text", "has_sound"), "follow from its bytes"),
    **dict.fromkeys(("corrected_by", "failed_at", "copied_at", "copied_from"), "the audit says it, with who and when"),
}
"""Columns of a composition, with the reason why no export has them."""

CONTEST_LEFT_OUT = {
    "frozen_board_id": "boards.csv has that board",
    **dict.fromkeys(("retention_told_at", "retention_told_days"), "Kantor's own note that its organizers know"),
}
"""The same of a contest."""


def test_each_column_of_a_composition_is_exported_or_left_out_for_a_reason(world: World, contest: str) -> None:
    """Whoever adds one decides."""
    world.exports.ask(OLIVE, CHANNEL)
    exported, *_ = table(unzipped(made(world)), "submissions")
    columns = {column.name for column in Submission.__table__.columns}
    assert columns - LEFT_OUT.keys() == columns & exported.keys()


def test_each_column_of_a_contest_is_exported_or_left_out_for_a_reason(world: World, contest: str) -> None:
    """The same of the contest itself, whose settings may be columns."""
    world.exports.ask(OLIVE, CHANNEL)
    exported = json.loads(unzipped(made(world))["contest.json"])
    columns = {column.name for column in Contest.__table__.columns}
    assert columns - CONTEST_LEFT_OUT.keys() == columns & exported.keys()


def test_the_export_has_everything_in_both_forms(world: World, contest: str) -> None:
    """Each table as CSV and as JSON, with as many rows, and people by name beside their id."""
    assert "Bach Jam" == world.exports.ask(OLIVE, CHANNEL)
    files = unzipped(made(world))
    names = [
        "submissions", "criteria", "rules", "rounds", "ratings", "marks", "verdicts", "boards", "fair_criteria", "leniency", "roles", "asked", "extensions",
        "accounts", "results", "ceremonies", "prizes", "audit",
    ]  # fmt: skip
    assert {"README.txt", "contest.json", *(f"{name}.{form}" for name in names for form in ("csv", "json"))} == set(
        files
    )
    assert [len(json.loads(files[f"{name}.json"])) for name in names] == [len(table(files, name)) for name in names]
    first, second = table(files, "submissions")
    assert (ADA, "Ada", "accepted", "1") == (first["user_id"], first["user_id_name"], first["state"], first["version"])
    assert 64 == len(second["sha256"])
    (rating,) = table(files, "ratings")
    assert (JUDY, "4", "5", "Lovely, but long") == tuple(
        rating[key] for key in ("judge", "score_originality", "score_emotional", "comment")
    )
    assert [(ADA, "Ada"), ("", "")] == [
        (row["holder"], row.get("holder_name") or "") for row in table(files, "accounts")
    ]
    assert "bach-jam" == json.loads(files["contest.json"])["slug"]
    assert {"account.claimed", "rating.changed"} <= {row["action"] for row in table(files, "audit")}
    assert [row["name"] for row in table(files, "boards") if row["board"] == "now"]


def test_no_secret_is_in_any_byte_of_it(world: World, contest: str) -> None:
    """Neither passwords, sealed or not, nor private notes, nor the addresses where one signs in."""
    world.exports.ask(OLIVE, CHANNEL)
    files = unzipped(made(world))
    with world.store.read() as work:
        sealed = [row.sealed_password.decode() for row in work.accounts.of_contest(contest)]
    everything = "\n".join(files.values())
    assert [] == [
        secret for secret in (*PASSWORDS, *sealed, NOTE, "lab.example", "sealed_password") if secret in everything
    ]
    assert "Lovely" in everything


def test_a_title_that_is_a_formula_is_words(world: World, contest: str) -> None:
    """Olive opens the file in a spreadsheet."""
    world.exports.ask(OLIVE, CHANNEL)
    first, _ = table(unzipped(made(world)), "submissions")
    assert "'=1+1" == first["title"]
    assert "'=1+1.mid" == first["filename"]


def test_only_organizers_take_an_export(world: World, contest: str) -> None:
    """Neither participants nor judges; and it goes to the asker alone."""
    for user_id in (ADA, JUDY):
        with pytest.raises(Refusal, match="for the organizers"):
            world.exports.ask(user_id, CHANNEL)
        with pytest.raises(Refusal, match="for the organizers"):
            world.exports.ask_rotation(user_id, contest)
    world.exports.ask(OLIVE, CHANNEL)
    run(world)
    assert [OLIVE] == [row.recipient for row in world.letters("export_ready")]


def test_two_clicks_are_one_file(world: World, contest: str) -> None:
    """And the job may run twice."""
    world.exports.ask(OLIVE, CHANNEL)
    world.exports.ask(OLIVE, CHANNEL)
    (args,) = ordered(world)
    world.exports.make(**args)
    world.exports.make(**args)
    assert 1 == len(world.letters("export_ready"))
    world.clock.advance(minutes=1)
    world.exports.ask(OLIVE, CHANNEL)
    run(world)
    assert 2 == len(world.letters("export_ready"))


def test_a_store_that_is_out_is_waited_for(world: World, contest: str) -> None:
    """No letter before the bytes are there; given up, the asker reads so."""
    world.exports.ask(OLIVE, CHANNEL)
    (args,) = ordered(world)
    world.objects.broken = True
    with pytest.raises(Unavailable):
        world.exports.make(**args)
    assert [] == world.letters("export_ready")
    world.exports.give_up(args["contest_id"], args["user_id"], "ab12cd34")
    assert [OLIVE] == [row.recipient for row in world.letters("trouble_alarm")]


def test_a_results_bundle_comes_as_a_file(world: World) -> None:
    """It fits; whoever may not take an export may not take it either, and before anything is judged there is none."""
    contest = played(world)
    assert "Bach Jam" == world.exports.ask_bundle(OLIVE, CHANNEL)
    data = made(world)
    (letter,) = world.letters("bundle_ready", OLIVE)
    assert "bach-jam-results.zip" == letter.uploads[0]["filename"]
    assert [] == recount(data).faults
    assert data != world.exports.bundle("bach-jam")  # the trail says that it was taken
    assert [] == recount(world.exports.bundle("bach-jam")).faults
    with pytest.raises(Refusal, match="organizer"):
        world.exports.ask_bundle(ADA, CHANNEL)
    with pytest.raises(Refusal, match="cannot find that contest"):
        world.exports.bundle("nothing")
    with world.store.write() as work:
        row = work.contests.lock(contest)
        assert row is not None
        row.phase = Phase.OPEN
    for ask in (lambda: world.exports.ask_bundle(OLIVE, CHANNEL), lambda: world.exports.bundle("bach-jam")):
        with pytest.raises(Refusal, match="Nothing has been judged yet"):
            ask()


@pytest.fixture
def order(world: World, contest: str) -> str:
    """An export of a bot whose store browsers reach: no file goes out, and the letter names its order."""
    world.objects.address = "https://files.example"
    world.exports.ask(OLIVE, CHANNEL)
    made(world)
    (letter,) = world.letters("export_ready")
    (upload,) = letter.uploads
    assert upload["by_link"]
    return str(letter.message["order"])


def test_a_link_is_made_when_it_is_wanted(world: World, contest: str, order: str) -> None:
    """For ten minutes, each time anew, under the file's own name; the trail says that somebody got one."""
    key = f"exports/{order}/bach-jam-2026-11-20.zip"
    url = f"https://files.example/{key}?as=bach-jam-2026-11-20.zip&for=600"
    assert [Linked(url, "bach-jam-2026-11-20.zip", "Bach Jam")] * 2 == [
        world.exports.link(OLIVE, order) for _ in range(2)
    ]
    with world.store.read() as work:
        trail = [row.action for row in work.audit.of_contest(contest) if row.action.startswith("export.")]
    assert ["export.contest", "export.link", "export.link"] == trail


def test_a_link_is_for_whoever_ordered_the_file_and_still_may(world: World, contest: str, order: str) -> None:
    """Not for others who have learnt of the order, nor for whoever organizes no more, or judges blind now."""
    for stranger in (ADA, JACK):
        with pytest.raises(Refusal, match="That file is gone"):
            world.exports.link(stranger, order)
    with pytest.raises(Refusal, match="That file is gone"):
        world.exports.link(OLIVE, "made-up")
    with world.store.write() as work:
        work.contests.roles.give(contest, OLIVE, "judge", added_by=JACK, now=world.clock.now())
    with pytest.raises(Refusal, match="who wrote what"):
        world.exports.link(OLIVE, order)
    with world.store.write() as work:
        for role in ("judge", "organizer"):
            work.contests.roles.take(contest, OLIVE, role)
    world.directory.add(OLIVE, "Olive", CHANNEL)  # no admin any more
    with pytest.raises(Refusal, match="organizer"):
        world.exports.link(OLIVE, order)


def test_a_link_ends_with_its_file(world: World, contest: str, order: str) -> None:
    """After a week, and after anybody was erased; and where browsers reach the store no more."""
    world.objects.address = None
    with pytest.raises(Refusal, match="That file is gone"):
        world.exports.link(OLIVE, order)
    world.objects.address = "https://files.example"
    with world.store.write() as work:
        work.outbox.sent(world.letters("export_ready")[0].id, "D1", "1.2", world.clock.now())
    world.clock.advance(days=7, seconds=1)
    world.exports.throw_away()
    with pytest.raises(Refusal, match="I keep one for 7 days"):
        world.exports.link(OLIVE, order)


def test_the_file_is_thrown_away_a_week_after_it_was_sent(world: World, contest: str) -> None:
    """Not before, and not while it waits to be sent."""
    world.exports.ask(OLIVE, CHANNEL)
    made(world)
    world.clock.advance(days=8)
    world.exports.throw_away()
    (letter,) = world.letters("export_ready")
    assert 1 == len(world.objects.below("exports"))
    with world.store.write() as work:
        work.outbox.sent(letter.id, "D1", "1.2", world.clock.now())
    world.clock.advance(days=7)
    world.exports.throw_away()
    assert 1 == len(world.objects.below("exports"))
    world.clock.advance(seconds=1)
    world.exports.throw_away()
    world.exports.throw_away()
    assert [] == world.objects.below("exports")
    assert [] == world.letters("export_ready")[0].uploads


def test_the_list_to_rotate_names_each_account_that_was_seen(world: World, contest: str) -> None:
    """Ada's in use, Ben's given back; once its password is replaced it need not be rotated, and the next holder makes it so again."""
    world.exports.ask_rotation(OLIVE, contest)

    def rows() -> list[tuple[str, str, str, str]]:
        listed = csv.DictReader(io.StringIO(made(world).decode("utf-8-sig")))
        return [(row["account_id"], row["holder"], row["state"], row["rotate"]) for row in listed]

    adas = ("acc-1", "Ada", "in use", "yes")
    assert [adas, ("acc-2", "Ben", "given back", "yes")] == rows()
    world.clock.advance(minutes=1)
    world.pools.import_pool("bach-jam", [PoolRow("acc-2", "lab2", Secret("Secret-new"), "https://lab.example")])
    world.exports.ask_rotation(OLIVE, contest)
    assert [adas, ("acc-2", "Ben", "password replaced since", "no")] == rows()
    world.clock.advance(minutes=1)
    world.accounts.claim(ClaimAccount(CLEO, contest, "V9", accepted_terms=True))
    world.exports.ask_rotation(OLIVE, contest)
    assert ("acc-2", "Cleo", "in use", "yes") == rows()[-1]
    assert not any(secret.encode() in data for secret in PASSWORDS for data in world.objects.kept.values())

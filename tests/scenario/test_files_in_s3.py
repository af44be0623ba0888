"""A bot that keeps its files in a bucket: SeaweedFS, a real S3 server, with versions and encryption on."""

from __future__ import annotations

import io
import json
import re
import zipfile
from html import unescape
from typing import TYPE_CHECKING

import boto3
import httpx
import pytest
from typer.testing import CliRunner

from bot.cli import app
from tests.makers.pieces import melody
from tests.makers.seaweed import ACCESS_KEY, SECRET_KEY, seaweed
from tests.makers.stage import CHANNEL, Stage, eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.adapters.inspector import ProcessInspector

BUCKET, URL = "kantor-files", "s3://kantor-files/jam"


@pytest.fixture
def in_s3(tmp_path: Path, inspector: ProcessInspector, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """The workspace with a bot whose bucket ``kantor aws bootstrap`` has made."""
    (tmp_path / "seaweed").mkdir()
    with seaweed(tmp_path / "seaweed") as address:
        for name, value in (
            ("AWS_ENDPOINT_URL", address),
            ("AWS_ACCESS_KEY_ID", ACCESS_KEY),
            ("AWS_SECRET_ACCESS_KEY", SECRET_KEY),
            ("AWS_DEFAULT_REGION", "eu-central-1"),
            ("KANTOR_OBJECTS_URL", URL),
        ):
            monkeypatch.setenv(name, value)
        made = CliRunner().invoke(app, ["aws", "bootstrap", "--yes"])
        assert 0 == made.exit_code, made.output
        with Stage.raised(tmp_path, inspector, KANTOR_OBJECTS_URL=URL, KANTOR_OBJECTS_PUBLIC_URL=address) as stage:
            yield stage


def versions() -> list[str]:
    """The keys of all versions and delete markers in the bucket."""
    found = boto3.Session().client("s3").list_object_versions(Bucket=BUCKET)
    return [each["Key"] for each in (*found.get("Versions", ()), *found.get("DeleteMarkers", ()))]


@pytest.mark.processes
def test_a_contest_whose_files_are_in_a_bucket(in_s3: Stage) -> None:
    """A card comes with picture and sound; the export is fetched by a link, and by nobody but who ordered it; an erasure leaves nothing in the bucket."""
    stage = in_s3
    stage.contest()
    (card,) = stage.answered(CHANNEL, stage.submit(stage.ada, melody(1), "Dawn.mid")["ts"])
    assert 2 == len(card["files"])
    stage.submit(stage.ben, melody(2), "Dusk.mid")

    stage.olive.command(CHANNEL, "/kantor export")
    letter = stage.olive.wait_for_message(stage.olive.open_dm(), "Everything of")
    assert not letter.get("files")
    stage.olive.click(letter, "fetch_file")
    view = stage.olive.wait_for_view(lambda view: "The link works for ten minutes" in json.dumps(view))
    (url,) = re.findall(r"<(http[^|]+)[|]", view["blocks"][0]["text"]["text"])
    given = httpx.get(unescape(url))
    assert (200, True) == (given.status_code, given.headers["Content-Disposition"].startswith("attachment;"))
    with zipfile.ZipFile(io.BytesIO(given.content)) as archive:
        assert b"#spring-jam-ada-Dawn" in archive.read("submissions.csv")
    stage.close_all(stage.olive)

    with stage.database.store.read() as work:
        (contest,) = work.contests.newest_first()
        hers, his = (f"jam/{work.submissions.of_person(contest.id, who)[0].folder}/" for who in ("U0ADA", "U0BEN"))
    assert {True} == {any(key.startswith(folder) for key in versions()) for folder in (hers, his)}
    stage.olive.command(CHANNEL, "/kantor erase @ada")
    view = stage.olive.wait_for_view(lambda view: "It cannot be undone" in json.dumps(view))
    with stage.database.store.read() as work:
        name = work.people.names()["U0ADA"]
    assert stage.olive.submit(view, {"typed_name": name})["ok"]
    eventually(
        lambda: not any(key.startswith((hers, "jam/exports/")) for key in versions()),
        "the end of her files and the export",
    )
    assert [] != [key for key in versions() if key.startswith(his)]
    assert 404 == httpx.get(unescape(url)).status_code

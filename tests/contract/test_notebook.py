"""The notebook: every cell runs, on a folder and on an S3 bucket (moto's server, over a real socket)."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import boto3
import pytest
from moto.server import ThreadedMotoServer
from PIL import Image

from judge.assess import assess
from tests.makers.midi_files import chorale, tune
from tests.makers.pieces import melody

if TYPE_CHECKING:
    from collections.abc import Iterator

NOTEBOOK = Path(__file__).parents[2] / "docs" / "ai_judge.ipynb"
FILES = {
    "ada/Dawn.mid": melody(1, bars=8),
    "ben/Noon.MID": chorale(),
    "cleo/Dusk.midi": tune(),
    "dan/Long.mid": tune(64),
}


@pytest.fixture(scope="module")
def s3() -> Iterator[dict[str, str]]:
    """The environment that an operator would set."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "made-up",
        "AWS_SECRET_ACCESS_KEY": "made-up",
        "AWS_DEFAULT_REGION": "eu-central-1",
    }
    server.stop()


def run(folder: Path, source: str, **environment: str) -> tuple[str, list[dict[str, str]]]:
    """Run it with that source; what it printed, and the rows of its table."""
    command = (sys.executable, "-m", "tests.makers.notebook", str(NOTEBOOK), str(folder))
    table = folder / "table.csv"
    own = {"KANTOR_NOTEBOOK_SOURCE": source, "KANTOR_NOTEBOOK_TABLE": str(table), "COLUMNS": "140"}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, **environment, **own}
    )
    assert 0 == done.returncode, done.stderr
    with table.open(encoding="utf-8", newline="") as stream:
        return done.stdout, list(csv.DictReader(stream))


def expected() -> list[str]:
    """The names, best first, the refused one last."""
    good = [name for name in FILES if name != "dan/Long.mid"]
    return [*sorted(good, key=lambda name: -assess(FILES[name]).score), "dan/Long.mid"]


def test_it_judges_a_folder(tmp_path: Path) -> None:
    """Table in descending order, the refused file with its reason, a bar chart and two pictures of the winner."""
    for name, data in FILES.items():
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(data)
    printed, rows = run(tmp_path, str(tmp_path / "in"))
    assert expected() == [row["composition"] for row in rows]
    assert ["1", "2", "3", ""] == [row["rank"] for row in rows]
    assert "takes at most 8" in rows[-1]["refusal"]
    assert "3 compositions judged by" in printed
    assert "What spoke" in printed
    pictures = sorted(tmp_path.glob("figure-*.png"))
    assert 3 == len(pictures)
    for path in pictures:
        with Image.open(path) as picture:
            assert min(picture.size) > 100


def test_it_judges_a_bucket(tmp_path: Path, s3: dict[str, str]) -> None:
    """The same from S3, below a prefix; what lies elsewhere, or is no MIDI file, is left out."""
    bucket = f"event-{uuid4().hex}"
    client = boto3.client(
        "s3",
        endpoint_url=s3["AWS_ENDPOINT_URL"],
        region_name="eu-central-1",
        aws_access_key_id="made-up",
        aws_secret_access_key="made-up",
    )
    client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    for name, data in FILES.items():
        client.put_object(Bucket=bucket, Key=f"submissions/{name}", Body=data)
    client.put_object(Bucket=bucket, Key="elsewhere/x.mid", Body=tune())
    client.put_object(Bucket=bucket, Key="submissions/notes.txt", Body=b"x")
    _, rows = run(tmp_path, f"s3://{bucket}/submissions/", **s3)
    assert [f"submissions/{name}" for name in expected()] == [row["composition"] for row in rows]


def test_a_cell_that_fails_fails_the_run(tmp_path: Path) -> None:
    """Otherwise the tests above could not."""
    broken = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    broken["cells"].append({"cell_type": "code", "source": ["1 / 0"]})
    (tmp_path / "broken.ipynb").write_text(json.dumps(broken), encoding="utf-8")
    command = (sys.executable, "-m", "tests.makers.notebook", str(tmp_path / "broken.ipynb"), str(tmp_path))
    environment = {**os.environ, "KANTOR_NOTEBOOK_SOURCE": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=Path.cwd())
    assert 0 != done.returncode
    assert "ZeroDivisionError" in done.stderr


def test_it_is_a_notebook_without_traces_of_a_run() -> None:
    """Format 4.5, ids unique, no outputs: what people commit by accident are other people's pieces."""
    found = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert (4, 5) == (found["nbformat"], found["nbformat_minor"])
    ids = [cell["id"] for cell in found["cells"]]
    assert len(ids) == len(set(ids))
    assert all(cell["outputs"] == [] for cell in found["cells"] if cell["cell_type"] == "code")

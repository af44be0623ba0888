"""S3 that is away for a minute, slow, or answers 503: SeaweedFS behind a way that lies in our hands."""

from __future__ import annotations

import socket
import time
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import boto3

from tests.faults.meanwhile import Fault, suffer
from tests.faults.place import open_place
from tests.faults.proxy import MoodyProxy
from tests.makers.seaweed import ACCESS_KEY, SECRET_KEY, seaweed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.faults.table import Line

MINUTE = 60.0
AWAY, BUSY = "S3 is away for a minute", "S3 answers 503 for a minute"
SLOW = "S3 is slow for a minute: 3 s before each part"
NOT_NOW = (
    b"HTTP/1.1 503 Slow Down\r\nContent-Type: application/xml\r\nConnection: close\r\nContent-Length: 53\r\n\r\n"
    b"<Error><Code>SlowDown</Code><Message>x</Message></Er>"
)


def s3(folder: Path, database: str, *, few: int = 0) -> Iterator[Line]:
    """Three moods, in an open contest and while a judge rates."""
    store = folder / "weed"
    store.mkdir()
    with seaweed(store) as address:
        there = urlsplit(address)
        with MoodyProxy(partial(socket.create_connection, (there.hostname, there.port))) as proxy:
            keys = {
                "AWS_ACCESS_KEY_ID": ACCESS_KEY,
                "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
                "AWS_DEFAULT_REGION": "us-east-1",
            }
            client = boto3.client(
                "s3",
                endpoint_url=address,
                region_name="us-east-1",
                aws_access_key_id=ACCESS_KEY,
                aws_secret_access_key=SECRET_KEY,
            )
            client.create_bucket(Bucket="kantor")
            extra = keys | {
                "AWS_ENDPOINT_URL": f"http://127.0.0.1:{proxy.port}",
                "KANTOR_OBJECTS_URL": "s3://kantor/data",
            }

            @contextmanager
            def moody(**mood: object) -> Iterator[None]:
                for name, value in mood.items():
                    setattr(proxy.moods, name, value)
                yield
                time.sleep(MINUTE)
                for name, value in mood.items():
                    setattr(proxy.moods, name, type(value)())

            told = "nothing: receipts come at once, cards when it is back"
            faults = (
                Fault(AWAY, lambda _: moody(is_away=True), told=told, receives=True),
                Fault(BUSY, lambda _: moody(answer=NOT_NOW), told=told, receives=True),
                Fault(
                    SLOW, lambda _: moody(delay=3.0), told="nothing: receipts come at once, cards later", receives=True
                ),
            )
            with open_place(folder, database, extra=extra) as place:
                yield from suffer(place, database, faults[:few] if few else faults)
            assert proxy.moods.refused, "nothing went that way"

"""A real S3 server for tests: SeaweedFS, from a wheel, in a folder of its own and on this machine only.

It encrypts where a bucket asks for it (SSE-S3), keeps versions, and knows If-None-Match and presigned links. It has no KMS and no public access block.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator

ACCESS_KEY, SECRET_KEY = "kantors-key", "kantors-made-up-secret"
PATIENCE = 60.0
"""Seconds until it has to answer; it takes 3 on an idle machine, and waits for most of them."""
_PARTS = ("master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc")


@contextmanager
def seaweed(folder: Path) -> Iterator[str]:
    """Its address; killed at the end of the block. Raises TimeoutError where it does not answer."""
    ports = _free_ports(len(_PARTS) + 2)
    address = f"http://127.0.0.1:{ports[-1]}"
    log = folder / "log"
    with (
        log.open("wb") as output,
        subprocess.Popen(_command(folder, ports), stdout=output, stderr=output, env=_environment()) as server,
    ):
        try:
            _await(address, server)
            yield address
        finally:
            server.kill()


def _command(folder: Path, ports: list[int]) -> list[str]:
    credentials = [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}]
    users = folder / "users.json"
    users.write_text(json.dumps({"identities": [{"name": "kantor", "credentials": credentials, "actions": ["Admin"]}]}))
    flags = {
        "dir": folder,
        "ip": "127.0.0.1",
        "ip.bind": "127.0.0.1",
        **dict(zip(_PARTS, ports, strict=False)),
        "master.telemetry": "false",
        "master.volumeSizeLimitMB": 16,
        "volume.max": 100,  # each bucket takes several
        "s3": "true",
        "s3.port.grpc": ports[-2],
        "s3.port": ports[-1],
        "s3.port.iceberg": 0,  # else it listens at 8181, where the demo's page is
        "s3.port.lance": 0,
        "s3.autoCreateBucket": "false",  # S3 makes no bucket because somebody writes to it
        "s3.config": users,
    }
    return [
        str(Path(sys.executable).with_name("weed")),
        "server",
        *(f"-{name}={value}" for name, value in flags.items()),
    ]


def _environment() -> dict[str, str]:
    """With the key that it seals the keys of objects with: without one it answers 500 where it should encrypt."""
    return {**os.environ, "WEED_S3_SSE_KEK": "5a" * 32}


def _await(address: str, server: subprocess.Popen[bytes]) -> None:
    end = monotonic() + PATIENCE
    while monotonic() < end and server.poll() is None:
        try:
            if httpx.get(f"{address}/healthz").is_success:
                return
        except httpx.TransportError:
            sleep(0.1)
    message = f"SeaweedFS does not answer at {address}"
    raise TimeoutError(message)


def _free_ports(number: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [int(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports

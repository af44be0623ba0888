"""Many people who press at the same moment: connections are opened and requests written down before, so that the driver itself costs little."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True)
class Press:
    """One request of one person."""

    person: str
    path: str
    body: dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What the person saw, and after how many seconds."""

    person: str
    seconds: float
    body: dict[str, Any]


def fire(base_url: str, presses: Sequence[Press], meanwhile: Callable[[], None] | None = None) -> list[Answer]:
    """Send all at once, and give the answers in the order of the presses; ``meanwhile`` runs in a thread beside it."""
    return asyncio.run(_fire(base_url, presses, meanwhile))


async def _fire(base_url: str, presses: Sequence[Press], meanwhile: Callable[[], None] | None) -> list[Answer]:
    address = urlsplit(base_url)
    lines = [await asyncio.open_connection(address.hostname, address.port) for _ in presses]
    requests = [_request(address.netloc, press) for press in presses]
    beside = asyncio.create_task(asyncio.to_thread(meanwhile)) if meanwhile else None
    began = time.perf_counter()
    for (_, writer), request in zip(lines, requests, strict=True):
        writer.write(request)
    answers = await asyncio.gather(
        *(_answer(reader, press, began) for (reader, _), press in zip(lines, presses, strict=True))
    )
    for _, writer in lines:
        writer.close()
    if beside is not None:
        await beside
    return answers


def _request(host: str, press: Press) -> bytes:
    body = json.dumps(press.body).encode()
    head = f"POST {press.path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def _answer(reader: asyncio.StreamReader, press: Press, began: float) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = next(int(line.partition(":")[2]) for line in head.splitlines() if line.startswith("content-length:"))
    body = json.loads(await reader.readexactly(length))
    return Answer(press.person, time.perf_counter() - began, body)

"""Nothing outside is asked in the middle of a transaction: by no use case of the bot, whatever it is asked for."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

import httpx
import pytest

from bot.adapters.clock import SystemClock, UuidIds
from bot.adapters.vault import AesGcmVault
from bot.meters import Meters
from bot.settings import Settings
from bot.usecases.desk import Guarded, guarded
from bot.usecases.followers import follow
from bot.usecases.services import Services
from bot.wiring import failures, outside
from handlers.slack.clients import asking_client
from models.store import Store
from tests.makers.databases import with_tables
from tests.makers.fakes import FakeInspector, MemoryObjects

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

NOBODY = "http://127.0.0.1:9/api/"
OURS = (Store, SystemClock, UuidIds, AesGcmVault, Meters, str, int, frozenset, dict, type(None))
"""What a use case may hold beside other use cases: nothing of it waits for anybody else; what was fetched once is in a dictionary."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(with_tables(tmp_path / "kantor.db"))
    yield store
    store.dispose()


def test_the_outside_answers_only_while_nothing_is_open(store: Store) -> None:
    """The same store of files, asked before, in the middle of, and after a transaction that reads, and one that writes."""
    kept = MemoryObjects()
    seen = guarded(kept, store)
    seen.put("a", b"tide")
    for transaction in (store.write, store.read):
        with transaction(), pytest.raises(RuntimeError, match="in the middle of a transaction"):
            seen.get("a")
        assert seen.get("a") == b"tide"
    assert {"a": b"tide"} == kept.kept


def test_every_use_case_of_the_bot_sees_the_outside_through_it(store: Store, tmp_path: Path) -> None:
    """All that the wiring hands to a use case, whatever it holds inside: it is ours, or it refuses in a transaction."""
    settings = Settings(_env_file=None, data_folder=tmp_path, slack_api_url=NOBODY)
    with httpx.Client() as http:
        client, clock = asking_client("xoxb", NOBODY), SystemClock()
        made = Services(store, outside(settings, client, http, clock, FakeInspector()))
    held = list(_held(tuple(vars(made).values())))
    assert set() == _strange(held)
    assert any(isinstance(each, Guarded) for each in held)


def test_so_does_what_an_operator_asks_for_beside_the_bot(tmp_path: Path) -> None:
    """It has a desk of its own, made in the same way as the one that brings accounts."""
    settings = Settings(_env_file=None, data_folder=tmp_path, slack_api_url=NOBODY)
    with failures(settings) as made:
        assert set() == _strange(_held(made))


def _strange(held: Iterable[object]) -> set[type]:
    return {type(each) for each in held if each is not follow and not isinstance(each, (*OURS, Guarded))}


def _held(value: object) -> Iterator[object]:
    """All that these hold in the end, through use cases and tuples of them."""
    if isinstance(value, tuple):
        for each in value:
            yield from _held(each)
    elif is_dataclass(value) and type(value).__module__.startswith("bot.usecases."):  # a port may be one too
        for field in fields(value):
            yield from _held(getattr(value, field.name))
    else:
        yield value

"""The starter kit sends melodies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal
from judge.melodies import MELODIES
from tests.makers.world import ADA, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def test_a_melody_goes_out_once_a_wish(world: World) -> None:
    """A repeated click changes nothing, a second wish is granted; the file is MIDI."""
    for wish in ("1.1", "1.1", "2.2"):
        world.starter.send(ADA, "sakura", wish)
    first, second = world.letters("starter_melody", ADA)
    assert ("sakura.mid", first.uploads) == (second.uploads[0]["filename"], second.uploads)
    assert b"MThd" == world.objects.get(first.uploads[0]["object_key"])[:4]


def test_an_unknown_melody_is_refused(world: World) -> None:
    """The menu may be older than the bot."""
    with pytest.raises(Refusal, match="/kantor starter"):
        world.starter.send(ADA, "../secret", "1.1")


def test_five_melodies_are_offered(world: World) -> None:
    """Each by its own key, with its source."""
    offered = world.starter.offered()
    assert 5 == len({melody.key for melody in offered}) == len([melody for melody in MELODIES if melody.source])

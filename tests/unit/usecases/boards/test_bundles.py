"""Results bundles: reckoned again they fit; whatever is changed in one is found, and a hostile one does no harm."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any

import pytest

from bot.rules.bundles import packed, results_hash, unpacked
from bot.rules.canonical import canonical, sha256_of
from bot.rules.phases import Phase
from bot.usecases.boards.recounting import recount
from tests.makers.bundles import FORGERIES, HOSTILE, bundled, changed, played
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, JACK, JUDY, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Of a contest of two rounds in which not all judges heard all, with a tie, a withdrawn piece, and a judge whose ratings are void."""
    with small_world(tmp_path_factory.mktemp("bundle")) as world:
        return bundled(world, played(world))


def test_a_bundle_fits(bundle: bytes) -> None:
    """All of it is reckoned again, and what was is said."""
    found = recount(bundle)
    assert [] == found.faults
    said = "; ".join(found.fits)
    for words in (
        "3 versions of the rules",
        "drawings of who hears what, drawn again",
        "places by their ratings, fair scores to 1e-06 points, and the ladder",
        "entries of the trail",
    ):
        assert words in said, said


def test_the_channel_has_read_the_hash_of_what_was_decided(world: World) -> None:
    """At the end; what is done afterwards changes nothing in it, and who is erased is said."""
    contest = played(world)
    (sealed,) = world.letters("trail_sealed", CHANNEL)
    world.exports.ask(OLIVE, CHANNEL)
    assert sealed.message["results"] == recount(bundled(world, contest)).results
    world.erasure.erase(OLIVE, CLEO, "Cleo")
    found = recount(bundled(world, contest))
    assert [] == found.faults
    assert "what was sealed at the end, but for somebody who was erased since" in found.fits
    assert sealed.message["results"] != found.results


def test_equal_contests_make_equal_bytes(world: World) -> None:
    """Made twice, and of files in another order."""
    contest = played(world)
    once = bundled(world, contest)
    assert once == bundled(world, contest)
    files = unpacked(once)
    assert once == packed(dict(sorted(files.items(), reverse=True)))


def test_nobodys_name_is_in_it(bundle: bytes) -> None:
    """No person's id, no title, no name of a composition, and no comment."""
    text = bundle.decode("latin-1")
    words = ("U0", "Ada", "Rain", "Sun", "Wind", "A comment", "erased-")
    assert [] == [word for word in words if word in text]


def test_wherever_a_byte_is_flipped_it_is_found(bundle: bytes) -> None:
    """In what members say, in their names, and in what only a zip's reader would see."""
    lots = random.Random(7)
    ends = [*range(60), *range(len(bundle) - 120, len(bundle))]
    for at in [*ends, *lots.sample(range(len(bundle)), 300)]:
        flipped = bytearray(bundle)
        flipped[at] ^= 1 << lots.randrange(8)
        assert recount(bytes(flipped)).faults, at
    for more in (bundle + b"x", b"x" + bundle, bundle[:-1], b""):
        assert recount(more).faults


@pytest.mark.parametrize("forgery", FORGERIES)
def test_whatever_somebody_forges_is_found(bundle: bytes, forgery: str) -> None:
    """With all hashes of the container made anew: it is reckoned, and said where."""
    name, change, said = FORGERIES[forgery]
    found = recount(changed(bundle, name, change))
    assert any(said in fault for fault in found.faults), found.faults


def test_a_drawing_that_was_not_drawn_is_found(bundle: bytes) -> None:
    """Although its hash is made anew: it gives another allocation, and the trail knows another hash."""

    def forge(value: Any) -> None:
        drawing = value["drawings"][0]
        document = json.loads(drawing["document"])
        rows = document["heard"]
        one, other = next((at, to) for at in range(3) for to in range(3) if set(rows[at]) - set(rows[to]))
        entry = next(each for each in rows[one] if each not in rows[other])
        rows[one].remove(entry)
        rows[other] = sorted([*rows[other], entry])
        drawing["document"] = canonical(document)
        drawing["sha256"] = sha256_of(drawing["document"])

    faults = recount(changed(bundle, "allocation.json", forge)).faults
    assert any("drawing 1: drawn again" in each for each in faults)
    assert any("drawing 1 is not in the trail" in each for each in faults)


@pytest.mark.parametrize(("data", "said"), HOSTILE)
def test_a_hostile_file_gets_a_sentence(data: bytes, said: str) -> None:
    """Paths, numbers, sizes, bombs, depths."""
    (fault,) = recount(data).faults
    assert said in fault


def test_shapes_of_strangers_get_a_sentence(bundle: bytes) -> None:
    """Numbers below zero, of nothing, and beyond all measure."""

    def drawing(**parts: Any) -> Callable[[Any], None]:
        def forge(value: Any) -> None:
            document = json.loads(value["drawings"][0]["document"]) | parts
            value["drawings"][0]["document"] = canonical(document)

        return forge

    forgeries: list[tuple[str, Callable[[Any], Any]]] = [
        ("allocation.json", drawing(heard=[[-1]])),
        ("allocation.json", drawing(heard=[[10**6]])),
        ("allocation.json", drawing(each=10**9)),
        ("allocation.json", drawing(entries=[["a", "nan"]])),
        ("allocation.json", drawing(judges=[["a", "-5"]])),
        ("ratings.json", lambda rows: rows[0][3].update(originality=True)),
        ("entries.json", lambda rows: rows[0].update(ai=1e999 if False else 101)),
        (
            "judges.json",
            lambda rows: rows.extend({"judge": f"j{at}", "void": False, "recused": []} for at in range(501)),
        ),
        ("rules.json", lambda rows: rows.clear()),
        ("contest.json", lambda value: value.update(phase="never")),
    ]
    for name, change in forgeries:
        faults = recount(changed(bundle, name, change)).faults
        assert faults, (name, faults)
        assert all(len(each) < 600 for each in faults)


def test_a_contest_by_plain_means_and_one_that_goes_on(world: World) -> None:
    """All hear all, in one round; before the end the bundle tells how it stands. Rules that were never fixed are version 0."""
    contest = world.contest()
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY, JACK])
    pieces = [world.accepted(who, f"F{who}") for who in (ADA, BEN, CLEO)]
    assert [] == recount(bundled(world, contest)).faults
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    for judge in (JUDY, JACK):
        for piece, score in zip(pieces, (5, 4, 4), strict=True):
            world.rate(judge, piece, score, score, score)
    found = recount(bundled(world, contest))
    assert [] == found.faults
    assert "3 places by their ratings" in found.fits
    board = json.loads(unpacked(bundled(world, contest))["board.json"])
    assert [1, 2, 2] == [row[0] for row in board["rows"]]
    assert len(results_hash(unpacked(bundled(world, contest)))) == 64

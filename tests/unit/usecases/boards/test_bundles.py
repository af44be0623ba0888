"""Results bundles: reckoned again they fit; whatever is changed in one is found, and a hostile one does no harm."""

from __future__ import annotations

import io
import json
import random
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from bot.rules.bundles import CHAIN, MANIFEST, MEMBERS, packed, results_hash, unpacked
from bot.rules.canonical import canonical, sha256_of
from bot.rules.phases import Phase
from bot.usecases.boards.bundling import bundle_of, call_judges
from bot.usecases.boards.recounting import recount
from bot.usecases.desk import KANTOR
from tests.makers.bundles import played
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, JACK, JUDY, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def bundled(world: World, contest: str) -> bytes:
    with world.desk.person(KANTOR, contest) as work:
        call_judges(work)
        return bundle_of(work, work.contest)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Of a contest of two rounds in which not all judges heard all, with a tie, a withdrawn piece, and a judge whose ratings are void."""
    with small_world(tmp_path_factory.mktemp("bundle")) as world:
        return bundled(world, played(world))


def changed(bundle: bytes, name: str, change: Callable[[Any], Any]) -> bytes:
    """As somebody would forge it who knows how a bundle is made."""
    files = unpacked(bundle)
    value = json.loads(files[name])
    change(value)
    return packed(files | {name: canonical(value)})


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


FORGERIES: dict[str, tuple[str, Callable[[Any], Any], str]] = {
    "a score": ("ratings.json", lambda rows: rows[0][3].update(originality=1), "by its ratings"),
    "a rating left out": ("ratings.json", lambda rows: rows.pop(0), "by its ratings"),
    "a rating twice": ("ratings.json", lambda rows: rows.insert(0, rows[0]), "has rated a composition twice"),
    "a rating counts": ("ratings.json", lambda rows: rows[0].__setitem__(6, not rows[0][6]), "whether it counts is told wrong"),
    "a score of none": ("ratings.json", lambda rows: rows[0][3].update(originality=6), "no such scores"),
    "a version of none": ("ratings.json", lambda rows: rows[0].__setitem__(4, 9), "there is no version 9"),
    "a stranger": ("ratings.json", lambda rows: rows[0].__setitem__(1, "me"), "no such composition, or no such judge"),
    "a place": ("board.json", lambda board: board["rows"][0].__setitem__(0, 2), "something else is told"),
    "a row more": ("board.json", lambda board: board["rows"].append([9, "x", 4.0, 3, None]), "no such place"),
    "a fair score": ("board.json", lambda board: board["fair"]["scores"][0].__setitem__(1, board["fair"]["scores"][0][1] + 2e-6), "the fair score of"),
    "an error": ("board.json", lambda board: board["fair"]["scores"][0].__setitem__(2, 0.5), "the fair score of"),
    "no fair scores": ("board.json", lambda board: board.update(fair=None), "or left out"),
    "the AI judge": ("board.json", lambda board: board["ai"][0].__setitem__(2, 99.0), "the AI judge's places"),
    "who judges": ("judges.json", lambda judges: judges[0].update(void=not judges[0]["void"]), "whether it counts"),
    "a drawing": ("allocation.json", lambda value: value["drawings"][0].update(document=value["drawings"][0]["document"].replace('"each":2', '"each":3')), "its SHA-256, is another one"),
    "who hears": ("allocation.json", lambda value: value["heard"].pop(0), "is not what the last drawing says"),
    "the rules": ("rules.json", lambda rules: rules[0].update(document=rules[0]["document"].replace("true", "false")), "is not that of its document"),
    "a link": (CHAIN, lambda value: value["entries"][4].__setitem__(2, "0" * 64), "entry 5 does not follow"),
    "an entry left out": (CHAIN, lambda value: value["entries"].pop(4), "entry 6 does not follow"),
    "a head": (CHAIN, lambda value: value["heads"][0].__setitem__(1, "0" * 64), "another head was posted"),
    "an entry emptied": (CHAIN, lambda value: value["entries"][4].__setitem__(3, []), "entry 5 is empty, and no erasure accounts for it"),
    "a file's hash": ("entries.json", lambda rows: rows[0].update(sha256="0" * 64), "what was sealed at the end has another hash"),
}  # fmt: skip


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


def zip_of(*members: tuple[str, bytes], compress: int = zipfile.ZIP_STORED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", compress) as archive:
        for name, raw in members:
            archive.writestr(name, raw)
    return data.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"no zip", "no zip, or a damaged one"),
        (zip_of(), "some of its members are missing"),
        (zip_of(("../../etc/passwd", b"x")), "which no bundle has"),
        (zip_of(*((f"{number}.json", b"{}") for number in range(5000))), "which no bundle has"),
        (
            zip_of(*((name, b"0" * 9_000_000) for name in (MANIFEST, *MEMBERS)), compress=zipfile.ZIP_DEFLATED),
            "compressed",
        ),
        (zip_of(*((name, b"[" * 200_000) for name in (MANIFEST, *MEMBERS))), "manifest.json is no JSON"),
        (zip_of(*((name, b"\xff\xfe") for name in (MANIFEST, *MEMBERS))), "is no text"),
        (packed(dict.fromkeys(MEMBERS, "{}")), "another shape than Kantor's"),
        (packed(dict.fromkeys(MEMBERS, "[" * 100_000)), "is no JSON"),
        (packed(dict.fromkeys(MEMBERS, "NaN")), "is no JSON"),
        (packed(dict.fromkeys(MEMBERS, "9" * 10_000)), "is no JSON"),
    ],
)
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

"""A small contest with something of everything that a results bundle tells."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

from bot.rules.bundles import CHAIN, MANIFEST, MEMBERS, packed, unpacked
from bot.rules.canonical import canonical
from bot.rules.phases import Phase
from bot.usecases.boards.bundling import bundle_of, call_judges
from bot.usecases.contests.editing import EditContest
from bot.usecases.contests.settings import Part
from bot.usecases.desk import KANTOR
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, GUS, JACK, JUDY, OLIVE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.makers.world import World

JUDGES = ("U0JULES", JUDY, JACK, GUS)


def played(world: World) -> str:
    """Two rounds by fair scores: two of four judges hear each of nine pieces; one is withdrawn, one judge is void, two pieces tie; the contest's id."""
    world.directory.add("U0JULES", "Jules", CHANNEL)
    world.directory.members[CHANNEL].add(GUS)
    contest = world.contest(submission_limit=3, rounds=2, finalists=3)
    world.contests.add_judges(OLIVE, CHANNEL, JUDGES)
    edit(world, contest, listens="2", minutes="90", scores="fair")
    names = ("Rain", "Sun", "Wind")
    pieces = [
        world.accepted(who, f"F{who}{name}", f"{name}.mid", 50 + 3 * number)
        for number, (who, name) in enumerate((who, name) for who in (ADA, BEN, CLEO) for name in names)
    ]
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    rate_all(world, contest, pieces)
    edit(world, contest, winners=2)
    world.compositions.withdraw(CLEO, pieces[-1])
    world.voiding.void(OLIVE, contest, GUS, "He rated by lot.")
    rate_all(world, contest, pieces)
    world.freezing.freeze(OLIVE, contest)
    world.contests.advance(OLIVE, contest, Phase.JUDGING, "Nobody else can judge.")
    edit(world, contest, winners=3)
    for round_ in range(3):
        with world.store.read() as work:
            final = [piece.id for piece in work.submissions.accepted(contest) if piece.in_final]
        for at, piece in enumerate(final):
            world.rate(JUDGES[round_], piece, 5 - (at + round_) % 2, 4, 3 + at % 3, comment="A comment")
    world.contests.advance(OLIVE, contest, Phase.FINAL)
    world.tell_finale(contest)
    return contest


def rate_all(world: World, contest: str, pieces: list[str]) -> None:
    """Each judge rates whatever is with them, until nothing is left."""
    number = {piece: at for at, piece in enumerate(pieces)}
    for _ in range(20):
        with world.store.read() as work:
            heard = work.panels.pairs(contest)
            judges = set(work.contests.roles.holders(contest, "judge"))
            done = {(each.judge, each.submission_id) for each in work.ratings.given(contest)}
        todo = sorted((judge, piece) for judge, piece in heard - done if judge in judges)
        if not todo:
            return
        for judge, piece in todo:
            at = number[piece]
            strict = JUDGES.index(judge) % 2
            world.rate(judge, piece, 5 - at % 4, max(1, 4 - strict), 1 + (at * 2 + strict) % 5, comment="A comment")


def edit(world: World, contest: str, **changes: str | int) -> None:
    """As an organizer changes the judging in its window."""
    form = world.editing.form(OLIVE, contest, Part.JUDGING)
    shown = world.editing.prepare(EditContest(OLIVE, contest, Part.JUDGING, changes, form.seen))
    world.editing.apply(OLIVE, shown.edit_id)


def texts_of(files: dict[str, str]) -> dict[str, object]:
    """The JSON of a bundle's members."""
    return {name: json.loads(text) for name, text in files.items() if name.endswith(".json")}


def bundled(world: World, contest: str) -> bytes:
    """The bundle of that contest, as it is now."""
    with world.desk.person(KANTOR, contest) as work:
        call_judges(work)
        return bundle_of(work, work.contest)


def changed(bundle: bytes, name: str, change: Callable[[Any], Any]) -> bytes:
    """As somebody would forge it who knows how a bundle is made."""
    files = unpacked(bundle)
    value = json.loads(files[name])
    change(value)
    return packed(files | {name: canonical(value)})


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
"""By name: the member, what somebody does to it, and what our verifier says."""


def zip_of(*members: tuple[str, bytes], compress: int = zipfile.ZIP_STORED) -> bytes:
    """A zip of these members."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", compress) as archive:
        for name, raw in members:
            archive.writestr(name, raw)
    return data.getvalue()


HOSTILE: list[tuple[bytes, str]] = [
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
]
"""Files that should do harm, and what our verifier says."""

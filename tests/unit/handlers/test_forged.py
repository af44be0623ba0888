"""Whatever a payload says: nobody sees or changes what is not theirs, and what makes no sense is refused in words."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from handlers.commands import FOR_ORGANIZERS, Sub
from handlers.ids import Action, Callback, Search, Shortcut, Turn
from tests.makers.forge import Forge, Told, answers
from tests.makers.forgeries import (
    CARRIED,
    DORA,
    FRED,
    IN_SIGHT,
    MONA,
    ORGANIZERS,
    PARTICIPANTS,
    SECRETS,
    XENO,
    Carried,
    furnished,
)
from tests.makers.world import CHANNEL, DINA, EVE, GUS, ROBOT, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.makers.forgeries import Name

NOBODY = "U0NOBODY"
IDS = [f"{type(name).__name__}.{name.name}" for name, _ in CARRIED]
INSIDE = frozenset({DORA, FRED, MONA})
"""In the channels, without a part in the contests: a participant, and an organizer and a judge of another contest."""


@dataclass
class Scene:
    """The world as it was furnished, and the way into it."""

    world: World
    forge: Forge
    ids: dict[str, str]
    file: Path
    before: bytes
    watch: sqlite3.Connection
    _seen: object = None
    _rows: dict[str, list[str]] = field(default_factory=dict)

    def send(self, name: Name, carried: Carried, who: str, metadata: str | None = None) -> Told:
        """The payload, from that person."""
        metadata = carried.metadata() if metadata is None else metadata
        match name:
            case Action() | Turn():
                action_id = f"{name}:More" if isinstance(name, Turn) else str(name)
                return self.forge.action(who, action_id, carried.value, where=carried.where)
            case Callback():
                return self.forge.submission(who, name, metadata, carried.values(), carried.inputs())
            case Search():
                return self.forge.search(who, name, metadata, "")
            case Shortcut.HAND_THIS_IN:
                file = {"id": "FNEW", "name": "New.mid", "user": who, "created": 1795176000}
                return self.forge.shortcut(who, name, {"ts": "1.2", "files": [file]})
            case Shortcut():
                return self.forge.shortcut(who, name)

    def changed(self) -> list[str]:
        """The tables that are not as they were when this was asked last; but for what Kantor remembers of people's names, and of who looks."""
        if self._version() == self._seen:
            return []
        before, self._rows = self._rows, self._all_rows()
        self._seen = self._version()
        return [table for table, rows in self._rows.items() if rows != before.get(table)]

    def _version(self) -> object:
        return self.watch.execute("PRAGMA data_version").fetchone()

    def _all_rows(self) -> dict[str, list[str]]:
        tables = [name for (name,) in self.watch.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: sorted(map(repr, self.watch.execute(f'SELECT * FROM "{name}"')))
            for name in tables
            if name not in {"person", "look"}
        }

    def contents(self) -> dict[str, list[str]]:
        """All of it."""
        return self._all_rows()

    def renew(self) -> None:
        """Everything as it was."""
        self.world.store.dispose()
        self.watch.close()
        for beside in ("-wal", "-shm"):
            self.file.with_name(self.file.name + beside).unlink(missing_ok=True)
        self.file.write_bytes(self.before)
        self.watch = sqlite3.connect(self.file)
        self.changed()
        self.forge.troubles.clear()


@pytest.fixture(scope="module")
def furnished_scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Made once: what is refused changes nothing."""
    folder = tmp_path_factory.mktemp("forged")
    with small_world(folder) as world, answers() as heard:
        ids = furnished(world)
        file = (folder / "kantor.db").resolve()
        world.store.dispose()
        scene = Scene(world, Forge(world, heard), ids, file, file.read_bytes(), sqlite3.connect(file))
        yield scene
        scene.watch.close()


@pytest.fixture
def scene(furnished_scene: Scene) -> Scene:
    furnished_scene.renew()
    return furnished_scene


def test_no_name_is_forgotten() -> None:
    """Each name that Slack brings back is tried here: a new one needs its line in ``tests/makers/forgeries.py``."""
    names = [name for kind in (Action, Turn, Search, Callback, Shortcut) for name in kind]
    assert names == [name for name, _ in CARRIED]
    assert all(type(name) is type(other) for name, (other, _) in zip(names, CARRIED, strict=True))


@pytest.mark.parametrize(("name", "carried"), CARRIED, ids=IDS)
def test_whose_it_is_gets_it(scene: Scene, name: Name, carried: Carried) -> None:
    """Otherwise the refusals below would say nothing: these payloads are what Slack brings back when all is as it should be."""
    told = scene.send(name, carried.filled(scene.ids), carried.by)
    assert not told.refused, told.words
    assert [] == scene.forge.troubles


def may(who: str, carried: Carried) -> bool:
    """Whether that person may look there, and do that, as anybody of their kind."""
    if carried.open_to == IN_SIGHT:
        return who in {*INSIDE, GUS}
    if carried.open_to == PARTICIPANTS:
        return who in INSIDE
    if carried.open_to == ORGANIZERS:
        return who == FRED
    return bool(carried.open_to)


@pytest.mark.parametrize("who", [DORA, FRED, MONA, GUS, XENO, EVE, DINA, ROBOT, NOBODY])
def test_nobody_else_gets_it(scene: Scene, who: str) -> None:
    """All are refused in words, and nothing changes.

    They are a participant, the organizer and a judge of another contest, a guest, somebody of a foreign workspace, somebody in no
    channel, one who was deactivated, a bot, and an id that Slack does not know.
    """
    wrong: list[tuple[object, ...]] = []
    for name, carried in CARRIED:
        told = scene.send(name, carried.filled(scene.ids), who)
        wrong += [(name, "was told a secret", secret) for secret in SECRETS if secret in told.words]
        if may(who, carried):
            scene.changed()
            continue
        wrong += [(name, "was told", told.words)] * (not told.refused)
        wrong += [(name, "changed", table) for table in scene.changed()]
    assert [] == wrong
    assert [] == scene.forge.troubles


NO_ID = "f" * 32
WORDS = (
    "",
    "garbage",
    "a:b:c:d:e",
    NO_ID,
    f"{NO_ID}:{NO_ID}:{NO_ID}",
    f"{NO_ID}::1",
    f"{NO_ID}:1",
    "'; DROP TABLE contest; --",
    "[1, 2",
    '["a", "b", "c", "d"]',
    "9" * 2000,
    "nul \x00 and half a letter \ud800",
    None,
)
SHARES = 4
"""Each name meets so many times fewer of them in the quick test; all of them are met."""
"""What a name may carry that means nothing: ids that there are not, words, parts too few and too many."""


def twisted(carried: Carried, words: Sequence[str | None]) -> Iterator[tuple[bool, Carried]]:
    """The same with one thing wrong in it, and whether that is something of ours that decides, and not what a person fills in."""
    values, facts, state = carried.value, carried.facts, carried.state
    for word in words:
        if values is not None:
            yield True, replace(carried, value=word)
            parts = values.split(":")
            for number in range(len(parts) if len(parts) > 1 else 0):
                yield True, replace(carried, value=":".join([*parts[:number], word or "", *parts[number + 1 :]]))
        for key in facts:
            others = {other: fact for other, fact in facts.items() if other != key}
            yield key not in carried.idle, replace(carried, facts=others | ({} if word is None else {key: word}))
        for block in state:
            yield False, replace(carried, state={**state, block: {"value": word, "selected_option": {"value": word}}})
    for block in state:
        yield False, replace(carried, state={other: given for other, given in state.items() if other != block})


def what_comes_of(scene: Scene, name: Name, carried: Carried, words: Sequence[str | None]) -> list[tuple[object, ...]]:
    """Of all that: what changed something, or read that something went wrong."""
    wrong: list[tuple[object, ...]] = []
    for ours, each in twisted(carried.filled(scene.ids), words):
        told = scene.send(name, each, carried.by)
        changed = scene.changed()
        if scene.forge.troubles or (changed and (ours or told.refused)):
            wrong.append((each.value, dict(each.facts), dict(each.state), changed, told.words))
            scene.renew()
    return wrong


@pytest.mark.parametrize("number", range(len(CARRIED)), ids=IDS)
def test_what_means_nothing_changes_nothing(scene: Scene, number: int) -> None:
    """By whomever it comes who may do the most: ids that there are not, words, and nothing at all are answered in words."""
    assert [] == what_comes_of(scene, *CARRIED[number], WORDS[number % SHARES :: SHARES])


@pytest.mark.slow
@pytest.mark.parametrize(("name", "carried"), CARRIED, ids=IDS)
def test_nothing_that_means_nothing_changes_anything(scene: Scene, name: Name, carried: Carried) -> None:
    """The same with all of these words for each of the names."""
    assert [] == what_comes_of(scene, name, carried, WORDS)


@pytest.mark.parametrize(
    "metadata", ["", "null", "[]", '"garbage"', "{", '{"contest_id": null}', '{"contest_id": {"a": []}}']
)
def test_a_window_that_was_not_ours_is_refused(scene: Scene, metadata: str) -> None:
    """What its modal brings back is no record of ours."""
    windows = [(name, carried) for name, carried in CARRIED if isinstance(name, Callback) and carried.facts]
    told = {name: scene.send(name, carried.filled(scene.ids), carried.by, metadata) for name, carried in windows}
    assert len(told) > 30
    assert {} == {name: each.words for name, each in told.items() if not each.refused}
    assert [] == scene.changed()
    assert [] == scene.forge.troubles


@pytest.mark.parametrize("who", [FRED, MONA])
def test_ones_own_contest_lets_nobody_into_another(scene: Scene, who: str) -> None:
    """Where several ids come back together, the contest's is replaced by the one that the person organizes, or judges: what belongs to others stays as it is."""
    ids = scene.ids | dict.fromkeys(("judged", "open", "over", "idle", "draft"), scene.ids["other"])
    ids |= {"nobody": NO_ID}
    before, wrong = scene.contents(), []
    for name, carried in CARRIED:
        told = scene.send(name, carried.filled(ids), who)
        wrong += [(name, "was told a secret", secret) for secret in SECRETS if secret in told.words]
    assert [] == wrong
    assert [] == scene.forge.troubles
    after = scene.contents()
    gone = [(table, row) for table, rows in before.items() for row in rows if row not in after[table]]
    assert [] == [(table, row) for table, row in gone if ids["other"] not in row and table != "sqlite_sequence"]


TO_ANYBODY = frozenset({Sub.MINE, Sub.FIND, Sub.STARTER, Sub.CARDS, Sub.HELP})
"""They say the same to all, or what is one's own, or find nothing."""
TO_PEOPLE_THERE = frozenset({Sub.JUDGES, Sub.ORGANIZERS, Sub.ACCOUNTS})
"""In the organizers' chapter of the help, though others may read the names, and get their own account."""

SEND_A_FILE = frozenset({Sub.RULES_FILE})
"""To the direct messages of whoever asks."""
LETTERS = frozenset({"outbox", "sqlite_sequence"})


def is_for(who: str, sub: Sub, *, typed: bool) -> bool:
    """Whether that person may get an answer."""
    if sub in TO_ANYBODY or (who == FRED and sub in {Sub.CONTEST_NEW, Sub.ERASE}):
        return True
    there = who in {*INSIDE, GUS} or (
        typed and who == EVE
    )  # Slack takes what is typed in a channel from those who are there
    return there and (sub.row.who is not FOR_ORGANIZERS or sub in TO_PEOPLE_THERE)


@pytest.mark.parametrize("who", [DORA, FRED, MONA, GUS, XENO, EVE, DINA, ROBOT, NOBODY])
@pytest.mark.parametrize("typed", [True, False], ids=["typed", "pressed"])
def test_commands_are_for_those_they_are_for(scene: Scene, who: str, *, typed: bool) -> None:
    """Each command, typed in the channel of a contest, or pressed on a Home tab that was made up."""
    wrong: list[tuple[object, ...]] = []
    for sub in Sub:
        if typed:
            told = scene.forge.command(who, f"{sub} <@U0ADA>", CHANNEL)
        else:
            told = scene.forge.action(who, f"home_menu:{sub}", f"{sub}:{CHANNEL}", where="home")
        wrong += [(sub, "was told a secret", secret) for secret in SECRETS if secret in told.words]
        wrong += [(sub, "was told", told.words)] * (not told.refused and not is_for(who, sub, typed=typed))
        sent = LETTERS if sub in SEND_A_FILE and is_for(who, sub, typed=typed) else frozenset()
        wrong += [(sub, "changed", table) for table in set(scene.changed()) - sent]
    assert [] == wrong
    assert [] == scene.forge.troubles

"""The second verifier, docs/verify/verify.py, which shares nothing with ours: both say the same of every bundle."""

from __future__ import annotations

import ast
import importlib.util
import json
import random
import sys
from math import inf, isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.rules.allocation import Task
from bot.rules.bundles import unpacked
from bot.rules.canonical import canonical, sha256_of
from bot.rules.drawings import document_of, draw
from bot.rules.fairscores import Observation, fair
from bot.rules.phases import Phase
from bot.usecases.boards.recounting import recount
from tests.makers.boards import judged
from tests.makers.bundles import FORGERIES, HOSTILE, bundled, changed, edit, played, zip_of
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, EVE, GUS, JACK, JUDY, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

FILE = Path(__file__).parents[4] / "docs" / "verify" / "verify.py"


@pytest.fixture(scope="module")
def second() -> ModuleType:
    spec = importlib.util.spec_from_file_location("second_verifier", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Says:
    """What the second verifier says of a bundle, as a command does."""

    def __init__(self, module: ModuleType, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.module, self.file, self.capsys = module, file, capsys

    def __call__(self, bundle: bytes, *heads: str) -> tuple[int, str]:
        """Its status and its sentence."""
        self.file.write_bytes(bundle)
        self.capsys.readouterr()
        status = 0
        try:
            self.module.main(str(self.file), *heads)
        except SystemExit as end:
            status = int(end.code or 0)
        return status, self.capsys.readouterr().out


@pytest.fixture
def says(second: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Says:
    return Says(second, tmp_path / "results.zip", capsys)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Two rounds by fair scores, with lots, ties, a withdrawn piece and a judge whose ratings are void."""
    with small_world(tmp_path_factory.mktemp("bundle")) as world:
        return bundled(world, played(world))


def test_it_is_short_and_stands_on_python_alone() -> None:
    """At most 200 lines of at most 150 characters, nothing imported that Python does not bring, and nothing written to disk."""
    lines = FILE.read_text().splitlines()
    assert len(lines) <= 200
    assert max(map(len, lines)) <= 150
    tree = list(ast.walk(ast.parse(FILE.read_text())))
    names = {name.name for node in tree if isinstance(node, ast.Import) for name in node.names}
    assert [] == [node.module for node in tree if isinstance(node, ast.ImportFrom)]
    assert {"json", "zipfile"} < names <= sys.stdlib_module_names
    called = {node.func.attr for node in tree if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)}
    assert not called & {"extract", "extractall", "write_bytes", "write_text"}


def test_what_was_played_fits_and_a_head_that_was_kept_is_in_it(bundle: bytes, says: Says) -> None:
    """Both say yes, and tell the same hash of what was decided; a head that is not in the trail is told."""
    found = recount(bundle)
    assert [] == found.faults
    status, said = says(bundle)
    assert (0, True) == (status, said.startswith("yes")), said
    assert found.results in said
    head = found.fits[-1].rpartition(" ")[2]
    assert head in said
    assert 0 == says(bundle, head)[0]
    assert (1, "NO   chain.json: the head abc is not in it.\n") == says(bundle, head, "abc")


def by_means(world: World) -> str:
    pieces = judged(world)
    for judge in (JUDY, JACK):
        for piece, score in zip(pieces, (5, 4, 4), strict=True):
            world.rate(judge, piece, score, score, score)
    return world.piece(pieces[0]).contest_id


def nobody_rated(world: World) -> str:
    return world.piece(judged(world, fair=True)[0]).contest_id


def by_halves(world: World) -> str:
    """All hear all, weights differ, and each tie but one is decided by the ladder."""
    contest = world.contest(fair=True, submission_limit=3)
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY, JACK, GUS])
    edit(world, contest, halves=True)
    pieces = [world.accepted(who, f"F{who}{at}", f"{at}.mid", 70) for who in (ADA, BEN) for at in range(3)]
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    given: list[list[Any]] = [[4.5, 3.5, 4], [4, 4, 4], [4, 4, 4], [3.5, 4.5, 4], [1.5, 2, 1], [5, 4.5, 5]]
    for judge in (JUDY, JACK, GUS):
        for piece, scores in zip(pieces, given, strict=True):
            world.rate(judge, piece, *scores)
    return contest


def two_rounds_by_means(world: World) -> str:
    """The final is on: one of the finalists is not rated there yet."""
    contest = world.contest(submission_limit=3, rounds=2, finalists=2)
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    pieces = [world.accepted(ADA, f"F{at}", f"{at}.mid") for at in range(3)]
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    for piece, score in zip(pieces, (5, 4, 3), strict=True):
        world.rate(JUDY, piece, score, score, score)
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    world.rate(JUDY, pieces[1], 3, 3, 3)
    return contest


def a_finalist_unheard(world: World) -> str:
    """The contest is over, and one of the two finalists was never rated in the final."""
    contest = two_rounds_by_means(world)
    world.contests.advance(OLIVE, contest, Phase.FINAL, "Judy has to go")
    return contest


def with_further_listens(world: World) -> str:
    """Some are placed, and a judge leaves, so that lots are drawn again."""
    judges = [f"U0JUDGE{number}" for number in range(5)]
    for judge in judges:
        world.directory.add(judge, judge, CHANNEL)
    contest = world.contest(fair=True, submission_limit=5, rounds=2)
    world.contests.add_judges(OLIVE, CHANNEL, judges)
    edit(world, contest, listens="2", further="6", finalists=4)
    pieces = [world.accepted((ADA, BEN, CLEO)[at % 3], f"F{at}", f"{at}.mid") for at in range(12)]
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    lots = random.Random(5)
    for _ in range(9):
        with world.store.read() as work:
            heard, done = (
                work.panels.pairs(contest),
                {(one.judge, one.submission_id) for one in work.ratings.given(contest)},
            )
            here = set(work.contests.roles.holders(contest, "judge"))
        for judge, piece in sorted(pair for pair in heard - done if pair[0] in here):
            world.rate(judge, piece, *(min(5, 1 + pieces.index(piece) // 3 + lots.randrange(3)) for _ in range(3)))
        if world.further.place_due() and len(here) == len(judges):
            with world.store.read() as work:
                leaves = min(judge for judge, _ in work.panels.pairs(contest, further=True))
            world.marks.leave(leaves, contest, "No more time", counted=True)
    with world.store.read() as work:
        assert work.panels.pairs(contest, further=True)
    return contest


def fixed_by_the_ceremony(world: World) -> str:
    contest = by_means(world)
    world.staff.add_organizers(OLIVE, CHANNEL, [EVE])
    for actor in (OLIVE, EVE):
        look = world.finalizing.look(actor, CHANNEL)
        world.finalizing.confirm(actor, look.contest_id, look.digest, CLEO, "")
    assert Phase.CEREMONY == world.row(contest).phase
    return contest


def erased(world: World) -> str:
    contest = played(world)
    world.erasure.erase(OLIVE, CLEO, "Cleo")
    return contest


KINDS: dict[str, Callable[[World], str]] = {
    each.__name__: each
    for each in (
        by_means,
        nobody_rated,
        by_halves,
        two_rounds_by_means,
        a_finalist_unheard,
        with_further_listens,
        fixed_by_the_ceremony,
        erased,
    )
}


@pytest.mark.parametrize("kind", KINDS)
def test_both_say_yes_of_a_contest_as_it_is(world: World, says: Says, kind: str) -> None:
    """Of each kind of contest, in whatever phase."""
    data = bundled(world, KINDS[kind](world))
    assert [] == recount(data).faults
    assert (0, True) == (says(data)[0], says(data)[1].startswith("yes")), says(data)


def test_both_say_no_where_a_further_listen_is_left_out(world: World, says: Says) -> None:
    """One that the last drawing has already."""
    data = bundled(world, with_further_listens(world))
    drawing = json.loads(json.loads(unpacked(data)["allocation.json"])["drawings"][-1]["document"])
    people = [*(judge for judge, _ in drawing["judges"]), *drawing["others"]]
    judge, numbers = next((judge, row) for judge, row in zip(people, drawing["placed"], strict=True) if row)
    pair = [judge, drawing["entries"][numbers[0]][0]]
    forged = changed(data, "allocation.json", lambda value: value["heard"].remove([*pair, True]))
    assert (1, "NO   allocation.json: not as drawn.\n") == says(forged)
    assert recount(forged).faults


def test_both_say_no_wherever_a_byte_is_flipped(bundle: bytes, says: Says) -> None:
    """In what members say, in their names, and in what only a zip's reader would see."""
    lots = random.Random(8)
    for at in [*range(0, 200, 3), *range(len(bundle) - 200, len(bundle), 3), *lots.sample(range(len(bundle)), 250)]:
        flipped = bytearray(bundle)
        flipped[at] ^= 1 << lots.randrange(8)
        assert 1 == says(bytes(flipped))[0], at
        assert recount(bytes(flipped)).faults, at
    for more in (bundle + b"x", b"x" + bundle, bundle[:-1], b""):
        assert 1 == says(more)[0]


SAID = {
    "a score": "not [1, ",
    "a rating left out": "not [4, ",
    "a rating twice": "somebody has rated twice",
    "a rating counts": "counts, or not, otherwise",
    "a score of none": "no such piece, judge, version, or score",
    "a version of none": "no such piece, judge, version, or score",
    "a stranger": "ratings.json: it is not in order",
    "a place": "board.json: it says [2, ",
    "a row more": "board.json: it says [9, 'x'",
    "a fair score": "board.json: it says [",
    "an error": "0.5], not [",
    "no fair scores": "fair scores, or caveats of them",
    "the AI judge": "99.0], not [1, ",
    "who judges": "counts, or not, otherwise",
    "a drawing": "drawing 1 has another SHA-256",
    "who hears": "allocation.json: not as drawn",
    "the rules": "version 1 has another SHA-256",
    "a link": "entry 5 does not follow",
    "an entry left out": "entry 5 does not follow",
    "a head": "the head that was posted at entry",
    "an entry emptied": "entry 5 is empty",
    "a file's hash": "what was sealed at the end has another hash",
}
"""What the second verifier says of each forgery."""


def drawing(number: int = 0, **parts: Any) -> Callable[[Any], None]:
    """Another drawing, with a hash that fits it."""

    def forge(value: Any) -> None:
        row = value["drawings"][number]
        row["document"] = canonical(json.loads(row["document"]) | parts)
        row["sha256"] = sha256_of(row["document"])

    return forge


def rules(**parts: Any) -> Callable[[Any], None]:
    """Another last version, with a hash that fits it."""

    def forge(value: Any) -> None:
        value[-1]["document"] = canonical(json.loads(value[-1]["document"]) | parts)
        value[-1]["sha256"] = sha256_of(value[-1]["document"])

    return forge


def said_later(value: Any) -> None:
    """What an entry of the bot's own says, a second later."""
    said = next(entry[3] for entry in value["entries"] if entry[3])
    said[3] = said[3].replace(":00+", ":01+")


def heard_otherwise(value: Any) -> None:
    """Two judges change what one of them alone hears."""
    rows = json.loads(value["drawings"][0]["document"])["heard"]
    one, other = next((at, to) for at in range(3) for to in range(3) if set(rows[at]) - set(rows[to]))
    entry = min(set(rows[one]) - set(rows[other]))
    rows[one].remove(entry)
    rows[other] = sorted([*rows[other], entry])
    drawing(heard=rows)(value)


MORE: dict[str, tuple[str, Callable[[Any], Any], str]] = {
    "another seed": ("allocation.json", drawing(seed="mine"), "another SHA-256, or another seed"),
    "other lots": ("allocation.json", heard_otherwise, "is not what its lots give"),
    "fewer each": ("allocation.json", drawing(each=1), "is not what its lots give"),
    "a shorter piece": ("allocation.json", lambda value: drawing(2, judges=[[judge, "2"] for judge, _ in json.loads(value["drawings"][2]["document"])["judges"]])(value), "is not what its lots give"),
    "other people": ("allocation.json", drawing(others=["x"]), "another shape"),
    "a number of nothing": ("allocation.json", drawing(started=[[10**6], [], [], []]), "another shape"),
    "lots for a crowd": ("allocation.json", drawing(others=[f"j{at}" for at in range(100_000)]), "another shape"),
    "a number below zero": ("allocation.json", drawing(heard=[[-1], [], [], []]), "another shape"),
    "no number": ("allocation.json", drawing(entries=[["a", "nan"]]), "another shape"),
    "another score": ("rules.json", rules(score="mean"), "board.json: it says ["),
    "other halves": ("rules.json", rules(halves=True), "rules.fixed 3 is not in the trail"),
    "rules spaced": ("rules.json", lambda value: value[-1].update(document=value[-1]["document"] + " ", sha256=sha256_of(value[-1]["document"] + " ")), "is written otherwise"),
    "rules with more": ("rules.json", rules(more=1), "another shape"),
    "rules left out": ("rules.json", lambda value: value.pop(0), "versions are not 1, 2, 3"),
    "no rules": ("rules.json", lambda value: value.clear(), "versions are not 1, 2, 3"),
    "endless versions": ("contest.json", lambda value: value.update(rules_version=10**7), "versions are not 1, 2, 3"),
    "a weight": ("rules.json", lambda value: rules(criteria=[each | {"weight": "0"} for each in json.loads(value[-1]["document"])["criteria"]])(value), "another shape"),
    "another phase": ("contest.json", lambda value: value.update(phase="never"), "another shape"),
    "an earlier phase": ("contest.json", lambda value: value.update(phase="final", final_began=False), "what was sealed"),
    "a finalist": ("entries.json", lambda rows: next(row for row in rows if row["in_final"]).update(in_final=False), "counts, or not, otherwise"),
    "somebody back": ("entries.json", lambda rows: next(row for row in rows if row["left"]).update(left=False), "counts, or not, otherwise"),
    "a word for yes": ("entries.json", lambda rows: rows[0].update(left="no"), "another shape"),
    "a truth for a score": ("ratings.json", lambda rows: rows[0][3].update(originality=True), "another shape"),
    "a recusal": ("judges.json", lambda rows: rows[0]["recused"].append(rows[0]["judge"]), "what was sealed"),
    "a crowd": ("judges.json", lambda rows: rows.extend({"judge": f"j{at}", "void": False, "recused": []} for at in range(501)), "too many"),
    "a judge twice": ("judges.json", lambda rows: rows.append(rows[0]), "one is there twice"),
    "a variance": ("board.json", lambda board: board["fair"]["variances"].__setitem__(0, 0.9), "other variances"),
    "a caveat": ("board.json", lambda board: board["fair"].update(caveats=["apart"]), "caveats"),
    "a fair score left out": ("board.json", lambda board: board["fair"]["scores"].pop(), "it says None, not ["),
    "why it is behind": ("board.json", lambda board: board["rows"][-1].__setitem__(4, "final"), "board.json: it says ["),
    "a later moment": ("chain.json", said_later, "says has another digest"),
    "a later head": ("chain.json", lambda value: value["heads"].append([999, "0" * 64]), "posted at entry 999"),
    "the end left out": ("chain.json", lambda value: value["entries"].__delitem__(slice(3, None)), "the head that was posted"),
    "depth": ("chain.json", lambda value: value["entries"].append([[[[[]]]]]), "another shape"),
}  # fmt: skip
"""As ``FORGERIES``, with all hashes made anew that a forger can make."""


def test_every_forgery_has_its_sentence() -> None:
    """None is left out."""
    assert FORGERIES.keys() == SAID.keys()


@pytest.mark.parametrize("forgery", [*FORGERIES, *MORE])
def test_both_say_no_whatever_somebody_forges(bundle: bytes, says: Says, forgery: str) -> None:
    """And each says what it is."""
    name, change, said = MORE.get(forgery) or (*FORGERIES[forgery][:2], SAID[forgery])
    data = changed(bundle, name, change)
    status, sentence = says(data)
    assert (1, True) == (status, sentence.startswith("NO   ")), sentence
    assert said in sentence
    assert recount(data).faults


@pytest.mark.parametrize(
    "data", [*(each for each, _ in HOSTILE), b"PK\3\4" + b"\xff" * 5000, zip_of(("manifest.json", b"\0" * 9000))]
)
def test_a_hostile_file_gets_a_sentence(says: Says, data: bytes) -> None:
    """Paths, numbers, sizes, bombs, depths: nothing is unfolded, and nothing is raised."""
    status, said = says(data)
    assert 1 == status
    assert said.startswith("NO   ")
    assert 1 == said.count("\n")
    assert len(said) < 1000


def test_a_file_that_is_not_there_gets_a_sentence(
    second: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And what a file holds cannot write to a terminal what is no letter."""
    with pytest.raises(SystemExit):
        second.main(str(tmp_path / "none.zip"))
    with pytest.raises(SystemExit):
        second.need(False, "a\x1b[2Jb\n")
    said = capsys.readouterr().out
    assert "It cannot be read" in said
    assert said.endswith("NO   a?[2Jb?\n")


def a_task(lots: random.Random) -> Task:
    """Few pieces and judges, some with little time, with what was begun, planned, placed and refused."""
    entries, judges = [f"e{at}" for at in range(lots.randint(1, 12))], [f"j{at}" for at in range(lots.randint(1, 7))]

    def some(share: float, gone: tuple[str, ...] = ()) -> frozenset[tuple[str, str]]:
        return frozenset((judge, entry) for judge in (*judges, *gone) for entry in entries if lots.random() < share)

    return Task(
        entries={entry: lots.choice([30.0, 90.5, lots.uniform(20, 200)]) for entry in entries},
        judges={judge: lots.choice([inf, inf, 4.0, 9.5]) for judge in judges},
        each=lots.randint(1, 4),
        conflicts=some(lots.choice([0, 0.2])),
        started=some(lots.choice([0, 0.2]), ("gone",)),
        planned=some(lots.choice([0, 0.3]), ("gone",)),
        further=some(lots.choice([0, 0.1]), ("gone",)),
        seed=str(lots.random()),
    )


def test_it_draws_the_same_lots(second: ModuleType) -> None:
    """Of whatever is to be shared out."""
    for seed in range(60):
        task, found = draw(a_task(random.Random(seed)))
        document = document_of(task, found)
        assert (document["heard"], document["placed"]) == second.drawn(document), seed


def test_it_finds_the_same_fair_scores(second: ModuleType) -> None:
    """Of one round and two, one judge and many, by thirds and by halves."""
    for seed in range(60):
        lots = random.Random(seed)
        entries, judges = range(lots.randint(4, 14)), range(lots.randint(1, 7))
        worth, lenient = (
            [lots.gauss(3, lots.choice([0.1, 0.7])) for _ in entries],
            [lots.gauss(0, lots.choice([0, 0.5])) for _ in judges],
        )
        rows = [
            (
                f"e{entry}",
                f"j{judge}",
                round_,
                round(min(5, max(1, worth[entry] + lenient[judge] + lots.gauss(0, 0.5))) * 6) / 6,
            )
            for round_ in ("preliminary", "final")[: lots.randint(1, 2)]
            for judge in judges
            for entry in entries
            if lots.random() < 0.7
        ]
        ours = fair([Observation(entry, judge, score, round_) for entry, judge, round_, score in rows], chances=False)
        theirs = second.fitted(sorted(rows))
        assert [each.value for each in ours.caveats] == theirs["caveats"], seed
        for one, (entry, score, error) in zip(
            sorted(ours.scores, key=lambda each: each.entry), theirs["scores"], strict=True
        ):
            assert (one.entry, True) == (entry, abs(one.score - score) <= 1e-6), seed
            assert isnan(one.error) if error is None else abs(one.error - error) <= 1e-6, seed

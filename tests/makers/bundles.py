"""A small contest with something of everything that a results bundle tells."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bot.rules.phases import Phase
from bot.usecases.contests.editing import EditContest
from bot.usecases.contests.settings import Part
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, GUS, JACK, JUDY, OLIVE

if TYPE_CHECKING:
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

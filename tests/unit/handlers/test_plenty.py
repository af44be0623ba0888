"""With 120 of everything, or with nothing, each view and each message is one that Slack takes."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from inspect import isfunction, signature
from pathlib import Path
from pkgutil import walk_packages
from typing import TYPE_CHECKING, Any

import pytest

import handlers
from bot.usecases.accounts.pools import PoolStatus
from bot.usecases.contests.staff import StaffList
from bot.usecases.judging.behalf import EntryChoice
from bot.usecases.judging.marks import Flags
from bot.usecases.stored import KINDS
from bot.usecases.submissions.compositions import Mine
from bot.usecases.submissions.latefiles import LateList
from handlers import letters
from handlers.accounts import views as pools
from handlers.contests import views as staff
from handlers.judging import views as behalf
from handlers.judging import views as marks
from handlers.submissions import views as latefiles
from handlers.submissions import views as submissions
from handlers.views.blocks import VIEW_BLOCKS
from tests.makers.plenty import WIDTHS, Plenty
from tests.unit.handlers.block_kit import problems_of_message, problems_of_view

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SEEDS = range(2 * len(WIDTHS))
ELSEWHERE = {
    "probe.views.asked": "what it says is its own",
    "probe.views.heard": "the same",
    "probe.views.opening": "the same",
    "probe.views.draft": "it has nothing to show but inputs",
    "probe.views.picture": "its file is one that Slack has taken",
    "probe.views.pictures": "the same",
    "contests.editing_views.menu": "its fields are a contest's own settings, and have no lists",
    "contests.editing_views.form": "the same",
    "views.guide.window": "it takes the blocks of others",
    "boards.letters.winners_chart": "its title and what it measures are ours; letters have it",
    "submissions.views.over": "it takes another view",
    "views.pages.turns": "they are two buttons",
    "accounts.views.pasted": "it takes back what the window before it said",
    "judging.views.practice_buttons": "they are a row's",
    "accounts.views.decision_buttons": "they are a row's",
}


def makers(wanted: str) -> dict[str, Callable[..., Any]]:
    """The functions of all topics that make that, by their names."""
    found = [import_module(each.name) for each in walk_packages(handlers.__path__, "handlers.")]
    return {
        f"{module.__name__.removeprefix('handlers.')}.{name}": function
        for module in found
        for name, function in vars(module).items()
        if isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_")
        if signature(function).return_annotation == wanted
    }


VIEWS, MESSAGES = makers("b.View"), makers("list[b.Block]")


def drawn(known: dict[str, Callable[..., Any]]) -> Iterator[Any]:
    """Those of them that are tried here."""
    return (pytest.param(function, id=name) for name, function in known.items() if name not in ELSEWHERE)


def test_nothing_is_overlooked() -> None:
    """Every topic that has views is looked through, and what is left out is still there."""
    assert [] == [name for name in ELSEWHERE if name not in VIEWS | MESSAGES]
    topics = {file.parent.name for file in Path(handlers.__file__).parent.glob("*/*views.py")}
    assert set() == topics - {name.partition(".")[0] for name in VIEWS | MESSAGES}


@pytest.mark.parametrize("view", [*drawn(VIEWS)])
def test_views(view: Callable[..., Any]) -> None:
    """However much there is; a view that is full to the brim has lost its end."""
    for seed in SEEDS:
        made = view(**Plenty(seed).arguments(view))
        assert [] == problems_of_view(made), seed
        assert len(made["blocks"]) < VIEW_BLOCKS, seed


@pytest.mark.parametrize("blocks", [*drawn(MESSAGES)])
def test_messages(blocks: Callable[..., Any]) -> None:
    """However much there is."""
    for seed in SEEDS:
        made = blocks(**Plenty(seed).arguments(blocks))
        assert [] == (problems_of_message("text", made) if made else []), seed


@pytest.mark.parametrize("kind", KINDS)
def test_letters(kind: str) -> None:
    """However much there is."""
    for seed in SEEDS:
        letter = letters.draw(Plenty(seed).value(KINDS[kind]))
        for blocks in filter(None, (letter.blocks, letter.newer)):
            assert [] == problems_of_message(letter.text, list(blocks)), seed


def pages(draw: Callable[[int], Any]) -> Iterator[str]:
    """All pages of a list, as far as there is a button to go on."""
    for number in range(1_000):
        page = str(draw(number))
        yield page
        if f":{number + 1}'" not in page:
            return


LISTS = [
    (
        Mine,
        submissions.mine,
        lambda seen: [one.submission_id for each in seen.contests for one in each.compositions if one.may_withdraw],
    ),
    (LateList, latefiles.late, lambda seen: [each.submission_id for each in seen.waiting]),
    (Flags, marks.flags, lambda seen: [each.mark_id for each in seen.flags if not each.resolved_by]),
    (PoolStatus, pools.pool_status, lambda seen: [each.request_id for each in seen.requests]),
]


@pytest.mark.parametrize("seed", [0, 5])
@pytest.mark.parametrize(("kind", "view", "ids"), LISTS)
def test_each_of_many_is_on_one_page(kind: Any, view: Any, ids: Any, seed: int) -> None:
    """Nobody has to decide about the first ones to see the others; each page is one that Slack takes."""
    seen = Plenty(seed).value(kind)
    drawn_pages = [*pages(lambda number: view(seen, number))]
    wanted = ids(seen)
    assert len(wanted) > 50
    assert [1] * len(wanted) == [sum(each in page for page in drawn_pages) for each in wanted]
    assert len(drawn_pages) > 1


def test_everybody_is_named() -> None:
    """120 judges stand in a list; a menu of them searches, as does one of pieces, and knows who was named in the command."""
    listed = Plenty(0).value(StaffList)
    assert [] == [each.user_id for each in listed.judges if each.user_id not in str(staff.people(listed))]
    choice = Plenty(0).value(EntryChoice)
    judges, pieces = (block["element"] for block in behalf.choose(choice)["blocks"] if block["type"] == "input")
    assert ("external_select", choice.judge) == (judges["type"], judges["initial_option"]["value"])
    assert "external_select" == pieces["type"]


def test_no_account_of_200_is_cut_off() -> None:
    """Lines of people are never torn, nor lost at the end of a block, however long their names are."""
    pool = replace(Plenty(0).value(PoolStatus), requests=())
    listed = str(pools.pool_status(pool))
    assert [] == [each.who for each in pool.held if each.who and each.who not in listed]

"""Lists that are turned page by page, through a real Bolt app and a real socket."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.rules.phases import Phase
from bot.sandbox.client import awaited
from bot.usecases.judging.behalf import EntryChoice
from bot.usecases.submissions.compositions import Composition, Mine, MyContest, PieceVersion
from bot.usecases.submissions.latefiles import LateFile, LateList
from tests.unit.handlers import samples
from tests.unit.handlers.recorders import AT

if TYPE_CHECKING:
    from bot.sandbox.client import Person, Sandbox
    from tests.unit.handlers.recorders import Recorder

COMPOSERS = "C0COMPOSERS"
LATE = LateFile("s0", "U0ADA", "tide.mid", 1, AT, 60)


def compositions(number: int) -> Mine:
    """So many of Ada's, each called by its number."""
    sent = PieceVersion("v1", 1, "accepted", "a.mid", AT, None, counts=True, may_count=False)
    pieces = tuple(
        Composition(f"s{each}", f"Piece {each:03d}", (sent,), may_change=True, may_withdraw=True)
        for each in range(number)
    )
    contest = MyContest(
        "Jam", COMPOSERS, Phase.OPEN, "both", AT, "Europe/Berlin", number, 200, open=True, compositions=pieces
    )
    return Mine((contest,))


def with_words(person: Person, *wanted: str, without: str = "") -> Any:
    """The window, once it holds these words."""
    return person.wait_for_view(
        lambda view: all(each in str(view) for each in wanted) and (not without or without not in str(view))
    )


def test_the_last_of_120_compositions_can_be_withdrawn(use_cases: Recorder, sandbox: Sandbox) -> None:
    """Page by page, back too; after a withdrawal the page stays."""
    ada = sandbox.person("ada")
    use_cases.answers |= {"mine": compositions(120), "title": "Piece 119"}
    ada.command(COMPOSERS, "/kantor mine")
    view = with_words(ada, "Piece 000", "Page 1 of")
    while "Piece 119" not in str(view):
        last = next(each for each in range(119, -1, -1) if f"Piece {each:03d}" in str(view))
        ada.click(view, "mine_page:More")
        view = with_words(ada, f"Piece {last + 1:03d}")
    use_cases.answers["mine"] = compositions(119)
    ada.click(view, "withdraw", value="s119")
    view = with_words(ada, "Piece 118", without="Piece 119")
    assert [("U0ADA", "s119")] == use_cases.asked("withdraw")
    ada.click(view, "rename_piece", value="s118")
    window = ada.wait_for_view(
        lambda shown: shown["title"]["text"] == "Another title" and "One moment" not in str(shown)
    )
    use_cases.answers["mine"] = compositions(118)
    ada.submit(window, {"title": "Another"})
    ada.close(ada.wait_for_view("It is called"))
    view = with_words(ada, "Piece 117", without="Piece 118")
    ada.click(view, "mine_page:Back")
    assert "Piece 117" not in str(with_words(ada, "Page", without="Piece 117"))


def test_late_files_are_turned_where_they_are_read(use_cases: Recorder, sandbox: Sandbox) -> None:
    """In the answer to the command, and in the window that the Home tab opens."""
    olive = sandbox.person("olive")
    waiting = tuple(replace(LATE, submission_id=f"s{each}", title=f"Piece {each:03d}") for each in range(40))
    use_cases.answers["waiting"] = LateList("Jam", waiting, COMPOSERS)
    seen = len(olive.ephemerals(COMPOSERS))
    olive.command(COMPOSERS, "/kantor late")
    message = awaited(lambda: olive.ephemerals(COMPOSERS)[seen:] or None, 10, lambda: "an answer")[-1]
    assert ("Piece 000" in str(message), "Piece 039" in str(message)) == (True, False)
    for number in (15, 30):
        olive.click(message, "late_page:More")
        message = olive.wait_for_ephemeral(COMPOSERS, f"Piece {number:03d}")
    assert "Piece 039" in str(message)
    assert ("U0OLIVE", COMPOSERS) == use_cases.asked("waiting")[-1]
    use_cases.answers["home"] = samples.home(name="Snowy Jam")
    olive.open_home()
    olive.click(olive.wait_for_home("Snowy Jam"), "home_menu:late", value=f"late:{COMPOSERS}")
    window = with_words(olive, "Piece 000")
    olive.click(window, "late_page:More")
    assert "Piece 015" in str(with_words(olive, "Page 2 of 3"))


def test_a_menu_of_120_judges_finds_what_is_typed(use_cases: Recorder, sandbox: Sandbox) -> None:
    """What is typed reaches the use case, and what it finds can be chosen."""
    olive = sandbox.person("olive")
    many = tuple((f"U{each:03d}", f"Judge {each:03d}") for each in range(120))
    pieces = tuple((f"s{each}", f"Heron {each:03d}") for each in range(120))
    use_cases.answers |= {"choice": EntryChoice("c1", "Jam", many, pieces, None)}
    use_cases.answers |= {"search": EntryChoice("c1", "Jam", many[119:], pieces[118:], None)}
    olive.command(COMPOSERS, "/kantor rate for")
    view = with_words(olive, "external_select")
    assert ["U119"] == [each["value"] for each in olive.suggest(view, "judge", "119")]
    found = olive.suggest(view, "piece", "heron 11")
    assert ["Heron 118", "Heron 119"] == [each["text"]["text"] for each in found]
    assert [("U0OLIVE", "c1", "119"), ("U0OLIVE", "c1", "heron 11")] == use_cases.asked("search")

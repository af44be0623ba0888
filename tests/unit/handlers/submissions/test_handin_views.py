from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.rules.phases import Phase
from bot.usecases.submissions.compositions import Composition, Mine, MyContest, PieceVersion
from bot.usecases.submissions.corrections import Corrected, CorrectionForm
from bot.usecases.submissions.handins import HandedIn, HandInForm, OpenDoor
from bot.usecases.submissions.latefiles import Decided, Extended, ExtensionForm, Granted, LateFile, LateList
from bot.usecases.submissions.letters import Receipt
from bot.usecases.submissions.search import Findings, FoundContest, FoundPiece, Sight
from handlers import payloads
from handlers.ids import Action, Block
from handlers.submissions import parsing as handins
from handlers.submissions import views as latefiles
from handlers.submissions import views as search
from handlers.submissions import views as submissions
from tests.unit.handlers.block_kit import problems_of_message, problems_of_view, words
from tests.unit.handlers.samples import LONG

AT = datetime(2026, 12, 4, 17, 0, tzinfo=UTC)
DOOR = OpenDoor("c1", LONG, AT, "Europe/Berlin", used=1, limit=3, late=False)
RECEIPT = Receipt(name=LONG, number=2, limit=3, version=2, standing=1, seconds_late=3)


def version(number: int, state: str, *, may_count: bool = False) -> PieceVersion:
    counts = state == "accepted"
    return PieceVersion(f"s{number}", number, state, LONG, AT, LONG, counts=counts, may_count=may_count)


def piece(name: str = LONG, *, may_change: bool = True) -> Composition:
    """A composition of ten versions, of which the ninth counts."""
    versions = [
        version(10, "refused"),
        version(9, "accepted"),
        *(version(number, "superseded", may_count=True) for number in range(8, 0, -1)),
    ]
    return Composition("s10", name, tuple(versions), may_change=may_change, may_withdraw=True)


def contest(pieces: tuple[Composition, ...], intake: str = "both", *, is_open: bool = True) -> MyContest:
    return MyContest(
        LONG, "C1", Phase.OPEN, intake, AT, "Europe/Berlin", used=1, limit=20, open=is_open, compositions=pieces
    )


MANY = Mine((contest((piece(),) * 20),) * 4)
LATE = LateFile("s1", "U0ADA", LONG, 2, AT, 3700)
FORM = ExtensionForm("c1", LONG, AT, "Europe/Berlin", AT, "U0ADA", None, (Granted("U0ADA", AT, LONG),) * 40)
FOUND = FoundPiece("s1", Sight.ORGANIZER, LONG, LONG, LONG, "U0ADA", "accepted", 2, None, may_correct=True)
FINDINGS = Findings(
    (FoundContest(LONG, "C1", Phase.OPEN, AT, "Europe/Berlin"),) * 10,
    (FOUND, replace(FOUND, sight=Sight.AUTHOR), replace(FOUND, sight=Sight.ANYBODY, may_correct=False)) * 3
    + (FoundPiece("s1", Sight.JUDGE, LONG, "quiet heron", None, None, None, None, rated=False),),
    7,
)
CORRECTION = CorrectionForm("s1", LONG, "U0ADA", LONG, 1, 4)


def markup(part: object) -> str:
    """The mrkdwn texts only: plain text calls nobody."""
    if isinstance(part, dict):
        own = [part["text"]] if part.get("type") == "mrkdwn" else []
        return "\n".join([*own, *(markup(value) for value in part.values())])
    return "\n".join(markup(one) for one in part) if isinstance(part, list) else ""


@pytest.mark.parametrize(
    "view",
    [
        submissions.hand_in(HandInForm((DOOR,))),
        submissions.hand_in(HandInForm((replace(DOOR, late=True),) * 20)),
        submissions.hand_in(HandInForm((DOOR,), "s1", LONG, 1)),
        submissions.hand_in(HandInForm((DOOR,), instead_of=(("s1", LONG),) * 20)),
        submissions.handed_in(HandedIn(RECEIPT, late=False)),
        submissions.handed_in(HandedIn(RECEIPT, late=True)),
        submissions.rename("s1", LONG),
        submissions.renamed(LONG),
        submissions.mine(Mine(())),
        submissions.mine(MANY),
        latefiles.decline("s1"),
        latefiles.declined(Decided(LONG, "U0ADA", accepted=False)),
        latefiles.extend(FORM),
        latefiles.extend(replace(FORM, person=None, before=Granted("U0ADA", AT, "Why"), granted=())),
        latefiles.extended(Extended(LONG, "U0ADA", AT, "Europe/Berlin", 2)),
        search.correct(CORRECTION),
        search.corrected(Corrected(LONG, "U0ADA", 2)),
    ],
)
def test_windows_keep_slacks_limits(view: dict[str, Any]) -> None:
    """However long names and lists are, each is one that Slack takes, and calls nobody."""
    assert problems_of_view(view) == []
    assert "<!channel>" not in markup(view)


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        (latefiles.late_text(LateList(LONG, (LATE,) * 60)), latefiles.late(LateList(LONG, (LATE,) * 60))),
        (latefiles.late_text(LateList(LONG, ())), latefiles.late(LateList(LONG, ()))),
        (search.found_text(FINDINGS, LONG), search.found(FINDINGS, LONG)),
        (search.found_text(Findings((), (), 0), LONG), search.found(Findings((), (), 0), LONG)),
    ],
)
def test_answers_keep_slacks_limits(text: str, blocks: list[dict[str, Any]]) -> None:
    """So do the messages that answer commands."""
    assert problems_of_message(text, blocks) == []
    assert "<!channel>" not in markup(blocks)


def actions_of(view: dict[str, Any]) -> set[str]:
    return {
        element["action_id"]
        for block in view["blocks"]
        for element in block.get("elements", ())
        if "action_id" in element
    }


def test_ones_own_list_says_what_counts_and_what_can_be_done() -> None:
    """Which version counts, the state of each in words, and buttons only for what is possible."""
    seen = submissions.mine(Mine((contest((piece("Tide"),)),)))
    shown = words(seen["blocks"])
    assert "*Tide*  ·  ✅ version 9 counts" in shown
    assert "✋ not accepted" in shown
    assert {Action.REPLACE_FILE, Action.RENAME_PIECE, Action.LET_COUNT, Action.WITHDRAW} <= actions_of(seen)
    closed = submissions.mine(
        Mine((contest((replace(piece("Tide", may_change=False), versions=(version(1, "accepted"),)),), is_open=False),))
    )
    assert actions_of(closed) == {Action.WITHDRAW}
    assert "You cannot bring it back." in str(closed)


def test_earlier_tries_are_a_number() -> None:
    """They are told, and not listed."""
    one, three = (
        words(submissions.mine(Mine((replace(contest((piece("Tide"),)), folded=number),)))["blocks"])
        for number in (1, 3)
    )
    assert "1 earlier try that I could not take is not listed; it uses up no place." in one
    assert "3 earlier tries that I could not take are not listed; they use up no place." in three


def test_where_all_are_in_the_file_goes_in_the_place_of_one() -> None:
    """The window asks of which, and what was chosen comes back."""
    view = submissions.hand_in(HandInForm((DOOR,), instead_of=(("s1", "Tide"), ("s2", "Dawn"))))
    shown = words(view["blocks"])
    assert "There is no room for one more" in shown
    assert "Tide" in shown
    assert "Dawn" in shown
    file = {"id": "F1", "name": "tide.mid", "size": 300, "created": 1790000000}
    chosen = {"type": "static_select", "selected_option": {"value": "s2"}}
    body = submitted(view["private_metadata"], file={"type": "file_input", "files": [file]}, replaces=chosen)
    assert ("c1", "s2") == (handins.hand_in(body).contest_id, handins.hand_in(body).replaces)


def test_where_uploads_go_to_the_channel_the_list_says_how_to_replace() -> None:
    """No window for a file; the thread takes the new version."""
    seen = submissions.mine(Mine((contest((piece("Tide"),), "channel"),)))
    assert not {Action.REPLACE_FILE, Action.SUBMIT} & actions_of(seen)
    assert "in the thread of the first one" in words(seen["blocks"])


def test_what_does_not_fit_is_on_the_next_page() -> None:
    """A person with eighty compositions of ten versions: as many as fit, and a way to the others."""
    first = submissions.mine(MANY)
    assert "Page 1 of 4\nMore" in words(first["blocks"][-2:])


def test_judges_see_the_alias_and_a_button_to_rate() -> None:
    """No author and no title."""
    shown = words(search.found(FINDINGS, "heron"))
    assert "🎧 *quiet heron*" in shown
    assert "you have not rated it yet" in shown


def submitted(metadata: str, **values: dict[str, Any]) -> payloads.Sent:
    state = {"values": {block: {block: value} for block, value in values.items()}}
    return payloads.sent({"user": {"id": "U0ADA"}, "view": {"id": "V1", "private_metadata": metadata, "state": state}})


def test_a_window_with_a_file() -> None:
    """Contest, title and file; the file's time is when it reached Slack."""
    file = {"id": "F1", "name": "tide.mid", "size": 300, "created": 1790000000, "mimetype": "audio/midi"}
    body = submitted('{"contest_id": "c1"}', file={"type": "file_input", "files": [file]}, title={"value": " Tide "})
    found = handins.hand_in(body)
    assert (found.contest_id, found.title, found.replaces) == ("c1", "Tide", "")
    assert (found.file.file_id, found.file.created_at.timestamp()) == ("F1", 1790000000)


def test_the_words_of_a_search() -> None:
    """People who are mentioned are taken out of the words."""
    found = handins.sought("Morning <@U0ADA|ada>  tide")
    assert (found.words, found.people, found.shown) == ("Morning tide", ("U0ADA",), "Morning tide")
    assert handins.sought("").words == ""
    assert handins.sought("<@U0ADA>").shown == "that person"


@pytest.mark.parametrize(
    ("deadline", "shown"),
    [
        (AT, "19:00"),
        # An hour later clocks show 2:30 once more, which would be read as the deadline itself.
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "03:30"),
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), "03:30"),
    ],
)
def test_more_time_is_asked_for_in_the_contests_zone(deadline: datetime, shown: str) -> None:
    """An hour after the deadline stands there to begin with, by the contest's clocks: a time that will be taken."""
    view = latefiles.extend(replace(FORM, deadline=deadline, now=deadline))
    inputs = {
        block["block_id"].partition("~")[0]: block["element"] for block in view["blocks"] if block["type"] == "input"
    }
    assert inputs[Block.UNTIL_TIME]["initial_time"] == shown
    assert inputs[Block.PERSON]["initial_user"] == "U0ADA"


def test_all_that_is_typed_into_the_window_is_read() -> None:
    """Each text input of the view, filled in with its own name."""
    view = submissions.hand_in(HandInForm((DOOR,)))
    inputs = [each["block_id"] for each in view["blocks"] if each.get("element", {}).get("type") == "plain_text_input"]
    typed = {each: {each: {"type": "plain_text_input", "value": each}} for each in inputs}
    file = {"id": "F1", "name": "tide.mid", "created": 1790000000}
    state = {"values": typed | {"file": {"file": {"type": "file_input", "files": [file]}}}}
    found = handins.hand_in(payloads.sent({"user": {"id": "U0ADA"}, "view": view | {"id": "V1", "state": state}}))
    assert inputs
    assert {each: each for each in inputs} == {each: getattr(found, each) for each in inputs}

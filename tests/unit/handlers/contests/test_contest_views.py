"""The modals and messages in which organizers change a contest."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.rules.criteria import DEFAULT, Criterion
from bot.rules.phases import Phase
from bot.rules.prizes import MOST, Category, Prize, dump, parse
from bot.usecases.contests.editing import Edited, EditForm, EditMenu, EditPreview
from bot.usecases.contests.letters import ContestNews
from bot.usecases.contests.settings import BY_NAME, Part, checked, marks
from bot.usecases.contests.staff import ArchivePreview, Judge, StaffChanged, StaffList
from bot.usecases.contests.undoing import Undone, UndoPreview
from handlers import letters, payloads
from handlers.contests import editing_views as editing
from handlers.contests import inputs
from handlers.contests import views as contests
from handlers.contests import views as staff
from handlers.contests.inputs import INPUTS
from handlers.views.text import everyones_time
from tests.unit.handlers import samples
from tests.unit.handlers.block_kit import problems_of_message, problems_of_view, words

FIELDS: dict[str, Any] = {
    "name": "Winter Jam",
    "slug": "winter-jam",
    "channel_id": "C0COMPOSERS",
    "time_zone": "Europe/Berlin",
    "deadline": "2026-12-04T17:00:00+00:00",
    "submission_limit": 3,
    "intake": "both",
    "grace_seconds": 600,
    "rounds": 2,
    "finalists": 15,
    "winners": 3,
    "blind": True,
    "listens": "",
    "further": "",
    "minutes": "",
    "scores": "fair",
    "practice": True,
    "board_mode": "full",
    "board_cron": "0 18 * * *",
    "criteria": DEFAULT.dump()["criteria"],
    "halves": False,
    "titles": list(DEFAULT.titles),
    "rules": "",
    "tenets": "",
    "terms": "",
    "meanings": "",
    "retention_days": None,
    "prizes": dump(parse("1: a synthesizer\n2-3: headphones")),
}
LONG = FIELDS | {
    "name": "<!channel> & " * 6,
    "criteria": [vars(Criterion(f"c{n}", "<!here> &" * 4, "?" * 200, 1.5)) for n in range(6)],
    "titles": ["<&>" * 13] * 5,
    "rules": "x" * 2500,
    "tenets": "<!channel>" * 250,
    "terms": "y" * 2500,
    "meanings": "\n".join(["<!here>" * 21] * 5),
    "prizes": dump([Prize(Category.AI, 100, 999, "<!here>&" * 15)] * MOST),
    "board_cron": "0,10,20,30,40,50 8-20/2 * 1,3,5,7,9,11 mon,wed,fri",
}


def form(part: Part, fields: dict[str, Any] = FIELDS, phase: Phase = Phase.DRAFT) -> EditForm:
    """The modal of a part, to be drawn."""
    return EditForm("c" * 32, part, phase, fields, marks(fields, part))


@pytest.mark.parametrize("fields", [FIELDS, LONG], ids=["plain", "long"])
@pytest.mark.parametrize("phase", list(Phase))
def test_each_modal_keeps_slacks_limits(fields: dict[str, Any], phase: Phase) -> None:
    """In each phase, however long names and texts are."""
    assert problems_of_view(editing.menu(EditMenu("c" * 32, phase, fields, 3))) == []
    for part in Part:
        view = editing.form(form(part, fields, phase))
        # A modal without inputs is never opened: its part has no button then.
        assert problems_of_view(view) == [] or not view["blocks"]


def test_the_preview_and_the_end_keep_slacks_limits() -> None:
    """With as many effects as there can be."""
    many = (samples.LONG[:300],) * 30
    assert problems_of_view(editing.preview(EditPreview("e" * 32, samples.LONG, many, many))) == []
    assert problems_of_view(editing.edited(Edited(samples.LONG, "C0COMPOSERS", told=True))) == []


def test_the_menu_tells_how_it_stands() -> None:
    """One line a part, in words."""
    shown = words(editing.menu(EditMenu("c1", Phase.OPEN, FIELDS, 0)))
    assert "Winter Jam in <#C0COMPOSERS>, compositions until Friday 4 December at 18:00 (17:00 UTC)" in shown
    assert "Up to 3 compositions each, in the channel or in direct messages, 10 minutes of grace" in shown
    assert (
        "Two rounds, the best 15 in the final, 3 winners, fair scores, judges see no names, a practice piece first"
        in shown
    )
    assert "Places and scores, posted at 18:00" in shown
    assert "Originality, Balance, Emotional" in shown
    assert "1 Noise  ·  2 Faint, but forgettable" in shown


def test_what_is_settled_has_no_button() -> None:
    """With ratings the criteria stay; after the end nearly everything does."""
    rated = editing.menu(EditMenu("c1", Phase.JUDGING, FIELDS, 4))
    assert "They stay: 4 ratings rest on them." in words(rated)
    parts = [block["accessory"]["value"] for block in rated["blocks"] if "accessory" in block]
    assert parts == ["basics:c1", "judging:c1", "board:c1", "titles:c1", "prizes:c1", "texts:c1"]
    over = editing.menu(EditMenu("c1", Phase.FINISHED, FIELDS, 4))
    parts = [block["accessory"]["value"] for block in over["blocks"] if "accessory" in block]
    assert parts == ["basics:c1", "texts:c1"]


def test_a_modal_asks_only_for_what_can_change() -> None:
    """While it is judged the name and the zone can change; the deadline, the short name and the channel stay."""
    view = editing.form(form(Part.BASICS, phase=Phase.JUDGING))
    assert [block["block_id"] for block in view["blocks"]] == ["name", "channel_id", "time_zone"]


def test_each_setting_is_asked_for_by_one_input() -> None:
    """And nothing is asked for that is none."""
    assert BY_NAME.keys() == INPUTS.keys()


@pytest.mark.parametrize("part", list(Part))
def test_a_modal_that_is_sent_in_as_it_was_says_what_it_said(part: Part) -> None:
    """What the view shows and what the parser reads are the same: nothing is changed by looking."""
    view = editing.form(form(part))
    sent = view | {"id": "V1", "state": {"values": _untouched(view)}}
    change = inputs.edit(payloads.sent({"user": {"id": "U0OLIVE"}, "view": sent}))
    assert (change.contest_id, change.part, change.seen) == ("c" * 32, part, marks(FIELDS, part))
    asked = [name for name, setting in BY_NAME.items() if setting.part is part]
    assert {name: FIELDS[name] for name in asked} == checked(change.written, FIELDS, datetime.now(UTC))


def _untouched(view: dict[str, Any]) -> dict[str, Any]:
    """The state of a modal in which nobody has touched anything."""
    keys = {
        "initial_value": "value",
        "initial_option": "selected_option",
        "initial_date": "selected_date",
        "initial_time": "selected_time",
        "initial_conversation": "selected_conversation",
    }
    return {
        block["block_id"]: {
            block["block_id"]: {keys[key]: value for key, value in block["element"].items() if key in keys}
        }
        for block in view["blocks"]
    }


def test_a_moved_deadline_is_told_in_everybodys_own_time() -> None:
    """Slack writes it in the reader's zone; beside it UTC, and for clients that cannot, the contest's clock."""
    at, before = datetime(2026, 12, 4, 17, 0, tzinfo=UTC), datetime(2026, 12, 3, 17, 0, tzinfo=UTC)
    news = ContestNews(
        contest_name="Jam",
        channel_id="C0COMPOSERS",
        changed=("deadline",),
        deadline=at,
        deadline_before=before,
        time_zone="Europe/Berlin",
        limit=3,
        intake="dm",
        blind=True,
        rounds=1,
        finalists=15,
        winners=3,
        criteria=(),
    )
    now = "<!date^1796403600^{date_long_pretty} at {time}|Friday 4 December at 18:00> (17:00 UTC)"
    assert now == everyones_time(at, "Europe/Berlin")
    assert f"*You have more time*: compositions count until {now}. Before it was" in letters.draw(news).text
    sooner = news.model_copy(update={"deadline": before, "deadline_before": at})
    assert "*There is less time*" in letters.draw(sooner).text


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            staff.organizers_added(StaffChanged("Jam", ("U1",), ())),
            "🎼 <@U1> now organizes *Jam*, too, and I have written to them.",
        ),
        (staff.organizers_added(StaffChanged("Jam", (), ("U1",))), "<@U1> did so already."),
        (
            staff.organizers_removed(StaffChanged("Jam", ("U1",), ("U2",), ("U1",))),
            "✅ <@U1> no longer organizes *Jam*.\n<@U2> was no organizer of it.\nAs an admin <@U1> can still do everything.",
        ),
        (staff.judges_removed(StaffChanged("Jam", ("U1", "U2"), ())), "✅ <@U1>, <@U2> no longer judge *Jam*."),
    ],
)
def test_who_came_and_went(said: str, expected: str) -> None:
    """One, several, those whom it did not concern, and those who keep their power."""
    assert said == expected


def test_lists_of_people_keep_slacks_limits() -> None:
    """With hundreds of judges, and with none."""
    many = tuple(Judge(f"U0JUDGE{number:04}", 100, 200, paused=True) for number in range(300))
    names = tuple(judge.user_id for judge in many)
    for listed in (StaffList(samples.LONG, names, many, judging=True), StaffList("Jam", (), (), judging=False)):
        assert problems_of_message(staff.text(listed), staff.people(listed)) == []
    assert problems_of_view(staff.archive_preview(ArchivePreview("c" * 32, samples.LONG))) == []
    assert problems_of_view(staff.archived(samples.LONG)) == []


def test_the_way_back_keeps_slacks_limits() -> None:
    """The preview of an undo, and its end."""
    shown = UndoPreview("c" * 32, samples.LONG, Phase.FINAL, Phase.JUDGING, (samples.LONG[:300],) * 8, (samples.LONG,))
    assert problems_of_view(contests.undo_preview(shown)) == []
    assert problems_of_view(contests.undone(Undone(samples.LONG, Phase.JUDGING, "C0COMPOSERS"))) == []


def test_after_the_end_nothing_waits_for_organizers() -> None:
    """Neither late files, which nobody can let in any more, nor what is stuck."""
    running = samples.status()
    running = replace(running, submissions={**running.submissions, "late": 2})
    over = replace(running, contest=replace(running.contest, phase=Phase.FINISHED), pool_left=None)
    said, then = (words(contests.status(each)) for each in (running, over))
    for waits in ("Late, for you to decide: 2", "Stuck on our side", "Free accounts"):
        assert (True, False) == (waits in said, waits in then)


def test_the_status_says_where_nobody_is_at_work_and_what_failed() -> None:
    """Neither is said where all is well."""
    well = str(contests.status(samples.status()))
    ill = str(contests.status(replace(samples.status(), jobs_failed=2, unattended=True)))
    said = ("Nobody is at work", "2 jobs failed for good", "failed_jobs")
    assert said == tuple(each for each in said if each in ill)
    assert [] == [each for each in said if each in well]

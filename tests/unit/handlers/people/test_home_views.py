"""The Home tab: what each role finds on it, within Slack's limits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.rules.phases import Phase
from bot.rules.roles import Role
from bot.usecases.people.home import TOGETHER, AccountState, HomeAccount, HomeSubmission, HomeView, JudgeProgress
from bot.usecases.people.letters import FirstSteps
from handlers.commands import Sub
from handlers.letters import draw
from handlers.people import home_views as home
from handlers.people.home_views import organizing
from handlers.views import guide
from tests.unit.handlers import samples
from tests.unit.handlers.block_kit import problems_of_message, problems_of_view, words

EVERYWHERE = ["Show me how it works", "Open the starter kit"]
MINE = ["Get my account", "Hand in a composition", "See my compositions", "See my places"]
LOOKS = ["See the leaderboard", "Read the rules"]
ORGANIZING = [
    "See the status", "Edit the contest ...", "Announce something ...", "See the organizers", "Take back the last phase ...",
    "Begin the judging ...", "Find a composition ...", "Give somebody more time ...", "Remind people ...",
    "Decide about late files", "See the judges", "See the panel", "Ask for help ...", "See the coverage", "Look at the flags", "See the leaderboard", "See the accounts",
    "Export the data ...", "Make the results bundle", "Make the fairness report", "See who did what", "Erase a person's data ...",
]  # fmt: skip
NEEDS = [
    "Look at the flags", "Decide about late files", "Decide about wishes", "Find a composition ...", "See the accounts",
    "See the status",
]  # fmt: skip
VERBS = frozenset(
    [
        "Announce",
        "Archive",
        "Ask",
        "Begin",
        "Compare",
        "Create",
        "Decide",
        "Hold",
        "Edit",
        "End",
        "Erase",
        "Export",
        "Find",
        "Finish",
        "Freeze",
        "Get",
        "Give",
        "Go",
        "Hand",
        "Look",
        "Make",
        "Open",
        "Pause",
        "Rate",
        "Read",
        "Remind",
        "See",
        "Send",
        "Show",
        "Take",
        "Thaw",
    ]
)


def buttons(view: Any) -> list[str]:
    """What all buttons say, in order."""
    if isinstance(view, dict):
        own = [view["text"]["text"]] if view.get("type") == "button" else []
        return [*own, *(text for value in view.values() for text in buttons(value))]
    return [text for one in view for text in buttons(one)] if isinstance(view, list) else []


def shown(**changes: Any) -> Any:
    """The Home tab of somebody with these changes."""
    return home.home(HomeView(frozenset(), (replace(samples.home_contest(), **changes),)))


@pytest.mark.parametrize(
    "seen",
    [
        samples.home(TOGETHER, samples.LONG, 40),
        replace(
            samples.home(1, samples.LONG, 40), choices=tuple((f"c{number}", samples.LONG) for number in range(1, 150))
        ),
        HomeView(frozenset(), ()),
    ],
)
def test_it_keeps_slacks_limits(seen: HomeView) -> None:
    """However many contests and compositions there are, and however long their names."""
    assert [] == problems_of_view(home.home(seen))


def test_of_somebody_who_is_everything() -> None:
    """Organizing first, then judging, then taking part."""
    expected = [*ORGANIZING, "See my pieces", "Compare my ratings", "Read how to judge", "Pause", *MINE, *LOOKS]
    assert ["Rate the next piece", *NEEDS, *EVERYWHERE, "Create a contest", *expected] == buttons(
        home.home(samples.home())
    )


def test_of_a_participant() -> None:
    """Compositions and scores, and no organizers' buttons or menus."""
    view = shown(organizing=None, judging=None)
    assert [*EVERYWHERE, *MINE, *LOOKS] == buttons(view)
    assert "Compositions until Friday 4 December at 18:00 (17:00 UTC)" in words(view)
    assert "*Tide*  ·  ✅ accepted  ·  AI judge: *71.3* of 100" in words(view)
    assert "*Long*  ·  ✋ not accepted: It has nine bars. Cut one." in words(view)
    assert "(1 of 3)" in words(view)


def test_who_helps_and_sends_nothing_in_sees_only_that() -> None:
    """No offer of an account, no tips for composers."""
    view = shown(submissions=(), judging=None)
    assert [*NEEDS, *EVERYWHERE, *ORGANIZING, *LOOKS] == buttons(view)
    assert "💡" not in words(view)


def test_versions_say_which_one_counts() -> None:
    """And how the newest one does, where that is another."""
    piece = HomeSubmission("Tide", "accepted", 71.26, None, 2, 3, "checking", in_final=True)
    said = words(shown(submissions=(piece,)))
    assert (
        "✅ accepted, version 2 of 3  ·  in the final  ·  AI judge: *71.3* of 100  ·  your newest version: ⏳ being checked"
        in said
    )


def test_who_may_send_in_nothing_more_is_not_asked_to() -> None:
    """Neither with all places used, nor after the deadline; with an extension one may."""
    assert "Hand in a composition" not in buttons(shown(used=3))
    assert "Hand in a composition" not in buttons(shown(phase=Phase.JUDGING))
    assert "Hand in a composition" in buttons(shown(phase=Phase.JUDGING, extended=True))


def test_of_an_account_holder() -> None:
    """Which one, with its address and without a password."""
    view = shown(account=HomeAccount(AccountState.HELD, "123456789012", "composer-07", "https://example.org/"))
    assert "`123456789012`, user `composer-07`  ·  <https://example.org/|Sign in>" in words(view)
    assert "Get my account" not in buttons(view)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"account": HomeAccount(AccountState.EMPTY)}, "All accounts are taken right now."),
        ({"account": HomeAccount(AccountState.EMPTY, place_in_line=3)}, "You are number 3 in line."),
        ({"submissions": (), "organizing": None, "judging": None}, "None yet. Up to 3."),
        ({"extended": True, "phase": Phase.JUDGING}, "You have an extension."),
        ({"judging": JudgeProgress(0, 0)}, "Nothing to listen to yet."),
        ({"judging": JudgeProgress(0, 2)}, "Nothing to listen to yet."),
        ({"judging": JudgeProgress(1, 2, "s1")}, "1 of 2 rated. Listen to the next piece"),
        ({"judging": JudgeProgress(1, 2, "s1", paused=True)}, "You pause: I send you nothing new until you go on."),
        ({"judging": JudgeProgress(0, 2, practice=True)}, "Practice comes first"),
        ({"judging": JudgeProgress(1, 2), "phase": Phase.FINISHED}, "1 of 2 rated. Thank you"),
        ({"judging": JudgeProgress(2, 2)}, "All done, thank you!"),
        ({"judging": JudgeProgress(2, 2, more=True)}, "2 of 2 rated. That is all for now. More may come"),
        ({"frozen": True}, "It is frozen: they see it as it was then."),
    ],
)
def test_on_other_days(changes: dict[str, Any], said: str) -> None:
    """An empty pool, no composition, nothing to judge, all judged: each has its sentence."""
    assert said in words(shown(**changes))


def test_a_finished_contest_offers_no_account() -> None:
    """After the end nobody is sent into a refusal."""
    assert "Get my account" not in buttons(shown(phase=Phase.FINISHED, organizing=None))


def test_what_needs_an_organizer_comes_first() -> None:
    """All alarms in words; none where there is none."""
    said = words(shown())
    for alarm in (
        "2 late files to decide about",
        "1 flag of judges to look at",
        "1 wish about accounts to decide",
        "1 composition stuck on our side",
        "1 account left, and 2 people waiting",
        "3 messages that never arrived",
    ):
        assert alarm in said
        assert said.index(alarm) < said.index("I run the contest")
    quiet = replace(
        samples.home_contest().organizing or pytest.fail("no counts"),
        late=0,
        flags=0,
        requests=0,
        failed=0,
        pool_left=9,
        letters_failed=0,
    )
    assert "Needs you" not in words(shown(organizing=quiet, judging=None))


def test_nothing_needs_anybody_after_the_end() -> None:
    """What cannot be done any more is no alarm; and no account is free for anybody."""
    said = words(shown(phase=Phase.FINISHED))
    assert "Needs you" not in said
    assert "handed out no more" in said
    assert " free" not in said


def test_what_is_kept_is_not_left() -> None:
    """Accounts kept for people in line are counted apart from those that whoever asks can have."""
    counts = replace(
        samples.home_contest().organizing or pytest.fail("no counts"), pool=5, pool_left=1, kept=2, queue=0
    )
    said = words(shown(organizing=counts))
    assert "1 account left besides 2 kept for people in line" in said
    assert "1 of 5 accounts free  ·  2 kept for people in line" in said


def test_coverage_and_who_is_behind() -> None:
    """While it is judged: ratings a piece, and the judges who are not through, the first few by name."""
    said = words(shown(phase=Phase.JUDGING))
    assert "3 judges, 1 of them pausing  ·  5 of 12 ratings  ·  1.3 ratings a piece, 0 at least" in said
    assert "<@U0JUDGE4> and 2 more" in said
    assert "Still listening" not in words(shown(phase=Phase.OPEN))


def test_every_button_says_what_it_does() -> None:
    """It begins with a verb, in every phase; and nothing is hidden behind dots that say nothing."""
    for phase in Phase:
        view = shown(phase=phase, frozen=phase is Phase.FINAL)
        assert set() == {label.split()[0] for label in buttons(view)} - VERBS
        assert "overflow" not in str(view)


def test_the_buttons_have_everything_once_or_more() -> None:
    """Whatever has a button has one here, in the phases in which it can be done; a frozen board can be thawed."""
    views = [shown(frozen=True), *(shown(phase=phase) for phase in Phase), home.home(samples.home())]
    assert Sub.CONTEST_ARCHIVE not in _opened(shown(phase=Phase.JUDGING))
    assert {sub for sub in Sub if sub.row.label} == {sub for view in views for sub in _opened(view)}


def _opened(part: Any) -> list[Sub]:
    """The commands that its buttons open."""
    if isinstance(part, dict):
        said = str(part.get("action_id", "")).removeprefix("home_menu:")
        own = [sub for sub in Sub if said == str(sub.row.button or sub)]
        return [*own, *(sub for each in part.values() for sub in _opened(each))]
    return [sub for one in part for sub in _opened(one)] if isinstance(part, list) else []


def test_of_150_contests_none_is_left_out() -> None:
    """Slack shows 100 options: more stand in groups, and the one that is looked at is among them."""
    choices = (*((f"x{number}", f"Jam {number}") for number in range(149)), ("c1", "Winter Jam"))
    view = home.home(replace(samples.home(), choices=choices))
    (picker,) = [block["accessory"] for block in view["blocks"] if block.get("block_id") == "contests"]
    offered = [option["value"] for group in picker["option_groups"] for option in group["options"]]
    assert [contest_id for contest_id, _ in choices] == offered
    assert "c1" == picker["initial_option"]["value"]


def test_of_many_contests_one_is_shown_and_the_others_can_be_chosen() -> None:
    """The choice stands in the menu, and travels with the view."""
    seen = replace(samples.home(), choices=(("c7", "Autumn Jam"), ("c1", "Winter Jam")))
    view = home.home(seen)
    (picker,) = [block["accessory"] for block in view["blocks"] if block.get("block_id") == "contests"]
    assert ("c1", "c1") == (picker["initial_option"]["value"], view["private_metadata"])


@pytest.mark.parametrize(
    ("phase", "over", "behind", "ratings", "first"),
    [
        (Phase.DRAFT, False, (), 0, "Open for compositions ..."),
        (Phase.OPEN, False, (), 0, "See the status"),
        (Phase.OPEN, True, (), 0, "Begin the judging ..."),
        (Phase.JUDGING, True, ("U0JUDY",), 3, "See the status"),
        (Phase.JUDGING, True, (), 0, "See the status"),
        (Phase.JUDGING, True, (), 12, "End the round ..."),
        (Phase.FINISHED, True, (), 12, "See the status"),
    ],
)
def test_the_next_phase_is_offered_first_when_its_time_has_come(
    phase: Phase, over: bool, behind: tuple[str, ...], ratings: int, first: str
) -> None:
    """Green and first then, last before: nobody begins the judging of a contest that was opened seconds ago by a slip."""
    plain = samples.home(name="Autumn Jam").contests[0]
    assert plain.organizing is not None
    counts = replace(plain.organizing, ratings=ratings, behind=behind)
    contest = replace(plain, phase=phase, is_over_time=over, organizing=counts)
    row = next(block for block in organizing(contest) if block["type"] == "actions")["elements"]
    assert first == row[0]["text"]["text"]
    assert (first != "See the status") is (row[0].get("style") == "primary")


@pytest.mark.parametrize(
    ("phase", "over", "pool", "said"),
    [
        (Phase.OPEN, False, 0, "Compositions are coming in."),
        (Phase.OPEN, True, 0, "The deadline has passed: begin the judging."),
        (Phase.FINISHED, True, 3, "the export, passwords to rotate."),
        (Phase.FINISHED, True, 0, "feedback to the authors, the export."),
    ],
)
def test_what_an_organizer_reads_is_true_at_that_time(phase: Phase, over: bool, pool: int, said: str) -> None:
    """Nothing comes in after the deadline, and no password is rotated where there were none."""
    plain = samples.home().contests[0]
    assert plain.organizing is not None
    contest = replace(plain, phase=phase, is_over_time=over, organizing=replace(plain.organizing, pool=pool))
    assert said in words(organizing(contest)[0])


def test_feedback_that_was_sent_is_not_left_to_do() -> None:
    """Nor is its button there any more: it goes out once."""
    over = replace(samples.home().contests[0], phase=Phase.FINISHED)
    before, after = (str(organizing(replace(over, feedback_sent=sent))) for sent in (False, True))
    assert "What is left: feedback to the authors, the export" in before
    assert "What is left: the export" in after
    assert "feedback" in before
    assert "feedback" not in after


def test_what_waits_stands_on_top_of_all_contests() -> None:
    """Of those that are not shown, too: what a phase, a judge's flag and a piece wait for, each with one button; lost letters once."""
    plain = samples.home().contests[0]
    assert plain.organizing is not None
    quiet = replace(plain.organizing, late=0, flags=0, requests=0, failed=0, pool_left=9)
    first = replace(plain, organizing=replace(quiet, letters_failed=1), judging=None)
    flagged = replace(quiet, flags=1, letters_failed=1)
    due = replace(plain, name="Autumn Jam", contest_id="c2", is_over_time=True, organizing=flagged, judging=None)
    judged = replace(plain, name="Old Jam", contest_id="c3", phase=Phase.JUDGING, organizing=None)
    top = home.home(HomeView(frozenset(), (first,), others=(due, judged)))["blocks"][1:6]
    assert [
        "⚠️ Needs you",
        "*Autumn Jam*: The deadline has passed: the judging can begin",
        "*Autumn Jam*: 1 flag of judges to look at",
        "*Old Jam*: 8 pieces for you to listen to",
        "1 message that never arrived",
    ] == [block["text"]["text"] for block in top]
    assert ["Begin the judging ...", "Look at the flags", "Rate the next piece", "See the status"] == buttons(top)


def test_of_very_many_things_the_first_few_are_shown() -> None:
    """The others are counted."""
    said = words(home.home(samples.home(3)))
    assert "… and 9 more, once these are settled." in said


def test_an_organizer_without_a_contest_reads_three_steps_with_a_button() -> None:
    """On the Home tab, in the first letter and in the help; once each. Others read where to look."""
    view = home.home(HomeView(frozenset({Role.ORGANIZER}), ()))
    assert [*EVERYWHERE, "Create a contest"] == buttons(view)
    letter, helped = draw(FirstSteps()), list(guide.help_message({"organizer"}, first=True))
    for shown_there in (view, list(letter.blocks), helped):
        assert 1 == words(shown_there).count("3.  *Open it*")
        assert "Create a contest" in buttons(shown_there)
    assert [] == problems_of_view(view) + problems_of_message(letter.text, list(letter.blocks))
    assert "Three steps" not in words(home.home(HomeView(frozenset({Role.PARTICIPANT}), ())))
    assert "Three steps" not in words(guide.help_message({"organizer"}))

"""What judges see: each window keeps Slack's limits, and says what it should."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.rules.criteria import DEFAULT
from bot.rules.tenets import MEANINGS, TENETS, meanings_of, tenets_of
from bot.usecases.judging.behalf import Entered, EntryChoice
from bot.usecases.judging.judging import Guidance, JudgesList, ListedPiece, OwnRating, OwnRatings, Standing
from bot.usecases.judging.letters import RecusalNews
from bot.usecases.judging.marks import Flag, Flags, LeaveAsked, Marked, PieceAsked
from bot.usecases.judging.practice import Compared, Practised
from bot.usecases.judging.ratings import Progress, RatingValues, Saved
from handlers import letters, payloads
from handlers.ids import Block
from handlers.judging import parsing
from handlers.judging import views as behalf
from handlers.judging import views as judgeslist
from handlers.judging import views as judging
from handlers.judging import views as marks
from handlers.judging import views as ratings
from tests.makers.judges_letters import judges_letters
from tests.unit.handlers import samples
from tests.unit.handlers.block_kit import problems_of_message, problems_of_view, words

LONG = samples.LONG
AT = datetime(2026, 12, 4, 17, 0, tzinfo=UTC)
FLAG = Flag("m1", LONG, LONG, "U0JUDY", "copy", LONG, AT, None)
GUIDANCE = Guidance(LONG, TENETS, MEANINGS, DEFAULT)
PIECES = tuple(ListedPiece(f"s{number}", LONG, standing, 4.3) for number, standing in enumerate(list(Standing) * 2))
LISTED = JudgesList(
    "c" * 32, LONG, 4, 40, judging=True, paused=False, practice=True, at_once=2, aside=1, pieces=PIECES[:8], page=1, pages=5
)  # fmt: skip
HALVES = replace(DEFAULT, titles=(LONG,) * 5, halves=True)
OWN = OwnRatings(
    "c" * 32, LONG, "final", (OwnRating("s" * 32, LONG, 4.125, ((LONG, 4.5),) * 6, LONG, LONG),) * 20, 400, 7, 20,
    open=True, used=tuple((score / 2, 99) for score in range(10, 1, -1)), means=((LONG, 3.25),) * 6,
)  # fmt: skip
COMPARED = Practised(
    LONG, judging=True, compared=(Compared(LONG, 4.3, 3.1, 12, ((LONG, 4, 3.1),) * 6), Compared(LONG, None, None, 0)), contest_id="c" * 32
)  # fmt: skip
MANY = tuple((f"{number:032x}", f"quiet heron {number}  ·  #jam-ada-Tide") for number in range(250))


@pytest.mark.parametrize(
    "view",
    [
        ratings.own_ratings(OWN),
        ratings.own_ratings(replace(OWN, ratings=(), number=0, open=False), lead=LONG),
        ratings.compared(COMPARED, LONG),
        ratings.compared(replace(COMPARED, compared=())),
        behalf.scores(replace(samples.form(alias=LONG), scheme=HALVES), "U0JUDY"),
        ratings.rating(replace(samples.form(alias=LONG), scheme=HALVES), back="3"),
        judging.how_to_judge(GUIDANCE),
        judgeslist.pieces(LISTED),
        judgeslist.pieces(replace(LISTED, judging=False, pieces=(), pages=1, page=0, practice=False)),
        judgeslist.pieces(replace(LISTED, paused=True)),
        marks.flag(PieceAsked("s" * 32, LONG, LONG, rated=True)),
        marks.flagged(Marked(LONG, 3)),
        marks.recuse(PieceAsked("s" * 32, LONG, LONG, rated=True)),
        marks.recused(Marked(LONG, 0)),
        marks.leave(LeaveAsked("c1", LONG, 7)),
        marks.leave(LeaveAsked("c1", LONG, 0)),
        marks.left(LeaveAsked("c1", LONG, 7)),
        marks.settle(FLAG),
        marks.settle(replace(FLAG, resolved_by="U0OLIVE")),
        behalf.choose(EntryChoice("c1", LONG, (("U0JUDY", LONG), ("U0JACK", "Jack")), MANY, "U0JACK")),
        behalf.choose(EntryChoice("c1", LONG, (("U0JUDY", LONG),), MANY[:3], None)),
        behalf.choose(EntryChoice("c1", LONG, tuple((f"U{n}", f"Judge {n}") for n in range(120)), MANY, "U119")),
        behalf.scores(samples.form(alias=LONG), "U0JUDY"),
        behalf.entered(Entered("U0JUDY", LONG, LONG)),
        ratings.rating(
            replace(samples.form(alias=LONG), practice=True, meanings=(LONG,) * 5), judging.scale_block(GUIDANCE)
        ),
        ratings.rating(replace(samples.form(alias=LONG), meanings=(LONG,) * 5, final=True, begun=True)),
    ],
)
def test_views_keep_slacks_limits(view: dict[str, Any]) -> None:
    """However long names and lists are, each view is one that Slack takes."""
    assert problems_of_view(view) == []


def test_flags_keep_slacks_limits() -> None:
    """However many there are."""
    assert problems_of_message("Flags", marks.flags(Flags(LONG, (FLAG,) * 90))) == []
    assert "Nothing is flagged" in words(marks.flags(Flags("Jam", ())))


def test_an_invitation_has_two_controls() -> None:
    """A phone shows a button and a menu in one line."""
    (actions,) = (block for block in letters.draw(judges_letters("x")[0]).blocks if block["type"] == "actions")
    assert ["button", "overflow"] == [element["type"] for element in actions["elements"]]


def test_nothing_of_one_piece_stands_in_the_form_of_the_next() -> None:
    """Slack keeps what was filled in where the ids stay: they never do."""
    one, next_one = samples.form(), replace(samples.form(), submission_id="s2")
    ids = [
        {block["block_id"] for block in ratings.rating(form)["blocks"] if "block_id" in block}
        for form in (one, next_one)
    ]
    assert len(ids[0]) == 5
    assert ids[0].isdisjoint(ids[1])


def test_the_form_names_its_piece_where_it_is_always_seen() -> None:
    """In the title: the window may be scrolled down when it turns into the next form."""
    assert "Rate quiet heron" == ratings.rating(samples.form())["title"]["text"]


def test_the_first_forms_say_what_the_scores_mean() -> None:
    """Later that is in the way."""
    first, later = (replace(samples.form(), meanings=MEANINGS, done=done) for done in (0, 3))
    assert MEANINGS[4] in words(ratings.rating(first))
    assert MEANINGS[4] not in words(ratings.rating(later))


def test_every_choice_and_letter_is_told_but_in_practice() -> None:
    """Of a window that is closed Slack tells nothing, so drafts are told before; practice and ratings on behalf keep none."""
    told = [
        ratings.rating(samples.form()),
        ratings.rating(replace(samples.form(), practice=True)),
        behalf.scores(samples.form(), "U1"),
    ]
    dispatched = [
        [block.get("dispatch_action", False) for block in view["blocks"] if block["type"] == "input"] for view in told
    ]
    assert [{True}, {False}, {False}] == [set(each) for each in dispatched]


def test_a_draft_says_that_it_is_one() -> None:
    """Nobody takes it for a saved rating."""
    form = replace(samples.form(RatingValues({"balance": 2}, "half a")), begun=True)
    view = ratings.rating(form)
    assert "had begun, not saved yet" in words(view)
    assert "half a" in str(view)


def test_saving_leads_on_and_says_how_to_listen_first() -> None:
    """The next form says what was saved, what it is about, and that it can wait."""
    following = replace(samples.form(), submission_id="s2", alias="vivid wren")
    view = ratings.saved(Saved(Progress(5, 12), "quiet heron", following))
    assert "Saved: *quiet heron*. " in words(view)
    assert "Rate vivid wren" == view["title"]["text"]
    assert ("Listen first", "Save rating") == (view["close"]["text"], view["submit"]["text"])
    more = replace(following, ahead=("s3",))
    assert "Save, then the next" == ratings.rating(more)["submit"]["text"]


def test_organizers_read_no_private_note() -> None:
    """Neither the form nor the choice has a place for it."""
    view = behalf.scores(samples.form(RatingValues(samples.SCORES, "Lovely", "mine alone")), "U0JUDY")
    assert "mine alone" not in str(view)
    assert not any(block.get("block_id", "").startswith(Block.PRIVATE_NOTE) for block in view["blocks"])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"paused": True}, "You pause"),
        ({"practice": True}, "Practice comes first"),
        ({"done": 12, "aside": 0}, "All done, thank you!"),
        ({"done": 12, "aside": 1}, "Nothing to do right now"),
        ({"judging": False}, "does not run now"),
        ({"done": 5}, "7 pieces to go, about 14 minutes"),
    ],
)
def test_the_list_says_how_far_the_judge_is(changes: dict[str, Any], said: str) -> None:
    """Each state has its sentence."""
    plain = replace(LISTED, practice=False, total=12, aside=0, pieces=PIECES)
    shown = words(judgeslist.pieces(replace(plain, **changes)))
    assert said in shown


@pytest.mark.parametrize(
    ("counted", "said"),
    [(True, "The 7 ratings that were given still count."), (False, "are kept and no longer count.")],
)
def test_a_judge_who_leaves(counted: bool, said: str) -> None:
    """The organizers read what becomes of the ratings."""
    news = RecusalNews(contest_name="Jam", judge="U1", alias=None, reason="Why", rated=7, counted=counted)
    assert said in letters.draw(news).text


def test_own_words_take_the_place_of_ours() -> None:
    """A line each; five lines for the scale, or ours stand."""
    assert ("One.", "Two.") == tenets_of({"tenets": "One.\n\n  Two.  "})
    assert TENETS == tenets_of({"tenets": " \n "}) == tenets_of({})
    assert tuple("abcde") == meanings_of({"meanings": "a\nb\nc\nd\ne"})
    assert MEANINGS == meanings_of({"meanings": "a\nb"})


def test_a_half_filled_form_is_parsed() -> None:
    """What is missing is left out; other criteria than ours are taken by their keys."""
    values = {
        "swing~s1": {"swing": {"type": "radio_buttons", "selected_option": {"value": "4"}}},
        "balance~s1": {"balance": {"type": "radio_buttons", "selected_option": None}},
        "comment~s1": {"comment": {"type": "plain_text_input", "value": " A bass \n"}},
        "private_note~s1": {"private_note": {"type": "plain_text_input", "value": None}},
    }
    metadata = '{"submission_id": "s1", "ahead": "s2 s3"}'
    view = {"id": "V1", "state": {"values": values}, "private_metadata": metadata}
    sent = payloads.sent({"user": {"id": "U1"}, "view": view})
    draft = parsing.draft(sent, "1764867600.250000")
    assert (RatingValues({"swing": 4}, "A bass"), "s1") == (draft.values, draft.submission_id)
    assert datetime(2025, 12, 4, 17, 0, 0, 250_000, tzinfo=UTC) == draft.at
    assert ("s2", "s3") == parsing.rate(sent).ahead


def test_halves_are_offered_named_and_read() -> None:
    """Nine steps in a menu, each whole one with its title, each half between two; what comes back is what was chosen."""
    form = replace(samples.form(RatingValues(dict.fromkeys(DEFAULT.keys, 4.5))), scheme=replace(DEFAULT, halves=True))
    element = ratings.rating(form)["blocks"][2]["element"]
    said = [each["text"]["text"] for each in element["options"]]
    assert ("static_select", 9) == (element["type"], len(said))
    assert ["5 - AWSome!", "4.5 - between 4 and 5", "4 - Now we're rocking"] == said[:3]
    assert "4.5" == element["initial_option"]["value"]
    found = [
        parsing.values(payloads.State({"b": {"swing": {"value": text}}})).scores
        for text in ("4.5", "4", "4.2", "four", "")
    ]
    assert [{"swing": 4.5}, {"swing": 4}, {}, {}, {}] == found


def test_own_ratings_lead_to_the_form_and_back() -> None:
    """Each has its button while the round is open; the form brings back the page that it came from."""
    shown = ratings.own_ratings(OWN)
    buttons = [block["accessory"]["value"] for block in shown["blocks"] if "accessory" in block]
    assert [f"{'s' * 32}:final:7"] * 20 == buttons
    assert "accessory" not in str(ratings.own_ratings(replace(OWN, open=False)))
    view = ratings.rating(samples.form(), back="7")
    assert '"page": "7"' in view["private_metadata"]
    assert '"ahead": ""' in view["private_metadata"]


def test_the_practice_is_compared_in_words() -> None:
    """Own and others' means; nothing of the others where they are too few."""
    said = words(ratings.compared(COMPARED))
    assert "you *4.3*, panel *3.1* (12 other judges)" in said
    assert "you did not rate it" in said
    alone = replace(COMPARED, compared=(Compared("Tune", 4.3, None, 1),))
    assert "panel" not in words(ratings.compared(alone))


def test_a_form_says_of_which_round_it_is() -> None:
    """And its answer brings that back: the final may begin meanwhile."""
    for final, shown in ((False, "preliminary"), (True, "final")):
        view = ratings.rating(replace(samples.form(), final=final))
        assert f'"round": "{shown}"' in view["private_metadata"]
        body = {"user": {"id": "U0JUDY"}, "view": {**view, "id": "V1", "state": {"values": {}}}}
        assert shown == parsing.rate(payloads.sent(body)).round


@pytest.mark.parametrize(
    ("judging", "begun", "said"),
    [(True, True, "follow here"), (False, True, "nothing waits"), (False, False, "begins, I send you the pieces")],
)
def test_after_the_practice_piece_comes_what_is_true(*, judging: bool, begun: bool, said: str) -> None:
    """Pieces now, pieces later, or none."""
    assert said in judgeslist.practised(Practised("Jam", judging, begun))


def test_a_flag_without_a_name_has_no_gap() -> None:
    """Organizers who judge the contest blind read the alias alone, in the list and in the window."""
    flag = Flag("m1", "quiet heron", "", "U0JUDY", "file", "Silence", datetime(2026, 11, 20, tzinfo=UTC), None)
    assert "*quiet heron*: " in words(marks.settle(flag))
    assert "()" not in words(marks.settle(flag))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"paused": True, "done": 39}, "I send nothing new, 1 piece waits."),
        ({"paused": True, "judging": False}, "I send nothing new. Go on"),
        ({"judging": False}, "The judging does not run now"),
        ({}, "36 pieces left."),
    ],
)
def test_pausing_and_going_on_promise_what_is_true(changes: dict[str, Any], said: str) -> None:
    """Before the judging no number is told, and no piece is said to be there."""
    assert said in judgeslist.told(replace(LISTED, **changes))

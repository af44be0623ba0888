"""Changes of a contest: shown with their effects first, and never over what somebody else has changed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from bot.errors import Refusal
from bot.rules.phases import Intake, Phase
from bot.rules.standings import BoardMode, Scores
from bot.rules.tenets import MEANINGS, meanings_of
from bot.usecases.contests.editing import EditContest, EditPreview
from bot.usecases.contests.settings import BY_NAME, SETTINGS, Fields, Part, WrittenCriterion
from bot.usecases.stored import load
from handlers import letters
from tests.makers.world import ADA, BEN, CHANNEL, JACK, JUDY, LOUNGE, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from models.contests import Contest

BASICS: Fields = {
    "name": "Bach Jam",
    "slug": "bach-jam",
    "channel_id": CHANNEL,
    "time_zone": "Europe/Berlin",
    "deadline": datetime.fromisoformat("2026-11-20T15:00"),
}
TAKING_PART: Fields = {"submission_limit": 3, "intake": Intake.BOTH, "grace_seconds": 0}
JUDGING: Fields = {"rounds": 1, "finalists": 15, "winners": 3, "blind": True, "practice": False}
BOARD: Fields = {"board_mode": BoardMode.FULL, "board_cron": "0 18 * * mon-fri"}
TEXTS: Fields = {"rules": "", "tenets": "", "terms": "", "retention_days": ""}
TITLES: Fields = {
    "titles": ("Noise", "Faint, but forgettable", "Groovin'", "Now we're rocking", "AWSome!"),
    "meanings": ("", "", "", "", ""),
}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        world.directory.add(JACK, "Jack", CHANNEL, LOUNGE, is_admin=True)
        yield world


def prepare(world: World, contest: str, change: Fields, actor: str = OLIVE) -> EditPreview:
    """Open the modal of a part, and send it in."""
    part = BY_NAME[next(iter(change))].part
    form = world.editing.form(actor, contest, part)
    return world.editing.prepare(EditContest(actor, contest, part, change, form.seen))


def edit(world: World, contest: str, change: Fields, actor: str = OLIVE) -> Contest:
    """The same, confirmed; the contest as it is then."""
    world.editing.apply(actor, prepare(world, contest, change, actor).edit_id)
    return world.row(contest)


def at(text: str) -> datetime:
    """A wall clock."""
    return datetime.fromisoformat(text)


def test_nothing_changes_before_it_is_confirmed(world: World) -> None:
    """The preview says from when to when, and that people are told; only then it happens, and the channel hears of it."""
    contest = world.contest()
    later = dict(BASICS, deadline=at("2026-11-20T18:30"))
    preview = prepare(world, contest, later)
    assert (
        "The deadline moves from Friday 20 November at 15:00 (14:00 UTC) to Friday 20 November at 18:30 (17:30 UTC).",
        "I tell <#C0MUSIC>.",
    ) == preview.effects
    assert datetime(2026, 11, 20, 14, 0, tzinfo=UTC) == world.row(contest).deadline
    assert world.editing.apply(OLIVE, preview.edit_id).told
    assert datetime(2026, 11, 20, 17, 30, tzinfo=UTC) == world.row(contest).deadline
    (news,) = world.letters("contest_news", CHANNEL)
    assert ["deadline"] == news.message["changed"]


def test_a_confirmation_that_is_repeated_is_one(world: World) -> None:
    """Slack delivers it twice: one change, one note in the audit, one message."""
    contest = world.contest()
    preview = prepare(world, contest, dict(TAKING_PART, submission_limit=5))
    assert world.editing.apply(OLIVE, preview.edit_id) == world.editing.apply(OLIVE, preview.edit_id)
    with world.store.read() as work:
        (note,) = [row for row in work.audit.of_contest(contest) if row.action == "contest.edited"]
    assert (OLIVE, {"changes": {"submission_limit": {"before": 3, "after": 5}}}) == (note.actor, note.facts)
    assert 1 == len(world.letters("contest_news"))


def test_what_somebody_else_changed_meanwhile_is_told_and_stays(world: World) -> None:
    """Jack is faster: Olive reads who changed what, whether her modal or only her preview was open."""
    contest = world.contest()
    form = world.editing.form(OLIVE, contest, Part.TAKING_PART)
    preview = prepare(world, contest, dict(TAKING_PART, submission_limit=7))
    edit(world, contest, dict(TAKING_PART, submission_limit=5), JACK)
    sentence = (
        "<@U0JACK> has changed the number of compositions since you opened this, so I changed nothing. "
        "Please open `/kantor contest edit` once more."
    )
    with pytest.raises(Refusal) as late_form:
        world.editing.prepare(EditContest(OLIVE, contest, Part.TAKING_PART, TAKING_PART, form.seen))
    with pytest.raises(Refusal) as late_preview:
        world.editing.apply(OLIVE, preview.edit_id)
    assert [sentence, sentence] == [late_form.value.sentence, late_preview.value.sentence]
    assert 5 == world.row(contest).submission_limit


def test_changes_of_different_fields_do_not_disturb_each_other(world: World) -> None:
    """Olive's preview about the name holds, although Jack has moved the deadline meanwhile."""
    contest = world.contest()
    preview = prepare(world, contest, dict(BASICS, name="Bach Party"))
    edit(world, contest, dict(BASICS, deadline=at("2026-11-21T15:00")), JACK)
    world.editing.apply(OLIVE, preview.edit_id)
    row = world.row(contest)
    assert ("Bach Party", 21) == (row.name, row.deadline.day)


def test_somebody_elses_preview_cannot_be_confirmed(world: World) -> None:
    """Not even by another organizer: they have not read it."""
    contest = world.contest()
    preview = prepare(world, contest, dict(TAKING_PART, submission_limit=7))
    with pytest.raises(Refusal, match="too old"):
        world.editing.apply(JACK, preview.edit_id)


def test_no_change_is_no_change(world: World) -> None:
    """Whoever sends the modal in as it was is told so; the deadline may have passed."""
    contest = world.contest()
    world.clock.advance(days=1)
    for change in (BASICS, TAKING_PART, JUDGING, BOARD, TITLES, TEXTS):
        with pytest.raises(Refusal, match="stands already"):
            prepare(world, contest, change)


def test_only_organizers_change_a_contest(world: World) -> None:
    """Neither menu, form, preview nor confirmation is for Ada."""
    contest = world.contest()
    preview = prepare(world, contest, dict(TAKING_PART, submission_limit=7))
    steps: tuple[Any, ...] = (
        lambda: world.editing.menu(ADA, CHANNEL),
        lambda: world.editing.form(ADA, contest, Part.BASICS),
        lambda: world.editing.prepare(EditContest(ADA, contest, Part.TAKING_PART, TAKING_PART, {})),
        lambda: world.editing.apply(ADA, preview.edit_id),
    )
    for step in steps:
        with pytest.raises(Refusal):
            step()


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        (dict(BASICS, name=""), "name", "such as Bach Jam"),
        (dict(BASICS, slug="Nö"), "slug", "such as bach-jam"),
        (dict(BASICS, slug="other"), "slug", "The slug other is taken"),
        (dict(BASICS, channel_id=LOUNGE), "channel_id", "has a contest already"),
        (dict(BASICS, deadline=at("2026-11-20T12:00")), "deadline", "That moment has passed"),
        (dict(TAKING_PART, submission_limit=0), "submission_limit", "from 1 to 100"),
        (dict(TAKING_PART, grace_seconds=121), "grace_seconds", "from 0 to 120"),
        (dict(JUDGING, finalists=0), "finalists", "from 1 to 200"),
        (dict(JUDGING, winners=21), "winners", "from 1 to 20"),
        (dict(BOARD, board_cron="often"), "board_cron", "five parts"),
        ({"criteria": ()}, "title_0", "one criterion at least"),
        ({"criteria": (WrittenCriterion("Harmony", "", "1"),)}, "question_0", "such as: Does it"),
        ({"criteria": (WrittenCriterion("Harmony", "Does it?", "0"),)}, "weight_0", "above 0"),
        ({"criteria": (WrittenCriterion("Harmony", "Does it?", "nan"),)}, "weight_0", "above 0"),
        (dict(TITLES, titles=("1", "2", "3", "4", "")), "score_5", "such as Groovin'"),
        (dict(TITLES, meanings=("", "", "x" * 151, "", "")), "meaning_3", "150 characters"),
        (dict(TEXTS, rules="x" * 2501), "rules", "2500 characters"),
        (dict(TEXTS, retention_days="soon"), "retention_days", "such as 90"),
    ],
)
def test_what_is_wrong_is_said_at_its_input(world: World, change: Fields, field: str, words: str) -> None:
    """With an example of a right one."""
    world.contest(Phase.DRAFT, slug="other", channel_id=LOUNGE)
    contest = world.contest(Phase.DRAFT)
    with pytest.raises(Refusal) as refusal:
        prepare(world, contest, change)
    assert field == refusal.value.field
    assert words in refusal.value.sentence


def test_a_draft_moves_to_another_channel_without_a_word(world: World) -> None:
    """Nobody has heard of it yet."""
    contest = world.contest(Phase.DRAFT)
    preview = prepare(world, contest, dict(BASICS, channel_id=LOUNGE, slug="new", name="New"))
    assert (
        "From now on it is called New. What I have written already keeps the old name.",
        "Names of compositions begin with #new-.",
        "The contest takes place in <#C0LOUNGE> instead of <#C0MUSIC>.",
    ) == preview.effects
    world.editing.apply(OLIVE, preview.edit_id)
    assert [] == world.letters("contest_news")


def test_an_open_contest_moves_and_both_channels_hear_of_it(world: World) -> None:
    """As it must where its channel was archived; who is not in the new one has to be invited."""
    contest = world.contest()
    preview = prepare(world, contest, dict(BASICS, channel_id=LOUNGE))
    assert preview.effects[-1] == "I tell <#C0MUSIC> and <#C0LOUNGE>."
    assert ("Only people who are in <#C0LOUNGE> take part from then on: please invite them all.",) == preview.warnings
    world.editing.apply(OLIVE, preview.edit_id)
    assert [LOUNGE, CHANNEL] == [letter.recipient for letter in world.letters("contest_news")]


def test_a_channel_without_the_bot_is_refused(world: World) -> None:
    """As for a new contest."""
    contest = world.contest(Phase.DRAFT)
    with pytest.raises(Refusal, match="I am not in that channel"):
        prepare(world, contest, dict(BASICS, channel_id="C0ELSEWHERE"))


def test_names_keep_their_slug(world: World) -> None:
    """With the first composition the short name is settled."""
    contest = world.contest()
    world.accepted()
    with pytest.raises(Refusal, match="carry bach-jam in their names"):
        prepare(world, contest, dict(BASICS, slug="other"))


def test_an_earlier_deadline_takes_nothing_away(world: World) -> None:
    """What was in time stays; the preview says how much came after the new deadline and counts, and warns."""
    contest = world.contest()
    world.clock.advance(minutes=40)
    world.accepted()
    world.compositions.withdraw(BEN, world.accepted(BEN, "F2"))
    world.clock.advance(minutes=-30)
    preview = prepare(world, contest, dict(BASICS, deadline=at("2026-11-20T13:30")))
    assert "1 upload came after the new deadline and still counts: it was in time." in preview.effects
    assert ("The new deadline is earlier: people may have planned with the old one.",) == preview.warnings


def test_a_lower_limit_tells_how_many_are_beyond_it(world: World) -> None:
    """Nothing is taken away, and they can send in nothing new."""
    contest = world.contest()
    for number in range(2):
        world.accepted(ADA, f"F{number}", f"Piece {number}.mid")
    world.accepted(BEN, "F9")
    preview = prepare(world, contest, dict(TAKING_PART, submission_limit=1))
    assert (
        "1 person has sent in more than 1 already. It all still counts, but they can send in nothing new.",
    ) == preview.warnings


def test_criteria_keep_their_keys_and_new_ones_get_their_own(world: World) -> None:
    """Other words for the first, the second gone, one more: what is stored under the old keys stays readable."""
    contest = world.contest()
    change = {
        "criteria": (
            WrittenCriterion("Ideas", "Does it surprise you?", "2"),
            WrittenCriterion("", "", ""),
            WrittenCriterion("Emotional", "Does it move you?", ""),
            WrittenCriterion("Comment!", "Is it 1,5 times as good?", "1,5"),
        )
    }
    told = "The judges rate: Ideas (45\u00a0%), Emotional (22\u00a0%), Comment! (33\u00a0%). Until now it was: Originality, Balance, Emotional."
    assert told in prepare(world, contest, change).effects
    row = edit(world, contest, change)
    assert [("originality", 2.0), ("emotional", 1.0), ("comment_a", 1.5)] == [
        (each["key"], each["weight"]) for each in row.scheme["criteria"]
    ]
    assert list(TITLES["titles"]) == row.scheme["titles"]


def test_a_changed_weight_is_told_to_the_channel_as_it_was_previewed(world: World) -> None:
    """The same sentence for whoever confirms it and whoever hears of it; the rules say it, too."""
    contest = world.contest(phase=Phase.JUDGING)
    questions = [each["question"] for each in world.row(contest).scheme["criteria"]]
    titles, weights = ("Originality", "Balance", "Emotional"), ("2", "1", "1")
    written = tuple(WrittenCriterion(*each) for each in zip(titles, questions, weights, strict=True))
    preview = prepare(world, contest, {"criteria": written})
    world.editing.apply(OLIVE, preview.edit_id)
    letter = world.letters("rules_fixed", CHANNEL)[-1]
    told = "The judges rate: Originality (50\u00a0%), Balance (25\u00a0%), Emotional (25\u00a0%). Until now it was: Originality, Balance, Emotional."
    assert told == preview.effects[0]
    assert [told] == letter.message["lines"]
    shares = "Originality (50\u00a0%), Balance (25\u00a0%), Emotional (25\u00a0%)"
    assert f"Judges rate {shares}, from 1 to 5 each." == world.rulebook.rules(ADA, CHANNEL).judged[0]
    more = (*written[:2], WrittenCriterion("", "", ""))
    assert "A judge who has the form open" in prepare(world, contest, {"criteria": more}).warnings[0]


def test_criteria_stay_once_something_was_rated(world: World) -> None:
    """Not even a preview that was shown before that gets through."""
    contest = world.contest()
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    piece = world.accepted()
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    change = {"criteria": (WrittenCriterion("Ideas", "Does it surprise you?", "2"),)}
    preview = prepare(world, contest, change)
    world.rate(JUDY, piece)
    for step in (lambda: world.editing.apply(OLIVE, preview.edit_id), lambda: prepare(world, contest, change)):
        with pytest.raises(Refusal, match=r"^1 rating was given by these criteria already"):
            step()
    assert 3 == len(world.row(contest).scheme["criteria"])
    renamed = prepare(world, contest, dict(TITLES, titles=("Hm", *TITLES["titles"][1:])))
    assert "1 is called “Hm” instead of “Noise”." == renamed.effects[0]
    assert ("1 rating was given under the old titles.",) == renamed.warnings


def test_what_the_scores_mean_can_be_said_in_other_words(world: World) -> None:
    """One of the five is the organizers', the others stay ours; emptied, it is ours again."""
    contest = world.contest()
    changed = dict(TITLES, meanings=("", "", "Solid.", "", ""))
    assert ("3 means: “Solid.”",) == prepare(world, contest, changed).effects
    row = edit(world, contest, changed)
    assert (MEANINGS[0], "Solid.", MEANINGS[4]) == tuple(meanings_of(row.texts)[at] for at in (0, 2, 4))
    assert "meanings" not in edit(world, contest, TITLES).texts


def test_every_other_field(world: World) -> None:
    """All of them end up in the contest, and the channel reads what concerns it, once."""
    contest = world.contest()
    edit(world, contest, {"submission_limit": 5, "intake": Intake.DM, "grace_seconds": 10})
    edit(world, contest, {"rounds": 2, "finalists": 10, "winners": 5, "blind": False, "practice": True})
    edit(world, contest, {"board_mode": BoardMode.RANKS, "board_cron": ""})
    row = edit(
        world,
        contest,
        {"rules": "Be kind.", "tenets": "Listen twice.", "terms": "Use it well.", "retention_days": "90"},
    )
    assert (5, "dm", 600) == (row.submission_limit, row.intake, row.grace_seconds)
    assert (2, 10, 5, False) == (row.rounds, row.finalists, row.winners, row.blind)
    assert ("ranks", "", 90) == (row.board_mode, row.board_cron, row.retention_days)
    assert {"rules": "Be kind.", "tenets": "Listen twice.", "terms": "Use it well."} == row.texts
    told = [news.message["changed"] for news in world.letters("contest_news")]
    assert [["submission_limit", "intake"], ["rounds", "finalists", "winners", "blind"], ["rules"]] == told


def test_the_channel_reads_what_each_setting_is_from_now_on(world: World) -> None:
    """Of each setting that is news, in its new words: a field of the letter that is not filled in would tell the old ones, or none."""
    contest = world.contest()
    questions = [each["question"] for each in world.row(contest).scheme["criteria"]]
    criteria = tuple(WrittenCriterion(f"Idea {at}", question, "1") for at, question in enumerate(questions))
    heard: dict[str, tuple[Fields, str]] = {
        "deadline": (dict(BASICS, deadline=at("2026-11-20T18:30")), "20 November at 18:30"),
        "submission_limit": (dict(TAKING_PART, submission_limit=5), "up to 5 compositions"),
        "intake": (dict(TAKING_PART, submission_limit=5, intake=Intake.DM), "in direct messages only"),
        "rounds": (dict(JUDGING, rounds=2), "There are two rounds"),
        "finalists": (dict(JUDGING, rounds=2, finalists=10), "The best 10 go on"),
        "winners": (dict(JUDGING, rounds=2, finalists=10, winners=5), "There are 5 winners"),
        "blind": (dict(JUDGING, rounds=2, finalists=10, winners=5, blind=False), "who wrote each piece"),
        "scores": ({"scores": Scores.FAIR}, "fair scores"),
        "criteria": ({"criteria": criteria}, "Idea 0"),
        "prizes": ({"prizes": "1: a lute"}, "a lute"),
        "rules": (dict(TEXTS, rules="Be kind."), "new words"),
        "channel_id": (dict(BASICS, deadline=at("2026-11-20T18:30"), channel_id=LOUNGE), f"<#{LOUNGE}>"),
    }
    assert {each.name for each in SETTINGS if each.news} == set(heard)
    for name, (change, words) in heard.items():
        edit(world, contest, change)
        letter = world.letters("contest_news")[-1]
        text = letters.draw(load(letter.message)).text
        assert [name] == letter.message["changed"]
        assert words in text, (name, text)


def test_rounds_stay_once_the_final_began(world: World) -> None:
    """The modal does not ask for them any more, and what is sent in nevertheless is refused."""
    contest = world.contest(rounds=2)
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    piece = world.accepted()
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    world.rate(JUDY, piece)
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    with pytest.raises(Refusal, match="has moved on"):
        prepare(world, contest, JUDGING)
    assert 5 == edit(world, contest, {"winners": 5, "blind": True, "practice": False}).winners


def test_a_finished_contest_keeps_its_figures(world: World) -> None:
    """Its name and its texts can still be mended; nobody is told."""
    contest = world.contest(Phase.FINISHED)
    row = edit(world, contest, {"name": "Bach Jam 2026"})
    assert ("Bach Jam 2026", []) == (row.name, world.letters("contest_news"))
    with pytest.raises(Refusal, match="has moved on"):
        prepare(world, contest, dict(JUDGING, winners=1))

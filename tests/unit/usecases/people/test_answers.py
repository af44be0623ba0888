"""Answers to plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.rules.phases import Phase
from bot.rules.plainwords import Wish, wish_of
from bot.usecases.people.letters import HelpReply, WayReply
from handlers import letters
from handlers.ids import Action
from tests.makers.world import ADA, CHANNEL, EVE, GUS, JUDY, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


@pytest.mark.parametrize("text", ["account", "I lost my PASSWORD", "could I have a login, please?"])
def test_plain_words_for_an_account_get_a_button(world: World, text: str) -> None:
    """The letter names the contest; a modal will show the rest."""
    world.contest()
    world.pool(1)
    world.answers.answer(ADA, "D0ADA", text, "Ev1")
    (letter,) = world.letters("account_reply", "D0ADA")
    assert ("Bach Jam", CHANNEL) == (letter.message["contest_name"], letter.message["channel_id"])


@pytest.mark.parametrize("text", ["account", "place", "rules", "deadline", "board"])
def test_an_answer_about_a_contest_is_kept_as_that(world: World, text: str) -> None:
    """So its organizers learn of it where it never arrives; what is about none is nobody's."""
    contest = world.contest(Phase.JUDGING)
    world.pool(1)
    world.accepted()
    world.answers.answer(ADA, "D0ADA", text, "Ev1")
    world.answers.answer(ADA, "D0ADA", "help", "Ev2")
    with world.store.read() as work:
        letters = [work.outbox.by_key(f"answer:{event}") for event in ("Ev1", "Ev2")]
    assert [contest, None] == [letter and letter.contest_id for letter in letters]


def test_help_comes_once_an_event(world: World) -> None:
    """A redelivered message is answered once, and an empty one not at all."""
    world.answers.answer(ADA, "D0ADA", "help", "Ev1")
    world.answers.answer(ADA, "D0ADA", "help", "Ev1")
    world.answers.answer(ADA, "D0ADA", "  ", "Ev2")
    assert [["participant"]] == [letter.message["roles"] for letter in world.letters("help_reply")]


def test_an_account_without_a_contest_is_explained(world: World) -> None:
    """The help comes with the reason."""
    world.answers.answer(ADA, "D0ADA", "account", "Ev1")
    (letter,) = world.letters("help_reply")
    assert (
        "There is no contest here yet. An organizer can begin one with `/kantor contest new`."
        == letter.message["sentence"]
    )


@pytest.mark.parametrize(
    ("user_id", "phase", "pool", "words"),
    [
        (GUS, Phase.OPEN, 1, "you are here as a guest"),
        (EVE, Phase.OPEN, 1, "Please join that channel first"),
        (ADA, Phase.FINISHED, 1, "*Bach Jam* is over"),
        (EVE, Phase.FINISHED, 1, "There is no contest here yet"),
        (ADA, Phase.OPEN, 0, "*Bach Jam* has no accounts to hand out"),
    ],
)
def test_no_account_is_promised_that_will_not_be_given(
    world: World, user_id: str, phase: Phase, pool: int, words: str
) -> None:
    """The reason comes at once in the place of the button: to guests, outsiders, after the end, and without a pool."""
    world.contest(phase)
    world.pool(pool)
    world.directory.members[CHANNEL].add(GUS)
    world.answers.answer(user_id, "D0ONE", "account please", "Ev1")
    assert [] == world.letters("account_reply")
    (letter,) = world.letters("help_reply")
    assert words in letter.message["sentence"]


def test_an_account_is_offered_while_slack_is_silent(world: World) -> None:
    """The window asks again; somebody who is entitled is not sent away."""
    world.contest()
    world.pool(1)
    world.directory.silent = True
    world.answers.answer(ADA, "D0ADA", "account", "Ev1")
    assert 1 == len(world.letters("account_reply"))


def test_plain_words_are_answered_while_slack_is_silent(world: World) -> None:
    """Less help is better than none."""
    world.directory.silent = True
    world.answers.answer(ADA, "D0ADA", "help", "Ev1")
    assert [[]] == [letter.message["roles"] for letter in world.letters("help_reply")]


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("help", Wish.HELP),
        ("Hello!", Wish.HELLO),
        ("my score", Wish.PLACE),
        ("Score?", Wish.PLACE),
        ("withdraw", Wish.WITHDRAW),
        ("How do I submit my piece?", Wish.SUBMIT),
        ("when is the deadline for submissions?", Wish.DEADLINE),
        ("When?", Wish.DEADLINE),
        ("the rules please", Wish.RULES),
        ("starter", Wish.STARTER),
        ("judge", Wish.JUDGE),
        ("next", Wish.JUDGE),
        ("THANKS for the help :)", Wish.THANKS),
        ("I lost my password", Wish.ACCOUNT),
        ("mine", Wish.MINE),
        ("please erase my data", Wish.ERASE),
        ("who is the winner", Wish.BOARD),
        ("What can I win?", Wish.RULES),
        ("is there a prize", Wish.RULES),
        ("Who are the judges?", Wish.JUDGES),
        ("am I in the final?", Wish.PLACE),
        ("can I change my piece", Wish.MINE),
        ("I want to take it back", Wish.WITHDRAW),
        ("take back", Wish.WITHDRAW),
        ("do you take wav files", Wish.FORMAT),
        ("MP3?", Wish.FORMAT),
        ("How does it work?", Wish.HOW),
        ("what is this", Wish.HOW),
        ("status", Wish.STATUS),
        ("leaderboard", Wish.BOARD),
        ("place", Wish.PLACE),
        ("bananas", None),
        ("🎹", None),
    ],
)
def test_what_words_ask_for(text: str, wish: Wish | None) -> None:
    """Whole words, in any case, in any sentence."""
    assert wish is wish_of(text)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("thanks!", "thanks"),
        ("hello", "hello"),
        ("submit", "submit"),
        ("withdraw", "withdraw"),
        ("board", "board"),
        ("bananas", ""),
    ],
)
def test_words_get_the_way_to_what_they_ask_for(world: World, text: str, wish: str) -> None:
    """One letter, with the contest it is about where the button needs one."""
    contest = world.contest()
    world.answers.answer(ADA, "D0ADA", text, "Ev1")
    (letter,) = world.letters("way_reply", "D0ADA")
    about = (contest, CHANNEL) if wish in {"hello", "board"} else ("", "")
    assert (wish, about) == (letter.message["wish"], (letter.message["contest_id"], letter.message["channel_id"]))


@pytest.mark.parametrize(
    ("text", "command", "guess"),
    [
        ("judges add @judy", "judges add", ""),
        ("/kantor export", "export", ""),
        ("kantor phase next", "phase next", ""),
        ("acount please", "", "account"),
        ("leaderbord", "", "leaderboard"),
        ("jugdes add", "", "judges add"),
        ("bananas", "", ""),
    ],
)
def test_one_vocabulary_for_the_direct_messages_and_the_slash_command(
    world: World, text: str, command: str, guess: str
) -> None:
    """A command that is written as a message is named; a slip of the finger is asked about, in words of ours only."""
    world.contest()
    reply = world.answers.reply(ADA, CHANNEL, text)
    assert isinstance(reply, WayReply)
    assert (command, guess) == (reply.command, reply.guess)


def test_a_question_gets_no_list_of_commands(world: World) -> None:
    """How it works is a course in six lines; what was refused is one sentence."""
    assert "way_reply" == world.answers.reply(EVE, CHANNEL, "what is this?").kind
    refused = world.answers.reply(EVE, "D0EVE", "deadline")
    assert isinstance(refused, HelpReply)
    assert 1 == len(letters.draw(refused).text.splitlines())


def test_deadline_and_rules(world: World) -> None:
    """The short answer and the long one, with the person's own time."""
    world.contest()
    world.upload(ADA)  # so that we have met
    world.answers.answer(ADA, "D0ADA", "deadline?", "Ev1")
    world.answers.answer(ADA, "D0ADA", "rules?", "Ev2")
    brief, whole = [letter.message for letter in world.letters("rules", "D0ADA")]
    assert ((True, False), (False, False)) == ((brief["brief"], whole["brief"]), (brief["extended"], whole["extended"]))
    assert ("Europe/Berlin", 3, "Judges rate Originality, Balance, Emotional, from 1 to 5 each.") == (
        whole["time_zone"],
        whole["limit"],
        whole["judged"][0],
    )


def test_my_score_is_where_my_pieces_stand(world: World) -> None:
    """As ``/kantor place``."""
    world.contest()
    world.accepted(ADA)
    world.answers.answer(ADA, "D0ADA", "my score", "Ev1")
    (letter,) = world.letters("places", "D0ADA")
    assert [("Morning Tide", 70.0)] == [(place["title"], place["ai_score"]) for place in letter.message["places"]]


def test_starter(world: World) -> None:
    """The kit with its melodies; no contest is needed."""
    world.answers.answer(ADA, "D0ADA", "starter", "Ev1")
    (letter,) = world.letters("starter_reply", "D0ADA")
    assert 5 == len(letter.message["melodies"])


def test_judges_get_their_pieces_and_others_a_reason(world: World) -> None:
    """The word "judge"."""
    contest = world.contest()
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    world.answers.answer(JUDY, "D0JUDY", "next", "Ev1")
    world.answers.answer(ADA, "D0ADA", "judge", "Ev2")
    assert [contest] == [letter.message["contest_id"] for letter in world.letters("way_reply", "D0JUDY")]
    (refused,) = world.letters("help_reply", "D0ADA")
    assert "you are not one of them" in refused.message["sentence"]


def test_who_was_just_welcomed_is_not_greeted_again(world: World) -> None:
    """The checklist is the answer to a hello, and to words that we do not know; what was asked is answered beside it."""
    world.contest()
    world.onboarding.met(ADA)
    for number, text in enumerate(("hello", "help", "bananas", "deadline")):
        world.answers.answer(ADA, "D0ADA", text, f"Ev{number}")
    world.clock.advance(minutes=1)
    world.answers.answer(ADA, "D0ADA", "hello", "Ev9")
    with world.store.read() as work:
        answers = [row.kind for row in work.outbox.of_kinds() if row.recipient == "D0ADA"]
    assert ["help_reply", "rules", "way_reply"] == answers


def test_a_clock_that_was_set_back_takes_nobody_for_just_welcomed(world: World) -> None:
    """Who was welcomed "in an hour" says hello, and is not ignored until then."""
    world.contest()
    world.onboarding.met(ADA)
    world.clock.turn_back(hours=1)
    world.answers.answer(ADA, "D0ADA", "hello", "Ev1")
    with world.store.read() as work:
        assert 1 == sum(row.recipient == "D0ADA" for row in work.outbox.of_kinds())


def test_a_hello_outside_of_any_contest_is_a_hello(world: World) -> None:
    """Nobody is refused anything for a greeting."""
    world.answers.answer(EVE, "D0EVE", "hello", "Ev1")
    (letter,) = world.letters("help_reply", "D0EVE")
    assert letter.message["sentence"] is None


def test_judges_are_who_judges(world: World) -> None:
    """Not the rules: the way to the list, and for those who are on it to their own pieces, too."""
    world.contest()
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    replies = [world.answers.reply(who, f"D0{who}", "judges") for who in (JUDY, ADA)]
    assert [(Wish.JUDGES, True), (Wish.JUDGES, False)] == [
        (reply.wish, reply.judges) for reply in replies if isinstance(reply, WayReply)
    ]
    drawn = [[button["action_id"] for button in letters.draw(reply).blocks[-1]["elements"]] for reply in replies]
    assert [[Action.HOME_MENU, Action.JUDGE_QUEUE], [Action.HOME_MENU]] == drawn


@pytest.mark.parametrize("text", ["accounts", "late", "/kantor erase"])
def test_an_organizers_command_of_one_word_is_that_command(world: World, text: str) -> None:
    """Others who write the word ask for something of their own."""
    world.contest()
    order, wish = (world.answers.reply(who, f"D0{who}", text) for who in (OLIVE, ADA))
    assert isinstance(order, WayReply)
    assert text.removeprefix("/kantor ") == order.command
    assert not (isinstance(wish, WayReply) and wish.command)

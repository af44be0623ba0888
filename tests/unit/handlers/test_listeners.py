"""Each listener through a real Bolt app and a real socket; the use cases only write down what they were asked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from slack_sdk import WebClient

from bot.errors import RateLimited, Refusal, StoreFailed, Unavailable
from bot.rules.phases import Phase
from bot.sandbox.client import awaited
from bot.usecases.accounts.accounts import ClaimAccount
from bot.usecases.contests.contests import JudgesAdded, NewContest
from bot.usecases.judging.letters import RatingInvitation
from bot.usecases.judging.ratings import Progress, RateSubmission, RatingValues, Saved
from bot.usecases.people.letters import WayReply
from bot.usecases.submissions.arrivals import Upload
from bot.usecases.submissions.compositions import Composition, Mine, MyContest, PieceVersion
from handlers import letters
from tests.unit.handlers import samples

if TYPE_CHECKING:
    from bot.sandbox.client import Person, Sandbox
    from bot.sandbox.server import SandboxServer
    from tests.unit.handlers.recorders import Recorder

COMPOSERS = "C0COMPOSERS"
MIDI = b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x00\x60"


@pytest.fixture
def olive(sandbox: Sandbox) -> Person:
    """The organizer, with no window open."""
    olive = sandbox.person("olive")
    for view in olive.views():
        olive.close(view)
    return olive


@pytest.fixture
def ada(sandbox: Sandbox) -> Person:
    """A participant, with no window open."""
    ada = sandbox.person("ada")
    for view in ada.views():
        ada.close(view)
    return ada


def _opened(person: Person, title: str) -> Any:
    """The window, once it has its facts."""
    return person.wait_for_view(lambda view: view["title"]["text"] == title and "One moment" not in str(view))


def _latest(person: Person, seen: int) -> Any:
    """The ephemeral message that came after those."""
    return awaited(
        lambda: person.ephemerals(COMPOSERS)[seen:] or None, 10, lambda: f"an answer beyond {seen} for {person.id}"
    )[-1]


def _answer_to(person: Person, command: str) -> Any:
    seen = len(person.ephemerals(COMPOSERS))
    person.command(COMPOSERS, command)
    return _latest(person, seen)


def _asked(use_cases: Recorder, method: str, times: int = 1) -> Any:
    """The arguments of the use case, once it was asked that often."""
    return awaited(
        lambda: calls if len(calls := use_cases.asked(method)) >= times else None,
        10,
        lambda: f"{method} to be asked {times} times; {use_cases.calls}",
    )


def test_new_contest(use_cases: Recorder, olive: Person) -> None:
    """The modal opens with the organizer's zone, and its values reach the use case as they were written."""
    olive.command(COMPOSERS, "/kantor contest new")
    view = _opened(olive, "New contest")
    answer = olive.submit(view, {"name": " Winter Jam ", "deadline_date": "2026-12-04", "board_cron": "0 9 * * mon"})
    assert answer["response_action"] == "update"
    deadline = datetime(2026, 12, 4, 18, 0)  # noqa: DTZ001 - naive: a clock in the contest's zone
    expected = {
        "name": "Winter Jam",
        "slug": "",
        "channel_id": COMPOSERS,
        "time_zone": "Europe/Berlin",
        "deadline": deadline,
        "submission_limit": 3,
        "intake": "both",
        "rounds": 1,
        "board_cron": "0 9 * * mon",
        "prizes": "",
    }
    assert use_cases.asked("create") == [(NewContest("U0OLIVE", expected),)]
    assert "is a draft" in str(_opened(olive, "Contest created"))


def test_board_schedule_by_menu(use_cases: Recorder, olive: Person) -> None:
    """Without an own schedule the menu counts, and its last choice means no posts."""
    for choice, cron in (("0 * * * *", "0 * * * *"), ("none", "")):
        olive.command(COMPOSERS, "/kantor contest new")
        view = _opened(olive, "New contest")
        olive.submit(view, {"name": "Winter Jam", "board_preset": choice})
        assert use_cases.asked("create")[-1][0].written["board_cron"] == cron
        olive.close(_opened(olive, "Contest created"))


@pytest.mark.parametrize(
    ("field", "block"), [("slug", "slug"), ("deadline", "deadline_date"), (None, "name"), ("actor", "name")]
)
def test_refused_contest(use_cases: Recorder, olive: Person, field: str | None, block: str) -> None:
    """A refusal stands under the input it is about, or under the first one; nothing typed is lost."""
    use_cases.answers["create"] = Refusal("Take another one, please.", field=field)
    olive.command(COMPOSERS, "/kantor contest new")
    answer = olive.submit(_opened(olive, "New contest"), {"name": "Winter Jam"})
    assert answer["errors"] == {block: "Take another one, please."}


def test_all_that_is_wrong_stands_at_its_inputs_at_once(use_cases: Recorder, olive: Person) -> None:
    """Two about the same input share its place, and what concerns no input stands under the first."""
    refusals = [Refusal("Take another slug.", field="slug"), Refusal("That has passed.", field="deadline")]
    refusals += [Refusal("Shorter, please.", field="slug"), Refusal("Not today.")]
    use_cases.answers["create"] = Refusal("All of it.", parts=refusals)
    olive.command(COMPOSERS, "/kantor contest new")
    answer = olive.submit(_opened(olive, "New contest"), {"name": "Winter Jam"})
    expected = {
        "slug": "Take another slug. Shorter, please.",
        "deadline_date": "That has passed.",
        "name": "Not today.",
    }
    assert expected == answer["errors"]


def test_markup_under_an_input(use_cases: Recorder, olive: Person) -> None:
    """Slack shows no markup under an input, so a sentence loses its own there."""
    use_cases.answers["create"] = Refusal("*Jam* is in <#C0COMPOSERS>. Ask <@U0OLIVE>, or type `/kantor status`.")
    olive.command(COMPOSERS, "/kantor contest new")
    answer = olive.submit(_opened(olive, "New contest"), {"name": "Winter Jam"})
    assert answer["errors"] == {"name": "Jam is in its channel. Ask that person, or type /kantor status."}


def test_new_contest_is_for_organizers(use_cases: Recorder, ada: Person) -> None:
    """Others read in the window why not."""
    use_cases.answers["require_organizer"] = Refusal("Only organizers can begin a contest. Ask <@U0OLIVE>.")
    ada.command(COMPOSERS, "/kantor contest new")
    assert "✋ Only organizers can begin a contest. Ask <@U0OLIVE>." in str(_opened(ada, "Not this time"))


def test_status(use_cases: Recorder, olive: Person) -> None:
    """The status is for the asker's eyes."""
    assert "*Phase*" in str(_answer_to(olive, "/kantor status"))
    assert use_cases.asked("status") == [("U0OLIVE", COMPOSERS)]


def test_next_phase(use_cases: Recorder, olive: Person) -> None:
    """The preview is confirmed with the phase that it showed."""
    olive.command(COMPOSERS, "/kantor phase next")
    answer = olive.submit(_opened(olive, "Next phase"))
    assert answer["response_action"] == "update"
    assert use_cases.asked("advance") == [("U0OLIVE", "c1", Phase.DRAFT, "")]
    assert "is now" in str(_opened(olive, "Done"))


def test_stale_preview(use_cases: Recorder, olive: Person) -> None:
    """A refusal of a modal without inputs replaces it."""
    use_cases.answers["advance"] = Refusal("Somebody was faster.")
    olive.command(COMPOSERS, "/kantor phase next")
    olive.submit(_opened(olive, "Next phase"))
    assert "✋ Somebody was faster." in str(_opened(olive, "Not this time"))


def test_add_judges(use_cases: Recorder, olive: Person) -> None:
    """Mentioned people become judges."""
    use_cases.answers["add_judges"] = JudgesAdded("Winter Jam", ("U0JUDY", "U0JACK"), ())
    answer = _answer_to(olive, "/kantor judges add @judy @jack")
    assert "<@U0JUDY>, <@U0JACK> now judge *Winter Jam*" in answer["text"]
    assert use_cases.asked("add_judges") == [("U0OLIVE", COMPOSERS, ("U0JUDY", "U0JACK"))]


def test_add_nobody(use_cases: Recorder, olive: Person) -> None:
    """Without a mention the answer says how it goes."""
    assert "Whom do you mean?" in _answer_to(olive, "/kantor judges add")["text"]
    assert "“judy” mentions nobody." in _answer_to(olive, "/kantor judges add judy")["text"]
    assert use_cases.asked("add_judges") == []


def test_account(use_cases: Recorder, ada: Person) -> None:
    """Terms first; once they are accepted the same window shows the account, once."""
    ada.command(COMPOSERS, "/kantor account")
    view = _opened(ada, "Your account")
    assert ada.submit(view, {"accepted_terms": ["accepted"]})["response_action"] == "update"
    assert use_cases.asked("offer") == [("U0ADA", COMPOSERS)]
    assert use_cases.asked("claim") == [(ClaimAccount("U0ADA", "c1", view["id"], accepted_terms=True),)]
    assert "```Pa&lt;ss&amp;word&gt;-7f3q```" in str(ada.views()[-1])


def test_empty_pool(use_cases: Recorder, ada: Person) -> None:
    """A refusal stays in the window with the terms."""
    use_cases.answers["claim"] = Refusal("All accounts are taken. I have told the organizers.")
    ada.command(COMPOSERS, "/kantor account")
    answer = ada.submit(_opened(ada, "Your account"), {"accepted_terms": ["accepted"]})
    assert answer["errors"] == {"accepted_terms": "All accounts are taken. I have told the organizers."}


def test_board(use_cases: Recorder, ada: Person) -> None:
    """The board is for the asker's eyes."""
    assert "#winter-jam-ada-Tide" in str(_answer_to(ada, "/kantor board"))
    assert use_cases.asked("show") == [("U0ADA", COMPOSERS, 1)]


@pytest.mark.parametrize(
    ("words", "said", "is_list"),
    [("", "I am Kantor", True), ("help", "I am Kantor", True), ("dance <now>", "Did you mean *announce*?", False)],
)
def test_help(use_cases: Recorder, olive: Person, words: str, said: str, is_list: bool) -> None:
    """Nothing and help bring the list of what there is; unknown words bring a sentence, as in the direct messages."""
    use_cases.answers["reply"] = WayReply(wish="", guess="announce")
    answer = str(_answer_to(olive, f"/kantor {words}"))
    assert said in answer
    assert is_list is ("/kantor contest new" in answer)


def test_home(use_cases: Recorder, olive: Person) -> None:
    """The Home tab is published when somebody opens it, and its buttons open windows about that contest."""
    use_cases.answers["home"] = samples.home(name="Spring Jam")
    olive.open_home()
    home = olive.wait_for_home("Spring Jam")
    for action, title, method in (
        ("show_status", "Contest status", "status"),
        ("show_board", "Leaderboard", "show"),
        ("preview_phase", "Next phase", "preview_next"),
        ("open_account", "Your account", "offer"),
    ):
        olive.click(home, action)
        olive.close(_opened(olive, title))
        assert [("U0OLIVE", COMPOSERS)] == [asked[:2] for asked in use_cases.asked(method)]
    for action, title in (("show_help", "How it works"), ("new_contest", "New contest")):
        olive.click(home, action)
        olive.close(_opened(olive, title))


def test_refused_home_button(use_cases: Recorder, olive: Person) -> None:
    """A refusal shows in the window that the button opened."""
    use_cases.answers["home"] = samples.home(name="Summer Jam")
    olive.open_home()
    home = olive.wait_for_home("Summer Jam")
    use_cases.answers["preview_next"] = Refusal("It is finished already.")
    olive.click(home, "preview_phase")
    assert "It is finished already." in str(_opened(olive, "Not this time"))


def test_the_end_is_confirmed_by_its_own_button(use_cases: Recorder, olive: Person) -> None:
    """The window turns into the confirmation."""
    use_cases.answers["home"] = samples.home(name="Autumn Jam")
    use_cases.answers["preview_next"] = samples.preview(phase=Phase.FINAL)
    use_cases.answers["advance"] = samples.summary()
    olive.open_home()
    olive.click(olive.wait_for_home("Autumn Jam"), "preview_phase")
    olive.click(_opened(olive, "Next phase"), "finish_contest")
    olive.close(_opened(olive, "Done"))
    assert use_cases.asked("advance") == [("U0OLIVE", "c1", Phase.FINAL)]


@pytest.fixture
def invitation(server: SandboxServer, sandbox: Sandbox) -> tuple[Person, Any]:
    """Judy, and the message with her Rate button."""
    judy = sandbox.person("judy")
    for view in judy.views():
        judy.close(view)
    letter = RatingInvitation(contest_name="Jam", submission_id="s1", alias="quiet heron", alt_text="", has_sound=True)
    drawn = letters.draw(letter)
    client = WebClient(server.bot_token, base_url=server.api_url)
    posted = client.chat_postMessage(channel=judy.open_dm(), text=drawn.text, blocks=list(drawn.blocks))
    return judy, judy.wait_for_message(judy.open_dm(), lambda message: bool(message["ts"] == posted["ts"]))


def test_rating(use_cases: Recorder, invitation: tuple[Person, Any]) -> None:
    """The button opens the form of its piece; the rating is written, then confirmed with the progress."""
    judy, message = invitation
    use_cases.answers["rate"] = Saved(Progress(5, 12), "quiet heron")
    judy.click(message, "rate")
    scores = {"originality": "4", "balance": "3", "emotional": "5"}
    judy.submit(_opened(judy, "Rate quiet heron"), {**scores, "comment": "Lovely <b>", "private_note": "mine"})
    assert use_cases.asked("form") == [("U0JUDY", "s1", "preliminary")]
    assert use_cases.asked("rate") == [
        (RateSubmission("U0JUDY", "s1", RatingValues(samples.SCORES, "Lovely <b>", "mine"), round="preliminary"),)
    ]
    assert "*5 of 12*" in str(_opened(judy, "Thank you"))


def test_rating_wants_all_criteria(use_cases: Recorder, invitation: tuple[Person, Any]) -> None:
    """A criterion without a score is asked for by Slack itself; comment and note may stay empty."""
    judy, message = invitation
    use_cases.answers["rate"] = Saved(Progress(5, 12), "quiet heron")
    judy.click(message, "rate")
    view = _opened(judy, "Rate quiet heron")
    assert set(judy.submit(view, {"originality": "4"})["errors"]) == {"balance~s1", "emotional~s1"}
    judy.submit(view, {"originality": "1", "balance": "1", "emotional": "1"})
    assert use_cases.asked("rate") == [
        (RateSubmission("U0JUDY", "s1", RatingValues(dict.fromkeys(samples.SCORES, 1)), round="preliminary"),)
    ]


def test_refused_rate_button(use_cases: Recorder, invitation: tuple[Person, Any]) -> None:
    """Who may not rate reads why, beside the button."""
    judy, message = invitation
    use_cases.answers["form"] = Refusal("The judging is closed.")
    judy.click(message, "rate")
    assert judy.wait_for_ephemeral(judy.open_dm(), "The judging is closed.")["text"] == "✋ The judging is closed."


def test_rating_from_home(use_cases: Recorder, olive: Person) -> None:
    """The Home tab opens the form of the piece that waits; a refusal there comes as a direct message."""
    use_cases.answers["home"] = samples.home(name="Autumn Jam")
    olive.open_home()
    home = olive.wait_for_home("Autumn Jam")
    olive.click(home, "rate")
    olive.close(_opened(olive, "Rate quiet heron"))
    assert use_cases.asked("form") == [("U0OLIVE", "s7", "preliminary")]
    use_cases.answers["form"] = Refusal("The ratings of *Jam* closed.")
    olive.click(home, "rate")
    assert olive.wait_for_message(olive.open_dm(), "✋ The ratings of *Jam* closed.")


def test_upload(use_cases: Recorder, ada: Person) -> None:
    """An upload reaches the use case with Slack's time and all that is known of the file."""
    message = ada.upload(COMPOSERS, "tide.mid", MIDI, text="my first")
    ((upload,),) = _asked(use_cases, "receive")
    file = message["files"][0]
    assert upload == Upload(
        file_id=file["id"],
        user_id="U0ADA",
        channel_id=COMPOSERS,
        is_dm=False,
        message_ts=message["ts"],
        thread_ts=None,
        filename="tide.mid",
        mimetype=file["mimetype"],
        filetype=file["filetype"],
        size=len(MIDI),
    )


def test_upload_in_the_direct_messages(use_cases: Recorder, ada: Person) -> None:
    """The same in the DM; it is no plain word."""
    ada.upload(ada.open_dm(), "tide.mid", MIDI, text="account")
    ((upload,),) = _asked(use_cases, "receive")
    assert upload.is_dm is True
    assert use_cases.asked("answer") == []


def test_failed_upload_comes_again(use_cases: Recorder, sandbox: Sandbox, ada: Person) -> None:
    """Where the use case fails the delivery is not acknowledged, so Slack delivers it again."""
    use_cases.answers["receive"] = RuntimeError("the database is away")
    ada.upload(COMPOSERS, "tide.mid", MIDI)
    first = _asked(use_cases, "receive")
    del use_cases.answers["receive"]
    sandbox.advance(400)
    assert _asked(use_cases, "receive", 2)[:1] == first[:1]


def test_plain_words(use_cases: Recorder, ada: Person) -> None:
    """Words in the DM are answered; words in the channel are none of the bot's business."""
    ada.say(COMPOSERS, "account")
    dm = ada.open_dm()
    ada.say(dm, "account please")
    ((user, channel, text, event_id),) = _asked(use_cases, "answer")
    assert (user, channel, text, event_id[:2]) == ("U0ADA", dm, "account please", "Ev")


def test_other_messages_are_taken(use_cases: Recorder, sandbox: Sandbox, ada: Person) -> None:
    """Deletions are acknowledged and change nothing."""
    start = len(sandbox.log())
    message = ada.say(COMPOSERS, "oops")
    ada.delete(message, COMPOSERS)
    states = awaited(
        lambda: seen if len(seen := _deliveries(sandbox, start)) >= 2 and "open" not in seen else None,
        10,
        lambda: f"two answered deliveries; {_deliveries(sandbox, start)}",
    )
    assert set(states) == {"acked"}
    assert use_cases.calls == []


def _deliveries(sandbox: Sandbox, start: int) -> list[str]:
    return [line["state"] for line in sandbox.log(start) if line["kind"] == "delivery"]


def test_unforeseen_command(use_cases: Recorder, ada: Person) -> None:
    """What nobody foresaw ends in a sentence with a reference that the person can quote."""
    use_cases.answers["show"] = RuntimeError(samples.PASSWORD)
    text = _answer_to(ada, "/kantor board")["text"]
    assert "tell an organizer this reference: ab12cd34" in text
    assert samples.PASSWORD not in text


def test_unforeseen_submission(use_cases: Recorder, ada: Person) -> None:
    """So does a failing modal, which stays open with all that was typed."""
    use_cases.answers["claim"] = RuntimeError("no disk")
    ada.command(COMPOSERS, "/kantor account")
    answer = ada.submit(_opened(ada, "Your account"), {"accepted_terms": ["accepted"]})
    assert "ab12cd34" in answer["errors"]["accepted_terms"]


def test_slack_is_away(use_cases: Recorder, ada: Person) -> None:
    """Where Slack does not answer, the person is asked to try again."""
    use_cases.answers["offer"] = Unavailable("users.info")
    ada.command(COMPOSERS, "/kantor account")
    assert "Please try again in a minute." in str(_opened(ada, "That did not work"))


def test_slack_wants_it_slower(use_cases: Recorder, ada: Person) -> None:
    """That is no outage: the sentence says how long to wait."""
    use_cases.answers["offer"] = RateLimited(4.2)
    ada.command(COMPOSERS, "/kantor account")
    assert "Please try again in 5 seconds" in str(_opened(ada, "That did not work"))


def test_window_that_was_closed(use_cases: Recorder, sandbox: Sandbox, ada: Person) -> None:
    """Who closes the window before its facts arrive is left alone: no complaint, nothing opened again."""
    fault = sandbox.fault(method="views.update", mode="hold_before")
    ada.command(COMPOSERS, "/kantor account")
    ada.close(ada.wait_for_view("One moment"))
    sandbox.release(fault)
    sandbox.wait_for_log(lambda line: line["name"] == "views.update" and "not_found" in str(line["answer"]))
    assert ada.views() == []


def test_late_trigger(use_cases: Recorder, sandbox: Sandbox, ada: Person) -> None:
    """Where Slack's three seconds were too short, the person is asked to press once more."""
    sandbox.fault(method="views.open", mode="error", error="expired_trigger_id")
    assert "Please press once more." in _answer_to(ada, "/kantor account")["text"]


@pytest.mark.parametrize(
    "fault",
    [
        {"mode": "http_500"},
        {"mode": "error", "error": "internal_error"},
        {"mode": "error", "error": "service_unavailable"},
        {"mode": "rate_limited", "retry_after": 30},
    ],
)
def test_an_outage_of_slack_is_told_as_one(
    use_cases: Recorder, sandbox: Sandbox, ada: Person, fault: dict[str, Any]
) -> None:
    """Neither with a reference nor as a fault of ours: there is nothing in it for an organizer."""
    sandbox.fault(method="views.open", times=2, **fault)
    text = _answer_to(ada, "/kantor account")["text"]
    sandbox.release()
    limited = fault["mode"] == "rate_limited"
    said = (
        "Slack lets me ask only so often"
        if limited
        else "Slack does not answer me right now. Please try again in a minute."
    )
    assert text.startswith(f"⚠️ {said}")


def test_a_window_that_slack_cannot_fill_is_told_elsewhere(
    use_cases: Recorder, sandbox: Sandbox, olive: Person
) -> None:
    """The window stays as it is, and the sentence comes as a message: not every way to the person is out."""
    use_cases.answers["home"] = samples.home(name="Rainy Jam")
    olive.open_home()
    home = olive.wait_for_home("Rainy Jam")
    sandbox.fault(method="views.update", mode="error", error="internal_error", times=2)
    olive.click(home, "show_status")
    assert olive.wait_for_message(olive.open_dm(), "Slack does not answer me right now.")


def test_what_slack_refuses_is_no_outage(use_cases: Recorder, sandbox: Sandbox, ada: Person) -> None:
    """A window that Slack does not take is our own bug, and keeps its reference."""
    sandbox.fault(method="views.open", mode="error", error="invalid_arguments")
    assert "tell an organizer this reference: ab12cd34" in _answer_to(ada, "/kantor account")["text"]


def test_files_that_cannot_be_reached_are_no_outage_of_slack(use_cases: Recorder, ada: Person) -> None:
    """The sentence names what is out."""
    use_cases.answers["show"] = StoreFailed("the object store failed")
    text = _answer_to(ada, "/kantor board")["text"]
    assert "⚠️ The place where I keep files does not answer me right now. Please try again in a minute." == text


def test_a_second_quick_press_leaves_no_old_list(use_cases: Recorder, sandbox: Sandbox, ada: Person) -> None:
    """The slower of two presses knows the window as it was: what it fills in is the list as it is after both."""
    both, second, none = (_compositions(*names) for names in (("Tide", "Dawn"), ("Dawn",), ()))
    use_cases.answers["mine"] = both
    ada.command(COMPOSERS, "/kantor mine")
    view = ada.wait_for_view("Tide")
    held = sandbox.fault(method="views.update", mode="hold_before")
    use_cases.answers["mine"] = second
    ada.click(view, "withdraw", value="sTide")
    _asked(use_cases, "mine", 2)
    use_cases.answers["mine"] = none
    ada.click(view, "withdraw", value="sDawn")
    ada.wait_for_view(lambda shown: "Dawn" not in str(shown))
    sandbox.release(held)
    sandbox.wait_for_log(lambda line: "hash_conflict" in str(line.get("answer")))
    awaited(lambda: len(use_cases.asked("mine")) >= 5, 10, lambda: str(use_cases.calls))
    (shown,) = ada.views()
    assert ("My compositions", False) == (shown["title"]["text"], "Dawn" in str(shown))


def _compositions(*titles: str) -> Mine:
    """Ada's, which may all be withdrawn."""
    sent = PieceVersion(
        "v1", 1, "accepted", "a.mid", datetime(2026, 11, 20, tzinfo=UTC), None, counts=True, may_count=False
    )
    pieces = tuple(Composition(f"s{each}", each, (sent,), may_change=True, may_withdraw=True) for each in titles)
    deadline = datetime(2026, 12, 4, 17, 0, tzinfo=UTC)
    contest = MyContest("Jam", COMPOSERS, Phase.OPEN, "both", deadline, "Europe/Berlin", len(titles), 3, open=True, compositions=pieces)  # fmt: skip
    return Mine((contest,))


def test_a_command_from_outside_says_which_contest_was_taken(use_cases: Recorder, ada: Person) -> None:
    """After the answer; nothing where there is no doubt."""
    use_cases.answers["meant_from_outside"] = samples.summary("Spring Jam")
    ada.command(COMPOSERS, "/kantor board")
    said = ada.wait_for_ephemeral(COMPOSERS, "This channel has no contest of its own")["text"]
    assert f"*Spring Jam* in <#{COMPOSERS}>" in said

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.rules.awards import TITLES, AwardKind
from bot.rules.plainwords import Wish
from bot.usecases.boards.letters import (
    BoardFrozen,
    BoardPiece,
    BoardPost,
    BoardRow,
    FeedbackCard,
    OwnPlace,
    Papers,
    PlacesReply,
    Podium,
    Special,
    TrailHead,
    TrailSealed,
    Winner,
)
from bot.usecases.messages import Part, TroubleAlarm
from bot.usecases.people.letters import (
    Announcement,
    Checklist,
    ComposerNudge,
    FirstSteps,
    HelpReply,
    JudgeNudge,
    RulesReply,
    StarterMelody,
    StarterReply,
    WayReply,
)
from bot.usecases.stored import KINDS
from bot.usecases.submissions.letters import (
    Card,
    CopiedPiece,
    CopyAlarm,
    CopyDigest,
    Receipt,
    RefusalNote,
    SharedPassage,
    VerdictNote,
)
from bot.usecases.verdicts.letters import VerdictChart, VerdictRenewed
from handlers import letters
from handlers.boards.views import board
from tests.makers.account_letters import account_letters
from tests.makers.award_letters import award_letters
from tests.makers.contest_letters import contest_letters
from tests.makers.duty_letters import duty_letters
from tests.makers.intake_letters import intake_letters
from tests.makers.judges_letters import judges_letters
from tests.unit.handlers.block_kit import problems_of_message, words

if TYPE_CHECKING:
    from bot.usecases.messages import Message

AT = datetime(2026, 12, 4, 17, 0, tzinfo=UTC)
LONG = "<!channel> & *Ünïcode* " * 200
MANY = tuple(f"{number} {LONG[:400]}" for number in range(300))


def _rows(count: int, name: str) -> tuple[BoardRow, ...]:
    return tuple(
        BoardRow(place=place, name=f"{name}{place}", score=4.333, ratings=place) for place in range(1, count + 1)
    )


def _board(rows: int, ai: int | None, name: str = "#jam-ada-Tide", *, final: bool = False) -> BoardPost:
    ai_rows = None if ai is None else _rows(ai, name)
    phase = "finished" if final else "judging"
    return BoardPost(
        contest_name=name, phase=phase, taken_at=AT, rows=_rows(rows, name), unrated=(), ai_rows=ai_rows, final=final
    )


def _letters(text: str, many: tuple[str, ...]) -> list[Message]:
    """One of each kind, with these words wherever people's words go."""
    return [
        Receipt(name=text, number=2, limit=3),
        Card(title=text, name=text, bars=8, key="G major", meter="4/4", seconds=17.2, alt_text=text, has_sound=False, warnings=many),
        VerdictNote(
            title=text, name=text, score=71.23, probability=0.8, pitch_similarity=0.62, key="G major",
            reasons_up=many, reasons_down=many, model_version="judge-1", submission_id="s1",
        ),
        RefusalNote(user_id="U0ADA", filename=text, sentence=text),
        *judges_letters(text),
        *intake_letters(text, many),
        _board(300, 300, text, final=True),
        _board(0, None, text).model_copy(update={"unrated": tuple(BoardPiece(name=each) for each in many)}),
        Announcement(contest_name=text, sent_by="U0OLIVE", words=text),
        ComposerNudge(contest_name=text, channel_id="C0COMPOSERS", deadline=AT, time_zone="Europe/Berlin"),
        JudgeNudge(contest_id="c1", contest_name=text, done=3, total=12),
        FeedbackCard(
            contest_name=text, title=text, name=text, rounds=(), place=3, total=9, ai_score=70.0, comments=many[:10],
        ),
        BoardFrozen(contest_id="c1", contest_name=text, snapshot_id="s1", frozen=True),
        BoardFrozen(
            contest_id="c1", contest_name=text, snapshot_id="s1", frozen=True, trail=TrailHead(entries=1, head="5" * 64)
        ),
        *(Papers(contest_name=text, has_bundle=each) for each in (True, False)),
        TrailSealed(contest_name=text, trail=TrailHead(entries=12_345, head="5" * 64)),
        Podium(
            contest_name=text, winners=(Winner(place=1, name=text, title=text, user_id="U0ADA", score=4, ratings=2),) * 30,
            ai_winners=(), composers=3, pieces=4, ratings=5, judges=("U0JUDY",), organizers=("U0OLIVE",),
            for_everybody=many[:10], left_over=many[:10],
            specials=tuple(
                Special(
                    award=kind, title=TITLES[kind], value=1.5, criterion=text, titles=(text,) * 3, user_ids=("U0ADA",) * 3, prize=text,
                )
                for kind in AwardKind
            ),
        ),
        PlacesReply(
            contest_name=text, phase="judging", mode="full", total=9, taken_at=AT,
            places=(OwnPlace(name=text, title=text, place=2, score=4, ratings=2),) * 30,
        ),
        *contest_letters(text, many),
        *account_letters(text),
        *duty_letters(text),
        *award_letters(text, many),
        HelpReply(roles=("organizer", "judge"), sentence=text),
        *(WayReply(wish=wish, contest_name=text, contest_id="c1", channel_id="C0COMPOSERS") for wish in ("", *Wish)),
        *(
            RulesReply(
                contest_name=text, channel_id="C0COMPOSERS", phase=phase, intake="both", deadline=AT, time_zone="Europe/Berlin",
                extended=phase == "judging", limit=3, judged=many[:8], version=2, sha256="0" * 64, text=own,
            )
            for phase, own in (("draft", ""), ("open", text), ("judging", ""), ("finished", text))
        ),
        FirstSteps(),
        FirstSteps(contest_name=text, channel_id="C0COMPOSERS"),
        StarterReply(melodies=tuple((f"key{number}", text) for number in range(5))),
        StarterMelody(title=text, source=text, idea=text),
        *(
            Checklist(
                contest_name=text, channel_id="C0COMPOSERS", phase=phase, intake=intake, deadline=AT,
                time_zone="Europe/Berlin", limit=3, account=account, piece=text, piece_state=state, heard=state == "accepted",
            )
            for phase, intake, account, state in (
                ("open", "both", "free", "refused"), ("open", "dm", "empty", "checking"), ("judging", "channel", "held", "late"),
                ("finished", "channel", "none", "accepted"),
            )
        ),
        TroubleAlarm(contest_name=text, what=text, reference="ab12cd34"),
        CopyAlarm(
            contest_name=text, name=text,
            passages=(SharedPassage(work=text, coverage=0.9, bars_here=(0, 8), bars_there=(3, 3)),) * 9, starters=(text,) * 3,
        ),
        CopyDigest(contest_name=text, number=40, pieces=(CopiedPiece(name=text, works=text),) * 20),
        CopyDigest(contest_name=text, number=1, pieces=()),
        CopyAlarm(contest_name=text, name="", passages=()),
        VerdictChart(title=text, score=71.23, alt_text=text),
        VerdictRenewed(title=text, name=text, before=10.0, after=71.23, submission_id="s1", model_version=text),
    ]  # fmt: skip


def test_each_kind_of_letter_is_here() -> None:
    """The lists of this file leave no kind of message out."""
    kinds = {message.kind for message in _letters("x", ())}
    assert kinds == set(KINDS)


def test_each_message_is_found_by_its_kind() -> None:
    """One that stands in no topic's ``letters.py``, or whose kind another one has, would be written and never be read."""
    codes = [path.read_text(encoding="utf-8") for path in Path("bot/usecases").rglob("*.py")]
    kinds = [kind for code in codes for kind in re.findall(r"^class \w+\([^)]*\bkind=\"(\w+)\"", code, re.MULTILINE)]
    assert sorted(KINDS) == sorted(kinds)


@pytest.mark.parametrize("message", _letters(LONG, MANY), ids=lambda message: str(message.kind))
def test_letters_keep_slacks_limits(message: Message) -> None:
    """However long names and lists are, each message is one that Slack takes."""
    drawn = letters.draw(message)
    assert problems_of_message(drawn.text, list(drawn.blocks)) == []


@pytest.mark.parametrize("message", _letters("<!channel> <@U1>", ("<!here>",)), ids=lambda message: str(message.kind))
def test_letters_call_nobody(message: Message) -> None:
    """Names of contests and files cannot call a channel."""
    drawn = letters.draw(message)
    markup = [text for text in (drawn.text, _markup(drawn.blocks)) if "<!channel>" in text or "<!here>" in text]
    assert markup == []


_KNOWN_BY = "#jam-ada-Tide"


@pytest.mark.parametrize("message", _letters("words", ("one",)), ids=lambda message: str(message.kind))
def test_nobody_reads_what_a_composition_is_known_by(message: Message) -> None:
    """``#contest-user-title`` is for files: people read its title, and whose it is."""
    drawn = letters.draw(_known(message))
    assert _KNOWN_BY not in drawn.text + words(list(drawn.blocks))


def _known(told: Any) -> Any:
    """The letter, with a title and such a name wherever it is about a composition."""
    if isinstance(told, tuple):
        return tuple(_known(each) for each in told)
    if not isinstance(told, Part):
        return told
    inner = {field: _known(value) for field, value in told}
    is_piece = {"name", "title"} <= set(inner)
    return told.model_copy(update=inner | ({"name": _KNOWN_BY, "title": "Tide"} if is_piece else {}))


def _markup(part: object) -> str:
    """The mrkdwn texts only: plain text calls nobody."""
    if isinstance(part, dict):
        own = [part["text"]] if part.get("type") == "mrkdwn" else []
        return "\n".join([*own, *(_markup(value) for value in part.values())])
    return "\n".join(_markup(one) for one in part) if isinstance(part, (list, tuple)) else ""


@pytest.mark.parametrize(
    ("phase", "account", "said"), [("open", "free", True), ("finished", "free", False), ("finished", "held", True)]
)
def test_a_finished_contests_checklist_asks_for_no_account(phase: str, account: str, *, said: bool) -> None:
    """There is no button for it any more."""
    checklist = Checklist(
        contest_name="Jam", channel_id="C0COMPOSERS", phase=phase, intake="both", deadline=AT,
        time_zone="Europe/Berlin", limit=3, account=account, piece="Rain", piece_state="accepted", heard=True,
    )  # fmt: skip
    assert said is ("account" in letters.draw(checklist).text)


def test_card_says_what_was_heard() -> None:
    """The card's comment has title, bars, key, meter and length, and says where there is no sound."""
    card = Card(
        title="Morning Tide", name="#jam-ada-MorningTide", author="U0ADA", bars=8, key="G major", meter="3/4", seconds=17.2, alt_text="A picture",
        has_sound=False, warnings=("Two notes were cut.",),
    )  # fmt: skip
    assert letters.share_comment(card) == (
        "🎼 *Morning Tide* by <@U0ADA>\n8 bars  ·  G major  ·  3/4  ·  0:17\n"
        "🔇 I cannot play sounds on this machine, so there is only the picture.\nNote: Two notes were cut."
    )


def test_invitation_has_a_rate_button() -> None:
    """The next piece comes with its alias and a button that carries the submission's id; no number that others would make untrue."""
    drawn = letters.draw(judges_letters("quiet heron")[0])
    button = drawn.blocks[1]["elements"][0]
    assert ("s1:preliminary", "Rate quiet heron") == (button["value"], button["text"]["text"])
    assert "🎧 *quiet heron* in *quiet heron*. Listen to it above, then rate it." == drawn.text


def test_refusal_speaks_to_the_author() -> None:
    """A refusal mentions the person and gives the sentence as it is."""
    note = RefusalNote(user_id="U0ADA", filename="x.mid", sentence="It has no notes. Export it once more.")
    assert letters.draw(note).text == "✋ <@U0ADA>, I could not take *x.mid*. It has no notes. Export it once more."


def test_verdict_gives_reasons_for_and_against() -> None:
    """The verdict has the score, what it means, and the strongest reason of each kind under words, not colours; a button has the rest."""
    note = VerdictNote(
        title="Tide", name="#jam-ada-Tide", score=71.26, probability=0.8, pitch_similarity=0.62, key="G major",
        reasons_up=("A clear key.", "Much else."), reasons_down=("Few voices.",), model_version="judge-1", submission_id="s1",
        standing="Closer to Bach than most.",
    )  # fmt: skip
    shown = words(list(letters.draw(note).blocks))
    assert (
        "a score of *71.3* out of 100 for sounding like Bach. It speaks his language, with an accent of its own. Closer to Bach than most."
        in shown
    )
    assert "64.0 of 80 points for sounding like Bach  ·  7.3 of 20 for pitches spread like his" in shown
    assert "%" not in shown
    assert "*What it liked most*: A clear key." in shown
    assert "Much else" not in shown
    assert "*One thing to try, to come closer*: Few voices." in shown
    assert "Why this score" in shown


def test_a_renewed_verdict_says_what_it_means_and_one_thing_to_try() -> None:
    """As the first one does."""
    renewed = VerdictRenewed(
        title="Tide", name="#jam-ada-Tide", before=40, after=5.6, submission_id="s1", model_version="judge-2",
        standing="Closer to Bach than a few.", reasons_down=("Few voices.", "Much else."),
    )  # fmt: skip
    shown = words(list(letters.draw(renewed).blocks))
    assert "people rate other things. Closer to Bach than a few." in shown
    assert "*One thing to try, to come closer*: Few voices." in shown


def test_board_has_places_and_what_they_rest_on() -> None:
    """A row has its place in words beside the medal, the score, and the number of ratings."""
    shown = words(board(_board(4, None)))
    assert "🥇 *1.*  #jam-ada-Tide1  ·  *4.33* of 5  ·  1 rating\n" in shown
    assert "▫️ *4.*  #jam-ada-Tide4  ·  *4.33* of 5  ·  4 ratings" in shown
    assert "It opens when the contest is finished." in shown


def test_shared_places_share_the_medal() -> None:
    """Two second places both read 2 and have the silver medal; the next one is fourth."""
    places = [BoardRow(place=place, name=f"n{number}", score=4, ratings=1) for number, place in enumerate((1, 2, 2, 4))]
    shown = words(board(_board(0, None).model_copy(update={"rows": tuple(places)})))
    medals = [line.split("  ")[0] for line in shown.splitlines() if "*4.00*" in line]
    assert medals == ["🥇 *1.*", "🥈 *2.*", "🥈 *2.*", "▫️ *4.*"]


def test_final_board_has_the_ai_judges_own_beside() -> None:
    """When all is over the AI judge's board stands under its own heading, out of 100."""
    shown = words(board(_board(1, 1, final=True)))
    assert "Final leaderboard · #jam-ada-Tide" in shown
    assert "The AI judge's own board" in shown
    assert "🥇 *1.*  #jam-ada-Tide1  ·  *4.3* of 100" in shown


def test_long_boards_count_the_rest() -> None:
    """A board of 300 shows the first rows and says how many more there are."""
    assert "… and 275 more" in words(board(_board(300, None)))


def test_a_copy_alarm_says_where_to_look() -> None:
    """Which bars of which piece, how much of it, and that people decide."""
    passage = SharedPassage(work="Bach, BWV 1.6", coverage=0.87, bars_here=(1, 8), bars_there=(5, 5))
    alarm = CopyAlarm(contest_name="Bach Jam", name="#bach-jam-ada-Dawn", passages=(passage,))
    words = str(letters.draw(alarm).blocks)
    assert "Bach, BWV 1.6: 87% of the notes, bars 1-8 here, bar 5 there" in words
    assert "decide" in words
    assert "starter kit" not in words


def test_a_copy_alarm_names_the_tune_that_we_handed_out() -> None:
    """Whoever reads it knows that the likeness may come from our own starter kit."""
    passage = SharedPassage(work="#bach-jam-ada-Joy", coverage=0.6, bars_here=(1, 8), bars_there=(1, 8))
    alarm = CopyAlarm(contest_name="Bach Jam", name="#b", passages=(passage,), starters=("Ode to Joy",))
    assert "built on “Ode to Joy” from the starter kit" in str(letters.draw(alarm).blocks)

"""How the modals of ``/kantor contest new`` and ``edit`` ask for each setting of a contest, and how what was filled in is read: one record each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from bot.rules.moments import wall_clock
from bot.rules.naming import MAX_SLUG
from bot.rules.phases import Intake
from bot.rules.prizes import EXAMPLE, load, written
from bot.rules.standings import BoardMode, Scores
from bot.rules.tenets import TENETS, meanings_of
from bot.usecases.accounts.accounts import TERMS
from bot.usecases.contests.editing import EditContest
from bot.usecases.contests.settings import (
    MAX_CRITERIA,
    MAX_DAYS,
    MAX_FINALISTS,
    MAX_FURTHER,
    MAX_GRACE,
    MAX_LISTENS,
    MAX_MEANING,
    MAX_MINUTES,
    MAX_QUESTION,
    MAX_TEXT,
    MAX_TITLE,
    MAX_WINNERS,
    Part,
    WrittenCriterion,
)
from bot.usecases.contests.written import MAX_LIMIT, MAX_NAME
from handlers.ids import Block
from handlers.payloads import as_we_sent_it
from handlers.people.views import OURS
from handlers.views import blocks as b
from handlers.views import text as words
from handlers.views import zones

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.usecases.contests.settings import Fields
    from handlers.payloads import Sent, State

YES, NO = "yes", "no"
MAX_PRIZES = 3000
NO_BOARD = "none"
PRESETS = (
    b.option("Every day at 18:00", "0 18 * * *"),
    b.option("Monday to Friday at 18:00", "0 18 * * mon-fri"),
    b.option("Monday to Friday at 9:00, 13:00 and 17:00", "0 9,13,17 * * mon-fri"),
    b.option("Every hour", "0 * * * *"),
    b.option("Every 15 minutes", "*/15 * * * *"),
    b.option("Never by itself, only when somebody asks", NO_BOARD),
)
MODES = (
    b.option("Places and scores", BoardMode.FULL.value),
    b.option("Places without scores", BoardMode.RANKS.value),
    b.option("Nothing until the contest is finished", BoardMode.HIDDEN.value),
)
_SCORES = range(1, 6)
BY_SCORES = (
    b.option("Fair scores: how strict each judge is, is taken out", Scores.FAIR.value),
    b.option("The plain mean of the ratings", Scores.MEAN.value),
)


@dataclass(frozen=True)
class Input:
    """How one setting is asked for. Its block, or the first one of several, has a name: a modal that did not ask does not send it."""

    setting: str
    draw: Callable[[Fields], list[b.Block]]
    """Its blocks, from all settings as they are."""
    read: Callable[[State], Any]
    """What was written, in the form that the setting's check takes."""
    first: str = ""
    """That block's name, where it is not the setting's."""

    def asked(self, state: State) -> bool:
        """Whether the modal asked for it."""
        return (self.first or self.setting) in state.values


def _one(  # noqa: PLR0913 - what an input says
    setting: str,
    label: str,
    element: Callable[[Any], b.Block],
    read: Callable[[str], Any] = str,
    *,
    hint: str = "",
    optional: bool = False,
) -> Input:
    """One block with one element, drawn from the setting as it is."""

    def draw(now: Fields) -> list[b.Block]:
        return [b.input_block(setting, label, element(now[setting]), hint=hint, optional=optional)]

    return Input(setting, draw, lambda state: read(state.text(setting)))


def _number(setting: str, label: str, smallest: int, largest: int, hint: str = "") -> Input:
    return _one(setting, label, lambda now: b.number_input(now, smallest, largest), int, hint=hint)


def _choice(setting: str, label: str, yes: str, no: str) -> Input:
    options = [b.option(yes, YES), b.option(no, NO)]
    return _one(setting, label, lambda now: b.radio(options, options[not now]), lambda text: text == YES)


def _own_words(setting: str, label: str, ours: str, hint: str) -> Input:
    """Our own words stand there, which are easier to change than an empty box: where nobody touched them, they are nobody's choice."""
    return _one(
        setting,
        label,
        lambda now: b.text_input(initial=now or ours, multiline=True, max_length=MAX_TEXT),
        lambda text: "" if text == ours.strip() else text,
        hint=f"{hint} Empty it to have my own words back.",
        optional=True,
    )


def _moment(state: State) -> datetime:
    """Day and hour as clocks show them."""
    day, hour = state.text(Block.DEADLINE_DATE), state.text(Block.DEADLINE_TIME)
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(hour))


def _deadline(now: Fields) -> list[b.Block]:
    wall = wall_clock(datetime.fromisoformat(now["deadline"]), now["time_zone"])
    hour, hint = b.time_picker(f"{wall:%H:%M}"), "By the clock of that time zone."
    return [
        b.input_block(Block.DEADLINE_DATE, "Last day for compositions", b.date_picker(wall.date())),
        b.input_block(Block.DEADLINE_TIME, "Until", hour, hint=hint),
    ]


def _cron(state: State) -> str:
    """A schedule of one's own wins over the menu's."""
    preset = state.text(Block.BOARD_PRESET)
    return state.text(Block.BOARD_CRON) or ("" if preset == NO_BOARD else preset)


def _schedule(now: Fields) -> list[b.Block]:
    cron = now["board_cron"]
    preset = next((each for each in PRESETS if each["value"] == (cron or NO_BOARD)), None)
    own = b.text_input(initial="" if preset else cron, placeholder="30 8 * * mon,thu", max_length=100)
    shown = "While the judging runs, in the contest's time zone."
    hint = (
        "Five parts as in cron: minute, hour, day, month, day of the week."
        " “30 8 * * mon,thu” is Mondays and Thursdays at 8:30. Empty it to use the menu above."
    )
    return [
        b.input_block(Block.BOARD_PRESET, "Post the leaderboard", b.select(PRESETS, preset), hint=shown, optional=True),
        b.input_block(Block.BOARD_CRON, "Or on a schedule of your own", own, hint=hint, optional=True),
    ]


def _rounds(rounds: int) -> b.Block:
    options = [b.option("One round", "1"), b.option("Two: a preliminary round and a final", "2")]
    return b.select(options, options[rounds - 1])


def _intake(door: Intake) -> b.Block:
    options = {each: b.option(f"{text[0].upper()}{text[1:]}", each.value) for each, text in words.DOORS.items()}
    return b.select(list(options.values()), options[door])


def _prizes(now: Fields) -> list[b.Block]:
    initial, winners = written(load(now["prizes"])), now["winners"]
    text = b.text_input(initial=initial, placeholder=EXAMPLE, multiline=True, max_length=MAX_PRIZES)
    hint = "A line each: “1: a synthesizer”, “2-3: headphones”, “AI 1: a score of Bach's”, “Golden ear: 2 x tickets (from the opera)”, “everybody: stickers”. I tell them at the opening."
    hint += f" The first {winners} win." if winners > 1 else " The first wins."
    return [b.input_block(Block.PRIZES, "Prizes", text, hint=hint, optional=True)]


def _criteria(now: Fields) -> list[b.Block]:
    known = now["criteria"]
    slots = [*known, *([{}] if len(known) < MAX_CRITERIA else [])]
    return [each for place, criterion in enumerate(slots) for each in _criterion(place, criterion)]


def _criterion(place: int, criterion: Fields) -> list[b.Block]:
    title = b.text_input(initial=criterion.get("title", ""), placeholder="Harmony", max_length=MAX_TITLE)
    question = b.text_input(
        initial=criterion.get("question", ""),
        placeholder="Do the chords carry the melody?",
        max_length=MAX_QUESTION,
        multiline=True,
    )
    weight = b.text_input(initial=f"{criterion.get('weight', 1):g}", max_length=6)
    label = f"Criterion {place + 1}" if criterion else "One more criterion"
    remove = "Empty it to remove the criterion." if criterion else "Leave it empty for no more."
    return [
        b.input_block(f"title_{place}", label, title, hint=remove, optional=True),
        b.input_block(f"question_{place}", "What it asks", question, optional=True),
        b.input_block(f"weight_{place}", "How much it counts", weight, optional=True),
    ]


def _criteria_read(state: State) -> list[WrittenCriterion]:
    places = range(sum(block.startswith("title_") for block in state.values))
    fields = WrittenCriterion._fields
    return [WrittenCriterion(*(state.text(f"{field}_{place}") for field in fields)) for place in places]


def _scores(now: Fields) -> list[b.Block]:
    called, means = now["titles"], meanings_of({"meanings": now["meanings"]})
    return [
        block
        for score in reversed(_SCORES)
        for block in (
            b.input_block(
                f"score_{score}",
                f"{score} is called",
                b.text_input(initial=called[score - 1], max_length=MAX_TITLE),
            ),
            b.input_block(
                f"meaning_{score}",
                f"{score} means",
                b.text_input(initial=means[score - 1], max_length=MAX_MEANING),
                optional=True,
            ),
        )
    ]


_ALL = (
    _one("name", "Name", lambda now: b.text_input(initial=now, placeholder="Winter Chorales", max_length=MAX_NAME)),
    _one(
        "slug",
        "Short name",
        lambda now: b.text_input(initial=now, placeholder="winter-chorales", max_length=MAX_SLUG),
        hint="Begins what each composition is called in the exported files, as in #winter-chorales-ada-MorningTide."
        " Small letters, digits and hyphens. Left empty, I make it from the name.",
        optional=True,
    ),
    _one(
        "channel_id",
        "Channel",
        b.channel_select,
        hint="Where people upload and the board appears. I must be a member: type /invite @kantor there.",
    ),
    _one(
        "time_zone",
        "Time zone",
        lambda now: b.select(*zones.options(now)),
        hint="Of the deadline and the board.",
    ),
    Input("deadline", _deadline, _moment, Block.DEADLINE_DATE),
    _number("submission_limit", "Compositions per person", 1, MAX_LIMIT),
    _one(
        "intake",
        "Where I take them",
        lambda now: _intake(Intake(now)),
        Intake,
        hint="An upload in the channel shows its author to judges who read there.",
    ),
    _one(
        "grace_seconds",
        "Minutes of grace",
        lambda now: b.number_input(now // 60, 0, MAX_GRACE),
        int,
        hint="So long after the deadline a file still counts. I tell nobody.",
    ),
    _one("rounds", "Rounds of judging", _rounds, int, hint="From about 30 compositions on two are kinder to judges."),
    _number(
        "finalists",
        "Compositions in the final",
        1,
        MAX_FINALISTS,
        "With two rounds only. All that tie for the last of these places go on, too.",
    ),
    _number("winners", "Winners", 1, MAX_WINNERS),
    _choice("blind", "What judges see of the authors", "Made-up names", "Who wrote it"),
    _one(
        "listens",
        "Judges for each composition",
        lambda now: b.text_input(initial=now, placeholder="3", max_length=len(str(MAX_LISTENS))),
        hint="In the first round. Left empty, all judges hear all: the fairest there is, where they have the time.",
        optional=True,
    ),
    _one(
        "further",
        "Further listens where it is close",
        lambda now: b.text_input(initial=now, placeholder="60", max_length=len(str(MAX_FURTHER))),
        hint="With that number: so many go besides to pieces of which it is unsure whether they go on. `/kantor panel` says what that buys.",
        optional=True,
    ),
    _one(
        "minutes",
        "Minutes that a judge has",
        lambda now: b.text_input(initial=now, placeholder="90", max_length=len(str(MAX_MINUTES))),
        hint="With that number: nobody is given more. Left empty, there is no limit. `/kantor panel` says what it takes.",
        optional=True,
    ),
    _one(
        "scores",
        "What places go by",
        lambda now: b.radio(BY_SCORES, next(each for each in BY_SCORES if each["value"] == now)),
        Scores,
        hint="The plain mean always stands beside a fair score. Where all judges hear all, both have the same order until a final begins:"
        " there fair scores count both rounds, plain means the final alone.",
    ),
    _choice("practice", "What judges begin with", "Two practice pieces", "The first composition"),
    _one(
        "board_mode",
        "Before the end it shows",
        lambda now: b.radio(MODES, next(each for each in MODES if each["value"] == now)),
        BoardMode,
    ),
    Input("board_cron", _schedule, _cron, Block.BOARD_PRESET),
    Input("criteria", _criteria, _criteria_read, "title_0"),
    _choice("halves", "What judges can give", "Halves, too: 1, 1.5, 2 ... 5", "Whole scores: 1, 2, 3, 4, 5"),
    Input("titles", _scores, lambda state: [state.text(f"score_{score}") for score in _SCORES], "score_1"),
    # Each stands below its title.
    Input("meanings", lambda _: [], lambda state: [state.text(f"meaning_{score}") for score in _SCORES], "meaning_1"),
    Input("prizes", _prizes, lambda state: state.text(Block.PRIZES)),
    _own_words(
        "rules", "Rules", words.bullets(OURS), "What people read who ask for the rules; *bold* and _italic_ work."
    ),
    _own_words("tenets", "A word to the judges", "\n".join(TENETS), "What they go by, a line each."),
    _own_words("terms", "Terms of the accounts", TERMS, "What people accept before they see a password."),
    _one(
        "retention_days",
        "Days to keep things",
        lambda now: b.text_input(initial=str(now or ""), placeholder="90", max_length=len(str(MAX_DAYS))),
        hint="So long after the end I delete files, names and comments. Left empty, I keep them.",
        optional=True,
    ),
)
INPUTS = {each.setting: each for each in _ALL}
ASKED_OF_NEW = (
    *("name", "slug", "channel_id", "time_zone", "deadline"),
    *("submission_limit", "intake", "rounds", "board_cron", "prizes"),
)
"""Of a new contest: what is not nearly always the same."""


@as_we_sent_it()
def new(state: State) -> dict[str, Any]:
    """What was written about a new contest."""
    written = read(state)
    return {name: written[name] for name in ASKED_OF_NEW}


@as_we_sent_it()
def edit(sent: Sent) -> EditContest:
    """The filled-in modal of one part."""
    seen = dict(each.split("=", 1) for each in sent.facts["seen"].split())
    return EditContest(sent.user_id, sent.contest_id, Part(sent.facts["part"]), read(sent.state), seen)


@as_we_sent_it()
def read(state: State) -> dict[str, Any]:
    """What was written, by setting: of those that the modal asked for."""
    return {name: each.read(state) for name, each in INPUTS.items() if each.asked(state)}

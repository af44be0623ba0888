"""The modals of ``/kantor contest edit``: what there is to change, a part of it, and what that would bring."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from bot.rules.criteria import Scheme
from bot.rules.moments import spoken, wall_clock
from bot.rules.naming import MAX_SLUG
from bot.rules.phases import Intake
from bot.rules.prizes import load, told, written
from bot.rules.schedule import spoken_schedule
from bot.rules.standings import BoardMode
from bot.rules.tenets import TENETS, meanings_of
from bot.usecases.accounts.accounts import TERMS
from bot.usecases.contests.editable import Fields, Part
from bot.usecases.contests.editchecks import (
    MAX_CRITERIA,
    MAX_DAYS,
    MAX_FINALISTS,
    MAX_GRACE,
    MAX_MEANING,
    MAX_QUESTION,
    MAX_TEXT,
    MAX_TITLE,
    MAX_WINNERS,
)
from bot.usecases.contests.newcontest import MAX_LIMIT, MAX_NAME
from bot.usecases.contests.settings import BY_NAME, SETTINGS
from handlers.commands import Sub
from handlers.contests.views import NO_BOARD, PRESETS, intake_select, prizes_input, rounds_select
from handlers.ids import Action, Block, Callback
from handlers.people.rulebook_views import OURS
from handlers.views import blocks as b
from handlers.views import words, zones
from handlers.views.text import channel, count, name, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.usecases.contests.editing import Edited, EditForm, EditMenu, EditPreview

TITLE = Sub.CONTEST_EDIT.row.window
PREVIEW_TITLE = "What this changes"

TITLES = {
    Part.BASICS: "Name and deadline",
    Part.TAKING_PART: "Taking part",
    Part.JUDGING: "Judging",
    Part.BOARD: "Leaderboard",
    Part.CRITERIA: "Criteria",
    Part.TITLES: "What 1 to 5 mean",
    Part.PRIZES: "Prizes",
    Part.TEXTS: "Your own words",
}
YES, NO = "yes", "no"
OUR_WORDS = {"rules": words.bullets(OURS), "tenets": "\n".join(TENETS), "terms": TERMS}
"""What stands in a text that nobody has written anew: easier to change than an empty box."""
_MODES = (
    b.option("Places and scores", BoardMode.FULL.value),
    b.option("Places without scores", BoardMode.RANKS.value),
    b.option("Nothing until the contest is finished", BoardMode.HIDDEN.value),
)


def menu(seen: EditMenu) -> b.View:
    """All that can be changed, with how it stands."""
    parts = [_entry(seen, part) for part in Part]
    lead = b.context("Whatever you change, I show you what it brings before anything happens.")
    return b.modal(TITLE, [lead, *parts])


def _entry(seen: EditMenu, part: Part) -> b.Block:
    text = f"*{TITLES[part]}*\n{_SUMMARIES[part](seen.fields)}"
    if part is Part.CRITERIA and seen.ratings:
        return b.section(f"{text}\n_They stay: {count(seen.ratings, 'rating')} rest on them._")
    if not any(seen.phase in each.phases for each in SETTINGS if each.part is part):
        return b.section(f"{text}\n_This cannot be changed any more._")
    change = b.button("Change", Action.EDIT_PART, f"{part}:{seen.contest_id}")
    change["accessibility_label"] = f"Change: {TITLES[part]}"
    return b.section(text, change)


def _basics_now(fields: Fields) -> str:
    deadline = spoken(datetime.fromisoformat(fields["deadline"]), fields["time_zone"])
    return f"{name(fields['name'])} in {channel(fields['channel_id'])}, compositions until {deadline}"


def _taking_part_now(fields: Fields) -> str:
    minutes = fields["grace_seconds"] // 60
    grace = f", {count(minutes, 'minute')} of grace" if minutes else ""
    return (
        f"Up to {count(fields['submission_limit'], 'composition')} each, {words.DOORS[Intake(fields['intake'])]}{grace}"
    )


def _judging_now(fields: Fields) -> str:
    rounds = f"Two rounds, the best {fields['finalists']} in the final" if fields["rounds"] > 1 else "One round"
    blind = "judges see no names" if fields["blind"] else "judges see names"
    practice = ", a practice piece first" if fields["practice"] else ""
    return f"{rounds}, {count(fields['winners'], 'winner')}, {blind}{practice}"


def _board_now(fields: Fields) -> str:
    shown = next(each["text"]["text"] for each in _MODES if each["value"] == fields["board_mode"])
    cron = fields["board_cron"]
    return f"{shown}, posted {sentence(spoken_schedule(cron))}" if cron else f"{shown}, only when somebody asks"


def _criteria_now(fields: Fields) -> str:
    return ", ".join(name(each) for each in Scheme.load(fields).told)


def _titles_now(fields: Fields) -> str:
    return "  ·  ".join(f"{score} {name(title)}" for score, title in enumerate(fields["titles"], start=1))


def _prizes_now(fields: Fields) -> str:
    lines = [name(each, 200) for each in told(load(fields["prizes"]))]
    return "\n".join(words.at_most(lines, 5)) or "None so far."


def _texts_now(fields: Fields) -> str:
    own = [
        word
        for key, word in (("rules", "rules"), ("tenets", "word to the judges"), ("terms", "account terms"))
        if fields[key]
    ]
    days = fields["retention_days"]
    kept = f"things are deleted {count(days, 'day')} after the end" if days else "everything is kept"
    return f"{'Yours: ' + ', '.join(own) if own else 'The words that I came with'}; {kept}"


_SUMMARIES: Mapping[Part, Callable[[Fields], str]] = {
    Part.BASICS: _basics_now,
    Part.TAKING_PART: _taking_part_now,
    Part.JUDGING: _judging_now,
    Part.BOARD: _board_now,
    Part.CRITERIA: _criteria_now,
    Part.TITLES: _titles_now,
    Part.PRIZES: _prizes_now,
    Part.TEXTS: _texts_now,
}


def form(seen: EditForm) -> b.View:
    """One part, to be changed: only what can still be changed in this phase."""
    facts = {"contest_id": seen.contest_id, "part": seen.part.value, "seen": _joined(seen.seen)}
    inputs = [each for field, each in _INPUTS[seen.part](seen) if seen.phase in BY_NAME[field].phases]
    return b.form(TITLES[seen.part], inputs, b.Submit("Show what it changes", Callback.EDIT_CONTEST, facts))


def _joined(seen: Mapping[str, str]) -> str:
    return " ".join(f"{field}={mark}" for field, mark in seen.items())


def _basics(seen: EditForm) -> list[tuple[str, b.Block]]:
    fields = seen.fields
    wall = wall_clock(datetime.fromisoformat(fields["deadline"]), fields["time_zone"])
    options, own = zones.options(fields["time_zone"])
    slug = b.text_input(initial=fields["slug"], max_length=MAX_SLUG)
    return [
        ("name", b.input_block(Block.NAME, "Name", b.text_input(initial=fields["name"], max_length=MAX_NAME))),
        ("slug", b.input_block(Block.SLUG, "Short name", slug, hint="Begins the name of each composition.")),
        ("channel_id", b.input_block(Block.CHANNEL, "Channel", b.channel_select(fields["channel_id"]))),
        ("time_zone", b.input_block(Block.TIME_ZONE, "Time zone", b.select(options, own))),
        ("deadline", b.input_block(Block.DEADLINE_DATE, "Last day for compositions", b.date_picker(wall.date()))),
        (
            "deadline",
            b.input_block(
                Block.DEADLINE_TIME, "Until", b.time_picker(f"{wall:%H:%M}"), hint="By the clock of that time zone."
            ),
        ),
    ]


def _taking_part(seen: EditForm) -> list[tuple[str, b.Block]]:
    fields = seen.fields
    limit = b.number_input(fields["submission_limit"], 1, MAX_LIMIT)
    grace = b.number_input(fields["grace_seconds"] // 60, 0, MAX_GRACE)
    return [
        ("submission_limit", b.input_block(Block.LIMIT, "Compositions per person", limit)),
        ("intake", b.input_block(Block.INTAKE, "Where I take them", intake_select(Intake(fields["intake"])))),
        (
            "grace_seconds",
            b.input_block(
                Block.GRACE,
                "Minutes of grace",
                grace,
                hint="So long after the deadline a file still counts. I tell nobody.",
            ),
        ),
    ]


def _judging(seen: EditForm) -> list[tuple[str, b.Block]]:
    fields = seen.fields
    finalists = b.number_input(fields["finalists"], 1, MAX_FINALISTS)
    winners = b.number_input(fields["winners"], 1, MAX_WINNERS)
    blind = _choice("Made-up names", "Who wrote it", first=fields["blind"])
    practice = _choice("A practice piece", "The first composition", first=fields["practice"])
    hint = "With two rounds only. All that tie for the last of these places go on, too."
    return [
        ("rounds", b.input_block(Block.ROUNDS, "Rounds", rounds_select(fields["rounds"]))),
        ("finalists", b.input_block(Block.FINALISTS, "Compositions in the final", finalists, hint=hint)),
        ("winners", b.input_block(Block.WINNERS, "Winners", winners)),
        ("blind", b.input_block(Block.BLIND, "What judges see of the authors", blind)),
        ("practice", b.input_block(Block.PRACTICE, "What judges begin with", practice)),
    ]


def _choice(yes: str, no: str, *, first: bool) -> b.Block:
    options = [b.option(yes, YES), b.option(no, NO)]
    return b.radio(options, options[0] if first else options[1])


def _board(seen: EditForm) -> list[tuple[str, b.Block]]:
    mode, cron = seen.fields["board_mode"], seen.fields["board_cron"]
    shown = next(each for each in _MODES if each["value"] == mode)
    preset = next((each for each in PRESETS if each["value"] == (cron or NO_BOARD)), None)
    own = b.text_input(initial="" if preset else cron, placeholder="30 8 * * mon,thu", max_length=100)
    return [
        ("board_mode", b.input_block(Block.BOARD_MODE, "Before the end it shows", b.radio(_MODES, shown))),
        ("board_cron", b.input_block(Block.BOARD_PRESET, "Post it", b.select(PRESETS, preset), optional=True)),
        (
            "board_cron",
            b.input_block(
                Block.BOARD_CRON,
                "Or on a schedule of your own",
                own,
                hint="Five parts as in cron: minute, hour, day, month, day of the week. Empty it to use the menu above.",
                optional=True,
            ),
        ),
    ]


def _criteria(seen: EditForm) -> list[tuple[str, b.Block]]:
    known = seen.fields["criteria"]
    slots = [*known, *([{}] if len(known) < MAX_CRITERIA else [])]
    return [each for place, criterion in enumerate(slots) for each in _criterion(place, criterion)]


def _criterion(place: int, criterion: Fields) -> list[tuple[str, b.Block]]:
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
        ("criteria", b.input_block(f"title_{place}", label, title, hint=remove, optional=True)),
        ("criteria", b.input_block(f"question_{place}", "What it asks", question, optional=True)),
        ("criteria", b.input_block(f"weight_{place}", "How much it counts", weight, optional=True)),
    ]


def _titles(seen: EditForm) -> list[tuple[str, b.Block]]:
    meanings = meanings_of({"meanings": seen.fields["meanings"]})
    both = zip(seen.fields["titles"], meanings, strict=True)
    return [
        each
        for score, (title, meaning) in reversed(list(enumerate(both, start=1)))
        for each in _score(score, title, meaning)
    ]


def _score(score: int, title: str, meaning: str) -> list[tuple[str, b.Block]]:
    called = b.text_input(initial=title, max_length=MAX_TITLE)
    means = b.text_input(initial=meaning, max_length=MAX_MEANING)
    return [
        ("titles", b.input_block(f"score_{score}", f"{score} is called", called)),
        ("titles", b.input_block(f"meaning_{score}", f"{score} means", means, optional=True)),
    ]


def _texts(seen: EditForm) -> list[tuple[str, b.Block]]:
    fields, days = seen.fields, seen.fields["retention_days"]
    asked = (
        ("rules", Block.RULES, "Rules", "What people read who ask for the rules; *bold* and _italic_ work."),
        ("tenets", Block.TENETS, "A word to the judges", "What they go by, a line each."),
        ("terms", Block.ACCOUNT_TERMS, "Terms of the accounts", "What people accept before they see a password."),
    )
    texts = [
        (
            field,
            b.input_block(
                block,
                label,
                b.text_input(initial=fields[field] or OUR_WORDS[field], multiline=True, max_length=MAX_TEXT),
                hint=f"{hint} Empty it to have my own words back.",
                optional=True,
            ),
        )
        for field, block, label, hint in asked
    ]
    kept = b.text_input(initial=str(days or ""), placeholder="90", max_length=len(str(MAX_DAYS)))
    hint = "So long after the end I delete files, names and comments. Left empty, I keep them."
    return [
        *texts,
        ("retention_days", b.input_block(Block.RETENTION, "Days to keep things", kept, hint=hint, optional=True)),
    ]


def _prizes(seen: EditForm) -> list[tuple[str, b.Block]]:
    return [("prizes", prizes_input(written(load(seen.fields["prizes"]))))]


_INPUTS: Mapping[Part, Callable[[EditForm], list[tuple[str, b.Block]]]] = {
    Part.BASICS: _basics,
    Part.TAKING_PART: _taking_part,
    Part.JUDGING: _judging,
    Part.BOARD: _board,
    Part.CRITERIA: _criteria,
    Part.TITLES: _titles,
    Part.PRIZES: _prizes,
    Part.TEXTS: _texts,
}


def preview(shown: EditPreview) -> b.View:
    """What the change would bring, with a button that confirms it."""
    effects = words.bullets(words.fitting([sentence(each) for each in shown.effects]))
    warnings = words.bullets(words.fitting([sentence(each) for each in shown.warnings]))
    blocks = [
        b.section(f"*{name(shown.name)}*\n{effects}"),
        *([b.section(f"⚠️ *Before you go on*\n{warnings}")] if warnings else []),
        b.context("Nothing has changed yet. To correct something, go back."),
    ]
    submit = b.Submit("Change it", Callback.APPLY_EDIT, {"edit_id": shown.edit_id})
    return b.form(PREVIEW_TITLE, blocks, submit) | {"close": b.plain("Back", b.TITLE_TEXT)}


def edited(contest: Edited) -> b.View:
    """The confirmation; closing it closes the modals below it, which show what was."""
    told = f" I am telling {channel(contest.channel_id)}." if contest.told else ""
    text = f"✅ *{name(contest.name)}* is changed.{told}"
    return b.modal("Done", [b.section(text)], close="OK") | {"clear_on_close": True}

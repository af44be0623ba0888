"""The modals of ``/kantor contest new``, and of ``edit``: what there is to change, a part of it, and what that would bring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.rules.criteria import Scheme
from bot.rules.moments import spoken, zone
from bot.rules.phases import Intake
from bot.rules.prizes import load, told
from bot.rules.schedule import spoken_schedule
from bot.rules.standings import Scores
from bot.usecases.contests.newcontest import USUAL
from bot.usecases.contests.settings import SETTINGS, Fields, Part
from handlers.commands import Sub
from handlers.contests.inputs import ASKED_OF_NEW, INPUTS, MODES
from handlers.ids import Action, Callback
from handlers.views import blocks as b
from handlers.views import text as words
from handlers.views.text import channel, count, name, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from bot.usecases.contests.editing import Edited, EditForm, EditMenu, EditPreview

NEW_TITLE = Sub.CONTEST_NEW.row.window
TITLE = Sub.CONTEST_EDIT.row.window
PREVIEW_TITLE = "What this changes"
_WEEK, _EVENING = timedelta(days=7), time(18)

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


@dataclass(frozen=True)
class Prefill:
    """What the organizer does not have to fill in."""

    time_zone: str
    channel_id: str | None
    today: date
    """In that zone."""


def new_contest(prefill: Prefill) -> b.View:
    """The modal of a new contest."""
    last_day = datetime.combine(prefill.today + _WEEK, _EVENING, zone(prefill.time_zone) or UTC)
    own = {"name": "", "slug": "", "channel_id": prefill.channel_id, "time_zone": prefill.time_zone}
    usual = {"deadline": last_day.isoformat(), "submission_limit": 3, "board_cron": "0 18 * * *", "prizes": []}
    inputs = [block for each in ASKED_OF_NEW for block in INPUTS[each].draw(vars(USUAL) | own | usual)]
    return b.form(NEW_TITLE, inputs, b.Submit("Create draft", Callback.NEW_CONTEST))


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
    scores = "fair scores" if fields["scores"] == Scores.FAIR else "plain means"
    return f"{rounds}, {count(fields['winners'], 'winner')}, {scores}, {blind}{practice}"


def _board_now(fields: Fields) -> str:
    shown = next(each["text"]["text"] for each in MODES if each["value"] == fields["board_mode"])
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
    asked = [INPUTS[each.name] for each in SETTINGS if each.part is seen.part and seen.phase in each.phases]
    inputs = [block for each in asked for block in each.draw(seen.fields)]
    return b.form(TITLES[seen.part], inputs, b.Submit("Show what it changes", Callback.EDIT_CONTEST, facts))


def _joined(seen: Mapping[str, str]) -> str:
    return " ".join(f"{field}={mark}" for field, mark in seen.items())


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

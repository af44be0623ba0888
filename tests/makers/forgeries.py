"""For each name that Slack brings back to us: what it carries when all is as it should be, and whose it is."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.rules.criteria import DEFAULT
from bot.rules.phases import Phase
from bot.rules.secret import Secret
from bot.rules.standings import BoardMode
from bot.usecases.accounts.accounts import ClaimAccount
from bot.usecases.accounts.pools import PoolRow
from bot.usecases.contests.editing import EditContest
from bot.usecases.contests.settings import Part
from bot.usecases.judging.ratings import RateSubmission, RatingValues
from bot.usecases.people.broadcasts import Audience
from bot.usecases.people.recruiting import Ask
from handlers.ids import Action, Callback, Search, Shortcut, Turn
from handlers.people.views import looked_at
from models.awards import Ceremony
from models.jobs import JobState
from tests.makers.boards import change
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, EVE, GUS, JACK, JUDY, LOUNGE, OLIVE, World

if TYPE_CHECKING:
    from collections.abc import Mapping

Name: TypeAlias = Action | Turn | Search | Callback | Shortcut

OLD, IDLE, HIDDEN, OTHER, FREE = "C0OLD", "C0IDLE", "C0HIDDEN", "C0OTHER", "C0FREE"
STAGE, READY, SECRET = "C0STAGE", "C0READY", "C0SECRET"
"""Channels of a contest that is over, of one without compositions, of a draft, of another organizer's contest, and of none; of one whose
ceremony is on, and of one whose results can be confirmed; and a private one of Olive's."""
DORA, FRED, MONA, PAUL, XENO = "U0DORA", "U0FRED", "U0MONA", "U0PAUL", "U0XENO"
"""A participant with nothing of her own; the organizer and a judge of the other contest; one who gave an account back; one of a foreign workspace."""

SECRETS = (
    "Zestful words",
    "between you and me",
    "Secret-",
    "lab.example",
    "It is stolen",
    "a reason of mine",
    "Hush Hush",
)
"""What these people are told by nobody: comments, notes, passwords, addresses of accounts, reasons of judges, the name of a draft."""


def furnished(world: World) -> dict[str, str]:
    """Contests in every phase with everything in them that somebody could be after; the ids."""
    for user_id, name in ((DORA, "Dora"), (FRED, "Fred"), (MONA, "Mona"), (PAUL, "Paul")):
        world.directory.add(user_id, name, CHANNEL, LOUNGE, OLD, OTHER)
    world.directory.names |= {OLD: "old", IDLE: "idle", FREE: "free", HIDDEN: "hidden", OTHER: "other"}
    world.directory.names |= {STAGE: "stage", READY: "ready", SECRET: "secret"}
    world.directory.members[SECRET], world.directory.private = {OLIVE}, {SECRET}
    for place in (OLD, IDLE, HIDDEN, OTHER, FREE, STAGE, READY):
        for user_id in (OLIVE, ADA, BEN, CLEO, JUDY, JACK):
            world.directory.members.setdefault(place, set()).add(user_id)
    for place in (CHANNEL, LOUNGE, OLD, OTHER):
        world.directory.members[place] |= {GUS, XENO}
    world.directory.add(XENO, "Xeno", is_stranger=True)
    world.directory.add(EVE, "Eve")
    ids = {"nobody": "f" * 32}
    ids |= _judged(world) | _open(world) | _over(world) | _elsewhere(world) | _staged(world) | _ready(world)
    ids["idle"] = world.contest(Phase.JUDGING, name="Idle Jam", slug="idle-jam", channel_id=IDLE)
    ids["draft"] = world.contest(Phase.DRAFT, name="Hush Hush", slug="hush", channel_id=HIDDEN)
    return ids


def _judged(world: World) -> dict[str, str]:
    """In CHANNEL; Judy has rated, skipped and flagged, Paul has judged and was let go."""
    contest = world.contest(rounds=2)
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY, JACK, PAUL])
    pieces = [world.accepted(who, f"F{who}{number}", f"J{number}.mid") for number in range(2) for who in (ADA, BEN)]
    broken = world.upload(ADA, "FBROKEN")
    world.pool(1)
    world.accounts.claim(ClaimAccount(BEN, contest, "V1", accepted_terms=True))
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    values = RatingValues(dict.fromkeys(DEFAULT.keys, 4), "Zestful words", "between you and me")
    world.ratings.rate(RateSubmission(JUDY, pieces[0], values))
    world.ratings.rate(RateSubmission(PAUL, pieces[1], values))
    world.voiding.void(OLIVE, contest, PAUL, "a reason of mine")
    world.marks.flag(JUDY, pieces[1], "copy", "It is stolen")
    world.marks.skip(JUDY, pieces[2])
    world.conflicts.declare(JUDY, contest, JUDY, [CLEO], "mentor")
    (flag,) = world.marks.flags(OLIVE, CHANNEL).flags
    late = world.upload(CLEO, "FLATE", at=world.later(hours=3))
    change(world, contest, board_mode=BoardMode.HIDDEN)
    assert broken is not None
    assert late is not None
    with world.store.write() as work:
        job = work.jobs.by_key(f"check:{broken.id}")
        assert job is not None
        job.state, job.taken_at, job.attempts = JobState.FAILED, world.clock.now(), 6
    return {
        "judged": contest, "rated": pieces[0], "flagged": pieces[1], "skipped": pieces[2], "unrated": pieces[3],
        "flag": flag.mark_id, "late": late.id, "job": job.id,

    }  # fmt: skip


def _open(world: World) -> dict[str, str]:
    """In LOUNGE; Ada has a composition in two versions, and an account; Ben asks for his password; Cleo may look once more.

    Ben is asked to judge it; Jack has declined.
    """
    contest = world.contest(name="Open Jam", slug="open-jam", channel_id=LOUNGE)
    world.pool(4, "open-jam")
    for who in (ADA, BEN, CLEO, PAUL):
        world.accounts.claim(ClaimAccount(who, contest, f"V{who}", accepted_terms=True))
    asked = world.reissues.ask(BEN, contest)
    allowed = world.reissues.ask(CLEO, contest)
    world.reissues.decide(OLIVE, allowed.request_id, approve=True)
    held = world.accounts.returning_of(PAUL, contest)
    world.accounts.give_back(PAUL, contest, held.row_id)
    own = world.accounts.returning_of(ADA, contest)
    form = world.editing.form(OLIVE, contest, Part.TAKING_PART)
    fields = {"submission_limit": 7, "intake": "both", "grace_seconds": 0}
    edit = world.editing.prepare(EditContest(OLIVE, contest, Part.TAKING_PART, fields, form.seen))
    pieces = []
    for number in range(2):
        world.inspector.score(f"bytes of FO{number}".encode(), 70)
        piece = world.upload(ADA, f"FO{number}", "Tide.mid", channel_id=LOUNGE)
        assert piece is not None
        world.verdicts.check(piece.id)
        pieces.append(piece.id)
    world.recruiting.ask(Ask(OLIVE, contest, (BEN, JACK), "judge", None, "between you and me"))
    requests = world.recruiting.listed(OLIVE, LOUNGE)
    assert requests is not None
    duty, declined = ({each.user_id: each.request_id for each in requests.requests}[who] for who in (BEN, JACK))
    world.volunteering.decline(JACK, declined, "a reason of mine")
    return {
        "open": contest, "duty": duty, "asked": asked.request_id, "allowed": allowed.request_id, "account": own.row_id,
        "edit": edit.edit_id, "seen": " ".join(f"{field}={mark}" for field, mark in form.seen.items()),
        "first": pieces[0], "second": pieces[1],
    }  # fmt: skip


def _over(world: World) -> dict[str, str]:
    """In OLD; with a comment that nobody has read yet, and an export that Olive may fetch by a link."""
    contest = world.contest(name="Old Jam", slug="old-jam", channel_id=OLD, prizes="1: a book")
    world.contests.add_judges(OLIVE, OLD, [JUDY])
    world.pools.import_pool("old-jam", [PoolRow("acc-1", "lab1", Secret("Secret-9"), "https://lab.example/signin")])
    piece = world.upload(ADA, "FOLD", "Dusk.mid", channel_id=OLD)
    assert piece is not None
    world.verdicts.check(piece.id)
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    world.ratings.rate(RateSubmission(JUDY, piece.id, RatingValues(dict.fromkeys(DEFAULT.keys, 4), "Zestful words")))
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    with world.store.read() as work:
        (rating,) = work.ratings.of_contest(contest)
        (prize,) = work.awards.prizes(contest)
    world.objects.address, order = "https://files.example", "e" * 32
    world.exports.make(contest, OLIVE, "contest", order)
    return {"over": contest, "heard": piece.id, "rating": rating.id, "order": order, "prize": prize.id}


def _rated(world: World, slug: str, channel_id: str) -> str:
    contest = world.contest(name=f"{slug.title()} Jam", slug=slug, channel_id=channel_id)
    world.contests.add_judges(OLIVE, channel_id, [JUDY])
    piece = world.upload(ADA, f"F{slug}", "Noon.mid", channel_id=channel_id)
    assert piece is not None
    world.verdicts.check(piece.id)
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    world.ratings.rate(RateSubmission(JUDY, piece.id, RatingValues(dict.fromkeys(DEFAULT.keys, 4))))
    return contest


def _ready(world: World) -> dict[str, str]:
    """In READY; all is done that has to be before the results can be confirmed."""
    contest = _rated(world, "ready", READY)
    return {"ready": contest, "digest": world.finalizing.look(OLIVE, READY).digest}


def _staged(world: World) -> dict[str, str]:
    """In STAGE; a ceremony of which two steps are shown, one that pauses, and one of which all steps are shown."""
    contest = _rated(world, "stage", STAGE)
    digest = world.finalizing.look(OLIVE, STAGE).digest
    world.finalizing.confirm(OLIVE, contest, digest, OLIVE, "alone")
    with world.store.write() as work:
        (show,) = work.awards.ceremonies(contest)
        show.shown = show.at_step = 2
        same = {name: getattr(show, name) for name in type(show).__table__.columns.keys()}  # noqa: SIM118 - of columns
        work.awards.add(Ceremony(**{**same, "id": "a" * 32, "rehearsal": True, "paused": True}))
        done = {"id": "b" * 32, "rehearsal": True, "shown": len(show.steps), "at_step": len(show.steps)}
        work.awards.add(Ceremony(**{**same, **done}))
        return {"staged": contest, "show": show.id, "paused": "a" * 32, "done": "b" * 32}


def _elsewhere(world: World) -> dict[str, str]:
    """In OTHER; Fred's, whom Mona judges for."""
    contest = world.contest(name="Other Jam", slug="other-jam", channel_id=OTHER)
    world.staff.add_organizers(OLIVE, OTHER, [FRED])
    world.contests.add_judges(OLIVE, OTHER, [MONA])
    piece = world.upload(FRED, "FOTHER", "Mine.mid", channel_id=OTHER)
    return {"other": contest, "others": piece.id if piece else ""}


@dataclass(frozen=True)
class Carried:
    """What comes back with a name. Words in braces are ids of ``furnished``."""

    by: str
    """Whose it is: who gets what they ask for by it."""
    value: str | None = None
    """Of a button, or of a choice."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """Of a modal."""
    state: Mapping[str, Any] = field(default_factory=dict)
    """What was filled in: a text, or the element's own state."""
    where: str = "message"
    """Where it is pressed."""
    open_to: str = ""
    """Who else may: ``ORGANIZERS`` of others, ``PARTICIPANTS``, all ``IN_SIGHT``, or everybody, which has its reason; empty: nobody."""

    idle: frozenset[str] = frozenset()
    """Facts that decide nothing: the mark of one wish, what is only shown, what follows from another fact."""

    def filled(self, ids: Mapping[str, str]) -> Carried:
        """With these ids."""
        value = None if self.value is None else _filled(self.value, ids)
        facts = {key: _filled(fact, ids) for key, fact in self.facts.items()}
        state = json.loads(_filled(json.dumps(self.state), ids))
        return replace(self, value=value, facts=facts, state=state)

    def metadata(self) -> str:
        """What a modal brings back."""
        return json.dumps(dict(self.facts))

    def values(self) -> dict[str, Any]:
        """What stands in a modal's inputs, as Slack sends it."""
        return {
            block: {block: {"value": given} if isinstance(given, str) else given} for block, given in self.state.items()
        }

    def inputs(self) -> list[dict[str, Any]]:
        """The modal's inputs."""
        return [{"type": "input", "block_id": block} for block in self.state]


def _filled(text: str, ids: Mapping[str, str]) -> str:
    for name, each in ids.items():
        text = text.replace(f"{{{name}}}", each)
    return text


def _chosen(value: str) -> dict[str, Any]:
    return {"selected_option": {"value": value}}


FILE = {
    "files": [
        {
            "id": "FNEW",
            "name": "New.mid",
            "mimetype": "audio/midi",
            "filetype": "mid",
            "size": 300,
            "created": 1795176000,
        }
    ]
}
TYPED = "Once more, dear all"
SCORES = {key: _chosen("4") for key in DEFAULT.keys}
WHEN = datetime(2026, 11, 20, 16, 0)  # noqa: DTZ001 - a clock on a wall
PARTICIPANTS = "people of the channel, without guests"
ORGANIZERS = "organizers of any contest"
IN_SIGHT = "people of the channel, guests, too"
SHOWS_ALL_THE_SAME = "it says the same to everybody"
ONES_OWN = "it is about nobody but the one who presses it"

OF_ACTIONS: dict[Action, Carried] = {
    Action.OPEN_ACCOUNT: Carried(DORA, LOUNGE, open_to=PARTICIPANTS),
    Action.RETURN_ACCOUNT: Carried(ADA, "{open}", where="modal"),
    Action.ASK_REISSUE: Carried(ADA, "{open}", where="modal"),
    Action.ASK_ANOTHER: Carried(PAUL, "{open}", where="modal", open_to=PARTICIPANTS),
    Action.APPROVE_REISSUE: Carried(OLIVE, "{asked}"),
    Action.DECLINE_REISSUE: Carried(OLIVE, "{asked}"),
    Action.SHOW_AGAIN: Carried(
        CLEO, "{allowed}", open_to="a window that asks first, whoever it is; the password is behind reveal_password"
    ),
    Action.SHOW_POOL: Carried(OLIVE, LOUNGE, open_to=PARTICIPANTS),
    Action.IMPORT_ACCOUNTS: Carried(OLIVE, "{open}", where="modal"),
    Action.ROTATION_LIST: Carried(OLIVE, "{open}", where="modal"),
    Action.FETCH_FILE: Carried(OLIVE, "{order}"),
    Action.RETIRE_ACCOUNTS: Carried(OLIVE, "{over}", where="modal"),
    Action.FAILED_JOBS: Carried(OLIVE, "{judged}"),
    Action.JOB_AGAIN: Carried(OLIVE, "{judged}:{job}", where="modal"),
    Action.JOB_DROP: Carried(OLIVE, "{judged}:{job}", where="modal"),
    Action.AUDIT_PAGE: Carried(OLIVE, '["{judged}", "", "", 0]', where="modal"),
    Action.AUDIT_BACK: Carried(OLIVE, '["{judged}", "", "", 0]', where="modal"),
    Action.ASK_ERASURE: Carried(ADA, open_to=ONES_OWN),
    Action.ERASE_PERSON: Carried(OLIVE, ADA),
    Action.RATE: Carried(JUDY, "{unrated}:preliminary"),
    Action.PIECE_MENU: Carried(JUDY, "skip:{unrated}"),
    Action.PRACTISE: Carried(JUDY, "{judged}"),
    Action.SKIP_PRACTICE: Carried(JUDY, "{judged}"),
    Action.COMPARE_PRACTICE: Carried(JUDY, "{judged}"),
    Action.HOW_TO_JUDGE: Carried(JUDY, "{judged}", open_to=IN_SIGHT),
    Action.JUDGE_QUEUE: Carried(JUDY, "{judged}"),
    Action.JUDGE_RATINGS: Carried(JUDY, "{judged}"),
    Action.RATE_AGAIN: Carried(JUDY, "{rated}:preliminary:0", where="modal"),
    Action.JUDGE_PAUSE: Carried(JUDY, "{judged}", where="modal"),
    Action.JUDGE_RESUME: Carried(JUDY, "{judged}", where="modal"),
    Action.JUDGE_AT_ONCE: Carried(JUDY, "{judged}:4", where="modal"),
    Action.JUDGE_LEAVE: Carried(JUDY, "{judged}", where="modal"),
    Action.SETTLE_FLAG: Carried(OLIVE, "{flag}"),
    Action.CONFLICTS: Carried(JUDY, "{judged}"),
    Action.WITHDRAW_CONFLICT: Carried(JUDY, f"{{judged}}:{JUDY}:{CLEO}", where="modal"),
    Action.SHOW_STATUS: Carried(ADA, CHANNEL, open_to=IN_SIGHT),
    Action.SHOW_BOARD: Carried(ADA, OLD, open_to=IN_SIGHT),
    Action.BOARD_BACK: Carried(ADA, "{over}::1", open_to=IN_SIGHT),
    Action.BOARD_ON: Carried(ADA, "{over}::1", open_to=IN_SIGHT),
    Action.BOARD_PAGE: Carried(ADA, "{over}::1", where="modal", open_to=IN_SIGHT),
    Action.SHOW_PLACE: Carried(ADA, OLD, open_to=IN_SIGHT),
    Action.FEEDBACK_AGAIN: Carried(OLIVE, "{over}", where="modal"),
    Action.SHOW_HELP: Carried(ADA, open_to=SHOWS_ALL_THE_SAME),
    Action.NEW_CONTEST: Carried(OLIVE, "", open_to=ORGANIZERS),
    Action.FINISH_CONTEST: Carried(OLIVE, "{idle}:judging", where="modal"),
    Action.UNDO_MARK: Carried(JUDY, "skipped:{skipped}"),
    Action.RESTORE_JUDGE: Carried(OLIVE, f"{{judged}}:{PAUL}"),
    Action.PREVIEW_PHASE: Carried(OLIVE, CHANNEL),
    Action.EDIT_CONTEST: Carried(OLIVE, CHANNEL),
    Action.EDIT_PART: Carried(OLIVE, "basics:{judged}", where="modal"),
    Action.WHY_SCORE: Carried(ADA, "{first}"),
    Action.STARTER: Carried(ADA, open_to=SHOWS_ALL_THE_SAME),
    Action.STARTER_MELODY: Carried(ADA, "ode-to-joy", where="modal", open_to=ONES_OWN),
    Action.SHOW_RULES: Carried(ADA, LOUNGE, open_to=IN_SIGHT),
    Action.HOME_MENU: Carried(OLIVE, f"judges:{CHANNEL}", open_to=IN_SIGHT),
    Action.CHOOSE_CONTEST: Carried(
        ADA, "{over}", where="home", open_to="the Home tab is drawn of what its owner may see"
    ),
    Action.SUBMIT: Carried(ADA, LOUNGE, open_to=IN_SIGHT),
    Action.SHOW_MINE: Carried(ADA, open_to=ONES_OWN),
    Action.REPLACE_FILE: Carried(ADA, "{second}", where="modal"),
    Action.RENAME_PIECE: Carried(ADA, "{second}", where="modal"),
    Action.WITHDRAW: Carried(ADA, "{second}", where="modal"),
    Action.LET_COUNT: Carried(ADA, "{first}", where="modal"),
    Action.ACCEPT_LATE: Carried(OLIVE, "{late}"),
    Action.DECLINE_LATE: Carried(
        OLIVE, "{late}", open_to="a window that asks why, whoever it is; the decision is behind its modal"
    ),
    Action.CORRECT_FILE: Carried(OLIVE, "{second}", where="modal"),
    Action.ACCEPT_DUTY: Carried(BEN, "{duty}"),
    Action.DECLINE_DUTY: Carried(BEN, "{duty}"),
    Action.WITHDRAW_DUTY: Carried(OLIVE, "{duty}", where="modal"),
    Action.CEREMONY_NEXT: Carried(OLIVE, "{show}:0"),
    Action.CEREMONY_BACK: Carried(OLIVE, "{show}:0"),
    Action.CEREMONY_PAUSE: Carried(OLIVE, "{show}:0"),
    Action.CEREMONY_RESUME: Carried(OLIVE, "{paused}:0"),
    Action.CEREMONY_FINISH: Carried(OLIVE, "{done}:0"),
    Action.HELP_PRESENT: Carried(OLIVE, "{staged}", where="modal"),
    Action.REHEARSE: Carried(
        OLIVE,
        "{staged}",
        where="modal",
        open_to="a window that asks where, whoever it is; the rehearsal is behind its modal",
    ),
    Action.CERTIFY_WINNERS: Carried(OLIVE, "{over}", where="modal"),
    Action.CERTIFY_EVERYBODY: Carried(OLIVE, "{over}", where="modal"),
    Action.PRIZE_RECEIVED: Carried(ADA, "{prize}"),
}
OF_TURNS: dict[Turn, Carried] = {
    Turn.JUDGE_PAGE: Carried(JUDY, "{judged}:0", where="modal"),
    Turn.RATINGS_PAGE: Carried(JUDY, "{judged}:0", where="modal"),
    Turn.COVERAGE_PAGE: Carried(OLIVE, f"{CHANNEL}:0", where="modal"),
    Turn.MINE_PAGE: Carried(ADA, ":0", where="modal", open_to=ONES_OWN),
    Turn.LATE_PAGE: Carried(OLIVE, f"{CHANNEL}:0", where="modal"),
    Turn.FLAGS_PAGE: Carried(OLIVE, f"{CHANNEL}:0", where="modal"),
    Turn.POOL_PAGE: Carried(OLIVE, "{open}:0", where="modal"),
}
OF_SEARCHES: dict[Search, Carried] = {
    Search.JUDGE: Carried(OLIVE, facts={"contest_id": "{judged}"}),
    Search.PIECE: Carried(OLIVE, facts={"contest_id": "{judged}"}),
}
OF_CALLBACKS: dict[Callback, Carried] = {
    Callback.NEW_CONTEST: Carried(
        OLIVE,
        open_to=ORGANIZERS,
        state={
            "name": "Another Jam",
            "slug": "another",
            "time_zone": "Europe/Berlin",
            "channel_id": {"selected_conversation": FREE},
            "deadline_date": {"selected_date": "2026-12-04"},
            "deadline_time": {"selected_time": "18:00"},
            "submission_limit": "3",
            "intake": _chosen("both"),
            "rounds": _chosen("1"),
            "board_preset": _chosen("0 9 * * mon"),
            "prizes": "",
        },
    ),
    Callback.ADVANCE_PHASE: Carried(OLIVE, facts={"contest_id": "{open}", "expected": "open"}),
    Callback.UNDO_PHASE: Carried(OLIVE, facts={"contest_id": "{idle}", "expected": "judging"}),
    Callback.EDIT_CONTEST: Carried(
        OLIVE,
        facts={"contest_id": "{open}", "part": "taking_part", "seen": "{seen}"},
        state={"submission_limit": "9", "intake": _chosen("both"), "grace_seconds": "0"},
    ),
    Callback.APPLY_EDIT: Carried(OLIVE, facts={"edit_id": "{edit}"}),
    Callback.VOID_RATINGS: Carried(
        OLIVE, facts={"contest_id": "{judged}", "judge": JUDY}, state={"reason": "Not fair"}
    ),
    Callback.ARCHIVE_CONTEST: Carried(OLIVE, facts={"contest_id": "{over}"}),
    Callback.CLAIM_ACCOUNT: Carried(
        DORA,
        facts={"contest_id": "{open}"},
        state={"accepted_terms": {"selected_options": [{"value": "accepted"}]}},
        open_to=PARTICIPANTS,
    ),
    Callback.WAIT_FOR_ACCOUNT: Carried(DORA, facts={"contest_id": "{judged}"}, open_to=PARTICIPANTS),
    Callback.STOP_WAITING: Carried(DORA, facts={"contest_id": "{judged}"}, open_to=ONES_OWN),
    Callback.RETURN_ACCOUNT: Carried(ADA, facts={"contest_id": "{open}", "row_id": "{account}"}),
    Callback.REVEAL_PASSWORD: Carried(CLEO, facts={"request_id": "{allowed}"}),
    Callback.DECLINE_REISSUE: Carried(OLIVE, facts={"request_id": "{asked}"}, state={"reason": "Not now"}),
    Callback.IMPORT_ACCOUNTS: Carried(
        OLIVE,
        idle=frozenset({"contest_name"}),
        facts={"contest_id": "{open}", "contest_name": "Open Jam", "seen": "1/0/0/0"},
        state={"pool_passwords": "acc-77,lab77,pw-77,https://lab.example"},
    ),
    Callback.RETIRE_ACCOUNTS: Carried(OLIVE, facts={"contest_id": "{over}"}),
    Callback.ERASE_PERSON: Carried(OLIVE, facts={"user_id": ADA}, state={"typed_name": "Ada"}),
    Callback.CHOOSE_ERASED: Carried(OLIVE, state={"user_id": {"selected_user": ADA}}),
    Callback.ASK_ERASURE: Carried(ADA, open_to=ONES_OWN),
    Callback.RATE: Carried(
        JUDY,
        facts={"submission_id": "{unrated}", "ahead": "", "round": "preliminary"},
        idle=frozenset({"ahead", "round"}),
        state=SCORES,
    ),
    Callback.FREEZE_BOARD: Carried(OLIVE, facts={"contest_id": "{idle}", "frozen": "no"}),
    Callback.FEEDBACK_PAGE: Carried(
        OLIVE, facts={"contest_id": "{over}", "page": "1", "ratings": "{rating}"}, idle=frozenset({"page"})
    ),
    Callback.SEND_FEEDBACK: Carried(OLIVE, facts={"contest_id": "{over}"}),
    Callback.ANNOUNCE: Carried(
        OLIVE,
        idle=frozenset({"announcement_id"}),
        facts={"contest_id": "{judged}", "announcement_id": "a1", "seen": looked_at(TYPED, Audience.CHANNEL)},
        state={"announcement": TYPED, "audience": _chosen("channel")},
    ),
    Callback.NUDGE: Carried(
        OLIVE, facts={"contest_id": "{judged}", "nudge_id": "n1", "judges": "yes"}, idle=frozenset({"nudge_id"})
    ),
    Callback.PRACTISE: Carried(JUDY, facts={"contest_id": "{judged}", "piece": "maman"}, state=SCORES),
    Callback.FLAG_PIECE: Carried(
        JUDY, facts={"submission_id": "{unrated}"}, state={"flag_kind": _chosen("copy"), "reason": "Heard before"}
    ),
    Callback.RECUSE_PIECE: Carried(JUDY, facts={"submission_id": "{unrated}"}, state={"reason": "My friend's"}),
    Callback.LEAVE_JUDGING: Carried(
        JUDY, facts={"contest_id": "{judged}"}, state={"counts": _chosen("yes"), "reason": "No time"}
    ),
    Callback.SETTLE_FLAG: Carried(
        OLIVE, facts={"mark_id": "{flag}"}, state={"comes_back": _chosen("yes"), "reason": "It is fine"}
    ),
    Callback.DECLARE_CONFLICT: Carried(
        JUDY,
        facts={"contest_id": "{judged}", "judge": JUDY},
        state={"people": {"selected_users": [DORA]}, "conflict": _chosen("team")},
    ),
    Callback.RATE_FOR: Carried(OLIVE, state={"judge": _chosen(JUDY), "piece": _chosen("{unrated}")}),
    Callback.RATE_FOR_SCORES: Carried(
        OLIVE,
        idle=frozenset({"round"}),
        facts={"judge": JUDY, "submission_id": "{unrated}", "round": "preliminary"},
        state=SCORES | {"reason": "Her phone is broken"},
    ),
    Callback.SUBMIT: Carried(
        ADA, facts={"contest_id": "{open}"}, state={"file": FILE, "title": "New"}, open_to=IN_SIGHT
    ),
    Callback.REPLACE_FILE: Carried(
        ADA,
        facts={"contest_id": "{open}", "replaces": "{second}"},
        idle=frozenset({"contest_id"}),
        state={"file": FILE},
    ),
    Callback.RENAME_PIECE: Carried(ADA, facts={"submission_id": "{second}"}, state={"title": "Other"}),
    Callback.DECLINE_LATE: Carried(OLIVE, facts={"submission_id": "{late}"}, state={"reason": "Too late"}),
    Callback.EXTEND: Carried(
        OLIVE,
        facts={"contest_id": "{open}"},
        state={
            "user_id": {"selected_user": ADA},
            "until_date": {"selected_date": "2026-11-21"},
            "until_time": {"selected_time": "18:00"},
            "reason": "Ill",
        },
    ),
    Callback.CORRECT_FILE: Carried(
        OLIVE, facts={"submission_id": "{second}"}, state={"file": FILE, "reason": "Wrong file"}
    ),
    Callback.FIND: Carried(OLIVE, state={"words": "Tide"}, open_to="nothing is found that the seeker may not see"),
    Callback.ASK_DUTY: Carried(
        OLIVE,
        facts={"contest_id": "{open}"},
        state={
            "people": {"selected_users": [CLEO]},
            "duty": _chosen("judge"),
            "day_date": {"selected_date": "2026-12-04"},
            "day_time": {"selected_time": "18:00"},
            "words": "Please, Cleo",
        },
    ),
    Callback.DECLINE_DUTY: Carried(BEN, facts={"request_id": "{duty}"}, state={"reason": "No time"}),
    Callback.CONFIRM_RESULTS: Carried(
        OLIVE,
        facts={"contest_id": "{ready}", "digest": "{digest}"},
        state={"presenter": {"selected_user": OLIVE}, "reason": "Nobody else is here"},
    ),
    Callback.REHEARSE: Carried(
        OLIVE, facts={"contest_id": "{staged}"}, state={"channel_id": {"selected_conversation": SECRET}}
    ),
    Callback.TICK_PRIZES: Carried(
        OLIVE,
        facts={"contest_id": "{over}", "shown": "{prize}"},
        state={"received_{prize}": {"selected_options": [{"value": "received"}]}},
    ),
}
OF_SHORTCUTS: dict[Shortcut, Carried] = {
    Shortcut.NEW_SUBMISSION: Carried(ADA, open_to=IN_SIGHT),
    Shortcut.HAND_THIS_IN: Carried(ADA, open_to=IN_SIGHT),
}
CARRIED: list[tuple[Name, Carried]] = [
    *OF_ACTIONS.items(),
    *OF_TURNS.items(),
    *OF_SEARCHES.items(),
    *OF_CALLBACKS.items(),
    *OF_SHORTCUTS.items(),
]
"""A list: names of two enumerations may be the same word."""

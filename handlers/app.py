"""The Bolt app, with all of its listeners in the open."""

from __future__ import annotations

import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from slack_bolt import App

from handlers import logs, payloads
from handlers.accounts import AccountListeners
from handlers.boards import BoardListeners
from handlers.complaints import Complaints
from handlers.contests import ContestListeners
from handlers.editing import EditListeners, UndoListeners
from handlers.handins import HandInListeners
from handlers.home import HomeListeners
from handlers.ids import APART, Action, Callback, Command, Sub
from handlers.judges import BehalfListeners, JudgeListeners, MarkListeners
from handlers.latefiles import LateListeners
from handlers.pools import PoolListeners
from handlers.ratings import RatingListeners
from handlers.rulebook import RuleListeners
from handlers.search import SearchListeners
from handlers.starter import StarterListeners
from handlers.submissions import SubmissionListeners
from handlers.verdicts import VerdictListeners

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt import Ack
    from slack_sdk import WebClient

    from handlers.payloads import Payload
    from handlers.services import Services

THREADS = 50
"""Bolt's own default is 5: with 5 busy listeners the sixth command would not be acknowledged within Slack's 3 seconds."""


def new_reference() -> str:
    """8 characters that a person can quote."""
    return secrets.token_hex(4)


def build_app(client: WebClient, services: Services, reference: Callable[[], str] = new_reference) -> App:
    """The app, ready for a Socket Mode handler. Asks Slack once who it is (``auth.test``).

    Args:
        client: Made by ``handlers.clients.asking_client``.
        services: The use cases.
        reference: Makes the references of unforeseen errors.
    """
    logs.quieten_libraries()
    executor = ThreadPoolExecutor(THREADS, thread_name_prefix="listener")
    app = App(name="kantor", client=client, logger=logs.library_logger(), listener_executor=executor)
    app.error(Complaints(reference).answer)
    _people(app, services)
    _accounts(app, services)
    _boards(app, services)
    _judging(app, services)
    _hand_ins(app, services)
    _commands(app, services)
    _buttons(app, services)
    _submissions(app, services)
    _events(app, services)
    return app


def _accounts(app: App, services: Services) -> None:
    own = AccountListeners(services.accounts, services.reissues)
    pool = PoolListeners(services.pools, services.accounts, services.reissues)
    for sub, listener in (
        (Sub.ACCOUNT, own.offer),
        (Sub.ACCOUNT_RETURN, own.returning),
        (Sub.ACCOUNTS, pool.status),
        (Sub.ACCOUNTS_IMPORT, pool.paste),
    ):
        app.command(Command.KANTOR, matchers=[_asks(sub)], middleware=[_at_once])(listener)
    for action, pressed in (
        (Action.OPEN_ACCOUNT, own.offer_by_button),
        (Action.RETURN_ACCOUNT, own.returning_by_button),
        (Action.ASK_REISSUE, own.ask_again),
        (Action.SHOW_AGAIN, own.show_again),
        (Action.SHOW_POOL, pool.status_by_button),
        (Action.IMPORT_ACCOUNTS, pool.paste_by_button),
        (Action.APPROVE_REISSUE, pool.approve),
        (Action.DECLINE_REISSUE, pool.decline),
        (Action.RETIRE_ACCOUNTS, pool.retire),
    ):
        app.action(action, middleware=[_at_once])(pressed)
    app.view(Callback.CLAIM_ACCOUNT)(own.claim)
    app.view(Callback.WAIT_FOR_ACCOUNT)(own.wait)
    app.view(Callback.STOP_WAITING)(own.stop_waiting)
    app.view(Callback.RETURN_ACCOUNT)(own.give_back)
    app.view(Callback.REVEAL_PASSWORD)(own.reveal)
    app.view(Callback.IMPORT_ACCOUNTS)(pool.bring)
    app.view(Callback.DECLINE_REISSUE)(pool.declined)
    app.view(Callback.RETIRE_ACCOUNTS)(pool.retired)


def _boards(app: App, services: Services) -> None:
    boards = BoardListeners(services.boards, services.freezing)
    for sub, listener in (
        (Sub.BOARD, boards.show),
        (Sub.BOARD_FREEZE, boards.preview_freeze),
        (Sub.BOARD_THAW, boards.preview_thaw),
        (Sub.PLACE, boards.place),
    ):
        app.command(Command.KANTOR, matchers=[_asks(sub)], middleware=[_at_once])(listener)
    for action, listener in (
        (Action.SHOW_BOARD, boards.show_from_home),
        (Action.BOARD_BACK, boards.turn),
        (Action.BOARD_ON, boards.turn),
        (Action.BOARD_PAGE, boards.turn),
        (Action.SHOW_PLACE, boards.place_from_home),
    ):
        app.action(action, middleware=[_at_once])(listener)
    app.view(Callback.FREEZE_BOARD)(boards.freeze)


def _judging(app: App, services: Services) -> None:
    form = RatingListeners(services.ratings)
    own = JudgeListeners(services.judging, services.practice)
    marks = MarkListeners(services.marks, services.judging)
    behalf = BehalfListeners(services.behalf)
    for sub, listener in (
        (Sub.JUDGE, own.pieces),
        (Sub.JUDGE_PAUSE, own.pause),
        (Sub.JUDGE_RESUME, own.resume),
        (Sub.FLAGS, marks.flags),
        (Sub.RATE_FOR, behalf.choose),
    ):
        app.command(Command.KANTOR, matchers=[_asks(sub)], middleware=[_at_once])(listener)
    for action, listener in (
        (Action.RATE, form.form),
        (Action.PIECE_MENU, marks.menu),
        (Action.PRACTISE, own.try_form),
        (Action.SKIP_PRACTICE, own.skip_practice),
        (Action.HOW_TO_JUDGE, own.how),
        (Action.JUDGE_QUEUE, own.pieces_by_button),
        (Action.JUDGE_PAUSE, own.pause_by_button),
        (Action.JUDGE_RESUME, own.resume_by_button),
        (Action.JUDGE_AT_ONCE, own.at_once),
        (Action.JUDGE_LEAVE, marks.leaving),
        (Action.SETTLE_FLAG, marks.settling),
    ):
        app.action(action, middleware=[_at_once])(listener)
    # The two page buttons of a row need ids of their own.
    app.action(re.compile(f"^{Action.JUDGE_PAGE}:"), middleware=[_at_once])(own.pieces_by_button)
    # Criteria are the contest's own: what is filled in is known by the mark in the ids of its blocks.
    begun = {"block_id": re.compile(APART), "action_id": re.compile(".")}
    app.action(begun, middleware=[_at_once])(form.keep)
    app.view(Callback.RATE)(form.rate)
    app.view(Callback.PRACTISE)(own.practised)
    app.view(Callback.FLAG_PIECE)(marks.flag)
    app.view(Callback.RECUSE_PIECE)(marks.recuse)
    app.view(Callback.LEAVE_JUDGING)(marks.leave)
    app.view(Callback.SETTLE_FLAG)(marks.settle)
    app.view(Callback.RATE_FOR)(behalf.scores)
    app.view(Callback.RATE_FOR_SCORES)(behalf.enter)


def _commands(app: App, services: Services) -> None:
    contests = ContestListeners(services.contests, services.people, services.directory, services.clock)
    for sub, listener in (
        (Sub.CONTEST_NEW, contests.new),
        (Sub.CONTEST_EDIT, EditListeners(services.editing).menu),
        (Sub.STATUS, contests.status),
        (Sub.PHASE_NEXT, contests.preview),
        (Sub.PHASE_UNDO, UndoListeners(services.undoing).preview),
        (Sub.JUDGES_ADD, contests.add_judges),
    ):
        app.command(Command.KANTOR, matchers=[_asks(sub)], middleware=[_at_once])(listener)
    app.command(Command.KANTOR, middleware=[_at_once])(HomeListeners(services.people, services.onboarding, services.answers).help)


def _people(app: App, services: Services) -> None:
    starter = StarterListeners(services.starter)
    app.command(Command.KANTOR, matchers=[_asks(Sub.STARTER)], middleware=[_at_once])(starter.show)
    app.action(Action.STARTER, middleware=[_at_once])(starter.show_by_button)
    app.action(Action.STARTER_MELODY, middleware=[_at_once])(starter.send)
    rules = RuleListeners(services.rulebook)
    app.command(Command.KANTOR, matchers=[_asks(Sub.RULES)], middleware=[_at_once])(rules.show)
    app.action(Action.SHOW_RULES, middleware=[_at_once])(rules.show_by_button)


def _buttons(app: App, services: Services) -> None:
    contests = ContestListeners(services.contests, services.people, services.directory, services.clock)
    for action, listener in (
        (Action.NEW_CONTEST, contests.new_from_home),
        (Action.EDIT_CONTEST, EditListeners(services.editing).menu_by_button),
        (Action.EDIT_PART, EditListeners(services.editing).form),
        (Action.SHOW_STATUS, contests.status_from_home),
        (Action.PREVIEW_PHASE, contests.preview_from_home),
        (Action.WHY_SCORE, VerdictListeners(services.explanations).why),
        (Action.SHOW_HELP, HomeListeners(services.people, services.onboarding, services.answers).help_from_home),
    ):
        app.action(action, middleware=[_at_once])(listener)


def _submissions(app: App, services: Services) -> None:
    contests = ContestListeners(services.contests, services.people, services.directory, services.clock)
    app.view(Callback.NEW_CONTEST)(contests.create)
    app.view(Callback.ADVANCE_PHASE)(contests.advance)
    app.view(Callback.UNDO_PHASE)(UndoListeners(services.undoing).undo)
    app.view(Callback.EDIT_CONTEST)(EditListeners(services.editing).preview)
    app.view(Callback.APPLY_EDIT)(EditListeners(services.editing).apply)


def _hand_ins(app: App, services: Services) -> None:
    own = HandInListeners(services.hand_ins, services.compositions)
    late = LateListeners(services.late_files, services.extensions)
    found = SearchListeners(services.search, services.corrections)
    for sub, listener in (
        (Sub.SUBMIT, own.submit),
        (Sub.MINE, own.mine),
        (Sub.WITHDRAW, own.mine),
        (Sub.LATE, late.waiting),
        (Sub.EXTEND, late.extend),
        (Sub.FIND, found.find),
    ):
        app.command(Command.KANTOR, matchers=[_asks(sub)], middleware=[_at_once])(listener)
    for action, answer in (
        (Action.SUBMIT, own.submit_by_button),
        (Action.SHOW_MINE, own.mine_by_button),
        (Action.REPLACE_FILE, own.replace),
        (Action.RENAME_PIECE, own.ask_title),
        (Action.WITHDRAW, own.withdraw),
        (Action.LET_COUNT, own.let_count),
        (Action.ACCEPT_LATE, late.accept),
        (Action.DECLINE_LATE, late.ask_why),
        (Action.CORRECT_FILE, found.correct),
    ):
        app.action(action, middleware=[_at_once])(answer)
    app.view(Callback.SUBMIT)(own.hand_in)
    app.view(Callback.REPLACE_FILE)(own.hand_in)
    app.view(Callback.RENAME_PIECE)(own.rename)
    app.view(Callback.DECLINE_LATE)(late.decline)
    app.view(Callback.EXTEND)(late.extended)
    app.view(Callback.CORRECT_FILE)(found.corrected)


def _events(app: App, services: Services) -> None:
    """Bolt acknowledges events before their listeners run, so what must not be lost is done by middleware, before that."""
    home = HomeListeners(services.people, services.onboarding, services.answers)
    uploads = SubmissionListeners(services.submissions, services.mishaps)
    app.event("app_home_opened")(home.opened)
    app.event({"type": "message", "subtype": "file_share"}, middleware=[uploads.receive])(_taken)
    app.event({"type": "message", "subtype": None}, middleware=[home.words])(_taken)
    app.event("file_deleted", middleware=[uploads.file_deleted])(_taken)
    app.event("channel_archive", middleware=[uploads.archived])(_taken)
    app.event("group_archive", middleware=[uploads.archived])(_taken)
    app.event("member_joined_channel", middleware=[home.joined])(_taken)
    # Edits, deletions, joins: subscribed together with the rest, and delivered four times unless somebody takes them.
    app.event("message")(_taken)


def _asks(sub: Sub) -> Callable[[Payload], bool]:
    def matches(command: Payload) -> bool:
        return payloads.sub_of(command.get("text", "")) is sub

    return matches


def _at_once(ack: Ack, next_: Callable[[], None]) -> None:
    # Not in the listener: where one raises within 10 ms after its ack(), Bolt's runner can forget that it was acknowledged,
    # and the person would see Slack's error beside our sentence.
    ack()
    next_()


def _taken() -> None:
    """Nothing (more) to do."""

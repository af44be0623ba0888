"""The Bolt app, with all of its listeners in the open."""

from __future__ import annotations

import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from slack_bolt import App
from slack_bolt.listener.listener_completion_handler import CustomListenerCompletionHandler

from handlers.accounts.listeners import AccountListeners
from handlers.accounts.pool_listeners import PoolListeners
from handlers.boards.feedback_listeners import FeedbackListeners
from handlers.boards.listeners import BoardListeners
from handlers.complaints import Complaints
from handlers.contests.editing_listeners import EditListeners, UndoListeners
from handlers.contests.listeners import ContestListeners
from handlers.contests.staff_listeners import StaffListeners
from handlers.ids import APART, Action, Block, Callback, Shortcut, Sub
from handlers.judging.listeners import BehalfListeners, JudgeListeners, MarkListeners
from handlers.judging.rating_listeners import RatingListeners
from handlers.people.broadcast_listeners import CallListeners
from handlers.people.home_listeners import HomeListeners
from handlers.people.homemenu import HomeMenu
from handlers.people.homescreens import HomeScreens
from handlers.people.rulebook_listeners import RuleListeners
from handlers.people.starter_listeners import StarterListeners
from handlers.records.listeners import RecordListeners
from handlers.routes import Routes, taken
from handlers.slack import logs
from handlers.slack.clients import timely
from handlers.slack.newer import NewerBlocks
from handlers.submissions.handin_listeners import HandInListeners
from handlers.submissions.latefile_listeners import LateListeners
from handlers.submissions.listeners import SubmissionListeners
from handlers.submissions.search_listeners import SearchListeners
from handlers.verdicts.listeners import VerdictListeners

if TYPE_CHECKING:
    from collections.abc import Callable

    from handlers.services import Services
    from handlers.slack.clients import TimelyClient

THREADS = 50
"""Bolt's own default is 5: with 5 busy listeners the sixth command would not be acknowledged within Slack's 3 seconds."""


def new_reference() -> str:
    """8 characters that a person can quote."""
    return secrets.token_hex(4)


def build_app(  # noqa: PLR0913 - parts that the bot shares with others
    client: TimelyClient,
    services: Services,
    reference: Callable[[], str] = new_reference,
    screens: HomeScreens | None = None,
    missed: Callable[[], None] = lambda: None,
    *,
    newer: NewerBlocks | None = None,
) -> App:
    """The app, ready for a Socket Mode handler. Asks Slack once who it is (``auth.test``).

    Args:
        client: Made by ``handlers.clients.asking_client``.
        services: The use cases.
        reference: Makes the references of unforeseen errors.
        screens: Publishes Home tabs, where somebody else uses it, too.
        missed: Called where an upload could not be written down.
        newer: Knows which of Slack's newer blocks this workspace takes, where somebody else asks it, too.
    """
    logs.quieten_libraries()
    executor = ThreadPoolExecutor(THREADS, thread_name_prefix="listener")
    app = App(name="kantor", client=client, logger=logs.library_logger(), listener_executor=executor)
    app.error(Complaints(reference).answer)
    app.use(timely(client))
    screens = screens or HomeScreens(services.people, client, services.clock)
    home = HomeListeners(services.people, services.onboarding, services.answers, screens)
    app.listener_runner.listener_completion_handler = CustomListenerCompletionHandler(app.logger, home.acted)
    routes = Routes(app)
    _contests(routes, services)
    _accounts(routes, services)
    _records(routes, services)
    _boards(routes, services, newer or NewerBlocks())
    _judging(routes, services)
    _hand_ins(routes, services)
    _people(routes, services, home)  # the last one with commands: it takes what nobody else knows
    _events(routes, services, home, missed)
    return app


def _accounts(routes: Routes, services: Services) -> None:
    own = AccountListeners(services.accounts, services.reissues)
    pool = PoolListeners(services.pools, services.accounts, services.reissues)
    routes.commands(
        {
            Sub.ACCOUNT: own.offer,
            Sub.ACCOUNT_RETURN: own.returning,
            Sub.ACCOUNTS: pool.status,
            Sub.ACCOUNTS_IMPORT: pool.paste,
        }
    )
    routes.buttons(
        {
            Action.OPEN_ACCOUNT: own.offer_by_button,
            Action.RETURN_ACCOUNT: own.returning_by_button,
            Action.ASK_REISSUE: own.ask_again,
            Action.ASK_ANOTHER: own.ask_another,
            Action.SHOW_AGAIN: own.show_again,
            Action.SHOW_POOL: pool.status_by_button,
            Action.IMPORT_ACCOUNTS: pool.paste_by_button,
            Action.APPROVE_REISSUE: pool.approve,
            Action.DECLINE_REISSUE: pool.decline,
            Action.RETIRE_ACCOUNTS: pool.retire,
        }
    )
    routes.turns({Action.POOL_PAGE: pool.turn})
    routes.modals(
        {
            Callback.CLAIM_ACCOUNT: own.claim,
            Callback.WAIT_FOR_ACCOUNT: own.wait,
            Callback.STOP_WAITING: own.stop_waiting,
            Callback.RETURN_ACCOUNT: own.give_back,
            Callback.REVEAL_PASSWORD: own.reveal,
            Callback.IMPORT_ACCOUNTS: pool.bring,
            Callback.DECLINE_REISSUE: pool.declined,
            Callback.RETIRE_ACCOUNTS: pool.retired,
        }
    )


def _records(routes: Routes, services: Services) -> None:
    records = RecordListeners(services.exports, services.trails, services.erasure)
    routes.commands({Sub.EXPORT: records.export, Sub.AUDIT: records.audit, Sub.ERASE: records.erase})
    routes.buttons(
        {
            Action.ROTATION_LIST: records.rotation,
            Action.AUDIT_PAGE: records.turn,
            Action.AUDIT_BACK: records.turn,
            Action.ERASE_PERSON: records.erase_by_button,
            Action.ASK_ERASURE: records.ask_erasure,
        }
    )
    routes.modals(
        {
            Callback.CHOOSE_ERASED: records.chosen,
            Callback.ERASE_PERSON: records.erased,
            Callback.ASK_ERASURE: records.erasure_asked,
        }
    )


def _boards(routes: Routes, services: Services, newer: NewerBlocks) -> None:
    boards = BoardListeners(services.boards, services.freezing, newer)
    routes.commands(
        {
            Sub.BOARD: boards.show,
            Sub.BOARD_FREEZE: boards.preview_freeze,
            Sub.BOARD_THAW: boards.preview_thaw,
            Sub.PLACE: boards.place,
        }
    )
    routes.buttons(
        {
            Action.SHOW_BOARD: boards.show_from_home,
            Action.BOARD_BACK: boards.turn,
            Action.BOARD_ON: boards.turn,
            Action.BOARD_PAGE: boards.turn,
            Action.SHOW_PLACE: boards.place_from_home,
        }
    )
    routes.modals(
        {
            Callback.FREEZE_BOARD: boards.freeze,
        }
    )
    feedback = FeedbackListeners(services.feedback)
    calls = CallListeners(services.calls, services.nudges)
    routes.commands({Sub.FEEDBACK: feedback.begin, Sub.ANNOUNCE: calls.announce, Sub.NUDGE: calls.nudge})
    routes.buttons(
        {
            Action.FEEDBACK: feedback.begin_by_button,
            Action.FEEDBACK_AGAIN: feedback.again,
            Action.ANNOUNCE: calls.announce_by_button,
            Action.NUDGE: calls.nudge_by_button,
        }
    )
    routes.modals(
        {
            Callback.FEEDBACK_PAGE: feedback.decide,
            Callback.SEND_FEEDBACK: feedback.send,
            Callback.ANNOUNCE: calls.send,
            Callback.NUDGE: calls.nudged,
        }
    )


def _judging(routes: Routes, services: Services) -> None:
    form = RatingListeners(services.ratings)
    own = JudgeListeners(services.judging, services.practice)
    marks = MarkListeners(services.marks, services.judging)
    behalf = BehalfListeners(services.behalf)
    routes.commands(
        {
            Sub.JUDGE: own.pieces,
            Sub.JUDGE_PAUSE: own.pause,
            Sub.JUDGE_RESUME: own.resume,
            Sub.FLAGS: marks.flags,
            Sub.RATE_FOR: behalf.choose,
        }
    )
    routes.buttons(
        {
            Action.RATE: form.form,
            Action.PIECE_MENU: marks.menu,
            Action.UNDO_MARK: marks.undo,
            Action.PRACTISE: own.try_form,
            Action.SKIP_PRACTICE: own.skip_practice,
            Action.HOW_TO_JUDGE: own.how,
            Action.JUDGE_QUEUE: own.pieces_by_button,
            Action.JUDGE_PAUSE: own.pause_by_button,
            Action.JUDGE_RESUME: own.resume_by_button,
            Action.JUDGE_AT_ONCE: own.at_once,
            Action.JUDGE_LEAVE: marks.leaving,
            Action.SETTLE_FLAG: marks.settling,
        }
    )
    routes.searches({Block.JUDGE: behalf.find_judges, Block.PIECE: behalf.find_pieces})
    routes.turns({Action.JUDGE_PAGE: own.pieces_by_button, Action.FLAGS_PAGE: marks.turn_flags})
    # Criteria are the contest's own: what is filled in is known by the mark in the ids of its blocks.
    routes.buttons_like(re.compile("."), form.keep, block_id=re.compile(APART))
    routes.modals(
        {
            Callback.RATE: form.rate,
            Callback.PRACTISE: own.practised,
            Callback.FLAG_PIECE: marks.flag,
            Callback.RECUSE_PIECE: marks.recuse,
            Callback.LEAVE_JUDGING: marks.leave,
            Callback.SETTLE_FLAG: marks.settle,
            Callback.RATE_FOR: behalf.scores,
            Callback.RATE_FOR_SCORES: behalf.enter,
        }
    )


def _contests(routes: Routes, services: Services) -> None:
    contests = ContestListeners(services.contests, services.people, services.directory, services.clock)
    edit, undo = EditListeners(services.editing), UndoListeners(services.undoing)
    staff = StaffListeners(services.staff, services.voiding)
    routes.commands(
        {
            Sub.CONTEST_NEW: contests.new,
            Sub.CONTEST_EDIT: edit.menu,
            Sub.STATUS: contests.status,
            Sub.PHASE_NEXT: contests.preview,
            Sub.PHASE_UNDO: undo.preview,
            Sub.CONTEST_ARCHIVE: staff.archiving,
            Sub.JUDGES: staff.show,
            Sub.JUDGES_ADD: contests.add_judges,
            Sub.JUDGES_REMOVE: staff.remove_judges,
            Sub.JUDGES_RESTORE: staff.restore,
            Sub.ORGANIZERS: staff.show,
            Sub.ORGANIZERS_ADD: staff.add_organizers,
            Sub.ORGANIZERS_REMOVE: staff.remove_organizers,
        }
    )
    routes.buttons(
        {
            Action.NEW_CONTEST: contests.new_from_home,
            Action.EDIT_CONTEST: edit.menu_by_button,
            Action.EDIT_PART: edit.form,
            Action.SHOW_STATUS: contests.status_from_home,
            Action.PREVIEW_PHASE: contests.preview_from_home,
            Action.FINISH_CONTEST: contests.finish,
            Action.RESTORE_JUDGE: staff.restore_by_button,
            Action.UNDO_PHASE: undo.preview_by_button,
            Action.ARCHIVE_CONTEST: staff.archiving_by_button,
            Action.SHOW_STAFF: staff.show_by_button,
        }
    )
    routes.modals(
        {
            Callback.NEW_CONTEST: contests.create,
            Callback.ADVANCE_PHASE: contests.advance,
            Callback.UNDO_PHASE: undo.undo,
            Callback.EDIT_CONTEST: edit.preview,
            Callback.APPLY_EDIT: edit.apply,
            Callback.ARCHIVE_CONTEST: staff.archive,
            Callback.VOID_RATINGS: staff.void,
        }
    )


def _people(routes: Routes, services: Services, home: HomeListeners) -> None:
    starter, rules = StarterListeners(services.starter), RuleListeners(services.rulebook)
    routes.commands({Sub.STARTER: starter.show, Sub.RULES: rules.show})
    routes.buttons(
        {
            Action.STARTER: starter.show_by_button,
            Action.STARTER_MELODY: starter.send,
            Action.SHOW_RULES: rules.show_by_button,
            Action.SHOW_HELP: home.help_from_home,
            Action.CHOOSE_CONTEST: home.choose,
            Action.HOME_MENU: HomeMenu(routes.known).choose,
            Action.WHY_SCORE: VerdictListeners(services.explanations).why,
        }
    )
    routes.other_commands(home.help)


def _hand_ins(routes: Routes, services: Services) -> None:
    own = HandInListeners(services.hand_ins, services.compositions)
    late = LateListeners(services.late_files, services.extensions)
    found = SearchListeners(services.search, services.corrections)
    routes.commands(
        {
            Sub.SUBMIT: own.submit,
            Sub.MINE: own.mine,
            Sub.WITHDRAW: own.mine,
            Sub.LATE: late.waiting,
            Sub.EXTEND: late.extend,
            Sub.FIND: found.find,
        }
    )
    routes.shortcuts({Shortcut.NEW_SUBMISSION: own.submit_by_shortcut, Shortcut.HAND_THIS_IN: own.hand_this_in})
    routes.buttons(
        {
            Action.SUBMIT: own.submit_by_button,
            Action.SHOW_MINE: own.mine_by_button,
            Action.REPLACE_FILE: own.replace,
            Action.RENAME_PIECE: own.ask_title,
            Action.WITHDRAW: own.withdraw,
            Action.LET_COUNT: own.let_count,
            Action.ACCEPT_LATE: late.accept,
            Action.DECLINE_LATE: late.ask_why,
            Action.CORRECT_FILE: found.correct,
        }
    )
    routes.turns({Action.MINE_PAGE: own.turn, Action.LATE_PAGE: late.turn})
    routes.modals(
        {
            Callback.SUBMIT: own.hand_in,
            Callback.REPLACE_FILE: own.hand_in,
            Callback.RENAME_PIECE: own.rename,
            Callback.DECLINE_LATE: late.decline,
            Callback.EXTEND: late.extended,
            Callback.CORRECT_FILE: found.corrected,
            Callback.FIND: found.find_by_window,
        }
    )


def _events(routes: Routes, services: Services, home: HomeListeners, missed: Callable[[], None]) -> None:
    """Bolt acknowledges events before their listeners run, so what must not be lost is done by middleware, before that."""
    uploads = SubmissionListeners(services.submissions, services.mishaps, missed)
    routes.app.event("app_home_opened")(home.opened)
    routes.app.event({"type": "message", "subtype": "file_share"}, middleware=[uploads.receive])(taken)
    routes.app.event({"type": "message", "subtype": None}, middleware=[home.words])(taken)
    routes.events({"file_deleted": uploads.file_deleted})
    routes.events({"channel_archive": uploads.archived})
    routes.events({"group_archive": uploads.archived})
    routes.events({"member_joined_channel": home.joined})
    # Edits, deletions, joins: subscribed together with the rest, and delivered four times unless somebody takes them.
    routes.app.event("message")(taken)
